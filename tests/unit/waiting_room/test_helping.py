"""A helper gets the patient ready: the date of birth first, the answers then, and never the visit."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.support.visits import (
    ANSWERS,
    HELPER,
    ITEMS,
    NOON,
    NURSE,
    PATIENT,
    Told,
    admit,
    arrive,
    birth_date,
    booked,
    connect,
    invite_helper,
    join,
    reschedule,
)
from waiting_room import commands as do
from waiting_room import events as ev
from waiting_room.check_in_items import ItemState
from waiting_room.errors import (
    Forbidden,
    IdentityNeeded,
    ItemUnknown,
    LinkEnded,
    ParticipantRemoved,
    SessionReplaced,
    WrongState,
)
from waiting_room.helping import helper_of
from waiting_room.model import Identity, ParticipantPhase, Role
from waiting_room.readiness import DeviceReport, Part

BORN = NOON.date() - timedelta(days=20_000)


def helped(*, asked: bool = False) -> Told:
    """A patient on the phone, and a helper who has tapped Start."""
    visit = booked(check_in=ITEMS)
    told = Told(replace(visit, details=replace(visit.details, birth_date=BORN)) if asked else visit)
    told.give(arrive("phone"))
    told.give(invite_helper("phone"))
    told.give(replace(arrive("tablet", who=HELPER), ask_birth_date=asked))
    return told


def answer(item: str, session: str = "tablet") -> do.AnswerCheckIn:
    return do.AnswerCheckIn(actor=HELPER, participant=HELPER.id, session=session, item=item, answer=ANSWERS[item])


def test_a_helper_prepares_in_the_open_room_too_and_the_patients_device_stays() -> None:
    told = helped()
    helper = helper_of(told.visit)
    assert helper is not None
    assert helper.phase is ParticipantPhase.PREPARING
    assert not helper.phase.present
    assert told.visit.patient.session == "phone"
    told.give(answer("location"))
    assert told.visit.find(HELPER.id).phase is ParticipantPhase.PREPARING  # type: ignore[union-attr]


def test_an_answer_is_kept_under_the_helpers_own_name_and_consent_is_the_patients() -> None:
    told = helped()
    told.give(answer("location"))
    done = next(one for one in told.visit.check_in if one.key == "location")
    assert (done.state, done.by) == (ItemState.DONE, HELPER.id)
    answered = [one for one in told.events if isinstance(one, ev.CheckInAnswered)]
    assert [one.role for one in answered] == [Role.HELPER]
    with pytest.raises(ItemUnknown):
        told.give(answer("consent"))


def test_the_date_of_birth_comes_first_and_after_five_wrong_ones_nothing() -> None:
    told = helped(asked=True)
    told.visit = replace(told.visit, staff_checked=True)
    with pytest.raises(IdentityNeeded):
        told.give(answer("location"))
    for _ in range(5):
        told.give(birth_date(BORN + timedelta(days=1), "tablet", who=HELPER))
    assert told.visit.find(HELPER.id).identity is Identity.STAFF_CHECKS  # type: ignore[union-attr]
    assert told.visit.staff_checked, "what staff checked is the patient's"
    with pytest.raises(IdentityNeeded):
        told.give(answer("location"))


def test_the_right_date_opens_the_check_in() -> None:
    told = helped(asked=True)
    told.give(birth_date(BORN, "tablet", who=HELPER))
    told.give(answer("location"))


@pytest.mark.parametrize("identity", [Identity.ASKED, Identity.STAFF_CHECKS])
def test_a_device_that_has_not_shown_whose_it_is_asks_nobody_in(identity: Identity) -> None:
    told = Told(booked())
    told.give(arrive("phone"))
    told.visit = replace(told.visit, participants=(replace(told.visit.patient, identity=identity),))
    with pytest.raises(IdentityNeeded):
        told.give(invite_helper("phone"))


def test_a_new_link_ends_the_session_of_the_one_before() -> None:
    told = helped()
    told.give(invite_helper("phone"))
    with pytest.raises(LinkEnded):
        told.give(answer("location"))
    told.give(arrive("another", who=HELPER))
    with pytest.raises(SessionReplaced):
        told.give(answer("location"))
    assert len([one for one in told.visit.participants if one.role is Role.HELPER]) == 1


def test_whom_staff_removed_stays_out() -> None:
    told = helped()
    told.give(do.Remove(actor=NURSE, participant=HELPER.id))
    with pytest.raises(ParticipantRemoved):
        told.give(answer("location"))
    with pytest.raises(WrongState):
        told.give(invite_helper("phone"))


def test_nobody_admits_a_helper_or_writes_to_one() -> None:
    told = helped()
    told.give(connect("tablet", who=HELPER))
    with pytest.raises(Forbidden):
        told.give(join("tablet", who=HELPER))
    with pytest.raises(Forbidden):
        told.give(admit(NURSE, "desk", who=HELPER))
    with pytest.raises(WrongState):
        told.give(do.SendMessage(actor=NURSE, participant=HELPER.id, message="m", canned="soon"))


def test_a_helpers_device_test_stands_in_the_trail_and_is_not_the_patients() -> None:
    told = helped()
    report = DeviceReport(camera=Part.BLOCKED)
    told.give(do.ReportReadiness(actor=HELPER, participant=HELPER.id, report=report))
    assert told.visit.readiness is None
    reported = [one for one in told.events if isinstance(one, ev.ReadinessReported)]
    assert [(one.role, one.participant) for one in reported] == [(Role.HELPER, HELPER.id)]


def test_another_time_ends_the_helpers_session() -> None:
    told = helped()
    told.give(reschedule(NOON + timedelta(hours=1)))
    with pytest.raises(LinkEnded):
        told.give(answer("location"))
    assert told.visit.patient.id == PATIENT.id
