"""The API tokens' facts in SQLite."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

import aiosqlite

from waiting_room.errors import TokenUnknown
from waiting_room.events import Event
from waiting_room.sqlite_file import SqliteFile
from waiting_room.sqlite_rows import append_events
from waiting_room.store import ApiToken

__all__ = ["SqliteTokens"]

_FACTS = "SELECT id, name, scopes, clinic_id, made_at, expires_at, revoked_at FROM api_token"


class SqliteTokens(SqliteFile):
    """`waiting_room.store.TokenStore` on a file."""

    async def add_token(self, token: ApiToken, events: Sequence[Event]) -> None:
        """See `TokenStore.add_token`."""
        times = (token.made_at.timestamp(), token.expires_at.timestamp())
        revoked_at = token.revoked_at.timestamp() if token.revoked_at else None

        async def insert(db: aiosqlite.Connection) -> None:
            await db.execute(
                "INSERT INTO api_token (id, name, scopes, clinic_id, made_at, expires_at, revoked_at)"
                " VALUES (?, ?, ?, ?, ?, ?, ?)",
                (token.id, token.name, json.dumps(sorted(token.scopes)), token.clinic_id, *times, revoked_at),
            )
            await append_events(db, events)

        await self._write(insert)

    async def find_token(self, token_id: str) -> ApiToken | None:
        """See `TokenStore.find_token`."""
        async with self._reading() as db:
            rows = list(await db.execute_fetchall(f"{_FACTS} WHERE id = ?", (token_id,)))
            return _token(tuple(rows[0])) if rows else None

    async def list_tokens(self) -> list[ApiToken]:
        """See `TokenStore.list_tokens`."""
        async with self._reading() as db:
            rows = await db.execute_fetchall(f"{_FACTS} ORDER BY made_at DESC, id")
            return [_token(tuple(row)) for row in rows]

    async def revoke_token(self, token_id: str, at: datetime, events: Sequence[Event]) -> None:
        """See `TokenStore.revoke_token`. Where it was revoked before, nothing happens and nothing is recorded."""

        async def revoke(db: aiosqlite.Connection) -> None:
            if not await db.execute_fetchall("SELECT 1 FROM api_token WHERE id = ?", (token_id,)):
                raise TokenUnknown
            query = "UPDATE api_token SET revoked_at = ? WHERE id = ? AND revoked_at IS NULL"
            if (await db.execute(query, (at.timestamp(), token_id))).rowcount == 1:
                await append_events(db, events)

        await self._write(revoke)


def _token(row: Sequence[Any]) -> ApiToken:
    token_id, name, scopes, clinic_id, made_at, expires_at, revoked_at = row
    return ApiToken(
        id=token_id,
        name=name,
        scopes=frozenset(json.loads(scopes)),
        clinic_id=clinic_id,
        made_at=datetime.fromtimestamp(made_at, UTC),
        expires_at=datetime.fromtimestamp(expires_at, UTC),
        revoked_at=None if revoked_at is None else datetime.fromtimestamp(revoked_at, UTC),
    )
