"""What retention leaves of a visit."""

from __future__ import annotations

from dataclasses import replace

import pytest
from pydantic import TypeAdapter

from tests.support.visits import ANSWERS, BORN, ITEMS, NOON, NURSE, PATIENT, PROVIDER, Told, booked, waiting
from waiting_room.check_in_items import ItemState, WaiveReason
from waiting_room.commands import KeepNote, RecordCall, ReportReadiness, SendMessage, Waive
from waiting_room.contact_codes import CallReason, CallResult
from waiting_room.errors import WrongState
from waiting_room.events import PatientDataPurged
from waiting_room.model import PatientDetails, Role, Visit, VisitPhase
from waiting_room.readiness import DeviceReport
from waiting_room.retention import purged

CANARIES = ("Sample Patient", "555-0142", "1961", "canary@", "Follow-up", "Sample Street", "canary note", "canary call")


def under_way() -> Told:
    details = PatientDetails(BORN, "es", "America/New_York", "555-0142", "canary@clinic.example")
    visit = booked(details=details)
    answered = tuple(
        replace(item, state=ItemState.DONE, answer=ANSWERS.get(item.key, {}), at=NOON) for item in ITEMS[:-1]
    )
    told = waiting(replace(visit, check_in=(*answered,)))
    told.visit = replace(told.visit, check_in=(*answered, ITEMS[-1]))
    told.give(Waive(actor=NURSE, item="insurance", reason=WaiveReason.URGENT, note="canary note"))
    told.give(ReportReadiness(actor=PATIENT, participant=PATIENT.id, report=DeviceReport(device="phone")))
    told.give(KeepNote(actor=NURSE, text="canary note"))
    told.give(RecordCall(actor=NURSE, reason=CallReason.ASKED, result=CallResult.SOLVED, note="canary call"))
    told.give(SendMessage(actor=NURSE, participant=PATIENT.id, message="m1", text="canary note"))
    return told


def ended() -> Visit:
    """The end itself forgets the messages already."""
    return replace(under_way().visit, phase=VisitPhase.ENDED, ended_at=NOON)


def test_nothing_that_tells_of_the_patient_remains() -> None:
    visit = ended()
    kept = TypeAdapter(Visit).dump_json(visit).decode()
    assert all(canary in kept for canary in CANARIES)
    outcome = purged(visit, now=NOON)
    left = TypeAdapter(Visit).dump_json(outcome.visit).decode()
    assert [canary for canary in CANARIES if canary in left] == []
    assert outcome.visit.patient.session is None
    assert outcome.visit.details == PatientDetails()


def test_codes_and_times_remain() -> None:
    visit = ended()
    after = purged(visit, now=NOON).visit
    assert after.purged
    assert (after.starts_at, after.ended_at, after.phase) == (visit.starts_at, visit.ended_at, visit.phase)
    assert [one.id for one in after.participants] == [one.id for one in visit.participants]
    assert (after.calls[0].result, after.calls[0].by_name) == (CallResult.SOLVED, "Sample Nurse")
    assert after.check_in[-1].waive_reason is WaiveReason.URGENT
    assert after.providers[0].name == PROVIDER.name


def test_it_is_an_event_of_the_clock_and_repeating_it_is_harmless() -> None:
    outcome = purged(ended(), now=NOON)
    (event,) = outcome.events
    assert isinstance(event, PatientDataPurged)
    assert (event.role, event.at) == (Role.CLOCK, NOON)
    again = purged(outcome.visit, now=NOON)
    assert (again.visit, again.events) == (outcome.visit, ())


def test_a_visit_that_is_not_over_keeps_its_data() -> None:
    with pytest.raises(WrongState):
        purged(booked(), now=NOON)
    with pytest.raises(WrongState):
        purged(under_way().visit, now=NOON)
