from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from prometheus_client import CollectorRegistry

from signaling.http_messages import ClinicCard
from signaling.line_metrics import LineFigures
from signaling.messages import Next, VisitSnapshot
from signaling.photo_messages import AskedForPhoto
from signaling.settings import Turn
from signaling.visit_media import VisitMedia
from signaling.visit_snapshot import visit_snapshot
from tests.support.visits import (
    BORN,
    COMPANION,
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
    clinic,
    connect,
    hand_over,
    in_progress,
    join,
    waiting,
    with_guest,
)
from waiting_room.commands import AnswerCheckIn, Hold, SendMessage
from waiting_room.line import Wait
from waiting_room.model import Actor, PatientDetails, Visit

CARD = ClinicCard(
    id="main",
    name="Sample Clinic",
    phone="555-0100",
    time_zone="UTC",
    support_hours={},
    emergency_number="911",
    color=None,
    logo=None,
)
MEDIA = VisitMedia(
    Turn.model_validate({}),
    clock=lambda: NOON,
    monotonic=lambda: 0.0,
    metrics=LineFigures(CollectorRegistry()),
    on_change=lambda _visit, _who: None,
)
NEXT = Next(name="Dr. Sample Provider", role="provider")


def shown_to(
    visit: Visit, who: Actor = PATIENT, *, shows_position: bool = False, photo_ask: AskedForPhoto | None = None
) -> VisitSnapshot:
    me = visit.find(who.id)
    assert me is not None
    rules = replace(clinic(), show_position=shows_position)
    return visit_snapshot(
        visit,
        me,
        MEDIA,
        rules,
        CARD,
        wait=Wait(5, 15, 2),
        comes_next=NEXT if visit.handed_to else None,
        staff_present=True,
        photo_ask=photo_ask,
        version=1,
        now=NOON,
    )


def asked() -> Told:
    """A patient who owes the date of birth, with one item that was answered before."""
    told = Told(booked(details=PatientDetails(birth_date=BORN), check_in=ITEMS))
    for command in (arrive(ask_birth_date=True), connect(), birth_date(BORN)):
        told.give(command)
    told.give(
        AnswerCheckIn(
            actor=PATIENT, participant="patient", session="phone", item="callback", answer={"phone": "555-0142"}
        )
    )
    told.give(arrive("found", ask_birth_date=True))
    return told


def test_one_who_waits_is_not_told_who_else_is_there() -> None:
    told = in_progress()
    assert [other.name for other in shown_to(told.visit).others] == [PROVIDER.name]
    assert shown_to(waiting().visit).others == []


def test_one_on_hold_sees_who_is_there_and_is_seen() -> None:
    told = in_progress()
    told.give(Hold(actor=PROVIDER, participant="patient"))
    assert [other.id for other in shown_to(told.visit).others] == ["provider"]


def test_a_device_that_owes_the_date_of_birth_is_shown_nothing_personal() -> None:
    told = asked()
    shown = shown_to(told.visit)
    assert (shown.me.identity, shown.me.name, shown.messages, shown.next) == ("asked", "", [], None)
    assert shown.check_in is not None
    assert (shown.check_in.items, shown.check_in.consent.version) == ([], "1")


def left_to_staff(told: Told) -> Told:
    """The same, after five wrong dates on the device that took over."""
    for _ in range(5):
        told.give(birth_date(BORN + timedelta(days=1), "found"))
    return told


def test_a_device_that_staff_check_sees_no_earlier_answer() -> None:
    shown = shown_to(left_to_staff(asked()).visit)
    assert shown.check_in is not None
    states = {item.key: (item.state, item.answer) for item in shown.check_in.items}
    assert states["callback"] == ("done", {})


def test_a_device_that_staff_check_is_shown_the_person_only_after_they_confirmed_it() -> None:
    told = asked()
    told.give(arrive("phone", ask_birth_date=True))
    told.give(birth_date(BORN))
    told.give(SendMessage(actor=NURSE, participant="patient", message="early", text="Hello, Sample Patient"))
    told.give(arrive("found", ask_birth_date=True), after=timedelta(minutes=1))
    left_to_staff(told)
    told.give(SendMessage(actor=NURSE, participant="patient", message="late", canned="soon"))
    told.give(SendMessage(actor=PATIENT, participant="patient", session="found", message="own", text="Hello"))
    shown = shown_to(told.visit)
    assert (shown.me.identity, shown.me.name, shown.others, shown.next) == ("staff_checks", "", [], None)
    assert [(one.id, one.name) for one in shown.messages] == [("late", NURSE.name), ("own", "")]

    told.visit = replace(told.visit, check_in=())
    told.give(join("found"))
    told.give(admit(confirmed=["identity"]))
    shown = shown_to(told.visit)
    assert (shown.me.identity, shown.me.name) == ("confirmed", "Sample Patient")
    assert [one.id for one in shown.messages] == ["early", "late", "own"]
    assert [one.id for one in shown.others] == [PROVIDER.id]


def test_a_confirmed_device_sees_what_was_answered() -> None:
    told = asked()
    told.give(birth_date(BORN, "found"))
    shown = shown_to(told.visit)
    assert shown.check_in is not None
    assert shown.check_in.items[1].answer == {"phone": "555-0142"}
    assert not shown.check_in.complete


def test_a_companion_sees_what_is_still_to_do_and_no_answer_of_the_patients() -> None:
    told = with_guest(asked(), COMPANION)
    shown = shown_to(told.visit, COMPANION).check_in
    assert shown is not None
    assert {(item.key, item.state) for item in shown.items} >= {("callback", "done"), ("location", "open")}
    assert all(item.answer == {} for item in shown.items)


def test_the_wait_is_the_patients_and_the_position_only_where_allowed() -> None:
    told = with_guest(waiting())
    shown = shown_to(told.visit).wait
    assert shown is not None
    assert (shown.low, shown.high, shown.ahead) == (5, 15, None)
    shown = shown_to(told.visit, shows_position=True).wait
    assert shown is not None
    assert shown.ahead == 2
    assert shown_to(told.visit, INTERPRETER).wait is None
    assert shown_to(in_progress().visit).wait is None


def test_a_guest_has_a_thread_of_their_own_and_no_check_in() -> None:
    told = with_guest(waiting())
    for who in ("patient", INTERPRETER.id):
        told.give(SendMessage(actor=NURSE, participant=who, message=f"to-{who}", canned="soon"))
    guest, patient = shown_to(told.visit, INTERPRETER), shown_to(told.visit)
    assert [one.id for one in guest.messages] == [f"to-{INTERPRETER.id}"]
    assert [one.id for one in patient.messages] == ["to-patient"]
    assert guest.check_in is None
    assert shown_to(with_guest(waiting(), COMPANION).visit, COMPANION).check_in is not None


def test_one_who_was_handed_over_is_told_who_comes_next_until_they_came() -> None:
    told = waiting()
    told.give(admit(NURSE))
    told.give(hand_over(PROVIDER))
    assert shown_to(told.visit).next == NEXT
    told.give(admit(PROVIDER))
    assert shown_to(told.visit).next is None


def test_the_shared_queue_names_no_clinician() -> None:
    assert shown_to(waiting(booked(providers=())).visit).visit.clinician is None
    assert shown_to(waiting().visit).visit.clinician == PROVIDER.name


def test_a_photo_is_asked_for_on_the_pages_of_those_in_the_visit_who_may_send_one() -> None:
    asked_for = AskedForPhoto(id="a1", name="Dr. Sample Provider")
    told = in_progress()
    assert shown_to(told.visit, photo_ask=asked_for).photo_ask == asked_for
    told.give(Hold(actor=PROVIDER, participant=PATIENT.id))
    assert shown_to(told.visit, photo_ask=asked_for).photo_ask is None
    assert shown_to(waiting().visit, photo_ask=asked_for).photo_ask is None
