"""Booking from the outside: mints identifiers and the link's code, lets the domain judge, keeps only the code's hash."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Protocol

from signaling.accounts import actor_of
from signaling.invitations import hash_code, invitation_url, mint_code
from signaling.settings import Settings
from signaling.visits import Clock
from waiting_room.booking import Booking, book
from waiting_room.errors import InvalidBooking
from waiting_room.events import Event
from waiting_room.model import Actor, Participant, Role, Visit
from waiting_room.store import StaffStore

__all__ = ["Appointments", "Booked"]

_OPERATOR = Actor(id="operator", role=Role.OPERATOR)


@dataclass(frozen=True, slots=True)
class Booked:
    """A new appointment. ``url`` is the patient's link; it cannot be shown again."""

    visit_id: str
    url: str = field(repr=False)


class Shelf(Protocol):
    """Where a new visit goes: a store, or the running server's `Visits`, which shows it to staff at once."""

    async def create(self, visit: Visit, invitations: Mapping[str, str], events: Sequence[Event]) -> None:
        """Keep a new visit and the hashes of its links' codes."""


class Appointments:
    """Books appointments."""

    def __init__(self, shelf: Shelf, staff: StaffStore, settings: Settings, *, clock: Clock) -> None:
        self._shelf = shelf
        self._staff = staff
        self._settings = settings
        self._clock = clock

    async def book(
        self,
        *,
        patient: str,
        provider: str,
        starts_at: datetime,
        minutes: int,
        reason: str = "",
        now: datetime | None = None,
    ) -> Booked:
        """Book and return the link. ``now`` stands in for the clock. Raises `InvalidBooking` naming the field, or `StoreFailed`."""
        account = await self._staff.find_staff(provider)
        if account is None or account.disabled:
            raise InvalidBooking(field="provider", reason="is not the user name of a provider")
        participant = Participant(secrets.token_urlsafe(12), Role.PATIENT, patient)
        booking = Booking(
            visit_id=secrets.token_urlsafe(12),
            patient=participant,
            provider=actor_of(account),
            starts_at=starts_at.astimezone(UTC),
            length=timedelta(minutes=minutes),
            reason=reason,
        )
        outcome = book(booking, self._settings.rules, actor=_OPERATOR, now=now or self._clock())
        code = mint_code()
        await self._shelf.create(outcome.visit, {hash_code(code): participant.id}, outcome.events)
        return Booked(outcome.visit.id, invitation_url(self._settings.base_url, code))
