"""The appointments interface as a table: what is served, to whom, and what may be refused. Its description is made from it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from pydantic import BaseModel

from signaling.rest import models
from signaling.rest.queries import ListQuery, NoQuery, PeriodQuery, Query
from signaling.rest.scopes import Scope
from signaling.wire import Request
from waiting_room.roles import Action

__all__ = ["PREFIX", "ROUTES", "Route"]

PREFIX: Final = "/api/v1"


@dataclass(frozen=True, slots=True)
class Route:
    """One request. ``name`` is the operation's id and its handler's.

    ``actions`` are lines of the role table, one of which must grant it. ``answer`` None is CSV. ``refusals`` are the codes beside
    those that every request can meet; ``once`` takes an Idempotency-Key.
    """

    name: str
    method: str
    path: str
    summary: str
    scope: Scope
    actions: frozenset[Action]
    answer: type[BaseModel] | None
    asks: type[Request] | None = None
    query: type[Query] = NoQuery
    status: int = 200
    refusals: tuple[str, ...] = ()
    once: bool = False


# Whoever may see the queue or book may read what is booked.
_READ: Final = frozenset({Action.SEE_QUEUE, Action.BOOK})
_STATE: Final = ("visit_unknown", "wrong_state")
_BOOKING: Final = ("invalid_booking", "clinic_unknown")

ROUTES: Final[tuple[Route, ...]] = (
    Route(
        "book",
        "POST",
        "/appointments",
        "Book an appointment; the answer holds the patient's link, which is shown only here.",
        Scope.APPOINTMENTS_WRITE,
        frozenset({Action.BOOK}),
        models.LinkedAppointment,
        asks=models.BookRequest,
        status=201,
        refusals=(*_BOOKING, "idempotency_key_reused"),
        once=True,
    ),
    Route(
        "list_appointments",
        "GET",
        "/appointments",
        "List appointments by start.",
        Scope.APPOINTMENTS_READ,
        _READ,
        models.AppointmentList,
        query=ListQuery,
        refusals=("clinic_unknown", "account_unknown"),
    ),
    Route(
        "read",
        "GET",
        "/appointments/{id}",
        "Read an appointment.",
        Scope.APPOINTMENTS_READ,
        _READ,
        models.Appointment,
        refusals=("visit_unknown",),
    ),
    Route(
        "reschedule",
        "POST",
        "/appointments/{id}/reschedule",
        "Move an appointment. All links made before die at once; the answer holds the patient's new one.",
        Scope.APPOINTMENTS_WRITE,
        frozenset({Action.RESCHEDULE}),
        models.LinkedAppointment,
        asks=models.RescheduleRequest,
        refusals=(*_BOOKING, *_STATE),
    ),
    Route(
        "cancel",
        "POST",
        "/appointments/{id}/cancel",
        "Cancel an appointment that has not begun. Its links die at once.",
        Scope.APPOINTMENTS_WRITE,
        frozenset({Action.CANCEL}),
        models.Appointment,
        asks=models.Empty,
        refusals=_STATE,
    ),
    Route(
        "no_show",
        "POST",
        "/appointments/{id}/no-show",
        "Note that the patient did not come; not before the booked start.",
        Scope.APPOINTMENTS_WRITE,
        frozenset({Action.MARK_NO_SHOW}),
        models.Appointment,
        asks=models.Empty,
        refusals=_STATE,
    ),
    Route(
        "complete",
        "POST",
        "/appointments/{id}/complete",
        "Note that the appointment was kept, if need be by phone.",
        Scope.APPOINTMENTS_WRITE,
        frozenset({Action.COMPLETE}),
        models.Appointment,
        asks=models.Empty,
        refusals=_STATE,
    ),
    Route(
        "renew_link",
        "POST",
        "/appointments/{id}/link",
        "Make a new link for the patient; the one before dies at once.",
        Scope.APPOINTMENTS_WRITE,
        frozenset({Action.BOOK}),
        models.LinkedAppointment,
        asks=models.Empty,
        refusals=_STATE,
    ),
    Route(
        "report_check_in",
        "PUT",
        "/appointments/{id}/check-in/{key}",
        "Report what the portal knows of one of its own check-in items.",
        Scope.CHECK_IN_WRITE,
        frozenset({Action.REPORT_CHECK_IN}),
        models.Appointment,
        asks=models.CheckInReport,
        refusals=(*_STATE, "item_unknown"),
    ),
    Route(
        "waive_check_in",
        "POST",
        "/appointments/{id}/check-in/{key}/waive",
        "Let the patient in without a check-in item. Only staff may, under their own name.",
        Scope.CHECK_IN_WRITE,
        frozenset({Action.WAIVE_CHECK_IN}),
        models.Appointment,
        asks=models.WaiveRequest,
        refusals=(*_STATE, "item_unknown", "invalid_text"),
    ),
    Route(
        "attendance",
        "GET",
        "/appointments/{id}/attendance",
        "Read who was in the visit, when, for how long, and how.",
        Scope.APPOINTMENTS_READ,
        _READ,
        models.AttendanceSheet,
        refusals=("visit_unknown",),
    ),
    Route(
        "report",
        "GET",
        "/reports/{report}",
        "Read a report as CSV, without names.",
        Scope.REPORTS_READ,
        frozenset({Action.READ_REPORTS}),
        None,
        query=PeriodQuery,
        refusals=("clinic_unknown", "not_found"),
    ),
    Route(
        "clinics_list",
        "GET",
        "/clinics",
        "List the clinics that this caller may book for.",
        Scope.APPOINTMENTS_READ,
        _READ,
        models.ClinicList,
    ),
)
