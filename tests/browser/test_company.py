"""More than two in a visit, screens that are shared, and what happens to the pictures when the line changes: real browsers."""

from __future__ import annotations

import asyncio
from typing import Final

from playwright.async_api import Browser, Page

from tests.support.browsers import (
    DESKTOP,
    GUEST_NAME,
    PATIENT_NAME,
    PROVIDER_NAME,
    Journey,
    expect,
    frames,
    hears,
    picture_of,
    screen,
    sees,
)
from tests.support.marks import GUEST, PATIENT, PROVIDER, Person

# What Chromium's own test screen shows in its corners.
TEST_SCREEN: Final = Person(grid=((0, 135, 0),) * 4, hertz=0)

# Keeps every peer connection and shared track where a test finds them; `narrow` makes the way out look like 60 kbit/s.
_WATCHED: Final = """
window.peers = [];
window.RTCPeerConnection = class extends RTCPeerConnection {
  constructor(...given) { super(...given); window.peers.push(this); }
  async getStats(...given) {
    const report = await super.getStats(...given);
    if (!window.narrow) return report;
    return new Map([...report].map(([id, entry]) =>
      [id, entry.type === 'candidate-pair' ? {...entry, availableOutgoingBitrate: 60000} : entry]));
  }
};
const show = navigator.mediaDevices?.getDisplayMedia?.bind(navigator.mediaDevices);
if (show) navigator.mediaDevices.getDisplayMedia = async wanted => {
  const stream = await show(wanted);
  window.shared = stream.getVideoTracks()[0];
  return stream;
};
"""

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

_UFRAG: Final = "() => /ice-ufrag:(\\S+)/.exec(window.peers.at(-1).remoteDescription.sdp)[1]"


async def shows(page: Page, name: str, person: Person, *, within_s: float = 15) -> None:
    """Wait until the video of this name shows this person's marks, in pictures that move."""
    async with asyncio.timeout(within_s):
        await picture_of(page, name).wait_for(state="attached")
        while not await sees(page, name, person):
            await asyncio.sleep(0.1)
        shown = await frames(page, name)
        while await frames(page, name) <= shown:
            await asyncio.sleep(0.05)


async def three(journey: Journey, guest_browser: Browser) -> tuple[Page, Page, Page]:
    """A patient, a provider and an interpreter who see each other."""
    patient, staff = await journey.together()
    guest = await journey.joined_by(staff, guest_browser)
    for page, others in (
        (patient, ((PROVIDER_NAME, PROVIDER), (GUEST_NAME, GUEST))),
        (staff, ((PATIENT_NAME, PATIENT), (GUEST_NAME, GUEST))),
        (guest, ((PATIENT_NAME, PATIENT), (PROVIDER_NAME, PROVIDER))),
    ):
        for name, person in others:
            await shows(page, name, person)
    return patient, staff, guest


async def test_of_three_each_sees_and_hears_both_others(journey: Journey, guest_browser: Browser) -> None:
    patient, staff, guest = await three(journey, guest_browser)
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
    patient, staff, guest = await three(journey, guest_browser)
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


async def test_a_shared_screen_is_seen_whole_beside_the_person(journey: Journey) -> None:
    journey.script = _WATCHED
    patient, staff = await journey.wait(viewport=DESKTOP), await journey.staff()
    await journey.admit(staff)
    await journey.see_each_other(patient, staff)
    for page, other, name, person in (
        (staff, patient, PROVIDER_NAME, PROVIDER),
        (patient, staff, PATIENT_NAME, PATIENT),
    ):
        await page.get_by_role("button", name="Share screen", exact=True).click()
        await expect(page.get_by_role("button", name="Share screen", exact=True)).to_have_attribute(
            "aria-pressed", "true"
        )
        shared = f"{name}’s screen"
        await shows(other, shared, TEST_SCREEN)
        await shows(other, name, person)
        boxes = [await picture_of(other, one).bounding_box() for one in (shared, name)]
        assert boxes[0] is not None
        assert boxes[1] is not None
        assert boxes[0]["width"] * boxes[0]["height"] > 4 * boxes[1]["width"] * boxes[1]["height"]
        if page is staff:
            await page.get_by_role("button", name="Share screen", exact=True).click()
        else:
            # The browser's own bar ends it: the page learns of it by the track's event alone.
            await page.evaluate("shared.dispatchEvent(new Event('ended'))")
        await expect(picture_of(other, shared)).to_have_count(0)
        await expect(page.get_by_role("button", name="Share screen", exact=True)).to_have_attribute(
            "aria-pressed", "false"
        )
        assert await page.evaluate("shared.readyState") == "ended"
        await shows(other, name, person)


async def test_another_network_gets_another_way_on_the_same_transport(journey: Journey) -> None:
    journey.script = _WATCHED
    patient, staff = await journey.together()
    before, peers = await patient.evaluate(_UFRAG), await patient.evaluate("peers.length")
    await patient.evaluate("dispatchEvent(new Event('online'))")
    await patient.wait_for_function(f"before => ({_UFRAG})() !== before", arg=before)
    await journey.see_each_other(patient, staff)
    assert await patient.evaluate("peers.length") == peers
    assert await patient.evaluate("peers.at(-1).connectionState") == "connected"


async def test_on_a_weak_network_the_picture_waits_and_the_sound_goes_on(journey: Journey) -> None:
    journey.script = _WATCHED
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
