from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from itertools import pairwise

import pytest

from tests.support.visits import (
    ANSWERS,
    BORN,
    COMPANION,
    FRONT_DESK,
    GUEST,
    HALF_HOUR,
    INTERPRETER,
    ITEMS,
    NOON,
    NURSE,
    OTHER_PROVIDER,
    PATIENT,
    PROVIDER,
    Told,
    admit,
    arrive,
    booked,
    connect,
    full,
    hand_over,
    in_progress,
    invite,
    join,
    kinds,
    leave,
    lose,
    waiting,
    with_guest,
)
from waiting_room import commands as do
from waiting_room import errors, events
from waiting_room.admissions import MOST_GUESTS, MOST_INVITED, checks
from waiting_room.check_in_items import WaiveReason
from waiting_room.model import Actor, ParticipantPhase, PatientDetails, Provider, Role, VisitPhase, Wish
from waiting_room.visit import sees

MINUTE = timedelta(minutes=1)
BORN_THEN = PatientDetails(birth_date=BORN)
IN_NEW_YORK = ITEMS[:1]


def answer_location(state: str, session: str = "phone") -> do.AnswerCheckIn:
    return do.AnswerCheckIn(
        actor=PATIENT,
        participant=PATIENT.id,
        session=session,
        item="location",
        answer={**ANSWERS["location"], "state": state},
    )


def waiting_in(state: str) -> Told:
    """A patient who waits and has said to be in this state."""
    told = Told(booked(check_in=IN_NEW_YORK))
    for command in (arrive(), connect(), answer_location(state), join()):
        told.give(command)
    return told


def hold(who: Actor = PATIENT, by: Actor = PROVIDER) -> do.Hold:
    return do.Hold(actor=by, participant=who.id)


def send_back(who: Actor = PATIENT, by: Actor = PROVIDER) -> do.ReturnToWaiting:
    return do.ReturnToWaiting(actor=by, participant=who.id)


def test_name_and_date_of_birth_are_confirmed_at_the_first_admission_and_then_never_again() -> None:
    told = waiting(booked(details=BORN_THEN))
    refusal = told.refused(admit())
    assert isinstance(refusal, errors.ConfirmationNeeded)
    assert refusal.facts == {"checks": "identity"}
    told.give(admit(confirmed=["identity"]))
    told.give(hold())
    told.give(admit())
    told.give(send_back())
    told.give(admit())
    told.give(leave())
    told.give(join())
    told.give(admit())
    confirmed = [one.confirmed for one in told.events if isinstance(one, events.ParticipantAdmitted)]
    assert confirmed == ["identity", "", "", ""]


def test_a_state_outside_the_licences_warns_before_admission() -> None:
    told = waiting_in("NJ")
    assert told.refused(admit(licences=["NY", "CT"])).facts == {"checks": "licence"}
    told.give(admit(licences=["NY", "CT"], confirmed=["licence"]))
    (admitted,) = [one for one in told.events if isinstance(one, events.ParticipantAdmitted)]
    assert admitted.confirmed == "licence"
    told.give(hold())
    told.give(admit(licences=["NY", "CT"]))
    assert told.phase() == ParticipantPhase.IN_VISIT


def test_both_checks_are_told_at_once() -> None:
    told = waiting_in("NJ")
    told.visit = replace(told.visit, details=BORN_THEN)
    assert told.refused(admit(licences=["NY"])).facts == {"checks": "identity,licence"}
    assert told.refused(admit(licences=["NY"], confirmed=["identity"])).facts == {"checks": "licence"}


@pytest.mark.parametrize(
    ("state", "licences", "asked"),
    [("NY", ["NY"], ()), ("NJ", [], ()), ("NJ", ["NY"], ("licence",)), ("XX", ["NY"], ("licence",))],
)
def test_no_licence_known_means_no_warning(state: str, licences: list[str], asked: tuple[str, ...]) -> None:
    assert checks(waiting_in(state).visit, frozenset(licences)) == asked


def test_a_location_that_was_waived_warns_of_nothing() -> None:
    told = Told(booked(check_in=IN_NEW_YORK))
    told.give(do.Waive(actor=NURSE, item="location", reason=WaiveReason.URGENT))
    assert checks(told.visit, frozenset({"NY"})) == ()


def test_a_new_location_asks_for_the_licence_anew() -> None:
    told = waiting_in("NJ")
    told.give(admit(licences=["NY"], confirmed=["licence"]))
    told.give(answer_location("PA"))
    told.give(hold())
    assert told.refused(admit(licences=["NY"])).facts == {"checks": "licence"}


def test_of_guests_nothing_is_confirmed() -> None:
    told = with_guest(Told(booked(details=BORN_THEN)))
    told.give(admit(NURSE, who=INTERPRETER, licences=["NY"]))
    assert told.phase(INTERPRETER.id) == ParticipantPhase.IN_VISIT
    assert not told.visit.staff_checked


def test_on_hold_the_place_is_kept_and_admit_resumes() -> None:
    told = in_progress()
    assert kinds(told.give(hold())) == ["ParticipantHeld"]
    assert told.give(hold(), after=MINUTE) == ()
    assert [one.id for one in told.visit.in_media] == [PROVIDER.id]
    told.give(admit())
    assert {one.id for one in told.visit.in_media} == {PATIENT.id, PROVIDER.id}
    assert kinds(told.events).count("VisitStarted") == 1


def test_one_on_hold_who_is_lost_keeps_the_place_for_the_grace_period() -> None:
    told = in_progress()
    told.give(hold())
    told.give(lose())
    told.give(do.PassTime(), after=10 * MINUTE)
    assert told.phase() == ParticipantPhase.LEFT


def test_only_those_in_the_visit_are_held() -> None:
    told = waiting()
    assert isinstance(told.refused(hold()), errors.WrongState)
    told.give(admit())
    assert isinstance(told.refused(hold(PROVIDER, NURSE)), errors.Forbidden)


@pytest.mark.parametrize("held_first", [True, False])
def test_back_to_waiting_is_back_in_line(held_first: bool) -> None:  # noqa: FBT001 - the case
    told = in_progress()
    if held_first:
        told.give(hold())
    (returned,) = told.give(send_back(), after=MINUTE)
    assert isinstance(returned, events.ParticipantReturned)
    assert told.give(send_back()) == ()
    assert told.visit.patient.waiting_since == NOON + MINUTE
    assert told.visit.phase is VisitPhase.IN_PROGRESS
    assert {one.id for one in told.visit.in_media} == {PROVIDER.id}


def test_back_in_line_another_clinician_takes_over_and_confirms_the_licence_alone() -> None:
    told = waiting_in("NJ")
    told.visit = replace(told.visit, details=BORN_THEN)
    told.give(admit(NURSE, "n", licences=["NY"], confirmed=["identity", "licence"]))
    told.give(send_back(by=NURSE))
    told.give(leave("n", who=NURSE))
    assert told.refused(admit(licences=["NY"])).facts == {"checks": "licence"}
    told.give(admit(licences=["NJ"]))
    assert {one.id for one in told.visit.in_media} == {PATIENT.id, PROVIDER.id}


# From the nurse to the provider.


def roomed(*providers: Actor) -> Told:
    """A visit in which the nurse has the patient, who was born on a known day and is in New Jersey."""
    told = Told(booked(check_in=IN_NEW_YORK, details=BORN_THEN, providers=providers))
    for command in (arrive(), connect(), answer_location("NJ"), join()):
        told.give(command)
    told.give(admit(NURSE, "n", confirmed=["identity", "licence"], licences=["NY"]))
    return told


def test_the_nurse_rooms_the_patient_and_hands_over_with_nothing_asked_twice() -> None:
    told = roomed(PROVIDER)
    handed = told.give(hand_over())
    assert kinds(handed) == ["ParticipantLeft", "ParticipantHeld", "PatientHandedOver"]
    assert told.visit.handed_to == Provider(PROVIDER.id, PROVIDER.name)
    assert (told.phase(), told.phase(NURSE.id)) == (ParticipantPhase.ON_HOLD, ParticipantPhase.LEFT)
    assert not told.visit.in_media
    assert [item.state for item in told.visit.check_in] == ["done"]
    told.give(admit(licences=["NJ"]))
    assert {one.id for one in told.visit.in_media} == {PATIENT.id, PROVIDER.id}
    assert told.visit.handed_to is None


def test_who_takes_over_is_asked_for_their_own_licence_and_for_nothing_else() -> None:
    told = roomed(PROVIDER)
    told.give(hand_over())
    assert told.refused(admit(licences=["NY"])).facts == {"checks": "licence"}


def test_a_provider_who_is_handed_the_patient_sees_the_visit_from_then_on() -> None:
    told = roomed(PROVIDER)
    assert not sees(told.visit, OTHER_PROVIDER)
    told.give(hand_over(OTHER_PROVIDER))
    assert sees(told.visit, OTHER_PROVIDER)
    told.give(admit(OTHER_PROVIDER, "o"))
    assert [one.id for one in told.visit.providers] == [OTHER_PROVIDER.id, PROVIDER.id]
    assert sees(told.visit, PROVIDER)


def test_a_patient_of_the_shared_queue_becomes_the_patient_of_who_takes_over() -> None:
    told = roomed()
    assert sees(told.visit, OTHER_PROVIDER)
    told.give(hand_over())
    assert [one.id for one in told.visit.providers] == [PROVIDER.id]
    assert not sees(told.visit, OTHER_PROVIDER)


def test_handing_over_to_a_nurse_names_no_new_provider() -> None:
    told = in_progress()
    told.give(hand_over(NURSE, PROVIDER))
    assert [one.id for one in told.visit.providers] == [PROVIDER.id]
    assert told.visit.handed_to == Provider(NURSE.id, NURSE.name)
    told.give(admit(NURSE, "n"))
    assert {one.id for one in told.visit.in_media} == {PATIENT.id, NURSE.id}


def test_guests_in_the_visit_are_held_with_the_patient() -> None:
    told = with_guest(roomed(PROVIDER))
    told.give(hold(by=NURSE))
    told.give(admit(NURSE, "n", who=INTERPRETER))
    told.give(hand_over())
    assert told.phase(INTERPRETER.id) == ParticipantPhase.ON_HOLD
    assert told.visit.in_media == ()


def test_only_one_who_is_in_the_visit_hands_over_and_not_to_themselves() -> None:
    told = roomed(PROVIDER)
    assert isinstance(told.refused(hand_over(OTHER_PROVIDER, PROVIDER)), errors.WrongState)
    assert isinstance(told.refused(hand_over(NURSE, NURSE)), errors.Forbidden)
    assert isinstance(told.refused(hand_over(FRONT_DESK, NURSE)), errors.Forbidden)


def test_a_patient_who_left_meanwhile_is_handed_over_all_the_same() -> None:
    told = roomed(PROVIDER)
    told.give(leave())
    told.give(hand_over())
    told.give(join())
    assert told.visit.handed_to == Provider(PROVIDER.id, PROVIDER.name)
    told.give(admit())
    assert told.visit.handed_to is None


def test_sent_back_the_patient_is_nobodys_next() -> None:
    told = roomed(PROVIDER)
    told.give(hand_over())
    told.give(send_back(by=NURSE))
    assert told.visit.handed_to is None


def test_handed_from_one_to_the_next_the_visit_keeps_five_providers_with_the_newest_first() -> None:
    crowd = tuple(Actor(f"p{n}", Role.PROVIDER, f"Dr. {n}", clinic="main") for n in range(6))
    told = waiting(booked(providers=(crowd[0],)))
    told.give(admit(crowd[0], "w"))
    for who, to in pairwise(crowd):
        told.give(hand_over(to, who))
        told.give(admit(to, "w"))
    assert [one.id for one in told.visit.providers] == ["p5", "p4", "p3", "p2", "p1"]
    assert sees(told.visit, crowd[0]), "who was in the visit keeps seeing it"


# Places in the media.


def test_a_patient_a_clinician_and_three_more_are_in_a_visit_at_once() -> None:
    told = in_progress()
    for who in (COMPANION, INTERPRETER, GUEST):
        with_guest(told, who).give(admit(who=who))
    assert {one.id for one in told.visit.in_media} == {
        one.id for one in (PATIENT, PROVIDER, COMPANION, INTERPRETER, GUEST)
    }
    assert isinstance(told.refused(do.Enter(actor=NURSE, session="n")), errors.VisitFull)


def test_whoever_admits_a_sixth_finds_the_visit_full() -> None:
    told = full(with_guest(in_progress()))
    assert isinstance(told.refused(admit(who=INTERPRETER)), errors.VisitFull)
    assert isinstance(told.refused(admit(NURSE, "n", who=INTERPRETER)), errors.VisitFull)
    assert told.phase(INTERPRETER.id) == ParticipantPhase.WAITING


def test_a_held_patient_makes_room_for_the_interpreter() -> None:
    told = full(with_guest(in_progress()))
    told.give(hold())
    told.give(admit(who=INTERPRETER))
    assert INTERPRETER.id in {one.id for one in told.visit.in_media}
    assert PATIENT.id not in {one.id for one in told.visit.in_media}
    assert isinstance(told.refused(admit()), errors.VisitFull)


def test_providers_of_the_shared_queue_admit_the_next_each() -> None:
    first, second = waiting(booked(providers=(), visit_id="a")), waiting(booked(providers=(), visit_id="b"))
    first.give(admit(PROVIDER))
    second.give(admit(OTHER_PROVIDER))
    refusal = first.refused(admit(OTHER_PROVIDER))
    assert isinstance(refusal, errors.AlreadyAdmitted)
    assert refusal.facts == {"by": PROVIDER.id}
    assert [len(one.visit.in_media) for one in (first, second)] == [2, 2]


# Guests.


@pytest.mark.parametrize("who", [COMPANION, INTERPRETER, GUEST])
def test_those_who_are_invited_need_admission_as_everybody(who: Actor) -> None:
    told = with_guest(in_progress(), who)
    assert told.phase(who.id) == ParticipantPhase.WAITING
    assert (told.person(who).role, told.person(who).invited_by) == (who.role, NURSE.id)
    told.give(hold())
    told.give(admit(who=who))
    assert told.phase(who.id) == ParticipantPhase.IN_VISIT


@pytest.mark.parametrize("by", [FRONT_DESK, NURSE, PROVIDER])
def test_all_staff_invite(by: Actor) -> None:
    (invited,) = Told(booked()).give(invite(COMPANION, by))[1:]
    assert isinstance(invited, events.GuestInvited)
    assert (invited.guest_role, invited.expires_at) == (Role.COMPANION, NOON + HALF_HOUR)


@pytest.mark.parametrize("minutes", [4, 61, -5])
def test_a_guests_link_lives_five_to_sixty_minutes(minutes: int) -> None:
    refusal = in_progress().refused(invite(GUEST, lives=minutes * MINUTE))
    assert isinstance(refusal, errors.InvalidText)
    assert refusal.facts["field"] == "minutes"


@pytest.mark.parametrize("minutes", [5, 60])
def test_the_bounds_of_a_guests_link_are_within(minutes: int) -> None:
    assert in_progress().give(invite(GUEST, lives=minutes * MINUTE))


@pytest.mark.parametrize("role", [Role.PATIENT, Role.NURSE, Role.PROVIDER, Role.OPERATOR, Role.CLOCK])
def test_nobody_is_invited_as_a_patient_or_as_staff(role: Role) -> None:
    refusal = in_progress().refused(replace(invite(GUEST), role=role))
    assert isinstance(refusal, errors.InvalidText)
    assert refusal.facts["field"] == "role"


@pytest.mark.parametrize("name", ["", "x" * 121, "a\u202eb"])
def test_a_guests_name_is_judged_as_every_name(name: str) -> None:
    assert isinstance(in_progress().refused(replace(invite(GUEST), name=name)), errors.InvalidText)


def test_no_invitation_takes_the_place_of_somebody() -> None:
    told = in_progress()
    refusal = told.refused(replace(invite(GUEST), participant=PATIENT.id))
    assert isinstance(refusal, errors.WrongState)


def test_guests_are_few_until_their_links_run_out_or_are_revoked() -> None:
    told = in_progress()
    for number in range(MOST_GUESTS):
        told.give(invite(Actor(f"guest {number}", Role.GUEST)))
    more = invite(Actor("one more", Role.GUEST))
    assert isinstance(told.refused(more), errors.TooMany)
    told.give(do.Remove(actor=NURSE, participant="guest 0"))
    told.give(more)
    told.give(invite(Actor("later", Role.GUEST)), after=HALF_HOUR)


def test_the_guests_that_a_visit_ever_had_are_bounded_too() -> None:
    told = in_progress()
    for number in range(MOST_INVITED):
        told.give(invite(Actor(f"guest {number}", Role.GUEST)))
        told.give(do.Remove(actor=NURSE, participant=f"guest {number}"))
    refusal = told.refused(invite(Actor("one more", Role.GUEST)))
    assert isinstance(refusal, errors.TooMany)
    assert refusal.facts == {"what": "guests"}


def test_an_invitation_is_revoked_before_it_was_used() -> None:
    told = in_progress()
    told.give(invite(COMPANION))
    told.give(do.Remove(actor=PROVIDER, participant=COMPANION.id))
    assert told.give(do.Remove(actor=PROVIDER, participant=COMPANION.id)) == ()
    assert isinstance(told.refused(arrive("c", who=COMPANION)), errors.ParticipantRemoved)


@pytest.mark.parametrize(("who", "wish"), [(COMPANION, Wish.COMPANION), (INTERPRETER, Wish.INTERPRETER)])
def test_an_invitation_answers_the_wish_for_it(who: Actor, wish: Wish) -> None:
    told = waiting()
    for asked in (wish, Wish.CALL):
        told.give(do.AskFor(actor=PATIENT, participant=PATIENT.id, session="phone", wish=asked))
    told.give(invite(who))
    assert [one for one, _ in told.visit.wishes] == [Wish.CALL]


def test_colleagues_who_talk_alone_are_no_breach_but_keep_a_patient_out_who_finds_it_full() -> None:
    told = in_progress()
    told.give(hold())
    full(told)
    assert all(one.role.staff for one in told.visit.in_media)
    assert isinstance(told.refused(admit()), errors.VisitFull)
