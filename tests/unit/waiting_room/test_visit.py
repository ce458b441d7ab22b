from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from tests.support.visits import (
    BORN,
    FRONT_DESK,
    GUEST,
    NOON,
    NURSE,
    OTHER_PROVIDER,
    PATIENT,
    PROVIDER,
    Told,
    admit,
    arrive,
    booked,
    colleague,
    connect,
    full,
    hand_over,
    in_progress,
    invite,
    join,
    leave,
    lose,
    reschedule,
    waiting,
    with_open_item,
)
from waiting_room import commands as do
from waiting_room import errors, events
from waiting_room.contact_codes import CallReason, CallResult
from waiting_room.model import Actor, Participant, ParticipantPhase, PatientDetails, Role, Visit, VisitPhase
from waiting_room.retention import purged
from waiting_room.visit import authorize, handle_command, may, next_deadline

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


def test_a_sixth_person_finds_the_visit_full() -> None:
    told = full()
    with pytest.raises(errors.VisitFull):
        told.give(do.Enter(actor=NURSE, session="w2"))


def test_in_a_full_visit_the_colleague_longest_out_of_touch_makes_room_and_no_other() -> None:
    told = full()
    for number in (1, 0):
        told.give(lose(f"window {number}", who=colleague(number)), after=MINUTE)
    told.give(do.Enter(actor=NURSE, session="w2"))
    inside = {PATIENT.id, PROVIDER.id, NURSE.id, *(colleague(number).id for number in (0, 2))}
    assert {one.id for one in told.visit.in_media} == inside
    assert told.phase(colleague(1).id) == ParticipantPhase.LEFT


def test_where_a_place_is_free_a_colleague_out_of_touch_keeps_the_own_one() -> None:
    told = in_progress()
    told.give(do.LoseConnection(actor=PROVIDER, participant=PROVIDER.id, session="window"))
    told.give(do.Enter(actor=NURSE, session="w2"))
    assert {one.id for one in told.visit.in_media} == {PATIENT.id, PROVIDER.id, NURSE.id}


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


def test_a_refused_command_leaves_what_was_given_untouched() -> None:
    visit = booked()
    with pytest.raises(errors.TooEarly):
        handle_command(visit, join(), now=NOON - timedelta(hours=2))
    assert visit == booked()


# What a person may do now.


def test_before_the_room_opens_the_appointment_can_be_prepared_moved_and_called_off() -> None:
    visit = booked()
    early = NOON - timedelta(hours=2)
    assert set(may(visit, NURSE, now=early)) == {"remove", "complete", "invite", "late", "call"}
    assert set(may(visit, FRONT_DESK, now=early)) == {"invite", "late", "call", "reschedule", "cancel"}


def test_of_one_who_waits_clinicians_may_admit_and_the_front_desk_may_write() -> None:
    told = waiting()
    assert set(may(told.visit, PROVIDER, now=NOON)) == {
        "admit",
        "remove",
        "complete",
        "invite",
        "late",
        "call",
        "message",
    }
    assert set(may(told.visit, FRONT_DESK, now=NOON)) == {"invite", "late", "call", "message", "reschedule", "cancel"}
    assert may(told.visit, OTHER_PROVIDER, now=NOON) == ()
    assert may(told.visit, PATIENT, now=NOON) == ()


def test_in_the_visit_the_one_inside_may_do_more_than_a_colleague() -> None:
    told = in_progress()
    inside = {"enter", "leave", "hold", "return", "remove", "end", "complete", "invite", "late", "call", "hand_over"}
    assert set(may(told.visit, PROVIDER, now=NOON)) == inside
    assert set(may(told.visit, NURSE, now=NOON)) == inside - {"leave", "hand_over"}


def test_a_device_that_owes_the_date_of_birth_cannot_be_admitted() -> None:
    told = waiting(booked(details=PatientDetails(birth_date=BORN)))
    told.give(arrive("found phone", ask_birth_date=True))
    assert "admit" not in may(told.visit, NURSE, now=NOON)


def test_an_open_item_may_be_waived() -> None:
    visit = with_open_item(booked(), "insurance")
    assert "waive" in may(visit, FRONT_DESK, now=NOON)
    assert "waive" not in may(booked(), FRONT_DESK, now=NOON)


def test_one_who_did_not_come_may_be_marked_from_the_start_on() -> None:
    told = Told(booked())
    told.give(do.PassTime())
    assert "no_show" in may(told.visit, FRONT_DESK, now=NOON)
    assert "no_show" not in may(told.visit, FRONT_DESK, now=NOON - MINUTE)
    assert "no_show" not in may(waiting().visit, FRONT_DESK, now=NOON)


def test_when_it_is_over_only_a_call_may_be_recorded() -> None:
    told = in_progress()
    told.give(do.End(actor=PROVIDER))
    assert may(told.visit, NURSE, now=NOON) == ("call",)
    assert may(purged(told.visit, now=NOON).visit, NURSE, now=NOON) == ()


@pytest.mark.parametrize("who", [PROVIDER, NURSE, FRONT_DESK])
@pytest.mark.parametrize("made", [booked, waiting, in_progress])
def test_what_may_be_done_is_granted(made: Callable[[], Visit | Told], who: Actor) -> None:
    """Each request on offer, given as the server gives it, changes something, and no other does."""
    start = made()
    told = start if isinstance(start, Told) else Told(start)
    told.give(do.PassTime())
    session = (told.visit.find(who.id) or Participant("", Role.NURSE, "")).session or "w"
    requests: dict[str, do.Command] = {
        "admit": admit(who, session, confirmed=["identity", "licence"]),
        "enter": do.Enter(actor=who, session="another window"),
        "leave": leave(session, who=who),
        "hold": do.Hold(actor=who, participant=PATIENT.id),
        "return": do.ReturnToWaiting(actor=who, participant=PATIENT.id),
        "hand_over": hand_over(OTHER_PROVIDER, who),
        "remove": do.Remove(actor=who, participant=PATIENT.id),
        "end": do.End(actor=who),
        "complete": do.Complete(actor=who),
        "no_show": do.MarkNoShow(actor=who),
        "invite": invite(GUEST, who),
        "message": do.SendMessage(actor=who, participant=PATIENT.id, message="m", canned="soon"),
        "late": do.TellLate(actor=who, minutes=10),
        "call": do.RecordCall(actor=who, reason=CallReason.OTHER, result=CallResult.OTHER),
        "reschedule": reschedule(NOON + timedelta(days=1), who),
        "cancel": do.Cancel(actor=who),
    }
    offered = may(told.visit, who, now=NOON)
    # Words to one who is in the visit are granted and not offered: the two hear each other.
    assert {name for name, command in requests.items() if changes(told.visit, command)} - {"message"} == set(
        offered
    ) - {"message"}


def changes(visit: Visit, command: do.Command) -> bool:
    try:
        return bool(handle_command(visit, command, now=NOON).events)
    except errors.WaitingRoomError:
        return False
