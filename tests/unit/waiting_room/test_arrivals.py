from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

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
    leave,
    lose,
    waiting,
    with_guest,
)
from waiting_room import commands as do
from waiting_room import errors, events
from waiting_room.arrivals import BIRTH_DATE_TRIES, open_items
from waiting_room.check_in_items import WaiveReason
from waiting_room.events import LeaveReason
from waiting_room.model import Identity, Modality, ParticipantPhase, PatientDetails, Visit, VisitPhase, Wish
from waiting_room.visit import authorize, next_deadline

MINUTE = timedelta(minutes=1)
WRONG = date(1960, 1, 1)


def asked(visit: Visit | None = None) -> Told:
    """A visit at noon whose patient has tapped Start and is asked for the date of birth."""
    told = Told(visit or booked(details=PatientDetails(birth_date=BORN)))
    told.give(arrive(ask_birth_date=True))
    told.give(connect())
    return told


def test_nobody_begins_before_check_in_opens() -> None:
    told = Told(booked(NOON, now=NOON - timedelta(days=9)), now=NOON - timedelta(days=3, seconds=1))
    refusal = told.refused(arrive())
    assert isinstance(refusal, errors.TooEarly)
    assert refusal.facts == {
        "opens_at": (NOON - 30 * MINUTE).isoformat(),
        "check_in_opens_at": (NOON - timedelta(days=3)).isoformat(),
    }
    assert [type(one) for one in told.give(arrive(), after=timedelta(seconds=1))] == [events.PreparationBegun]


def test_before_the_window_the_patient_prepares_and_has_no_place_in_line() -> None:
    told = Told(booked(), now=NOON - timedelta(hours=2))
    told.give(arrive())
    assert (told.phase(), told.visit.patient.arrived_at) == (ParticipantPhase.PREPARING, None)
    assert isinstance(told.refused(join()), errors.TooEarly)
    told.give(lose())
    assert told.give(leave()) == ()
    assert told.phase() == ParticipantPhase.PREPARING
    assert next_deadline(told.visit) == told.visit.opens_at, "one who prepares is never put out"


def test_one_who_prepared_goes_into_the_line_when_the_room_opens() -> None:
    told = Told(booked(), now=NOON - timedelta(hours=2))
    told.give(arrive())
    (opened, waits) = told.give(join(), after=timedelta(hours=2))
    assert isinstance(opened, events.VisitOpened)
    assert isinstance(waits, events.ParticipantWaiting)
    assert told.visit.patient.arrived_at == told.visit.patient.waiting_since == NOON


def test_one_who_prepared_and_taps_again_on_the_same_device_is_not_replaced_by_it() -> None:
    told = Told(booked(details=PatientDetails(birth_date=BORN)), now=NOON - timedelta(hours=2))
    told.give(arrive(ask_birth_date=True))
    told.give(birth_date(BORN))
    happened = told.give(arrive(ask_birth_date=True), after=timedelta(hours=2))
    assert [type(one) for one in happened] == [events.VisitOpened, events.ParticipantArrived]
    assert told.visit.patient.identity is Identity.CONFIRMED


def test_another_device_while_preparing_is_told_and_prepares_on() -> None:
    told = Told(booked(), now=NOON - timedelta(hours=2))
    told.give(arrive())
    (replaced,) = told.give(arrive("tablet"))
    assert isinstance(replaced, events.DeviceReplaced)
    assert told.phase() == ParticipantPhase.PREPARING


def test_with_a_renewed_link_one_who_prepared_prepares_anew() -> None:
    told = Told(booked(), now=NOON - timedelta(hours=2))
    told.give(arrive())
    told.give(do.RenewLink(actor=FRONT_DESK, participant=PATIENT.id))
    assert [type(one) for one in told.give(arrive("tablet"))] == [events.PreparationBegun]


def test_the_waiting_room_stays_shut_until_check_in_is_complete() -> None:
    told = Told(booked(check_in=ITEMS))
    told.give(arrive())
    told.give(connect())
    refusal = told.refused(join())
    assert isinstance(refusal, errors.CheckInIncomplete)
    assert refusal.facts == {"items": "location,callback,consent,reason,insurance"}
    for key, answer in ANSWERS.items():
        told.give(do.AnswerCheckIn(actor=PATIENT, participant=PATIENT.id, session="phone", item=key, answer=answer))
    assert told.refused(join()).facts == {"items": "insurance"}
    told.give(do.Waive(actor=FRONT_DESK, item="insurance", reason=WaiveReason.NOT_NEEDED))
    told.give(join())
    assert told.phase() == ParticipantPhase.WAITING
    assert open_items(told.visit) == ()


def test_a_guest_has_no_check_in_and_still_waits_for_staff() -> None:
    told = with_guest(Told(booked(check_in=ITEMS)))
    assert told.phase(INTERPRETER.id) == ParticipantPhase.WAITING
    assert told.visit.in_media == ()


def test_where_the_clinic_asks_the_date_of_birth_comes_first() -> None:
    told = asked()
    for command in (
        join(),
        do.AnswerCheckIn(actor=PATIENT, participant=PATIENT.id, session="phone", item="reason", answer={"text": "x"}),
        do.SendMessage(actor=PATIENT, participant=PATIENT.id, session="phone", message="m", text="Hello"),
    ):
        assert isinstance(told.refused(command), errors.IdentityNeeded)
    (confirmed,) = told.give(birth_date(BORN))
    assert isinstance(confirmed, events.IdentityConfirmed)
    told.give(join())
    assert told.phase() == ParticipantPhase.WAITING


def test_one_who_is_asked_for_the_date_can_still_ask_to_be_called() -> None:
    assert asked().give(do.AskFor(actor=PATIENT, participant=PATIENT.id, session="phone", wish=Wish.CALL))


def test_a_clinic_that_asks_but_does_not_know_the_date_asks_nobody() -> None:
    assert asked(booked()).visit.patient.identity is Identity.NOT_ASKED


def test_five_wrong_dates_hand_the_check_to_staff_and_lock_nobody_out() -> None:
    told = asked()
    left = [one.tries_left for _ in range(5) for one in told.give(birth_date(WRONG)) if hasattr(one, "tries_left")]
    assert left == [4, 3, 2, 1, 0]
    assert told.visit.patient.identity is Identity.STAFF_CHECKS
    told.give(join())
    assert told.refused(admit()).facts == {"checks": "identity"}
    told.give(admit(confirmed=["identity"]))
    assert told.phase() == ParticipantPhase.IN_VISIT


def test_beyond_five_tries_no_guess_is_judged() -> None:
    told = asked()
    for _ in range(BIRTH_DATE_TRIES):
        told.give(birth_date(WRONG))
    assert told.give(birth_date(WRONG)) == ()
    assert told.give(birth_date(BORN)) == (), "a right one would tell the guesser as much as a wrong one"


def test_tries_are_counted_over_all_devices_of_a_link() -> None:
    told = asked()
    for number in range(BIRTH_DATE_TRIES):
        told.give(birth_date(WRONG, f"device {number}" if number else "phone"))
        told.give(arrive(f"device {number + 1}", ask_birth_date=True))
    assert told.visit.patient.identity is Identity.STAFF_CHECKS


def test_every_device_is_asked_anew() -> None:
    told = asked()
    told.give(birth_date(BORN))
    told.give(arrive("tablet", ask_birth_date=True))
    assert told.visit.patient.identity is Identity.ASKED
    assert isinstance(told.refused(birth_date(BORN)), errors.SessionReplaced)


def test_a_device_in_line_that_did_not_give_the_date_keeps_the_place_and_cannot_be_admitted() -> None:
    told = asked()
    told.give(birth_date(BORN))
    told.give(join())
    told.give(arrive("tablet", ask_birth_date=True), after=MINUTE)
    assert (told.phase(), told.visit.patient.waiting_since) == (ParticipantPhase.WAITING, NOON)
    assert isinstance(told.refused(admit(confirmed=["identity"])), errors.WrongState)
    told.give(birth_date(BORN, "tablet"))
    told.give(admit(confirmed=["identity"]))
    assert told.phase() == ParticipantPhase.IN_VISIT


def in_visit_after_confirming() -> Told:
    told = asked()
    told.give(birth_date(BORN))
    told.give(join())
    told.give(admit(confirmed=["identity"]))
    return told


def test_a_device_that_takes_over_in_the_visit_is_held_until_it_gave_the_date() -> None:
    told = in_visit_after_confirming()
    replaced, held = told.give(arrive("found phone", ask_birth_date=True))
    assert isinstance(replaced, events.DeviceReplaced)
    assert isinstance(held, events.ParticipantHeld)
    assert [one.id for one in told.visit.in_media] == [PROVIDER.id]
    assert isinstance(told.refused(admit()), errors.WrongState)
    told.give(birth_date(BORN, "found phone"))
    told.give(admit())
    assert told.phase() == ParticipantPhase.IN_VISIT


def test_a_device_that_could_not_give_the_date_is_checked_by_staff_again() -> None:
    told = in_visit_after_confirming()
    told.give(arrive("found phone", ask_birth_date=True))
    for _ in range(BIRTH_DATE_TRIES):
        told.give(birth_date(WRONG, "found phone"))
    assert told.refused(admit()).facts == {"checks": "identity"}
    told.give(admit(confirmed=["identity"]))
    told.give(arrive("another phone", ask_birth_date=True))
    assert told.phase() == ParticipantPhase.ON_HOLD
    assert told.refused(admit()).facts == {"checks": "identity"}


def test_staffs_check_proves_one_device_and_gives_the_link_no_more_guesses() -> None:
    told = in_visit_after_confirming()
    told.give(arrive("found phone", ask_birth_date=True))
    for _ in range(BIRTH_DATE_TRIES):
        told.give(birth_date(WRONG, "found phone"))
    told.give(admit(confirmed=["identity"]))
    assert told.visit.patient.identity is Identity.CONFIRMED
    told.give(do.ReturnToWaiting(actor=PROVIDER, participant=PATIENT.id))
    told.give(admit())
    told.give(arrive("another phone", ask_birth_date=True))
    assert told.visit.patient.identity is Identity.STAFF_CHECKS
    assert told.give(birth_date(BORN, "another phone")) == ()


def test_a_device_that_takes_over_where_nobody_is_asked_stays_in_the_visit() -> None:
    told = in_progress()
    told.give(arrive("tablet"))
    assert told.phase() == ParticipantPhase.IN_VISIT
    assert not told.visit.patient.connected, "until its socket is there"


def test_repeating_the_way_in_is_harmless() -> None:
    told = waiting()
    before = told.visit
    for command in (arrive(), connect(), join()):
        assert told.give(command, after=MINUTE) == ()
    assert told.visit == before


def test_news_of_a_connection_by_a_replaced_device_change_nothing() -> None:
    told = waiting()
    told.give(arrive("tablet"))
    told.give(connect("tablet"))
    assert told.give(lose("phone")) == ()
    assert isinstance(told.refused(connect("phone")), errors.SessionReplaced)


def test_a_lost_connection_is_told_once() -> None:
    told = waiting()
    assert len(told.give(lose())) == 1
    assert told.give(lose(), after=MINUTE) == ()
    assert told.visit.patient.lost_at == NOON


def test_one_who_left_goes_back_into_the_line_at_its_end() -> None:
    told = waiting()
    told.give(leave())
    assert told.give(leave()) == ()
    told.give(join(), after=MINUTE)
    assert told.visit.patient.waiting_since == NOON + MINUTE
    assert told.visit.patient.connected


def test_nobody_leaves_for_somebody_else() -> None:
    assert isinstance(in_progress().refused(replace(leave(), actor=NURSE)), errors.Forbidden)


@pytest.mark.parametrize(
    "command",
    [
        do.NoteModality(actor=PATIENT, participant=PATIENT.id, session="phone", modality=Modality.AUDIO, reason="x"),
        do.JoinWaitingRoom(actor=PATIENT, participant=PATIENT.id, session="phone"),
    ],
)
def test_a_refusal_in_an_open_visit_never_says_that_the_link_has_ended(command: do.Command) -> None:
    told = Told(booked(check_in=ITEMS))
    told.give(arrive())
    assert not isinstance(told.refused(command), errors.LinkEnded)


# Guests' links run out by themselves.


def guest_invited() -> Told:
    told = in_progress()
    told.give(invite(COMPANION))
    return told


def test_a_guests_link_opens_for_its_time_only() -> None:
    told = guest_invited()
    told.give(do.PassTime(), after=HALF_HOUR)
    assert told.phase(COMPANION.id) == ParticipantPhase.LEFT
    assert [one.reason for one in told.events if isinstance(one, events.ParticipantLeft)] == [LeaveReason.LINK_EXPIRED]
    assert isinstance(told.refused(arrive("c", who=COMPANION)), errors.LinkEnded)


def test_to_the_second_before_its_end_a_guests_link_opens() -> None:
    told = guest_invited()
    told.give(arrive("c", who=COMPANION), after=HALF_HOUR - timedelta(seconds=1))
    assert told.phase(COMPANION.id) == ParticipantPhase.ARRIVED


def test_a_guest_who_is_there_stays_when_the_links_time_is_over() -> None:
    told = with_guest(in_progress(), COMPANION)
    assert told.give(do.PassTime(), after=HALF_HOUR) == ()
    assert told.phase(COMPANION.id) == ParticipantPhase.WAITING
    authorize(told.visit, COMPANION.id, "guest's")
    told.give(lose("guest's", who=COMPANION))
    told.give(arrive("guest's", who=COMPANION))
    told.give(connect("guest's", who=COMPANION))
    assert told.person(COMPANION).connected, "the device that was there may come back"


def test_no_other_device_comes_by_a_guests_link_whose_time_is_over() -> None:
    told = with_guest(in_progress(), COMPANION)
    assert isinstance(told.refused(arrive("another", who=COMPANION), after=HALF_HOUR), errors.LinkEnded)
    authorize(told.visit, COMPANION.id, "guest's")


def test_another_device_of_a_guest_in_the_visit_is_held_until_staff_admit_it() -> None:
    told = with_guest(in_progress(), COMPANION)
    told.give(do.Hold(actor=PROVIDER, participant=PATIENT.id))
    told.give(admit(who=COMPANION))
    replaced, held = told.give(arrive("found phone", who=COMPANION))
    assert isinstance(replaced, events.DeviceReplaced)
    assert isinstance(held, events.ParticipantHeld)
    assert [one.id for one in told.visit.in_media] == [PROVIDER.id]
    told.give(admit(who=COMPANION))
    assert told.phase(COMPANION.id) == ParticipantPhase.IN_VISIT


def test_a_guest_who_goes_after_the_links_time_is_gone() -> None:
    told = with_guest(in_progress(), COMPANION)
    told.give(leave("guest's", who=COMPANION), after=HALF_HOUR)
    assert next_deadline(told.visit) == NOON + HALF_HOUR
    told.give(do.PassTime())
    for knock in (join("guest's", who=COMPANION), connect("guest's", who=COMPANION), arrive("c", who=COMPANION)):
        assert isinstance(told.refused(knock), errors.LinkEnded)
    with pytest.raises(errors.LinkEnded):
        authorize(told.visit, COMPANION.id, "guest's")
    assert next_deadline(told.visit) != NOON + HALF_HOUR


def test_a_guest_who_went_within_the_links_time_comes_back() -> None:
    told = with_guest(in_progress(), COMPANION)
    told.give(leave("guest's", who=COMPANION))
    told.give(join("guest's", who=COMPANION))
    assert told.phase(COMPANION.id) == ParticipantPhase.WAITING


def test_a_guest_whose_place_and_link_end_while_nobody_looks_is_gone_at_once() -> None:
    told = with_guest(in_progress(), COMPANION)
    told.give(lose("guest's", who=COMPANION))
    told.give(do.PassTime(), after=HALF_HOUR)
    with pytest.raises(errors.LinkEnded):
        authorize(told.visit, COMPANION.id, "guest's")


def test_a_guest_who_prepares_is_out_when_the_link_runs_out() -> None:
    told = Told(booked(), now=NOON - timedelta(hours=3))
    told.give(invite(COMPANION))
    told.give(arrive("c", who=COMPANION))
    assert told.phase(COMPANION.id) == ParticipantPhase.PREPARING
    told.give(do.PassTime(), after=HALF_HOUR)
    assert told.phase(COMPANION.id) == ParticipantPhase.LEFT
    with pytest.raises(errors.LinkEnded):
        authorize(told.visit, COMPANION.id, "c")


# Staff's sessions, and how people take part.


def test_a_staff_member_whose_sessions_ended_is_out_and_the_visit_goes_on() -> None:
    told = in_progress()
    (left,) = told.give(do.SignOff(actor=PROVIDER))
    assert isinstance(left, events.ParticipantLeft)
    assert left.reason is LeaveReason.SIGNED_OFF
    assert told.visit.phase is VisitPhase.IN_PROGRESS
    assert told.phase() == ParticipantPhase.IN_VISIT
    assert told.give(do.SignOff(actor=PROVIDER)) == ()
    with pytest.raises(errors.LinkEnded):
        authorize(told.visit, PROVIDER.id, "window")
    told.give(do.Enter(actor=PROVIDER, session="new window"))
    assert told.phase(PROVIDER.id) == ParticipantPhase.IN_VISIT


def test_signing_off_where_one_is_not_changes_nothing() -> None:
    assert in_progress().give(do.SignOff(actor=NURSE)) == ()


def test_how_somebody_takes_part_is_kept_with_its_reason() -> None:
    told = in_progress()
    step_down = do.NoteModality(
        actor=PATIENT, participant=PATIENT.id, session="phone", modality=Modality.AUDIO, reason="network"
    )
    (changed,) = told.give(step_down)
    assert isinstance(changed, events.ModalityChanged)
    assert (changed.modality, changed.reason) == ("audio", "network")
    assert told.give(step_down) == ()
    assert told.visit.patient.modality is Modality.AUDIO
