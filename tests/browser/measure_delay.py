"""Measures what the relay adds to the way of a picture: canvas to screen through the relay and over a direct connection.

``make bench`` runs it; prints JSON lines. The same two Chromium pages hold both connections at once and send the same picture
over both, so that whatever else the machine does is in both figures. The picture tells its own time: epoch milliseconds in Gray
code, one block a bit. No sound is sent on either: a browser would hold the picture back until its sound is there.
"""

from __future__ import annotations

import asyncio
import json
import os
import statistics
import sys
import tempfile
from pathlib import Path
from typing import Any, Final

from playwright.async_api import Page

from tests.support.browsers import Journey, chromium, screen
from tests.support.demo_process import DemoProcess
from tests.support.marks import PATIENT, PROVIDER

WARM_UP_S: Final = 8
MEASURED_S: Final = 30

# The camera is a canvas that is drawn anew every 33 ms. What a video shows is read at the moment at which it is presented.
_CLOCK: Final = """
(() => {
const BITS = 15, SIZE = 20, now = () => performance.timeOrigin + performance.now();
const canvas = document.createElement('canvas');
[canvas.width, canvas.height] = [320, 240];
const pen = canvas.getContext('2d');
setInterval(() => {
  const moment = Math.floor(now()) & ((1 << BITS) - 1), gray = moment ^ (moment >> 1);
  pen.fillStyle = '#808080';
  pen.fillRect(0, 0, 320, 240);
  for (let bit = 0; bit < BITS; bit++) {
    pen.fillStyle = gray >> bit & 1 ? '#fff' : '#000';
    pen.fillRect(bit * SIZE, 0, SIZE, 240);
  }
}, 33);
const camera = canvas.captureStream(30).getVideoTracks()[0];
const ask = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
navigator.mediaDevices.getUserMedia = async wanted => {
  const given = await ask(wanted);
  for (const track of given.getVideoTracks()) {
    given.removeTrack(track);
    track.stop();
    given.addTrack(camera.clone());
  }
  return given;
};
const replace = RTCRtpSender.prototype.replaceTrack;
RTCRtpSender.prototype.replaceTrack = function (track) { return replace.call(this, track?.kind === 'audio' ? null : track); };
const watch = (video, delays) => {
  const small = document.createElement('canvas');
  [small.width, small.height] = [320, 1];
  const eye = small.getContext('2d', {willReadFrequently: true});
  const shown = () => {
    const seen = now();
    eye.drawImage(video, 0, video.videoHeight / 2, video.videoWidth, 1, 0, 0, 320, 1);
    const row = eye.getImageData(0, 0, 320, 1).data;
    let gray = 0, moment = 0;
    for (let bit = 0; bit < BITS; bit++) if (row[4 * (bit * SIZE + SIZE / 2)] > 128) gray |= 1 << bit;
    for (; gray; gray >>= 1) moment ^= gray;
    delays.push((Math.floor(seen) - moment) & ((1 << BITS) - 1));
    video.requestVideoFrameCallback(shown);
  };
  video.requestVideoFrameCallback(shown);
};
const clock = window.__clock = {relay: [], direct: [], connection: null};
const watched = new WeakSet();
setInterval(() => {
  for (const video of document.querySelectorAll('video.video-remote')) {
    if (watched.has(video)) continue;
    watched.add(video);
    watch(video, clock.relay);
  }
}, 50);
const gathered = connection => new Promise(done => {
  if (connection.iceGatheringState === 'complete') return done();
  connection.addEventListener('icegatheringstatechange', () => connection.iceGatheringState === 'complete' && done());
});
// One step of a call without a server: gives an offer, an answer to one, or takes an answer.
clock.step = async theirs => {
  const connection = clock.connection ??= (() => {
    const made = new RTCPeerConnection();
    const video = Object.assign(document.createElement('video'), {autoplay: true});
    Object.assign(video.style, {position: 'fixed', right: 0, bottom: 0, width: '160px', height: '120px', zIndex: 9});
    document.body.append(video);
    made.addEventListener('track', ({track}) => { video.srcObject = new MediaStream([track]); });
    watch(video, clock.direct);
    made.addTrack(camera.clone());
    return made;
  })();
  if (theirs) await connection.setRemoteDescription(theirs);
  if (theirs?.type === 'answer') return null;
  await connection.setLocalDescription();
  await gathered(connection);
  return connection.localDescription.toJSON();
};
})();
"""


async def measure() -> None:
    """Run and print."""
    with tempfile.TemporaryDirectory() as folder:
        demo = DemoProcess(Path(folder) / "demo")
        await demo.start()
        try:
            async with chromium(PATIENT, Path(folder)) as first, chromium(PROVIDER, Path(folder)) as second:
                journey = Journey(demo, first, second, script=_CLOCK)
                patient, staff = await journey.wait(), await journey.staff()
                await journey.admit(staff)
                await screen(patient, "visit")
                await _measure(patient, staff)
        finally:
            await demo.stop()


async def _measure(patient: Page, staff: Page) -> None:
    theirs: Any = None
    for page in (patient, staff, patient):
        theirs = await page.evaluate("theirs => window.__clock.step(theirs)", theirs)
    for page in (patient, staff):
        await page.wait_for_function("() => window.__clock.relay.length > 30 && window.__clock.direct.length > 30")
    await asyncio.sleep(WARM_UP_S)
    for page in (patient, staff):
        await page.evaluate("() => { window.__clock.relay.length = window.__clock.direct.length = 0; }")
    await asyncio.sleep(MEASURED_S)
    delays = {way: [*await _delays(patient, way), *await _delays(staff, way)] for way in ("relay", "direct")}
    added = {}
    for way, found in delays.items():
        for label, value in zip(("p50", "p95"), quantiles(found), strict=True):
            report(f"picture_delay_{way}_{label}", value, len(found))
            added[label, way] = value
    for label in ("p50", "p95"):
        report(
            f"picture_delay_added_by_relay_{label}",
            added[label, "relay"] - added[label, "direct"],
            len(delays["relay"]),
        )


async def _delays(page: Page, way: str) -> list[float]:
    found: list[float] = await page.evaluate("way => window.__clock[way]", way)
    return found


def quantiles(values: list[float]) -> tuple[float, float]:
    """The middle one, and the one that 95 of 100 do not exceed."""
    cuts = statistics.quantiles(values, n=20)
    return cuts[9], cuts[18]


def report(name: str, value: float, pictures: int) -> None:
    """Print one figure."""
    conditions = {
        "pictures": pictures,
        "peers": "Chromium, this machine, both connections at once",
        "network": "loopback",
        "load": round(os.getloadavg()[0], 1),
    }
    sys.stdout.write(
        json.dumps({"name": name, "value": round(value, 1), "unit": "ms", "conditions": conditions}) + "\n"
    )


if __name__ == "__main__":
    asyncio.run(measure())
