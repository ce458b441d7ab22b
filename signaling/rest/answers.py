"""How visits are told over the appointments interface, and at the command line."""

from __future__ import annotations

from collections.abc import Iterable

from signaling.clinics import Clinics
from signaling.rest.models import (
    Appointment,
    AttendanceSheet,
    CallNote,
    CheckInState,
    ClinicFacts,
    ClinicKind,
    InTime,
    LinkedAppointment,
    Links,
    ModalityStep,
    Patient,
    Person,
    ReadinessFound,
)
from waiting_room.attendance import Attendance
from waiting_room.clinic import Clinic
from waiting_room.contact_codes import CallReason, CallResult
from waiting_room.model import Visit
from waiting_room.readiness import Readiness
from waiting_room.store import StaffAccount

__all__ = ["Teller", "clinic_facts", "sheet_of"]


class Teller:
    """Tells of visits. ``accounts`` are today's: make it anew for each request. Staff's ``notes`` are for staff."""

    def __init__(self, clinics: Clinics, accounts: Iterable[StaffAccount], *, notes: bool = True) -> None:
        self._clinics = clinics
        self._notes = notes
        self._usernames = {account.id: account.username for account in accounts}

    def username(self, account_id: str) -> str:
        """Return the user name of an account, "" where there is none any more."""
        return self._usernames.get(account_id, "")

    def appointment(self, visit: Visit) -> Appointment:
        """Return all that is known of an appointment but its link."""
        details, clinic = visit.details, self._clinics.find(visit.clinic_id)
        return Appointment(
            id=visit.id,
            external_id=visit.external_id,
            clinic=visit.clinic_id,
            kind=visit.kind,
            state=visit.phase,
            starts_at=visit.starts_at,
            ends_at=visit.ends_at,
            minutes=round((visit.ends_at - visit.starts_at).total_seconds() / 60),
            time_zone=clinic.time_zone if clinic else "UTC",
            opens_at=visit.opens_at,
            check_in_opens_at=visit.check_in_opens_at,
            expires_at=visit.expires_at,
            providers=[self.username(one.id) for one in visit.providers],
            patient=Patient(
                name=visit.patient.name,
                birth_date=details.birth_date,
                language=details.language,
                time_zone=details.time_zone,
                phone=details.phone,
                email=details.email,
                sms_opt_in=details.sms_opt_in,
                interpreter=details.interpreter,
            ),
            reason=visit.reason,
            check_in=[
                CheckInState(
                    key=item.key,
                    kind=item.kind,
                    state=item.state,
                    title=dict(item.title),
                    url=item.url,
                    answer=dict(item.answer),
                )
                for item in visit.check_in
            ],
            readiness=_readiness(visit.readiness),
            late_minutes=visit.late.minutes if visit.late else None,
            calls=[
                CallNote(
                    at=call.at,
                    by=self.username(call.by),
                    reason=CallReason(call.reason),
                    result=CallResult(call.result),
                    note=call.note if self._notes else "",
                )
                for call in visit.calls
            ],
            note=visit.note if self._notes else "",
        )

    def linked(self, visit: Visit, url: str) -> LinkedAppointment:
        """Return the appointment with the link that was made for its patient."""
        return LinkedAppointment(**dict(self.appointment(visit)), links=Links(patient=url))


def _readiness(found: Readiness | None) -> ReadinessFound | None:
    if found is None:
        return None
    report = found.report
    return ReadinessFound(
        verdict=found.verdict,
        cause=found.cause,
        at=found.at,
        device=report.device,
        system=report.system,
        browser=report.browser,
    )


def sheet_of(visit: Visit, attended: Iterable[Attendance]) -> AttendanceSheet:
    """Return who was there."""
    return AttendanceSheet(appointment=visit.id, people=[_person(one) for one in attended])


def _person(one: Attendance) -> Person:
    return Person(
        id=one.id,
        name=one.name,
        role=one.role,
        times=[InTime(from_=start, to=end) for start, end in one.times],
        minutes=one.minutes,
        modality=one.modality,
        steps=[ModalityStep(at=step.at, modality=step.modality, reason=step.reason) for step in one.steps],
        waited_minutes=one.waited_minutes,
    )


def clinic_facts(clinic: Clinic) -> ClinicFacts:
    """Return what somebody who books needs to know of a clinic."""
    kinds = [ClinicKind(kind=kind, check_in=[item.key for item in items]) for kind, items in clinic.kinds.items()]
    return ClinicFacts(id=clinic.id, name=clinic.name, phone=clinic.phone, time_zone=clinic.time_zone, kinds=kinds)
