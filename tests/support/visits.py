"""Visits and people for tests of the domain."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from waiting_room.booking import Booking, Rules, book
from waiting_room.commands import Admit, Arrive, Command, Connect, JoinWaitingRoom
from waiting_room.events import Event
from waiting_room.model import Actor, Participant, Role, Visit
from waiting_room.visit import handle_command

NOON = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
HALF_HOUR = timedelta(minutes=30)

PATIENT = Actor("patient", Role.PATIENT)
PROVIDER = Actor("provider", Role.PROVIDER, "Dr. Sample Provider")
OTHER_PROVIDER = Actor("other", Role.PROVIDER, "Dr. Other")
NURSE = Actor("nurse", Role.NURSE, "Sample Nurse")
FRONT_DESK = Actor("desk", Role.FRONT_DESK, "Sample Front Desk")
OPERATOR = Actor("operator", Role.OPERATOR)


def booked(starts_at: datetime = NOON, *, visit_id: str = "visit", now: datetime = NOON - timedelta(days=1)) -> Visit:
    """A visit of `PROVIDER` with the patient Sample Patient, half an hour long."""
    patient = Participant(PATIENT.id, Role.PATIENT, "Sample Patient")
    booking = Booking(visit_id, patient, PROVIDER, starts_at, HALF_HOUR, "Follow-up")
    return book(booking, Rules(), actor=OPERATOR, now=now).visit


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
        return [type(event).__name__ for event in self.events]


def arrive(session: str = "phone") -> Arrive:
    return Arrive(actor=PATIENT, participant=PATIENT.id, session=session)


def connect(session: str = "phone") -> Connect:
    return Connect(actor=PATIENT, participant=PATIENT.id, session=session)


def join(session: str = "phone") -> JoinWaitingRoom:
    return JoinWaitingRoom(actor=PATIENT, participant=PATIENT.id, session=session)


def admit(by: Actor = PROVIDER, session: str = "window") -> Admit:
    return Admit(actor=by, participant=PATIENT.id, session=session)


def waiting() -> Told:
    """A visit at noon whose patient is connected and waits."""
    told = Told(booked())
    for command in (arrive(), connect(), join()):
        told.give(command)
    return told


def in_progress() -> Told:
    """A visit at noon with the patient and the provider in it."""
    told = waiting()
    told.give(admit())
    return told
