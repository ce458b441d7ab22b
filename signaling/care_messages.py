"""What the server sends to staff's pages over the sockets, as models; ``docs/protocol.md`` §4 is their specification."""

from __future__ import annotations

from datetime import date
from typing import Any

from pydantic import AliasChoices, BaseModel, ConfigDict, Field

from signaling.http_messages import ClinicCard, StaffCard
from signaling.messages import MediaState, Other, Person, RowCheckIn
from signaling.photo_messages import PhotoCard
from signaling.talk_messages import TalkCard
from signaling.wire import Instant

__all__ = [
    "CallList",
    "CareClinicCard",
    "CareSnapshot",
    "Colleague",
    "ColleagueList",
    "CurrentVisit",
    "Guest",
    "Invited",
    "MadeWish",
    "PhoneCall",
    "QueueChanges",
    "QueuePatient",
    "QueueProvider",
    "QueueReadiness",
    "QueueRow",
    "Row",
    "SignedInStaff",
    "StaffMessage",
]

Row = dict[str, Any]
"""A `QueueRow` in the wire's form: made once, and sent to everybody who sees the same."""


class QueueProvider(BaseModel):
    """A clinician whose appointment it is, or to whom the patient was handed over."""

    id: str
    name: str = Field(repr=False)


class QueuePatient(BaseModel):
    """The patient of a queue row."""

    id: str
    name: str = Field(repr=False)
    phase: str
    arrived_at: Instant | None
    waiting_since: Instant | None
    connected: bool
    lost_at: Instant | None
    birth_date: date | None = Field(repr=False)
    language: str
    interpreter: bool
    phone: str = Field(repr=False)
    identity: str
    modality: str | None


class QueueReadiness(BaseModel):
    """The newest device test."""

    verdict: str
    cause: str
    echo: str
    at: Instant
    device: str
    system: str
    browser: str


class MadeWish(BaseModel):
    """What the patient asked for, and when."""

    wish: str
    at: Instant


class Guest(BaseModel):
    """Somebody whom staff invited."""

    id: str
    name: str = Field(repr=False)
    role: str
    phase: str
    connected: bool
    waiting_since: Instant | None
    link_expires_at: Instant | None


class StaffMessage(BaseModel):
    """A message, as staff see it; ``participant`` is whose thread it is in."""

    id: str
    participant: str
    at: Instant
    from_staff: bool
    name: str = Field(repr=False)
    text: str = Field(repr=False)
    canned: str
    delivered: bool
    read: bool


class PhoneCall(BaseModel):
    """A call that staff made."""

    at: Instant
    name: str = Field(repr=False)
    reason: str
    result: str
    note: str = Field(repr=False)


class QueueRow(BaseModel):
    """One appointment in the queue; ``may`` lists the requests that would be granted now."""

    model_config = ConfigDict(serialize_by_alias=True)

    visit: str
    kind: str
    phase: str
    starts_at: Instant
    opens_at: Instant
    ends_at: Instant
    reason: str = Field(repr=False)
    providers: list[QueueProvider]
    patient: QueuePatient
    check_in: RowCheckIn
    readiness: QueueReadiness | None
    checks: list[str]
    with_: list[str] = Field(validation_alias=AliasChoices("with_", "with"), serialization_alias="with", repr=False)
    handed_to: QueueProvider | None
    late_minutes: int | None
    wishes: list[MadeWish]
    guests: list[Guest]
    messages: list[StaffMessage]
    calls: list[PhoneCall]
    note: str = Field(repr=False)
    may: list[str]


class QueueChanges(BaseModel):
    """What changed in the queue since the snapshot before; all of it where ``full``."""

    full: bool
    rows: list[Row] = Field(repr=False)
    gone: list[str]


class CallList(BaseModel):
    """The answer to `readiness.list`."""

    day: date
    total: int
    ready: int
    untested: int
    rows: list[Row] = Field(repr=False)


class Colleague(BaseModel):
    """Somebody to hand over to; ``here`` while a screen of theirs is connected."""

    username: str
    name: str = Field(repr=False)
    role: str
    here: bool


class ColleagueList(BaseModel):
    """The answer to `staff.list`."""

    staff: list[Colleague]


class Invited(BaseModel):
    """The answer to `visit.invite`. The link cannot be shown again."""

    participant: str
    url: str = Field(repr=False)
    expires_at: Instant


# A staff page.


class CareClinicCard(ClinicCard):
    """The clinic, with what its staff's list is coloured by, and whom they call in an emergency by the patient's state."""

    amber_minutes: int
    red_minutes: int
    emergency_phones: dict[str, str]


class CurrentVisit(BaseModel):
    """The visit that a member of staff is in."""

    id: str
    phase: str
    started_at: Instant | None
    elsewhere: bool
    may: list[str]
    me: Person
    others: list[Other]
    photos: list[PhotoCard]
    photo_asked: bool
    talk: TalkCard | None
    media: MediaState | None


class SignedInStaff(StaffCard):
    """The person whose screen it is; ``id`` is what rows name them by."""

    id: str


class CareSnapshot(BaseModel):
    """The state of a staff screen; the queue by difference."""

    version: int
    server_time: Instant
    clinic: CareClinicCard
    me: SignedInStaff
    idle_after_s: int
    queue: QueueChanges
    visit: CurrentVisit | None
