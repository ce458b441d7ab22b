"""A visit of two Chromium pages over two troubled paths, and what each of them makes of it."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager, nullcontext
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any, Final

from playwright.async_api import Browser, Page

from loadtests.troubled_link import Conditions
from loadtests.troubled_path import LOCAL, TroubledPath
from tests.support.browsers import Device, Journey, chromium, screen
from tests.support.demo_process import DemoProcess
from tests.support.films import write_film, write_voice
from tests.support.marks import PATIENT, PROVIDER, Person

DELAY_S: Final = 0.02
"""One way, on each of the two hops; so the two pages are 80 ms of round trip apart."""

WARM_UP_S: Final = 8
SETTLE_S: Final = 5
WINDOW_S: Final = 15
FREEZE_S: Final = 0.3

# The page is told the path's port in place of the node's, keeps its connections where a test finds them, and notes its figures
# four times a second and each picture that is shown.
_WATCH: Final = """
window.__rig = {port: PORT, connection: null, made: 0, samples: [], pictures: []};
const now = () => performance.timeOrigin + performance.now();
const Native = RTCPeerConnection;
window.RTCPeerConnection = class extends Native {
  constructor(...given) {
    super(...given);
    window.__rig.connection = this;
    window.__rig.made += 1;
    const take = this.setRemoteDescription.bind(this);
    this.setRemoteDescription = ({type, sdp}) => take({type, sdp: sdp
      .replace(/^a=candidate:(?!.* 127\\.0\\.0\\.1 ).*\\r\\n/gm, '')
      .replace(/ 127\\.0\\.0\\.1 \\d+ typ host/g, ` HOST ${window.__rig.port} typ host`)});
  }
};
const wanted = {
  'inbound-rtp': ['kind', 'framesDecoded', 'freezeCount', 'totalFreezesDuration', 'packetsReceived', 'packetsLost', 'nackCount',
    'pliCount', 'bytesReceived', 'frameWidth', 'totalSamplesReceived', 'concealedSamples', 'silentConcealedSamples', 'jitter',
    'jitterBufferDelay', 'jitterBufferEmittedCount', 'keyFramesDecoded', 'framesDropped', 'retransmittedPacketsReceived',
    'fecPacketsReceived'],
  'outbound-rtp': ['kind', 'bytesSent', 'packetsSent', 'frameWidth', 'framesPerSecond', 'retransmittedPacketsSent', 'targetBitrate',
    'qualityLimitationReason', 'keyFramesEncoded', 'nackCount', 'pliCount', 'framesSent'],
  'media-source': ['kind', 'frames'],
  'remote-inbound-rtp': ['kind', 'fractionLost', 'roundTripTime'],
  'candidate-pair': ['availableOutgoingBitrate', 'currentRoundTripTime'],
};
setInterval(async () => {
  const connection = window.__rig.connection;
  if (connection?.connectionState !== 'connected' && connection?.connectionState !== 'disconnected') return;
  const report = await connection.getStats();
  const sample = {at: now()}, busiest = {};
  for (const entry of report.values()) {
    const names = wanted[entry.type];
    if (names === undefined || (entry.type === 'candidate-pair' && !entry.nominated)) continue;
    const key = entry.kind === undefined ? entry.type : `${entry.type}:${entry.kind}`;
    // A screen has a line of its own, which is idle here.
    const moved = entry.bytesSent ?? entry.bytesReceived ?? entry.frames ?? 0;
    if (sample[key] !== undefined && moved <= (busiest[key] ?? 0)) continue;
    busiest[key] = moved;
    for (const name of names) if (entry[name] !== undefined) (sample[key] ??= {})[name] = entry[name];
  }
  window.__rig.samples.push(sample);
}, 250);
const watched = new WeakSet();
setInterval(() => {
  for (const video of document.querySelectorAll('video.video-remote')) {
    if (watched.has(video)) continue;
    watched.add(video);
    const shown = () => { window.__rig.pictures.push(now()); video.requestVideoFrameCallback(shown); };
    video.requestVideoFrameCallback(shown);
  }
}, 50);
"""


def watch(port: int, host: str = LOCAL) -> str:
    """The script of a page that reaches the node at this port of this address."""
    return _WATCH.replace("PORT", str(port)).replace("HOST", host)


_MOVES: Final = """
since => {
  const {pictures, samples} = window.__rig;
  const sound = samples.filter(one => one.at > since).map(one => one['inbound-rtp:audio']?.packetsReceived ?? 0);
  return pictures.filter(at => at > since).length >= 10 && sound.length > 1 && sound.at(-1) > sound[0];
}
"""


@dataclass(frozen=True, slots=True)
class Trial:
    """What happens to both hops in both directions from one moment on."""

    conditions: Conditions
    cut_s: float = 0.0
    warm_up_s: float = WARM_UP_S
    settle_s: float = SETTLE_S
    window_s: float = WINDOW_S


def _hop(**troubles: Any) -> Trial:
    return Trial(Conditions(delay_s=DELAY_S, **troubles))


CONDITIONS: Final[dict[str, Trial]] = {
    "clean": _hop(),
    "loss 5 %": _hop(loss=0.05),
    "loss 10 %": _hop(loss=0.1),
    "loss 20 %": _hop(loss=0.2),
    "300 kbit/s": _hop(bits_per_s=300_000),
    "80 kbit/s": _hop(bits_per_s=80_000),
    "2 s burst": Trial(Conditions(delay_s=DELAY_S), cut_s=2, settle_s=0),
    "jitter 300 ms": _hop(jitter_s=0.3),
}


@dataclass
class TroubledVisit:
    """A patient and a provider in a visit, each behind a path of their own."""

    journey: Journey
    patient: Page
    staff: Page
    paths: tuple[TroubledPath, TroubledPath]

    async def measure(self, name: str, trial: Trial) -> list[dict[str, Any]]:
        """Begin the visit anew on a clean line, then bring the trouble; returns the figures of both directions."""
        await self.begin()
        await asyncio.sleep(trial.warm_up_s)
        for path in self.paths:
            path.trouble(trial.conditions)
            if trial.cut_s:
                path.cut(trial.cut_s)
        begun = await self.patient.evaluate("() => performance.timeOrigin + performance.now()")
        await asyncio.sleep(trial.settle_s + trial.window_s + 0.3)
        for path in self.paths:
            path.trouble(Conditions(delay_s=DELAY_S))
        noted = [await page.evaluate("() => window.__rig") for page in (self.patient, self.staff)]
        lines = []
        for label, from_, to in (("to patient", noted[1], noted[0]), ("to staff", noted[0], noted[1])):
            figures = judge(from_, to, begun, trial)
            lines.append({"condition": name, "direction": label, "load": round(os.getloadavg()[0], 1)} | figures)
        return lines

    async def begin(self) -> None:
        """Admit the patient on a clean line, and wait for pictures on both sides; a visit that runs is left before."""
        for path in self.paths:
            path.trouble(Conditions(delay_s=DELAY_S))
        if await self.staff.evaluate("() => window.__visit.screen") == "visit":
            await self.staff.get_by_role("button", name="Leave", exact=True).click()
            await self.patient.get_by_role("button", name="Leave", exact=True).click()
            await screen(self.patient, "ended")
            await self.patient.get_by_role("button", name="Join", exact=True).click()
            await screen(self.patient, "waiting")
        await self.patient.wait_for_function("() => window.__visit.connection === 'connected'")
        for page in (self.patient, self.staff):
            await page.evaluate("() => { window.__rig.samples = []; window.__rig.pictures = []; }")
        await self.journey.admit(self.staff)
        for page in (self.patient, self.staff):
            await page.wait_for_function("() => window.__rig.pictures.length > 5")

    async def connections(self) -> tuple[int, int]:
        """How many connections each page has made so far."""
        made = [await page.evaluate("() => window.__rig.made") for page in (self.patient, self.staff)]
        return made[0], made[1]

    async def moves_again(self, *, within_s: float) -> None:
        """Wait until both pages show new pictures, ten at least, and new sound."""
        since = await self.patient.evaluate("() => performance.timeOrigin + performance.now()")
        async with asyncio.timeout(within_s):
            for page in (self.patient, self.staff):
                await page.wait_for_function(_MOVES, arg=since, timeout=within_s * 1000)


@asynccontextmanager
async def open_troubled_visit(
    folder: Path, *, script: str = "", patient: Device | None = None, host: str = LOCAL
) -> AsyncIterator[TroubledVisit]:
    """Start a demo server and two browsers with lively films, the patient waiting and the provider at the queue.

    ``patient`` is a browser to use for theirs; ``host`` the address of this computer at which the pages find their paths.
    """
    async with AsyncExitStack() as stack:
        demo = DemoProcess(folder / "demo")
        await demo.start()
        stack.push_async_callback(demo.stop)
        paths = tuple(stack.enter_context(TroubledPath(demo.media_port, seed=seed, host=host)) for seed in (1, 2))
        own = filmed(PATIENT, folder) if patient is None else nullcontext(patient)
        patients: Device = await stack.enter_async_context(own)
        provider = await stack.enter_async_context(filmed(PROVIDER, folder))
        journey = Journey(demo, patients, provider, script=script + watch(paths[0].port, host))
        patient_page = await journey.wait()
        journey.script = script + watch(paths[1].port, host)
        staff = await journey.staff()
        yield TroubledVisit(journey, patient_page, staff, (paths[0], paths[1]))


def filmed(person: Person, folder: Path) -> AbstractAsyncContextManager[Browser]:
    """Run Chromium with a lively film of this person's own before the camera."""
    film = folder / f"film-{person.hertz}.y4m", folder / "voice.wav"
    write_film(film[0], seed=person.hertz)
    write_voice(film[1])
    return chromium(person, folder, film=film)


def judge(from_: dict[str, Any], to: dict[str, Any], begun: float, trial: Trial) -> dict[str, Any]:
    """Make the figures of one direction out of what the sender and the receiver noted."""
    starts = begun + trial.settle_s * 1000
    ends = starts + trial.window_s * 1000
    first, last = _around(to["samples"], starts, ends)
    sent_first, sent_last = _around(from_["samples"], starts, ends)
    video = _gained(first, last, "inbound-rtp:video")
    audio = _gained(first, last, "inbound-rtp:audio")
    out = _gained(sent_first, sent_last, "outbound-rtp:video")
    sound = _gained(sent_first, sent_last, "outbound-rtp:audio")
    shown = [at for at in to["pictures"] if starts <= at <= ends]
    gaps = [(after - before) / 1000 for before, after in pairwise([starts, *shown, ends])]
    frozen = [gap for gap in gaps if gap > FREEZE_S]
    early = [at for at in to["pictures"] if begun <= at <= begun + SETTLE_S * 1000]
    early_gaps = [(after - before) / 1000 for before, after in pairwise([begun, *early, begun + SETTLE_S * 1000])]
    concealed = audio["concealedSamples"] - audio["silentConcealedSamples"]
    seconds = (sent_last["at"] - sent_first["at"]) / 1000
    return {
        "pictures_per_s": round(video["framesDecoded"] / (last["at"] - first["at"]) * 1000, 1),
        "pictures_shown_per_s": round(len(shown) / trial.window_s, 1),
        "pictures_sent_per_s": round(out["framesSent"] / seconds, 1),
        "camera_per_s": round(_gained(sent_first, sent_last, "media-source:video")["frames"] / seconds, 1),
        "freezes": len(frozen),
        "frozen_s": round(sum(frozen), 2),
        "longest_gap_s": round(max(gaps), 2),
        "settling_frozen_s": round(sum(gap for gap in early_gaps if gap > FREEZE_S), 2),
        "stats_freezes": video["freezeCount"],
        "stats_frozen_s": round(video["totalFreezesDuration"], 2),
        "concealed": round(concealed / max(1, audio["totalSamplesReceived"]), 4),
        "sound_delay_ms": round(1000 * audio["jitterBufferDelay"] / max(1, audio["jitterBufferEmittedCount"])),
        "picture_delay_ms": round(1000 * video["jitterBufferDelay"] / max(1, video["jitterBufferEmittedCount"])),
        "video_kbps": round(out["bytesSent"] * 8 / seconds / 1000),
        "audio_kbps": round(sound["bytesSent"] * 8 / seconds / 1000),
        "width": last.get("inbound-rtp:video", {}).get("frameWidth", 0),
        "estimate_kbps": round(sent_last.get("candidate-pair", {}).get("availableOutgoingBitrate", 0) / 1000),
        "converged_s": _converged(from_["samples"], begun, ends),
        "rtt_ms": round(1000 * sent_last.get("candidate-pair", {}).get("currentRoundTripTime", 0)),
        "nacks": video["nackCount"],
        "plis": video["pliCount"],
        "keyframes": video["keyFramesDecoded"],
        "resent": out["retransmittedPacketsSent"],
        "video_loss": round(video["packetsLost"] / max(1, video["packetsReceived"] + video["packetsLost"]), 3),
        "limited_by": sent_last.get("outbound-rtp:video", {}).get("qualityLimitationReason", ""),
    }


def _around(samples: list[dict[str, Any]], starts: float, ends: float) -> tuple[dict[str, Any], dict[str, Any]]:
    inside = [one for one in samples if starts - 300 <= one["at"] <= ends]
    return inside[0], inside[-1]


class _Figures(dict[str, Any]):
    def __missing__(self, key: str) -> float:
        return 0


def _gained(first: dict[str, Any], last: dict[str, Any], key: str) -> _Figures:
    before, after = first.get(key, {}), last.get(key, {})
    return _Figures(
        {name: value - before.get(name, 0) for name, value in after.items() if isinstance(value, int | float)}
    )


def _converged(samples: list[dict[str, Any]], begun: float, ends: float) -> float | None:
    """Seconds until what is sent of pictures stays within a third of what is sent in the last five seconds."""
    taken = [
        (one["at"], one["outbound-rtp:video"]["bytesSent"])
        for one in samples
        if begun - 1000 <= one["at"] <= ends and "outbound-rtp:video" in one
    ]
    rates = [
        (at, (size - before) / (at - since)) for (since, before), (at, size) in zip(taken, taken[4:], strict=False)
    ]
    late = [rate for at, rate in rates if at >= ends - 5000]
    if not late:
        return None
    goal = sum(late) / len(late)
    outside = [at for at, rate in rates if abs(rate - goal) > goal / 3]
    return round(max(0.0, (max(outside, default=begun) - begun) / 1000), 1)
