"""A visit with a shared screen, then with a third person, then with a weak network, then with none."""

from __future__ import annotations

from typing import Final

from playwright.async_api import Browser, Page

from tests.browser.pictures.camera import Pictures
from tests.support.browsers import GUEST_NAME, PATIENT_NAME, PROVIDER_NAME, WATCHED, screen
from tests.support.clinic import code_of

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
        await lost_line(pictures, patient, staff)


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
        await pictures.take(staff, "care-knocking")
        await pictures.tap(staff, "preview.admit")
        await pictures.moves(patient, PROVIDER_NAME, GUEST_NAME)
        await pictures.moves(staff, PATIENT_NAME, GUEST_NAME)
        await pictures.take(patient, "patient-three")
        await pictures.take(staff, "care-three")
        await pictures.tap(guest, "visit.leave")
        await screen(guest, "ended")


async def lost_line(pictures: Pictures, patient: Page, staff: Page) -> None:
    """The patient's network goes, and comes back; then the patient leaves."""
    await patient.evaluate("narrow = false")
    await patient.context.set_offline(True)
    await pictures.clinic.drop_every_socket()
    await patient.get_by_text(pictures.words["banner.drop"]).wait_for()
    await staff.get_by_text(pictures.words["call.otherDrop"].format(name=PATIENT_NAME)).first.wait_for()
    await pictures.take(patient, "patient-lost")
    await pictures.take(staff, "care-lost")
    await patient.context.set_offline(False)
    await patient.get_by_text(pictures.words["banner.drop"]).wait_for(state="detached")
    await pictures.tap(patient, "visit.leave")
    await screen(patient, "ended")
    await pictures.take(patient, "patient-left")
