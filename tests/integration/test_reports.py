"""Reports over a day that was lived: whom they count, in whose time, and what they do not show."""

from __future__ import annotations

import csv
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import date, timedelta
from io import StringIO
from pathlib import Path

import pytest

from signaling.reports import REPORTS, make_report
from signaling.retention import purge
from signaling.spreadsheet import as_csv
from tests.support.front_office import FrontOffice, open_front_office
from waiting_room.commands import (
    Admit,
    Arrive,
    Command,
    Connect,
    End,
    JoinWaitingRoom,
    LoseConnection,
    MarkNoShow,
    NoteModality,
    RecordCall,
    ReportReadiness,
)
from waiting_room.contact_codes import CallReason, CallResult
from waiting_room.events import FeedbackGiven
from waiting_room.model import Actor, Modality, Role
from waiting_room.readiness import DeviceReport, Part

DAY = date(2026, 11, 23)
PROVIDER = Actor("sample-provider", Role.PROVIDER, "Dr. Sample Provider", "main")
NURSE = Actor("sample-nurse", Role.NURSE, "Sample Nurse", "main")


@pytest.fixture
async def office(tmp_path: Path) -> AsyncIterator[FrontOffice]:
    async with open_front_office(tmp_path) as running:
        yield running


async def give(office: FrontOffice, visit: str, *commands: Command, minutes: float = 0) -> None:
    for command in commands:
        office.now += timedelta(minutes=minutes)
        await office.visits.handle(visit, command)


async def lived(office: FrontOffice) -> dict[str, str]:
    """Three visits of Monday: one with trouble, one whose patient never came, one of tomorrow; and one of the other clinic."""
    kept = (await office.book(kind="plain", external_id="=kept", starts_at="2026-11-23T08:30"))["id"]
    missed = (await office.book(kind="plain", external_id="missed", starts_at="2026-11-23T08:30"))["id"]
    later = (await office.book(kind="plain", starts_at="2026-11-24T00:00"))["id"]
    # In Los Angeles it is still Monday then.
    north = (await office.book(clinic="north", providers=["north.provider"], starts_at="2026-11-23T23:30"))["id"]
    patient = Actor((await office.visits.load(kept)).patient.id, Role.PATIENT, clinic="main")
    phone = {"participant": patient.id, "session": "phone"}
    blocked = DeviceReport(camera=Part.BLOCKED, microphone=Part.WORKS)
    await give(
        office,
        kept,
        ReportReadiness(actor=patient, participant=patient.id, report=blocked),
        Arrive(actor=patient, participant=patient.id, session="phone"),
        Connect(actor=patient, **phone),
        LoseConnection(actor=patient, **phone),
        Connect(actor=patient, **phone),
        JoinWaitingRoom(actor=patient, **phone),
        minutes=1,
    )
    confirmed = frozenset({"identity"})
    admit = Admit(actor=PROVIDER, participant=patient.id, session="window", confirmed=confirmed)
    audio = NoteModality(actor=patient, **phone, modality=Modality.AUDIO, reason="network")
    await give(office, kept, admit, audio, minutes=10)
    trouble = RecordCall(actor=NURSE, reason=CallReason.TECHNICAL_TROUBLE, result=CallResult.SOLVED, note="canary")
    await give(office, kept, trouble, End(actor=PROVIDER), minutes=5)
    told = FeedbackGiven(
        visit=kept, at=office.now, actor=patient.id, role=patient.role, participant=patient.id, answer="trouble"
    )
    await office.store.record((replace(told, answer="well"), told))
    not_here = RecordCall(actor=NURSE, reason=CallReason.NOT_HERE, result=CallResult.NO_ANSWER)
    await give(office, missed, not_here, MarkNoShow(actor=NURSE), minutes=1)
    return {"kept": kept, "missed": missed, "later": later, "north": north}


async def table(office: FrontOffice, name: str, *, names: bool = False) -> list[dict[str, str]]:
    rows = await make_report(office.store, office.clinics, name, DAY, DAY, names=names)
    return list(csv.DictReader(StringIO(as_csv(rows), newline="")))


async def test_waits(office: FrontOffice) -> None:
    made = await lived(office)
    (row,) = await table(office, "waits")
    assert row == {
        "visit": made["kept"],
        "external_id": "'=kept",
        "clinic": "main",
        "providers": "sample.provider",
        "starts_at": "2026-11-23T08:30:00-05:00",
        "state": "ended",
        "arrived_at": "2026-11-23T08:02:00-05:00",
        "waiting_since": "2026-11-23T08:06:00-05:00",
        "admitted_at": "2026-11-23T08:16:00-05:00",
        "waited_minutes": "10.0",
    }


async def test_no_shows(office: FrontOffice) -> None:
    made = await lived(office)
    (row,) = await table(office, "no-shows")
    assert (row["visit"], row["calls"], row["call_results"]) == (made["missed"], "1", "not_here:no_answer")
    assert (row["readiness"], row["readiness_cause"]) == ("untested", "none")


async def test_failures_by_cause(office: FrontOffice) -> None:
    made = await lived(office)
    rows = await table(office, "failures")
    causes = {
        ("call", "solved", "1"),
        ("connection", "patient", "1"),
        ("modality", "audio:network", "1"),
        ("readiness", "camera_blocked", "1"),
    }
    for of, visit in (("total", ""), ("visit", made["kept"])):
        found = {(row["source"], row["cause"], row["count"]) for row in rows if row["of"] == of}
        assert found == causes
        assert {row["visit"] for row in rows if row["of"] == of} == {visit}


async def test_the_last_answer_of_each_counts(office: FrontOffice) -> None:
    made = await lived(office)
    (row,) = await table(office, "feedback")
    assert (row["visit"], row["role"], row["answer"]) == (made["kept"], "patient", "trouble")


async def test_attendance_for_billing(office: FrontOffice) -> None:
    made = await lived(office)
    rows = await table(office, "attendance")
    assert {row["visit"] for row in rows} == {made["kept"]}
    patient, provider = rows
    assert (patient["role"], patient["minutes"], patient["modality"]) == ("patient", "20.0", "audio")
    assert patient["steps"] == "audio:network@2026-11-23T08:26:00-05:00"
    assert (provider["person"], provider["role"], provider["minutes"]) == ("sample.provider", "provider", "20.0")
    assert (provider["modality"], provider["steps"]) == ("", "")


@pytest.mark.parametrize("name", REPORTS)
async def test_names_are_shown_only_where_asked_for(office: FrontOffice, name: str) -> None:
    await lived(office)
    plain, named = [str(await table(office, name, names=names)) for names in (False, True)]
    for canary in ("Sample Patient", "1961", "555-0142", "canary"):
        assert canary not in plain
    assert "Sample Patient" in named


async def test_a_report_outlives_the_patients_data(office: FrontOffice) -> None:
    await lived(office)
    before = [await table(office, name) for name in REPORTS]
    office.now += timedelta(days=31)
    assert await purge(office.store, office.clinics, now=office.now) == 2
    assert [await table(office, name) for name in REPORTS] == before


async def test_the_interface_gives_the_same_report_of_the_callers_clinics(office: FrontOffice) -> None:
    await lived(office)
    params = {"from": "2026-11-23", "to": "2026-11-23"}
    answer = await office.ask("GET", "/reports/attendance", params=params)
    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert list(csv.DictReader(StringIO(answer.text, newline=""))) == await table(office, "attendance")
    north = await office.ask("GET", "/reports/attendance", params=params, token=await office.token(clinic="north"))
    assert len(north.text.splitlines()) == 1
