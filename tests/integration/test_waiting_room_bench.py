"""That the bench measures what it says; its figures are judged by people."""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from loadtests.clinic_process import Clinic, ServerFailed, ServerProcess
from loadtests.page_socket import PageSocket, Refused
from loadtests.waiting_room_bench import quantile
from loadtests.waiting_room_load import Ledger, Tap

PATIENTS, STAFF, SECONDS = 20, 3, 1
LATENCIES = {
    "screen_connect_to_whole_list",
    *(
        f"tap_to_{where}_{load}"
        for where in ("answer", "first_screen", "each_screen", "last_screen")
        for load in ("calm", "rush")
    ),
    *(f"{what}_to_patient" for what in ("message", "admit", "hold", "return")),
}


@pytest.mark.timeout(240)
def test_a_small_run_sees_every_tap_on_every_screen_and_loses_nobody() -> None:
    command = [sys.executable, "-m", "loadtests.waiting_room_bench"]
    size = ["--patients", str(PATIENTS), "--staff", str(STAFF), "--seconds", str(SECONDS)]
    done = subprocess.run([*command, *size], capture_output=True, text=True, check=False, timeout=200)
    assert done.returncode == 0, done.stderr
    figures = {line["name"].removeprefix("waiting_room_"): line for line in map(json.loads, done.stdout.splitlines())}
    assert {f"{name}_ms_{cut}" for name in LATENCIES for cut in ("p50", "p95", "p99", "max")} <= figures.keys()
    assert all(line["conditions"]["patients_waiting"] == PATIENTS for line in figures.values())
    for load, per_s in (("calm", 2), ("rush", 20)):
        each = figures[f"tap_to_each_screen_{load}_ms_p50"]["conditions"]
        assert (each["taps"], each["not_seen"], each["count"]) == (per_s * SECONDS, 0, per_s * SECONDS * STAFF)
        assert 0 < figures[f"bytes_per_tap_{load}"]["value"] < figures[f"bytes_per_tap_{load}"]["conditions"]["json"]
    assert figures["memory_all_connected"]["value"] > figures["memory_nobody_connected"]["value"]
    assert figures["sockets_lost"]["value"] == figures["lines_logged"]["value"] == 0
    assert "tap_to_last_screen_rush" in done.stderr


def row(visit: str, phase: str) -> dict[str, Any]:
    return {"visit": visit, "checks": ["identity"], "patient": {"phase": phase}}


def test_a_tap_counts_from_the_first_row_on_each_screen_that_shows_the_patient_waiting() -> None:
    ledger = Ledger(taps={"tapped": Tap(at=10.0)})
    ledger.note(0, [row("tapped", "arrived"), row("other", "waiting")], 10.1)
    assert ledger.taps["tapped"].seen_ms == {}
    ledger.note(0, [row("tapped", "waiting")], 10.25)
    ledger.note(0, [row("tapped", "waiting")], 11.0)
    ledger.note(1, [row("tapped", "waiting")], 10.5)
    assert ledger.taps["tapped"].seen_ms == {0: 250.0, 1: 500.0}
    assert ledger.checks == {"tapped": ["identity"], "other": ["identity"]}


@pytest.mark.parametrize(("share", "is_cut"), [(0.5, 2.0), (0.75, 3.0), (0.76, 4.0), (1.0, 4.0), (0.01, 1.0)])
def test_a_quantile_is_a_time_that_was_measured(share: float, is_cut: float) -> None:
    assert quantile([1.0, 2.0, 3.0, 4.0], share) == is_cut


def test_a_process_is_measured_by_what_the_kernel_counts(tmp_path: Path) -> None:
    log = tmp_path / "log"
    log.write_text("one\ntwo\n")
    mine = ServerProcess(os.getpid(), log)
    assert mine.cpu_s() > 0
    assert mine.resident_mb() > 10
    assert mine.complaints() == 2


def test_a_server_that_cannot_start_says_why(tmp_path: Path) -> None:
    clinic = Clinic(tmp_path)
    (tmp_path / "video-visit.toml").write_text("port = -1\n")
    with pytest.raises(ServerFailed, match="port"), clinic.served():
        pass


async def socket_peer(request: web.Request) -> web.WebSocketResponse:
    """Take a token that is "good", ping once, answer one request after an event, refuse the next, and hang up at the third."""
    ws = web.WebSocketResponse()
    await ws.prepare(request)
    await ws.send_str('0{"sid":"s"}')
    if (await ws.receive_str()) != '40/care,{"token": "good"}':
        await ws.send_str('44/care,{"message":"no","data":{"code":"unauthorized"}}')
        return ws
    await ws.send_str('40/care,{"sid":"s"}')
    await ws.send_str("2")
    assert await ws.receive_str() == "3"
    assert await ws.receive_str() == '42/care,1["presence.active", {}]'
    await ws.send_str('42/care,["snapshot",{"version":1}]')
    await ws.send_str('43/care,1[{"ok":{"told":3}}]')
    assert await ws.receive_str() == '42/care,2["visit.end", {"visit": "v"}]'
    await ws.send_str('43/care,2[{"error":{"code":"forbidden","message":""}}]')
    await ws.receive_str()
    return ws


async def test_a_page_speaks_the_packets_of_the_wire_and_tells_a_refusal_from_an_end() -> None:
    app = web.Application()
    app.router.add_get("/socket.io/", socket_peer)
    heard: list[str] = []
    async with TestServer(app) as server, aiohttp.ClientSession() as http:
        url = str(server.make_url("")).rstrip("/")
        with pytest.raises(Refused) as refused:
            await PageSocket.connected(http, url, "/care", "bad", lambda *_: None)
        assert refused.value.code == "unauthorized"
        page = await PageSocket.connected(http, url, "/care", "good", lambda event, _: heard.append(event))
        assert await page.ask("presence.active") == {"told": 3}
        assert heard == ['["snapshot",{"version":1}]']
        with pytest.raises(Refused, match="forbidden"):
            await page.ask("visit.end", {"visit": "v"})
        assert page.bytes_received() > page.characters / 2 > 0
        assert not page.is_lost
        with pytest.raises(ConnectionError):
            await page.ask("visit.end", {"visit": "w"})
        assert page.is_lost
        await asyncio.wait_for(page.close(), 5)
