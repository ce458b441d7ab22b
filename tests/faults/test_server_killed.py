"""S56, alone: a server that is killed comes back with all it acknowledged; one that is stopped says goodbye first."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import aiohttp
import pytest
import socketio

from tests.support.demo_process import DemoProcess
from tests.support.webrtc import until


@pytest.fixture
async def demo(tmp_path: Path) -> AsyncIterator[DemoProcess]:
    process = DemoProcess(tmp_path / "demo")
    await process.start()
    yield process
    await process.kill()


async def redeem(demo: DemoProcess, number: int = 0) -> str:
    code = demo.link("open", number).partition("#")[2]
    async with aiohttp.ClientSession() as http:
        answer = await http.post(f"{demo.base_url}/api/v1/invitations/redeem", json={"code": code})
        return str((await answer.json())["token"])


async def connect(demo: DemoProcess, token: str) -> tuple[Any, list[Any], list[Any]]:
    snapshots: list[Any] = []
    byes: list[Any] = []
    client = socketio.AsyncClient(reconnection=False)
    client.on("snapshot", snapshots.append, namespace="/visit")
    client.on("bye", byes.append, namespace="/visit")
    await client.connect(demo.base_url, namespaces=["/visit"], transports=["websocket"], auth={"token": token})
    return client, snapshots, byes


async def test_s56_what_was_acknowledged_before_kill_9_is_there_after_the_restart(demo: DemoProcess) -> None:
    links = demo.summary
    token = await redeem(demo)
    client, snapshots, _ = await connect(demo, token)
    assert await client.call("waiting.join", {}, namespace="/visit") == {"ok": {}}
    # Killed right after the acknowledgement: nothing may still be on its way to the disk.
    await demo.kill()
    await client.disconnect()
    since = [one["me"]["phase"] for one in snapshots]
    await demo.start()
    assert demo.summary == links
    again, snapshots, _ = await connect(demo, token)
    await until(lambda: bool(snapshots), "a snapshot")
    assert snapshots[-1]["me"]["phase"] == "waiting", since
    await again.disconnect()


async def test_s57_sigterm_says_goodbye_and_ends_cleanly(demo: DemoProcess) -> None:
    client, snapshots, byes = await connect(demo, await redeem(demo))
    await until(lambda: bool(snapshots), "a snapshot")
    async with asyncio.timeout(10):
        assert await demo.stop() == 0
    await until(lambda: bool(byes), "goodbye")
    assert byes[0]["code"] == "draining"
    await client.disconnect()
    assert "Traceback" not in demo.log.read_text()
