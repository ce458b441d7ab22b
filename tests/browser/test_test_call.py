"""A test call from a real browser: one sees and hears oneself through the server, and is told what the line is good for."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Final

import aiohttp
import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page

from tests.support.accessibility import Judge
from tests.support.browsers import Device, Journey, chromium, expect, new_page, screen, sees
from tests.support.demo_process import DemoProcess
from tests.support.firefox import FilmedInFirefox, firefox
from tests.support.host_address import host_address
from tests.support.marks import PATIENT
from tests.support.troubles import NO_MEDIA

PICTURE: Final = "Your picture, back from the clinic"

# The sounds that the page plays stand in no document.
_EARS: Final = """
window.__sounds = [];
const RealAudio = Audio;
window.Audio = function () {
  const sound = new RealAudio();
  window.__sounds.push(sound);
  return sound;
};
"""
# The loudest tone of each sound, from when the line is up until this tone is heard.
_LISTEN: Final = """
async hertz => {
  const context = new AudioContext();
  await context.resume();
  const ears = new Map(), bins = new Float32Array(8192), heard = [];
  while (window.__visit.connection !== 'connected') await new Promise(done => setTimeout(done, 20));
  const began = performance.now();
  while (performance.now() - began < 8000) {
    for (const sound of window.__sounds) {
      const track = sound.srcObject?.getAudioTracks()[0];
      if (!track) continue;
      if (!ears.has(track)) {
        const analyser = new AnalyserNode(context, {fftSize: 16384, smoothingTimeConstant: 0});
        context.createMediaStreamSource(new MediaStream([track])).connect(analyser);
        ears.set(track, analyser);
      }
      ears.get(track).getFloatFrequencyData(bins);
      let best = 0;
      for (let at = 1; at < bins.length; at++) if (bins[at] > bins[best]) best = at;
      const tone = best * context.sampleRate / 16384;
      if (bins[best] > -60) heard.push({after_s: (performance.now() - began) / 1000, tone});
      if (Math.abs(tone - hertz) < 4 && bins[best] > -60) return heard;
    }
    await new Promise(done => setTimeout(done, 50));
  }
  return heard;
}
"""


@pytest_asyncio.fixture(params=["chromium", "firefox"], loop_scope="session")
async def caller(request: pytest.FixtureRequest, camera_folder: Path, tmp_path: Path) -> AsyncIterator[Device]:
    """The patient's browser, of each engine."""
    if request.param == "chromium":
        async with chromium(PATIENT, camera_folder) as browser:
            yield browser
    else:
        with host_address():
            async with firefox(tmp_path) as browser:
                yield FilmedInFirefox(browser, PATIENT)


async def begin(browser: Device, demo: DemoProcess, more: str = "") -> Page:
    page = await new_page(browser, script=_EARS + more)
    await page.goto(f"{demo.base_url}/test")
    await screen(page, "start")
    await page.get_by_role("button", name="Start", exact=True).click()
    return page


async def test_one_sees_and_hears_oneself_and_is_told_that_the_line_is_good(demo: DemoProcess, caller: Device) -> None:
    page = await begin(caller, demo)
    await screen(page, "sound")
    heard = await page.evaluate(_LISTEN, PATIENT.hertz)
    own = [one["after_s"] for one in heard if abs(one["tone"] - PATIENT.hertz) < 4]
    assert own, "the own sound"
    assert min(own) > 1.9
    assert any(abs(one["tone"] - 988) < 6 for one in heard), "the prompt's second note"
    assert await sees(page, PICTURE, PATIENT)
    await screen(page, "ended")
    await expect(page.get_by_role("heading", level=1)).to_have_text("You are ready for a video visit")
    await page.get_by_role("button", name="Yes, I heard it").click()
    await expect(page.get_by_text("Your sound works.")).to_be_visible()
    await page.get_by_role("button", name="Try again", exact=True).click()
    await screen(page, "sound")


async def test_the_devices_are_let_go_of_at_the_end(demo: DemoProcess, patient_browser: Browser) -> None:
    watch = """
    const open = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
    window.__tracks = [];
    navigator.mediaDevices.getUserMedia = async wanted => {
      const stream = await open(wanted);
      window.__tracks.push(...stream.getTracks());
      return stream;
    };
    """
    page = await begin(patient_browser, demo, more=watch)
    await screen(page, "ended")
    assert await page.evaluate("window.__tracks.map(track => track.readyState)") == ["live", "live"]
    await page.get_by_role("button", name="No", exact=True).click()
    await expect(page.get_by_role("heading", name="You did not hear yourself")).to_be_visible()
    assert await page.evaluate("window.__tracks.map(track => track.readyState)") == ["ended", "ended"]
    async with aiohttp.ClientSession() as http, http.get(f"{demo.base_url}/metrics") as answer:
        assert "video_visit_media_test_calls 0.0" in await answer.text()


async def test_a_network_that_lets_no_media_through_is_told_apart(demo: DemoProcess, patient_browser: Browser) -> None:
    page = await begin(patient_browser, demo, more=NO_MEDIA)
    await screen(page, "sound")
    await page.wait_for_function("() => window.__visit.screen === 'ended'", timeout=20_000)
    await expect(page.get_by_role("heading", level=1)).to_have_text("Your network blocks the video")
    await expect(page.get_by_role("link", name="Call 555-0100")).to_be_visible()


async def test_a_blocked_camera_is_told_with_its_fix(demo: DemoProcess, camera_folder: Path) -> None:
    async with chromium(PATIENT, camera_folder, deny=True) as barred:
        page = await begin(barred, demo)
        await expect(page.get_by_role("heading", name="Your camera and microphone are blocked")).to_be_visible()
        await expect(page.get_by_role("button", name="Try again", exact=True)).to_be_visible()


async def test_all_screens_are_open_to_all(demo: DemoProcess, patient_browser: Browser) -> None:
    judge = Judge()
    page = await judge.open(patient_browser, f"{demo.base_url}/test")
    await screen(page, "start")
    await judge.both(page, "test, start")
    await judge.fits(page, "test, start")
    await page.get_by_role("button", name="Start", exact=True).click()
    await screen(page, "sound")
    await judge.axe(page, "test, call")
    await screen(page, "ended")
    await judge.both(page, "test, result")
    await judge.fits(page, "test, result")
    await page.get_by_role("button", name="No", exact=True).click()
    await judge.both(page, "test, result without sound")
    assert judge.found == []


@pytest.mark.parametrize("state", ["open", "early"])
async def test_the_patients_page_tests_the_network_by_itself(journey: Journey, state: str) -> None:
    """Before the join window without a session, and with one beside the device check."""
    page = await new_page(journey.patient_browser)
    reports: list[str] = []
    page.on(
        "request", lambda asked: reports.append(asked.post_data or "") if asked.url.endswith("/readiness") else None
    )
    await page.goto(journey.demo.link(state))
    name = "Start" if state == "open" else "Test camera and microphone"
    await page.get_by_role("button", name=name, exact=True).click()
    await expect(page.get_by_text("We check your connection…")).to_be_visible()
    await expect(page.get_by_text("Your connection is good.")).to_be_visible(timeout=20_000)
    assert any(json.loads(one)["report"]["network"] == "good" for one in reports)
    async with aiohttp.ClientSession() as http, http.get(f"{journey.demo.base_url}/metrics") as answer:
        assert "video_visit_media_test_calls 0.0" in await answer.text()


async def test_a_weak_connection_offers_sound_only_and_holds_nobody_up(journey: Journey) -> None:
    weak = """
    const send = WebSocket.prototype.send;
    WebSocket.prototype.send = function (text) {
      return send.call(this, typeof text === 'string' ? text.replace(/"loss":[^,]+/, '"loss":0.4') : text);
    };
    """
    page = await new_page(journey.patient_browser, script=weak)
    await page.goto(journey.demo.link())
    await page.get_by_role("button", name="Start", exact=True).click()
    await expect(page.get_by_role("button", name="Join", exact=True)).to_be_visible()
    await expect(page.get_by_text("Your connection is too weak for video.")).to_be_visible(timeout=20_000)
    await page.get_by_role("button", name="Sound only", exact=True).click()
    await expect(page.get_by_text("Sound only: we can hear you, but not see you.")).to_be_visible()
    await page.get_by_role("button", name="Join", exact=True).click()
    await screen(page, "waiting")
