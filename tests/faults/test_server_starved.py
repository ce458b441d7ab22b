"""S64, on a whole server: its disk is full, its file descriptors are used up, its loop stands still."""

from __future__ import annotations

import asyncio
import resource
import socket
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from signaling.settings import load_settings
from tests.support.clinic import Clinic, Wire, clinic_settings, first_row, open_clinic
from tests.support.demo_process import DemoProcess
from tests.support.webrtc import until

SPARE = 12
STALL_S = 2.0


@dataclass
class Starved:
    """A server in a process of its own, with a visit in progress in it and a second patient who waits."""

    demo: DemoProcess
    client: Clinic
    patient: Wire
    provider: Wire
    waiting: Wire

    @property
    def pid(self) -> int:
        process = self.demo._process
        assert process is not None
        return process.pid

    @contextmanager
    def limited(self, what: int, most: int) -> Iterator[None]:
        """Let the process have so much and no more."""
        before = resource.prlimit(self.pid, what)
        resource.prlimit(self.pid, what, (most, before[1]))
        try:
            yield
        finally:
            resource.prlimit(self.pid, what, before)

    def descriptors(self) -> int:
        return len(list(Path(f"/proc/{self.pid}/fd").iterdir()))

    async def goes_on(self) -> None:
        """The call negotiates anew, the one who waits keeps the place, and nobody was told goodbye."""
        transport = self.patient.now["media"]["transport"]
        await self.patient.ok("media.restart", {"transport": transport, "keep": False})
        await self.patient.shows(lambda it: it["media"]["transport"] != transport and it["media"]["sdp"], "an offer")
        assert await self.waiting.ok("presence.check")
        for wire in (self.patient, self.provider, self.waiting):
            assert (wire.byes, wire.socket.connected) == ([], True)
        assert self.provider.now["visit"]["media"]
        assert self.waiting.now["me"]["phase"] == "waiting"

    async def read(self, path: str) -> tuple[int, str]:
        async with self.client.http.get(f"{self.demo.base_url}{path}") as answer:
            return answer.status, await answer.text()

    async def is_ready(self, status: int) -> None:
        async with asyncio.timeout(10):
            while (await self.read("/readyz"))[0] != status:
                await asyncio.sleep(0.2)


@pytest.fixture
async def starved(tmp_path: Path) -> AsyncIterator[Starved]:
    demo = DemoProcess(tmp_path / "demo")
    await demo.start()
    async with AsyncExitStack() as stack:
        stack.push_async_callback(demo.kill)
        http = await stack.enter_async_context(aiohttp.ClientSession())
        nowhere: Any = None
        client = Clinic(nowhere, load_settings(base_url=demo.base_url), http, stack)
        patient = await client.patient(_code(demo, 0))
        provider = await _sign_in(client, demo)
        await provider.ok("visit.admit", await first_row(provider))
        await patient.shows(lambda it: it["me"]["phase"] == "in_visit" and it["media"]["sdp"], "admitted")
        await provider.shows(lambda it: it["visit"] is not None, "in the visit")
        yield Starved(demo, client, patient, provider, await client.patient(_code(demo, 2)))


def _code(demo: DemoProcess, number: int) -> str:
    return demo.link("open", number).partition("#")[2]


async def _sign_in(client: Clinic, demo: DemoProcess, role: str = "provider") -> Wire:
    username, password = demo.staff(role)
    asked = {"username": username, "password": password}
    wire = await client.connect("/care", (await client.post("/api/v1/staff/sign-in", asked))[1]["token"])
    await wire.shows(lambda it: "queue" in it, "the queue")
    return wire


async def test_s64_a_full_disk_admits_nobody_and_ends_no_visit(starved: Starved) -> None:
    nurse = await _sign_in(starved.client, starved.demo, "nurse")
    named = await first_row(nurse)
    written = (starved.demo.data / "video-visit.sqlite3-wal").stat().st_size
    # No file may grow any more, as on a disk without space: writes fail, Python ignores the signal.
    with starved.limited(resource.RLIMIT_FSIZE, written):
        assert await nurse.refused("visit.admit", named) == "storage_failed"
        await starved.is_ready(503)
        assert "video_visit_store_failing 1.0" in (await starved.read("/metrics"))[1]
        await asyncio.sleep(2)
        await starved.goes_on()
    await starved.is_ready(200)
    assert "video_visit_store_failing 0.0" in (await starved.read("/metrics"))[1]
    await nurse.ok("visit.admit", named)
    await starved.waiting.shows(lambda it: it["me"]["phase"] == "in_visit", "admitted")


async def test_s64_without_file_descriptors_open_sockets_go_on_and_new_ones_come_later(starved: Starved) -> None:
    idle: list[socket.socket] = []
    most = starved.descriptors() + SPARE
    with starved.limited(resource.RLIMIT_NOFILE, most):
        try:
            address = ("127.0.0.1", starved.demo.port)
            idle.extend(socket.create_connection(address) for _ in range(4 * SPARE))
            await until(lambda: starved.descriptors() >= most, "no descriptor left")
            await asyncio.sleep(2)
            await starved.goes_on()
            await starved.waiting.ok("message.send", {"text": "Hello"})
        finally:
            for one in idle:
                one.close()
        # Still limited: what the idle ones held is given back.
        async with asyncio.timeout(15):
            while (await starved.read("/readyz"))[0] != 200:
                await asyncio.sleep(0.2)
        desk = await _sign_in(starved.client, starved.demo, "front_desk")
        assert desk.refusal is None


async def test_s64_a_loop_that_stands_still_admits_loses_and_revokes_nobody(tmp_path: Path) -> None:
    async with open_clinic(clinic_settings(tmp_path)) as clinic:
        _, patient, provider = await clinic.in_visit()
        waiting = await clinic.patient(await clinic.book(patient="Second Patient"))
        before = await clinic.server.store.head()
        time.sleep(STALL_S)  # noqa: ASYNC251 - the point: everything of the server stands still
        await asyncio.sleep(3)
        assert await waiting.ok("presence.check")
        for wire, phase in ((patient, "in_visit"), (waiting, "waiting")):
            assert (wire.byes, wire.socket.connected, wire.now["me"]["phase"]) == ([], True, phase)
            assert wire.now["media"]
        assert (provider.byes, provider.socket.connected) == ([], True)
        assert provider.now["visit"]["media"]
        # Nothing at all happened to anybody.
        assert await clinic.server.store.head() == before
