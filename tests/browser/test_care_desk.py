"""The care team's desk on the real pages: what staff do with those who wait, and what the pages of both sides then show."""

from __future__ import annotations

import asyncio
import re
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import aiohttp
import pytest
from playwright.async_api import Locator, Page

from tests.support.browsers import DESKTOP, PATIENT_NAME, PHONE, PROVIDER_NAME, Journey, expect, new_page, screen

SECOND: Final = "Second Patient"
THIRD: Final = "Third Patient"

# What the page would have put on the desk, were the page not in front.
_NOTED: Final = """
window.noted = [];
window.Notification = class { constructor(text) { window.noted.push(text); } static permission = 'granted'; };
document.hasFocus = () => false;
"""


def row(page: Page, name: str) -> Locator:
    """A patient's row in the list."""
    return page.get_by_role("list", name="Visits of today").get_by_role("listitem", name=re.compile(name))


def button(where: Page | Locator, name: str) -> Locator:
    return where.get_by_role("button", name=name, exact=True)


async def open_row(page: Page, name: str) -> None:
    await row(page, name).click()
    await expect(page.get_by_role("heading", name=name, level=1)).to_be_visible()


async def test_words_go_both_ways_and_each_side_sees_that_they_came(journey: Journey) -> None:
    patient, nurse = await journey.wait(), await journey.staff("nurse")
    await open_row(nurse, PATIENT_NAME)
    await button(nurse, "Soon").click()
    await button(nurse, "Message").click()
    await nurse.keyboard.type("Have you got your list of medicines?")
    await nurse.keyboard.press("Enter")
    await expect(patient.get_by_text("We will be with you soon.").first).to_be_visible()
    await expect(patient.get_by_text("Have you got your list of medicines?").first).to_be_visible()
    await expect(nurse.get_by_label("Write to")).to_have_value("")
    await expect(nurse.locator(".message-mark").last).to_have_text("Read")

    await open_row(nurse, THIRD)
    await patient.get_by_label("Your message").fill("Yes, I have.")
    await button(patient, "Send").click()
    await expect(row(nurse, PATIENT_NAME).get_by_text("1 unread")).to_be_visible()
    await expect(patient.get_by_text("Delivered", exact=True)).to_be_visible()
    await open_row(nurse, PATIENT_NAME)
    await expect(nurse.get_by_text("Yes, I have.")).to_be_visible()
    await expect(row(nurse, PATIENT_NAME).get_by_text("1 unread")).to_have_count(0)


async def test_a_wish_for_a_call_stands_in_the_list_until_somebody_rang(journey: Journey) -> None:
    patient, desk = await journey.wait(), await journey.staff("front_desk")
    await button(patient, "Call me").click()
    await expect(row(desk, PATIENT_NAME).get_by_text("asks for a call")).to_be_visible()
    await open_row(desk, PATIENT_NAME)
    await button(desk, "Call phone").click()
    dialog = desk.get_by_role("dialog")
    await expect(dialog.get_by_label("Reason")).to_have_value("asked")
    await dialog.get_by_label("Result").select_option("solved")
    await dialog.get_by_label("Note").fill("Speaker was off.")
    await button(dialog, "Save the call").click()
    await expect(dialog).to_have_count(0)
    await expect(desk.get_by_text("Speaker was off.")).to_be_visible()
    await expect(row(desk, PATIENT_NAME).get_by_text("asks for a call")).to_have_count(0)


async def test_a_nurse_holds_and_hands_over_and_the_provider_goes_on(journey: Journey) -> None:
    patient, nurse, provider = await journey.wait(), await journey.staff("nurse"), await journey.staff()
    await journey.admit(nurse)
    await screen(patient, "visit")
    await button(nurse, "Hold").click()
    await expect(nurse.get_by_text(f"{PATIENT_NAME} is on hold")).to_be_visible()
    await expect(patient.get_by_text("You are on hold.")).to_be_visible()
    await button(nurse, "Take off hold").click()
    await expect(patient.get_by_text("You are on hold.")).to_have_count(0)

    await button(nurse, "Hand over").click()
    dialog = nurse.get_by_role("dialog")
    await dialog.get_by_label(f"{PROVIDER_NAME} (clinician), here now").check()
    await button(dialog, "Hand over").click()
    await screen(nurse, "preview")
    await expect(row(provider, PATIENT_NAME).get_by_text("handed over to you")).to_be_visible()
    await expect(patient.get_by_text(f"{PROVIDER_NAME} will be with you soon.")).to_be_visible()
    await row(provider, PATIENT_NAME).click()
    await button(provider, "Take off hold").click()
    await screen(provider, "visit")
    await journey.see_each_other(patient, provider)

    await button(provider, "Back to waiting").click()
    await screen(patient, "waiting")
    await button(provider, "Admit").click()
    await screen(patient, "visit")


async def test_an_invited_guest_waits_to_be_admitted_and_can_be_revoked(journey: Journey) -> None:
    nurse = await journey.staff("nurse")
    await open_row(nurse, PATIENT_NAME)
    await button(nurse, "Invite").click()
    dialog = nurse.get_by_role("dialog")
    await dialog.get_by_label("They come as").select_option("interpreter")
    await dialog.get_by_label("Name").fill("Sample Interpreter")
    await button(dialog, "Invite").click()
    link = await dialog.get_by_label("Link", exact=True).input_value()
    await button(dialog, "Done").click()

    guest = await new_page(journey.patient_browser)
    await guest.goto(link)
    await button(guest, "Start").click()
    await screen(guest, "devices")
    await button(guest, "Join").click()
    await screen(guest, "waiting")
    await expect(row(nurse, PATIENT_NAME).get_by_text("Sample Interpreter (interpreter) waits")).to_be_visible()
    invited = nurse.get_by_role("listitem").filter(has_text="waits at the door")
    await button(invited, "Admit").click()
    await screen(nurse, "visit")
    await screen(guest, "visit")

    await button(nurse, "Remove").click()
    await button(nurse.get_by_role("dialog"), "Remove").click()
    await screen(guest, "error")
    await guest.reload()
    await expect(button(guest, "Start")).to_have_count(0)


async def test_running_late_tells_all_who_wait_and_can_be_taken_back(journey: Journey) -> None:
    patient, provider = await journey.wait(), await journey.staff()
    for minutes, told in (("20 min", "Dr. Sample Provider is late by about 20 minutes."), ("On time again", "")):
        await button(provider, "Running late").click()
        dialog = provider.get_by_role("dialog")
        await dialog.get_by_label(minutes).check()
        await button(dialog, "Tell them").click()
        await expect(dialog.get_by_text(re.compile(r"^\d patients? w"))).to_be_visible()
        await button(dialog, "Done").click()
        if told:
            await expect(patient.get_by_text(told)).to_be_visible()
            await expect(row(provider, PATIENT_NAME).get_by_text("told: 20 min late")).to_be_visible()
    await expect(patient.get_by_text("is late by")).to_have_count(0)


async def test_what_is_waived_opens_the_waiting_room_and_a_birth_date_is_confirmed(journey: Journey) -> None:
    nurse = await journey.staff("nurse")
    await open_row(nurse, SECOND)
    await expect(row(nurse, SECOND).get_by_text("check-in: 3 of 4 open")).to_be_visible()
    for left in (2, 1, 0):
        await button(nurse, "Waive").first.click()
        dialog = nurse.get_by_role("dialog")
        await dialog.get_by_label("Reason").select_option("answered_by_phone")
        await button(dialog, "Waive").click()
        await expect(button(nurse, "Waive")).to_have_count(left)
    await expect(row(nurse, SECOND).get_by_text("check-in done")).to_be_visible()

    patient = await new_page(journey.patient_browser, locale="en-US")
    await patient.goto(f"{journey.demo.link('open', 1).replace('/v#', '/v?lang=en#')}")
    await button(patient, "Start").click()
    await screen(patient, "devices")
    await button(patient, "Join").click()
    await screen(patient, "waiting")

    # From the list, where neither name nor date of birth stand above a button, the dialog shows them.
    await nurse.get_by_role("button", name=THIRD).focus()
    await row(nurse, SECOND).get_by_role("button").focus()
    await nurse.keyboard.press("a")
    dialog = nurse.get_by_role("dialog")
    await expect(dialog.get_by_role("heading", name=f"Admit {SECOND}?")).to_be_visible()
    await expect(dialog.get_by_text("Born April 30, 1961")).to_be_visible()
    await button(dialog, "Admit").click()
    await screen(nurse, "visit")
    await screen(patient, "visit")


async def test_a_patient_outside_the_licences_is_confirmed_before_admission(journey: Journey) -> None:
    patient, provider = await new_page(journey.patient_browser), await journey.staff()
    await patient.goto(journey.demo.link("open", 1).replace("/v#", "/v?lang=en#"))
    await button(patient, "Start").click()
    await screen(patient, "devices")
    await button(patient, "Continue").click()
    await patient.get_by_label("State").select_option("AK")
    await patient.get_by_label("Address").fill("1 Sample Street, Juneau")
    await button(patient, "Continue").click()
    await patient.get_by_label("Phone number").fill("555-0142")
    await button(patient, "Continue").click()
    await button(patient, "I agree").click()
    await button(patient, "Continue").click()
    await button(patient, "Join").click()
    await screen(patient, "waiting")

    await open_row(provider, SECOND)
    told = f"{SECOND} is in Alaska. {PROVIDER_NAME} has no licence there."
    await expect(provider.get_by_text(told)).to_be_visible()
    await button(provider, "Admit").click()
    dialog = provider.get_by_role("dialog")
    await expect(dialog.get_by_text(told)).to_be_visible()
    assert await patient.evaluate("window.__visit.screen") == "waiting"
    await button(dialog, "Admit").click()
    await screen(provider, "visit")
    await screen(patient, "visit")


async def test_the_front_desk_books_moves_and_cancels(journey: Journey) -> None:
    desk = await journey.staff("front_desk")
    await button(desk, "New appointment").click()
    dialog = desk.get_by_role("dialog")
    soon = datetime.now(UTC) + timedelta(minutes=10)
    await dialog.get_by_label("Patient's name").fill("Newly Booked")
    await dialog.get_by_label("Date of birth").fill("1990-02-03")
    await dialog.get_by_label("Phone number").fill("no number")
    await dialog.get_by_label("Day of the visit").fill(f"{soon:%Y-%m-%d}")
    await dialog.get_by_label("Time (UTC)").fill(f"{soon:%H:%M}")
    await dialog.get_by_label("Provider").select_option(label=PROVIDER_NAME)
    await button(dialog, "Book").click()
    await expect(dialog.get_by_text("Check the phone number.")).to_be_visible()
    await dialog.get_by_label("Phone number").fill("555-0177")
    await button(dialog, "Book").click()
    first = await dialog.get_by_label("Link", exact=True).input_value()
    await button(dialog, "Done").click()

    await open_row(desk, "Newly Booked")
    await button(desk, "Reschedule").click()
    later = soon + timedelta(minutes=5)
    await dialog.get_by_label("Day of the visit").fill(f"{later:%Y-%m-%d}")
    await dialog.get_by_label("Time (UTC)").fill(f"{later:%H:%M}")
    await button(dialog, "Reschedule").click()
    second = await dialog.get_by_label("Link", exact=True).input_value()
    await button(dialog, "Done").click()
    patient = await new_page(journey.patient_browser)
    await patient.goto(first)
    await screen(patient, "expired")
    await patient.goto("about:blank")
    await patient.goto(second)
    await screen(patient, "start")

    await button(desk, "Cancel appointment").click()
    await button(dialog, "Cancel appointment").click()
    await expect(row(desk, "Newly Booked")).to_have_count(0)
    await patient.reload()
    await screen(patient, "expired")


async def test_the_call_list_names_who_needs_help_and_why(journey: Journey) -> None:
    link = journey.demo.link("open", 1)
    found = {"camera": "blocked", "microphone": "works", "speaker": "works", "network": "good"}
    device = {"in_app": False, "unsupported": False, "device": "phone", "system": "ios", "browser": "safari"}
    async with aiohttp.ClientSession() as http:
        body = {"code": link.partition("#")[2], "report": found | device}
        async with http.post(f"{journey.demo.base_url}/api/v1/invitations/readiness", json=body) as answer:
            assert answer.status == 200
    nurse = await journey.staff("nurse")
    await expect(row(nurse, SECOND).get_by_text("camera blocked · iPhone")).to_be_visible()
    await button(nurse, "Readiness").click()
    await nurse.get_by_label("Day").fill(f"{datetime.now(UTC):%Y-%m-%d}")
    await expect(nurse.get_by_text(re.compile(r"^1 of today's \d need help"))).to_be_visible()
    entry = nurse.get_by_role("listitem", name=re.compile(SECOND))
    await expect(entry.get_by_text("555-0142")).to_be_visible()
    await entry.get_by_label("Note for the team").fill("Daughter helps at 9.")
    await button(entry, "Save note").click()
    await button(entry, "Call phone").click()
    dialog = nurse.get_by_role("dialog")
    await expect(dialog.get_by_role("link", name="555-0142")).to_have_attribute("href", "tel:5550142")
    await button(dialog, "Save the call").click()
    await expect(dialog.get_by_text("Choose a reason.")).to_be_visible()
    await expect(dialog.get_by_label("Reason")).to_be_focused()
    await dialog.get_by_label("Reason").select_option("readiness")
    await dialog.get_by_label("Result").select_option("solved")
    await button(dialog, "Save the call").click()
    await expect(entry.get_by_text("Device needs help: Solved")).to_be_visible()
    await button(nurse, "Back to the list").click()
    await open_row(nurse, SECOND)
    await expect(nurse.get_by_label("Note for the team")).to_have_value("Daughter helps at 9.")


async def test_alerts_come_at_once_name_nobody_and_are_muted_by_person(journey: Journey) -> None:
    journey.script = _NOTED
    nurse = await journey.staff("nurse")
    await button(nurse, "Sound for arrivals and messages").click()
    journey.script = ""
    patient = await journey.wait()
    await nurse.wait_for_function("() => window.noted.length > 0", timeout=2000)
    await patient.get_by_text("Message the care team").click()
    await patient.get_by_label("Your message").fill("Hello")
    await button(patient, "Send").click()
    await nurse.wait_for_function("() => window.noted.includes('A patient wrote.')", timeout=2000)
    noted: list[str] = await nurse.evaluate("window.noted")
    assert not any(PATIENT_NAME in one for one in noted)
    await button(nurse, "Sign out").click()
    for role, pressed in (("provider", "true"), ("nurse", "false")):
        username, password = journey.demo.staff(role)
        await nurse.get_by_label("Username").fill(username)
        await nurse.get_by_label("Password").fill(password)
        await button(nurse, "Sign in").click()
        await expect(button(nurse, "Sound for arrivals and messages")).to_have_attribute("aria-pressed", pressed)
        await button(nurse, "Sign out").click()


async def test_a_screen_that_nobody_uses_asks_before_it_signs_off(journey: Journey) -> None:
    page = await new_page(journey.provider_browser, DESKTOP)
    await page.clock.install()
    await page.goto(f"{journey.demo.base_url}/care")
    username, password = journey.demo.staff()
    await page.get_by_label("Username").fill(username)
    await page.get_by_label("Password").fill(password)
    await button(page, "Sign in").click()
    await row(page, PATIENT_NAME).wait_for()
    await page.clock.fast_forward("14:10")
    await expect(page.get_by_role("dialog").get_by_role("heading", name="Still there?")).to_be_visible()
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("dialog")).to_have_count(0)
    assert await page.evaluate("window.__visit.screen") == "queue"


async def test_a_password_that_is_weak_says_why(journey: Journey) -> None:
    nurse = await journey.staff("nurse")
    await button(nurse, "Change password").click()
    dialog = nurse.get_by_role("dialog")
    username, password = journey.demo.staff("nurse")
    for new, told in (
        (f"{username} hello", "The password must not hold your username."),
        ("correct kettle bicycle", "changed"),
    ):
        await dialog.get_by_label("Old password").fill(password)
        await dialog.get_by_label("New password").fill(new)
        await button(dialog, "Change it").click()
        await expect(dialog.get_by_text(told).first).to_be_visible()


async def test_rows_stand_still_under_the_pointer(journey: Journey) -> None:
    desk, patient = await journey.staff("front_desk"), await new_page(journey.patient_browser)
    await patient.goto(journey.demo.link())
    names = desk.get_by_role("list", name="Visits of today").get_by_role("listitem")
    await row(desk, THIRD).hover()
    before = await names.count()
    third = await row(desk, THIRD).bounding_box()
    # An earlier visit is booked by somebody else while the pointer moves.
    booked = await _book(journey, "Earlier Patient", datetime.now(UTC) - timedelta(minutes=20))
    assert booked == 201
    for step in range(8):
        assert third is not None
        await desk.mouse.move(third["x"] + 20 + step, third["y"] + 10)
        await asyncio.sleep(0.1)
        assert await names.count() == before
    await desk.mouse.move(5, 5)
    await expect(names).to_have_count(before + 1)


async def _book(journey: Journey, name: str, start: datetime) -> int:
    username, password = journey.demo.staff("front_desk")
    base = journey.demo.base_url
    async with aiohttp.ClientSession() as http:
        async with http.post(
            f"{base}/api/v1/staff/sign-in", json={"username": username, "password": password}
        ) as answer:
            token = (await answer.json())["token"]
        body: dict[str, Any] = {"starts_at": f"{start:%Y-%m-%dT%H:%M:%SZ}", "minutes": 60, "patient": {"name": name}}
        headers = {"Authorization": f"Bearer {token}"}
        async with http.post(f"{base}/api/v1/appointments", json=body, headers=headers) as answer:
            return answer.status


@pytest.mark.parametrize("viewport", [DESKTOP, PHONE], ids=["desktop", "phone"])
async def test_a_name_is_found_and_those_who_wait_are_shown_alone(journey: Journey, viewport: dict[str, int]) -> None:
    await journey.wait()
    nurse = await journey.staff("nurse")
    await nurse.set_viewport_size({"width": viewport["width"], "height": viewport["height"]})
    names = nurse.get_by_role("list", name="Visits of today").get_by_role("listitem")
    await nurse.get_by_label("Find a name").fill("third")
    await expect(names).to_have_count(1)
    await nurse.get_by_label("Find a name").fill("nobody at all")
    await expect(nurse.get_by_text("Nobody fits what you look for.")).to_be_visible()
    await nurse.get_by_label("Find a name").fill("")
    await button(nurse, "Only waiting").click()
    await expect(names).to_have_count(1)
    await expect(row(nurse, PATIENT_NAME)).to_be_visible()


async def test_whoever_is_chosen_far_down_stands_beside_the_list(journey: Journey) -> None:
    """Also what belongs to the whole desk stays in sight."""
    start = datetime.now(UTC)
    for at in range(14):
        assert await _book(journey, f"Booked {at:02}", start + timedelta(minutes=at)) == 201
    nurse = await journey.staff("nurse")
    last = row(nurse, "Booked 13")
    await last.scroll_into_view_if_needed()
    await open_row(nurse, "Booked 13")
    heading = nurse.get_by_role("heading", name="Booked 13", level=1)
    await expect(heading).to_be_in_viewport()
    await expect(heading).to_be_focused()
    await expect(last).to_be_in_viewport()
    await expect(button(nurse, "Sound for arrivals and messages")).to_be_in_viewport()
    assert await nurse.evaluate("document.documentElement.scrollHeight <= innerHeight")


async def test_the_front_desk_moves_and_cancels_what_is_booked_for_tomorrow(journey: Journey) -> None:
    tomorrow = datetime.now(UTC) + timedelta(days=1)
    assert await _book(journey, "Of Tomorrow", tomorrow) == 201
    desk = await journey.staff("front_desk")
    await button(desk, "Readiness").click()
    entry = desk.get_by_role("listitem", name=re.compile("Of Tomorrow"))
    await button(entry, "Reschedule").click()
    dialog = desk.get_by_role("dialog")
    await expect(dialog.get_by_label("Day of the visit")).to_have_value(f"{tomorrow:%Y-%m-%d}")
    await expect(dialog.get_by_label("Time (UTC)")).to_have_value(f"{tomorrow:%H:%M}")
    await button(dialog, "Back").click()
    await button(entry, "Cancel appointment").click()
    await button(dialog, "Cancel appointment").click()
    await expect(entry).to_have_count(0)
