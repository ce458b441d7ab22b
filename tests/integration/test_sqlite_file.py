"""The SQLite store's file: durable, private, honest when the disk refuses, and readable beside what is broken in it."""

from __future__ import annotations

import asyncio
import errno
import shutil
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Awaitable, Callable, Iterator
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from signaling.appointments import Appointments, Asked
from signaling.clinics import Clinics
from signaling.invitations import hash_code
from signaling.settings import load_settings
from signaling.visits import Visits
from tests.support.stores import NO_LINKS, booked_event, kept, staff_event
from tests.support.visits import NOON, PROVIDER, booked
from waiting_room.errors import StoreFailed, VisitUnreadable
from waiting_room.model import ChatLine, Role, Visit, VisitPhase
from waiting_room.sqlite_store import SqliteStore
from waiting_room.store import Links, StaffAccount, VisitFilter

DAY = timedelta(days=1)


def edit(path: Path, statement: str, values: tuple[object, ...] = ()) -> None:
    """Change the file as another program does."""
    with closing(sqlite3.connect(path)) as db, db:
        db.execute(statement, values)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "v.sqlite3"


async def test_what_was_acknowledged_survives_kill_9(path: Path) -> None:
    """A process creates visits and says so after each; it is killed in the middle; all it said is there."""
    script = """
import asyncio, sys
from pathlib import Path
from tests.support.stores import NO_LINKS, booked_event
from tests.support.visits import booked
from waiting_room.sqlite_store import SqliteStore
async def main():
    store = await SqliteStore.open(Path(sys.argv[1]))
    for number in range(100000):
        await store.create(booked(visit_id=f"v{number}"), NO_LINKS, [booked_event(f"v{number}")])
        print(number, flush=True)
asyncio.run(main())
"""
    with subprocess.Popen([sys.executable, "-c", script, str(path)], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        last = -1
        for line in process.stdout:
            last = int(line)
            if last == 40:
                process.send_signal(signal.SIGKILL)
    assert last >= 40
    store = await SqliteStore.open(path)
    try:
        for number in range(last + 1):
            assert (await store.load(f"v{number}")).version == 1
            assert await kept(store, f"v{number}") == ["VisitBooked"]
    finally:
        await store.close()


async def test_a_file_that_is_no_database_is_refused(path: Path) -> None:
    path.write_bytes(b"not a database" * 100)
    with pytest.raises(StoreFailed):
        await SqliteStore.open(path)


async def test_a_file_of_a_newer_program_is_refused(path: Path) -> None:
    edit(path, "PRAGMA user_version=99")
    with pytest.raises(StoreFailed, match="schema 99"):
        await SqliteStore.open(path)


async def test_the_file_is_for_its_owner_alone(path: Path) -> None:
    store = await SqliteStore.open(path)
    await store.create(booked(), NO_LINKS, ())
    modes = {one.name: one.stat().st_mode & 0o777 for one in path.parent.iterdir()}
    await store.close()
    assert set(modes.values()) == {0o600}, modes


async def test_several_processes_may_open_a_new_file_at_once(path: Path) -> None:
    stores = await asyncio.gather(*(SqliteStore.open(path) for _ in range(8)))
    for store in stores:
        await store.record([booked_event()])
    assert len(await stores[0].entries()) == 8
    for store in stores:
        await store.close()


# What was said in a visit ends with it.

WORDS = "Canary words " * 20


def talked(visit_id: str = "visit") -> Visit:
    line = ChatLine("line", "patient", "Sample Patient", NOON, WORDS)
    return replace(booked(visit_id=visit_id), phase=VisitPhase.IN_PROGRESS, chat=(line,) * 40)


def over(visit: Visit) -> Visit:
    return replace(visit, phase=VisitPhase.ENDED, chat=(), ended_at=NOON)


def holds_words(path: Path) -> bool:
    return any(b"Canary" in one.read_bytes() for one in path.parent.iterdir())


async def test_what_was_said_is_in_no_file_once_the_visit_is_over(path: Path) -> None:
    store = await SqliteStore.open(path)
    try:
        await store.create(talked(), NO_LINKS, ())
        assert holds_words(path)
        await store.commit(over(talked()), 1, ())
        assert not holds_words(path)
    finally:
        await store.close()


async def test_what_another_process_still_reads_goes_with_the_next_write(path: Path) -> None:
    store = await SqliteStore.open(path)
    try:
        await store.create(talked(), NO_LINKS, ())
        with closing(sqlite3.connect(path, isolation_level=None)) as report:
            report.execute("BEGIN")
            report.execute("SELECT count(*) FROM visit").fetchall()
            await store.commit(over(talked()), 1, ())
            assert (await store.load("visit")).visit.chat == ()
        assert holds_words(path)
        await store.record([booked_event()])
        assert not holds_words(path)
    finally:
        await store.close()


async def test_what_a_killed_process_left_in_the_log_goes_at_the_next_start(path: Path, tmp_path: Path) -> None:
    store, left = await SqliteStore.open(path), tmp_path / "left"
    await store.create(talked(), NO_LINKS, ())
    with closing(sqlite3.connect(path)) as report:
        report.execute("BEGIN")
        report.execute("SELECT count(*) FROM visit").fetchall()
        await store.commit(over(talked()), 1, ())
        shutil.copytree(path.parent, left, ignore=shutil.ignore_patterns("left", "*-shm"))
    await store.close()
    assert holds_words(left / path.name)
    store = await SqliteStore.open(left / path.name)
    assert not holds_words(left / path.name)
    await store.close()


# Rows that cannot be read.


async def test_a_row_that_cannot_be_read_is_left_out_of_lists_and_shows_no_value(path: Path) -> None:
    store = await SqliteStore.open(path)
    try:
        for visit_id in ("broken", "no text", "whole", "whole too"):
            await store.create(booked(visit_id=visit_id), NO_LINKS, ())
        edit(path, "UPDATE visit SET state = replace(state, '\"booked\"', '\"paused\"') WHERE id = 'broken'")
        edit(path, "UPDATE visit SET state = CAST(x'7b22ff' AS TEXT) WHERE id = 'no text'")
        assert [one.visit.id for one in await store.list_live(NOON + DAY)] == ["whole", "whole too"]
        # A page is as long as it was asked for, or whoever turns the pages would stop here.
        assert [one.id for one in await store.list_visits(VisitFilter(limit=2))] == ["whole", "whole too"]
        for visit_id in ("broken", "no text"):
            with pytest.raises(StoreFailed) as refused:
                await store.load(visit_id)
            assert "Sample Patient" not in str(refused.getrepr(chain=True))
    finally:
        await store.close()


async def test_an_account_that_cannot_be_read_is_left_out_of_the_list(path: Path) -> None:
    store = await SqliteStore.open(path)
    try:
        for name in ("broken", "listed wrongly", "whole"):
            await store.add_staff(StaffAccount(name, name, name, Role.NURSE, "hash"))
        edit(path, "UPDATE staff SET role = 'king' WHERE id = 'broken'")
        edit(path, "UPDATE staff SET licences = '7' WHERE id = 'listed wrongly'")
        assert [one.id for one in await store.list_staff()] == ["whole"]
        with pytest.raises(StoreFailed):
            await store.find_staff("broken")
    finally:
        await store.close()


# S54: what cannot be audited does not happen.


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of its own of 1 MB, where this may be mounted."""
    place = tmp_path / "disk"
    place.mkdir()
    if subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=1m", "none", place], capture_output=True, check=False
    ).returncode:
        pytest.skip("mounting a file system is not allowed here")
    yield place
    subprocess.run(["umount", place], check=True)


def fill(place: Path) -> None:
    """Write until the disk is full."""
    with (place / "filling").open("ab", buffering=0) as file:
        try:
            while file.write(b"\0" * 512):
                pass
        except OSError as error:
            assert error.errno == errno.ENOSPC  # noqa: PT017 - any other trouble is the rig's


async def refuses_until_there_is_space(store: SqliteStore, *, make_space: Callable[[], Awaitable[None]]) -> None:
    """The disk refuses now: nothing of what is asked happens, what is there can be read, and with space all goes on."""
    before, head = await store.load("visit"), await store.head()
    changed = replace(before.visit, phase=VisitPhase.OPEN)
    for _ in range(2):
        with pytest.raises(StoreFailed):
            await store.commit(changed, before.version, [booked_event()] * 200, Links({"new": "patient"}))
    assert store.last_write_failed
    with pytest.raises(StoreFailed):
        await store.add_staff(StaffAccount("id", "name", "Name" * 9000, Role.NURSE, ""), [staff_event()])
    assert not await store.try_write()
    assert store.last_write_failed
    assert await store.load("visit") == before
    assert await store.head() == head
    assert await store.find_invitation("new") is None
    assert await store.list_staff() == []

    await make_space()
    assert store.last_write_failed
    assert await store.try_write()
    assert not store.last_write_failed
    await store.commit(changed, before.version, [booked_event()])
    assert (await store.load("visit")).visit == changed
    assert (await store.head()).number == head.number + 1


async def test_s54_a_full_disk_refuses_whole_and_heals(small_disk: Path) -> None:
    store = await SqliteStore.open(small_disk / "v.sqlite3")
    try:
        await store.create(booked(), NO_LINKS, [booked_event()])
        assert not store.last_write_failed
        fill(small_disk)

        async def make_space() -> None:
            (small_disk / "filling").unlink()

        await refuses_until_there_is_space(store, make_space=make_space)
    finally:
        await store.close()


async def test_s54_a_file_that_may_not_grow_refuses_whole_and_heals(path: Path) -> None:
    store = await SqliteStore.open(path)
    try:
        await store.create(booked(), NO_LINKS, [booked_event()])
        await store._connection.execute("PRAGMA max_page_count=1")

        async def make_space() -> None:
            await store._connection.execute("PRAGMA max_page_count=1000000")

        await refuses_until_there_is_space(store, make_space=make_space)
    finally:
        await store.close()


async def test_s54_a_file_that_may_only_be_read_refuses_whole_and_heals(path: Path) -> None:
    store = await SqliteStore.open(path)
    try:
        await store.create(booked(), NO_LINKS, [booked_event()])
        await store._connection.execute("PRAGMA query_only=ON")

        async def make_space() -> None:
            await store._connection.execute("PRAGMA query_only=OFF")

        await refuses_until_there_is_space(store, make_space=make_space)
    finally:
        await store.close()


async def test_s54_a_store_on_a_disk_that_may_only_be_read_does_not_open(small_disk: Path) -> None:
    await (await SqliteStore.open(small_disk / "v.sqlite3")).close()
    subprocess.run(["mount", "-o", "remount,ro", small_disk], check=True)
    with pytest.raises(StoreFailed):
        await SqliteStore.open(small_disk / "v.sqlite3")


async def test_s54_a_trail_that_refuses_an_entry_refuses_the_visit_too(path: Path) -> None:
    store = await SqliteStore.open(path)
    try:
        await store.create(booked(), NO_LINKS, [booked_event()])
        edit(path, "CREATE TRIGGER full BEFORE INSERT ON entry BEGIN SELECT RAISE(ABORT, 'full'); END")
        with pytest.raises(StoreFailed):
            await store.commit(replace(booked(), phase=VisitPhase.OPEN), 1, [booked_event()])
        with pytest.raises(StoreFailed):
            await store.create(booked(visit_id="second"), Links({"hash": "patient"}), [booked_event("second")])
        assert (await store.load("visit")).visit == booked()
        assert await store.find_invitation("hash") is None
    finally:
        await store.close()


async def test_a_write_that_changes_nothing_does_not_say_that_the_disk_is_well(path: Path) -> None:
    store = await SqliteStore.open(path)
    try:
        await store._connection.execute("PRAGMA max_page_count=1")
        with pytest.raises(StoreFailed, match="SQLITE_FULL"):
            await store.record([booked_event()] * 200)
        await store.record([])
        await store.touch_session("unknown", NOON)
        assert store.last_write_failed
    finally:
        await store.close()


# What the file holds.


def content(path: Path) -> bytes:
    return b"".join(one.read_bytes() for one in path.parent.iterdir())


async def test_s9_the_file_holds_no_code_of_any_link(path: Path) -> None:
    store = await SqliteStore.open(path)
    visits = Visits(store, clock=lambda: NOON - DAY, listener=lambda *_: None)
    appointments = Appointments(visits, store, Clinics(load_settings()), "https://clinic.example", lambda: NOON - DAY)
    made = await appointments.book(Asked(clinic="main", patient="Sample Patient", starts_at=NOON))
    renewed = await appointments.renew_link(made.visit.id)
    moved = await appointments.reschedule(made.visit.id, starts_at=NOON + DAY)
    open_file = content(path)
    await store.close()
    for link in (made, renewed, moved):
        code = link.url.partition("#")[2]
        assert len(code) == 22
        for held in (open_file, content(path)):
            assert code.encode() not in held
            assert hash_code(code).encode() in held


async def test_s55_what_was_purged_is_not_in_the_file_any_more(path: Path) -> None:
    store = await SqliteStore.open(path)
    visit = replace(booked(), note="canary " * 700)
    await store.create(visit, Links({"canary-hash": "patient"}), ())
    await store.commit(replace(visit, note="", reason=""), 1, ())
    await store.forget_links("visit")
    await store.close()
    assert b"canary" not in content(path)
    assert b"Sample Patient" in content(path)


# Questions that stay cheap when there are many visits.


async def _plan(store: SqliteStore, ask: Callable[[], Awaitable[object]]) -> str:
    """Return how SQLite answers the one query that this call makes."""
    asked: list[str] = []
    await store._connection.set_trace_callback(asked.append)
    await ask()
    await store._connection.set_trace_callback(None)  # type: ignore[arg-type]
    rows = await store._connection.execute_fetchall(f"EXPLAIN QUERY PLAN {asked[0]}")
    return "\n".join(row[3] for row in rows)


@pytest.mark.parametrize(
    ("wanted", "index"),
    [
        (VisitFilter(), "visit_start"),
        (VisitFilter(clinic_id="main", starts_from=NOON), "visit_clinic"),
        (VisitFilter(provider_id=PROVIDER.id, clinic_id="main", starts_from=NOON), "visit_provider_start"),
        (VisitFilter(provider_id=PROVIDER.id, after=(NOON, "visit")), "visit_provider_start"),
    ],
    ids=["all", "clinic", "provider", "provider's next page"],
)
async def test_a_list_comes_in_order_out_of_an_index(path: Path, wanted: VisitFilter, index: str) -> None:
    store = await SqliteStore.open(path)
    try:
        plan = await _plan(store, lambda: store.list_visits(wanted))
    finally:
        await store.close()
    assert index in plan
    assert "TEMP B-TREE" not in plan, plan


async def test_the_questions_of_every_second_and_every_night_use_an_index(path: Path) -> None:
    store = await SqliteStore.open(path)
    try:
        for index, ask in {
            "visit_live": lambda: store.list_live(NOON),
            "visit_deadline": lambda: store.due(NOON),
            "visit_retention": lambda: store.purgeable("main", NOON),
            "entry_visit": lambda: store.entries(visit_id="visit"),
            "staff_session_open": lambda: store.list_sessions(NOON),
        }.items():
            assert index in await _plan(store, ask)
        assert "visit_retention" in await _plan(store, store.clinics_to_purge)
    finally:
        await store.close()


async def test_a_row_that_cannot_be_read_is_logged_once_until_it_is_mended(path: Path) -> None:
    store = await SqliteStore.open(path)
    await store.create(booked(), NO_LINKS, [])
    with closing(sqlite3.connect(path)) as db:
        ((whole,),) = db.execute("SELECT state FROM visit").fetchall()
    for _ in range(2):
        edit(path, "UPDATE visit SET state = '{'")
        with capture_logs() as logs:
            for _ in range(3):
                assert await store.list_live(NOON + DAY) == []
                with pytest.raises(VisitUnreadable):
                    await store.load("visit")
        assert [one["event"] for one in logs] == ["row_not_readable"]
        edit(path, "UPDATE visit SET state = ?", (whole,))
        await store.load("visit")
    await store.close()
