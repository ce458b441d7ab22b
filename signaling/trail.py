"""Reading the audit trail in pages, so that one of any length can be read, and what it keeps of lists that were read."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from typing import Any, Final

from waiting_room.audit import Entry
from waiting_room.office_events import AppointmentsListed
from waiting_room.store import AuditStore

__all__ = ["listed", "read_trail", "trail_of"]

IN_ONE_ENTRY: Final = 500
"""So many ids of visits."""


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


def listed(by: Mapping[str, Any], visit_ids: Sequence[str], **asked: object) -> list[AppointmentsListed]:
    """Return what the trail keeps of a list that was read: what was ``asked`` for, in codes, and which visits were shown."""
    query = " ".join(f"{name}={value}" for name, value in asked.items() if value)
    parts = [visit_ids[first : first + IN_ONE_ENTRY] for first in range(0, len(visit_ids), IN_ONE_ENTRY)]
    return [
        AppointmentsListed(**by, count=len(part), query=query, visits=" ".join(part)) for part in parts or [visit_ids]
    ]
