"""Captions that somebody in a visit types for the others: the newest two lines, in this process's memory alone.

They go with the visit, with the place of the one who types, after `LIVES_S`, and with the process.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

from waiting_room.chat import reads
from waiting_room.model import Participant, Role, Visit

__all__ = ["Captions", "Typed", "may_type"]

LINES: Final = 2
LIVES_S: Final = 20.0


@dataclass(frozen=True, slots=True)
class Typed:
    """What stands there now. ``number`` counts the lines, so that a page tells a new one; ``at`` is monotonic."""

    participant: str
    number: int
    lines: tuple[str, ...] = field(repr=False)
    at: float


def may_type(who: Participant) -> bool:
    """Whether this person may type captions: everybody in the visit but the patient, whom they are for."""
    return reads(who) and who.role is not Role.PATIENT


class Captions:
    """Keeps the captions of each visit."""

    def __init__(self, *, monotonic: Callable[[], float]) -> None:
        self._monotonic = monotonic
        self._typed: dict[str, Typed] = {}

    def type(self, visit_id: str, participant: str, text: str) -> bool:
        """Show one line more. False while somebody else's lines stand there: two at once could not be read."""
        before = self._typed.get(visit_id)
        if before is not None and before.participant != participant:
            return False
        lines = (*before.lines, text)[-LINES:] if before else (text,)
        number = before.number + 1 if before else 1
        self._typed[visit_id] = Typed(participant, number, lines, self._monotonic())
        return True

    def of(self, visit_id: str) -> Typed | None:
        """Return what stands there, or None."""
        return self._typed.get(visit_id)

    def follow(self, visit: Visit) -> None:
        """Let go of what the visit as it is now has no more use for. Idempotent."""
        typed = self._typed.get(visit.id)
        who = visit.find(typed.participant) if typed else None
        if visit.phase.final or who is None or not may_type(who):
            self._typed.pop(visit.id, None)

    def expire(self) -> set[str]:
        """Let go of what is too old, and return the visits that had it. Call once a second."""
        before = self._monotonic() - LIVES_S
        old = {visit_id for visit_id, one in self._typed.items() if one.at <= before}
        for visit_id in old:
            del self._typed[visit_id]
        return old
