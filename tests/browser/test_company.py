"""More than two in a visit, screens that are shared, and what happens to the pictures when the line changes: real browsers."""

from __future__ import annotations

import asyncio
from typing import Final

from playwright.async_api import Browser

from tests.support.browsers import (
    GUEST_NAME,
    PATIENT_NAME,
    PROVIDER_NAME,
    WATCHED,
    Journey,
    expect,
    frames,
    hears,
    picture_of,
    screen,
    shows,
)
from tests.support.marks import GUEST, PATIENT, PROVIDER

_WATCH_GAPS: Final = """
video => {
  let last = performance.now();
  video.longestGap = 0;
  const seen = now => {
    video.longestGap = Math.max(video.longestGap, now - last);
    last = now;
    video.requestVideoFrameCallback(seen);
  };
  video.requestVideoFrameCallback(seen);
}
"""


async def test_of_three_each_sees_and_hears_both_others(journey: Journey, guest_browser: Browser) -> None:
    patient, staff, guest = await journey.three(guest_browser)
    assert await hears(patient, PROVIDER_NAME, PROVIDER)
    assert await hears(patient, GUEST_NAME, GUEST)
    assert await hears(staff, PATIENT_NAME, PATIENT)
    assert await hears(staff, GUEST_NAME, GUEST)
    assert await hears(guest, PATIENT_NAME, PATIENT)
    assert await hears(guest, PROVIDER_NAME, PROVIDER)
    for page, name in ((patient, GUEST_NAME), (staff, GUEST_NAME), (guest, PATIENT_NAME)):
        tile = page.locator(".tile").filter(has_text=name)
        await expect(tile).to_be_in_viewport(ratio=1)
        await expect(tile.get_by_text("Speaking")).to_be_attached()
    await guest.get_by_role("button", name="Mute", exact=True).click()
    for page in (patient, staff):
        tile = page.locator(".tile").filter(has_text=GUEST_NAME)
        await expect(tile.get_by_text("Muted")).to_be_attached()
        await expect(tile.get_by_text("Speaking")).to_have_count(0)


async def test_one_who_leaves_and_comes_back_freezes_nobody_elses_picture(
    journey: Journey, guest_browser: Browser
) -> None:
    patient, staff, guest = await journey.three(guest_browser)
    pairs = ((patient, PROVIDER_NAME), (staff, PATIENT_NAME))
    for page, name in pairs:
        await picture_of(page, name).evaluate(_WATCH_GAPS)
    await guest.get_by_role("button", name="Leave", exact=True).click()
    await screen(guest, "ended")
    for page, _ in pairs:
        await expect(picture_of(page, GUEST_NAME)).to_have_count(0)
    await asyncio.sleep(1)
    await guest.get_by_role("button", name="Join", exact=True).click()
    await screen(guest, "waiting")
    await staff.get_by_role("button", name="Admit", exact=True).click()
    await screen(guest, "visit")
    for page, _ in pairs:
        await shows(page, GUEST_NAME, GUEST)
    for page, name in pairs:
        gap = await picture_of(page, name).evaluate("video => video.longestGap")
        print(f"longest gap between two frames of {name}: {gap:.0f} ms")
        # The goal is 500 ms; a loaded machine is no fault of the page, a picture that has to begin anew is.
        assert 0 < gap < 2500


async def test_on_a_weak_network_the_picture_waits_and_the_sound_goes_on(journey: Journey) -> None:
    journey.script = WATCHED
    patient, staff = await journey.together()
    await patient.evaluate("narrow = true")
    await expect(patient.get_by_text("Weak network: your picture is paused, sound goes on.")).to_be_visible(
        timeout=15_000
    )
    told = f"Weak network: the picture of {PATIENT_NAME} is paused, sound goes on."
    await expect(staff.get_by_text(told)).to_be_visible(timeout=15_000)
    await asyncio.sleep(1)
    stopped = await frames(staff, PATIENT_NAME)
    await asyncio.sleep(0.7)
    assert await frames(staff, PATIENT_NAME) - stopped <= 2
    assert await hears(staff, PATIENT_NAME, PATIENT)
    await patient.evaluate("narrow = false")
    await journey.see_each_other(patient, staff, within_s=20)
    await expect(staff.get_by_text("Weak network")).to_have_count(0)
    await expect(patient.get_by_text("Weak network")).to_have_count(0)
