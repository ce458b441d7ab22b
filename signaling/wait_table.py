"""How long those who wait will still wait, made anew for all of them once a second while anybody asks."""

from __future__ import annotations

import asyncio

from signaling.visits import Clock, Visits
from waiting_room.line import Wait, waits
from waiting_room.model import LateNotice, ParticipantPhase, Visit

__all__ = ["WaitTable"]


class WaitTable:
    """Gives a patient's wait, as it was when `refresh` was last called."""

    def __init__(self, visits: Visits, *, clock: Clock) -> None:
        self._visits = visits
        self._clock = clock
        self._waits: dict[str, Wait] = {}
        self._asked = False
        self._missed: set[str] = set()
        self._late: dict[str, LateNotice] = {}

    def of(self, visit: Visit) -> Wait | None:
        """Return the wait of this visit's patient; None for one who does not wait, or who came since the table was made."""
        if visit.patient.phase is not ParticipantPhase.WAITING:
            return None
        self._asked = True
        found = self._waits.get(visit.id)
        if found is None:
            self._missed.add(visit.id)
        return found

    async def refresh(self) -> set[str]:
        """Make the table anew, and return the visits whose page should be drawn again. To be called once a second.

        Those are the ones that were asked for in vain before, and those whose clinician's late notice is new: a page must not
        tell both "late by 15 minutes" and "less than 10 minutes".
        """
        if not self._asked:
            return set()
        self._asked = False
        missed, self._missed = self._missed, set()
        board = self._visits.on_board()
        # In a thread: for thousands it takes longer than the loop, which also relays media, may stand still.
        self._waits = await asyncio.to_thread(waits, board, self._clock())
        before, self._late = self._late, {visit.id: visit.late for visit in board if visit.late is not None}
        changed = {
            visit_id
            for visit_id in before.keys() | self._late.keys()
            if before.get(visit_id) != self._late.get(visit_id)
        }
        return missed | changed
