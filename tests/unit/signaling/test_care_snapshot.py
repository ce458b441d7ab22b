from __future__ import annotations

from datetime import timedelta

import pytest
from prometheus_client import CollectorRegistry

from signaling.care_snapshot import current_visit, in_queue, queue_row
from signaling.line_metrics import LineFigures
from signaling.photo_messages import PhotoCard
from signaling.settings import Turn
from signaling.visit_media import VisitMedia
from tests.support.visits import (
    ANSWERS,
    FAR_NURSE,
    FRONT_DESK,
    INTERPRETER,
    ITEMS,
    NOON,
    NURSE,
    OTHER_PROVIDER,
    PATIENT,
    PROVIDER,
    Told,
    arrive,
    booked,
    connect,
    in_progress,
    waiting,
    with_guest,
)
from waiting_room.commands import AnswerCheckIn, End, Remove
from waiting_room.model import Actor, PatientDetails, Visit

MEDIA = VisitMedia(
    Turn.model_validate({}),
    clock=lambda: NOON,
    monotonic=lambda: 0.0,
    metrics=LineFigures(CollectorRegistry()),
    on_change=lambda _visit, _who: None,
)
NOWHERE: frozenset[str] = frozenset()
MIDNIGHT = NOON + timedelta(hours=12)


def checked_in() -> Told:
    told = Told(booked(check_in=ITEMS, details=PatientDetails(phone="555-0199")))
    for command in (arrive(), connect()):
        told.give(command)
    return told


def answer(item: str) -> AnswerCheckIn:
    return AnswerCheckIn(actor=PATIENT, participant=PATIENT.id, session="phone", item=item, answer=ANSWERS[item])


def test_a_row_offers_what_this_person_may_do() -> None:
    visit = waiting().visit
    assert {"admit", "remove"} <= set(queue_row(visit, PROVIDER, licences=NOWHERE, now=NOON)["may"])
    assert not {"admit", "remove"} & set(queue_row(visit, FRONT_DESK, licences=NOWHERE, now=NOON)["may"])


def test_the_phone_is_the_one_that_the_patient_gave_for_now() -> None:
    told = checked_in()
    assert queue_row(told.visit, NURSE, licences=NOWHERE, now=NOON)["patient"]["phone"] == "555-0199"
    told.give(answer("callback"))
    assert queue_row(told.visit, NURSE, licences=NOWHERE, now=NOON)["patient"]["phone"] == "555-0142"


def test_a_state_outside_the_licences_is_a_check() -> None:
    told = checked_in()
    told.give(answer("location"))
    assert queue_row(told.visit, NURSE, licences=frozenset({"CA"}), now=NOON)["checks"] == ["licence"]
    assert queue_row(told.visit, NURSE, licences=frozenset({"CA", "NY"}), now=NOON)["checks"] == []
    assert queue_row(told.visit, NURSE, licences=NOWHERE, now=NOON)["checks"] == []


def test_guests_stand_in_the_row_until_they_are_removed() -> None:
    told = with_guest(waiting())
    row = queue_row(told.visit, NURSE, licences=NOWHERE, now=NOON)
    assert [(one["role"], one["phase"]) for one in row["guests"]] == [("interpreter", "waiting")]
    told.give(Remove(actor=NURSE, participant=INTERPRETER.id))
    assert queue_row(told.visit, NURSE, licences=NOWHERE, now=NOON)["guests"] == []


@pytest.mark.parametrize(
    ("hours", "staff", "listed"),
    [(11, NURSE, True), (13, NURSE, False), (11, PROVIDER, True), (11, OTHER_PROVIDER, False), (11, FAR_NURSE, False)],
)
def test_the_list_is_the_clinics_day_of_those_who_see_it(hours: int, staff: Actor, *, listed: bool) -> None:
    visit = booked(NOON + timedelta(hours=hours))
    assert in_queue(visit, staff, tomorrow=MIDNIGHT) is listed


def test_what_is_open_is_listed_whatever_its_day_and_what_is_over_is_not() -> None:
    told = in_progress()
    assert in_queue(told.visit, NURSE, tomorrow=NOON - timedelta(hours=1))
    told.give(End(actor=PROVIDER))
    assert not in_queue(told.visit, NURSE, tomorrow=MIDNIGHT)


def test_media_and_photos_go_to_the_window_that_holds_the_place() -> None:
    visit: Visit = in_progress().visit
    photo = PhotoCard(id="f1", participant=PATIENT.id, name="Sample Patient", at=NOON, width=4032, height=3024)
    here = current_visit(visit, PROVIDER, "window", MEDIA, photos=[photo], now=NOON)
    there = current_visit(visit, PROVIDER, "another window", MEDIA, photos=[photo], now=NOON)
    assert here is not None
    assert there is not None
    assert (here.photos, there.photos) == ([photo], [])
    assert (here.elsewhere, there.elsewhere) == (False, True)
    assert {"hold", "return", "end", "leave"} <= set(here.may)
    assert not {"late", "call", "enter"} & set(here.may)
    assert current_visit(visit, NURSE, "window", MEDIA, now=NOON) is None
