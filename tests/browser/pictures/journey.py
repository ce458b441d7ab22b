"""One patient's whole way, and what the nurse and the provider see of it."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Final

from playwright.async_api import Browser, Page

from tests.browser.pictures.camera import Pictures
from tests.support.browsers import PATIENT_NAME, PROVIDER_NAME, screen
from tests.support.clinic import code_of
from waiting_room.model import PatientDetails

BORN: Final = date(1961, 4, 30)


async def check_in(pictures: Pictures, page: Page, helpers: Browser) -> None:
    """From the link through the date of birth and the questions into the line."""
    await screen(page, "start")
    await pictures.take(page, "patient-start")
    await pictures.tap(page, "start.button")
    await screen(page, "confirm")
    await pictures.take(page, "patient-confirm")
    for field, value in (("month", BORN.month), ("day", BORN.day), ("year", BORN.year)):
        await page.get_by_label(pictures.words[f"confirm.{field}"], exact=True).fill(str(value))
    await page.locator("button[type=submit]").click()
    await screen(page, "devices")
    await page.wait_for_timeout(1200)
    await pictures.take(page, "patient-devices")
    await pictures.tap(page, "helper.ask")
    link = await page.get_by_label(pictures.words["helper.link"]).input_value()
    await pictures.take(page, "patient-helper-link")
    await helper(pictures, link, helpers)
    await page.locator("button.primary").last.click()
    await screen(page, "sound")
    await pictures.take(page, "patient-sound")
    await pictures.tap(page, "echo.title")
    await page.get_by_text(pictures.words["echo.speaking"]).wait_for()
    await page.wait_for_timeout(1500)
    await pictures.take(page, "patient-echo")
    await pictures.tap(page, "sound.no")
    await page.get_by_text(pictures.words["echo.silent"]).wait_for()
    await pictures.take(page, "patient-echo-silent")
    await pictures.tap(page, "sound.yes")
    await screen(page, "checkin")
    await page.get_by_label(pictures.words["checkin.location.state"], exact=True).select_option(value="NJ")
    await page.get_by_label(pictures.words["checkin.location.address"]).fill("1 Sample Street, Newark")
    await pictures.take(page, "patient-check-in-location")
    await page.locator("button[type=submit]").click()
    phone = page.get_by_label(pictures.words["checkin.callback.phone"])
    await phone.fill("555-0142")
    await pictures.take(page, "patient-check-in-callback")
    await page.keyboard.press("Enter")
    await page.get_by_text(pictures.words["checkin.consent.lead"]).wait_for()
    await pictures.take(page, "patient-check-in-consent")
    await pictures.tap(page, "checkin.consent.agree")
    await page.get_by_label(pictures.words["checkin.reason.text"]).fill("My knee hurts when I walk.")
    await pictures.take(page, "patient-check-in-reason")
    await page.locator("button[type=submit]").click()
    await page.get_by_text(pictures.words["checkin.ready.title"]).wait_for()
    await pictures.take(page, "patient-ready")
    await pictures.tap(page, "devices.join")
    await screen(page, "waiting")


async def desk(pictures: Pictures, clinicians: Browser) -> None:
    """The front desk's booking."""
    async with pictures.page(clinicians, "/care") as page:
        await pictures.sign_in(page, "sample.desk")
        await pictures.dialog(page, "book.open", "care-book")


async def visit(pictures: Pictures, patients: Browser, clinicians: Browser) -> None:
    """One patient's whole way, and what the nurse and the provider see of it."""
    clinic = pictures.clinic
    born = PatientDetails(birth_date=BORN, language=pictures.language, phone="555-0142", interpreter=True)
    code = await clinic.book(patient=PATIENT_NAME, details=born, check_in=None, reason="")
    other = PatientDetails(birth_date=BORN, phone="555-0143")
    await clinic.book(
        patient="Second Patient", start=timedelta(minutes=15), details=other, reason="Medication review", provider=None
    )
    await clinic.book(patient="Tomorrow Patient", start=timedelta(days=1), details=other, reason="Annual check")
    async with (
        pictures.page(patients, pictures.link(code), heard=False) as patient,
        pictures.page(clinicians, "/care") as staff,
    ):
        await pictures.take(staff, "care-signin")
        await pictures.sign_in(staff, "sample.provider")
        await pictures.take(staff, "care-first-time")
        await check_in(pictures, patient, patients)
        await pictures.row(staff, PATIENT_NAME).click()
        await screen(staff, "preview")
        await staff.get_by_role("button", name=pictures.words["canned.soon"], exact=True).first.click()
        await patient.locator(".message").first.wait_for()
        await patient.wait_for_timeout(2500)
        await pictures.take(patient, "patient-waiting")
        await staff.get_by_role("heading", name=PATIENT_NAME, level=1).scroll_into_view_if_needed()
        await pictures.take(staff, "care-preview")
        await line(pictures, patient, staff)
        await pictures.dialog(staff, "call.invite", "care-invite")
        await pictures.dialog(staff, "call.phone", "care-call")
        if pictures.width == "390":
            await pictures.tap(staff, "preview.back")
        await pictures.take(staff, "care-queue")
        await pictures.dialog(staff, "late.open", "care-late")
        await pictures.tap(staff, "readiness.open")
        await pictures.take(staff, "care-readiness")
        await pictures.tap(staff, "preview.back")
        await pictures.row(staff, PATIENT_NAME).click()
        await pictures.tap(staff, "preview.admit")
        question = staff.get_by_role("dialog")
        await question.wait_for()
        await pictures.take(staff, "care-admit")
        await pictures.tap(question, "preview.admit")
        await screen(patient, "visit")
        await pictures.moves(patient, PROVIDER_NAME)
        await pictures.moves(staff, PATIENT_NAME)
        await pictures.take(patient, "patient-visit")
        await pictures.take(staff, "care-visit")
        await panels(pictures, patient, staff)
        await pictures.dialog(staff, "call.handOver", "care-hand-over")
        await pictures.tap(staff, "call.hold")
        await staff.wait_for_timeout(600)
        await pictures.take(patient, "patient-on-hold")
        await staff.get_by_role("button", name=pictures.words["call.end"], exact=True).first.click()
        await pictures.take(staff, "care-end")
        await pictures.tap(staff, "ask.endYes")
        await screen(patient, "ended")
        await patient.locator("details summary").first.click()
        await pictures.take(patient, "patient-ended")


async def panels(pictures: Pictures, patient: Page, staff: Page) -> None:
    """What opens in a visit: the chat, More, the patient's photo, the card, the keys."""
    for page, side, panel in (
        (patient, "patient", "chat"),
        (patient, "patient", "more"),
        (staff, "care", "chat"),
        (staff, "care", "more"),
    ):
        await page.locator(f"#opens-{panel}").click()
        await pictures.take(page, f"{side}-{panel}")
        await page.locator(f"#opens-{panel}").click()
    await captions(pictures, patient, staff)
    await pictures.tap(staff, "photo.ask")
    await patient.get_by_text(pictures.words["photo.wanted"].format(name=PROVIDER_NAME)).wait_for()
    await pictures.take(patient, "patient-photo-asked")
    await pictures.tap(patient, "photo.start")
    await patient.get_by_text(pictures.words["photo.aim"]).wait_for()
    await pictures.take(patient, "patient-photo")
    await pictures.tap(patient, "photo.take")
    await patient.get_by_text(pictures.words["photo.check"]).wait_for()
    await pictures.take(patient, "patient-photo-taken")
    await pictures.tap(patient, "photo.send")
    await pictures.tap(staff, "photo.show")
    await staff.get_by_role("dialog").get_by_role("img").wait_for()
    await pictures.take(staff, "care-photo")
    await staff.keyboard.press("Escape")
    await staff.get_by_role("dialog").wait_for(state="detached")
    for key, name in (("e", "care-card"), ("?", "care-keys")):
        await staff.keyboard.press(key)
        await staff.get_by_role("dialog").wait_for()
        await pictures.take(staff, name)
        await staff.keyboard.press("Escape")
        await staff.get_by_role("dialog").wait_for(state="detached")


async def captions(pictures: Pictures, patient: Page, staff: Page) -> None:
    """The provider writes, and types captions."""
    words = pictures.words
    await staff.locator("#opens-chat").click()
    await staff.get_by_label(words["chat.field"]).fill("555-0142?")
    await staff.keyboard.press("Enter")
    await pictures.tap(staff, "captions.type")
    await staff.get_by_label(words["captions.field"]).fill(words["canned.soon"])
    await staff.keyboard.press("Enter")
    await patient.get_by_role("region", name=words["captions.title"]).wait_for()
    await pictures.take(patient, "patient-captions")
    await pictures.take(staff, "care-captions")
    await staff.locator("#opens-chat").click()


async def helper(pictures: Pictures, link: str, helpers: Browser) -> None:
    """Somebody who gets the patient ready, on a phone of their own, as far as the first question."""
    async with pictures.page(helpers, pictures.link(code_of(link))) as page:
        await pictures.take(page, "helper-start")
        await pictures.tap(page, "start.button")
        await page.get_by_text(pictures.words["helper.birth"]).wait_for()
        await pictures.take(page, "helper-confirm")


async def line(pictures: Pictures, patient: Page, staff: Page) -> None:
    """Late, messages both ways, and "Call me"."""
    await pictures.tap(staff, "late.one")
    await staff.get_by_role("dialog").wait_for()
    await pictures.tap(staff.get_by_role("dialog"), "late.send")
    await staff.get_by_text(pictures.words["late.done"]).wait_for()
    await pictures.tap(staff, "ask.done")
    await patient.get_by_text(pictures.words["waiting.lateWays"]).wait_for()
    await pictures.take(patient, "patient-late")
    await pictures.tap(patient, "wish.call")
    await patient.get_by_text(pictures.words["wish.calling"].split("{")[0]).wait_for()
    await pictures.take(patient, "patient-call-me")
    await pictures.take(staff, "care-wish")
