"""Measures what a patient's page weighs, and how soon Start can be tapped on a poor phone.

``make bench`` runs it; prints JSON lines. Real Chromium, each run with an empty cache, the demo server by itself over HTTP/1.1.
"""

from __future__ import annotations

import asyncio
import json
import re
import statistics
import sys
import tempfile
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from playwright.async_api import Browser, Page

from tests.support.browsers import chromium, new_page, screen
from tests.support.demo_process import DemoProcess
from tests.support.marks import PATIENT
from tests.support.page_weight import scripts_kb, styles_kb, words_kb

RUNS: Final = 5
KBIT_S: Final = 400
RTT_MS: Final = 400
CPU_SLOWDOWN: Final = 4

# Notes when the frame that shows a Start to be tapped has been drawn, in ms since the navigation began.
_NOTE: Final = """
window.__usable = null;
new MutationObserver((_, observer) => {
  const found = [...document.querySelectorAll('button')].some(it => it.textContent.trim() === 'Start' && !it.disabled);
  if (!found) return;
  observer.disconnect();
  requestAnimationFrame(() => setTimeout(() => { window.__usable = performance.now(); }));
}).observe(document, {subtree: true, childList: true, attributes: true, characterData: true});
"""


KINDS: Final = {"Document": "html", "Stylesheet": "css", "Script": "js"}
COMPRESSED: Final = set(KINDS.values()) | {"js_second_language"}


@dataclass
class Weight:
    """What came over the wire so far, compressed."""

    bodies: Counter[str] = field(default_factory=Counter)
    headers: Counter[str] = field(default_factory=Counter)
    requests: Counter[str] = field(default_factory=Counter)
    not_brotli: set[str] = field(default_factory=set)
    _kind_of: dict[str, str] = field(default_factory=dict)
    _headers_of: dict[str, int] = field(default_factory=dict)

    def responded(self, event: dict[str, Any]) -> None:
        """Note of what kind an answer is."""
        kind = _kind(event["type"], event["response"]["url"])
        self._kind_of[event["requestId"]] = kind
        self.requests[kind] += 1
        self._headers_of[event["requestId"]] = event["response"]["encodedDataLength"]
        headers = {name.lower(): value for name, value in event["response"]["headers"].items()}
        if kind in COMPRESSED and headers.get("content-encoding") != "br":
            self.not_brotli.add(event["response"]["url"])

    def finished(self, event: dict[str, Any]) -> None:
        """Add an answer that has come whole."""
        kind = self._kind_of.get(event["requestId"], "other")
        headers = self._headers_of.get(event["requestId"], 0)
        self.headers[kind] += headers
        self.bodies[kind] += event["encodedDataLength"] - headers


def _kind(kind: str, url: str) -> str:
    """The second language comes when the page has nothing else to do, so that a tap on it needs no network."""
    return "js_second_language" if re.search(r"/i18n/.*es\.js", url) else KINDS.get(kind, "other")


async def measure() -> None:
    """Run and print."""
    _report_built()
    with tempfile.TemporaryDirectory() as folder:
        demo = DemoProcess(Path(folder) / "demo")
        await demo.start()
        try:
            async with chromium(PATIENT, Path(folder)) as browser:
                await _until_compressed(browser, demo)
                usable = [await _first_screen(browser, demo, told=run == 0) for run in range(RUNS)]
                await _to_the_waiting_room(browser, demo)
        finally:
            await demo.stop()
    conditions = {"runs": RUNS, "kbit_s": KBIT_S, "rtt_ms": RTT_MS, "cpu_slowdown": CPU_SLOWDOWN, "cache": "empty"}
    _report("start_usable_p50", round(statistics.median(usable)), "ms", conditions)
    _report("start_usable_max", round(max(usable)), "ms", conditions)


async def _until_compressed(browser: Browser, demo: DemoProcess) -> None:
    """A server that has just started sends gzip for a moment."""
    while True:
        page, weight = await _open(browser, demo)
        await page.wait_for_load_state("networkidle")
        await page.context.close()
        if not weight.not_brotli:
            return


async def _first_screen(browser: Browser, demo: DemoProcess, *, told: bool) -> float:
    """How long until Start can be tapped, in ms; ``told``: print what had come by then, too."""
    page, weight = await _open(browser, demo, slow=True)
    if told:
        _report_weight("start", weight)
    usable = float(await page.evaluate("window.__usable"))
    await page.context.close()
    return usable


async def _to_the_waiting_room(browser: Browser, demo: DemoProcess) -> None:
    page, weight = await _open(browser, demo)
    await page.get_by_role("button", name="Start", exact=True).click()
    await screen(page, "devices")
    await page.get_by_role("button", name="Join", exact=True).click()
    await screen(page, "waiting")
    await page.wait_for_load_state("networkidle")
    _report_weight("waiting_room", weight)
    await page.context.close()


async def _open(browser: Browser, demo: DemoProcess, *, slow: bool = False) -> tuple[Page, Weight]:
    """Open the link as a phone that was never here, and wait until Start can be tapped."""
    page, weight = await new_page(browser, script=_NOTE), Weight()
    wire = await page.context.new_cdp_session(page)
    wire.on("Network.responseReceived", weight.responded)
    wire.on("Network.loadingFinished", weight.finished)
    await wire.send("Network.enable")
    if slow:
        speed = KBIT_S * 1000 / 8
        line = {"offline": False, "latency": RTT_MS, "downloadThroughput": speed, "uploadThroughput": speed}
        await wire.send("Network.emulateNetworkConditions", line)
        await wire.send("Emulation.setCPUThrottlingRate", {"rate": CPU_SLOWDOWN})
    await page.goto(demo.link(), wait_until="commit")
    await page.wait_for_function("() => window.__usable !== null")
    return page, weight


def _report_built() -> None:
    """What the goals count: all scripts of a visit with the words of one language, and the style sheet."""
    for language, words in words_kb().items():
        for until, scripts in scripts_kb()._asdict().items():
            _report(f"{until}_js_{language}", round(scripts + words, 1), "kB", {"counted": "built files, Brotli"})
    _report("css", round(styles_kb(), 1), "kB", {"counted": "built files, Brotli"})


def _report_weight(until: str, weight: Weight) -> None:
    for kind, count in sorted(weight.bodies.items()):
        conditions = {"requests": weight.requests[kind], "headers_kb": round(weight.headers[kind] / 1000, 1)}
        _report(f"{until}_{kind}", round(count / 1000, 1), "kB", conditions)


def _report(name: str, value: float, unit: str, conditions: dict[str, Any]) -> None:
    peers = {"browser": "Chromium, this machine", "server": "make demo, HTTP/1.1"}
    sys.stdout.write(json.dumps({"name": name, "value": value, "unit": unit, "conditions": peers | conditions}) + "\n")


if __name__ == "__main__":
    asyncio.run(measure())
