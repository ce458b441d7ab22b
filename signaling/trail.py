"""Reading the audit trail in pages, so that one of any length can be read."""

from __future__ import annotations

from collections.abc import AsyncIterator

from waiting_room.audit import Entry
from waiting_room.store import AuditStore

__all__ = ["read_trail", "trail_of"]


async def read_trail(store: AuditStore, *, visit_id: str | None = None) -> AsyncIterator[Entry]:
    """Give all entries by number; of one visit where it is named. Raises `StoreFailed`."""
    after = 0
    while page := await store.entries(after=after, visit_id=visit_id):
        for entry in page:
            yield entry
        after = page[-1].number


async def trail_of(store: AuditStore, visit_id: str) -> list[Entry]:
    """Return a visit's entries by number. Raises `StoreFailed`."""
    return [entry async for entry in read_trail(store, visit_id=visit_id)]
