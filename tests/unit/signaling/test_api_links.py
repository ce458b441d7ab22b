"""What a link's page says, for every state of the visit, of the participant and of the link itself."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from signaling.api_links import link_state
from tests.support.visits import NOON, booked
from waiting_room.model import Participant, ParticipantPhase, Role, VisitPhase
from waiting_room.store import Invitation

INVITATION = Invitation("visit", "patient")


def state(at: datetime = NOON, *, invitation: Invitation = INVITATION, **visit: Any) -> str:
    shown = replace(booked(), **visit)
    return link_state(invitation, shown, shown.patient, now=at)


@pytest.mark.parametrize(
    ("before", "told"),
    [
        (timedelta(days=4), "early"),
        (timedelta(days=3), "check_in"),
        (timedelta(minutes=31), "check_in"),
        (timedelta(minutes=30), "open"),
        (timedelta(), "open"),
    ],
)
def test_time_opens_check_in_and_then_the_room(before: timedelta, told: str) -> None:
    assert state(NOON - before) == told


@pytest.mark.parametrize(
    ("phase", "told"),
    [
        (VisitPhase.OPEN, "open"),
        (VisitPhase.IN_PROGRESS, "open"),
        (VisitPhase.ENDED, "ended"),
        (VisitPhase.NO_SHOW, "ended"),
        (VisitPhase.CANCELLED, "cancelled"),
    ],
)
def test_the_visits_phase_is_told(phase: VisitPhase, told: str) -> None:
    assert state(phase=phase) == told


@pytest.mark.parametrize(
    ("phase", "told"),
    [(VisitPhase.BOOKED, "rescheduled"), (VisitPhase.CANCELLED, "cancelled"), (VisitPhase.ENDED, "ended")],
)
def test_of_a_dead_link_the_visits_own_end_is_told_first(phase: VisitPhase, told: str) -> None:
    assert state(phase=phase, invitation=replace(INVITATION, revoked=True)) == told


@pytest.mark.parametrize("phase", ParticipantPhase)
def test_a_guests_link_runs_out_whether_the_guest_is_there_or_not(phase: ParticipantPhase) -> None:
    visit = replace(booked(), phase=VisitPhase.OPEN)
    guest = Participant("guest", Role.INTERPRETER, "Sample Interpreter", phase=phase, link_expires_at=NOON)
    assert link_state(Invitation("visit", "guest"), visit, guest, now=NOON) == "ended"


def test_a_guests_link_opens_until_its_time() -> None:
    guest = Participant("guest", Role.INTERPRETER, "Sample Interpreter", link_expires_at=NOON)
    at = NOON - timedelta(seconds=1)
    assert link_state(Invitation("visit", "guest"), booked(), guest, now=at) == "open"


def test_a_removed_participant_is_told_no_more_than_that_it_is_over() -> None:
    removed = replace(booked().patient, phase=ParticipantPhase.REMOVED)
    assert link_state(replace(INVITATION, revoked=True), booked(), removed, now=NOON) == "ended"
