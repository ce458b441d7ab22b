from __future__ import annotations

from datetime import timedelta

import pytest

from tests.support.visits import (
    FRONT_DESK,
    NOON,
    NURSE,
    OPERATOR,
    OTHER_PROVIDER,
    PATIENT,
    PROVIDER,
    Told,
    admit,
    arrive,
    booked,
    connect,
    in_progress,
    join,
    waiting,
)
from waiting_room import commands as do
from waiting_room import errors, events
from waiting_room.model import Actor, ParticipantPhase, Role, VisitPhase
from waiting_room.visit import OVERRUN_LIMIT, authorize, handle_command, may, next_deadline, sees

MINUTE = timedelta(minutes=1)


def test_a_visit_runs_from_booking_to_its_end() -> None:
    told = in_progress()
    told.give(do.End(actor=PROVIDER))
    assert told.visit.phase is VisitPhase.ENDED
    assert told.kinds() == [
        "VisitOpened",
        "ParticipantArrived",
        "ConnectionRestored",
        "ParticipantWaiting",
        "VisitStarted",
        "ParticipantAdmitted",
        "ParticipantEntered",
        "VisitEnded",
    ]


def test_nobody_arrives_before_the_join_window() -> None:
    told = Told(booked(), now=NOON - timedelta(minutes=30, seconds=1))
    with pytest.raises(errors.TooEarly) as refused:
        told.give(arrive())
    assert refused.value.facts == {"opens_at": (NOON - 30 * MINUTE).isoformat()}
    told.give(arrive(), after=timedelta(seconds=1))
    assert told.visit.patient.phase is ParticipantPhase.ARRIVED


def test_media_holds_nobody_before_admission() -> None:
    assert waiting().visit.in_media == ()


def test_admission_puts_patient_and_clinician_into_the_media() -> None:
    assert {one.id for one in in_progress().visit.in_media} == {PATIENT.id, PROVIDER.id}


def test_admitting_twice_is_harmless_for_the_one_who_did_it() -> None:
    told = in_progress()
    assert told.give(admit()) == ()


def test_of_two_who_admit_the_second_hears_who_was_first() -> None:
    told = in_progress()
    with pytest.raises(errors.AlreadyAdmitted) as refused:
        told.give(admit(NURSE, "other window"))
    assert refused.value.facts == {"by": PROVIDER.id}


def test_a_patient_who_only_arrived_cannot_be_admitted() -> None:
    told = Told(booked())
    told.give(arrive())
    with pytest.raises(errors.WrongState):
        told.give(admit())


@pytest.mark.parametrize(
    "command",
    [
        do.Admit(actor=PATIENT, participant=PATIENT.id, session="phone"),
        do.End(actor=PATIENT),
        do.Remove(actor=PATIENT, participant=PATIENT.id),
        do.Enter(actor=PATIENT, session="phone"),
        admit(FRONT_DESK),
        do.End(actor=FRONT_DESK),
        do.Enter(actor=FRONT_DESK, session="w"),
        admit(OTHER_PROVIDER),
        do.End(actor=OTHER_PROVIDER),
        admit(OPERATOR),
        do.Cancel(actor=PROVIDER),
        do.Leave(actor=Actor("stranger", Role.PATIENT), participant=PATIENT.id, session="phone"),
        do.Leave(actor=NURSE, participant=PATIENT.id, session="phone"),
        do.Arrive(actor=PROVIDER, participant=PATIENT.id, session="x"),
    ],
)
def test_a_role_gives_only_its_own_commands(command: do.Command) -> None:
    told = waiting()
    before = told.visit
    with pytest.raises(errors.Forbidden):
        told.give(command)
    assert told.visit == before


def test_staff_are_neither_admitted_nor_removed() -> None:
    told = in_progress()
    with pytest.raises(errors.Forbidden):
        told.give(do.Remove(actor=NURSE, participant=PROVIDER.id))
    with pytest.raises(errors.Forbidden):
        told.give(do.Admit(actor=NURSE, participant=PROVIDER.id, session="w"))


def test_one_who_lost_the_connection_keeps_the_place_for_the_grace_period() -> None:
    told = waiting()
    told.give(do.LoseConnection(actor=PATIENT, participant=PATIENT.id, session="phone"))
    told.give(do.PassTime(), after=timedelta(minutes=9, seconds=59))
    assert told.visit.patient.phase is ParticipantPhase.WAITING
    told.give(connect())
    assert told.visit.patient.connected
    assert told.visit.patient.waiting_since == NOON


def test_after_the_grace_period_the_place_is_free_but_the_link_still_opens() -> None:
    told = waiting()
    told.give(do.LoseConnection(actor=PATIENT, participant=PATIENT.id, session="phone"))
    assert next_deadline(told.visit) == NOON + 10 * MINUTE
    (left,) = told.give(do.PassTime(), after=10 * MINUTE)
    assert isinstance(left, events.ParticipantLeft)
    assert left.reason is events.LeaveReason.GRACE_OVER
    told.give(arrive("phone again"))
    assert told.visit.patient.phase is ParticipantPhase.ARRIVED


def test_one_who_arrived_and_never_connected_does_not_hold_the_place_for_ever() -> None:
    told = Told(booked())
    told.give(arrive())
    told.give(do.PassTime(), after=10 * MINUTE)
    assert told.visit.patient.phase is ParticipantPhase.LEFT


def test_leaving_is_not_ending() -> None:
    told = in_progress()
    told.give(do.Leave(actor=PATIENT, participant=PATIENT.id, session="phone"))
    assert told.visit.phase is VisitPhase.IN_PROGRESS
    told.give(join())
    assert told.visit.patient.phase is ParticipantPhase.WAITING
    told.give(admit())
    assert told.visit.patient.phase is ParticipantPhase.IN_VISIT


def test_another_device_takes_over_and_keeps_the_place() -> None:
    told = waiting()
    (replaced,) = told.give(arrive("tablet"))
    assert isinstance(replaced, events.DeviceReplaced)
    assert replaced.old_session == "phone"
    assert told.visit.patient.phase is ParticipantPhase.WAITING
    with pytest.raises(errors.SessionReplaced):
        told.give(join("phone"))
    with pytest.raises(errors.SessionReplaced):
        told.give(do.Leave(actor=PATIENT, participant=PATIENT.id, session="phone"))
    assert told.give(do.LoseConnection(actor=PATIENT, participant=PATIENT.id, session="phone")) == ()


def test_arriving_twice_on_one_device_changes_nothing() -> None:
    told = waiting()
    before = told.visit
    assert told.give(arrive(), after=MINUTE) == ()
    assert told.visit == before


def test_the_removed_come_back_by_no_way() -> None:
    told = in_progress()
    told.give(do.Remove(actor=PROVIDER, participant=PATIENT.id))
    for knock in (arrive("new phone"), join(), connect()):
        with pytest.raises(errors.ParticipantRemoved):
            told.give(knock)
    with pytest.raises(errors.WrongState):
        told.give(admit())
    with pytest.raises(errors.ParticipantRemoved):
        authorize(told.visit, PATIENT.id, "phone")


def test_a_third_person_finds_the_visit_full() -> None:
    told = in_progress()
    with pytest.raises(errors.VisitFull):
        told.give(do.Enter(actor=NURSE, session="w2"))


def test_a_colleague_whose_connection_is_lost_makes_room() -> None:
    told = in_progress()
    told.give(do.LoseConnection(actor=PROVIDER, participant=PROVIDER.id, session="window"))
    told.give(do.Enter(actor=NURSE, session="w2"))
    assert {one.id for one in told.visit.in_media} == {PATIENT.id, NURSE.id}
    provider = told.visit.find(PROVIDER.id)
    assert provider is not None
    assert provider.phase is ParticipantPhase.LEFT


def test_staff_who_move_to_another_window_stay_in_the_visit() -> None:
    told = in_progress()
    (moved,) = told.give(do.Enter(actor=PROVIDER, session="second window"))
    assert isinstance(moved, events.DeviceReplaced)
    assert told.give(do.LoseConnection(actor=PROVIDER, participant=PROVIDER.id, session="window")) == ()


def test_a_link_that_nobody_used_expires_as_a_no_show() -> None:
    told = Told(booked())
    told.give(do.PassTime())
    told.give(do.PassTime(), after=timedelta(minutes=89))
    assert told.visit.phase is VisitPhase.OPEN
    told.give(do.PassTime(), after=MINUTE)
    assert told.visit.phase is VisitPhase.NO_SHOW
    with pytest.raises(errors.LinkEnded):
        told.give(arrive())


def test_a_late_knock_does_not_revive_an_expired_visit() -> None:
    told = Told(booked(), now=NOON + timedelta(minutes=90))
    with pytest.raises(errors.LinkEnded):
        told.give(arrive())


def test_a_visit_does_not_expire_under_a_patient_who_waits_for_a_late_provider() -> None:
    told = waiting()
    told.give(do.PassTime(), after=timedelta(hours=3))
    assert told.visit.phase is VisitPhase.OPEN
    told.give(admit())
    assert told.visit.phase is VisitPhase.IN_PROGRESS


def test_one_who_left_after_the_expiry_has_the_grace_period_to_come_back() -> None:
    told = in_progress()
    told.give(do.Leave(actor=PROVIDER, participant=PROVIDER.id, session="window"), after=timedelta(hours=3))
    told.give(do.Leave(actor=PATIENT, participant=PATIENT.id, session="phone"))
    told.give(do.PassTime(), after=timedelta(minutes=9))
    assert told.visit.phase is VisitPhase.IN_PROGRESS
    told.give(do.PassTime(), after=MINUTE)
    assert told.visit.phase is VisitPhase.ENDED


def test_even_an_occupied_visit_ends_at_last() -> None:
    told = in_progress()
    told.give(do.PassTime(), after=timedelta(minutes=90) + OVERRUN_LIMIT)
    assert told.visit.phase is VisitPhase.ENDED
    assert told.visit.in_media == ()


@pytest.mark.parametrize("end", [do.End(actor=PROVIDER), do.End(actor=NURSE)])
def test_after_the_end_nothing_opens(end: do.End) -> None:
    told = in_progress()
    told.give(end)
    assert told.visit.in_media == ()
    with pytest.raises(errors.LinkEnded):
        told.give(arrive())
    with pytest.raises(errors.LinkEnded):
        authorize(told.visit, PATIENT.id, "phone")
    with pytest.raises(errors.WrongState):
        told.give(do.Enter(actor=PROVIDER, session="window"))
    assert told.give(do.End(actor=PROVIDER)) == ()
    assert next_deadline(told.visit) is None


def test_a_cancelled_appointment_opens_nothing() -> None:
    told = Told(booked(), now=NOON - timedelta(hours=5))
    told.give(do.Cancel(actor=FRONT_DESK))
    with pytest.raises(errors.LinkEnded):
        told.give(arrive(), after=timedelta(hours=5))


def test_what_may_be_done_is_what_would_change_something() -> None:
    told = waiting()
    assert may(told.visit, PROVIDER, now=NOON) == (do.Admit, do.Remove)
    assert may(told.visit, FRONT_DESK, now=NOON) == ()
    assert may(told.visit, OTHER_PROVIDER, now=NOON) == ()
    told.give(admit())
    assert do.End in may(told.visit, PROVIDER, now=NOON)
    assert do.Admit not in may(told.visit, NURSE, now=NOON)


def test_providers_see_their_own_visits_nurses_and_the_front_desk_all() -> None:
    visit = booked()
    assert [sees(visit, who) for who in (PROVIDER, OTHER_PROVIDER, NURSE, FRONT_DESK, PATIENT)] == [
        True,
        False,
        True,
        True,
        False,
    ]


def test_a_refused_command_leaves_what_was_given_untouched() -> None:
    visit = booked()
    with pytest.raises(errors.TooEarly):
        handle_command(visit, arrive(), now=NOON - timedelta(hours=2))
    assert visit == booked()
