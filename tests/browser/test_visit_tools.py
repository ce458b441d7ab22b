"""What stands under "More" in a visit: other devices without another line, and what a narrow bar has no room for."""

from __future__ import annotations

import asyncio
from pathlib import Path

from playwright.async_api import Browser, Page

from tests.support.browsers import (
    DESKTOP,
    PATIENT_NAME,
    PROVIDER_NAME,
    WATCHED,
    Journey,
    chromium,
    expect,
    frames,
    picture_of,
    screen,
    shows,
    sounds,
)
from tests.support.demo_process import DemoProcess
from tests.support.marks import PROVIDER

_SENT = "kind => window.peers.at(-1).getSenders().find(one => one.track?.kind === kind)?.track.getSettings().deviceId"
_AGREED = "() => [window.peers.length, window.peers.at(-1).currentRemoteDescription.sdp]"


async def moves(page: Page, name: str) -> None:
    """Wait until the video of this name shows some pictures more."""
    shown = await frames(page, name)
    async with asyncio.timeout(10):
        while await frames(page, name) < shown + 5:
            await asyncio.sleep(0.05)


async def test_another_camera_and_microphone_need_no_other_line(
    demo: DemoProcess, camera_folder: Path, provider_browser: Browser
) -> None:
    async with chromium(None, camera_folder, cameras=3) as two_cameras:
        journey = Journey(demo, two_cameras, provider_browser, script=WATCHED)
        patient, staff = await asyncio.gather(journey.wait(), journey.staff())
        await journey.admit(staff)
        await screen(patient, "visit")
        await moves(staff, PATIENT_NAME)
        agreed = await patient.evaluate(_AGREED)
        await patient.get_by_role("button", name="Mute", exact=True).click()
        await patient.get_by_role("button", name="More", exact=True).click()
        panel = patient.get_by_role("region", name="More")
        for label, kind in (("Camera", "video"), ("Microphone", "audio")):
            choice = panel.get_by_role("combobox", name=label)
            before = await choice.input_value()
            other = await choice.locator("option").evaluate_all(
                "(all, before) => all.map(one => one.value).filter(one => one !== before).at(-1)", before
            )
            assert await patient.evaluate(_SENT, kind) == before
            await choice.select_option(other)
            await expect(choice).to_have_value(other)
            await patient.wait_for_function(f"([kind, other]) => ({_SENT})(kind) === other", arg=[kind, other])
            await moves(staff, PATIENT_NAME)
        assert await patient.evaluate(_AGREED) == agreed
        muted = "() => window.peers.at(-1).getSenders().filter(one => one.track?.kind === 'audio').every(one => !one.track.enabled)"
        assert await patient.evaluate(muted)
        await expect(staff.locator(".mate")).to_contain_text(f"{PATIENT_NAME} is muted")


async def test_the_panel_is_no_trap_and_gives_the_focus_back(journey: Journey) -> None:
    patient, _ = await journey.together()
    button = patient.get_by_role("button", name="More", exact=True)
    panel = patient.get_by_role("region", name="More")
    await button.press("Enter")
    await expect(panel.get_by_role("heading", name="More")).to_be_focused()
    await patient.get_by_role("button", name="Mute", exact=True).click()
    await panel.get_by_role("button", name="Large text").click()
    assert await patient.evaluate("getComputedStyle(document.documentElement).fontSize") == "24px"
    assert await patient.evaluate("getComputedStyle(document.querySelector('.foot')).position") == "static", (
        "it would cover half a phone"
    )
    await patient.keyboard.press("Escape")
    await expect(panel).to_have_count(0)
    await expect(button).to_be_focused()
    await patient.reload()
    await screen(patient, "visit")
    assert await patient.evaluate("document.documentElement.className") == "large"
    await patient.evaluate("localStorage.clear()")
    await patient.set_viewport_size({"width": DESKTOP["width"], "height": DESKTOP["height"]})
    await patient.get_by_role("button", name="More", exact=True).click()
    stage, beside = await patient.locator(".stage").bounding_box(), await panel.bounding_box()
    assert stage is not None
    assert beside is not None
    assert stage["x"] + stage["width"] <= beside["x"], "no face is behind it"
    await panel.get_by_role("button", name="Full screen").click()
    await patient.wait_for_function("() => document.fullscreenElement !== null")
    await expect(panel.get_by_role("button", name="Full screen")).to_have_attribute("aria-pressed", "true")


# A strict browser, before anybody has tapped this very page.
_STRICT = """
window.tapped = false;
addEventListener('click', ({isTrusted}) => { window.tapped ||= isTrusted; }, true);
const start = HTMLMediaElement.prototype.play;
HTMLMediaElement.prototype.play = function () {
  if (this.muted || window.tapped) return start.call(this);
  this.autoplay = false;
  this.pause();
  return Promise.reject(new DOMException('no tap yet', 'NotAllowedError'));
};
"""


async def test_where_nothing_plays_before_a_tap_one_button_turns_the_sound_on(journey: Journey) -> None:
    journey.script = _STRICT
    patient, _ = await journey.together()
    await patient.reload()
    await screen(patient, "visit")
    button = patient.get_by_role("button", name="Tap to turn on the sound", exact=True)
    await button.wait_for()
    assert await picture_of(patient, PROVIDER_NAME).evaluate("video => video.paused")
    await button.click()
    await expect(button).to_have_count(0)
    await patient.wait_for_function("() => !document.querySelector('video.video-remote').paused")
    await shows(patient, PROVIDER_NAME, PROVIDER)
    await sounds(patient, PROVIDER_NAME, PROVIDER)
