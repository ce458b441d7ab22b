"""How long those who wait will still wait, told as an honest range.

Each provider (or the shared queue) is one line, served by booked time. The range grows with what is not known: a visit in
progress may end early or overrun, and a clinician who is overdue without a word is as likely to stay so.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from waiting_room.model import ParticipantPhase, Visit

__all__ = ["Wait", "waits"]

STEP_MIN: Final = 5
LONGEST_MIN: Final = 240
_SHORTEST_SHARE: Final = 0.5
_LONGEST_SHARE: Final = 1.25
_MARGIN_MIN: Final = 10.0
_SERVED: Final = {ParticipantPhase.IN_VISIT, ParticipantPhase.ON_HOLD}


@dataclass(frozen=True, slots=True)
class Wait:
    """From now until admission, in whole minutes; ``ahead`` is how many are before this patient."""

    low: int
    high: int
    ahead: int


def waits(visits: Iterable[Visit], now: datetime) -> dict[str, Wait]:
    """Return the range of everyone who waits, by visit."""
    lines: dict[tuple[str, str], list[Visit]] = defaultdict(list)
    for visit in visits:
        if visit.patient.phase in _SERVED or visit.patient.phase is ParticipantPhase.WAITING:
            lines[_line(visit)].append(visit)
    found: dict[str, Wait] = {}
    for line in lines.values():
        served = [visit for visit in line if _is_served(visit)]
        waiting = [visit for visit in line if not _is_served(visit)]
        waiting.sort(key=lambda visit: (visit.starts_at, visit.id))
        # Several may be served at once in the shared queue: the next place is free when the first of them is done.
        low = min((_left(visit, now)[0] for visit in served), default=0.0)
        high = min((_left(visit, now)[1] for visit in served), default=0.0)
        for number, visit in enumerate(waiting):
            # What holds one up holds up all behind: nobody is promised more than those before them.
            low, high = _range(visit, low, high, now)
            if visit.patient.phase is ParticipantPhase.WAITING:
                found[visit.id] = _in_steps(low, high, number + len(served))
            low += _minutes(visit.ends_at - visit.starts_at) * _SHORTEST_SHARE
            high += _minutes(visit.ends_at - visit.starts_at) * _LONGEST_SHARE
    return found


def _is_served(visit: Visit) -> bool:
    """Whether a clinician is with the patient; one who was handed over is next instead."""
    return visit.patient.phase in _SERVED and visit.handed_to is None


def _line(visit: Visit) -> tuple[str, str]:
    served_by = visit.handed_to or (visit.providers[0] if visit.providers else None)
    return visit.clinic_id, served_by.id if served_by else ""


def _left(visit: Visit, now: datetime) -> tuple[float, float]:
    """Return how long a visit in progress may still take: it can end at any moment, or overrun."""
    gone = _minutes(now - (visit.started_at or now))
    length = _minutes(visit.ends_at - visit.starts_at)
    return max(0.0, length * _SHORTEST_SHARE - gone), max(float(STEP_MIN), length * _LONGEST_SHARE - gone)


def _range(visit: Visit, low: float, high: float, now: datetime) -> tuple[float, float]:
    """Return what this visit's own time makes of the range in which its turn comes."""
    until_start = _minutes(_expected(visit) - now)
    low = max(low, until_start - (STEP_MIN if visit.late else _MARGIN_MIN), 0.0)
    overdue = max(0.0, -until_start)
    return low, max(high, max(until_start, 0.0) + _MARGIN_MIN, overdue, low + STEP_MIN)


def _expected(visit: Visit) -> datetime:
    """Return when the visit should begin: "15 minutes late", said to somebody whose time has come, means from when it was said."""
    if visit.late is None:
        return visit.starts_at
    return max(visit.starts_at, visit.late.at) + timedelta(minutes=visit.late.minutes)


def _in_steps(low: float, high: float, ahead: int) -> Wait:
    return Wait(
        low=min(LONGEST_MIN - STEP_MIN, math.floor(low / STEP_MIN) * STEP_MIN),
        high=min(LONGEST_MIN, math.ceil(high / STEP_MIN) * STEP_MIN),
        ahead=ahead,
    )


def _minutes(span: timedelta) -> float:
    return span.total_seconds() / 60
