"""The wire's messages as validated models; ``docs/protocol.md`` is their specification.

Requests refuse unknown fields; what the server sends is built from these models too, so the two cannot drift apart.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated, Final, Literal

from pydantic import AliasChoices, BaseModel, ConfigDict, Field, PlainSerializer

__all__ = [
    "MAX_SDP",
    "AnswerRequest",
    "Bye",
    "CareAnswerRequest",
    "CareDevicesRequest",
    "CareRestartRequest",
    "CareSnapshot",
    "ClinicCard",
    "CodeRequest",
    "CurrentVisit",
    "DevicesRequest",
    "EmptyRequest",
    "IceServer",
    "InvitationView",
    "Me",
    "MediaState",
    "Other",
    "ParticipantRequest",
    "QueuePatient",
    "QueueProvider",
    "QueueRow",
    "Redeemed",
    "RemoteMedia",
    "RestartRequest",
    "SignInRequest",
    "SignedIn",
    "StaffCard",
    "VisitCard",
    "VisitRequest",
    "VisitSnapshot",
    "instant",
]

MAX_SDP: Final = 49152

Identifier = Annotated[str, Field(min_length=1, max_length=64, pattern=r"^[A-Za-z0-9_-]+$")]


def instant(value: datetime) -> str:
    """Return the wire's form of a time: RFC 3339 in UTC with milliseconds."""
    return value.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


Instant = Annotated[datetime, PlainSerializer(instant, return_type=str)]


class _Request(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)


class CodeRequest(_Request):
    """`POST /api/v1/invitations/view` and `/redeem`."""

    code: str = Field(min_length=1, max_length=64, repr=False)


class SignInRequest(_Request):
    """`POST /api/v1/staff/sign-in`."""

    username: str = Field(min_length=1, max_length=64)
    password: str = Field(min_length=1, max_length=256, repr=False)


class EmptyRequest(_Request):
    """A request without argument: ``{}``."""


class RestartRequest(_Request):
    """`media.restart` of a participant."""

    transport: Identifier


class AnswerRequest(RestartRequest):
    """`media.answer` of a participant."""

    revision: int = Field(ge=1, le=1_000_000)
    sdp: str = Field(min_length=1, max_length=MAX_SDP, repr=False)


class DevicesRequest(_Request):
    """`media.devices` of a participant: what the page sends now."""

    microphone: bool
    camera: bool


class VisitRequest(_Request):
    """A staff request about a visit."""

    visit: Identifier


class ParticipantRequest(VisitRequest):
    """A staff request about a participant of a visit."""

    participant: Identifier


class CareRestartRequest(VisitRequest, RestartRequest):
    """`media.restart` of staff."""


class CareAnswerRequest(VisitRequest, AnswerRequest):
    """`media.answer` of staff."""


class CareDevicesRequest(VisitRequest, DevicesRequest):
    """`media.devices` of staff."""


class ClinicCard(BaseModel):
    """The clinic, as every screen shows it."""

    name: str
    phone: str
    time_zone: str


class VisitCard(BaseModel):
    """The appointment, as the patient sees it; ``clinician`` is None once it is over."""

    starts_at: Instant
    opens_at: Instant
    ends_at: Instant
    clinician: str | None = Field(repr=False)


class InvitationView(BaseModel):
    """What a link opens now."""

    state: Literal["early", "open", "ended", "cancelled"]
    in_use: bool
    role: str
    visit: VisitCard
    clinic: ClinicCard
    server_time: Instant


class Redeemed(BaseModel):
    """A session for one participant of one visit."""

    token: str = Field(repr=False)
    expires_at: Instant
    visit: str
    participant: str
    role: str


class StaffCard(BaseModel):
    """A member of staff, to themselves."""

    username: str
    name: str = Field(repr=False)
    role: str


class SignedIn(BaseModel):
    """A session for a member of staff."""

    token: str = Field(repr=False)
    expires_at: Instant
    staff: StaffCard


class IceServer(BaseModel):
    """A TURN server with its credential, in the browser's own form."""

    urls: list[str]
    username: str = Field(repr=False)
    credential: str = Field(repr=False)


class RemoteMedia(BaseModel):
    """Whose sound or picture arrives on which mid."""

    mid: str
    source: str
    participant: str
    name: str = Field(repr=False)


class MediaState(BaseModel):
    """The state of a participant's negotiation; ``sdp`` is the offer, None once this revision was answered."""

    transport: str
    revision: int
    sdp: str | None = Field(repr=False)
    publish: bool
    mids: dict[str, str]
    remote: list[RemoteMedia]
    ice_servers: list[IceServer]


class Me(BaseModel):
    """The participant whose screen this is."""

    id: str
    role: str
    name: str = Field(repr=False)
    phase: str


class Other(Me):
    """Somebody else in the visit; ``microphone`` and ``camera`` are None until that page has said."""

    connected: bool
    microphone: bool | None = None
    camera: bool | None = None


class SnapshotVisit(VisitCard):
    """The visit, in a participant's snapshot."""

    id: str
    phase: str
    started_at: Instant | None


class VisitSnapshot(BaseModel):
    """The whole state of a participant's screen."""

    version: int
    server_time: Instant
    clinic: ClinicCard
    visit: SnapshotVisit
    me: Me
    others: list[Other]
    staff_present: bool
    media: MediaState | None


class QueueProvider(BaseModel):
    """Whose appointment it is."""

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


class QueueRow(BaseModel):
    """One appointment in the queue; ``may`` lists the requests that would be granted now."""

    model_config = ConfigDict(serialize_by_alias=True)

    visit: str
    phase: str
    starts_at: Instant
    opens_at: Instant
    ends_at: Instant
    reason: str = Field(repr=False)
    provider: QueueProvider
    patient: QueuePatient
    with_: list[str] = Field(validation_alias=AliasChoices("with_", "with"), serialization_alias="with", repr=False)
    may: list[str]


class CurrentVisit(BaseModel):
    """The visit that a member of staff is in."""

    id: str
    phase: str
    started_at: Instant | None
    elsewhere: bool
    may: list[str]
    me: Me
    others: list[Other]
    media: MediaState | None


class CareSnapshot(BaseModel):
    """The whole state of a staff screen."""

    version: int
    server_time: Instant
    clinic: ClinicCard
    me: StaffCard
    queue: list[QueueRow]
    visit: CurrentVisit | None


class Bye(BaseModel):
    """The last event before the server disconnects a session."""

    code: str
    message: str
