"""Attendance as the trail tells it: always the same as who was in the visit's media."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.visits import (
    COMPANION,
    HALF_HOUR,
    INTERPRETER,
    NOON,
    NURSE,
    PATIENT,
    PROVIDER,
    Told,
    admit,
    arrive,
    booked,
    connect,
    hand_over,
    in_progress,
    invite,
    join,
    leave,
    lose,
    reschedule,
    waiting,
    with_guest,
)
from waiting_room.attendance import Attendance, Step, people
from waiting_room.audit import START, Entry, Head, chain
from waiting_room.commands import (
    Command,
    Complete,
    End,
    Enter,
    Hold,
    NoteModality,
    PassTime,
    RecordCall,
    Remove,
    ReturnToWaiting,
    SignOff,
)
from waiting_room.contact_codes import CallReason, CallResult
from waiting_room.errors import WaitingRoomError
from waiting_room.events import Event
from waiting_room.model import Actor, Modality, Role, Visit

MINUTE = timedelta(minutes=1)


def trail(events: Iterable[Event]) -> list[Entry]:
    entries: list[Entry] = []
    head = START
    for event in events:
        entries.append(chain(event, head))
        head = Head(entries[-1].number, entries[-1].hash)
    return entries


def attended(told: Told) -> dict[str, Attendance]:
    return {one.id: one for one in people(told.visit, trail(told.events))}


def test_a_visit_is_counted_without_its_holds() -> None:
    told = waiting()
    told.give(admit(), after=7 * MINUTE)
    told.give(Hold(actor=PROVIDER, participant=PATIENT.id), after=10 * MINUTE)
    told.give(admit(), after=5 * MINUTE)
    told.give(End(actor=PROVIDER), after=timedelta(minutes=3, seconds=30))
    patient, provider = attended(told)[PATIENT.id], attended(told)[PROVIDER.id]
    assert patient.times == (
        (NOON + 7 * MINUTE, NOON + 17 * MINUTE),
        (NOON + 22 * MINUTE, NOON + timedelta(minutes=25, seconds=30)),
    )
    assert (patient.minutes, patient.waited_minutes, patient.modality) == (13.5, 7.0, None)
    assert (provider.minutes, provider.waited_minutes) == (18.5, None)
    assert (patient.name, provider.role) == ("Sample Patient", Role.PROVIDER)
    assert "Sample" not in repr(patient)


def test_a_time_that_lasts_is_open() -> None:
    one = attended(in_progress())[PATIENT.id]
    assert one.times == ((NOON, None),)
    assert one.minutes == 0


def test_who_never_came_has_no_times() -> None:
    told = Told(booked())
    told.give(arrive())
    one = attended(told)[PATIENT.id]
    assert (one.arrived_at, one.waiting_since, one.times, one.modality) == (NOON, None, (), None)


def test_a_hand_over_is_two_clinicians_and_one_patient() -> None:
    told = waiting()
    told.give(admit(NURSE))
    told.give(hand_over(), after=10 * MINUTE)
    told.give(admit(PROVIDER), after=2 * MINUTE)
    told.give(End(actor=PROVIDER), after=10 * MINUTE)
    found = attended(told)
    assert [found[who.id].minutes for who in (PATIENT, NURSE, PROVIDER)] == [20, 10, 10]


def test_steps_down_keep_their_reason() -> None:
    told = in_progress()

    def note(modality: Modality, reason: str) -> None:
        command = NoteModality(actor=PATIENT, participant=PATIENT.id, session="phone", modality=modality, reason=reason)
        told.give(command, after=MINUTE)

    assert attended(told)[PATIENT.id].modality is None
    note(Modality.VIDEO, "chosen")
    note(Modality.AUDIO, "network")
    note(Modality.VIDEO, "chosen")
    note(Modality.AUDIO, "device")
    by_phone = RecordCall(actor=PROVIDER, reason=CallReason.TECHNICAL_TROUBLE, result=CallResult.VISIT_BY_PHONE)
    told.give(by_phone, after=MINUTE)
    one = attended(told)[PATIENT.id]
    assert one.steps[0] == Step(NOON + MINUTE, Modality.VIDEO, "chosen")
    assert [(step.modality, step.reason) for step in one.step_downs] == [
        (Modality.AUDIO, "network"),
        (Modality.AUDIO, "device"),
        (Modality.PHONE, "technical_trouble"),
    ]
    assert one.modality is Modality.PHONE


def test_a_visit_by_phone_alone_has_its_modality_and_no_times() -> None:
    told = Told(booked())
    told.give(RecordCall(actor=NURSE, reason=CallReason.NOT_HERE, result=CallResult.VISIT_BY_PHONE))
    told.give(Complete(actor=NURSE), after=MINUTE)
    one = attended(told)[PATIENT.id]
    assert one.step_downs == ()
    assert (one.modality, one.times, one.minutes) == (Modality.PHONE, (), 0)


def test_who_begins_without_a_picture_stepped_down() -> None:
    told = in_progress()
    facts: dict[str, Any] = {"modality": Modality.AUDIO, "reason": "device"}
    told.give(NoteModality(actor=PATIENT, participant=PATIENT.id, session="phone", **facts))
    assert attended(told)[PATIENT.id].step_downs == (Step(NOON, Modality.AUDIO, "device"),)


@pytest.mark.parametrize("who", [PATIENT, PROVIDER], ids=["patient", "provider"])
def test_the_grace_of_who_does_not_return_is_not_time_in_the_visit(who: Actor) -> None:
    told = in_progress()
    session = "phone" if who is PATIENT else "window"
    told.give(lose(session, who=who), after=2 * MINUTE)
    told.give(PassTime(), after=30 * MINUTE)
    assert told.phase(who.id) == "left"
    assert attended(told)[who.id].times == ((NOON, NOON + 2 * MINUTE),)


def test_a_visit_that_ends_under_a_lost_connection_ended_with_it() -> None:
    told = in_progress()
    told.give(lose(), after=2 * MINUTE)
    told.give(End(actor=PROVIDER), after=MINUTE)
    found = attended(told)
    assert (found[PATIENT.id].minutes, found[PROVIDER.id].minutes) == (2, 3)


def test_a_connection_that_comes_back_does_not_interrupt() -> None:
    told = in_progress()
    told.give(lose(), after=2 * MINUTE)
    told.give(connect(), after=MINUTE)
    told.give(End(actor=PROVIDER), after=2 * MINUTE)
    assert attended(told)[PATIENT.id].times == ((NOON, NOON + 5 * MINUTE),)


def test_a_wait_is_that_of_the_last_date() -> None:
    told = waiting()
    later = NOON + timedelta(days=1)
    told.give(reschedule(later), after=10 * MINUTE)
    told.now = later
    for command in (arrive("tablet"), connect("tablet"), join("tablet")):
        told.give(command)
    told.give(admit(), after=3 * MINUTE)
    assert attended(told)[PATIENT.id].waited_minutes == 3


def test_staff_of_before_a_move_are_still_told_of() -> None:
    told = in_progress()
    told.give(leave("window", who=PROVIDER), after=MINUTE)
    by_link = tuple(one for one in told.visit.participants if one.role.by_link)
    found = {one.id: one for one in people(replace(told.visit, participants=by_link), trail(told.events))}
    assert (found[PROVIDER.id].name, found[PROVIDER.id].role, found[PROVIDER.id].minutes) == ("", Role.PROVIDER, 1)


_COMMANDS: tuple[Command, ...] = (
    *(arrive(), arrive("tablet"), connect(), connect("tablet"), join(), join("tablet"), lose(), leave()),
    *(admit(), admit(NURSE, "desk"), admit(NURSE, "desk", who=INTERPRETER), hand_over(), hand_over(NURSE, PROVIDER)),
    *(Enter(actor=PROVIDER, session="window"), Enter(actor=NURSE, session="desk")),
    *(leave("window", who=PROVIDER), leave("desk", who=NURSE), lose("window", who=PROVIDER)),
    Hold(actor=NURSE, participant=PATIENT.id),
    ReturnToWaiting(actor=PROVIDER, participant=PATIENT.id),
    Remove(actor=NURSE, participant=INTERPRETER.id),
    SignOff(actor=PROVIDER),
    invite(COMPANION),
    *(arrive("aunt's", who=COMPANION), join("aunt's", who=COMPANION), admit(who=COMPANION)),
    End(actor=PROVIDER),
)


@given(st.lists(st.tuples(st.sampled_from(_COMMANDS), st.integers(0, 12)), max_size=30))
def test_open_times_are_those_who_are_in_the_media(given: list[tuple[Command, int]]) -> None:
    told = with_guest(Told(booked(length=HALF_HOUR * 8)))
    for command, minutes in given:
        told.now += minutes * MINUTE
        try:
            told.give(command)
        except WaitingRoomError:
            continue
        found = attended(told)
        still_in = {one.id for one in found.values() if one.times and one.times[-1][1] is None}
        assert still_in == {one.id for one in told.visit.in_media}
        for one in found.values():
            assert all(end is None or start <= end for start, end in one.times)
            assert one.minutes >= 0


class _Clock:
    """Counts who was in from the visit's state alone: in media, and not out of touch until out."""

    def __init__(self) -> None:
        self.counted: dict[str, timedelta] = {}
        self._since: dict[str, datetime] = {}
        self._lost: dict[str, datetime] = {}

    def look(self, visit: Visit, now: datetime) -> None:
        inside = {one.id: one for one in visit.in_media}
        for gone in self._since.keys() - inside.keys():
            start, end = self._since.pop(gone), self._lost.pop(gone, now)
            self.counted[gone] = self.counted.get(gone, timedelta()) + end - start
        for one in inside.values():
            self._since.setdefault(one.id, now)
            if one.lost_at is None:
                self._lost.pop(one.id, None)
            else:
                self._lost.setdefault(one.id, max(one.lost_at, self._since[one.id]))


@given(st.lists(st.tuples(st.sampled_from(_COMMANDS), st.integers(0, 12)), max_size=30))
def test_minutes_are_those_in_the_media_and_in_touch(given: list[tuple[Command, int]]) -> None:
    told, clock = with_guest(Told(booked(length=HALF_HOUR * 8))), _Clock()
    for command, minutes in given:
        told.now += minutes * MINUTE
        for each in (PassTime(), command):
            with suppress(WaitingRoomError):
                told.give(each)
            clock.look(told.visit, told.now)
    for one in attended(told).values():
        closed = sum((end - start for start, end in one.times if end is not None), timedelta())
        assert closed == clock.counted.get(one.id, timedelta())
