from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from signaling.messages import ClinicCard
from signaling.settings import Turn
from signaling.snapshots import current_visit, invitation_view, queue_row, visible, visit_snapshot
from signaling.visit_media import VisitMedia
from tests.support.visits import FRONT_DESK, NOON, NURSE, OTHER_PROVIDER, PROVIDER, Told, booked, in_progress, waiting
from waiting_room.commands import Cancel, End, Remove
from waiting_room.model import Visit

CLINIC = ClinicCard(name="Sample Clinic", phone="555-0100", time_zone="America/New_York")
MEDIA = VisitMedia(
    Turn.model_validate({}), clock=lambda: NOON, monotonic=lambda: 0.0, on_change=lambda _visit, _who: None
)


def ended() -> Visit:
    told = in_progress()
    told.give(End(actor=PROVIDER))
    return told.visit


def cancelled() -> Visit:
    told = Told(booked())
    told.give(Cancel(actor=FRONT_DESK))
    return told.visit


def removed() -> Visit:
    told = in_progress()
    told.give(Remove(actor=PROVIDER, participant="patient"))
    return told.visit


@pytest.mark.parametrize(
    ("visit", "hours", "state"),
    [
        (booked(), -2, "early"),
        (booked(), 0, "open"),
        (ended(), 0, "ended"),
        (cancelled(), 0, "cancelled"),
        (removed(), 0, "ended"),
    ],
)
def test_a_link_says_its_state_and_whom_it_is_with_only_while_it_opens_something(
    visit: Visit, hours: int, state: str
) -> None:
    view = invitation_view(visit, visit.patient, CLINIC, in_use=True, now=NOON + timedelta(hours=hours))
    assert view.state == state
    assert (view.visit.clinician is not None) == (state in {"early", "open"})
    assert view.in_use == (state in {"early", "open"})


def test_one_who_waits_is_not_told_who_else_is_there() -> None:
    told = in_progress()
    patient = told.visit.patient
    inside = visit_snapshot(told.visit, patient, MEDIA, CLINIC, staff_present=True, version=1, now=NOON)
    assert [other.name for other in inside.others] == [PROVIDER.name]
    outside = replace(patient, phase=waiting().visit.patient.phase)
    assert visit_snapshot(told.visit, outside, MEDIA, CLINIC, staff_present=True, version=1, now=NOON).others == []


def test_a_row_offers_what_this_person_may_do() -> None:
    visit = waiting().visit
    assert queue_row(visit, PROVIDER, now=NOON).may == ["admit", "remove"]
    assert queue_row(visit, FRONT_DESK, now=NOON).may == []


def test_the_queue_is_the_clinics_day_in_the_clinics_zone() -> None:
    # 23:00 in New York is 04:00 UTC of the next day.
    late = booked(NOON.replace(hour=4) + timedelta(days=1), visit_id="late tonight")
    tomorrow = booked(NOON.replace(hour=6) + timedelta(days=1), visit_id="tomorrow")
    shown = visible([late, tomorrow], NURSE, time_zone="America/New_York", now=NOON)
    assert [visit.id for visit in shown] == ["late tonight"]
    assert visible([late], OTHER_PROVIDER, time_zone="America/New_York", now=NOON) == []


def test_media_go_to_the_window_that_holds_the_place() -> None:
    visit = in_progress().visit
    here = current_visit(visit, PROVIDER, "window", MEDIA, now=NOON)
    there = current_visit(visit, PROVIDER, "another window", MEDIA, now=NOON)
    assert here is not None
    assert there is not None
    assert (here.elsewhere, there.elsewhere) == (False, True)
    assert current_visit(visit, NURSE, "window", MEDIA, now=NOON) is None
