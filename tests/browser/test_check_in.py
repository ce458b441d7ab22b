"""The patient's way through date of birth, check-in and the line; hold, hand-over and the receipt; and the links of guests."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any, Final

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page

from tests.support.accessibility import Judge
from tests.support.browsers import expect, new_page, screen
from tests.support.clinic import Clinic, Json, Wire, clinic_settings, open_clinic
from waiting_room.model import PatientDetails

_INSURANCE: Final = {
    "key": "insurance",
    "title": {"en": "Insurance card", "es": "Tarjeta del seguro"},
    "url": "https://portal.sample.invalid/insurance",
}
_CLINICS: Final[dict[str, Any]] = {
    "main": {
        "support_hours": {"en": "Monday to Friday, 8 to 5", "es": "de lunes a viernes, de 8 a 5"},
        "show_position": True,
        "kinds": {"video": ["location", "callback", "consent", "reason"], "portal": [_INSURANCE], "plain": []},
    },
}
_BORN: Final = PatientDetails(birth_date=date(1961, 4, 30), phone="555-0142")


@pytest_asyncio.fixture(loop_scope="session")
async def clinic(tmp_path: Path) -> AsyncIterator[Clinic]:
    async with open_clinic(clinic_settings(tmp_path, clinics=_CLINICS)) as clinic:
        yield clinic


@pytest_asyncio.fixture(loop_scope="session")
async def asking_clinic(tmp_path: Path) -> AsyncIterator[Clinic]:
    """One that asks for the date of birth."""
    main = _CLINICS["main"] | {"ask_birth_date": True}
    async with open_clinic(clinic_settings(tmp_path, clinics={"main": main})) as clinic:
        yield clinic


async def visit_page(browser: Browser, clinic: Clinic, code: str, **options: Any) -> Page:
    """Open a link."""
    page = await new_page(browser, **options)
    await page.goto(f"{clinic.settings.base_url}/v#{code}")
    return page


async def tap(page: Page, name: str) -> None:
    await page.get_by_role("button", name=name, exact=True).click()


async def row_of(staff: Wire) -> Json:
    """The only row of the day's list."""
    shown = await staff.shows(lambda it: len(it["queue"]) == 1, "one row")
    return dict(shown["queue"][0])


async def patient_in(staff: Wire, phase: str) -> Json:
    """Wait until the only patient is there, and return what names them in a request."""
    shown = await staff.shows(lambda it: [one["patient"]["phase"] for one in it["queue"]] == [phase], phase)
    row = shown["queue"][0]
    return {"visit": row["visit"], "participant": row["patient"]["id"]}


async def wait_in_line(browser: Browser, clinic: Clinic, **booking: Any) -> Page:
    """Book without check-in and go into the waiting room."""
    page = await visit_page(browser, clinic, await clinic.book(**booking))
    await tap(page, "Start")
    await tap(page, "Join")
    await screen(page, "waiting")
    return page


async def test_the_check_in_is_saved_question_by_question_and_leads_to_the_waiting_room(
    clinic: Clinic, patient_browser: Browser
) -> None:
    page = await visit_page(patient_browser, clinic, await clinic.book(check_in=None, reason=""))
    await tap(page, "Start")
    await screen(page, "devices")
    await tap(page, "Continue")
    await screen(page, "checkin")
    await expect(page.get_by_text("Question 1 of 4")).to_be_visible()

    await page.get_by_label("Address").fill("1 Sample Street, Albany")
    await tap(page, "Continue")
    await expect(page.get_by_text("Choose your state from the list.")).to_be_visible()
    await expect(page.get_by_label("State")).to_be_focused()
    await expect(page.get_by_label("Address")).to_have_value("1 Sample Street, Albany")
    await page.get_by_label("State").select_option(label="New York")
    await tap(page, "Continue")
    await expect(page.get_by_text("Question 2 of 4")).to_be_visible()

    await page.reload()
    await screen(page, "devices")
    await tap(page, "Continue")
    await expect(page.get_by_text("Question 2 of 4")).to_be_visible()
    await tap(page, "Back")
    await expect(page.get_by_label("Address")).to_have_value("1 Sample Street, Albany")
    await expect(page.get_by_label("State")).to_have_value("NY")
    await tap(page, "Continue")
    await page.get_by_label("Phone number").fill("(555) 010-0142")
    await page.keyboard.press("Enter")
    await expect(page.get_by_text("Question 3 of 4")).to_be_visible()
    # The second tap of a double tap on the page before is no consent.
    await tap(page, "Back")
    await page.get_by_role("button", name="Continue", exact=True).dblclick()
    await tap(page, "I agree")
    await page.get_by_label("Your words").fill("My knee\nhurts")
    await tap(page, "Continue")
    await tap(page, "Join")
    await screen(page, "waiting")

    nurse = await clinic.staff("sample.nurse")
    items = {one["key"]: one["answer"] for one in (await row_of(nurse))["check_in"]["items"]}
    assert items == {
        "location": {"state": "NY", "address": "1 Sample Street, Albany"},
        "callback": {"phone": "(555) 010-0142"},
        "consent": {"version": "1", "language": "en"},
        "reason": {"text": "My knee hurts"},
    }


async def test_what_the_portal_has_not_reported_keeps_the_room_shut_until_staff_waive_it(
    clinic: Clinic, patient_browser: Browser
) -> None:
    page = await visit_page(patient_browser, clinic, await clinic.book(check_in=None, kind="portal"))
    await tap(page, "Start")
    await tap(page, "Continue")
    link = page.get_by_role("link", name="Open Insurance card")
    await expect(link).to_have_attribute("href", str(_INSURANCE["url"]))
    assert "noopener" in str(await link.get_attribute("rel"))
    await tap(page, "Continue")
    await expect(page.get_by_role("button", name="Insurance card", exact=True)).to_be_visible()
    await expect(page.get_by_text("If you can not do it, call 555-0100.")).to_be_visible()
    await expect(page.get_by_role("button", name="Join", exact=True)).to_have_count(0)
    nurse = await clinic.staff("sample.nurse")
    waived = {"item": "insurance", "reason": "not_needed", "note": ""}
    await nurse.ok("checkin.waive", {"visit": (await row_of(nurse))["visit"], **waived})
    await tap(page, "Join")
    await screen(page, "waiting")


async def test_days_before_check_in_can_be_done_and_the_door_says_when_it_opens(
    clinic: Clinic, patient_browser: Browser
) -> None:
    page = await visit_page(patient_browser, clinic, await clinic.book(start=timedelta(days=2), check_in=None))
    await screen(page, "start")
    await expect(page.get_by_text("You can get ready for your visit now.")).to_be_visible()
    await tap(page, "Start")
    await screen(page, "devices")
    await tap(page, "Continue")
    await screen(page, "checkin")
    await page.get_by_label("State").select_option("XX")
    await page.get_by_label("Address").fill("1 Sample Street")
    await tap(page, "Continue")
    await page.get_by_label("Phone number").fill("555-0142")
    await tap(page, "Continue")
    await tap(page, "I agree")
    await expect(page.get_by_label("Your words")).to_have_value("Follow-up")
    await tap(page, "Continue")
    await expect(page.get_by_role("heading", name="You are all set")).to_be_visible()
    await expect(page.get_by_role("timer")).to_contain_text("day")
    await expect(page.get_by_role("button", name="Join", exact=True)).to_have_count(0)


async def test_before_check_in_opens_there_is_the_device_test_and_its_verdict_is_kept(
    clinic: Clinic, patient_browser: Browser
) -> None:
    code = await clinic.book(start=timedelta(days=4))
    page = await visit_page(patient_browser, clinic, code)
    await screen(page, "early")
    await expect(page.get_by_text("You can do your check-in from")).to_be_visible()
    await expect(page.get_by_role("timer")).to_contain_text("Check-in opens in")
    await expect(page.get_by_role("button", name="Start", exact=True)).to_have_count(0)
    async with page.expect_response("**/invitations/readiness") as kept:
        await tap(page, "Test camera and microphone")
    assert await (await kept.value).json() == {"verdict": "good", "cause": "none"}
    await tap(page, "Back")
    await screen(page, "early")


async def test_a_wrong_date_of_birth_can_be_mended(asking_clinic: Clinic, patient_browser: Browser) -> None:
    page = await visit_page(patient_browser, asking_clinic, await asking_clinic.book(details=_BORN))
    await tap(page, "Start")
    await screen(page, "confirm")
    await _type_date(page, "4", "31", "1961")
    await expect(page.get_by_text("That is not a date.")).to_be_visible()
    await _type_date(page, "4", "29", "1961")
    await expect(page.get_by_text("You can try 4 more times.")).to_be_visible()
    await expect(page.get_by_label("Month")).to_be_focused()
    await _type_date(page, "4", "30", "1961")
    await screen(page, "devices")


async def test_nobody_is_locked_out_by_a_wrong_date_of_birth(asking_clinic: Clinic, patient_browser: Browser) -> None:
    page = await visit_page(patient_browser, asking_clinic, await asking_clinic.book(details=_BORN))
    await tap(page, "Start")
    for left in (4, 3, 2):
        await _type_date(page, "1", "1", "1970")
        await expect(page.get_by_text(f"You can try {left} more times.")).to_be_visible()
    await _type_date(page, "1", "1", "1970")
    await expect(page.get_by_text("You can try 1 more time.")).to_be_visible()
    await _type_date(page, "1", "1", "1970")
    await expect(page.get_by_text("The care team will check it with you.")).to_be_visible()
    await tap(page, "Continue")
    await tap(page, "Join")
    await screen(page, "waiting")


async def test_a_helper_gets_the_patient_ready_and_comes_no_further(
    asking_clinic: Clinic, patient_browser: Browser
) -> None:
    judge = Judge()
    code = await asking_clinic.book(details=_BORN, check_in=None, reason="")
    patient = await visit_page(patient_browser, asking_clinic, code)
    await tap(patient, "Start")
    await _type_date(patient, "4", "30", "1961")
    await screen(patient, "devices")
    await tap(patient, "Get help from someone")
    link = patient.get_by_label("Link for your helper")
    await expect(link).to_have_value(re.compile("/v#"))
    await expect(link).to_be_focused()
    await expect(link).to_be_in_viewport(ratio=1)

    helper = await judge.open(patient_browser, await link.input_value())
    await expect(helper.get_by_text("You help the patient get ready.")).to_be_visible()
    await tap(helper, "Start")
    await expect(helper.get_by_text("Give the date of birth of the patient.")).to_be_visible()
    await _type_date(helper, "4", "30", "1961")
    await screen(helper, "devices")
    await tap(helper, "Continue")
    await helper.get_by_label("State").select_option("NY")
    await helper.get_by_label("Address").fill("1 Sample Street")
    await tap(helper, "Continue")
    await helper.get_by_label("Phone number").fill("555-0142")
    await tap(helper, "Continue")
    await helper.get_by_label("Your words").fill("My knee")
    await tap(helper, "Continue")
    await judge.both(helper, "the helper's last page")
    await tap(helper, "Done")
    await screen(helper, "ended")
    await expect(helper.get_by_text("Camera and microphone work on this device.")).to_be_visible()
    await expect(helper.get_by_text("The questions that you can answer are done.")).to_be_visible()
    await judge.both(helper, "the helper's end")
    await judge.fits(helper, "the helper's end")

    # The patient's own device was never taken over, and has the consent left.
    await tap(patient, "Continue")
    await expect(patient.get_by_role("button", name="I agree")).to_be_visible()
    assert judge.found == []


async def test_another_device_in_the_middle_of_a_visit_is_asked_first_and_let_in_again(
    asking_clinic: Clinic, patient_browser: Browser
) -> None:
    code = await asking_clinic.book(details=_BORN)
    phone = await visit_page(patient_browser, asking_clinic, code)
    await tap(phone, "Start")
    await _type_date(phone, "4", "30", "1961")
    await tap(phone, "Join")
    await screen(phone, "waiting")
    nurse = await asking_clinic.staff("sample.nurse")
    them = await patient_in(nurse, "waiting")
    await nurse.ok("visit.admit", them | {"confirmed": (await row_of(nurse))["checks"]})
    await screen(phone, "visit")
    tablet = await visit_page(patient_browser, asking_clinic, code)
    await tap(tablet, "Start")
    await screen(phone, "replaced")
    await screen(tablet, "confirm")
    await patient_in(nurse, "on_hold")
    await tablet.wait_for_timeout(500)
    await screen(tablet, "confirm")
    await _type_date(tablet, "4", "30", "1961")
    await screen(tablet, "visit")
    await expect(tablet.get_by_text("The care team will let you in again.")).to_be_visible()
    await nurse.ok("visit.admit", them | {"confirmed": (await row_of(nurse))["checks"]})
    await expect(tablet.get_by_text("You are on hold.")).to_have_count(0)


async def test_a_call_can_be_asked_for_on_every_screen_and_is_promised_only_with_a_number(
    clinic: Clinic, patient_browser: Browser
) -> None:
    page = await visit_page(patient_browser, clinic, await clinic.book(details=PatientDetails(phone="")))
    await tap(page, "Start")
    await screen(page, "devices")
    call = page.get_by_role("button", name="Call me", exact=True)
    await expect(call).to_be_in_viewport()
    await tap(page, "Join")
    await screen(page, "waiting")
    await expect(page.get_by_text("You are in line.")).to_be_visible()
    for one in (call, page.get_by_role("link", name="Get help 555-0100"), page.get_by_text("call 911")):
        await expect(one).to_be_in_viewport(ratio=1)
    nurse = await clinic.staff("sample.nurse")
    them = await patient_in(nurse, "waiting")
    await nurse.ok("visit.admit", them)
    await screen(page, "visit")
    await expect(call).to_be_in_viewport(ratio=1)
    await call.click()
    await expect(page.get_by_text("we have no number for you. Please call us at 555-0100.")).to_be_visible()
    await nurse.shows(lambda it: len(it["queue"][0]["wishes"]) == 1, "the wish")


async def _type_date(page: Page, month: str, day: str, year: str) -> None:
    for label, text in (("Month", month), ("Day", day), ("Year", year)):
        await page.get_by_label(label).fill(text)
    await tap(page, "Continue")


async def test_the_line_speaks_wait_lateness_messages_and_wishes(clinic: Clinic, patient_browser: Browser) -> None:
    page = await wait_in_line(patient_browser, clinic, details=PatientDetails(phone="555-0142"))
    await expect(page.get_by_text("You are in line.")).to_be_visible()
    await expect(page.get_by_text("You are next.")).to_be_visible()
    await expect(page.get_by_text("Connected. Checked")).to_be_visible()
    nurse = await clinic.staff("sample.nurse")
    them = await patient_in(nurse, "waiting")
    await expect(page.get_by_text("Your care team knows you are here.")).to_be_visible()

    await nurse.ok("queue.late", {"minutes": 15, "visit": them["visit"]})
    await expect(page.get_by_text("late by about 15 minutes")).to_be_visible()
    await nurse.ok("message.send", them | {"canned": "soon"})
    await expect(page.get_by_role("listitem").filter(has_text="We will be with you soon.")).to_be_visible()
    await nurse.shows(lambda it: [one["read"] for one in it["queue"][0]["messages"]] == [True], "the mark of reading")

    await page.get_by_label("Your message").fill("I am here.")
    await tap(page, "Send")
    mine = page.get_by_role("listitem").filter(has_text="I am here.")
    await expect(mine).to_contain_text("Sent")
    sent = (await nurse.shows(lambda it: len(it["queue"][0]["messages"]) == 2, "the message"))["queue"][0]["messages"][
        1
    ]
    await nurse.ok("message.read", them | {"message": sent["id"], "read": False})
    await expect(mine).to_contain_text("Delivered")
    await nurse.ok("message.read", them | {"message": sent["id"], "read": True})
    await expect(mine).to_contain_text("Read")
    await expect(page.get_by_label("Your message")).to_have_value("")

    await tap(page, "Call me")
    await expect(page.get_by_text("We will call the number we have for you.")).to_be_visible()
    await page.get_by_text("More help").click()
    await tap(page, "Ask for an interpreter")
    await expect(page.get_by_text("The care team can see that you want an interpreter.")).to_be_visible()
    wishes = (await nurse.shows(lambda it: len(it["queue"][0]["wishes"]) == 2, "the wishes"))["queue"][0]["wishes"]
    assert [one["wish"] for one in wishes] == ["call", "interpreter"]
    assert (await row_of(nurse))["readiness"]["verdict"] == "good"


async def test_hold_hand_over_return_and_end_are_told_and_the_receipt_says_who_was_there(
    clinic: Clinic, patient_browser: Browser
) -> None:
    page = await wait_in_line(patient_browser, clinic)
    nurse = await clinic.staff("sample.nurse")
    them = await patient_in(nurse, "waiting")
    await nurse.ok("visit.admit", them)
    await screen(page, "visit")
    await nurse.ok("visit.hold", them)
    await expect(page.get_by_text("You are on hold. Sample Nurse will be back.")).to_be_visible()
    await nurse.ok("visit.admit", them)
    await expect(page.get_by_text("You are on hold.")).to_have_count(0)
    await nurse.ok("visit.hand_over", {"visit": them["visit"], "to": "sample.provider"})
    await expect(
        page.get_by_text("Sample Nurse has finished. Dr. Sample Provider will be with you soon.")
    ).to_be_visible()
    provider = await clinic.staff()
    await provider.ok("visit.admit", them)
    await expect(page.get_by_text("has finished")).to_have_count(0)
    await provider.ok("visit.return", them)
    await screen(page, "waiting")
    await expect(page.get_by_text("You are back in the waiting room.")).to_be_visible()
    await provider.ok("visit.admit", them)
    await screen(page, "visit")
    await provider.ok("visit.end", {"visit": them["visit"]})
    await screen(page, "ended")
    await page.get_by_text("Who was in this visit?").click()
    for name in ("Sample Patient (you)", "Sample Nurse", "Dr. Sample Provider"):
        await expect(page.get_by_role("listitem").filter(has_text=name)).to_be_visible()
    await expect(page.get_by_text("Nothing was recorded.")).to_be_visible()
    await expect(page.get_by_text("Sound and picture went only through 127.0.0.1.")).to_be_visible()


@pytest.mark.parametrize(("role", "words"), [("interpreter", "interpreter"), ("companion", "family or helper")])
async def test_a_guest_is_told_in_which_role_they_join_and_is_asked_nothing(
    clinic: Clinic, patient_browser: Browser, role: str, words: str
) -> None:
    await wait_in_line(patient_browser, clinic)
    nurse = await clinic.staff("sample.nurse")
    them = await patient_in(nurse, "waiting")
    invited = await nurse.ok(
        "visit.invite", {"visit": them["visit"], "role": role, "name": "Sample Guest", "minutes": 30}
    )
    page = await new_page(patient_browser)
    await page.goto(invited["url"])
    await expect(page.get_by_text(f"You join as {words}.")).to_be_visible()
    await tap(page, "Start")
    await tap(page, "Join")
    await screen(page, "waiting")
    await expect(page.get_by_role("button", name="Call me", exact=True)).to_have_count(0)


async def test_the_page_begins_in_the_language_that_was_booked(clinic: Clinic, patient_browser: Browser) -> None:
    page = await visit_page(patient_browser, clinic, await clinic.book(details=PatientDetails(language="es")))
    await expect(page.get_by_role("button", name="Empezar", exact=True)).to_be_visible()
    await expect(page.get_by_text("Abierto de lunes a viernes, de 8 a 5.")).to_be_visible()
    await tap(page, "English")
    await page.reload()
    await expect(page.get_by_role("button", name="Start", exact=True)).to_be_visible()


async def test_the_old_link_of_a_moved_visit_says_that_a_new_one_was_sent(
    clinic: Clinic, patient_browser: Browser
) -> None:
    code = await clinic.book(start=timedelta(days=2))
    visit = (await clinic.redeem(code))["visit"]
    await clinic.appointments.reschedule(visit, starts_at=clinic.node.clock() + timedelta(days=3), minutes=30)
    page = await visit_page(patient_browser, clinic, code)
    await screen(page, "expired")
    await expect(page.get_by_text("Look for our newest message.")).to_be_visible()
    await expect(page.get_by_role("link", name="Call 555-0100")).to_be_visible()


async def test_a_visit_that_is_moved_while_its_page_is_open_says_so(clinic: Clinic, patient_browser: Browser) -> None:
    code = await clinic.book(start=timedelta(days=2))
    visit = (await clinic.redeem(code))["visit"]
    page = await visit_page(patient_browser, clinic, code)
    await tap(page, "Start")
    await page.wait_for_function("() => window.__visit.connection === 'connected'")
    await clinic.appointments.reschedule(visit, starts_at=clinic.node.clock() + timedelta(days=3), minutes=30)
    await screen(page, "expired")
    await expect(page.get_by_text("Look for our newest message.")).to_be_visible()


async def test_the_new_screens_are_open_to_all(asking_clinic: Clinic, patient_browser: Browser) -> None:
    judge = Judge()
    code = await asking_clinic.book(check_in=None, reason="", details=_BORN)
    page = await judge.open(patient_browser, f"{asking_clinic.settings.base_url}/v#{code}")
    await tap(page, "Start")
    await screen(page, "confirm")
    await _type_date(page, "4", "29", "1961")
    await page.get_by_text("more times").wait_for()
    await judge.both(page, "confirm")
    await judge.fits(page, "confirm")
    await _type_date(page, "4", "30", "1961")
    await tap(page, "Continue")
    await tap(page, "Continue")
    await page.get_by_text("Choose your state from the list.").wait_for()
    await judge.both(page, "location")
    await judge.fits(page, "location")
    await page.get_by_label("State").select_option("NY")
    await page.get_by_label("Address").fill("1 Sample Street")
    await tap(page, "Continue")
    await page.get_by_label("Phone number").fill("555-0142")
    await judge.both(page, "callback")
    await tap(page, "Continue")
    await judge.both(page, "consent")
    await judge.fits(page, "consent")
    await tap(page, "I agree")
    await page.get_by_label("Your words").fill("My knee")
    await judge.both(page, "reason")
    await tap(page, "Continue")
    await judge.both(page, "ready")
    await tap(page, "Join")
    await screen(page, "waiting")
    nurse = await asking_clinic.staff("sample.nurse")
    them = await patient_in(nurse, "waiting")
    await nurse.ok("message.send", them | {"text": "Hello"})
    await tap(page, "Call me")
    await page.get_by_text("More help").click()
    await page.get_by_text("We will call you at ••• 0142.").wait_for()
    await judge.both(page, "waiting with messages")
    await judge.fits(page, "waiting with messages")
    await nurse.ok("visit.admit", them | {"confirmed": ["identity", "licence"]})
    await screen(page, "visit")
    await nurse.ok("visit.hold", them)
    await page.get_by_text("You are on hold.").wait_for()
    await judge.both(page, "on hold")
    await nurse.ok("visit.end", {"visit": them["visit"]})
    await screen(page, "ended")
    await page.get_by_text("Who was in this visit?").click()
    await page.get_by_text("Nothing was recorded.").wait_for()
    await judge.both(page, "receipt")
    await judge.fits(page, "receipt")
    assert judge.found == []
