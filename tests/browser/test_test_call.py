"""A test call from a real browser: one sees and hears oneself through the server, and is told what the line is good for."""

from __future__ import annotations

from typing import Any, Final

from playwright.async_api import Browser, Page

from tests.support.browsers import expect, new_page, screen, sees
from tests.support.demo_process import DemoProcess
from tests.support.marks import PATIENT

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


async def begin(browser: Browser, demo: DemoProcess, **options: Any) -> Page:
    page = await new_page(browser, script=_EARS, **options)
    await page.goto(f"{demo.base_url}/test")
    await screen(page, "start")
    await page.get_by_role("button", name="Start", exact=True).click()
    return page


async def test_one_sees_and_hears_oneself_and_is_told_that_the_line_is_good(
    demo: DemoProcess, patient_browser: Browser
) -> None:
    page = await begin(patient_browser, demo)
    await screen(page, "sound")
    heard = await page.evaluate(_LISTEN, PATIENT.hertz)
    own = [one["after_s"] for one in heard if abs(one["tone"] - PATIENT.hertz) < 4]
    assert own, "the own sound"
    assert min(own) > 1.9
    assert any(abs(one["tone"] - 988) < 6 for one in heard), "the prompt's second note"
    assert await sees(page, PICTURE, PATIENT)
    await screen(page, "ended")
    await expect(page.get_by_role("heading", level=1)).to_have_text("You are ready for a video visit")
    assert await sees(page, PICTURE, PATIENT), "it goes on until the person has said what they heard"
    await page.get_by_role("button", name="Yes, I heard it").click()
    await expect(page.get_by_text("Your sound works.")).to_be_visible()
    await page.get_by_role("button", name="Try again", exact=True).click()
    await screen(page, "sound")
