"""S54 and S64: what cannot be audited does not happen, what goes on goes on, and operators are told."""

from __future__ import annotations

import asyncio
import re
import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest

from tests.support.clinic import PASSWORD, Clinic, Json, first_row


@asynccontextmanager
async def full_disk(clinic: Clinic) -> AsyncIterator[None]:
    """The store's file may only be read."""
    store: Any = clinic.server.store
    await store._connection.execute("PRAGMA query_only=ON")
    try:
        yield
    finally:
        await store._connection.execute("PRAGMA query_only=OFF")


async def metrics(clinic: Clinic) -> str:
    async with clinic.http.get(f"{clinic.settings.base_url}/metrics") as answer:
        return await answer.text()


async def readiness(clinic: Clinic) -> tuple[int, Json]:
    async with clinic.http.get(f"{clinic.settings.base_url}/readyz") as answer:
        return answer.status, await answer.json()


async def until_ready(clinic: Clinic, status: int) -> Json:
    async with asyncio.timeout(5):
        while True:
            found, body = await readiness(clinic)
            if found == status:
                return body
            await asyncio.sleep(0.1)


async def test_s54_nobody_is_admitted_while_nothing_can_be_written_and_calls_go_on(clinic: Clinic) -> None:
    _, patient, provider = await clinic.in_visit()
    other = await clinic.patient(await clinic.book(provider="other.provider", patient="Second Patient"))
    nurse = await clinic.staff("sample.nurse")
    named = await first_row(nurse)
    transport = patient.now["media"]["transport"]
    async with full_disk(clinic):
        assert await nurse.refused("visit.admit", named) == "storage_failed"
        assert await other.refused("message.send", {"text": "Hello"}) == "storage_failed"
        assert (await until_ready(clinic, 503))["failing"] == ["store"]
        assert "video_visit_store_failing 1.0" in await metrics(clinic)
        # The call goes on, even where one of them has to negotiate anew.
        await patient.ok("media.restart", {"transport": transport, "keep": False})
        await patient.shows(lambda it: it["media"]["transport"] != transport and it["media"]["sdp"], "a new offer")
        await asyncio.sleep(2)
        assert (patient.byes, provider.byes, other.byes, nurse.byes) == ([], [], [], [])
        assert other.now["me"]["phase"] == "waiting"
    await until_ready(clinic, 200)
    assert "video_visit_store_failing 0.0" in await metrics(clinic)
    await nurse.ok("visit.admit", named)


async def test_s64_a_step_of_the_wall_clock_admits_and_revokes_nobody(clinic: Clinic) -> None:
    patient = await clinic.patient(await clinic.book())
    nurse = await clinic.staff("sample.nurse")
    wall = clinic.node.clock._wall
    for step in (3600, -3600):
        clinic.node.clock._wall = lambda step=step: wall() + step
        await asyncio.sleep(1.5)
        assert (patient.byes, nurse.byes) == ([], [])
        assert patient.now["me"]["phase"] == "waiting"
        assert await patient.ok("presence.check")
        told = re.findall(r"^video_visit_clock_offset_seconds (\S+)$", await metrics(clinic), re.MULTILINE)
        assert float(told[0]) == pytest.approx(step, abs=5)
    await nurse.ok("visit.admit", await first_row(nurse))


async def test_who_waits_and_what_is_said_is_counted(clinic: Clinic) -> None:
    patient = await clinic.patient(await clinic.book())
    code = await clinic.book(patient="Second Patient")
    lost = await clinic.patient(code)
    nurse = await clinic.staff("sample.nurse")
    await lost.close()
    await nurse.shows(lambda it: any(row["patient"]["lost_at"] for row in it["queue"]), "lost")
    await patient.ok("message.send", {"text": "Hello"})
    text = await metrics(clinic)
    for line in (
        'video_visit_waiting{state="connected"} 1.0',
        'video_visit_waiting{state="lost"} 1.0',
        'video_visit_messages_total{sender="patient"} 1.0',
    ):
        assert line in text, line


async def test_a_damaged_row_ends_its_own_screens_and_nothing_else(clinic: Clinic) -> None:
    _, patient, provider = await clinic.in_visit()
    other = await clinic.patient(await clinic.book(patient="Second Patient"))
    await provider.shows(lambda it: len(it["queue"]) == 2, "both")
    damaged = provider.now["visit"]["id"]
    with sqlite3.connect(clinic.settings.data_dir / "video-visit.sqlite3") as elsewhere:
        elsewhere.execute("UPDATE visit SET state = '{' WHERE id = ?", (damaged,))
    elsewhere.close()
    assert await patient.said_goodbye() == "link_ended"
    await provider.shows(lambda it: it["visit"] is None and len(it["queue"]) == 1, "the other alone")
    assert clinic.node._media_node.find_room(damaged) is None
    await provider.ok("visit.admit", await first_row(provider))
    await other.shows(lambda it: it["me"]["phase"] == "in_visit", "admitted")


@pytest.mark.parametrize("part", ["metrics.count", "media.follow", "care.forget"])
async def test_a_defect_in_one_part_keeps_none_of_the_others_from_acting(
    clinic: Clinic, monkeypatch: pytest.MonkeyPatch, part: str
) -> None:
    _, patient, provider = await clinic.in_visit()
    owner, method = part.split(".")

    def crash(*_: object) -> None:
        raise RuntimeError

    monkeypatch.setattr(getattr(clinic.node, owner), method, crash)
    await provider.ok("visit.end", {"visit": provider.now["visit"]["id"]})
    assert await patient.said_goodbye() == "link_ended"


async def test_on_a_full_disk_no_queue_is_opened_but_by_somebody_who_is_in_a_visit(clinic: Clinic) -> None:
    tokens = {}
    for username in ("sample.provider", "sample.desk"):
        asked = {"username": username, "password": PASSWORD}
        tokens[username] = (await clinic.post("/api/v1/staff/sign-in", asked))[1]["token"]
    patient = await clinic.patient(await clinic.book())
    provider = await clinic.connect("/care", tokens["sample.provider"])
    await provider.ok("visit.admit", await first_row(provider))
    await patient.shows(lambda it: it["me"]["phase"] == "in_visit", "admitted")
    await provider.close()
    async with full_disk(clinic):
        refusal = (await clinic.connect("/care", tokens["sample.desk"])).refusal
        assert refusal
        assert refusal["data"]["code"] == "storage_failed"
        again = await clinic.connect("/care", tokens["sample.provider"])
        await again.shows(lambda it: it["visit"] is not None, "back in the visit")
