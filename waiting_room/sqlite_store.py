"""The store in one SQLite file: WAL, synchronous=FULL, so what was acknowledged survives ``kill -9`` and power loss.

Several processes may use the file (the server, the command line): each write is one ``BEGIN IMMEDIATE`` transaction and
compares the visit's version.
"""

from __future__ import annotations

import asyncio
import os
import sqlite3
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import fields
from datetime import UTC, datetime
from pathlib import Path
from typing import Final, Self

import aiosqlite
import structlog
from pydantic import TypeAdapter

from waiting_room.errors import StoreFailed, UsernameTaken, VersionConflict, VisitUnknown
from waiting_room.events import Event
from waiting_room.model import Role, Visit
from waiting_room.store import Invitation, RecordedEvent, StaffAccount, Versioned
from waiting_room.visit import next_deadline

__all__ = ["SqliteStore"]

SCHEMA_VERSION: Final = 1

_SCHEMA: Final = """
CREATE TABLE visit (
    id TEXT PRIMARY KEY, version INTEGER NOT NULL, live INTEGER NOT NULL, starts_at REAL NOT NULL,
    deadline REAL, state TEXT NOT NULL) STRICT;
CREATE INDEX visit_live ON visit (live, starts_at);
CREATE INDEX visit_deadline ON visit (deadline) WHERE deadline IS NOT NULL;
CREATE TABLE invitation (code_hash TEXT PRIMARY KEY, visit_id TEXT NOT NULL REFERENCES visit, participant_id TEXT NOT NULL) STRICT;
CREATE TABLE event (
    number INTEGER PRIMARY KEY AUTOINCREMENT, visit_id TEXT NOT NULL REFERENCES visit,
    kind TEXT NOT NULL, facts TEXT NOT NULL) STRICT;
CREATE INDEX event_visit ON event (visit_id, number);
CREATE TABLE staff (
    id TEXT PRIMARY KEY, username TEXT NOT NULL UNIQUE, name TEXT NOT NULL, role TEXT NOT NULL, password_hash TEXT NOT NULL,
    disabled INTEGER NOT NULL) STRICT;
"""

log = structlog.get_logger(__name__)

_VISIT: Final = TypeAdapter(Visit)
_FACTS: Final = TypeAdapter(dict[str, str])


class SqliteStore:
    """`waiting_room.store.Store` on a file. Make it with `open`."""

    def __init__(self, connection: aiosqlite.Connection) -> None:
        self._connection = connection
        # One connection: statements of two coroutines must not mix within one transaction.
        self._turn = asyncio.Lock()
        self._seen_data_version: int | None = None
        self._closed = False

    @classmethod
    async def open(cls, path: Path) -> Self:
        """Open the file, making it where it is missing; readable by its owner alone. Raises `StoreFailed`."""
        try:
            os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
            connection = await aiosqlite.connect(path, isolation_level=None)
        except (OSError, sqlite3.Error) as error:
            raise StoreFailed(reason=type(error).__name__) from error
        store = cls(connection)
        try:
            await store._prepare()
        except BaseException:
            await store.close()
            raise
        return store

    async def close(self) -> None:
        """Let go of the file. Idempotent."""
        if not self._closed:
            self._closed = True
            await self._connection.close()

    async def _prepare(self) -> None:
        async with self._reading() as db:
            for pragma in ("busy_timeout=5000", "journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
                await db.execute(f"PRAGMA {pragma}")

        async def upgrade(db: aiosqlite.Connection) -> None:
            (version,) = await _one(db, "PRAGMA user_version")
            if version == 0:
                for statement in filter(str.strip, _SCHEMA.split(";")):
                    await db.execute(statement)
                await db.execute(f"PRAGMA user_version={SCHEMA_VERSION}")
            elif version != SCHEMA_VERSION:
                raise StoreFailed(reason=f"the file has schema {version}, this program knows {SCHEMA_VERSION}")

        await self._write(upgrade)

    async def create(self, visit: Visit, invitations: Mapping[str, str], events: Sequence[Event]) -> None:
        """See `VisitStore.create`."""
        rows = [(code_hash, visit.id, participant) for code_hash, participant in invitations.items()]

        async def insert(db: aiosqlite.Connection) -> None:
            await db.execute(
                "INSERT INTO visit (id, version, live, starts_at, deadline, state) VALUES (?, 1, ?, ?, ?, ?)",
                (visit.id, *_columns(visit)),
            )
            await db.executemany("INSERT INTO invitation VALUES (?, ?, ?)", rows)
            await _append(db, events)

        await self._write(insert)

    async def load(self, visit_id: str) -> Versioned:
        """See `VisitStore.load`."""
        async with self._reading() as db:
            rows = list(await db.execute_fetchall("SELECT id, state, version FROM visit WHERE id = ?", (visit_id,)))
        if not rows:
            raise VisitUnknown
        return _versioned(rows[0])

    async def commit(self, visit: Visit, version: int, events: Sequence[Event]) -> None:
        """See `VisitStore.commit`."""
        row = (*_columns(visit), visit.id, version)

        async def update(db: aiosqlite.Connection) -> None:
            done = await db.execute(
                "UPDATE visit SET version = version + 1, live = ?, starts_at = ?, deadline = ?, state = ?"
                " WHERE id = ? AND version = ?",
                row,
            )
            if done.rowcount != 1:
                raise VersionConflict
            await _append(db, events)

        await self._write(update)

    async def find_invitation(self, code_hash: str) -> Invitation | None:
        """See `VisitStore.find_invitation`."""
        query = "SELECT visit_id, participant_id FROM invitation WHERE code_hash = ?"
        async with self._reading() as db:
            rows = list(await db.execute_fetchall(query, (code_hash,)))
        return Invitation(*rows[0]) if rows else None

    async def list_live(self, until: datetime) -> list[Versioned]:
        """See `VisitStore.list_live`. A row that cannot be read is logged and left out: one must not close the clinic."""
        query = "SELECT id, state, version FROM visit WHERE live = 1 AND starts_at < ? ORDER BY starts_at, id"
        async with self._reading() as db:
            rows = await db.execute_fetchall(query, (until.timestamp(),))
        readable = []
        for row in rows:
            try:
                readable.append(_versioned(row))
            except StoreFailed:
                log.exception("row_not_readable", visit=str(row[0]))
        return readable

    async def due(self, now: datetime) -> list[str]:
        """See `VisitStore.due`."""
        query = "SELECT id FROM visit WHERE deadline <= ? ORDER BY deadline"
        async with self._reading() as db:
            rows = await db.execute_fetchall(query, (now.timestamp(),))
        return [str(row[0]) for row in rows]

    async def events(self, visit_id: str) -> list[RecordedEvent]:
        """See `VisitStore.events`."""
        query = "SELECT number, visit_id, kind, facts FROM event WHERE visit_id = ? ORDER BY number"
        async with self._reading() as db:
            rows = await db.execute_fetchall(query, (visit_id,))
        return [RecordedEvent(number, visit, kind, _FACTS.validate_json(facts)) for number, visit, kind, facts in rows]

    async def changed_elsewhere(self) -> bool:
        """See `VisitStore.changed_elsewhere`: SQLite's data_version moves when another connection commits."""
        async with self._reading() as db:
            (version,) = await _one(db, "PRAGMA data_version")
        changed = self._seen_data_version not in {None, version}
        self._seen_data_version = version
        return changed

    async def add_staff(self, account: StaffAccount) -> None:
        """See `StaffStore.add_staff`."""
        row = (account.id, account.username, account.name, account.role, account.password_hash, int(account.disabled))

        async def insert(db: aiosqlite.Connection) -> None:
            if await db.execute_fetchall("SELECT 1 FROM staff WHERE username = ?", (account.username,)):
                raise UsernameTaken
            await db.execute("INSERT INTO staff VALUES (?, ?, ?, ?, ?, ?)", row)

        await self._write(insert)

    async def find_staff(self, username: str) -> StaffAccount | None:
        """See `StaffStore.find_staff`."""
        query = "SELECT id, username, name, role, password_hash, disabled FROM staff WHERE username = ?"
        async with self._reading() as db:
            rows = list(await db.execute_fetchall(query, (username,)))
        if not rows:
            return None
        account_id, username, name, role, password_hash, disabled = rows[0]
        return StaffAccount(account_id, username, name, Role(role), password_hash, disabled=bool(disabled))

    @asynccontextmanager
    async def _reading(self) -> AsyncIterator[aiosqlite.Connection]:
        async with self._turn:
            try:
                yield self._connection
            except (sqlite3.Error, ValueError) as error:
                # aiosqlite answers ValueError once closed.
                raise StoreFailed(reason=type(error).__name__) from error

    async def _write(self, work: Callable[[aiosqlite.Connection], Awaitable[None]]) -> None:
        """Do the work in one transaction, whole or not at all, even when the caller is cancelled in the middle."""
        transaction = asyncio.ensure_future(self._transact(work))
        try:
            await asyncio.shield(transaction)
        except asyncio.CancelledError:
            # The statements run in a thread that cannot be stopped: leaving now would leave a transaction open.
            await asyncio.wait([transaction])
            raise

    async def _transact(self, work: Callable[[aiosqlite.Connection], Awaitable[None]]) -> None:
        async with self._reading() as db:
            await db.execute("BEGIN IMMEDIATE")
            try:
                await work(db)
                await db.execute("COMMIT")
            except BaseException:
                if db.in_transaction:
                    await db.execute("ROLLBACK")
                raise


def _columns(visit: Visit) -> tuple[int, float, float | None, str]:
    deadline = next_deadline(visit)
    return (
        int(not visit.phase.final),
        visit.starts_at.timestamp(),
        deadline.timestamp() if deadline else None,
        _VISIT.dump_json(visit).decode(),
    )


def _versioned(row: Sequence[object]) -> Versioned:
    _, state, version = row
    try:
        return Versioned(_VISIT.validate_json(str(state)), int(str(version)))
    except ValueError:
        # Not chained: pydantic's text shows the values, names among them.
        raise StoreFailed(reason="a visit's row cannot be read") from None


async def _one(db: aiosqlite.Connection, query: str) -> Sequence[int]:
    (row,) = await db.execute_fetchall(query)
    return tuple(row)


async def _append(db: aiosqlite.Connection, events: Sequence[Event]) -> None:
    rows = [(event.visit, type(event).__name__, _FACTS.dump_json(_facts(event)).decode()) for event in events]
    await db.executemany("INSERT INTO event (visit_id, kind, facts) VALUES (?, ?, ?)", rows)


def _facts(event: Event) -> dict[str, str]:
    kept = {one.name: getattr(event, one.name) for one in fields(event) if one.name != "visit"}
    return {
        name: value.astimezone(UTC).isoformat() if isinstance(value, datetime) else str(value)
        for name, value in kept.items()
    }
