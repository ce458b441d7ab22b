"""S51 and S13: a whole visit, with errors, and then no name, token, code, password, SDP or address in any log, metric or dump."""

from __future__ import annotations

import asyncio
import json
import os
import re
import sqlite3
import sys
from pathlib import Path

import aiohttp
import pytest
import socketio

from tests.support.demo_process import free_port

NAME = "Canaria Geheimnis"
REASON = "canary-reason"
STAFF_NAME = "Dr. Canary Staff"
PASSWORD = "canary password"


async def command(*arguments: str, environment: dict[str, str], typed: str = "") -> str:
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "signaling", *arguments),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        env=environment,
    )
    out, _ = await process.communicate(typed.encode())
    assert process.returncode == 0
    return out.decode().strip()


@pytest.mark.parametrize("log_format", ["json", "console"])
async def test_s51_a_whole_visit_leaves_no_trace_of_whom_it_was_with(tmp_path: Path, log_format: str) -> None:
    port, media_port = free_port(), free_port()
    base = f"http://127.0.0.1:{port}"
    environment = os.environ | {
        "VIDEO_VISIT_DATA_DIR": str(tmp_path / "data"),
        "VIDEO_VISIT_PORT": str(port),
        "VIDEO_VISIT_MEDIA_PORT": str(media_port),
        "VIDEO_VISIT_BASE_URL": base,
        "VIDEO_VISIT_LOG_LEVEL": "debug",
        "VIDEO_VISIT_LOG_FORMAT": log_format,
    }
    await command(
        *("staff", "add", "canary.staff", "--name", STAFF_NAME, "--role", "provider", "--password-stdin"),
        environment=environment,
        typed=PASSWORD + "\n",
    )
    link = await command(
        *(
            "appointment",
            "create",
            "--patient",
            NAME,
            "--provider",
            "canary.staff",
            "--start",
            "now",
            "--reason",
            REASON,
        ),
        environment=environment,
    )
    code = link.partition("#")[2]
    log = tmp_path / "log"
    with log.open("wb") as file:
        server = await asyncio.create_subprocess_exec(
            *(sys.executable, "-X", "dev", "-m", "signaling", "serve"), stderr=file, stdout=file, env=environment
        )
    secrets, metrics = await visit(base, code)
    server.terminate()
    assert await asyncio.wait_for(server.wait(), 20) == 0
    server._transport.close()  # type: ignore[attr-defined]  # asyncio offers no other way

    written = log.read_text()
    assert "ParticipantAdmitted" in written
    kept = dump(tmp_path / "data" / "video-visit.sqlite3")
    for canary in (NAME, REASON, STAFF_NAME, PASSWORD, code, "127.0.0.1", "candidate:", "a=fingerprint", *secrets):
        assert canary not in written, canary
        assert canary not in metrics, canary
    for canary in (code, PASSWORD, "a=fingerprint", *secrets):
        assert canary not in kept, canary
    assert not re.search(r"eyJ[\w-]{10,}", written)
    assert NAME in kept, "the canary must be where it belongs, or this test proves nothing"


async def visit(base: str, code: str) -> tuple[list[str], str]:
    """A visit with everything that goes wrong in one; returns what must appear nowhere, and the metrics."""
    async with aiohttp.ClientSession() as http:
        async with asyncio.timeout(20):
            while True:
                try:
                    await http.get(f"{base}/healthz")
                except aiohttp.ClientConnectionError:
                    await asyncio.sleep(0.1)
                else:
                    break

        async def post(path: str, body: object) -> dict[str, str]:
            async with http.post(base + path, json=body) as answer:
                return dict(await answer.json())

        await post("/api/v1/invitations/view", {"code": "A" * 22})
        await post("/api/v1/staff/sign-in", {"username": "canary.staff", "password": "canary wrong password"})
        token = (await post("/api/v1/invitations/redeem", {"code": code}))["token"]
        staff_token = (await post("/api/v1/staff/sign-in", {"username": "canary.staff", "password": PASSWORD}))["token"]
        snapshots: dict[str, dict[str, object]] = {}
        clients = []
        for namespace, given in (("/visit", token), ("/care", staff_token)):
            client = socketio.AsyncClient(reconnection=False)
            client.on("snapshot", lambda shown, at=namespace: snapshots.__setitem__(at, shown), namespace=namespace)
            await client.connect(base, namespaces=[namespace], transports=["websocket"], auth={"token": given})
            clients.append(client)
        patient, staff = clients
        await patient.call("waiting.join", {}, namespace="/visit")
        await patient.call("media.answer", {"transport": "t", "revision": 1, "sdp": "canary-sdp"}, namespace="/visit")
        await patient.call("nothing", {"canary": "canary-payload"}, namespace="/visit")
        await asyncio.sleep(0.3)
        row = snapshots["/care"]["queue"][0]  # type: ignore[index]
        named = {"visit": row["visit"], "participant": row["patient"]["id"]}
        assert await staff.call("visit.admit", named, namespace="/care") == {"ok": {}}
        await asyncio.sleep(0.3)
        sdp = json.dumps(snapshots["/visit"]["media"])
        password = re.findall(r"a=ice-pwd:(\w+)", sdp)[0]
        await staff.call("visit.end", {"visit": row["visit"]}, namespace="/care")
        async with http.get(f"{base}/metrics") as answer:
            metrics = await answer.text()
        for client in clients:
            await client.disconnect()
    return [token, staff_token, password, "canary-sdp", "canary-payload", "canary wrong password"], metrics


def dump(path: Path) -> str:
    with sqlite3.connect(path) as db:
        text = "\n".join(db.iterdump())
    db.close()
    return text
