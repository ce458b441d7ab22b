"""In an engine without WebRTC the pages lay out well, and whoever opens them there learns what to do."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from tests.support.demo_process import DemoProcess
from tests.support.webkit import WebKitPage, webkit

FITS = "return document.documentElement.scrollWidth <= window.innerWidth"


@pytest_asyncio.fixture(loop_scope="session")
async def page(tmp_path: Path) -> AsyncIterator[WebKitPage]:
    async with webkit(tmp_path) as page:
        yield page


@pytest.mark.parametrize(
    ("language", "start", "problem"),
    [("en", "Start", ("can not use", "copy the link")), ("es", "Empezar", ("no puede usar", "copie el enlace"))],
)
async def test_a_browser_without_webrtc_ends_at_the_help_for_it(
    demo: DemoProcess, page: WebKitPage, language: str, start: str, problem: tuple[str, str]
) -> None:
    link, _, code = demo.link().partition("#")
    for width, height in ((390, 844), (1280, 800)):
        await page.resize(width, height)
        await page.open(f"{link}?lang={language}#{code}")
        await page.shows(lambda words: start in words)
        assert await page.run(FITS)
    await page.tap(start)
    words = await page.shows(lambda words: all(part in words for part in problem))
    assert "555-0100" in words
    assert await page.run(FITS)
    assert await page.run("return window.__visit.screen") == "devices"


@pytest.mark.parametrize("path", ["/care", "/test"])
async def test_the_other_pages_lay_out_as_well(demo: DemoProcess, page: WebKitPage, path: str) -> None:
    for width, height in ((390, 844), (1280, 800)):
        await page.resize(width, height)
        await page.open(demo.base_url + path)
        await page.shows(lambda words: "555-0100" in words)
        assert await page.run(FITS)
