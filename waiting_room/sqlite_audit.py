"""The audit trail in SQLite."""

from __future__ import annotations

from collections.abc import Sequence

import aiosqlite

from waiting_room.audit import Entry, Head
from waiting_room.events import Event
from waiting_room.sqlite_file import SqliteFile
from waiting_room.sqlite_rows import append_events, read_entry, read_head

__all__ = ["SqliteAudit"]

_ENTRIES = "SELECT number, at, kind, visit, actor, role, device, facts, hash FROM entry WHERE number > ?"


class SqliteAudit(SqliteFile):
    """`waiting_room.store.AuditStore` on a file."""

    async def record(self, events: Sequence[Event]) -> None:
        """See `AuditStore.record`."""

        async def append(db: aiosqlite.Connection) -> None:
            await append_events(db, events)

        await self._write(append)

    async def entries(self, *, after: int = 0, visit_id: str | None = None, limit: int = 1000) -> list[Entry]:
        """See `AuditStore.entries`. One that was made unreadable is among them: a trail must not look shorter than it is."""
        async with self._reading() as db:
            if visit_id is None:
                rows = await db.execute_fetchall(f"{_ENTRIES} ORDER BY number LIMIT ?", (after, limit))
            else:
                query = f"{_ENTRIES} AND visit = ? ORDER BY number LIMIT ?"
                rows = await db.execute_fetchall(query, (after, visit_id, limit))
        return [read_entry(tuple(row)) for row in rows]

    async def head(self) -> Head:
        """See `AuditStore.head`."""
        async with self._reading() as db:
            return await read_head(db)
