"""What every store must keep. Each implementation is one more parameter of the fixture."""

from __future__ import annotations

import asyncio
import signal
import sqlite3
import subprocess
import sys
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from tests.support.visits import NOON, NURSE, PROVIDER, Told, admit, arrive, booked, connect, join
from waiting_room import commands as do
from waiting_room.errors import AlreadyAdmitted, StoreFailed, UsernameTaken, VersionConflict, VisitUnknown
from waiting_room.events import VisitOpened
from waiting_room.model import Role
from waiting_room.sqlite_store import SqliteStore
from waiting_room.store import Invitation, StaffAccount, Store
from waiting_room.visit import handle_command


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[Store]:
    made = await SqliteStore.open(tmp_path / "visits.sqlite3")
    yield made
    await made.close()


ACCOUNT = StaffAccount("id", "sample.provider", "Dr. Sample Provider", Role.PROVIDER, "hash")


async def test_a_visit_comes_back_as_it_was_kept(store: Store) -> None:
    told = Told(booked())
    for command in (arrive(), connect(), join(), admit()):
        told.give(command)
    await store.create(told.visit, {"hash": "patient"}, told.events)
    found = await store.load("visit")
    assert found.visit == told.visit
    assert await store.find_invitation("hash") == Invitation("visit", "patient")
    assert [event.kind for event in await store.events("visit")] == told.kinds()


async def test_what_is_not_there_is_not_there(store: Store) -> None:
    with pytest.raises(VisitUnknown):
        await store.load("nothing")
    assert await store.find_invitation("nothing") is None
    assert await store.find_staff("nobody") is None
    assert await store.events("nothing") == []


async def test_a_commit_on_an_old_version_is_refused_and_changes_nothing(store: Store) -> None:
    visit = booked()
    await store.create(visit, {}, ())
    read = await store.load("visit")
    opened = handle_command(visit, do.PassTime(), now=NOON)
    await store.commit(opened.visit, read.version, opened.events)
    with pytest.raises(VersionConflict):
        await store.commit(replace(visit, reason="lost"), read.version, opened.events)
    assert (await store.load("visit")).visit == opened.visit
    assert [event.kind for event in await store.events("visit")] == [VisitOpened.__name__]


async def test_of_many_simultaneous_admissions_one_wins(store: Store) -> None:
    told = Told(booked())
    for command in (arrive(), connect(), join()):
        told.give(command)
    await store.create(told.visit, {}, ())

    async def try_admit(who: int) -> str:
        command = admit(PROVIDER if who % 2 else NURSE, f"window {who % 2}")
        while True:
            read = await store.load("visit")
            await asyncio.sleep(0)
            try:
                outcome = handle_command(read.visit, command, now=NOON)
            except AlreadyAdmitted:
                return "refused"
            if not outcome.events:
                return "repeated"
            try:
                await store.commit(outcome.visit, read.version, outcome.events)
            except VersionConflict:
                continue
            return "won"

    results = await asyncio.gather(*(try_admit(who) for who in range(20)))
    assert results.count("won") == 1
    admitted = [event for event in await store.events("visit") if event.kind == "ParticipantAdmitted"]
    assert len(admitted) == 1


async def test_live_visits_come_in_the_order_of_the_queue(store: Store) -> None:
    for number, hours in enumerate([3, 1, 2, 50]):
        await store.create(booked(NOON + timedelta(hours=hours), visit_id=f"v{number}"), {}, ())
    cancelled = handle_command(booked(visit_id="gone"), do.Cancel(actor=replace(NURSE, role=Role.FRONT_DESK)), now=NOON)
    await store.create(cancelled.visit, {}, ())
    assert [one.visit.id for one in await store.list_live(NOON + timedelta(days=1))] == ["v1", "v2", "v0"]


async def test_deadlines_are_found_when_they_come(store: Store) -> None:
    await store.create(booked(), {}, ())
    opens_at = NOON - timedelta(minutes=30)
    assert await store.due(opens_at - timedelta(seconds=1)) == []
    assert await store.due(opens_at) == ["visit"]


async def test_a_username_is_given_once(store: Store) -> None:
    await store.add_staff(ACCOUNT)
    assert await store.find_staff("sample.provider") == ACCOUNT
    with pytest.raises(UsernameTaken):
        await store.add_staff(replace(ACCOUNT, id="other"))


async def test_another_process_writing_is_noticed(tmp_path: Path) -> None:
    mine = await SqliteStore.open(tmp_path / "v.sqlite3")
    theirs = await SqliteStore.open(tmp_path / "v.sqlite3")
    try:
        assert not await mine.changed_elsewhere()
        await mine.create(booked(visit_id="mine"), {}, ())
        assert not await mine.changed_elsewhere()
        await theirs.create(booked(visit_id="theirs"), {}, ())
        assert await mine.changed_elsewhere()
        assert not await mine.changed_elsewhere()
    finally:
        await mine.close()
        await theirs.close()


async def test_what_was_acknowledged_survives_kill_9(tmp_path: Path) -> None:
    """A process creates visits and says so after each; it is killed in the middle; all it said is there."""
    script = """
import asyncio, sys
from pathlib import Path
from tests.support.visits import booked
from waiting_room.sqlite_store import SqliteStore
async def main():
    store = await SqliteStore.open(Path(sys.argv[1]))
    for number in range(100000):
        await store.create(booked(visit_id=f"v{number}"), {}, ())
        print(number, flush=True)
asyncio.run(main())
"""
    path = tmp_path / "v.sqlite3"
    with subprocess.Popen([sys.executable, "-c", script, str(path)], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        last = -1
        for line in process.stdout:
            last = int(line)
            if last == 40:
                process.send_signal(signal.SIGKILL)
    store = await SqliteStore.open(path)
    try:
        for number in range(last + 1):
            assert (await store.load(f"v{number}")).version == 1
    finally:
        await store.close()


async def test_a_file_that_is_no_database_is_refused(tmp_path: Path) -> None:
    (tmp_path / "v.sqlite3").write_bytes(b"not a database" * 100)
    with pytest.raises(StoreFailed):
        await SqliteStore.open(tmp_path / "v.sqlite3")


async def test_a_file_of_a_newer_program_is_refused(tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / "v.sqlite3") as db:
        db.execute("PRAGMA user_version=99")
    db.close()
    with pytest.raises(StoreFailed, match="schema 99"):
        await SqliteStore.open(tmp_path / "v.sqlite3")


async def test_the_file_is_for_its_owner_alone(tmp_path: Path) -> None:
    store = await SqliteStore.open(tmp_path / "v.sqlite3")
    await store.create(booked(), {}, ())
    modes = {path.name: path.stat().st_mode & 0o777 for path in tmp_path.iterdir()}
    await store.close()
    assert set(modes.values()) == {0o600}, modes


async def test_a_closed_store_refuses(store: Store) -> None:
    await store.close()
    await store.close()
    with pytest.raises(StoreFailed):
        await store.load("visit")


async def test_a_row_that_cannot_be_read_is_left_out_of_the_queue_and_shows_no_value(tmp_path: Path) -> None:
    store = await SqliteStore.open(tmp_path / "v.sqlite3")
    try:
        for visit_id in ("broken", "whole"):
            await store.create(booked(visit_id=visit_id), {}, ())
        with sqlite3.connect(tmp_path / "v.sqlite3") as db:
            db.execute("UPDATE visit SET state = replace(state, '\"booked\"', '\"paused\"') WHERE id = 'broken'")
        db.close()
        assert [one.visit.id for one in await store.list_live(NOON + timedelta(days=1))] == ["whole"]
        with pytest.raises(StoreFailed) as refused:
            await store.load("broken")
        assert "Sample Patient" not in str(refused.getrepr(chain=True))
    finally:
        await store.close()


async def test_a_write_whose_caller_is_cancelled_leaves_the_store_usable(store: Store) -> None:
    for number in range(30):
        writing = asyncio.ensure_future(store.create(booked(visit_id=f"v{number}"), {}, ()))
        for _ in range(number % 7):
            await asyncio.sleep(0)
        writing.cancel()
        await asyncio.gather(writing, return_exceptions=True)
    await store.create(booked(visit_id="after"), {}, ())
    assert (await store.load("after")).version == 1
