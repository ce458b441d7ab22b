"""The tables of the SQLite file, version 2.

A visit is one JSON document beside the columns it is searched by. The trail's table stands alone: no foreign key, so that no
deletion elsewhere reaches it, and triggers that refuse everything but the next entry. They stop mistakes; against whoever owns
the file stands the chain of hashes (`waiting_room.audit`).
"""

from __future__ import annotations

from typing import Final

import aiosqlite

__all__ = ["SCHEMA_VERSION", "create_schema"]

SCHEMA_VERSION: Final = 2

_VISITS: Final = (
    """
    CREATE TABLE visit (
        id TEXT PRIMARY KEY, version INTEGER NOT NULL, clinic_id TEXT NOT NULL, starts_at REAL NOT NULL, live INTEGER NOT NULL,
        phase TEXT NOT NULL, deadline REAL, ended_at REAL, purged INTEGER NOT NULL, state TEXT NOT NULL) STRICT
    """,
    "CREATE INDEX visit_start ON visit (starts_at, id)",
    "CREATE INDEX visit_clinic ON visit (clinic_id, starts_at, id)",
    "CREATE INDEX visit_live ON visit (starts_at, id) WHERE live = 1",
    "CREATE INDEX visit_deadline ON visit (deadline) WHERE deadline IS NOT NULL",
    "CREATE INDEX visit_retention ON visit (clinic_id, ended_at) WHERE purged = 0 AND ended_at IS NOT NULL",
    # The start stands here again, so that one index gives a provider's visits in order.
    """
    CREATE TABLE visit_provider (
        visit_id TEXT NOT NULL REFERENCES visit, provider_id TEXT NOT NULL, starts_at REAL NOT NULL,
        PRIMARY KEY (visit_id, provider_id)) STRICT, WITHOUT ROWID
    """,
    "CREATE INDEX visit_provider_start ON visit_provider (provider_id, starts_at, visit_id)",
    """
    CREATE TABLE invitation (
        code_hash TEXT PRIMARY KEY, visit_id TEXT NOT NULL REFERENCES visit, participant_id TEXT NOT NULL,
        revoked INTEGER NOT NULL DEFAULT 0) STRICT
    """,
    "CREATE INDEX invitation_visit ON invitation (visit_id, participant_id)",
    "CREATE TABLE once (key_hash TEXT PRIMARY KEY, request_hash TEXT NOT NULL, sealed TEXT NOT NULL, at REAL NOT NULL) STRICT",
    "CREATE INDEX once_at ON once (at)",
)

_TRAIL: Final = (
    """
    CREATE TABLE entry (
        number INTEGER PRIMARY KEY, at TEXT NOT NULL, kind TEXT NOT NULL, visit TEXT NOT NULL, actor TEXT NOT NULL,
        role TEXT NOT NULL, device TEXT NOT NULL, facts TEXT NOT NULL, hash TEXT NOT NULL) STRICT
    """,
    "CREATE INDEX entry_visit ON entry (visit)",
    # INSERT OR REPLACE deletes without asking the trigger on DELETE, so the number is judged too.
    """
    CREATE TRIGGER entry_appended BEFORE INSERT ON entry
    WHEN new.number IS NOT (SELECT ifnull(max(number), 0) + 1 FROM entry)
    BEGIN SELECT RAISE(ABORT, 'the trail is only appended to'); END
    """,
    """
    CREATE TRIGGER entry_kept BEFORE DELETE ON entry
    BEGIN SELECT RAISE(ABORT, 'the trail is only appended to'); END
    """,
    """
    CREATE TRIGGER entry_unchanged BEFORE UPDATE ON entry
    BEGIN SELECT RAISE(ABORT, 'the trail is only appended to'); END
    """,
)

_ACCOUNTS: Final = (
    """
    CREATE TABLE staff (
        id TEXT PRIMARY KEY, username TEXT NOT NULL UNIQUE, name TEXT NOT NULL, role TEXT NOT NULL, password_hash TEXT NOT NULL,
        clinic_id TEXT NOT NULL, licences TEXT NOT NULL, disabled INTEGER NOT NULL) STRICT
    """,
    """
    CREATE TABLE staff_session (
        id TEXT PRIMARY KEY, account_id TEXT NOT NULL, device TEXT NOT NULL, began_at REAL NOT NULL, expires_at REAL NOT NULL,
        active_at REAL NOT NULL, ended_at REAL) STRICT
    """,
    "CREATE INDEX staff_session_open ON staff_session (expires_at) WHERE ended_at IS NULL",
    """
    CREATE TABLE api_token (
        id TEXT PRIMARY KEY, name TEXT NOT NULL, scopes TEXT NOT NULL, clinic_id TEXT, made_at REAL NOT NULL,
        expires_at REAL NOT NULL, revoked_at REAL) STRICT
    """,
    # One row that is written to learn whether the disk takes writes.
    "CREATE TABLE write_test (id INTEGER PRIMARY KEY CHECK (id = 1), filling BLOB NOT NULL) STRICT",
)


async def create_schema(db: aiosqlite.Connection) -> None:
    """Make all tables in the caller's transaction."""
    for statement in (*_VISITS, *_TRAIL, *_ACCOUNTS):
        await db.execute(statement)
