"""Measures what people wait for: Admit to the first picture of the other side, and a browser's transport from offer to connected.

``make bench`` runs it; prints JSON lines. Real Chromium at both ends on this machine, fake cameras, the demo server.
"""

from __future__ import annotations

import asyncio
import json
import statistics
import sys
import tempfile
from pathlib import Path
from typing import Any, Final

from playwright.async_api import Page

from tests.support.browsers import PATIENT_NAME, PROVIDER_NAME, Journey, chromium, screen
from tests.support.demo_process import DemoProcess
from tests.support.marks import PATIENT, PROVIDER

RUNS: Final = 20

# Notes, in epoch milliseconds: the click on Admit, the first picture of each new remote stream, and each transport's connect time.
_NOTE: Final = """
window.__notes = {admit: 0, picture: 0, connects: []};
const now = () => performance.timeOrigin + performance.now();
addEventListener('click', event => {
  if (event.target.closest?.('button')?.textContent.trim() === 'Admit') window.__notes.admit = now();
}, true);
const watched = new WeakSet();
setInterval(() => {
  for (const video of document.querySelectorAll('video[aria-label]')) {
    const stream = video.srcObject;
    if (!stream || watched.has(stream) || video.getAttribute('aria-label') !== window.__other) continue;
    watched.add(stream);
    video.requestVideoFrameCallback(() => { window.__notes.picture = now(); });
  }
}, 4);
const Native = RTCPeerConnection;
window.RTCPeerConnection = class extends Native {
  constructor(...given) {
    super(...given);
    let began = 0;
    const offer = this.setRemoteDescription.bind(this);
    this.setRemoteDescription = described => { began ||= now(); return offer(described); };
    this.addEventListener('connectionstatechange', () => {
      if (this.connectionState === 'connected' && began) { window.__notes.connects.push(now() - began); began = Infinity; }
    });
  }
};
"""


async def measure() -> None:
    """Run and print."""
    with tempfile.TemporaryDirectory() as folder:
        demo = DemoProcess(Path(folder) / "demo")
        await demo.start()
        try:
            async with chromium(PATIENT, Path(folder)) as first, chromium(PROVIDER, Path(folder)) as second:
                journey = Journey(demo, first, second, script=_NOTE)
                await _measure(journey)
        finally:
            await demo.stop()


async def _measure(journey: Journey) -> None:
    patient, staff = await journey.wait(), await journey.staff()
    for page, other in ((patient, PROVIDER_NAME), (staff, PATIENT_NAME)):
        await page.evaluate("name => { window.__other = name; }", other)
    staff_sees, patient_sees = [], []
    for _ in range(RUNS):
        await patient.wait_for_function("() => window.__visit.connection === 'connected'")
        for page in (patient, staff):
            await page.evaluate("() => { window.__notes.picture = 0; }")
        await journey.admit(staff)
        for page in (patient, staff):
            await page.wait_for_function("() => window.__notes.picture > 0")
        clicked = await _note(staff, "admit")
        staff_sees.append(await _note(staff, "picture") - clicked)
        patient_sees.append(await _note(patient, "picture") - clicked)
        await staff.get_by_role("button", name="Leave", exact=True).click()
        await patient.get_by_role("button", name="Leave", exact=True).click()
        await screen(patient, "ended")
        await patient.get_by_role("button", name="Join", exact=True).click()
        await screen(patient, "waiting")
    connects = [*await _note(patient, "connects"), *await _note(staff, "connects")]
    report("admit_to_first_frame_staff", staff_sees)
    report("admit_to_first_frame_patient", patient_sees)
    report("browser_transport_connect", connects)


async def _note(page: Page, name: str) -> Any:
    return await page.evaluate("name => window.__notes[name]", name)


def report(name: str, values: list[float]) -> None:
    """Print p50 and p95 in milliseconds."""
    conditions = {"runs": len(values), "peers": "Chromium, this machine", "network": "loopback"}
    ordered = sorted(values)
    for label, value in (("p50", statistics.median(ordered)), ("p95", ordered[max(0, round(len(ordered) * 0.95) - 1)])):
        line = {"name": f"{name}_{label}", "value": round(value, 1), "unit": "ms", "conditions": conditions}
        sys.stdout.write(json.dumps(line) + "\n")


if __name__ == "__main__":
    asyncio.run(measure())
