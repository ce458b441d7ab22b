"""Debian's Firefox, the second engine: pages of it are Playwright's, as Chromium's are."""

from __future__ import annotations

import json
import os
import shlex
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from playwright.async_api import Browser, BrowserContext, async_playwright

from tests.support import firefox_process
from tests.support.marks import HEIGHT, RATE, SCREEN, WIDTH, Person
from tests.support.sound_card import sound_card

__all__ = ["FilmedInFirefox", "firefox"]

_PREFERENCES: Final[dict[str, str | float | bool]] = {
    "media.navigator.streams.fake": True,
    "media.navigator.permission.disabled": True,
    "media.autoplay.default": 0,
    # The stand-in for the camera is drawn by a timer, also while another window is in front.
    "dom.min_background_timeout_value": 10,
    "dom.timeout.enable_budget_timer_throttling": False,
    # Nothing is asked of the outside: no plug-ins, experiments or settings.
    "media.gmp-manager.updateEnabled": False,
    "messaging-system.rsexperimentloader.enabled": False,
    "services.settings.server": "data:,",
}

# Firefox takes no file for its fake camera. So the page asks for it in earnest, with the true refusals and settings, and
# then gets a person's marks in place of the two tracks. Sharing the screen would need a person who chooses one.
_STAND_IN: Final = """
(() => {
  const [person, screen, width, height, rate] = MARKS;
  const picture = ({grid}) => {
    const canvas = document.createElement('canvas');
    [canvas.width, canvas.height] = [width, height];
    const context = canvas.getContext('2d');
    const [track] = canvas.captureStream(rate).getTracks();
    let number = 0;
    const draw = () => {
      if (track.readyState === 'ended') return clearInterval(timer);
      grid.forEach((colour, at) => {
        context.fillStyle = `rgb(${colour})`;
        context.fillRect((at % 2) * width / 2, Math.floor(at / 2) * height / 2, width / 2, height / 2);
      });
      context.fillStyle = 'rgb(128, 128, 128)';
      context.fillRect((number++ % rate) * (width - 32) / rate, height / 2 - 8, 32, 16);
    };
    const timer = setInterval(draw, 1000 / rate);
    draw();
    return track;
  };
  const tone = ({hertz}) => {
    const audio = new AudioContext();
    const [oscillator, gain] = [new OscillatorNode(audio, {frequency: hertz}), new GainNode(audio, {gain: .27})];
    const target = audio.createMediaStreamDestination();
    oscillator.connect(gain).connect(target);
    oscillator.start();
    const [track] = target.stream.getTracks();
    const stop = track.stop.bind(track);
    track.stop = () => (stop(), audio.close());
    return track;
  };
  const devices = navigator.mediaDevices;
  if (!devices) return;
  const ask = devices.getUserMedia.bind(devices);
  devices.getUserMedia = async wanted => new MediaStream((await ask(wanted)).getTracks().map(real => {
    const track = real.kind === 'audio' ? tone(person) : picture(person);
    const settings = real.getSettings();
    track.getSettings = () => settings;
    real.stop();
    return track;
  }));
  devices.getDisplayMedia = async () => {
    const track = picture(screen);
    // A test ends it as the browser's bar would; a track's listeners do not hear of made-up events unless they ask for them.
    const listen = track.addEventListener.bind(track);
    track.addEventListener = (type, listener) => listen(type, listener, false, true);
    return new MediaStream([track]);
  };
})();
"""


@dataclass(frozen=True)
class FilmedInFirefox:
    """A Firefox with this person before the camera. One browser serves several people."""

    browser: Browser
    person: Person

    async def new_context(self, **options: Any) -> BrowserContext:
        """Open a context, as another device would be."""
        context = await self.browser.new_context(**options)
        marks = [{"grid": one.grid, "hertz": one.hertz} for one in (self.person, SCREEN)]
        await context.add_init_script(_STAND_IN.replace("MARKS", json.dumps([*marks, WIDTH, HEIGHT, RATE])))
        return context


@asynccontextmanager
async def firefox(folder: Path) -> AsyncIterator[Browser]:
    """Run Firefox without a window. What it needs beside its own profile is put into the folder."""
    program = folder / "firefox"
    program.write_text(f'#!/bin/sh\nexec {shlex.join([sys.executable, firefox_process.__file__])} "$@"\n')
    program.chmod(0o755)
    async with sound_card(folder) as found_by, async_playwright() as playwright:
        browser = await playwright.firefox.launch(
            channel="moz-firefox",
            executable_path=program,
            firefox_user_prefs=_PREFERENCES,
            env={**os.environ, **found_by},
            timeout=90_000,
        )
        try:
            yield browser
        finally:
            await browser.close()
