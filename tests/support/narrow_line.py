"""Three people in a visit, the third behind a line of its own, and what each of them gets of each other."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from playwright.async_api import Locator, Page

from loadtests.troubled_link import Conditions
from loadtests.troubled_path import TroubledPath
from tests.support.bad_networks import DELAY_S, filmed, watch
from tests.support.browsers import GUEST_NAME, PATIENT_NAME, PROVIDER_NAME, Journey, picture_of
from tests.support.demo_process import DemoProcess
from tests.support.marks import GUEST, PATIENT, PROVIDER

# Sums over what one person sends to this page, and over the pictures that the page itself sends.
_READ: Final = """
async video => {
  const sums = {at: performance.now() / 1000, frames: 0, samples: 0, concealed: 0, sent: 0};
  const tracks = (video.srcObject?.getTracks() ?? []).map(one => one.id);
  for (const one of (await window.__rig.connection.getStats()).values()) {
    if (one.type === 'outbound-rtp' && one.kind === 'video') sums.sent += one.bytesSent;
    if (one.type !== 'inbound-rtp' || !tracks.includes(one.trackIdentifier)) continue;
    sums.frames += one.framesDecoded ?? 0;
    sums.samples += one.totalSamplesReceived ?? 0;
    sums.concealed += (one.concealedSamples ?? 0) - (one.silentConcealedSamples ?? 0);
  }
  return sums;
}
"""


@dataclass(frozen=True)
class Flow:
    """What one page got of one person over some seconds, and what that page sent of pictures itself."""

    pictures_per_s: float
    concealed: float
    sent_kbps: float


@dataclass
class NarrowVisit:
    """A patient and a provider whose lines are good, and an interpreter behind ``line``."""

    patient: Page
    staff: Page
    guest: Page
    line: TroubledPath

    def narrow(self, bits_per_s: float | None) -> None:
        """Let the interpreter's line carry so much in each direction from now on; None is as much as there is."""
        self.line.trouble(Conditions(delay_s=DELAY_S, bits_per_s=bits_per_s))

    async def over(self, seconds: float) -> dict[tuple[str, str], Flow]:
        """Measure for so long; the keys are who sees, and whom."""
        pairs = [(one, other) for one in self._pages for other in self._pages if one != other]
        before = [await self._read(*pair) for pair in pairs]
        await asyncio.sleep(seconds)
        after = [await self._read(*pair) for pair in pairs]
        flows = {pair: _flow(first, last) for pair, first, last in zip(pairs, before, after, strict=True)}
        print(*(f"{name} sees {other}: {flow}" for (name, other), flow in flows.items()), sep="\n")
        return flows

    async def moves(self, name: str, *, within_s: float) -> None:
        """Wait until the interpreter sees new pictures of this person, ten at least."""
        before = (await self._read(GUEST_NAME, name))["frames"]
        async with asyncio.timeout(within_s):
            while (await self._read(GUEST_NAME, name))["frames"] < before + 10:
                await asyncio.sleep(0.2)

    def tile(self, name: str) -> Locator:
        """What the interpreter's page says of this person."""
        return self.guest.locator(".tile").filter(has_text=name)

    @property
    def _pages(self) -> dict[str, Page]:
        return {PATIENT_NAME: self.patient, PROVIDER_NAME: self.staff, GUEST_NAME: self.guest}

    async def _read(self, name: str, other: str) -> dict[str, Any]:
        return dict(await picture_of(self._pages[name], other).evaluate(_READ))


@asynccontextmanager
async def open_narrow_visit(folder: Path) -> AsyncIterator[NarrowVisit]:
    """Bring the three together on good lines."""
    async with AsyncExitStack() as stack:
        demo = DemoProcess(folder / "demo")
        await demo.start()
        stack.push_async_callback(demo.stop)
        ways = [stack.enter_context(TroubledPath(demo.media_port, seed=seed)) for seed in (1, 2, 3)]
        for way in ways:
            way.trouble(Conditions(delay_s=DELAY_S))
        people = (PATIENT, PROVIDER, GUEST)
        browsers = [await stack.enter_async_context(filmed(person, folder)) for person in people]
        journey = Journey(demo, browsers[0], browsers[1], script=watch(ways[0].port))
        patient = await journey.wait()
        journey.script = watch(ways[1].port)
        staff = await journey.staff()
        await journey.admit(staff)
        journey.script = watch(ways[2].port)
        guest = await journey.joined_by(staff, browsers[2])
        for page in (patient, staff, guest):
            await page.wait_for_function("() => window.__rig.pictures.length > 5")
        yield NarrowVisit(patient, staff, guest, ways[2])


def _flow(first: dict[str, Any], last: dict[str, Any]) -> Flow:
    gained = {name: last[name] - first[name] for name in first}
    return Flow(
        pictures_per_s=round(gained["frames"] / gained["at"], 1),
        concealed=round(gained["concealed"] / max(1, gained["samples"]), 4),
        sent_kbps=round(8 * gained["sent"] / gained["at"] / 1000),
    )
