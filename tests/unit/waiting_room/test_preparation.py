from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta

import pytest

from tests.support.visits import (
    ANSWERS,
    BORN,
    COMPANION,
    FRONT_DESK,
    ITEMS,
    NOON,
    NURSE,
    OPERATOR,
    PATIENT,
    PROVIDER,
    Told,
    arrive,
    birth_date,
    booked,
    connect,
    in_progress,
    invite,
    join,
    kinds,
    lose,
)
from waiting_room import commands as do
from waiting_room import errors, events
from waiting_room.check_in_items import ItemState, WaiveReason
from waiting_room.model import Actor, ParticipantPhase, PatientDetails, Visit
from waiting_room.readiness import Cause, DeviceReport, Network, Part, Verdict

MINUTE = timedelta(minutes=1)
WORKS = DeviceReport(camera=Part.WORKS, microphone=Part.WORKS, speaker=Part.WORKS, network=Network.GOOD)


def answer(item: str, given: Mapping[str, str], *, who: Actor = PATIENT, session: str = "phone") -> do.AnswerCheckIn:
    return do.AnswerCheckIn(actor=who, participant=who.id, session=session, item=item, answer=given)


def report(item: str = "insurance", *, done: bool = True, by: Actor = OPERATOR) -> do.ReportCheckIn:
    return do.ReportCheckIn(actor=by, item=item, done=done)


def waive(item: str, by: Actor = FRONT_DESK, note: str = "") -> do.Waive:
    return do.Waive(actor=by, item=item, reason=WaiveReason.TECHNICAL_TROUBLE, note=note)


def report_devices(found: DeviceReport, who: Actor = PATIENT) -> do.ReportReadiness:
    return do.ReportReadiness(actor=who, participant=who.id, report=found)


def begun(visit: Visit | None = None) -> Told:
    """A visit with all items open, whose patient prepares a day before."""
    told = Told(visit or booked(now=NOON - timedelta(days=2), check_in=ITEMS), now=NOON - timedelta(days=1))
    told.give(arrive())
    return told


def state(told: Told, key: str) -> ItemState:
    return next(item.state for item in told.visit.check_in if item.key == key)


@pytest.mark.parametrize("key", ANSWERS)
def test_an_answer_is_kept_with_who_and_when(key: str) -> None:
    told = begun()
    (answered,) = told.give(answer(key, ANSWERS[key]))
    assert isinstance(answered, events.CheckInAnswered)
    item = next(one for one in told.visit.check_in if one.key == key)
    assert (item.state, item.answer, item.by, item.at) == (ItemState.DONE, ANSWERS[key], PATIENT.id, told.now)
    assert told.give(answer(key, ANSWERS[key]), after=MINUTE) == (), "the same answer again is no news"


def test_the_trail_names_the_version_of_the_consent_and_no_answer() -> None:
    told = begun()
    told.give(answer("consent", {"version": "2026-01", "language": "es"}))
    told.give(answer("reason", {"text": "A secret"}))
    answered = [one for one in told.events if isinstance(one, events.CheckInAnswered)]
    assert [one.version for one in answered] == ["2026-01", ""]
    assert "secret" not in repr(told.events)


@pytest.mark.parametrize(
    ("key", "given", "field"),
    [
        ("location", {"state": "ny", "address": "1 Sample Street"}, "state"),
        ("location", {"state": "NY", "address": " "}, "address"),
        ("location", {"state": "NY"}, "address"),
        ("location", {**ANSWERS["location"], "planet": "Earth"}, "planet"),
        ("callback", {"phone": "my usual one"}, "phone"),
        ("consent", {"version": "1\n2", "language": "en"}, "version"),
        ("consent", {"version": "1", "language": "English"}, "language"),
        ("reason", {"text": "x" * 501}, "text"),
        ("reason", {}, "text"),
    ],
)
def test_an_answer_that_cannot_be_right_is_refused_and_keeps_the_one_before(
    key: str, given: dict[str, str], field: str
) -> None:
    told = begun()
    told.give(answer(key, ANSWERS[key]))
    refusal = told.refused(answer(key, given))
    assert isinstance(refusal, errors.InvalidAnswer)
    assert refusal.facts["field"] == field


def test_an_answer_may_be_given_anew_in_the_visit_too() -> None:
    told = in_progress()
    told.visit = replace(told.visit, check_in=ITEMS)
    told.give(answer("callback", {"phone": "555-0143"}))
    told.give(answer("callback", {"phone": "(212) 555-0144"}))
    assert next(one for one in told.visit.check_in if one.key == "callback").answer["phone"] == "(212) 555-0144"


def test_what_the_portal_tracks_is_answered_by_no_patient() -> None:
    assert isinstance(begun().refused(answer("insurance", {})), errors.ItemUnknown)
    assert isinstance(begun().refused(answer("shoe size", {})), errors.ItemUnknown)


def test_a_companion_helps_with_the_patients_check_in() -> None:
    told = begun()
    told.give(invite(COMPANION))
    told.give(arrive("c", who=COMPANION))
    told.give(answer("callback", ANSWERS["callback"], who=COMPANION, session="c"))
    assert next(one.by for one in told.visit.check_in if one.key == "callback") == COMPANION.id


def test_a_companion_does_not_consent_for_the_patient() -> None:
    told = begun()
    told.give(invite(COMPANION))
    told.give(arrive("c", who=COMPANION))
    refused = told.refused(answer("consent", ANSWERS["consent"], who=COMPANION, session="c"))
    assert isinstance(refused, errors.ItemUnknown)


def test_one_who_answers_when_the_room_is_open_has_arrived_and_is_no_no_show() -> None:
    told = begun()
    at = booked().opens_at
    told.give(do.PassTime(), after=at - told.now)
    assert told.phase() == ParticipantPhase.PREPARING
    assert kinds(told.give(answer("callback", ANSWERS["callback"]))) == ["ParticipantArrived", "CheckInAnswered"]
    patient = told.visit.patient
    assert (patient.phase, patient.arrived_at, patient.connected) == (ParticipantPhase.ARRIVED, at, True)
    assert kinds(told.give(answer("location", ANSWERS["location"]))) == ["CheckInAnswered"]
    missed = told.refused(do.MarkNoShow(actor=FRONT_DESK), after=NOON - told.now)
    assert isinstance(missed, errors.WrongState)


def test_who_repeats_an_answer_in_the_open_room_has_arrived_too() -> None:
    told = begun()
    told.give(answer("callback", ANSWERS["callback"]))
    told.give(do.PassTime(), after=NOON - told.now)
    assert kinds(told.give(answer("callback", ANSWERS["callback"]))) == ["ParticipantArrived"]


@pytest.mark.parametrize(
    ("given", "told_by"), [(BORN, "IdentityConfirmed"), (NOON.date(), "IdentityMismatched")], ids=["right", "wrong"]
)
def test_one_who_gives_the_date_of_birth_when_the_room_is_open_has_arrived(given: date, told_by: str) -> None:
    told = Told(booked(details=PatientDetails(birth_date=BORN)), now=NOON - timedelta(days=1))
    told.give(arrive(ask_birth_date=True))
    told.give(do.PassTime(), after=timedelta(days=1))
    assert kinds(told.give(birth_date(given))) == ["ParticipantArrived", told_by]
    assert told.visit.patient.connected


def test_the_portal_says_that_its_items_are_done_or_open_again() -> None:
    told = begun()
    assert kinds(told.give(report())) == ["CheckInReported"]
    assert told.give(report()) == ()
    assert state(told, "insurance") is ItemState.DONE
    told.give(report(done=False))
    assert state(told, "insurance") is ItemState.OPEN


def test_the_portal_has_no_word_on_the_patients_own_items() -> None:
    assert isinstance(begun().refused(report("consent")), errors.ItemUnknown)
    assert isinstance(begun().refused(report("nothing")), errors.ItemUnknown)


@pytest.mark.parametrize("by", [PATIENT, FRONT_DESK, NURSE, PROVIDER])
def test_only_the_portal_reports(by: Actor) -> None:
    assert isinstance(begun().refused(report(by=by)), errors.Forbidden)


def test_staff_waive_with_a_reason_and_the_note_stays_out_of_the_trail() -> None:
    told = begun()
    (waived,) = told.give(waive("insurance", note="The portal\nis down"))
    assert isinstance(waived, events.CheckInWaived)
    assert (waived.item, waived.reason, waived.actor) == ("insurance", "technical_trouble", FRONT_DESK.id)
    assert "portal" not in repr(waived)
    item = next(one for one in told.visit.check_in if one.key == "insurance")
    assert (item.state, item.waive_reason, item.note) == (
        ItemState.WAIVED,
        WaiveReason.TECHNICAL_TROUBLE,
        "The portal\nis down",
    )
    assert told.give(waive("insurance", NURSE)) == ()


def test_what_is_done_needs_no_waiving() -> None:
    told = begun()
    told.give(report())
    assert isinstance(told.refused(waive("insurance")), errors.WrongState)
    assert isinstance(told.refused(waive("nothing")), errors.ItemUnknown)
    assert isinstance(told.refused(waive("reason", note="x" * 501)), errors.InvalidText)


def test_a_portal_that_repeats_that_an_item_is_open_does_not_undo_the_staffs_waiving() -> None:
    told = begun()
    told.give(waive("insurance"))
    assert told.give(report(done=False)) == ()
    assert state(told, "insurance") is ItemState.WAIVED
    told.give(report(done=True))
    assert state(told, "insurance") is ItemState.DONE


def test_a_waived_item_that_is_answered_after_all_is_done() -> None:
    told = begun()
    told.give(waive("reason", note="By phone"))
    told.give(answer("reason", ANSWERS["reason"]))
    item = next(one for one in told.visit.check_in if one.key == "reason")
    assert (item.state, item.waive_reason, item.note) == (ItemState.DONE, None, "")


def test_an_item_that_opens_again_puts_nobody_out_of_the_line_but_lets_nobody_in() -> None:
    told = Told(booked(check_in=ITEMS[4:]))
    for command in (report(), arrive(), connect(), join(), report(done=False)):
        told.give(command)
    assert told.phase() == "waiting"
    told.give(lose())
    told.give(do.PassTime(), after=10 * MINUTE)
    assert isinstance(told.refused(join()), errors.CheckInIncomplete)


# The device test.


def test_a_device_test_needs_no_arrival_and_the_newest_counts() -> None:
    told = Told(booked(), now=NOON - timedelta(days=20))
    told.give(report_devices(replace(WORKS, camera=Part.BLOCKED, system="ios")))
    assert told.visit.readiness
    assert (told.visit.readiness.verdict, told.visit.readiness.cause) == (Verdict.FAIR, Cause.CAMERA_BLOCKED)
    (reported,) = told.give(report_devices(WORKS), after=MINUTE)
    assert isinstance(reported, events.ReadinessReported)
    assert (reported.verdict, reported.cause) == ("good", "none")
    assert (told.visit.readiness.verdict, told.visit.readiness.at) == (Verdict.GOOD, told.now)


def test_a_guests_device_test_leaves_the_patients_verdict_alone() -> None:
    told = begun()
    told.give(invite(COMPANION))
    told.give(report_devices(WORKS))
    told.give(report_devices(replace(WORKS, microphone=Part.BLOCKED), COMPANION))
    assert told.visit.readiness
    assert told.visit.readiness.verdict is Verdict.GOOD


@pytest.mark.parametrize("by", [NURSE, PROVIDER, COMPANION])
def test_nobody_reports_another_persons_device(by: Actor) -> None:
    assert isinstance(begun().refused(replace(report_devices(WORKS), actor=by)), errors.Forbidden)


def test_a_dead_link_reports_no_device() -> None:
    told = begun()
    told.give(invite(COMPANION))
    assert isinstance(told.refused(report_devices(WORKS, COMPANION), after=60 * MINUTE), errors.LinkEnded)
    told.give(do.Remove(actor=NURSE, participant=PATIENT.id))
    assert isinstance(told.refused(report_devices(WORKS)), errors.ParticipantRemoved)
