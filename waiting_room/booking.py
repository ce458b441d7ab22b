"""How an appointment becomes a visit."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from waiting_room.errors import InvalidBooking
from waiting_room.events import VisitBooked
from waiting_room.model import Actor, Participant, Role, Visit
from waiting_room.visit import Outcome

__all__ = ["Booking", "Rules", "book"]

NAME_LENGTH: Final = 120
REASON_LENGTH: Final = 500
SHORTEST: Final = timedelta(minutes=5)
LONGEST: Final = timedelta(hours=8)


@dataclass(frozen=True, slots=True)
class Rules:
    """The clinic's rules: how long before the start the room opens, how long the link and a lost place live on."""

    join_window: timedelta = timedelta(minutes=30)
    link_lives: timedelta = timedelta(minutes=60)
    grace: timedelta = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Booking:
    """What is asked for. ``starts_at`` is timezone-aware UTC; ``patient`` is a participant who was invited."""

    visit_id: str
    patient: Participant
    provider: Actor
    starts_at: datetime
    length: timedelta
    reason: str = field(default="", repr=False)


def book(booking: Booking, rules: Rules, *, actor: Actor, now: datetime) -> Outcome:
    """Make the visit and its first event.

    Raises `InvalidBooking` where the name is empty, too long or carries control characters, the length is out of
    bounds, the provider is none, or the slot is over already.
    """
    _text("patient", booking.patient.name, NAME_LENGTH, required=True)
    _text("reason", booking.reason, REASON_LENGTH, required=False)
    if booking.provider.role is not Role.PROVIDER:
        raise InvalidBooking(field="provider", reason="is not a provider")
    if not SHORTEST <= booking.length <= LONGEST:
        raise InvalidBooking(field="minutes", reason="must lie between 5 and 480")
    ends_at = booking.starts_at + booking.length
    if ends_at <= now:
        raise InvalidBooking(field="start", reason="is over already")
    visit = Visit(
        id=booking.visit_id,
        provider_id=booking.provider.id,
        provider_name=booking.provider.name,
        reason=booking.reason,
        starts_at=booking.starts_at,
        ends_at=ends_at,
        opens_at=booking.starts_at - rules.join_window,
        expires_at=ends_at + rules.link_lives,
        grace=rules.grace,
        participants=(booking.patient,),
    )
    return Outcome(visit, (VisitBooked(visit=visit.id, at=now, actor=actor.id, role=actor.role),))


def _text(name: str, value: str, limit: int, *, required: bool) -> None:
    if required and not value.strip():
        raise InvalidBooking(field=name, reason="is empty")
    if len(value) > limit:
        raise InvalidBooking(field=name, reason=f"is longer than {limit} characters")
    # Control and format characters can reorder or hide what staff read in the queue.
    if any(unicodedata.category(char) in {"Cc", "Cf", "Cs"} for char in value):
        raise InvalidBooking(field=name, reason="carries control characters")
