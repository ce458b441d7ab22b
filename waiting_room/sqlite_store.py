"""The store in one SQLite file: the default, for one node that needs no other service."""

from __future__ import annotations

from waiting_room.sqlite_audit import SqliteAudit
from waiting_room.sqlite_staff import SqliteStaff
from waiting_room.sqlite_tokens import SqliteTokens
from waiting_room.sqlite_visits import SqliteVisits

__all__ = ["SqliteStore"]


class SqliteStore(SqliteVisits, SqliteAudit, SqliteStaff, SqliteTokens):
    """`waiting_room.store.Store` on a file. Make it with `open`."""
