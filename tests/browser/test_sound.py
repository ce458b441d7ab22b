"""The patient's speaker: a sound that is really played, what to do when nothing was heard, and what staff learn of it."""

from __future__ import annotations

import asyncio

from playwright.async_api import Page

from tests.support.accessibility import Judge
from tests.support.browsers import PATIENT_NAME, Journey, expect, new_page, screen
from tests.support.marks import PATIENT

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

# The sound of a call in the element that plays it, and each call that the page has made.
_OWN_EARS = """
window.calls = [];
const RealConnection = RTCPeerConnection;
window.RTCPeerConnection = function (configuration) {
  const call = new RealConnection(configuration);
  window.calls.push(call);
  return call;
};
const start = HTMLMediaElement.prototype.play;
HTMLMediaElement.prototype.play = function () {
  if (this instanceof HTMLAudioElement && this.srcObject) window.echo = this;
  return start.call(this);
};
"""
_TONE = """
async () => {
  if (!window.echo?.srcObject) return 0;
  if (!window.ear) {
    const context = new AudioContext();
    await context.resume();
    window.ear = new AnalyserNode(context, {fftSize: 16384, smoothingTimeConstant: 0});
    context.createMediaStreamSource(new MediaStream(window.echo.srcObject.getAudioTracks())).connect(window.ear);
  }
  const bins = new Float32Array(window.ear.frequencyBinCount);
  window.ear.getFloatFrequencyData(bins);
  let best = 0;
  for (let at = 1; at < bins.length; at++) if (bins[at] > bins[best]) best = at;
  return bins[best] > -60 ? best * window.ear.context.sampleRate / 16384 : 0;
}
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


async def test_a_browser_that_plays_nothing_keeps_nobody_out(journey: Journey) -> None:
    mute = "HTMLMediaElement.prototype.play = () => Promise.reject(new DOMException('', 'NotSupportedError'));"
    page = await new_page(journey.patient_browser, heard=False, script=mute)
    await page.goto(journey.demo.link())
    for name in ("Start", "Continue", "Play sound", "No", "Try again", "Join"):
        await tap(page, name)
    await screen(page, "waiting")


async def test_the_speaker_is_open_to_all(journey: Journey) -> None:
    judge = Judge()
    page = await listening(journey)
    await judge.both(page, "sound")
    await judge.fits(page, "sound")
    await tap(page, "No")
    await judge.both(page, "silent speaker")
    await judge.fits(page, "silent speaker")
    assert judge.found == []


async def test_who_wants_to_hears_their_own_voice_in_one_call_and_nothing_of_it_is_left(journey: Journey) -> None:
    judge = Judge()
    page = await judge.open(journey.patient_browser, journey.demo.link(), script=_OWN_EARS, heard=False)
    await tap(page, "Start")
    await tap(page, "Continue")
    await screen(page, "sound")
    # The network test's own call is there already.
    await page.wait_for_function("() => window.calls.length === 1")
    await tap(page, "Hear yourself")
    await expect(page.get_by_role("status").filter(has_text="Say a few words.")).to_be_visible()
    async with asyncio.timeout(15):
        while abs(await page.evaluate(_TONE) - PATIENT.hertz) > 4:
            await asyncio.sleep(0.2)
    assert await page.evaluate("!echo.paused && !echo.muted && echo.volume === 1 && echo.currentTime > 0")
    assert await page.evaluate("window.calls.length") == 1
    await expect(page.get_by_role("button", name="Join", exact=True)).to_be_visible()
    await judge.both(page, "own voice")
    await judge.fits(page, "own voice")
    await tap(page, "No")
    await expect(page.get_by_role("heading", name="Did you not hear yourself? Try this")).to_be_visible()
    await judge.both(page, "own voice not heard")
    await judge.fits(page, "own voice not heard")
    assert judge.found == []
    await tap(page, "Yes, I heard it")
    await screen(page, "waiting")
    await page.wait_for_function("() => window.calls[0].signalingState === 'closed' && window.echo.srcObject === null")
    staff = await journey.staff()
    await staff.get_by_role("listitem").filter(has_text=PATIENT_NAME).click()
    await expect(staff.get_by_text("Heard their own voice in the test.")).to_be_visible()
