"""Reading any number of visits, a page at a time."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace

from waiting_room.model import Visit
from waiting_room.store import VisitFilter, VisitStore

__all__ = ["each_visit"]


async def each_visit(store: VisitStore, wanted: VisitFilter) -> AsyncIterator[Visit]:
    """Give all visits that pass the filter, by start; ``limit`` is how many are read at once. Raises `StoreFailed`."""
    while page := await store.list_visits(wanted):
        for visit in page:
            yield visit
        if len(page) < wanted.limit:
            return
        wanted = replace(wanted, after=(page[-1].starts_at, page[-1].id))
