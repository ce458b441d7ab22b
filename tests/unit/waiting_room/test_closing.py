from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.support.visits import (
    ANSWERS,
    BORN,
    COMPANION,
    FRONT_DESK,
    HALF_HOUR,
    INTERPRETER,
    ITEMS,
    NOON,
    NURSE,
    OPERATOR,
    PATIENT,
    PROVIDER,
    Told,
    admit,
    arrive,
    birth_date,
    booked,
    connect,
    in_progress,
    invite,
    join,
    kinds,
    leave,
    lose,
    reschedule,
    waiting,
    with_guest,
)
from waiting_room import commands as do
from waiting_room import errors, events
from waiting_room.check_in_items import ItemState, WaiveReason
from waiting_room.closing import OVERRUN_LIMIT
from waiting_room.contact_codes import CallReason, CallResult
from waiting_room.model import (
    Actor,
    Identity,
    LateNotice,
    ParticipantPhase,
    PatientDetails,
    Provider,
    Role,
    VisitPhase,
    Wish,
)
from waiting_room.visit import authorize, next_deadline

DAY = timedelta(days=1)
TOMORROW = NOON + DAY
ANSWER_ALL = [
    do.AnswerCheckIn(actor=PATIENT, participant=PATIENT.id, session="phone", item=key, answer=answer)
    for key, answer in ANSWERS.items()
]


def renew(who: Actor = PATIENT, by: Actor = FRONT_DESK) -> do.RenewLink:
    return do.RenewLink(actor=by, participant=who.id)


def by_phone() -> do.RecordCall:
    return do.RecordCall(actor=NURSE, reason=CallReason.TECHNICAL_TROUBLE, result=CallResult.VISIT_BY_PHONE)


# Another time.


def test_a_rescheduled_visit_is_booked_anew() -> None:
    told = waiting()
    (moved,) = told.give(reschedule(TOMORROW))
    assert isinstance(moved, events.VisitRescheduled)
    assert moved.starts_at == TOMORROW
    visit = told.visit
    assert (visit.phase, visit.starts_at, visit.ends_at) == (VisitPhase.BOOKED, TOMORROW, TOMORROW + HALF_HOUR)
    assert next_deadline(visit) == visit.opens_at == TOMORROW - HALF_HOUR
    patient = visit.patient
    assert (patient.phase, patient.session, patient.arrived_at, patient.waiting_since) == (
        ParticipantPhase.INVITED,
        None,
        None,
        None,
    )


def test_what_the_old_link_opened_opens_nothing_any_more() -> None:
    told = waiting()
    told.give(reschedule(TOMORROW))
    for when in (timedelta(), DAY):
        for knock in (connect(), leave()):
            assert isinstance(told.refused(knock, after=when), errors.LinkEnded)
    with pytest.raises(errors.LinkEnded):
        authorize(told.visit, PATIENT.id, "phone")


def test_the_new_link_opens_at_the_new_time() -> None:
    told = waiting()
    told.give(reschedule(TOMORROW))
    told.give(arrive("tablet"))
    assert told.phase() == ParticipantPhase.PREPARING
    told.give(arrive("tablet"), after=DAY)
    told.give(join("tablet"))
    told.give(admit())
    assert told.phase() == ParticipantPhase.IN_VISIT
    with pytest.raises(errors.SessionReplaced):
        authorize(told.visit, PATIENT.id, "phone")


def test_only_where_the_patient_will_be_is_asked_anew() -> None:
    told = Told(booked(check_in=ITEMS))
    for command in (arrive(), *ANSWER_ALL, do.Waive(actor=NURSE, item="insurance", reason=WaiveReason.OTHER)):
        told.give(command)
    told.give(reschedule(TOMORROW))
    assert {item.key: item.state for item in told.visit.check_in} == {
        "location": ItemState.OPEN,
        "callback": ItemState.DONE,
        "consent": ItemState.DONE,
        "reason": ItemState.DONE,
        "insurance": ItemState.WAIVED,
    }
    assert told.visit.check_in[0].answer == {}


def test_guests_of_the_old_time_are_out_for_good() -> None:
    told = with_guest(waiting())
    told.give(reschedule(TOMORROW))
    assert told.phase(INTERPRETER.id) == ParticipantPhase.LEFT
    told.give(do.PassTime(), after=TOMORROW - told.now)
    for knock in (connect("guest's", who=INTERPRETER), arrive("another", who=INTERPRETER)):
        assert isinstance(told.refused(knock), errors.LinkEnded)


def test_what_was_said_and_told_at_the_old_time_is_gone_and_what_staff_noted_stays() -> None:
    told = waiting()
    for command in (
        do.SendMessage(actor=NURSE, participant=PATIENT.id, message="m", canned="soon"),
        do.AskFor(actor=PATIENT, participant=PATIENT.id, session="phone", wish=Wish.CALL),
        do.TellLate(actor=NURSE, minutes=20),
        do.KeepNote(actor=NURSE, text="Prefers mornings"),
        by_phone(),
    ):
        told.give(command)
    told.give(reschedule(TOMORROW))
    assert (told.visit.messages, told.visit.wishes, told.visit.late) == ((), (), None)
    assert (told.visit.note, len(told.visit.calls)) == ("Prefers mornings", 1)
    assert told.visit.patient.modality is None, "how the patient takes part will show"


@pytest.mark.parametrize("makes_link", [reschedule(TOMORROW), renew()], ids=["rescheduled", "renewed"])
def test_a_new_link_begins_without_the_guesses_at_the_old_one(makes_link: do.Command) -> None:
    told = Told(booked(details=PatientDetails(birth_date=BORN)))
    told.give(arrive(ask_birth_date=True))
    for _ in range(5):
        told.give(birth_date(BORN + DAY))
    told.give(makes_link)
    assert (told.visit.patient.identity, told.visit.patient.wrong_dates) == (Identity.NOT_ASKED, 0)
    told.give(arrive("tablet", ask_birth_date=True))
    assert told.visit.patient.identity is Identity.ASKED
    told.give(birth_date(BORN, "tablet"))
    assert told.visit.patient.identity is Identity.CONFIRMED


def test_one_who_was_removed_may_come_to_another_appointment() -> None:
    told = waiting()
    told.give(do.Remove(actor=NURSE, participant=PATIENT.id))
    told.give(reschedule(TOMORROW))
    assert told.phase() == ParticipantPhase.INVITED


def test_other_providers_may_come_with_another_time() -> None:
    told = waiting()
    told.give(reschedule(TOMORROW))
    assert [one.id for one in told.visit.providers] == [PROVIDER.id]
    told.give(reschedule(TOMORROW, providers=(Provider("a", "Dr. A"),)))
    assert [one.id for one in told.visit.providers] == ["a"]
    twice = (Provider("a", "Dr. A"),) * 2
    assert told.refused(reschedule(TOMORROW, providers=twice)).facts["field"] == "providers"


def test_a_time_that_is_over_is_none() -> None:
    told = waiting()
    assert isinstance(told.refused(reschedule(NOON - DAY)), errors.InvalidBooking)
    assert told.phase() == ParticipantPhase.WAITING


def test_a_visit_moved_to_a_time_close_by_opens_at_once() -> None:
    told = waiting()
    told.give(reschedule(NOON + timedelta(minutes=10)))
    assert kinds(told.give(do.PassTime())) == ["VisitOpened"]


def test_a_visit_in_progress_or_over_is_not_moved() -> None:
    told = in_progress()
    assert isinstance(told.refused(reschedule(TOMORROW)), errors.WrongState)
    told.give(do.End(actor=PROVIDER))
    assert isinstance(told.refused(reschedule(TOMORROW)), errors.WrongState)


# Another link.


def test_a_renewed_link_ends_what_the_old_one_opened_and_keeps_the_place_for_the_grace_period() -> None:
    told = waiting()
    (renewed,) = told.give(renew())
    assert isinstance(renewed, events.LinkRenewed)
    for knock in (connect(), join(), leave()):
        assert isinstance(told.refused(knock), errors.LinkEnded)
    told.give(arrive("new"), after=timedelta(minutes=9))
    told.give(connect("new"))
    assert (told.phase(), told.visit.patient.waiting_since) == (ParticipantPhase.WAITING, NOON)


def test_a_renewed_link_that_nobody_opens_frees_the_place() -> None:
    told = waiting()
    told.give(lose())
    told.give(renew(), after=timedelta(minutes=5))
    assert next_deadline(told.visit) == NOON + timedelta(minutes=10), "the grace period is not begun anew"
    told.give(do.PassTime(), after=timedelta(minutes=5))
    assert told.phase() == ParticipantPhase.LEFT


def test_only_those_who_came_by_a_link_get_a_new_one_and_not_the_removed() -> None:
    told = with_guest(in_progress())
    told.give(renew(INTERPRETER))
    assert isinstance(told.refused(renew(PROVIDER)), errors.Forbidden)
    assert isinstance(told.refused(renew(Actor("nobody", Role.PATIENT))), errors.ParticipantUnknown)
    told.give(do.Remove(actor=NURSE, participant=INTERPRETER.id))
    assert isinstance(told.refused(renew(INTERPRETER)), errors.Forbidden)


def test_a_renewed_link_does_not_lengthen_a_guests_time() -> None:
    told = in_progress()
    told.give(invite(COMPANION))
    told.give(renew(COMPANION))
    assert isinstance(told.refused(arrive("c", who=COMPANION), after=HALF_HOUR), errors.LinkEnded)


# The end, of each kind.


def test_nobody_is_marked_as_absent_before_the_start() -> None:
    told = Told(booked(), now=NOON - timedelta(seconds=1))
    assert isinstance(told.refused(do.MarkNoShow(actor=FRONT_DESK)), errors.WrongState)
    (ended,) = told.give(do.MarkNoShow(actor=FRONT_DESK), after=timedelta(seconds=1))[-1:]
    assert isinstance(ended, events.VisitEnded)
    assert ended.reason is events.EndReason.NO_SHOW
    assert told.visit.phase is VisitPhase.NO_SHOW
    assert told.give(do.MarkNoShow(actor=OPERATOR)) == ()


def test_nobody_is_marked_as_absent_who_is_there() -> None:
    told = waiting()
    assert isinstance(told.refused(do.MarkNoShow(actor=FRONT_DESK)), errors.WrongState)
    told.give(lose())
    told.give(do.MarkNoShow(actor=FRONT_DESK))
    assert told.visit.phase is VisitPhase.NO_SHOW
    assert isinstance(told.refused(connect()), errors.LinkEnded)


def test_a_visit_in_progress_is_no_absence() -> None:
    told = in_progress()
    told.give(leave())
    assert isinstance(told.refused(do.MarkNoShow(actor=NURSE)), errors.WrongState)


@pytest.mark.parametrize("by", [NURSE, PROVIDER, OPERATOR])
def test_an_appointment_kept_by_phone_is_completed(by: Actor) -> None:
    told = Told(booked())
    told.give(by_phone())
    (ended,) = told.give(do.Complete(actor=by))
    assert isinstance(ended, events.VisitEnded)
    assert ended.reason is events.EndReason.COMPLETED
    assert told.give(do.Complete(actor=by)) == ()


def test_the_portal_ends_no_visit_under_those_who_talk() -> None:
    told = in_progress()
    assert isinstance(told.refused(do.Complete(actor=OPERATOR)), errors.WrongState)
    told.give(do.Hold(actor=PROVIDER, participant=PATIENT.id))
    told.give(leave("window", who=PROVIDER))
    assert isinstance(told.refused(do.Complete(actor=OPERATOR)), errors.WrongState), "somebody is on hold"
    told.give(leave())
    told.give(do.Complete(actor=OPERATOR))
    assert told.visit.phase is VisitPhase.ENDED


def test_a_cancelled_visit_puts_everybody_out_for_good() -> None:
    told = with_guest(waiting())
    assert kinds(told.give(do.Cancel(actor=FRONT_DESK))) == ["VisitCancelled"]
    assert told.give(do.Cancel(actor=OPERATOR)) == ()
    assert not any(one.phase.present for one in told.visit.participants)
    for who, session in ((PATIENT, "phone"), (INTERPRETER, "guest's")):
        with pytest.raises(errors.LinkEnded):
            authorize(told.visit, who.id, session)
    assert next_deadline(told.visit) is None


def test_a_visit_in_progress_is_ended_not_cancelled() -> None:
    assert isinstance(in_progress().refused(do.Cancel(actor=FRONT_DESK)), errors.WrongState)


# What time alone brings about.


def test_a_visit_held_by_phone_does_not_expire_as_an_absence() -> None:
    told = Told(booked())
    told.give(by_phone())
    told.give(do.PassTime(), after=timedelta(minutes=90))
    assert told.visit.phase is VisitPhase.ENDED


def test_one_who_came_and_went_does_not_expire_as_an_absence() -> None:
    told = waiting()
    told.give(leave())
    told.give(do.PassTime(), after=timedelta(hours=3))
    assert told.visit.phase is VisitPhase.ENDED


def test_all_that_is_due_happens_at_once_and_in_its_order() -> None:
    told = Told(booked(), now=NOON - DAY)
    assert kinds(told.give(do.PassTime(), after=2 * DAY)) == ["VisitOpened", "VisitEnded"]


def test_the_place_ends_when_it_was_due_not_when_somebody_looked() -> None:
    told = waiting()
    told.give(lose())
    (left,) = told.give(do.PassTime(), after=timedelta(minutes=25))
    assert left.at == told.visit.patient.left_at == NOON + timedelta(minutes=10)


def test_no_visit_lives_on_under_people_for_longer_than_the_limit() -> None:
    told = in_progress()
    end = NOON + timedelta(minutes=90) + OVERRUN_LIMIT
    assert next_deadline(told.visit) == end
    told.give(do.PassTime(), after=end - NOON - timedelta(seconds=1))
    assert told.visit.phase is VisitPhase.IN_PROGRESS
    told.give(do.PassTime(), after=timedelta(seconds=1))
    assert told.visit.phase is VisitPhase.ENDED


def test_only_the_clock_lets_time_pass() -> None:
    assert isinstance(Told(booked()).refused(do.PassTime(actor=NURSE)), errors.Forbidden)


def test_the_end_clears_what_was_meant_for_its_duration() -> None:
    told = in_progress()
    told.visit = replace(told.visit, late=LateNotice(10, NOON), handed_to=Provider("n", "Nurse"))
    told.give(do.End(actor=NURSE))
    assert (told.visit.late, told.visit.handed_to) == (None, None)
