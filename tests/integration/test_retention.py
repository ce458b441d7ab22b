"""S55: when retention is over nothing of the patient is in the database, and the trail is whole."""

from __future__ import annotations

import sqlite3
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from signaling.invitations import hash_code
from signaling.retention import purge, purgeable, run_daily
from signaling.trail import read_trail
from tests.support.front_office import FrontOffice, open_front_office
from waiting_room.audit import Head, verify
from waiting_room.check_in_items import WaiveReason
from waiting_room.commands import (
    AnswerCheckIn,
    Arrive,
    Invite,
    KeepNote,
    MarkNoShow,
    RecordCall,
    ReportReadiness,
    SendMessage,
    Waive,
)
from waiting_room.contact_codes import CallReason, CallResult
from waiting_room.errors import StoreFailed
from waiting_room.model import Actor, Role
from waiting_room.readiness import DeviceReport

CANARIES = [
    *("Canary Patient", "1961-04-30", "555-0199", "canary@clinic.example", "canary reason", "1 Canary Street"),
    *("Canary Aunt", "canary waived", "canary noted", "canary called", "canary written"),
]
NURSE = Actor("sample-nurse", Role.NURSE, "Sample Nurse", "main")


@pytest.fixture
async def office(tmp_path: Path) -> AsyncIterator[FrontOffice]:
    async with open_front_office(tmp_path) as running:
        yield running


async def over(office: FrontOffice) -> tuple[str, str]:
    """A visit with everything that is personal, which ends: its id and its link's code."""
    patient = {
        "name": "Canary Patient",
        "birth_date": "1961-04-30",
        "phone": "555-0199",
        "email": "canary@clinic.example",
    }
    booked = await office.book(patient=patient, reason="canary reason", headers={"Idempotency-Key": "k" * 36})
    visit_id = booked["id"]
    one = Actor((await office.visits.load(visit_id)).patient.id, Role.PATIENT, clinic="main")
    office.now += timedelta(hours=1, minutes=45)
    for command in (
        Arrive(actor=one, participant=one.id, session="canary-session"),
        ReportReadiness(actor=one, participant=one.id, report=DeviceReport(device="phone")),
        AnswerCheckIn(
            actor=one,
            participant=one.id,
            session="canary-session",
            item="location",
            answer={"state": "NY", "address": "1 Canary Street"},
        ),
        Waive(actor=NURSE, item="forms", reason=WaiveReason.URGENT, note="canary waived"),
        KeepNote(actor=NURSE, text="canary noted"),
        RecordCall(actor=NURSE, reason=CallReason.ASKED, result=CallResult.SOLVED, note="canary called"),
        SendMessage(actor=NURSE, participant=one.id, message="m1", text="canary written"),
        Invite(actor=NURSE, participant="aunt", role=Role.COMPANION, name="Canary Aunt", lives=timedelta(minutes=30)),
    ):
        await office.visits.handle(visit_id, command)
    return visit_id, str(booked["links"]["patient"]).partition("#")[2]


def dump(folder: Path) -> str:
    with sqlite3.connect(folder / "store.sqlite3") as db:
        text = "\n".join(db.iterdump())
    db.close()
    return text


async def head(office: FrontOffice) -> Head:
    found = verify([entry async for entry in read_trail(office.store)])
    assert isinstance(found, Head)
    return found


async def test_nothing_of_the_patient_is_in_a_dump_and_the_trail_is_whole(office: FrontOffice, tmp_path: Path) -> None:
    visit_id, code = await over(office)
    before = dump(tmp_path)
    assert [canary for canary in CANARIES if canary not in before] == []
    await office.ask("POST", f"/appointments/{visit_id}/complete")
    anchor = await head(office)
    office.now += timedelta(days=29)
    await run_daily(office.store, office.clinics, clock=lambda: office.now)
    assert "Canary Patient" in dump(tmp_path)
    office.now += timedelta(days=2)
    await run_daily(office.store, office.clinics, clock=lambda: office.now)
    after = dump(tmp_path)
    assert [canary for canary in CANARIES if canary in after] == []
    assert hash_code(code) not in after
    assert "canary-session" not in after
    assert visit_id in after
    assert await office.store.find_invitation(hash_code(code)) is None
    entries = [entry async for entry in read_trail(office.store)]
    assert verify(entries, [anchor]) == await office.store.head()
    (purged,) = [entry for entry in entries if entry.kind == "PatientDataPurged"]
    assert (purged.visit, purged.role) == (visit_id, "clock")


async def test_nothing_is_left_in_the_files_either(office: FrontOffice, tmp_path: Path) -> None:
    visit_id, _ = await over(office)
    await office.ask("POST", f"/appointments/{visit_id}/complete")
    office.now += timedelta(days=31)
    await purge(office.store, office.clinics, now=office.now)
    await office.store.close()
    written = b"".join(path.read_bytes() for path in tmp_path.glob("store.sqlite3*"))
    assert [canary for canary in CANARIES if canary.encode() in written] == []


async def test_only_what_is_over_for_long_enough_in_its_own_clinic_is_due(tmp_path: Path) -> None:
    async with open_front_office(tmp_path, north={"retention_days": 1, "time_zone": "America/New_York"}) as office:
        made = {clinic: (await office.book(clinic=clinic, providers=[]))["id"] for clinic in ("main", "north")}
        await office.book(starts_at="2027-01-11T09:00")
        office.now += timedelta(hours=3)
        for visit in made.values():
            await office.visits.handle(visit, MarkNoShow(actor=Actor("desk", Role.OPERATOR)))
        office.now += timedelta(days=2)
        due = [await purgeable(office.store, clinic, now=office.now) for clinic in office.clinics]
        assert due == [[], [made["north"]]]
        assert await purge(office.store, office.clinics, now=office.now) == 1
        assert await purge(office.store, office.clinics, now=office.now) == 0
        office.now += timedelta(days=30)
        assert await purge(office.store, office.clinics, now=office.now) == 1


async def test_a_clinic_that_was_taken_out_of_the_settings_keeps_nothing_for_ever(tmp_path: Path) -> None:
    async with open_front_office(tmp_path, north={"retention_days": 90, "time_zone": "America/New_York"}) as office:
        visit = (await office.book(clinic="north", providers=[]))["id"]
        await office.ask("POST", f"/appointments/{visit}/cancel")
        left = [clinic for clinic in office.clinics if clinic.id == "main"]
        office.now += timedelta(days=29)
        assert await purge(office.store, left, now=office.now) == 0
        office.now += timedelta(days=2)
        assert await purge(office.store, office.clinics, now=office.now) == 0
        with capture_logs() as logs:
            assert await purge(office.store, left, now=office.now) == 1
        assert [(one["event"], one["log_level"], one["clinic"]) for one in logs] == [
            ("clinic_not_in_settings", "warning", "north")
        ]
        assert (await office.visits.load(visit)).purged


async def test_more_than_a_page_is_purged_at_once(office: FrontOffice) -> None:
    booked = [(await office.book(patient={"name": "Canary Patient"}))["id"] for _ in range(3)]
    for visit in booked:
        office.seconds += 1
        await office.ask("POST", f"/appointments/{visit}/cancel")
    office.now += timedelta(days=31)
    clinics = list(office.clinics)
    assert len(await purgeable(office.store, clinics[0], now=office.now, limit=2)) == 2
    assert await purge(office.store, clinics, now=office.now) == 3


async def test_a_store_that_fails_ends_the_days_run_and_not_the_server(
    office: FrontOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def fails(*_: object) -> list[str]:
        raise StoreFailed(reason="disk full")

    monkeypatch.setattr(office.store, "purgeable", fails)
    await run_daily(office.store, office.clinics, clock=lambda: office.now)


async def test_a_damaged_visit_keeps_nobody_elses_data(office: FrontOffice, tmp_path: Path) -> None:
    booked = [(await office.book(patient={"name": "Canary Patient"}))["id"] for _ in range(2)]
    for visit in booked:
        await office.ask("POST", f"/appointments/{visit}/cancel")
    with sqlite3.connect(tmp_path / "store.sqlite3") as db:
        db.execute("UPDATE visit SET state = '{}' WHERE id = ?", (booked[0],))
    office.now += timedelta(days=31)
    assert await purge(office.store, office.clinics, now=office.now) == 1
    assert (await office.visits.load(booked[1])).purged
