"""A whole visit without a mouse, on both sides: from the link and the sign-in to the end for everyone."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import date, timedelta
from pathlib import Path

import pytest
from playwright.async_api import Browser, Page

from signaling.demo import lan_address
from tests.support.browsers import (
    DESKTOP,
    PATIENT_NAME,
    PROVIDER_NAME,
    Device,
    expect,
    new_page,
    screen,
    shows,
)
from tests.support.clinic import PASSWORD, Clinic, clinic_settings, open_clinic
from tests.support.firefox import FilmedInFirefox, firefox
from tests.support.host_address import host_address
from tests.support.keyboard import Keyboard
from tests.support.marks import PATIENT, PROVIDER
from waiting_room.model import PatientDetails

_BORN = PatientDetails(birth_date=date(1961, 4, 30))


@asynccontextmanager
async def busy_clinic(folder: Path) -> AsyncIterator[Clinic]:
    """One that asks for the date of birth, on a day of thirty-one."""
    address = lan_address()
    announced = ["127.0.0.1", *([address] if address else [])]
    rules = {"main": {"ask_birth_date": True}}
    async with open_clinic(clinic_settings(folder, clinics=rules, media_host="0.0.0.0", announced=announced)) as clinic:
        for number in range(30):
            start = timedelta(minutes=5 * number - 20)
            await clinic.book(patient=f"Other Patient {number}", start=start, details=_BORN)
        yield clinic


@pytest.mark.parametrize("engines", ["chromium-chromium", "firefox-chromium", "chromium-firefox"])
async def test_a_visit_goes_from_the_link_to_the_end_by_keys_alone(
    engines: str, patient_browser: Browser, provider_browser: Browser, tmp_path: Path
) -> None:
    """Of one Firefox only the window in front hears keys, so it is on one side at a time."""
    async with AsyncExitStack() as stack:
        patients: Device = patient_browser
        providers: Device = provider_browser
        if "firefox" in engines:
            stack.enter_context(host_address())
            browser = await stack.enter_async_context(firefox(tmp_path))
            if engines.startswith("firefox"):
                patients = FilmedInFirefox(browser, PATIENT)
            else:
                providers = FilmedInFirefox(browser, PROVIDER)
        clinic = await stack.enter_async_context(busy_clinic(tmp_path / "clinic"))
        await whole_visit(clinic, patients, providers)


async def whole_visit(clinic: Clinic, patients: Device, providers: Device) -> None:
    code = await clinic.book(patient=PATIENT_NAME, details=_BORN, check_in=None, reason="", start=timedelta())
    page = await new_page(patients, heard=False)
    await page.goto(f"{clinic.settings.base_url}/v#{code}")
    desk = await new_page(providers, DESKTOP)
    await desk.goto(f"{clinic.settings.base_url}/care")
    found: list[str] = []
    patient, staff = Keyboard(page, found), Keyboard(desk, found)

    await sign_in(staff)
    await get_ready(patient)
    await wait(patient, staff)
    await talk(patient, staff)
    await end(patient, staff)
    assert not found, "\n".join(found)


async def sign_in(staff: Keyboard) -> None:
    await screen(staff.page, "signin")
    await staff.write("Username", "sample.provider")
    await staff.write("Password", PASSWORD)
    await staff.page.keyboard.press("Enter")
    await screen(staff.page, "queue")
    await staff.page.get_by_role("listitem").filter(has_text=PATIENT_NAME).wait_for()
    await staff.press("Got it")


async def get_ready(patient: Keyboard) -> None:
    page = patient.page
    await screen(page, "start")
    await patient.press("Start")
    await screen(page, "confirm")
    await patient.heading("Is this you?")
    for field, text in (("Month", "4"), ("Day", "30"), ("Year", "1961")):
        await patient.write(field, text)
    await page.keyboard.press("Enter")
    await screen(page, "devices")
    await patient.heading("Check your camera and microphone")
    await page.get_by_role("button", name="Continue", exact=True).wait_for()
    await patient.press("Continue")
    await screen(page, "sound")
    await patient.heading("Can you hear us?")
    await patient.press("Play sound")
    await patient.press("Hear yourself")
    await patient.heading("Hear yourself")
    await patient.press("Yes, I heard it")

    await screen(page, "checkin")
    await patient.heading("Where will you be during the visit?")
    await patient.write("State", "New York")
    await patient.write("Address", "1 Sample Street, Albany")
    await patient.press("Continue")
    await patient.heading("What number can we call?")
    await patient.write("Phone number", "555-0142")
    await page.keyboard.press("Enter")
    await patient.heading("Care by video")
    await patient.press("I agree")
    await patient.heading("What is the visit about?")
    await patient.write("Your words", "My knee hurts")
    await patient.press("Continue")
    await patient.heading("You are all set")
    await patient.press("Join")
    await screen(page, "waiting")
    await patient.heading("You are in the waiting room")


async def wait(patient: Keyboard, staff: Keyboard) -> None:
    """Words to the care team, who find the patient among thirty others and let them in."""
    await patient.press("Message the care team")
    await patient.write("Your message", "I am here")
    await patient.press("Send")
    desk = staff.page
    await staff.write("Find a name", PATIENT_NAME)
    row = desk.get_by_role("listitem").filter(has_text=PATIENT_NAME)
    await expect(row).to_contain_text("1 unread")
    await staff.to("Only waiting")
    await desk.keyboard.press("ArrowDown")
    await desk.wait_for_function(
        "name => document.activeElement.closest('[data-visit]')?.textContent.includes(name)", arg=PATIENT_NAME
    )
    await desk.keyboard.press("Enter")
    await screen(desk, "preview")
    await expect(desk.get_by_text("I am here", exact=True)).to_be_visible()
    await desk.keyboard.press("m")
    await desk.keyboard.type("Good morning")
    await desk.keyboard.press("Enter")
    await expect(patient.page.get_by_text("Good morning", exact=True)).to_be_visible()
    await staff.to("Send")
    await desk.keyboard.press("a")
    # A key is pressed by mistake more easily than a button: it asks.
    await expect(desk.get_by_role("dialog").get_by_role("button", name="Admit", exact=True)).to_be_focused()
    await desk.keyboard.press("Enter")
    await screen(desk, "visit")
    await screen(patient.page, "visit")
    await shows(patient.page, PROVIDER_NAME, PROVIDER)
    await shows(desk, PATIENT_NAME, PATIENT)


async def talk(patient: Keyboard, staff: Keyboard) -> None:
    """Each stop lies further on than the one before: past the last one Firefox gives the keys to its own window."""
    page, desk = patient.page, staff.page
    was = await own_picture(page)
    await patient.press("Move my picture to another corner")
    assert sum(abs(now - before) for now, before in zip(await own_picture(page), was, strict=True)) > 50
    await patient.press("Mute", "Space")
    await expect(desk.get_by_text("muted", exact=False).first).to_be_visible()
    await patient.press("Chat")
    await patient.heading("Chat")
    await patient.write("Your message", "Do you see my knee?")
    await page.keyboard.press("Enter")
    await closes(patient, "Chat")
    await patient.press("More")
    await patient.heading("More")
    await patient.press("Large text")
    await patient.to("Speaker")
    await closes(patient, "More")

    await staff.to("Emergency card")
    for key, title in (("e", f"Emergency: {PATIENT_NAME}"), ("?", "Keyboard")):
        await desk.keyboard.press(key)
        dialog = desk.get_by_role("dialog")
        await expect(dialog.get_by_role("heading", name=title, exact=True)).to_be_visible()
        for _ in range(await dialog.locator("a[href], button").count() - 1):
            await desk.keyboard.press("Tab")
            assert await desk.evaluate("document.activeElement.closest('dialog') !== null")
        await desk.keyboard.press("Escape")
        await expect(dialog).to_have_count(0)
        assert (await staff.at())["name"] == "Emergency card"
    await staff.press("Hold")
    await expect(page.get_by_text("You are on hold.")).to_be_visible()
    await desk.wait_for_function("() => document.activeElement.textContent.trim() === 'Take off hold'")
    await desk.keyboard.press("Enter")
    await expect(page.get_by_text("You are on hold.")).to_have_count(0)
    await staff.press("Chat")
    await expect(desk.get_by_text("Do you see my knee?").first).to_be_visible()
    await staff.write("Your message", "I do")
    await desk.keyboard.press("Enter")
    await closes(staff, "Chat")

    await patient.press("Leave")
    await screen(page, "ended")
    await patient.heading("You left the visit")
    await patient.press("Join")
    await screen(page, "waiting")


async def end(patient: Keyboard, staff: Keyboard) -> None:
    await staff.press("End for everyone")
    await staff.page.wait_for_function("() => document.activeElement.closest('dialog') !== null")
    # What is done by mistake is to go on talking.
    assert (await staff.at())["name"] == "Keep talking"
    await staff.to("End for everyone", key="Shift+Tab")
    await staff.page.keyboard.press("Enter")
    await screen(staff.page, "queue")
    await screen(patient.page, "ended")
    await patient.heading("Your visit is over")
    await patient.press("They worked well")
    await expect(patient.page.get_by_text("Thank you").first).to_be_visible()
    await patient.to("Who was in this visit?")
    await patient.page.keyboard.press("Enter")
    await expect(patient.page.get_by_text("Nothing was recorded.")).to_be_visible()


async def closes(keyboard: Keyboard, opener: str) -> None:
    """Escape closes the panel and gives the focus back to what opened it."""
    await keyboard.page.keyboard.press("Escape")
    await keyboard.page.wait_for_function(
        "name => document.activeElement.getAttribute('aria-expanded') === 'false'"
        " && document.activeElement.textContent.includes(name)",
        arg=opener,
    )


async def own_picture(page: Page) -> list[float]:
    """Where the own picture is, from the left and from the top."""
    place = "() => { const {x, y} = document.querySelector('.self').getBoundingClientRect(); return [x, y]; }"
    return list(await page.evaluate(place))
