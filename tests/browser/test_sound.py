"""The patient's speaker: a sound that is really played, what to do when nothing was heard, and what staff learn of it."""

from __future__ import annotations

import asyncio

from playwright.async_api import Page

from tests.support.accessibility import Judge
from tests.support.browsers import PATIENT_NAME, Journey, expect, new_page, screen

# What the page plays by an audio element, measured where it leaves the element.
_EARS = """
window.heard = {loudest: 0, seconds: 0, started: 0, route: null};
const play = HTMLMediaElement.prototype.play;
HTMLMediaElement.prototype.play = async function () {
  await play.call(this);
  if (!(this instanceof HTMLAudioElement)) return;
  window.heard.started += 1;
  window.heard.route = {volume: this.volume, muted: this.muted};
  const context = new AudioContext();
  await context.resume();
  const analyser = new AnalyserNode(context, {fftSize: 2048});
  context.createMediaStreamSource(this.captureStream()).connect(analyser);
  const samples = new Float32Array(analyser.fftSize);
  const timer = setInterval(() => {
    analyser.getFloatTimeDomainData(samples);
    window.heard.loudest = Math.max(window.heard.loudest, ...samples.map(Math.abs));
    window.heard.seconds = Math.max(window.heard.seconds, this.currentTime);
    if (this.ended) clearInterval(timer);
  }, 50);
};
"""


async def tap(page: Page, name: str) -> None:
    await page.get_by_role("button", name=name, exact=True).click()


async def listening(journey: Journey) -> Page:
    """The patient's page on a device where no sound was heard yet, at the speaker."""
    page = await new_page(journey.patient_browser, script=_EARS, heard=False)
    await page.goto(journey.demo.link())
    await page.evaluate("window.taps = 0; addEventListener('click', () => window.taps++, true)")
    await tap(page, "Start")
    await tap(page, "Continue")
    await screen(page, "sound")
    return page


async def test_the_first_time_a_sound_is_played_on_the_way_and_three_taps_are_enough(journey: Journey) -> None:
    page = await listening(journey)
    async with asyncio.timeout(10):
        while not await page.evaluate("heard.loudest > 0.3 && heard.seconds > 1"):
            await asyncio.sleep(0.1)
    assert await page.evaluate("heard.route") == {"volume": 1, "muted": False}
    await tap(page, "Yes, I heard it")
    await screen(page, "waiting")
    assert await page.evaluate("window.taps") == 3

    # The same device for its next visit.
    again = await page.context.new_page()
    await again.goto(journey.demo.link("open", 2))
    await again.evaluate("window.taps = 0; addEventListener('click', () => window.taps++, true)")
    await tap(again, "Start")
    await tap(again, "Join")
    await screen(again, "waiting")
    assert await again.evaluate("window.taps") == 2


async def test_a_silent_speaker_gets_its_fixes_keeps_nobody_out_and_is_told_to_staff(journey: Journey) -> None:
    page = await listening(journey)
    await tap(page, "Play sound")
    await page.wait_for_function("() => heard.started === 2")
    await tap(page, "No")
    await expect(page.get_by_role("status").filter(has_text="Turn up the sound of your computer.")).to_be_visible()
    await tap(page, "Try again")
    await page.wait_for_function("() => heard.started === 3")
    await expect(page.get_by_role("button", name="Yes, I heard it", exact=True)).to_be_visible()
    await tap(page, "Join")
    await screen(page, "waiting")
    staff = await journey.staff()
    await staff.get_by_role("listitem").filter(has_text=PATIENT_NAME).click()
    await expect(staff.get_by_text("hears no sound").first).to_be_visible()


async def test_the_speaker_is_open_to_all(journey: Journey) -> None:
    judge = Judge()
    page = await listening(journey)
    await judge.both(page, "sound")
    await judge.fits(page, "sound")
    await tap(page, "No")
    await judge.both(page, "silent speaker")
    await judge.fits(page, "silent speaker")
    assert judge.found == []
