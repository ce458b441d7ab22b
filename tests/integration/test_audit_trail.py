"""S52, S53: the trail of a SQLite file against whoever can write that file. What is found is printed as a table."""

from __future__ import annotations

import asyncio
import json
import shutil
import sqlite3
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest

from tests.support.stores import NO_LINKS, booked_event, staff_event
from tests.support.visits import NOON, booked, in_progress
from waiting_room import events as ev
from waiting_room.audit import START, Break, Entry, Head, as_line, seal, verify
from waiting_room.errors import VersionConflict
from waiting_room.model import Role
from waiting_room.sqlite_store import SqliteStore

Database = sqlite3.Connection
Tamper = Callable[[Database], None]

LENGTH = 16
TRIGGERS = ("entry_appended", "entry_kept", "entry_unchanged")


@dataclass
class Table:
    """What was done to the trail, and what was found without and with heads kept outside."""

    rows: list[tuple[str, str, str]] = field(default_factory=list)

    def add(self, what: str, alone: Head | Break, anchored: Head | Break) -> None:
        self.rows.append((what, _told(alone), _told(anchored)))

    def __str__(self) -> str:
        head = ("tampering (S52)", "by the chain alone", "with the head kept outside")
        rows = [head, *self.rows]
        widths = [max(len(row[column]) for row in rows) for column in range(3)]
        lines = ["  ".join(text.ljust(width) for text, width in zip(row, widths, strict=True)).rstrip() for row in rows]
        return "\n".join(["", lines[0], "-" * sum(widths), *lines[1:]])


def _told(found: Head | Break) -> str:
    return f"entry {found.number}: {found.what}" if isinstance(found, Break) else f"whole, {found.number} entries"


@pytest.fixture(scope="module")
def table(request: pytest.FixtureRequest) -> Iterator[Table]:
    made = Table()
    yield made
    capture = request.config.pluginmanager.getplugin("capturemanager")
    assert capture is not None
    with capture.global_and_fixture_disabled():
        print(made)


@pytest.fixture
async def trail(tmp_path: Path) -> Path:
    """A file whose trail has 16 entries: a visit from booking to admission, and staff's doings."""
    path = tmp_path / "v.sqlite3"
    store = await SqliteStore.open(path)
    told = in_progress()
    await store.create(told.visit, NO_LINKS, [booked_event(), *told.events])
    while (number := (await store.head()).number) < LENGTH:
        await store.record([staff_event(f"account {number}")])
    await store.close()
    return path


async def entries_of(path: Path) -> list[Entry]:
    """The whole trail, read as the program reads it, in pages."""
    store = await SqliteStore.open(path)
    found: list[Entry] = []
    try:
        while page := await store.entries(after=found[-1].number if found else 0, limit=5):
            found += page
    finally:
        await store.close()
    return found


async def head_of(path: Path) -> Head:
    store = await SqliteStore.open(path)
    try:
        return await store.head()
    finally:
        await store.close()


async def write_more(path: Path, count: int) -> None:
    """Let the program go on writing, as it does after somebody has been at the file."""
    store = await SqliteStore.open(path)
    await store.record([staff_event(f"later {number}") for number in range(count)])
    await store.close()


def attack(path: Path, tamper: Tamper) -> None:
    with closing(sqlite3.connect(path)) as db, db:
        for trigger in TRIGGERS:
            db.execute(f"DROP TRIGGER {trigger}")
        tamper(db)


def chain_anew(db: Database, first: int) -> None:
    """Compute all hashes from this entry on, as an attacker who has read the program can."""
    rows = db.execute("SELECT * FROM entry WHERE number >= ? ORDER BY number", (first - 1,)).fetchall()
    entries = [replace(Entry(*row), facts=json.loads(row[7])) for row in rows]
    head = Head(entries[0].number, entries[0].hash) if first > 1 else START
    for entry in entries[first > 1 :]:
        sealed = seal(entry, head)
        db.execute("UPDATE entry SET hash = ? WHERE number = ?", (sealed.hash, entry.number))
        head = Head(entry.number, sealed.hash)


# What is done to the entry in the middle, or to it and those after it.


def edited(db: Database) -> None:
    db.execute("UPDATE entry SET actor = 'somebody else' WHERE number = 7")


def edited_and_chained_anew(db: Database) -> None:
    edited(db)
    chain_anew(db, 7)


def deleted(db: Database) -> None:
    db.execute("DELETE FROM entry WHERE number = 7")


def deleted_and_closed_up(db: Database) -> None:
    deleted(db)
    db.execute("UPDATE entry SET number = number - 1 WHERE number > 7")


def deleted_closed_up_and_chained_anew(db: Database) -> None:
    deleted_and_closed_up(db)
    chain_anew(db, 7)


def swapped(db: Database) -> None:
    for before, after in ((7, -1), (8, 7), (-1, 8)):
        db.execute("UPDATE entry SET number = ? WHERE number = ?", (after, before))


def put_between(db: Database) -> None:
    for number in range(LENGTH, 6, -1):
        db.execute("UPDATE entry SET number = number + 1 WHERE number = ?", (number,))
    db.execute(
        "INSERT INTO entry SELECT 7, at, kind, visit, actor, role, device, facts, hash FROM entry WHERE number = 6"
    )


def cut(db: Database) -> None:
    db.execute("DELETE FROM entry WHERE number > 12")


def emptied(db: Database) -> None:
    db.execute("DELETE FROM entry")


@dataclass(frozen=True)
class Case:
    """Where the break is named: by the chain alone (None where it cannot see it), and with the head kept outside."""

    what: str
    tamper: Tamper
    alone: int | None
    anchored: int
    more: int = 0


CASES = [
    Case("an entry edited", edited, 7, 7),
    Case("an entry edited, all later hashes computed anew", edited_and_chained_anew, None, LENGTH),
    Case("an entry deleted in the middle", deleted, 7, 7),
    Case("an entry deleted, the numbers closed up", deleted_and_closed_up, 7, 7),
    Case("the same, hashes computed anew", deleted_closed_up_and_chained_anew, None, LENGTH),
    Case("the same, and written on", deleted_closed_up_and_chained_anew, None, LENGTH, more=3),
    Case("two entries swapped", swapped, 7, 7),
    Case("an entry put between", put_between, 7, 7),
    Case("the tail cut off", cut, None, 13),
    Case("the tail cut off, and written on past its length", cut, None, LENGTH, more=9),
    Case("everything deleted", emptied, None, 1),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.what)
async def test_s52_tampering_is_found_and_its_place_is_named(trail: Path, table: Table, case: Case) -> None:
    anchor = await head_of(trail)
    assert verify(await entries_of(trail), [anchor]) == anchor
    attack(trail, case.tamper)
    await write_more(trail, case.more)
    entries = await entries_of(trail)
    alone, anchored = verify(entries), verify(entries, [anchor])
    table.add(case.what, alone, anchored)
    assert isinstance(anchored, Break)
    assert anchored.number == case.anchored
    assert (alone.number if isinstance(alone, Break) else None) == case.alone


@pytest.mark.parametrize("more", [0, 9], ids=["", "and written on"])
async def test_s52_a_file_put_back_to_an_older_copy_is_found_by_an_anchor(trail: Path, table: Table, more: int) -> None:
    copy = trail.with_name("older")
    shutil.copy(trail, copy)
    store = await SqliteStore.open(trail)
    await store.record([staff_event(f"lost {number}") for number in range(4)])
    anchor = await store.head()
    await store.close()
    shutil.copy(copy, trail)
    await write_more(trail, more)
    entries = await entries_of(trail)
    alone, anchored = verify(entries), verify(entries, [anchor])
    table.add("the file put back to an older copy" + (", and written on" if more else ""), alone, anchored)
    assert isinstance(alone, Head)
    assert isinstance(anchored, Break)
    # Written on, what differs first is the anchored entry itself.
    assert anchored.number == (LENGTH + 4 if more else LENGTH + 1)


@pytest.mark.parametrize("column", ["number", "at", "kind", "visit", "actor", "role", "device", "facts", "hash"])
async def test_s52_no_column_can_be_changed_unseen(trail: Path, column: str) -> None:
    value = "99" if column == "number" else "CAST(x'ff' AS TEXT)"

    def change(db: Database) -> None:
        db.execute(f"UPDATE entry SET {column} = {value} WHERE number = 9")  # noqa: S608 - both stand above

    attack(trail, change)
    found = verify(await entries_of(trail))
    assert isinstance(found, Break)
    assert found.number == 9


async def test_s52_an_anchor_names_the_first_kept_head_after_the_forgery(trail: Path) -> None:
    anchors = [Head(entry.number, entry.hash) for entry in (await entries_of(trail))[3::4]]
    attack(trail, edited_and_chained_anew)
    assert verify(await entries_of(trail), anchors) == Break(8, "trail was rewritten: the anchored head is another")


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE entry SET actor = 'x' WHERE number = 3",
        "UPDATE entry SET number = 99 WHERE number = 16",
        "DELETE FROM entry WHERE number = 16",
        "DELETE FROM entry",
        "INSERT OR REPLACE INTO entry SELECT number, at, kind, visit, 'x', role, device, facts, hash FROM entry WHERE number = 3",
        "INSERT INTO entry SELECT 18, at, kind, visit, actor, role, device, facts, hash FROM entry WHERE number = 3",
        "INSERT INTO entry SELECT 0, at, kind, visit, actor, role, device, facts, hash FROM entry WHERE number = 3",
        "REPLACE INTO entry (number, at, kind, visit, actor, role, device, facts, hash) VALUES (1, '', '', '', '', '', '', '', '')",
    ],
)
async def test_the_file_itself_refuses_everything_but_the_next_entry(trail: Path, statement: str) -> None:
    before = await entries_of(trail)
    with closing(sqlite3.connect(trail)) as db, pytest.raises(sqlite3.IntegrityError, match="only appended to"), db:
        db.execute(statement)
    assert await entries_of(trail) == before


# S53: what stands in a field stays in that field.

NASTY = {
    "line ends": "nurse\r\nVisitEnded,operator\n\u2028\u2029\x85",
    "JSON": '","role":"operator"}]\n{"number":17',
    "quotes": "'; DELETE FROM entry; --\"`\\",
    "NUL": "nurse\0operator\0",
    "bidi": "\u202eesrun\u2066\u202c",
    "terminal": "\x1b[2J\x1b]0;owned\x07\x7f",
    "no text": "\ud800\udfff \udc00",
    "very long": "x" * 100_000,
}


@pytest.mark.parametrize("nasty", NASTY.values(), ids=NASTY)
async def test_s53_nothing_in_a_field_breaks_entries_hashes_or_lines(trail: Path, nasty: str) -> None:
    store = await SqliteStore.open(trail)
    event = ev.CallRecorded(
        visit=nasty, at=NOON, actor=nasty, role=Role.NURSE, device=nasty, reason=nasty, result=nasty
    )
    await store.record([event, staff_event("after")])
    assert [entry.kind for entry in await store.entries(visit_id=nasty.encode(errors="backslashreplace").decode())] == [
        "CallRecorded"
    ]
    await store.close()
    entries = await entries_of(trail)
    assert len(entries) == LENGTH + 2
    assert verify(entries) == await head_of(trail)
    kept = entries[LENGTH]
    assert {kept.visit, kept.actor, kept.device, *kept.facts.values()} == {
        nasty.encode(errors="backslashreplace").decode()
    }
    lines = "\n".join(as_line(entry) for entry in entries).splitlines()
    assert [Entry(**json.loads(line)) for line in lines] == entries
    assert all(line.isascii() and line.isprintable() for line in lines)


# The trail and the visits say the same.


@pytest.fixture
async def stores(tmp_path: Path) -> AsyncIterator[list[SqliteStore]]:
    opened = [await SqliteStore.open(tmp_path / "v.sqlite3") for _ in range(2)]
    yield opened
    for store in opened:
        await store.close()


async def test_what_is_kept_is_in_the_trail_and_what_is_refused_is_not(stores: list[SqliteStore]) -> None:
    """Two processes fight for one visit: each version has its one entry, in the order of the versions."""
    await stores[0].create(booked(), NO_LINKS, ())
    won: list[int] = []

    async def fight(store: SqliteStore, name: str) -> None:
        for number in range(40):
            read = await store.load("visit")
            await asyncio.sleep(0)
            mine = replace(booked_event(), actor=f"{name}{number}")
            try:
                await store.commit(replace(read.visit, reason=mine.actor), read.version, [mine])
            except VersionConflict:
                continue
            won.append(read.version)

    await asyncio.gather(fight(stores[0], "a"), fight(stores[1], "b"))
    entries = await stores[0].entries()
    final = await stores[1].load("visit")
    assert sorted(won) == list(range(1, final.version))
    assert len(entries) == len(won)
    assert entries[-1].actor == final.visit.reason
    assert verify(entries) == await stores[1].head()
