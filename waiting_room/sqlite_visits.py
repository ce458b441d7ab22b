"""Visits, their links and the answers kept for a repeated create, in SQLite."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import Final

import aiosqlite
import structlog

from waiting_room.errors import VersionConflict, VisitUnknown, VisitUnreadable
from waiting_room.events import Event
from waiting_room.model import Visit
from waiting_room.sqlite_file import SqliteFile
from waiting_room.sqlite_rows import append_events, insert_visit, read_version, replace_visit
from waiting_room.store import Invitation, Links, Once, Versioned, VisitFilter

__all__ = ["SqliteVisits"]

ONCE_KEPT: Final = timedelta(hours=24)
_SLICE: Final = 50
"""So many visits are read before the loop may turn to others: about 3 ms."""

log = structlog.get_logger(__name__)


class SqliteVisits(SqliteFile):
    """`waiting_room.store.VisitStore` on a file. A row that cannot be read is logged once, not each time it is asked for."""

    def __init__(self, connection: aiosqlite.Connection, clock: Callable[[], datetime]) -> None:
        super().__init__(connection, clock)
        self._unreadable: set[str] = set()

    async def create(
        self, visit: Visit, links: Links, events: Sequence[Event], once: Once | None = None
    ) -> Once | None:
        """See `VisitStore.create`."""

        async def insert(db: aiosqlite.Connection) -> Once | None:
            if once is not None:
                kept = await _keep_once(db, once)
                if kept is not None:
                    return kept
            await insert_visit(db, visit)
            await _change_links(db, visit.id, links)
            await append_events(db, events)
            return None

        return await self._write(insert)

    async def load(self, visit_id: str) -> Versioned:
        """See `VisitStore.load`."""
        async with self._reading() as db:
            rows = list(await db.execute_fetchall("SELECT id, state, version FROM visit WHERE id = ?", (visit_id,)))
        if not rows:
            raise VisitUnknown
        return self._read_or_log(rows[0])

    async def commit(self, visit: Visit, version: int, events: Sequence[Event], links: Links | None = None) -> None:
        """See `VisitStore.commit`."""

        async def replace(db: aiosqlite.Connection) -> None:
            if not await replace_visit(db, visit, version):
                raise VersionConflict
            if links is not None:
                await _change_links(db, visit.id, links)
            await append_events(db, events)

        # What was said in a visit ends with it.
        await self._write(replace, forgets=visit.phase.final)

    async def find_once(self, key_hash: str) -> Once | None:
        """See `VisitStore.find_once`."""
        since = self._clock() - ONCE_KEPT
        async with self._reading() as db:
            return await _find_once(db, key_hash, since)

    async def find_invitation(self, code_hash: str) -> Invitation | None:
        """See `VisitStore.find_invitation`."""
        query = "SELECT visit_id, participant_id, revoked FROM invitation WHERE code_hash = ?"
        async with self._reading() as db:
            rows = list(await db.execute_fetchall(query, (code_hash,)))
        return Invitation(rows[0][0], rows[0][1], revoked=bool(rows[0][2])) if rows else None

    async def list_live(self, until: datetime) -> list[Versioned]:
        """See `VisitStore.list_live`. A row that cannot be read is left out: one must not close the clinic."""
        query = "SELECT id, state, version FROM visit WHERE live = 1 AND starts_at < ? ORDER BY starts_at, id"
        async with self._reading() as db:
            rows = list(await db.execute_fetchall(query, (until.timestamp(),)))
        readable = []
        for number, row in enumerate(rows, start=1):
            with suppress(VisitUnreadable):
                readable.append(self._read_or_log(row))
            if number % _SLICE == 0:
                await asyncio.sleep(0)
        return readable

    async def list_visits(self, wanted: VisitFilter) -> list[Visit]:
        """See `VisitStore.list_visits`. Another row takes the place of one that cannot be read."""
        query, values = _query(wanted)
        found: list[Visit] = []
        async with self._reading() as db, db.execute(query, values) as cursor:
            async for row in cursor:
                if len(found) >= wanted.limit:
                    break
                with suppress(VisitUnreadable):
                    found.append(self._read_or_log(tuple(row)).visit)
        return found

    async def due(self, now: datetime) -> list[str]:
        """See `VisitStore.due`."""
        query = "SELECT id FROM visit WHERE deadline <= ? ORDER BY deadline"
        async with self._reading() as db:
            rows = await db.execute_fetchall(query, (now.timestamp(),))
        return [str(row[0]) for row in rows]

    async def purgeable(self, clinic_id: str, ended_before: datetime, limit: int = 100) -> list[str]:
        """See `VisitStore.purgeable`."""
        query = (
            "SELECT id FROM visit WHERE clinic_id = ? AND purged = 0 AND ended_at IS NOT NULL AND ended_at < ?"
            " ORDER BY ended_at LIMIT ?"
        )
        async with self._reading() as db:
            rows = await db.execute_fetchall(query, (clinic_id, ended_before.timestamp(), limit))
        return [str(row[0]) for row in rows]

    async def clinics_to_purge(self) -> list[str]:
        """See `VisitStore.clinics_to_purge`."""
        query = "SELECT DISTINCT clinic_id FROM visit WHERE purged = 0 AND ended_at IS NOT NULL ORDER BY clinic_id"
        async with self._reading() as db:
            rows = await db.execute_fetchall(query)
        return [str(row[0]) for row in rows]

    async def forget_links(self, visit_id: str) -> None:
        """See `VisitStore.forget_links`."""

        async def forget(db: aiosqlite.Connection) -> None:
            await db.execute("DELETE FROM invitation WHERE visit_id = ?", (visit_id,))

        await self._write(forget)

    async def forget_once(self, now: datetime) -> None:
        """See `VisitStore.forget_once`."""

        async def forget(db: aiosqlite.Connection) -> None:
            await _forget_once(db, now)

        await self._write(forget)

    def _read_or_log(self, row: Sequence[object]) -> Versioned:
        visit_id = str(row[0])
        try:
            read = read_version(row)
        except VisitUnreadable:
            if visit_id not in self._unreadable:
                self._unreadable.add(visit_id)
                log.exception("row_not_readable", visit=visit_id)
            raise
        self._unreadable.discard(visit_id)
        return read


async def _forget_once(db: aiosqlite.Connection, now: datetime) -> None:
    await db.execute("DELETE FROM once WHERE at <= ?", ((now - ONCE_KEPT).timestamp(),))


async def _keep_once(db: aiosqlite.Connection, once: Once) -> Once | None:
    """Keep the answer under its key and return None, or return what stands there already. What is too old goes."""
    await _forget_once(db, once.at)
    kept = await _find_once(db, once.key_hash, once.at - ONCE_KEPT)
    if kept is None:
        row = (once.key_hash, once.request_hash, once.sealed, once.at.timestamp())
        await db.execute("INSERT INTO once VALUES (?, ?, ?, ?)", row)
    return kept


async def _find_once(db: aiosqlite.Connection, key_hash: str, since: datetime) -> Once | None:
    query = "SELECT key_hash, request_hash, sealed, at FROM once WHERE key_hash = ? AND at > ?"
    rows = list(await db.execute_fetchall(query, (key_hash, since.timestamp())))
    if not rows:
        return None
    key, request_hash, sealed, at = rows[0]
    return Once(key, request_hash, sealed, datetime.fromtimestamp(at, UTC))


async def _change_links(db: aiosqlite.Connection, visit_id: str, links: Links) -> None:
    """Revoke first: a renewed link belongs to the participant whose old one dies."""
    dead = [(visit_id, participant) for participant in sorted(links.revoke)]
    await db.executemany("UPDATE invitation SET revoked = 1 WHERE visit_id = ? AND participant_id = ?", dead)
    new = [(code_hash, visit_id, participant) for code_hash, participant in links.add.items()]
    await db.executemany("INSERT INTO invitation (code_hash, visit_id, participant_id) VALUES (?, ?, ?)", new)


def _query(wanted: VisitFilter) -> tuple[str, list[object]]:
    """Return the question and its values. A provider's visits come in order out of that table's own index."""
    tables, start, visit_id = "visit v", "v.starts_at", "v.id"
    parts: list[tuple[str, list[object]]] = []
    if wanted.provider_id is not None:
        tables = "visit_provider p CROSS JOIN visit v ON v.id = p.visit_id"
        start, visit_id = "p.starts_at", "p.visit_id"
        parts.append(("p.provider_id = ?", [wanted.provider_id]))
    if wanted.clinic_id is not None:
        parts.append(("v.clinic_id = ?", [wanted.clinic_id]))
    if wanted.starts_from is not None:
        parts.append((f"{start} >= ?", [wanted.starts_from.timestamp()]))
    if wanted.starts_before is not None:
        parts.append((f"{start} < ?", [wanted.starts_before.timestamp()]))
    if wanted.phases:
        phases = json.dumps(sorted(wanted.phases))
        parts.append(("v.phase IN (SELECT value FROM json_each(?))", [phases]))
    if wanted.after is not None:
        parts.append((f"({start}, {visit_id}) > (?, ?)", [wanted.after[0].timestamp(), wanted.after[1]]))
    where = ["WHERE", " AND ".join(part for part, _ in parts)] if parts else []
    query = " ".join(["SELECT v.id, v.state, v.version FROM", tables, *where, "ORDER BY", f"{start}, {visit_id}"])
    return query, [value for _, values in parts for value in values]
