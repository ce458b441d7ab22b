"""The staff's list, by difference: each screen gets the rows that changed since its last snapshot.

A row is made once for all who see the same of it, however many screens show it.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Hashable, Iterable
from datetime import datetime
from typing import Final

from signaling.care_messages import QueueChanges, Row
from signaling.care_snapshot import queue_row
from signaling.staff_directory import StaffDirectory
from waiting_room.model import Actor, Visit

__all__ = ["QueueFeed", "QueueRows"]

PORTION: Final = 200
"""A longer list comes in several snapshots: no screen keeps the loop, which also relays media, for long."""

TURN: Final = 20
"""After so many rows everything else gets its turn."""


class QueueRows:
    """Makes rows, and keeps each while its visit is the same."""

    def __init__(self, directory: StaffDirectory) -> None:
        self._directory = directory
        self._made: dict[str, tuple[Visit, dict[Hashable, Row]]] = {}

    def row(self, visit: Visit, staff: Actor, *, now: datetime) -> Row:
        """Return the visit's row as this person sees it. It is shared: nobody may change it."""
        kept = self._made.get(visit.id)
        if kept is None or kept[0] is not visit:
            kept = self._made[visit.id] = (visit, {})
        licences = self._directory.licences(visit, staff)
        # What a row offers depends on the role, on a part of one's own in the visit, and on whether the start has come.
        part = staff.id if visit.find(staff.id) is not None else ""
        viewer = (staff.role, part, licences, now >= visit.starts_at)
        row = kept[1].get(viewer)
        if row is None:
            row = kept[1][viewer] = queue_row(visit, staff, licences=licences, now=now)
        return row

    def forget(self, visit_id: str) -> None:
        """Drop what was made of a visit that is in nobody's list any more."""
        self._made.pop(visit_id, None)

    def clear(self) -> None:
        """Drop all."""
        self._made.clear()


class QueueFeed:
    """What one staff screen holds of the list, and what it has still to be sent."""

    def __init__(self) -> None:
        self._full = True
        self._held: set[str] = set()
        self._due: dict[str, None] = {}

    @property
    def more(self) -> bool:
        """Whether something is left to be sent."""
        return self._full or bool(self._due)

    def start_over(self) -> None:
        """Send the whole list next time."""
        self._full = True

    def note(self, visit: Visit, *, listed: bool) -> bool:
        """Hear of a changed visit that is now in this person's list or not. True if the screen has to be sent something."""
        concerned = listed or visit.id in self._held
        if concerned:
            self._due[visit.id] = None
        return concerned

    async def take(
        self, listed: Callable[[], Iterable[Visit]], find: Callable[[str], Visit | None], row: Callable[[Visit], Row]
    ) -> QueueChanges:
        """Return the next portion. ``find`` gives a visit that is in this person's list, else None; ``listed`` gives all.

        What fails in the middle is sent again, whole.
        """
        full = self._full
        if full:
            self._held.clear()
            first_come = sorted(listed(), key=lambda visit: (visit.starts_at, visit.id))
            self._due = dict.fromkeys(visit.id for visit in first_come)
        self._full = False
        rows: list[Row] = []
        gone: list[str] = []
        try:
            while self._due and len(rows) < PORTION:
                visit_id = next(iter(self._due))
                del self._due[visit_id]
                visit = find(visit_id)
                if visit is not None:
                    self._held.add(visit_id)
                    rows.append(row(visit))
                elif visit_id in self._held:
                    self._held.discard(visit_id)
                    gone.append(visit_id)
                if len(rows) % TURN == TURN - 1:
                    await asyncio.sleep(0)
        except BaseException:
            self.start_over()
            raise
        return QueueChanges(full=full, rows=rows, gone=gone)
