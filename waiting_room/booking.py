"""How an appointment becomes a visit."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Final

from waiting_room.check_in_items import PHONE, CheckInItem, ItemKind, ItemState, validate_answer
from waiting_room.clinic import Clinic
from waiting_room.errors import Forbidden, InvalidBooking
from waiting_room.events import VisitBooked
from waiting_room.model import Actor, Participant, PatientDetails, Provider, Visit
from waiting_room.outcome import Outcome
from waiting_room.roles import Action, allowed
from waiting_room.text import check_text

__all__ = ["Booking", "book", "check_providers", "check_slot"]

NAME_LENGTH: Final = 120
REASON_LENGTH: Final = 500
MOST_PROVIDERS: Final = 5
MOST_ITEMS: Final = 12
SHORTEST: Final = timedelta(minutes=5)
LONGEST: Final = timedelta(hours=8)
FURTHEST: Final = timedelta(days=730)
_EMAIL: Final = re.compile(r"[^@\s]{1,64}@[^@\s]{1,180}\.[^@\s.]{2,60}")
_LANGUAGE: Final = re.compile(r"[a-z]{2,3}")
_KEY: Final = re.compile(r"[a-z][a-z0-9_]{0,31}")
_OLDEST: Final = date(1880, 1, 1)


@dataclass(frozen=True, slots=True)
class Booking:
    """What is asked for. ``starts_at`` is timezone-aware UTC; ``patient`` is a participant who was invited.

    ``check_in`` None takes the clinic's items of this ``kind`` of appointment. ``external_id`` is the caller's own, if any.
    """

    visit_id: str
    clinic: Clinic
    patient: Participant
    starts_at: datetime
    length: timedelta
    providers: tuple[Provider, ...] = ()
    details: PatientDetails = field(default_factory=PatientDetails)
    reason: str = field(default="", repr=False)
    kind: str = "video"
    check_in: tuple[CheckInItem, ...] | None = None
    external_id: str = ""


def book(booking: Booking, *, actor: Actor, now: datetime) -> Outcome:
    """Make the visit and its first event.

    Raises `InvalidBooking` naming the field: a text that is empty, too long or carries control characters, a phone number or
    e-mail address that is none, an unknown kind, a slot that is over, too far or of a wrong length. Raises `Forbidden` by role.
    """
    elsewhere = actor.clinic != booking.clinic.id and (actor.role.staff or bool(actor.clinic))
    if elsewhere or not allowed(actor.role, Action.BOOK):
        raise Forbidden(role=actor.role, command="Book")
    check_text(InvalidBooking, "patient.name", booking.patient.name, NAME_LENGTH)
    check_text(InvalidBooking, "reason", booking.reason, REASON_LENGTH, required=False)
    check_text(InvalidBooking, "external_id", booking.external_id, NAME_LENGTH, required=False)
    _check_details(booking.details, now)
    check_providers(booking.providers)
    if booking.clinic.ask_birth_date and booking.details.birth_date is None:
        raise InvalidBooking(field="patient.birth_date", reason="is needed: this clinic asks patients for it")
    ends_at = check_slot(booking.starts_at, booking.length, now=now)
    visit = Visit(
        id=booking.visit_id,
        clinic_id=booking.clinic.id,
        kind=booking.kind,
        providers=booking.providers,
        reason=booking.reason,
        starts_at=booking.starts_at,
        ends_at=ends_at,
        **booking.clinic.rules.times(booking.starts_at, ends_at),
        grace=booking.clinic.rules.grace,
        details=booking.details,
        participants=(booking.patient,),
        check_in=_items(booking, now),
        external_id=booking.external_id,
    )
    booked = VisitBooked(visit=visit.id, at=now, actor=actor.id, role=actor.role, device=actor.device)
    return Outcome(visit, (booked,))


def check_providers(providers: tuple[Provider, ...]) -> None:
    """Raise `InvalidBooking` where they are too many, or one is named twice."""
    if len({one.id for one in providers}) != len(providers) or len(providers) > MOST_PROVIDERS:
        raise InvalidBooking(field="providers", reason=f"must be at most {MOST_PROVIDERS}, none twice")


def check_slot(starts_at: datetime, length: timedelta, *, now: datetime) -> datetime:
    """Return when a visit of this start and length ends. Raises `InvalidBooking`."""
    if not SHORTEST <= length <= LONGEST:
        raise InvalidBooking(field="minutes", reason="must lie between 5 and 480")
    ends_at = starts_at + length
    if ends_at <= now:
        raise InvalidBooking(field="start", reason="is over already")
    if starts_at > now + FURTHEST:
        raise InvalidBooking(field="start", reason="is more than two years ahead")
    return ends_at


def _check_details(details: PatientDetails, now: datetime) -> None:
    born = details.birth_date
    if born is not None and not _OLDEST <= born <= now.date():
        raise InvalidBooking(field="patient.birth_date", reason="lies in the future, or before 1880")
    if not _LANGUAGE.fullmatch(details.language):
        raise InvalidBooking(field="patient.language", reason="must be a language such as en or es")
    if details.phone and not PHONE.fullmatch(details.phone):
        raise InvalidBooking(field="patient.phone", reason="is not a phone number")
    if details.email and not _EMAIL.fullmatch(details.email):
        raise InvalidBooking(field="patient.email", reason="is not an e-mail address")
    if details.sms_opt_in and not details.phone:
        raise InvalidBooking(field="patient.phone", reason="is needed where the patient takes text messages")


def _items(booking: Booking, now: datetime) -> tuple[CheckInItem, ...]:
    """Return the items of the new visit; what was booked answers the item that asks for it."""
    if booking.kind not in booking.clinic.kinds:
        known = ", ".join(sorted(booking.clinic.kinds))
        raise InvalidBooking(field="kind", reason=f"must be one of {known}")
    items = booking.clinic.kinds[booking.kind] if booking.check_in is None else booking.check_in
    keys = [one.key for one in items]
    if len(set(keys)) != len(keys) or len(keys) > MOST_ITEMS or not all(_KEY.fullmatch(key) for key in keys):
        raise InvalidBooking(field="check_in", reason=f"must be at most {MOST_ITEMS} items with keys of their own")
    return tuple(_prefilled(one, booking, now) for one in items)


def _prefilled(item: CheckInItem, booking: Booking, now: datetime) -> CheckInItem:
    if item.kind is ItemKind.REASON and booking.reason.strip():
        answer = validate_answer(item.kind, {"text": booking.reason})
        return replace(item, state=ItemState.DONE, answer=answer, at=now)
    return item
