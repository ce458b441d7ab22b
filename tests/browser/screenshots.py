"""Makes the pictures in ``docs/screenshots`` from the real pages: every screen, at phone and desktop size, in both languages.

In English also on the smallest phone, on a tablet, dark, and with letters twice as large (`LOOKS`).
What is wider than its window is printed.
"""

from __future__ import annotations

import asyncio
import itertools
import shutil
import tempfile
from datetime import date, timedelta
from pathlib import Path
from typing import Any, Final

from playwright.async_api import Browser, Page

from signaling.logs import configure_logging
from tests.support.browsers import (
    GUEST_NAME,
    PATIENT_NAME,
    PROVIDER_NAME,
    WATCHED,
    chromium,
    new_page,
    screen,
)
from tests.support.clinic import clinic_settings, code_of, open_clinic
from tests.support.pictures import LANGUAGES, OUT, SIZES, Pictures, words_of
from tests.support.portraits import CLINICIAN, INTERPRETER, SITTER
from waiting_room.model import PatientDetails

BORN: Final = date(1961, 4, 30)

# What is shared: a sheet with a curve, which reads alike in both languages.
_SHEET: Final = """
navigator.mediaDevices.getDisplayMedia = async () => {
  const canvas = Object.assign(document.createElement('canvas'), {width: 1280, height: 720});
  const sheet = canvas.getContext('2d');
  const values = [128, 134, 131, 126, 122, 124, 119, 117];
  const draw = () => {
    sheet.fillStyle = '#fff';
    sheet.fillRect(0, 0, 1280, 720);
    sheet.font = '26px sans-serif';
    for (let value = 110; value <= 140; value += 10) {
      const y = 640 - (value - 110) * 18;
      sheet.fillStyle = '#d5dade';
      sheet.fillRect(110, y, 1100, 2);
      sheet.fillStyle = '#44505a';
      sheet.fillText(value, 40, y + 9);
    }
    sheet.strokeStyle = sheet.fillStyle = '#1b6f78';
    sheet.lineWidth = 6;
    sheet.beginPath();
    values.forEach((value, at) => sheet.lineTo(160 + at * 140, 640 - (value - 110) * 18));
    sheet.stroke();
    values.forEach((value, at) => sheet.fillText(value, 142 + at * 140, 595 - (value - 110) * 18));
  };
  draw();
  setInterval(draw, 100);
  return canvas.captureStream(10);
};
"""


async def dead_ends(pictures: Pictures, patients: Browser) -> None:
    """The pages of links that open nothing (any more, or yet)."""
    clinic = pictures.clinic
    past = await clinic.book(start=-timedelta(days=1), now=clinic.node.clock() - timedelta(days=2))
    early = await clinic.book(start=timedelta(days=5))
    for code, name in ((early, "early"), (past, "expired"), ("A" * 22, "error")):
        async with pictures.page(patients, pictures.link(code)) as page:
            await screen(page, name)
            await pictures.take(page, f"patient-{name}")


async def replaced_and_blocked(pictures: Pictures, patients: Browser, folder: Path) -> None:
    """Two phones on one link, and a camera that is blocked."""
    link = pictures.link(await pictures.clinic.book(patient="Late Patient", start=timedelta(minutes=25)))
    async with pictures.page(patients, link) as first:
        await pictures.tap(first, "start.button")
        await screen(first, "devices")
        async with pictures.page(patients, link) as second:
            await screen(second, "start")
            await pictures.take(second, "patient-in-use")
            await pictures.tap(second, "start.button")
            await screen(first, "replaced")
            await pictures.take(first, "patient-replaced")
    async with chromium(None, folder, deny=True) as browser:
        page = await new_page(browser, SIZES[pictures.width])
        await page.goto(pictures.clinic.settings.base_url + link)
        await pictures.tap(page, "start.button")
        await screen(page, "devices")
        await page.wait_for_timeout(1000)
        await pictures.take(page, "patient-blocked")


async def check_in(pictures: Pictures, page: Page) -> None:
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
    await page.locator("button.primary").last.click()
    await screen(page, "sound")
    await pictures.take(page, "patient-sound")
    await pictures.tap(page, "sound.no")
    await page.get_by_text(pictures.words["sound.silent"]).wait_for()
    await pictures.take(page, "patient-sound-silent")
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
        await check_in(pictures, patient)
        await pictures.row(staff, PATIENT_NAME).click()
        await screen(staff, "preview")
        await staff.get_by_role("button", name=pictures.words["canned.soon"], exact=True).first.click()
        await patient.locator(".message").first.wait_for()
        await patient.wait_for_timeout(2500)
        await pictures.take(patient, "patient-waiting")
        await staff.get_by_role("heading", name=PATIENT_NAME, level=1).scroll_into_view_if_needed()
        await pictures.take(staff, "care-preview")
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
    await patient.locator("#opens-more").click()
    await pictures.tap(patient, "photo.open")
    await patient.get_by_text(pictures.words["photo.aim"]).wait_for()
    await pictures.take(patient, "patient-photo")
    await pictures.tap(patient, "photo.cancel")
    for key, name in (("e", "care-card"), ("?", "care-keys")):
        await staff.keyboard.press(key)
        await staff.get_by_role("dialog").wait_for()
        await pictures.take(staff, name)
        await staff.keyboard.press("Escape")
        await staff.get_by_role("dialog").wait_for(state="detached")


async def test_call(pictures: Pictures, patients: Browser) -> None:
    """A test call on a good line."""
    async with pictures.page(patients, f"/test?lang={pictures.language}") as page:
        await screen(page, "start")
        await pictures.take(page, "test-start")
        await pictures.tap(page, "start.button")
        await screen(page, "sound")
        await pictures.moves(page, pictures.words["test.picture"])
        await pictures.take(page, "test-running")
        await screen(page, "ended")
        await pictures.take(page, "test-good")


async def company(pictures: Pictures, patients: Browser, clinicians: Browser, guests: Browser) -> None:
    """A visit with a shared screen, then with a third person, then with a weak network."""
    link = pictures.link(await pictures.clinic.book(patient=PATIENT_NAME))
    async with (
        pictures.page(patients, link, script=WATCHED) as patient,
        pictures.page(clinicians, "/care", script=_SHEET) as staff,
    ):
        await pictures.sign_in(staff, "sample.provider")
        await pictures.wait(patient)
        await pictures.row(staff, PATIENT_NAME).click()
        await pictures.tap(staff, "preview.admit")
        await screen(patient, "visit")
        await pictures.moves(patient, PROVIDER_NAME)
        await pictures.moves(staff, PATIENT_NAME)
        await shared_screen(pictures, patient, staff)
        await third_person(pictures, patient, staff, guests)
        await patient.evaluate("narrow = true")
        await patient.get_by_text(pictures.words["banner.weak"]).wait_for()
        await staff.get_by_text(pictures.words["visit.otherPaused"].format(name=PATIENT_NAME)).first.wait_for()
        await pictures.take(patient, "patient-weak-network")
        await pictures.take(staff, "care-weak-network")


async def shared_screen(pictures: Pictures, patient: Page, staff: Page) -> None:
    """The provider shows a screen."""
    await share(pictures, staff)
    await pictures.moves(patient, pictures.words["visit.screenOf"].format(name=PROVIDER_NAME))
    await pictures.take(patient, "patient-shared-screen")
    await pictures.take(staff, "care-shared-screen")
    await share(pictures, staff)


async def share(pictures: Pictures, staff: Page) -> None:
    """Begin or end to show a screen: in a narrow bar that stands under More."""
    more = staff.locator("#opens-more")
    narrow = pictures.width == "390"
    if narrow:
        await more.click()
    await pictures.tap(staff, "visit.share")
    if narrow and await more.get_attribute("aria-expanded") == "true":
        await more.click()


async def third_person(pictures: Pictures, patient: Page, staff: Page, guests: Browser) -> None:
    """An interpreter comes in, and leaves."""
    words = pictures.words
    await pictures.tap(staff, "call.invite")
    dialog = staff.get_by_role("dialog")
    await dialog.get_by_label(words["invite.role"]).select_option("interpreter")
    await dialog.get_by_label(words["invite.name"], exact=True).fill(GUEST_NAME)
    await pictures.tap(dialog, "call.invite")
    invitation = await dialog.get_by_label(words["link.label"], exact=True).input_value()
    await pictures.tap(dialog, "ask.done")
    async with pictures.page(guests, pictures.link(code_of(invitation))) as guest:
        await pictures.wait(guest)
        await pictures.tap(staff, "preview.admit")
        await pictures.moves(patient, PROVIDER_NAME, GUEST_NAME)
        await pictures.moves(staff, PATIENT_NAME, GUEST_NAME)
        await pictures.take(patient, "patient-three")
        await pictures.take(staff, "care-three")
        await pictures.tap(guest, "visit.leave")
        await screen(guest, "ended")


async def main() -> None:
    """Write all pictures anew, each language and size in clinics of its own."""
    shutil.rmtree(OUT, ignore_errors=True)
    OUT.mkdir(parents=True)
    rules: dict[str, Any] = {"ask_birth_date": True, "show_position": True}
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        async with (
            chromium(SITTER, folder) as patients,
            chromium(CLINICIAN, folder) as clinicians,
            chromium(INTERPRETER, folder) as guests,
        ):
            for language, width in itertools.product(LANGUAGES, SIZES):
                words = words_of(language)
                plain = clinic_settings(folder / f"plain-{language}-{width}")
                async with open_clinic(plain) as clinic:
                    pictures = Pictures(clinic, language, width, words)
                    await dead_ends(pictures, patients)
                    await replaced_and_blocked(pictures, patients, folder)
                    await test_call(pictures, patients)
                    await company(pictures, patients, clinicians, guests)
                asking = clinic_settings(folder / f"asking-{language}-{width}", clinics={"main": rules})
                async with open_clinic(asking) as clinic:
                    await clinic.license("sample.provider", "NY")
                    pictures = Pictures(clinic, language, width, words)
                    await visit(pictures, patients, clinicians)
                    await desk(pictures, clinicians)


if __name__ == "__main__":
    configure_logging("console", "error")
    asyncio.run(main())
