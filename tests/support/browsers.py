"""Real browsers with a person's camera and microphone, and what a test asks of its pages."""

from __future__ import annotations

import asyncio
import json
import os
import re
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Protocol

import aiohttp
from playwright.async_api import Browser, BrowserContext, Locator, Page, async_playwright, expect

from tests.support.demo_process import DemoProcess
from tests.support.marks import GUEST, HEIGHT, PATIENT, PROVIDER, WIDTH, Filmed, Person, write_camera, write_microphone

__all__ = [
    "DESKTOP",
    "GUEST_NAME",
    "PATIENT_NAME",
    "PHONE",
    "PROVIDER_NAME",
    "WATCHED",
    "Device",
    "Journey",
    "chromium",
    "expect",
    "frames",
    "hears",
    "new_page",
    "picture_of",
    "screen",
    "sees",
    "shows",
    "sign_in",
    "sounds",
]

PATIENT_NAME: Final = "Sample Patient"
PROVIDER_NAME: Final = "Dr. Sample Provider"
GUEST_NAME: Final = "Sample Interpreter"

PHONE: Final = {"width": 390, "height": 844}
DESKTOP: Final = {"width": 1280, "height": 800}

_FLAGS: Final = [
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"),
    *("--disable-component-update", "--disable-sync"),
    "--autoplay-policy=no-user-gesture-required",
]

# Keeps every peer connection and shared track where a test finds them; `narrow` makes the way out look like 60 kbit/s behind a
# queue.
WATCHED: Final = """
window.peers = [];
window.RTCPeerConnection = class extends RTCPeerConnection {
  constructor(...given) { super(...given); window.peers.push(this); }
  async getStats(...given) {
    const report = await super.getStats(...given);
    if (!window.narrow) return report;
    return new Map([...report].map(([id, entry]) =>
      [id, entry.type === 'candidate-pair' ? {...entry, availableOutgoingBitrate: 60000, currentRoundTripTime: 0.6}
        : entry]));
  }
};
const show = navigator.mediaDevices?.getDisplayMedia?.bind(navigator.mediaDevices);
if (show) navigator.mediaDevices.getDisplayMedia = async wanted => {
  const stream = await show(wanted);
  window.shared = stream.getVideoTracks()[0];
  return stream;
};
"""

# The page may be one where nothing can be kept.
_HEARD_BEFORE: Final = (
    "try { localStorage.getItem('visit.heard') ?? localStorage.setItem('visit.heard', ''); } catch {}\n"
)

# A steady tone is noise to the browser's own filters, which would take it away.
_RAW_SOUND: Final = """
const ask = navigator.mediaDevices?.getUserMedia.bind(navigator.mediaDevices);
if (ask) navigator.mediaDevices.getUserMedia = wanted => {
  const raw = {echoCancellation: false, noiseSuppression: false, autoGainControl: false};
  if (wanted?.audio) wanted = {...wanted, audio: {...(wanted.audio === true ? {} : wanted.audio), ...raw}};
  return ask(wanted);
};
"""

_SAMPLE_PICTURE: Final = """
(video, [width, height]) => {
  if (!video.videoWidth) return null;
  const canvas = document.createElement('canvas');
  [canvas.width, canvas.height] = [width, height];
  const context = canvas.getContext('2d', {willReadFrequently: true});
  context.drawImage(video, 0, 0, width, height);
  return [[.2, .2], [.8, .2], [.2, .8], [.8, .8]].map(([x, y]) =>
    Array.from(context.getImageData(Math.round(x * width), Math.round(y * height), 1, 1).data.slice(0, 3)));
}
"""

# Firefox leaves getVideoPlaybackQuality at nothing for a stream.
_COUNT_PICTURES: Final = """
video => {
  if (video.__shown === undefined) {
    video.__shown = 0;
    const next = () => video.requestVideoFrameCallback(() => (video.__shown += 1, next()));
    next();
  }
  return video.__shown;
}
"""

_SAMPLE_SOUND: Final = """
async video => {
  const tracks = video.srcObject?.getAudioTracks() ?? [];
  if (!tracks.length) return null;
  const context = window.__ears ??= new AudioContext();
  await context.resume();
  const analyser = new AnalyserNode(context, {fftSize: 16384, smoothingTimeConstant: 0});
  const source = context.createMediaStreamSource(new MediaStream([tracks[0]]));
  source.connect(analyser);
  await new Promise(done => setTimeout(done, 500));
  const bins = new Float32Array(analyser.frequencyBinCount);
  analyser.getFloatFrequencyData(bins);
  source.disconnect();
  let best = 0;
  for (let at = 1; at < bins.length; at++) if (bins[at] > bins[best]) best = at;
  return {hertz: best * context.sampleRate / analyser.fftSize, decibels: bins[best]};
}
"""


class Device(Protocol):
    """What opens pages with one person before the camera: a Playwright browser, of whichever engine."""

    async def new_context(self, *_: Any, **options: Any) -> BrowserContext:
        """Open a context, as another device of that person would be."""


@asynccontextmanager
async def chromium(
    person: Filmed | None,
    folder: Path,
    *,
    deny: bool = False,
    film: tuple[Path, Path] | None = None,
    cameras: int = 1,
    more: tuple[str, ...] = (),
) -> AsyncIterator[Browser]:
    """Run Chromium with this person before the camera; with nobody, Chromium's own test picture. ``deny`` refuses every prompt.

    ``film`` are a Y4M and a WAV file to show and to play instead of the person's own picture and tone. With nobody before it
    there may be several ``cameras``. ``more`` are switches of Chromium.
    """
    flags = [
        *_FLAGS,
        *more,
        f"--use-fake-device-for-media-stream=device-count={cameras}",
        "--use-fake-ui-for-media-stream" + ("=deny" if deny else ""),
    ]
    if person is not None:
        camera, microphone = film or (folder / f"{person.hertz}.y4m", folder / f"{person.hertz}.wav")
        if film is None:
            write_camera(person, camera)
            write_microphone(person, microphone)
        flags += [f"--use-file-for-fake-video-capture={camera}", f"--use-file-for-fake-audio-capture={microphone}"]
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=shutil.which("chromium"), args=flags)
        try:
            yield browser
        finally:
            await browser.close()


async def new_page(
    browser: Device, viewport: dict[str, int] = PHONE, *, script: str = "", heard: bool = True, **options: Any
) -> Page:
    """Open a page in a context of its own (as another device would be); ``script`` runs before the page's own.

    On this device a sound was ``heard`` on an earlier day, so that nobody is asked for it on the way to the waiting room.
    """
    context: BrowserContext = await browser.new_context(
        viewport={"width": viewport["width"], "height": viewport["height"]}, **({"locale": "en-US"} | options)
    )
    context.set_default_timeout(15_000)
    await context.add_init_script((_HEARD_BEFORE if heard else "") + _RAW_SOUND + script)
    page = await context.new_page()
    # Shown by pytest when the test fails.
    if "PYTEST_CURRENT_TEST" in os.environ:
        page.on("pageerror", lambda error: print("page error:", error))
        page.on("console", lambda line: print("console:", line.text) if line.type in {"error", "warning"} else None)
    return page


async def screen(page: Page, name: str) -> None:
    """Wait until the probe names this screen."""
    await page.wait_for_function("name => window.__visit?.screen === name", arg=name)


async def sign_in(page: Page, base_url: str, username: str, password: str) -> None:
    """Sign a member of staff in and wait for the queue."""
    await page.goto(f"{base_url}/care")
    await page.get_by_label("Username").fill(username)
    await page.get_by_label("Password").fill(password)
    await page.get_by_role("button", name="Sign in").click()
    await screen(page, "queue")


def picture_of(page: Page, name: str) -> Locator:
    """The video of this accessible name."""
    return page.locator(f"video[aria-label={json.dumps(name, ensure_ascii=False)}]")


async def sees(page: Page, name: str, person: Person) -> bool:
    """Whether the video of this accessible name shows this person's grid."""
    found = await picture_of(page, name).evaluate(_SAMPLE_PICTURE, [WIDTH, HEIGHT])
    if found is None:
        return False
    return all(
        abs(seen - meant) < 60
        for corner, colour in zip(found, person.grid, strict=True)
        for seen, meant in zip(corner, colour, strict=True)
    )


async def hears(page: Page, name: str, person: Person) -> bool:
    """Whether the sound that comes with this video is this person's tone."""
    found = await picture_of(page, name).evaluate(_SAMPLE_SOUND)
    return found is not None and abs(found["hertz"] - person.hertz) < 8 and found["decibels"] > -60


async def frames(page: Page, name: str) -> int:
    """How many pictures this video has shown since this was first asked."""
    return int(await picture_of(page, name).evaluate(_COUNT_PICTURES))


async def shows(page: Page, name: str, person: Person, *, within_s: float = 15) -> None:
    """Wait until the video of this name shows this person's marks, in pictures that move."""
    async with asyncio.timeout(within_s):
        await picture_of(page, name).wait_for(state="attached")
        while not await sees(page, name, person):
            await asyncio.sleep(0.1)
        shown = await frames(page, name)
        while await frames(page, name) <= shown:
            await asyncio.sleep(0.05)


async def sounds(page: Page, name: str, person: Person, *, within_s: float = 15) -> None:
    """Wait until what is heard with the video of this name is this person's tone."""
    async with asyncio.timeout(within_s):
        while not await hears(page, name, person):
            await asyncio.sleep(0.1)


@dataclass
class Journey:
    """A visit between a patient's phone and a provider's desktop, step by step."""

    demo: DemoProcess
    patient_browser: Device
    provider_browser: Device
    script: str = ""

    async def wait(self, link: str | None = None, **options: Any) -> Page:
        """Go from the link to the waiting room as a patient does: two taps."""
        page = await new_page(self.patient_browser, script=self.script, **options)
        await page.goto(link or self.demo.link())
        await page.get_by_role("button", name="Start", exact=True).click()
        await screen(page, "devices")
        await page.get_by_role("button", name="Join", exact=True).click()
        await screen(page, "waiting")
        return page

    async def staff(self, role: str = "provider") -> Page:
        """Sign in on the desktop."""
        page = await new_page(self.provider_browser, DESKTOP, script=self.script)
        await sign_in(page, self.demo.base_url, *self.demo.staff(role))
        return page

    async def admit(self, staff: Page, name: str = PATIENT_NAME) -> None:
        """Choose the patient in the queue and let them in."""
        await staff.get_by_role("listitem").filter(has_text=name).click()
        await staff.get_by_role("button", name="Admit", exact=True).click()
        await screen(staff, "visit")

    async def together(self) -> tuple[Page, Page]:
        """A patient and a provider who see each other."""
        patient, staff = await asyncio.gather(self.wait(), self.staff())
        await self.admit(staff)
        await screen(patient, "visit")
        await self.see_each_other(patient, staff)
        return patient, staff

    async def joined_by(self, staff: Page, browser: Device, role: str = "interpreter", **options: Any) -> Page:
        """Somebody whom staff invite and let in from within the visit."""
        await staff.get_by_role("button", name="Invite", exact=True).click()
        dialog = staff.get_by_role("dialog")
        await dialog.get_by_label("They come as").select_option(role)
        await dialog.get_by_label("Name").fill(GUEST_NAME)
        await dialog.get_by_role("button", name="Invite", exact=True).click()
        link = await dialog.get_by_label("Link", exact=True).input_value()
        await dialog.get_by_role("button", name="Done", exact=True).click()
        page = await new_page(browser, script=self.script, **options)
        await page.goto(link)
        await page.get_by_role("button", name="Start", exact=True).click()
        await screen(page, "devices")
        await page.get_by_role("button", name="Join", exact=True).click()
        await screen(page, "waiting")
        await staff.get_by_role("button", name="Admit", exact=True).click()
        await screen(page, "visit")
        return page

    async def see_each_other(self, patient: Page, staff: Page, *, within_s: float = 15) -> None:
        """Wait until each shows the other's marks, in pictures that move."""
        await shows(patient, PROVIDER_NAME, PROVIDER, within_s=within_s)
        await shows(staff, PATIENT_NAME, PATIENT, within_s=within_s)

    async def three(self, guest_browser: Device) -> tuple[Page, Page, Page]:
        """A patient, a provider and an interpreter who see each other."""
        patient, staff = await self.together()
        guest = await self.joined_by(staff, guest_browser)
        await self.all_see_each_other(patient, staff, guest)
        return patient, staff, guest

    async def all_see_each_other(self, patient: Page, staff: Page, guest: Page) -> None:
        """Wait until each of three shows both others."""
        seen = {patient: (PATIENT_NAME, PATIENT), staff: (PROVIDER_NAME, PROVIDER), guest: (GUEST_NAME, GUEST)}
        for page in seen:
            for other, (name, person) in seen.items():
                if other is not page:
                    await shows(page, name, person)

    async def forwarded(self) -> int:
        """How many packets the relay has forwarded so far, as operators see it."""
        async with aiohttp.ClientSession() as http, http.get(f"{self.demo.base_url}/metrics") as answer:
            text = await answer.text()
        found = re.search(r"^video_visit_media_packets_forwarded_total (\S+)$", text, re.MULTILINE)
        assert found is not None
        return int(float(found[1]))
