"""What the appointments interface takes and answers, as validated models; ``GET /api/v1/openapi.json`` is made from them."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Final, Literal
from urllib.parse import urlsplit

from pydantic import AfterValidator, AliasChoices, BaseModel, ConfigDict, Field, WithJsonSchema

from signaling.wire import Identifier, Instant, Request
from waiting_room.check_in_items import ItemKind, ItemState, WaiveReason
from waiting_room.contact_codes import CallReason, CallResult
from waiting_room.model import Modality, Role, VisitPhase
from waiting_room.readiness import Cause, Verdict

__all__ = [
    "Appointment",
    "AppointmentList",
    "AttendanceSheet",
    "BookRequest",
    "CallNote",
    "CheckInAsked",
    "CheckInReport",
    "CheckInState",
    "ClinicFacts",
    "ClinicKind",
    "ClinicList",
    "Empty",
    "ErrorAnswer",
    "InTime",
    "ItemAsked",
    "LinkedAppointment",
    "Links",
    "ModalityStep",
    "Patient",
    "PatientAsked",
    "Person",
    "ReadinessFound",
    "RescheduleRequest",
    "WaiveRequest",
]

BOOKED: Final[dict[str, Any]] = {
    "external_id": "portal-4711",
    "starts_at": "2026-11-23T14:30",
    "minutes": 30,
    "providers": ["sample.provider"],
    "patient": {
        "name": "Sample Patient",
        "birth_date": "1961-04-30",
        "language": "es",
        "time_zone": "America/New_York",
        "phone": "555-0142",
        "email": "sample.patient@clinic.example",
        "sms_opt_in": True,
    },
    "reason": "Follow-up, left knee",
}


def _web_address(value: str) -> str:
    parts = urlsplit(value)
    if value and (parts.scheme not in {"http", "https"} or not parts.hostname or not value.isprintable()):
        raise ValueError("must be http(s)://host/…")
    return value


Time = Annotated[Instant, WithJsonSchema({"type": "string", "format": "date-time"})]
Language = Annotated[str, Field(pattern=r"^[a-z]{2,3}$")]
StartsAt = Annotated[
    str,
    Field(
        max_length=40,
        description="RFC 3339 with an offset, or a local time of `time_zone`. A local time that the clocks skip is refused,"
        " one that comes twice too unless `fold` says which.",
    ),
]
Fold = Annotated[
    Literal[0, 1] | None, Field(description="Where a local time comes twice: 0 is the first one, 1 the second.")
]
Minutes = Annotated[int, Field(ge=5, le=480)]
Username = Annotated[str, Field(min_length=1, max_length=64)]
Usernames = Annotated[
    list[Username], Field(max_length=5, description="Providers' user names; none means the clinic's shared queue.")
]


class Empty(Request):
    """A request that says nothing further: ``{}``, or no body at all."""


class PatientAsked(Request):
    """Whom the appointment is for."""

    name: str = Field(min_length=1, max_length=120, repr=False)
    birth_date: date | None = Field(None, repr=False)
    language: Language = "en"
    time_zone: str = Field("", max_length=64, description="A name of the tz database.")
    phone: str = Field("", max_length=40, repr=False)
    email: str = Field("", max_length=254, repr=False)
    sms_opt_in: bool = False
    interpreter: bool = Field(default=False, description="An interpreter is needed.")


class ItemAsked(Request):
    """A check-in item of this appointment alone. ``title`` (by language) and ``url`` are for external ones."""

    key: str = Field(pattern=r"^[a-z][a-z0-9_]{0,31}$")
    kind: ItemKind
    title: dict[Language, Annotated[str, Field(min_length=1, max_length=200)]] = Field({}, max_length=20)
    url: Annotated[str, AfterValidator(_web_address), Field(max_length=500)] = ""


CheckInAsked = Annotated[
    list[ItemAsked] | None,
    Field(
        max_length=12, description="Given, it stands in the place of the clinic's items of this kind; `[]` means none."
    ),
]


class BookRequest(Request):
    """`POST /appointments`."""

    model_config = ConfigDict(json_schema_extra={"examples": [BOOKED]})

    clinic: Identifier | None = Field(
        None, description="May be left out where the caller has one clinic, or the server serves but one."
    )
    external_id: str = Field("", max_length=120, description="The caller's own identifier of this appointment.")
    kind: str = Field("video", max_length=32, description="The type of appointment: one of the clinic's `kinds`.")
    starts_at: StartsAt
    time_zone: str | None = Field(
        None, max_length=64, description="Zone of a `starts_at` without an offset; else the clinic's."
    )
    fold: Fold = None
    minutes: Minutes = 30
    providers: Usernames = Field(default_factory=list)
    patient: PatientAsked
    reason: str = Field("", max_length=500, repr=False)
    check_in: CheckInAsked = None


class RescheduleRequest(Request):
    """`POST /appointments/{id}/reschedule`. What is not given stays as it is."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"starts_at": "2026-11-24T09:00-05:00"}]})

    starts_at: StartsAt
    time_zone: str | None = Field(None, max_length=64)
    fold: Fold = None
    minutes: Minutes | None = None
    providers: Usernames | None = None


class CheckInReport(Request):
    """`PUT /appointments/{id}/check-in/{key}`: what the portal knows of an item of its own."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"state": "done"}]})

    state: Literal["done", "open"]


class WaiveRequest(Request):
    """`POST /appointments/{id}/check-in/{key}/waive`."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"reason": "answered_by_phone", "note": ""}]})

    reason: WaiveReason
    note: str = Field("", max_length=500, repr=False, description="For staff; not part of the audit trail.")


class Patient(BaseModel):
    """Whom the appointment is for."""

    name: str = Field(repr=False)
    birth_date: date | None = Field(repr=False)
    language: str
    time_zone: str
    phone: str = Field(repr=False)
    email: str = Field(repr=False)
    sms_opt_in: bool
    interpreter: bool


class CheckInState(BaseModel):
    """A check-in item as it stands."""

    key: str
    kind: ItemKind
    state: ItemState
    title: dict[str, str]
    url: str
    answer: dict[str, str] = Field(repr=False)


class ReadinessFound(BaseModel):
    """The newest device test's verdict, and what stands in the way."""

    verdict: Verdict
    cause: Cause
    at: Time
    device: str
    system: str
    browser: str


class CallNote(BaseModel):
    """A phone call by staff. ``by`` is a user name, "" for somebody who has no account any more."""

    at: Time
    by: str
    reason: CallReason
    result: CallResult
    note: str = Field(repr=False)


class Appointment(BaseModel):
    """An appointment and its state."""

    id: str
    external_id: str
    clinic: str
    kind: str
    state: VisitPhase
    starts_at: Time
    ends_at: Time
    minutes: int
    time_zone: str = Field(description="The clinic's.")
    opens_at: Time = Field(description="When the waiting room opens.")
    check_in_opens_at: Time
    expires_at: Time = Field(description="When the link ends, unless somebody is there.")
    providers: list[str] = Field(description="User names.")
    patient: Patient
    reason: str = Field(repr=False)
    check_in: list[CheckInState]
    readiness: ReadinessFound | None
    late_minutes: int | None
    calls: list[CallNote]
    note: str = Field(repr=False)


class Links(BaseModel):
    """New links. They are shown here once: the server keeps only their hashes."""

    patient: str = Field(repr=False, json_schema_extra={"format": "uri"})


class LinkedAppointment(Appointment):
    """An appointment with the link that this request made."""

    links: Links


class AppointmentList(BaseModel):
    """A page of appointments, by start. ``next`` is the ``cursor`` of the page after it, null on the last one."""

    appointments: list[Appointment]
    next: str | None


class InTime(BaseModel):
    """A time within the visit's media; ``to`` is null while it lasts."""

    model_config = ConfigDict(serialize_by_alias=True)

    from_: Time = Field(validation_alias=AliasChoices("from_", "from"), serialization_alias="from")
    to: Time | None


class ModalityStep(BaseModel):
    """From then on the person took part so; ``reason`` is a code."""

    at: Time
    modality: Modality
    reason: str


class Person(BaseModel):
    """One person's part in a visit, for billing. ``waited_minutes`` is null for those who were not admitted from the line.

    ``modality`` is null for those who had neither sound nor picture. A time ends where the connection was lost for good.
    """

    id: str
    name: str = Field(repr=False)
    role: Role
    times: list[InTime]
    minutes: float
    modality: Modality | None
    steps: list[ModalityStep]
    waited_minutes: float | None


class AttendanceSheet(BaseModel):
    """Who was in a visit, when, for how long, and how."""

    appointment: str
    people: list[Person]


class ClinicKind(BaseModel):
    """A type of appointment and its check-in items."""

    kind: str
    check_in: list[str]


class ClinicFacts(BaseModel):
    """A clinic that this caller may book for."""

    id: str
    name: str
    phone: str
    time_zone: str
    kinds: list[ClinicKind]


class ClinicList(BaseModel):
    """The caller's clinics."""

    clinics: list[ClinicFacts]


class ErrorFacts(BaseModel):
    """What was refused. ``code`` is stable; ``field`` and ``reason`` say what is wrong with a request, where that can be said."""

    model_config = ConfigDict(extra="allow")

    code: str
    message: str
    field: str | None = None
    reason: str | None = None


class ErrorAnswer(BaseModel):
    """Every failure."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"error": {"code": "visit_unknown", "message": "there is no such visit"}}]}
    )

    error: ErrorFacts
