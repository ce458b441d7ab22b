"""How long those who wait will still wait, made anew for all of them at most once a second."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from signaling.visits import Clock, Visits
from waiting_room.line import Wait, waits
from waiting_room.model import ParticipantPhase, Visit

__all__ = ["WaitTable"]

FRESH_S: Final = 1.0


class WaitTable:
    """Gives a patient's wait. ``monotonic`` is in seconds."""

    def __init__(self, visits: Visits, *, clock: Clock, monotonic: Callable[[], float]) -> None:
        self._visits = visits
        self._clock = clock
        self._monotonic = monotonic
        self._made_at: float | None = None
        self._waits: dict[str, Wait] = {}
        self._missed: set[str] = set()

    def of(self, visit: Visit) -> Wait | None:
        """Return the wait of this visit's patient; None for one who does not wait, or who came within the last second."""
        if visit.patient.phase is not ParticipantPhase.WAITING:
            return None
        if self._made_at is None or self._monotonic() - self._made_at >= FRESH_S:
            self._made_at = self._monotonic()
            self._waits = waits(self._visits.live(), self._clock())
        found = self._waits.get(visit.id)
        if found is None:
            self._missed.add(visit.id)
        return found

    def missed(self) -> set[str]:
        """Return, once, the visits that were asked for before they stood in the table."""
        missed, self._missed = self._missed, set()
        return missed
