"""Booking from the outside: mints identifiers and links' codes, lets the domain judge, keeps only the codes' hashes.

The interface, the command line, imports and the demo all book here.
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Protocol

from signaling.accounts import OPERATOR
from signaling.clinics import Clinics
from signaling.invitations import hash_code, invitation_url, mint_code
from signaling.local_time import zone_named
from signaling.visits import Clock
from waiting_room.booking import Booking, book, check_slot
from waiting_room.check_in_items import CheckInItem
from waiting_room.clinic import Clinic
from waiting_room.commands import Command, RenewLink, Reschedule
from waiting_room.errors import InvalidBooking
from waiting_room.events import Event
from waiting_room.model import Actor, Participant, PatientDetails, Provider, Role, Visit
from waiting_room.store import Links, Once, StaffStore

__all__ = ["Appointments", "Asked", "Booked", "Draft", "Shelf", "clinic_for"]


def clinic_for(clinics: Clinics, asked: str | None) -> Clinic:
    """Return the clinic a request is about. Raises `InvalidBooking` where it names none and there are several."""
    if asked is not None:
        return clinics.get(asked)
    if len(clinics.ids) > 1:
        raise InvalidBooking(field="clinic", reason=f"is needed: one of {', '.join(clinics.ids)}")
    return clinics.first


class Shelf(Protocol):
    """Where visits are kept and changed: the running server's `Visits`, or those that a command makes over the same store."""

    async def create(
        self, visit: Visit, links: Links, events: Sequence[Event], once: Once | None = None
    ) -> Once | None:
        """See `VisitStore.create`."""

    async def load(self, visit_id: str) -> Visit:
        """Read a visit. Raises `VisitUnknown`."""

    async def handle(self, visit_id: str, command: Command, links: Links | None = None) -> Visit:
        """Give a command, changing links with it, and return the visit as it is then."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """An appointment as asked for. ``providers`` are user names; ``check_in`` None takes the clinic's items of this kind."""

    clinic: str
    patient: str = field(repr=False)
    starts_at: datetime
    minutes: int = 30
    providers: Sequence[str] = ()
    details: PatientDetails = field(default_factory=PatientDetails)
    reason: str = field(default="", repr=False)
    kind: str = "video"
    check_in: tuple[CheckInItem, ...] | None = None
    external_id: str = ""


@dataclass(frozen=True, slots=True)
class Booked:
    """An appointment with a new link for its patient. ``url`` cannot be shown again."""

    visit: Visit
    url: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Draft(Booked):
    """A booking that the domain has granted and that is not kept yet."""

    links: Links
    events: tuple[Event, ...]


class Appointments:
    """Books appointments, moves them, and renews their links. All methods raise `StoreFailed`."""

    def __init__(self, shelf: Shelf, store: StaffStore, clinics: Clinics, base_url: str, clock: Clock) -> None:
        self._shelf = shelf
        self._staff = store
        self._clinics = clinics
        self._base_url = base_url
        self._clock = clock

    async def book(self, asked: Asked, *, actor: Actor = OPERATOR, now: datetime | None = None) -> Booked:
        """Book, keep, and return the link. ``now`` stands in for the clock. Raises as `draft` does."""
        draft = await self.draft(asked, actor=actor, now=now)
        await self.keep(draft)
        return draft

    async def draft(self, asked: Asked, *, actor: Actor, now: datetime | None = None) -> Draft:
        """Let the domain judge. Raises `InvalidBooking` naming the field, or `Forbidden`."""
        clinic = self._clinics.get(asked.clinic)
        if asked.details.time_zone:
            zone_named(asked.details.time_zone, field="patient.time_zone")
        participant = Participant(_mint_id(), Role.PATIENT, asked.patient)
        booking = Booking(
            visit_id=_mint_id(),
            clinic=clinic,
            patient=participant,
            starts_at=asked.starts_at.astimezone(UTC),
            length=timedelta(minutes=asked.minutes),
            providers=await self._providers(asked.providers, clinic.id),
            details=asked.details,
            reason=asked.reason,
            kind=asked.kind,
            check_in=asked.check_in,
            external_id=asked.external_id,
        )
        outcome = book(booking, actor=actor, now=now or self._clock())
        url, links = self._link(participant.id)
        return Draft(outcome.visit, url, links, outcome.events)

    async def keep(self, draft: Draft, once: Once | None = None) -> Once | None:
        """Keep a draft and return None; or, where ``once``'s key was used before, nothing, and return what was kept then."""
        return await self._shelf.create(draft.visit, draft.links, draft.events, once)

    async def reschedule(
        self,
        visit_id: str,
        *,
        starts_at: datetime,
        minutes: int | None = None,
        providers: Sequence[str] | None = None,
        actor: Actor = OPERATOR,
    ) -> Booked:
        """Move the appointment; all links made so far die, and what is not given stays.

        Raises as `draft` does, `VisitUnknown` or `WrongState`.
        """
        visit = await self._shelf.load(visit_id)
        starts_at = starts_at.astimezone(UTC)
        length = visit.ends_at - visit.starts_at if minutes is None else timedelta(minutes=minutes)
        ends_at = check_slot(starts_at, length, now=self._clock())
        command = Reschedule(
            actor=actor,
            starts_at=starts_at,
            ends_at=ends_at,
            providers=None if providers is None else await self._providers(providers, visit.clinic_id),
            **self._clinics.get(visit.clinic_id).rules.times(starts_at, ends_at),
        )
        dead = frozenset(one.id for one in visit.participants if one.role.by_link)
        url, links = self._link(visit.patient.id, revoke=dead)
        return Booked(await self._shelf.handle(visit_id, command, links), url)

    async def renew_link(self, visit_id: str, *, actor: Actor = OPERATOR) -> Booked:
        """Give the patient a new link; the one before is dead. Raises `VisitUnknown`, `WrongState` or `Forbidden`."""
        patient = (await self._shelf.load(visit_id)).patient.id
        url, links = self._link(patient, revoke=frozenset({patient}))
        return Booked(await self._shelf.handle(visit_id, RenewLink(actor=actor, participant=patient), links), url)

    def _link(self, participant_id: str, *, revoke: frozenset[str] = frozenset()) -> tuple[str, Links]:
        code = mint_code()
        return invitation_url(self._base_url, code), Links({hash_code(code): participant_id}, revoke)

    async def _providers(self, usernames: Sequence[str], clinic_id: str) -> tuple[Provider, ...]:
        providers = []
        for username in usernames:
            account = await self._staff.find_staff(username)
            if (
                account is None
                or account.disabled
                or account.role is not Role.PROVIDER
                or account.clinic_id != clinic_id
            ):
                raise InvalidBooking(field="providers", reason="holds what is no provider's user name in this clinic")
            providers.append(Provider(account.id, account.name))
        return tuple(providers)


def _mint_id() -> str:
    """Return 96 random bits. In hexadecimal: one that began with a dash would be an option at the command line."""
    return secrets.token_hex(12)
