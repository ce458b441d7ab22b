"""Brings a file to this program's schema, whole or not at all: an operator upgrades by starting the new program."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any, Final

import aiosqlite
import structlog

from waiting_room.audit import START, Entry, Head, seal
from waiting_room.errors import StoreFailed
from waiting_room.sqlite_rows import append_entries, insert_visit, read_visit
from waiting_room.sqlite_schema import SCHEMA_VERSION, create_schema

__all__ = ["FIRST_CLINIC", "upgrade"]

FIRST_CLINIC: Final = "main"
"""The clinic to which everything belongs that was kept before there were several."""

_PAGE: Final = 500

log = structlog.get_logger(__name__)


async def upgrade(db: aiosqlite.Connection) -> None:
    """Make the tables, or bring the old ones here, within the caller's transaction. Raises `StoreFailed` for a newer file."""
    ((version,),) = await db.execute_fetchall("PRAGMA user_version")
    if version == SCHEMA_VERSION:
        return
    if version not in {0, 1}:
        raise StoreFailed(reason=f"the file has schema {version}, this program knows {SCHEMA_VERSION}")
    if version == 1:
        await _set_aside(db)
    await create_schema(db)
    if version == 1:
        await _bring_over(db)
    await db.execute(f"PRAGMA user_version={SCHEMA_VERSION}")


async def _set_aside(db: aiosqlite.Connection) -> None:
    for index in ("visit_live", "visit_deadline", "event_visit"):
        await db.execute(f"DROP INDEX {index}")
    for table in ("visit", "invitation", "event", "staff"):
        await db.execute(f"ALTER TABLE {table} RENAME TO old_{table}")


async def _bring_over(db: aiosqlite.Connection) -> None:
    await _visits(db)
    await db.execute(
        "INSERT INTO invitation (code_hash, visit_id, participant_id)"
        " SELECT code_hash, visit_id, participant_id FROM old_invitation"
    )
    await _events(db)
    await db.execute(
        "INSERT INTO staff (id, username, name, role, password_hash, clinic_id, licences, disabled)"
        " SELECT id, username, name, role, password_hash, ?, '[]', disabled FROM old_staff",
        (FIRST_CLINIC,),
    )
    # Those that refer to others go first.
    for table in ("event", "invitation", "visit", "staff"):
        await db.execute(f"DROP TABLE old_{table}")


async def _visits(db: aiosqlite.Connection) -> None:
    query = "SELECT rowid, id, version, state FROM old_visit WHERE rowid > ? ORDER BY rowid LIMIT ?"
    last = 0
    while rows := list(await db.execute_fetchall(query, (last, _PAGE))):
        for row, visit_id, version, state in rows:
            last = row
            try:
                visit = read_visit(json.dumps(_with_clinic(json.loads(state))))
            except (StoreFailed, ValueError, LookupError, TypeError):
                log.exception("row_not_readable", visit=visit_id)
                await _keep_unread(db, row)
            else:
                await insert_visit(db, visit, version)


def _with_clinic(old: dict[str, Any]) -> dict[str, Any]:
    """Return a document of schema 1 with what schema 2 demands; check-in opens with the room, as it did when it was booked."""
    provider = {"id": old.pop("provider_id"), "name": old.pop("provider_name")}
    return {**old, "clinic_id": FIRST_CLINIC, "providers": [provider], "check_in_opens_at": old["opens_at"]}


async def _keep_unread(db: aiosqlite.Connection, row: int) -> None:
    """Keep a row as it is: nobody can read it now, but an upgrade loses nothing."""
    await db.execute(
        "INSERT INTO visit (id, version, clinic_id, starts_at, live, phase, deadline, purged, state)"
        " SELECT id, version, ?, starts_at, live, '', deadline, 0, state FROM old_visit WHERE rowid = ?",
        (FIRST_CLINIC, row),
    )


async def _events(db: aiosqlite.Connection) -> None:
    query = "SELECT number, visit_id, kind, facts FROM old_event WHERE number > ? ORDER BY number LIMIT ?"
    last, head = 0, START
    while rows := list(await db.execute_fetchall(query, (last, _PAGE))):
        entries = []
        for number, visit_id, kind, facts in rows:
            last = number
            entry = seal(_entry(visit_id, kind, facts), head)
            head = Head(entry.number, entry.hash)
            entries.append(entry)
        await append_entries(db, entries)


def _entry(visit_id: str, kind: str, text: str) -> Entry:
    """Return an event of schema 1 as an entry that is not yet chained."""
    try:
        facts: dict[str, str] = json.loads(text)
        at = datetime.fromisoformat(facts.pop("at")).isoformat(timespec="microseconds")
        actor, role = facts.pop("actor"), facts.pop("role")
    except (ValueError, LookupError, TypeError, AttributeError):
        log.exception("row_not_readable", visit=visit_id)
        return Entry(0, "", kind, visit_id, "", "", "", {"unread": text})
    return Entry(0, at, kind, visit_id, actor, role, "", facts)
