"""The demo's sample appointments: one of each kind that shows something else."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Final, Literal

from pydantic import BaseModel, Field

from signaling.appointments import Appointments, Asked
from signaling.clock import utc_now
from waiting_room.check_in_items import CheckInItem
from waiting_room.model import PatientDetails

__all__ = ["PROVIDER", "DemoAppointment", "State", "book_samples"]

PROVIDER: Final = "sample.provider"

State = Literal["open", "check_in", "early", "past"]


class DemoAppointment(BaseModel):
    """A sample appointment and its link."""

    id: str
    state: State
    patient: str
    note: str = ""
    url: str = Field(repr=False)


@dataclass(frozen=True, slots=True)
class _Sample:
    """A sample appointment: its start from now, and what makes it another one than its neighbours."""

    state: State
    patient: str
    note: str
    reason: str
    starts: timedelta
    booked: timedelta = timedelta()
    shared: bool = False
    check_in: tuple[CheckInItem, ...] | None = None
    details: PatientDetails = field(default_factory=PatientDetails)


_SAMPLES: Final = (
    _Sample("open", "Sample Patient", "the quickest, no check-in", "Follow-up, left knee", timedelta(), check_in=()),
    _Sample(
        "open",
        "Second Patient",
        "in Spanish, with check-in and an interpreter",
        "Medication review",
        timedelta(minutes=15),
        details=PatientDetails(
            birth_date=date(1961, 4, 30),
            language="es",
            time_zone="America/New_York",
            phone="555-0142",
            interpreter=True,
        ),
    ),
    _Sample("open", "Third Patient", "for whoever is free", "Cough", timedelta(minutes=5), shared=True, check_in=()),
    _Sample("check_in", "Fourth Patient", "in two days", "Annual check", timedelta(days=2)),
    _Sample("early", "Early Patient", "in five days", "Annual check", timedelta(days=5)),
    _Sample("past", "Past Patient", "", "Test results", timedelta(days=-1), booked=timedelta(days=-2)),
)


async def book_samples(appointments: Appointments) -> list[DemoAppointment]:
    """Book them all, from now on, and return their links."""
    now = utc_now()
    booked = []
    for one in _SAMPLES:
        asked = Asked(
            clinic="main",
            patient=one.patient,
            starts_at=now + one.starts,
            providers=() if one.shared else (PROVIDER,),
            details=one.details,
            reason=one.reason,
            check_in=one.check_in,
        )
        made = await appointments.book(asked, now=now + one.booked)
        booked.append(
            DemoAppointment(id=made.visit.id, state=one.state, patient=one.patient, note=one.note, url=made.url)
        )
    return booked
