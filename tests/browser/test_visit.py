"""The main job, in real browsers: two people see and hear each other, and nobody else ever does."""

from __future__ import annotations

import asyncio
import time
from typing import Final

from tests.support.browsers import (
    DESKTOP,
    PATIENT_NAME,
    PROVIDER_NAME,
    Journey,
    expect,
    new_page,
    screen,
    sign_in,
)


async def test_after_the_end_nothing_is_forwarded_and_the_link_opens_nothing(journey: Journey) -> None:
    patient, staff = await journey.together()
    await staff.get_by_role("button", name="End for everyone").click()
    await staff.get_by_role("dialog").get_by_role("button", name="End for everyone").click()
    await screen(staff, "queue")
    await screen(patient, "ended")
    await asyncio.sleep(0.5)
    before = await journey.forwarded()
    await asyncio.sleep(1)
    assert await journey.forwarded() == before
    again = await new_page(journey.patient_browser)
    await again.goto(journey.demo.link())
    await screen(again, "expired")
    await expect(again.get_by_role("button", name="Start", exact=True)).to_have_count(0)


async def test_while_waiting_the_connection_is_up_and_nothing_passes(journey: Journey) -> None:
    patient = await journey.wait()
    await patient.wait_for_function("() => window.__visit.connection === 'connected'")
    await asyncio.sleep(1)
    assert await journey.forwarded() == 0
    await expect(patient.locator(f"video[aria-label='{PROVIDER_NAME}']")).to_have_count(0)


async def test_a_patient_who_leaves_can_come_back_into_line(journey: Journey) -> None:
    patient, staff = await journey.together()
    # The second tap falls where the way back stands, and must not take it.
    await patient.get_by_role("button", name="Leave", exact=True).dblclick()
    await screen(patient, "ended")
    await patient.get_by_role("button", name="Join", exact=True).click()
    await screen(patient, "waiting")
    await staff.get_by_role("button", name="Admit", exact=True).click()
    await screen(patient, "visit")
    await journey.see_each_other(patient, staff)


async def test_the_keyboard_alone_admits_and_ends(journey: Journey) -> None:
    patient = await journey.wait()
    page = await new_page(journey.provider_browser, DESKTOP)
    username, password = journey.demo.staff()
    await page.goto(f"{journey.demo.base_url}/care")
    await page.get_by_label("Username").focus()
    await page.keyboard.type(username)
    await page.keyboard.press("Tab")
    await page.keyboard.type(password)
    await page.keyboard.press("Enter")
    await screen(page, "queue")
    await page.get_by_role("listitem").filter(has_text=PATIENT_NAME).wait_for()
    dialog = page.get_by_role("dialog")
    await page.keyboard.press("?")
    await expect(dialog.get_by_role("heading", name="Keyboard")).to_be_visible()
    await page.keyboard.press("Escape")
    await page.get_by_label("Find a name").focus()
    await page.keyboard.type("ae")
    await expect(dialog).to_have_count(0)
    await page.get_by_label("Find a name").fill("")
    await page.get_by_role("button", name="Got it").press("Enter")
    await expect(page.get_by_text("New here?")).to_have_count(0)
    await page.keyboard.press("ArrowDown")
    await page.keyboard.press("Enter")
    await screen(page, "preview")
    await page.keyboard.press("Control+e")
    await expect(dialog).to_have_count(0)
    await page.keyboard.press("a")
    await expect(dialog).to_be_visible()
    await page.keyboard.press("Enter")
    await screen(page, "visit")
    await screen(patient, "visit")
    await page.keyboard.press("e")
    await expect(dialog.get_by_role("heading", name=f"Emergency: {PATIENT_NAME}")).to_be_focused()
    await expect(dialog.get_by_role("link", name="911")).to_have_attribute("href", "tel:911")
    await page.keyboard.press("Escape")
    await page.get_by_role("button", name="End for everyone", exact=True).press("Enter")
    await dialog.get_by_role("button", name="End for everyone", exact=True).press("Enter")
    await screen(patient, "ended")


_ADMIT_AT: Final = """
at => new Promise(done => setTimeout(() => {
  [...document.querySelectorAll('button')].find(one => one.textContent.trim() === 'Admit').click();
  done();
}, at * 1000 - Date.now()))
"""


async def test_two_windows_admit_at_once_and_one_is_told_who_was_first(journey: Journey) -> None:
    patient = await journey.wait()
    provider, nurse = await journey.staff(), await journey.staff("nurse")
    for page in (provider, nurse):
        await page.get_by_role("listitem").filter(has_text=PATIENT_NAME).click()
        await page.get_by_role("button", name="Admit", exact=True).hover()
    # A click through the driver waits until the button stands still: the other window may be told before that.
    await asyncio.gather(*(page.evaluate(_ADMIT_AT, time.time() + 1) for page in (provider, nurse)))
    await screen(patient, "visit")
    screens = [""]
    async with asyncio.timeout(20):
        while "visit" not in screens:
            screens = [await page.evaluate("() => window.__visit.screen") for page in (provider, nurse)]
    loser, winner = (nurse, PROVIDER_NAME) if screens[0] == "visit" else (provider, "Sample Nurse")
    await expect(loser.get_by_role("alert").filter(has_text=winner)).to_be_visible()
    assert await loser.evaluate("() => window.__visit.screen") != "visit"


async def test_removing_a_patient_ends_the_link(journey: Journey) -> None:
    patient, staff = await journey.together()
    await staff.get_by_role("button", name="Remove").click()
    await staff.get_by_role("dialog").get_by_role("button", name="Remove").click()
    await screen(patient, "error")
    await expect(patient.get_by_role("button", name="Join", exact=True)).to_have_count(0)
    await expect(patient.get_by_role("link", name="Get help 555-0100")).to_be_visible()


async def test_a_wrong_password_is_told_and_a_right_one_works(journey: Journey) -> None:
    page = await new_page(journey.provider_browser, DESKTOP)
    username, password = journey.demo.staff("nurse")
    await page.goto(f"{journey.demo.base_url}/care")
    await page.get_by_label("Username").fill(username)
    await page.get_by_label("Password").fill("not the password")
    await page.get_by_role("button", name="Sign in").click()
    await expect(page.get_by_role("alert").filter(has_text="password")).to_be_visible()
    await sign_in(page, journey.demo.base_url, username, password)


async def test_the_front_desk_sees_the_queue_and_admits_nobody(journey: Journey) -> None:
    await journey.wait()
    desk = await journey.staff("front_desk")
    await desk.get_by_role("listitem").filter(has_text=PATIENT_NAME).click()
    await screen(desk, "preview")
    await expect(desk.get_by_role("button", name="Admit")).to_have_count(0)
