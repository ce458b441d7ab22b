"""How visits and entries of the trail lie in rows. What writes works within the caller's transaction."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import astuple
from typing import Final

import aiosqlite
from pydantic import TypeAdapter

from waiting_room.audit import START, Entry, Head, chain
from waiting_room.errors import VisitUnreadable
from waiting_room.events import Event
from waiting_room.model import Visit
from waiting_room.store import Versioned
from waiting_room.visit import next_deadline

__all__ = [
    "append_entries",
    "append_events",
    "insert_visit",
    "read_entry",
    "read_head",
    "read_version",
    "read_visit",
    "replace_visit",
    "write_visit",
]

_VISIT: Final = TypeAdapter(Visit)
_FACTS: Final = TypeAdapter(dict[str, str])


async def insert_visit(db: aiosqlite.Connection, visit: Visit, version: int = 1) -> None:
    """Keep a new visit and whose it is."""
    await db.execute(
        "INSERT INTO visit (id, version, clinic_id, starts_at, live, phase, deadline, ended_at, purged, state)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (visit.id, version, *_columns(visit)),
    )
    await _keep_providers(db, visit)


async def replace_visit(db: aiosqlite.Connection, visit: Visit, version: int) -> bool:
    """Replace the visit if it has this version, and return whether it had."""
    done = await db.execute(
        "UPDATE visit SET version = version + 1, clinic_id = ?, starts_at = ?, live = ?, phase = ?, deadline = ?, ended_at = ?,"
        " purged = ?, state = ? WHERE id = ? AND version = ?",
        (*_columns(visit), visit.id, version),
    )
    if done.rowcount == 1:
        await _keep_providers(db, visit)
    return done.rowcount == 1


def write_visit(visit: Visit) -> str:
    """Return the visit as `read_visit` reads it, to the microsecond."""
    return _VISIT.dump_json(visit).decode()


def read_visit(state: str) -> Visit:
    """Read a visit's state. Raises `VisitUnreadable`, which shows none of its values."""
    try:
        return _VISIT.validate_json(state)
    except ValueError:
        # Not chained: pydantic's text shows the values, names among them.
        raise VisitUnreadable(reason="a visit's row cannot be read") from None


def read_version(row: Sequence[object]) -> Versioned:
    """Read a row of id, state and version. Raises `VisitUnreadable`."""
    _, state, version = row
    return Versioned(read_visit(str(state)), int(str(version)))


def _columns(visit: Visit) -> tuple[object, ...]:
    deadline = next_deadline(visit)
    return (
        visit.clinic_id,
        visit.starts_at.timestamp(),
        int(not visit.phase.final),
        visit.phase.value,
        deadline.timestamp() if deadline else None,
        visit.ended_at.timestamp() if visit.ended_at else None,
        int(visit.purged),
        write_visit(visit),
    )


async def _keep_providers(db: aiosqlite.Connection, visit: Visit) -> None:
    """Make the rows match; where they do already, as nearly always, no page is written."""
    ids, start = json.dumps([one.id for one in visit.providers]), visit.starts_at.timestamp()
    await db.execute(
        "DELETE FROM visit_provider WHERE visit_id = ?"
        " AND (starts_at <> ? OR provider_id NOT IN (SELECT value FROM json_each(?)))",
        (visit.id, start, ids),
    )
    await db.execute(
        "INSERT OR IGNORE INTO visit_provider (visit_id, provider_id, starts_at) SELECT ?, value, ? FROM json_each(?)",
        (visit.id, start, ids),
    )


# The trail.


async def append_events(db: aiosqlite.Connection, events: Sequence[Event]) -> None:
    """Chain the events to the head as it is within this transaction, so that several processes make one chain."""
    head = await read_head(db) if events else START
    entries = []
    for event in events:
        entries.append(chain(event, head))
        head = Head(entries[-1].number, entries[-1].hash)
    await append_entries(db, entries)


async def append_entries(db: aiosqlite.Connection, entries: Sequence[Entry]) -> None:
    """Append chained entries."""
    if entries:
        rows = [(*astuple(entry)[:7], _facts_text(entry.facts), entry.hash) for entry in entries]
        await db.executemany("INSERT INTO entry VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", rows)


async def read_head(db: aiosqlite.Connection) -> Head:
    """Return the chain's newest end."""
    rows = list(await db.execute_fetchall("SELECT number, hash FROM entry ORDER BY number DESC LIMIT 1"))
    return Head(*rows[0]) if rows else START


def read_entry(row: Sequence[object]) -> Entry:
    """Read a row of the trail. One that was made unreadable is given too, so that it is what its hash does not fit."""
    number, *texts, facts, kept_hash = row
    at, kind, visit, actor, role, device = map(str, texts)
    return Entry(int(str(number)), at, kind, visit, actor, role, device, _read_facts(str(facts)), str(kept_hash))


def _facts_text(facts: Mapping[str, str]) -> str:
    return json.dumps(dict(sorted(facts.items())), ensure_ascii=True, separators=(",", ":"))


def _read_facts(text: str) -> Mapping[str, str]:
    try:
        facts = _FACTS.validate_json(text)
    except ValueError:
        return {"unreadable": text}
    # A name that stands twice, say, would be read one way here and another way elsewhere.
    return facts if text == _facts_text(facts) else {"unreadable": text}
