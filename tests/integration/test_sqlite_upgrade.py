"""A file that the program's first schema wrote, `schema_1.sql`, opens under this one with nothing lost."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from tests.support.stores import NO_LINKS, booked_event
from tests.support.visits import NOON, OTHER_PROVIDER, arrive, booked
from waiting_room import commands as do
from waiting_room.audit import Head, verify
from waiting_room.errors import StoreFailed
from waiting_room.model import Identity, ParticipantPhase, PatientDetails, Provider, Role, VisitPhase
from waiting_room.sqlite_store import SqliteStore
from waiting_room.store import Invitation, StaffAccount, VisitFilter
from waiting_room.visit import handle_command

OLD = Path(__file__).parent / "schema_1.sql"
PEOPLE = Provider("provider", "Dr. Sample Provider")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "v.sqlite3"
    with closing(sqlite3.connect(path)) as db:
        db.executescript(OLD.read_text())
    return path


@pytest.fixture
def old(path: Path) -> Iterator[sqlite3.Connection]:
    """The old file, to be changed before it is upgraded."""
    with closing(sqlite3.connect(path)) as db:
        yield db


async def test_visits_come_over_with_their_clinic_provider_and_windows(path: Path) -> None:
    store = await SqliteStore.open(path)
    try:
        found = {one.id: one for one in await store.list_visits(VisitFilter(clinic_id="main", provider_id="provider"))}
        versions = {visit_id: (await store.load(visit_id)).version for visit_id in found}
    finally:
        await store.close()
    assert versions == {"booked": 1, "running": 7, "ended": 6, "cancelled": 2}
    assert {one.id: one.phase for one in found.values()} == {
        "booked": VisitPhase.BOOKED, "running": VisitPhase.IN_PROGRESS, "ended": VisitPhase.ENDED,
        "cancelled": VisitPhase.CANCELLED,
    }  # fmt: skip
    visit = found["booked"]
    assert visit.providers == (PEOPLE,)
    assert visit.reason == "Follow-up é"
    assert visit.details == PatientDetails()
    assert visit.check_in_opens_at == visit.opens_at == NOON + timedelta(days=1, minutes=-30)
    assert not visit.check_in
    assert not visit.purged
    patient = found["running"].patient
    assert (patient.phase, patient.session, patient.identity) == (
        ParticipantPhase.IN_VISIT,
        "tablet",
        Identity.NOT_ASKED,
    )


async def test_a_visit_in_progress_goes_on(path: Path) -> None:
    store = await SqliteStore.open(path)
    try:
        read = await store.load("running")
        outcome = handle_command(read.visit, arrive("phone again"), now=NOON + timedelta(minutes=1))
        assert outcome.events
        await store.commit(outcome.visit, read.version, outcome.events)
        assert [one.visit.id for one in await store.list_live(NOON + timedelta(days=2))] == ["running", "booked"]
        assert await store.due(NOON + timedelta(days=1)) == ["running", "booked"]
        booked_one = await store.load("booked")
        opened = handle_command(booked_one.visit, do.PassTime(), now=booked_one.visit.opens_at)
        assert opened.visit.phase is VisitPhase.OPEN
    finally:
        await store.close()


async def test_what_is_over_waits_for_retention(path: Path) -> None:
    store = await SqliteStore.open(path)
    try:
        assert sorted(await store.purgeable("main", NOON + timedelta(days=1))) == ["cancelled", "ended"]
    finally:
        await store.close()


async def test_events_become_the_trail_in_their_order(path: Path, old: sqlite3.Connection) -> None:
    told = [tuple(row) for row in old.execute("SELECT visit_id, kind FROM event ORDER BY number")]
    store = await SqliteStore.open(path)
    try:
        entries = await store.entries()
        assert [(entry.visit, entry.kind) for entry in entries] == told
        assert verify(entries) == await store.head() == Head(22, entries[-1].hash)
        replaced = entries[9]
        assert (replaced.kind, replaced.at) == ("DeviceReplaced", "2026-11-22T12:00:05.001250+00:00")
        assert (replaced.actor, replaced.role, replaced.device) == ("patient", "patient", "")
        assert replaced.facts == {"participant": "patient", "old_session": "phone"}
        assert entries[0].at == "2026-11-21T12:00:00.000000+00:00"
        await store.record([booked_event()])
        assert verify(await store.entries()) == await store.head()
    finally:
        await store.close()


async def test_links_and_accounts_come_over(path: Path) -> None:
    store = await SqliteStore.open(path)
    try:
        assert await store.find_invitation("hash-booked") == Invitation("booked", "patient")
        assert await store.list_staff() == [
            StaffAccount("desk", "sample.desk", "Sample Front Desk", Role.FRONT_DESK, "argon2-hash-2", disabled=True),
            StaffAccount("provider", "sample.provider", "Dr. Sample Provider", Role.PROVIDER, "argon2-hash"),
        ]
    finally:
        await store.close()


async def test_an_upgraded_file_is_as_a_new_one(path: Path, tmp_path: Path) -> None:
    async def shape(file: Path) -> list[tuple[str, str]]:
        await (await SqliteStore.open(file)).close()
        with closing(sqlite3.connect(file)) as db:
            query = "SELECT name, sql FROM sqlite_master WHERE name NOT LIKE 'sqlite_%' ORDER BY name"
            return [("version", *db.execute("PRAGMA user_version").fetchone()), *db.execute(query)]

    assert await shape(path) == await shape(tmp_path / "new.sqlite3")
    assert await shape(path) == await shape(tmp_path / "new.sqlite3")


async def test_a_row_that_cannot_be_read_is_kept_as_it_is_and_stops_nothing(
    path: Path, old: sqlite3.Connection
) -> None:
    with old:
        old.execute("UPDATE visit SET state = '{\"id\": 1}' WHERE id = 'ended'")
        old.execute("UPDATE visit SET state = '[]' WHERE id = 'booked'")
        old.execute("UPDATE event SET facts = 'gone' WHERE number = 3")
        old.execute("UPDATE event SET facts = '[]' WHERE number = 4")
    store = await SqliteStore.open(path)
    try:
        assert [visit.id for visit in await store.list_visits(VisitFilter())] == ["cancelled", "running"]
        with pytest.raises(StoreFailed):
            await store.load("ended")
        entries = await store.entries()
        assert [entry.facts for entry in entries[2:4]] == [{"unread": "gone"}, {"unread": "[]"}]
        assert verify(entries) == await store.head()
    finally:
        await store.close()
    rows = old.execute("SELECT id, live, state FROM visit WHERE phase = '' ORDER BY id").fetchall()
    assert rows == [("booked", 1, "[]"), ("ended", 0, '{"id": 1}')]


async def test_an_upgrade_that_fails_in_the_middle_leaves_the_old_file(path: Path, old: sqlite3.Connection) -> None:
    with old:
        old.execute("CREATE TABLE api_token (in_the_way)")
    before = list(old.iterdump())
    with pytest.raises(StoreFailed):
        await SqliteStore.open(path)
    assert list(old.iterdump()) == before
    with old:
        old.execute("DROP TABLE api_token")
    store = await SqliteStore.open(path)
    assert len(await store.entries()) == 22
    await store.close()


async def test_a_large_old_file_comes_over_whole(path: Path, old: sqlite3.Connection) -> None:
    """More rows than are read at a time."""
    with old:
        for number in range(1200):
            old.execute(
                'INSERT INTO visit SELECT ?1, version, live, starts_at, deadline, replace(state, \'"id":"booked"\', ?2)'
                " FROM visit WHERE id = 'booked'",
                (f"v{number}", f'"id":"v{number}"'),
            )
            old.execute("INSERT INTO event SELECT NULL, ?, kind, facts FROM event WHERE number = 1", (f"v{number}",))
    store = await SqliteStore.open(path)
    try:
        assert len(await store.list_visits(VisitFilter(limit=5000))) == 1204
        entries = await store.entries(limit=5000)
        assert len(entries) == 1222
        assert verify(entries) == await store.head()
        await store.create(booked(visit_id="next", providers=(OTHER_PROVIDER,)), NO_LINKS, ())
    finally:
        await store.close()
