"""Visits and people for tests of the domain."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final

from waiting_room.booking import Booking, book
from waiting_room.check_in_items import CheckInItem, ItemKind
from waiting_room.clinic import Clinic, Consent, Rules
from waiting_room.commands import (
    Admit,
    Arrive,
    Command,
    ConfirmBirthDate,
    Connect,
    Enter,
    HandOver,
    Invite,
    JoinWaitingRoom,
    Leave,
    LoseConnection,
    Reschedule,
)
from waiting_room.errors import WaitingRoomError
from waiting_room.events import Event
from waiting_room.helping_commands import InviteHelper
from waiting_room.model import Actor, Participant, PatientDetails, Provider, Role, Visit
from waiting_room.visit import MEDIA_PLACES, handle_command

NOON = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
HALF_HOUR = timedelta(minutes=30)
BORN: Final = date(1961, 4, 30)

PATIENT = Actor("patient", Role.PATIENT)
COMPANION = Actor("companion", Role.COMPANION)
INTERPRETER = Actor("interpreter", Role.INTERPRETER)
GUEST = Actor("guest", Role.GUEST)
HELPER = Actor("helper", Role.HELPER)
STRANGER = Actor("stranger", Role.PATIENT)
PROVIDER = Actor("provider", Role.PROVIDER, "Dr. Sample Provider", clinic="main")
OTHER_PROVIDER = Actor("other", Role.PROVIDER, "Dr. Other", clinic="main")
NURSE = Actor("nurse", Role.NURSE, "Sample Nurse", clinic="main")
FRONT_DESK = Actor("desk", Role.FRONT_DESK, "Sample Front Desk", clinic="main")
FAR_NURSE = Actor("far", Role.NURSE, "Nurse Elsewhere", clinic="branch")
OPERATOR = Actor("operator", Role.OPERATOR)

ITEMS: Final = (
    CheckInItem("location", ItemKind.LOCATION),
    CheckInItem("callback", ItemKind.CALLBACK),
    CheckInItem("consent", ItemKind.CONSENT),
    CheckInItem("reason", ItemKind.REASON),
    CheckInItem("insurance", ItemKind.EXTERNAL, title={"en": "Insurance"}),
)
ANSWERS: Final = {
    "location": {"state": "NY", "address": "1 Sample Street"},
    "callback": {"phone": "555-0142"},
    "consent": {"version": "1", "language": "en"},
    "reason": {"text": "My knee"},
}


def clinic(
    clinic_id: str = "main",
    *,
    kinds: dict[str, tuple[CheckInItem, ...]] | None = None,
    rules: Rules | None = None,
    ask_birth_date: bool = False,
) -> Clinic:
    """A clinic whose visits need no check-in, unless ``kinds`` says so."""
    return Clinic(
        id=clinic_id,
        name="Sample Clinic",
        phone="555-0100",
        time_zone="UTC",
        support_hours={},
        rules=rules or Rules(),
        consent=Consent("1", {"en": "Video has limits."}),
        kinds={"video": ()} if kinds is None else kinds,
        ask_birth_date=ask_birth_date,
    )


def booked(
    starts_at: datetime = NOON,
    *,
    visit_id: str = "visit",
    now: datetime = NOON - timedelta(days=1),
    details: PatientDetails | None = None,
    check_in: Iterable[CheckInItem] = (),
    providers: tuple[Actor, ...] = (PROVIDER,),
    length: timedelta = HALF_HOUR,
    patient: Participant | None = None,
) -> Visit:
    """A visit of `PROVIDER` with the patient Sample Patient, half an hour long."""
    booking = Booking(
        visit_id=visit_id,
        clinic=clinic(),
        patient=patient or Participant(PATIENT.id, Role.PATIENT, "Sample Patient"),
        starts_at=starts_at,
        length=length,
        providers=tuple(Provider(one.id, one.name) for one in providers),
        details=details or PatientDetails(),
        check_in=tuple(check_in),
        reason="Follow-up" if not check_in else "",
    )
    return book(booking, actor=OPERATOR, now=now).visit


def kinds(events: Iterable[Event]) -> list[str]:
    """The names of these events."""
    return [type(event).__name__ for event in events]


@dataclass
class Told:
    """A visit to which commands are given at a time that the test moves; keeps what happened."""

    visit: Visit
    now: datetime = NOON
    events: tuple[Event, ...] = ()

    def give(self, command: Command, *, after: timedelta = timedelta()) -> tuple[Event, ...]:
        """Give the command, ``after`` later than the last one, and return its events."""
        self.now += after
        outcome = handle_command(self.visit, command, now=self.now)
        self.visit = outcome.visit
        self.events += outcome.events
        return outcome.events

    def kinds(self) -> list[str]:
        """The names of all events so far."""
        return kinds(self.events)

    def refused(self, command: Command, *, after: timedelta = timedelta()) -> WaitingRoomError:
        """Give a command that has to be refused, and return the refusal; nothing of the visit may have changed."""
        self.now += after
        before = self.visit
        try:
            outcome = handle_command(self.visit, command, now=self.now)
        except WaitingRoomError as refusal:
            assert self.visit == before
            return refusal
        raise AssertionError(f"{type(command).__name__} was granted: {kinds(outcome.events)}")

    def person(self, who: Actor = PATIENT) -> Participant:
        """That participant as they are now."""
        found = self.visit.find(who.id)
        assert found is not None
        return found

    def phase(self, participant: str = PATIENT.id) -> str:
        """That participant's phase."""
        found = self.visit.find(participant)
        assert found is not None
        return found.phase


def arrive(session: str = "phone", *, who: Actor = PATIENT, ask_birth_date: bool = False) -> Arrive:
    return Arrive(actor=who, participant=who.id, session=session, ask_birth_date=ask_birth_date)


def connect(session: str = "phone", *, who: Actor = PATIENT) -> Connect:
    return Connect(actor=who, participant=who.id, session=session)


def join(session: str = "phone", *, who: Actor = PATIENT) -> JoinWaitingRoom:
    return JoinWaitingRoom(actor=who, participant=who.id, session=session)


def lose(session: str = "phone", *, who: Actor = PATIENT) -> LoseConnection:
    return LoseConnection(actor=who, participant=who.id, session=session)


def leave(session: str = "phone", *, who: Actor = PATIENT) -> Leave:
    return Leave(actor=who, participant=who.id, session=session)


def birth_date(given: date, session: str = "phone", *, who: Actor = PATIENT) -> ConfirmBirthDate:
    return ConfirmBirthDate(actor=who, participant=who.id, session=session, birth_date=given)


def admit(
    by: Actor = PROVIDER,
    session: str = "window",
    *,
    who: Actor = PATIENT,
    confirmed: Iterable[str] = (),
    licences: Iterable[str] = (),
) -> Admit:
    return Admit(
        actor=by,
        participant=who.id,
        session=session,
        confirmed=frozenset(confirmed),
        licences=frozenset(licences),
    )


def invite(who: Actor, by: Actor = NURSE, *, lives: timedelta = HALF_HOUR) -> Invite:
    return Invite(actor=by, participant=who.id, role=who.role, name="Sample Guest", lives=lives)


def invite_helper(session: str = "phone", who: Actor = PATIENT) -> InviteHelper:
    return InviteHelper(actor=who, participant=who.id, session=session, helper=HELPER.id)


def hand_over(to: Actor = PROVIDER, by: Actor = NURSE) -> HandOver:
    return HandOver(actor=by, to=Provider(to.id, to.name), to_role=to.role)


def reschedule(starts_at: datetime, by: Actor = FRONT_DESK, **facts: Any) -> Reschedule:
    ends_at = starts_at + HALF_HOUR
    return Reschedule(actor=by, starts_at=starts_at, ends_at=ends_at, **Rules().times(starts_at, ends_at), **facts)


def waiting(visit: Visit | None = None) -> Told:
    """A visit at noon whose patient is connected and waits."""
    told = Told(visit or booked())
    for command in (arrive(), connect(), join()):
        told.give(command)
    return told


def in_progress(visit: Visit | None = None) -> Told:
    """A visit at noon with the patient and the provider in it."""
    told = waiting(visit)
    told.give(admit())
    return told


def colleague(number: int) -> Actor:
    """One of several nurses of the clinic."""
    return Actor(f"nurse-{number}", Role.NURSE, f"Nurse {number}", clinic="main")


def full(told: Told | None = None) -> Told:
    """A visit in progress with a colleague on each place that is left."""
    told = told or in_progress()
    for number in range(MEDIA_PLACES - len(told.visit.in_media)):
        told.give(Enter(actor=colleague(number), session=f"window {number}"))
    return told


def with_guest(told: Told, guest: Actor = INTERPRETER) -> Told:
    """The same, with a guest who was invited and waits."""
    told.give(invite(guest))
    for command in (arrive("guest's", who=guest), connect("guest's", who=guest), join("guest's", who=guest)):
        told.give(command)
    return told


def with_open_item(visit: Visit, *keys: str) -> Visit:
    """The visit with these check-in items open."""
    return replace(visit, check_in=tuple(item for item in ITEMS if item.key in keys))
