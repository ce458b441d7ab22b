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

from tests.support.demo_process import free_port
from tests.support.page_wire import Page

NAME = "Canaria Geheimnis"
REASON = "canary-reason"
STAFF_NAME = "Dr. Canary Staff"
BIRTH_DATE = "1907-08-09"
PHONE = "555-0177 x4711"
ADDRESS = "7 Canary Row, Albany"
CHAT = "canary-chat"
CAPTION = "canary-caption"
NOTE = "canary-note"
GUEST = "Canary Guest"
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
            "--birth-date",
            BIRTH_DATE,
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
    files = b"".join(one.read_bytes() for one in (tmp_path / "data").iterdir())
    server.terminate()
    assert await asyncio.wait_for(server.wait(), 20) == 0
    server._transport.close()  # type: ignore[attr-defined]  # asyncio offers no other way

    written = log.read_text()
    assert "ParticipantAdmitted" in written
    for canary in (CHAT, CAPTION):
        assert canary.encode() not in files, f"{canary} outlived the visit"
    kept = dump(tmp_path / "data" / "video-visit.sqlite3")
    told = (NAME, REASON, STAFF_NAME, BIRTH_DATE, PHONE, ADDRESS, CHAT, CAPTION, NOTE, GUEST)
    for canary in (*told, PASSWORD, code, "127.0.0.1", "candidate:", "a=fingerprint", *secrets):
        assert canary not in written, canary
        assert canary not in metrics, canary
    for canary in (code, PASSWORD, CHAT, CAPTION, "a=fingerprint", *secrets):
        assert canary not in kept, canary
    assert not re.search(r"eyJ[\w-]{10,}", written)
    for canary in (NAME, REASON, BIRTH_DATE, PHONE, ADDRESS, NOTE, GUEST):
        assert canary in kept, f"{canary} must be where it belongs, or this test proves nothing"
    trail = dump(tmp_path / "data" / "video-visit.sqlite3", table="entry")
    for canary in (*told, "1901-02-03", "canary.nobody", "canary-key"):
        assert canary not in trail, canary
    assert "ParticipantAdmitted" in trail


async def visit(base: str, code: str) -> tuple[list[str], str]:
    """A visit with everything that goes wrong in one; returns what must appear nowhere, and the metrics."""
    async with aiohttp.ClientSession() as http:
        await answers(http, base)

        async def post(path: str, body: object) -> dict[str, str]:
            async with http.post(base + path, json=body) as answer:
                return dict(await answer.json())

        await post("/api/v1/invitations/view", {"code": "A" * 22})
        await post("/api/v1/staff/sign-in", {"username": "canary.staff", "password": "canary wrong password"})
        token = (await post("/api/v1/invitations/redeem", {"code": code}))["token"]
        staff_token = (await post("/api/v1/staff/sign-in", {"username": "canary.staff", "password": PASSWORD}))["token"]
        patient, staff = await Page.open(base, "/visit", token), await Page.open(base, "/care", staff_token)
        await check_in(patient)
        guest_link = await words(patient, staff)
        password = await talk(patient, staff)
        async with http.get(f"{base}/metrics") as answer:
            metrics = await answer.text()
        for page in (patient, staff):
            await page.client.disconnect()
    unseen = ["canary-sdp", "canary-payload", "canary wrong password"]
    return [token, staff_token, password, guest_link.partition("#")[2], *unseen], metrics


async def answers(http: aiohttp.ClientSession, base: str) -> None:
    """Wait until the server does."""
    async with asyncio.timeout(20):
        while True:
            try:
                await http.get(f"{base}/healthz")
            except aiohttp.ClientConnectionError:
                await asyncio.sleep(0.1)
            else:
                return


async def check_in(patient: Page) -> None:
    await patient.ask("identity.confirm", {"birth_date": "1901-02-03"})
    await patient.ask("checkin.answer", {"item": "location", "answer": {"state": "canary-state", "address": ADDRESS}})
    await patient.ok("checkin.answer", {"item": "location", "answer": {"state": "NY", "address": ADDRESS}})
    await patient.ok("checkin.answer", {"item": "callback", "answer": {"phone": PHONE}})
    await patient.ok("checkin.answer", {"item": "consent", "answer": {"version": "1", "language": "en"}})
    await patient.ok("waiting.join", {})
    await patient.ask("media.answer", {"transport": "t", "revision": 1, "sdp": "canary-sdp"})
    await patient.ask("nothing", {"canary": "canary-payload"})


async def words(patient: Page, staff: Page) -> str:
    """Say things, and some that are refused; return a guest's link."""
    await asyncio.sleep(0.3)
    named = {"visit": patient.shown["visit"]["id"], "participant": patient.shown["me"]["id"]}
    visit = {"visit": named["visit"]}
    await patient.ok("message.send", {"text": CHAT})
    await patient.ask("message.send", {"text": CHAT * 100})
    await staff.ok("message.send", named | {"text": CHAT})
    await staff.ok("note.keep", visit | {"text": NOTE})
    await staff.ok("call.record", visit | {"reason": "asked", "result": "solved", "note": NOTE})
    invited = await staff.ok("visit.invite", visit | {"role": "companion", "name": GUEST, "minutes": 30})
    await staff.ask("visit.hand_over", visit | {"to": "canary.nobody"})
    return str(invited["url"])


async def talk(patient: Page, staff: Page) -> str:
    """Be admitted, and end it; return the password of the patient's ICE."""
    named = {"visit": patient.shown["visit"]["id"], "participant": patient.shown["me"]["id"]}
    await staff.ok("visit.look", {"visit": named["visit"]})
    assert "error" in await staff.ask("visit.admit", named)
    await staff.ok("visit.admit", named | {"confirmed": ["identity"]})
    await asyncio.sleep(0.3)
    password: str = re.findall(r"a=ice-pwd:(\w+)", json.dumps(patient.shown["media"]))[0]
    visit = {"visit": named["visit"]}
    await patient.ok("chat.say", {"key": "canary-key", "text": CHAT})
    await patient.ask("chat.say", {"key": "canary-key", "text": CHAT * 100})
    await staff.ok("chat.say", visit | {"key": "1", "text": CHAT})
    await staff.ok("captions.say", visit | {"text": CAPTION})
    await asyncio.sleep(0.3)
    assert [one["text"] for one in patient.shown["talk"]["chat"]] == [CHAT, CHAT]
    assert patient.shown["talk"]["captions"]["lines"] == [CAPTION]
    await staff.ok("visit.end", visit)
    return password


def dump(path: Path, table: str = "") -> str:
    """Everything in the database, or in that table."""
    with sqlite3.connect(path) as db:
        text = "\n".join(line for line in db.iterdump() if not table or line.startswith(f'INSERT INTO "{table}"'))
    db.close()
    return text
