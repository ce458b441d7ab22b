"""Booking from the outside: mints identifiers and the link's code, lets the domain judge, keeps only the code's hash."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from signaling.accounts import actor_of
from signaling.invitations import hash_code, invitation_url, mint_code
from signaling.settings import Settings
from signaling.visits import Clock
from waiting_room.booking import Booking, book
from waiting_room.errors import InvalidBooking
from waiting_room.model import Actor, Participant, Role
from waiting_room.store import Store

__all__ = ["Appointments", "Booked"]

_OPERATOR = Actor(id="operator", role=Role.OPERATOR)


@dataclass(frozen=True, slots=True)
class Booked:
    """A new appointment. ``url`` is the patient's link; it cannot be shown again."""

    visit_id: str
    url: str = field(repr=False)


class Appointments:
    """Books appointments into a store."""

    def __init__(self, store: Store, settings: Settings, *, clock: Clock) -> None:
        self._store = store
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
        account = await self._store.find_staff(provider)
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
        await self._store.create(outcome.visit, {hash_code(code): participant.id}, outcome.events)
        return Booked(outcome.visit.id, invitation_url(self._settings.base_url, code))
