"""Debian's Firefox as a program that Playwright can start and drive.

Playwright speaks WebDriver BiDi with a stock Firefox, but at each new context it asks for one thing that this release
does not know (`emulation.setMediaFeaturesOverride`), and gives up. So this program stands between the two: it starts the
browser, tells an address of its own in the browser's words, and answers that one command itself.
"""

from __future__ import annotations

import asyncio
import json
import re
import sys
from typing import Any, Final

import aiohttp
from aiohttp import web

_UNKNOWN: Final = "emulation.setMediaFeaturesOverride"
_LISTENING: Final = re.compile(r"(WebDriver BiDi listening on) (ws://\S+)")


def answer_here(message: str) -> str | None:
    """Answer a command that this Firefox does not know; None for one that it must get."""
    if _UNKNOWN not in message:
        return None
    command: dict[str, Any] = json.loads(message)
    return json.dumps({"type": "success", "id": command["id"], "result": {}}) if command["method"] == _UNKNOWN else None


class Bridge:
    """Passes one driver's messages on to the browser at `upstream`, and its answers back."""

    def __init__(self, upstream: str) -> None:
        self._upstream = upstream

    async def handle(self, request: web.Request) -> web.WebSocketResponse:
        """Serve a driver until either side ends."""
        driver = web.WebSocketResponse(max_msg_size=0)
        await driver.prepare(request)
        async with (
            aiohttp.ClientSession() as http,
            http.ws_connect(self._upstream + request.path, max_msg_size=0) as browser,
            asyncio.TaskGroup() as tasks,
        ):
            tasks.create_task(_pass_answers(browser, driver))
            async for message in driver:
                answer = answer_here(message.data)
                await (browser.send_str(message.data) if answer is None else driver.send_str(answer))
            await browser.close()
        return driver


async def _pass_answers(browser: aiohttp.ClientWebSocketResponse, driver: web.WebSocketResponse) -> None:
    async for message in browser:
        await driver.send_str(message.data)
    await driver.close()


async def _run(arguments: list[str]) -> int:
    firefox = await asyncio.create_subprocess_exec("firefox-esr", *arguments, stderr=asyncio.subprocess.PIPE)
    assert firefox.stderr is not None
    # Read to the end: a browser whose complaints nobody takes would stop at a full pipe.
    async for line in firefox.stderr:
        told = _LISTENING.search(line.decode(errors="replace"))
        if told is None:
            continue
        application = web.Application()
        application.router.add_get("/session", Bridge(told[2]).handle)
        runner = web.AppRunner(application)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        print(f"{told[1]} ws://127.0.0.1:{runner.addresses[0][1]}", file=sys.stderr, flush=True)
    return await firefox.wait()


if __name__ == "__main__":
    sys.exit(asyncio.run(_run(sys.argv[1:])))
