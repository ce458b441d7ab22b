"""WebKitGTK, driven over W3C WebDriver: the engine of Safari as Debian has it, built without WebRTC."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import aiohttp

from tests.support.demo_process import free_port

BROWSER: Final = next(Path("/usr/lib").glob("*/webkit2gtk-4.1/MiniBrowser"), Path("MiniBrowser"))
PATIENCE_S: Final = 20.0
STEP_S: Final = 0.1


@dataclass
class WebKitPage:
    """The one window of a session."""

    http: aiohttp.ClientSession
    session: str

    async def open(self, url: str) -> None:
        """Go there and wait for the load event."""
        await self._ask("url", {"url": url})

    async def resize(self, width: int, height: int) -> None:
        """Make the window so large; a small one may stay larger than asked for."""
        await self._ask("window/rect", {"width": width, "height": height})

    async def run(self, script: str) -> Any:
        """Return what a function body returns in the page."""
        return await self._ask("execute/sync", {"script": script, "args": []})

    async def tap(self, name: str) -> None:
        """Tap the button of this name."""
        found = f"[...document.querySelectorAll('button')].find((one) => one.textContent.trim() === {name!r})"
        assert await self.run(f"const button = {found}; button?.click(); return button !== undefined"), name

    async def text(self) -> str:
        """Return the words on the screen."""
        return str(await self.run("return document.body.innerText"))

    async def shows(self, condition: Callable[[str], bool]) -> str:
        """Wait until the words on the screen are such."""
        async with asyncio.timeout(PATIENCE_S):
            while not condition(words := await self.text()):
                await asyncio.sleep(STEP_S)
        return words

    async def _ask(self, command: str, body: dict[str, Any]) -> Any:
        return await ask(self.http, f"/session/{self.session}/{command}", body)


async def ask(http: aiohttp.ClientSession, path: str, body: dict[str, Any]) -> Any:
    """Give the driver a command and return its value."""
    async with http.post(path, json=body) as answer:
        value = (await answer.json(content_type=None))["value"]
        assert answer.ok, value
        return value


@asynccontextmanager
async def webkit(folder: Path) -> AsyncIterator[WebKitPage]:
    """Open a window on a display of its own."""
    display_read, display_write = os.pipe()
    screen = await asyncio.create_subprocess_exec(
        *("Xvfb", "-displayfd", str(display_write), "-screen", "0", "1400x1000x24", "-nolisten", "tcp"),
        pass_fds=[display_write],
        stderr=asyncio.subprocess.DEVNULL,
    )
    os.close(display_write)
    with os.fdopen(display_read) as told:
        display = (await asyncio.to_thread(told.readline)).strip()
    port = free_port()
    driver = await asyncio.create_subprocess_exec(
        *("WebKitWebDriver", f"--port={port}"),
        env=os.environ | {"DISPLAY": f":{display}", "HOME": str(folder), "LIBGL_ALWAYS_SOFTWARE": "1"},
        stderr=asyncio.subprocess.DEVNULL,
    )
    try:
        async with aiohttp.ClientSession(f"http://127.0.0.1:{port}") as http:
            session = await _begin(http)
            yield WebKitPage(http, session)
            async with http.delete(f"/session/{session}"):
                pass
    finally:
        for process in (driver, screen):
            process.terminate()
            await process.wait()


async def _begin(http: aiohttp.ClientSession) -> str:
    """Begin a session as soon as the driver listens."""
    options = {"binary": str(BROWSER), "args": ["--automation"]}
    wanted = {"capabilities": {"alwaysMatch": {"webkitgtk:browserOptions": options}}}
    async with asyncio.timeout(PATIENCE_S):
        while True:
            try:
                return str((await ask(http, "/session", wanted))["sessionId"])
            except aiohttp.ClientConnectionError:
                await asyncio.sleep(STEP_S)
