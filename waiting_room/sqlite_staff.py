"""Staff accounts and their sessions in SQLite."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import UTC, datetime

import aiosqlite
import structlog

from waiting_room.errors import AccountUnknown, StoreFailed, UsernameTaken
from waiting_room.events import Event
from waiting_room.model import Role
from waiting_room.sqlite_file import SqliteFile
from waiting_room.sqlite_rows import append_events
from waiting_room.store import StaffAccount, StaffSession

__all__ = ["SqliteStaff"]

_ACCOUNT = "SELECT id, username, name, role, password_hash, clinic_id, licences, disabled FROM staff"

log = structlog.get_logger(__name__)


class SqliteStaff(SqliteFile):
    """`waiting_room.store.StaffStore` on a file."""

    async def add_staff(self, account: StaffAccount, events: Sequence[Event] = ()) -> None:
        """See `StaffStore.add_staff`."""

        async def insert(db: aiosqlite.Connection) -> None:
            await _check_username(db, account)
            await db.execute(
                "INSERT INTO staff (username, name, role, password_hash, clinic_id, licences, disabled, id)"
                " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                (*_columns(account), account.id),
            )
            await append_events(db, events)

        await self._write(insert)

    async def find_staff(self, username: str) -> StaffAccount | None:
        """See `StaffStore.find_staff`."""
        async with self._reading() as db:
            rows = list(await db.execute_fetchall(f"{_ACCOUNT} WHERE username = ?", (username,)))
        return _account(tuple(rows[0])) if rows else None

    async def list_staff(self) -> list[StaffAccount]:
        """See `StaffStore.list_staff`. A row that cannot be read is logged and left out."""
        async with self._reading() as db:
            rows = await db.execute_fetchall(f"{_ACCOUNT} ORDER BY username")
        readable = []
        for row in rows:
            try:
                readable.append(_account(tuple(row)))
            except StoreFailed:
                log.exception("row_not_readable", account=str(row[0]))
        return readable

    async def change_staff(self, account: StaffAccount, events: Sequence[Event]) -> None:
        """See `StaffStore.change_staff`. Raises `UsernameTaken` where the new name is another's."""

        async def update(db: aiosqlite.Connection) -> None:
            await _check_username(db, account)
            done = await db.execute(
                "UPDATE staff SET username = ?, name = ?, role = ?, password_hash = ?, clinic_id = ?, licences = ?, disabled = ?"
                " WHERE id = ?",
                (*_columns(account), account.id),
            )
            if done.rowcount != 1:
                raise AccountUnknown
            await append_events(db, events)

        await self._write(update)

    async def open_session(self, session: StaffSession, events: Sequence[Event]) -> None:
        """See `StaffStore.open_session`."""
        times = (session.began_at, session.expires_at, session.active_at)
        ended_at = session.ended_at.timestamp() if session.ended_at else None

        async def insert(db: aiosqlite.Connection) -> None:
            await db.execute(
                "INSERT INTO staff_session (id, account_id, device, began_at, expires_at, active_at, ended_at)"
                " VALUES (?, ?, ?, ?, ?, ?, ?)",
                (session.id, session.account_id, session.device, *(at.timestamp() for at in times), ended_at),
            )
            await append_events(db, events)

        await self._write(insert)

    async def touch_session(self, session_id: str, at: datetime) -> None:
        """See `StaffStore.touch_session`. An older moment than the one noted, and a session not open, change nothing."""
        query = "UPDATE staff_session SET active_at = ?1 WHERE id = ?2 AND ended_at IS NULL AND active_at < ?1"

        async def touch(db: aiosqlite.Connection) -> None:
            await db.execute(query, (at.timestamp(), session_id))

        await self._write(touch)

    async def end_sessions(self, session_ids: Sequence[str], at: datetime, events: Sequence[Event]) -> None:
        """See `StaffStore.end_sessions`."""
        query = "UPDATE staff_session SET ended_at = ? WHERE id = ? AND ended_at IS NULL"
        rows = [(at.timestamp(), session_id) for session_id in session_ids]

        async def end(db: aiosqlite.Connection) -> None:
            await db.executemany(query, rows)
            await append_events(db, events)

        await self._write(end)

    async def list_sessions(self, now: datetime) -> list[StaffSession]:
        """See `StaffStore.list_sessions`."""
        query = (
            "SELECT id, account_id, device, began_at, expires_at, active_at FROM staff_session"
            " WHERE ended_at IS NULL AND expires_at > ? ORDER BY began_at, id"
        )
        async with self._reading() as db:
            rows = await db.execute_fetchall(query, (now.timestamp(),))
        return [StaffSession(*row[:3], *(datetime.fromtimestamp(at, UTC) for at in row[3:])) for row in rows]


async def _check_username(db: aiosqlite.Connection, account: StaffAccount) -> None:
    query = "SELECT 1 FROM staff WHERE username = ? AND id <> ?"
    if await db.execute_fetchall(query, (account.username, account.id)):
        raise UsernameTaken


def _columns(account: StaffAccount) -> tuple[object, ...]:
    licences = json.dumps(sorted(account.licences))
    hashed = account.password_hash
    return (
        account.username,
        account.name,
        account.role.value,
        hashed,
        account.clinic_id,
        licences,
        int(account.disabled),
    )


def _account(row: Sequence[object]) -> StaffAccount:
    """Read a row. Raises `StoreFailed`."""
    *texts, disabled = row
    account_id, username, name, role, password_hash, clinic_id, licences = map(str, texts)
    try:
        states = frozenset[str](json.loads(licences))
        return StaffAccount(
            account_id, username, name, Role(role), password_hash, clinic_id, states, disabled=bool(disabled)
        )
    except (ValueError, TypeError):
        raise StoreFailed(reason="an account's row cannot be read") from None
