"""The messages of links and sign-in as validated models (``docs/protocol.md`` §1), and the cards that every screen shows."""

from __future__ import annotations

from typing import Literal

from pydantic import AliasChoices, BaseModel, ConfigDict, Field

from signaling.wire import Instant, Request
from waiting_room.readiness import DeviceReport, Network, Part

__all__ = [
    "CallAnswer",
    "ClinicCard",
    "CodeRequest",
    "DeviceFindings",
    "Done",
    "FeedbackRequest",
    "InvitationView",
    "LinkState",
    "PasswordRequest",
    "ReadinessAnswer",
    "ReadinessRequest",
    "Receipt",
    "ReceiptPerson",
    "ReceiptTime",
    "ReceiptVisit",
    "Redeemed",
    "SignInRequest",
    "SignedIn",
    "StaffCard",
    "VisitCard",
]

LinkState = Literal["early", "check_in", "open", "rescheduled", "ended", "cancelled"]


class CodeRequest(Request):
    """`POST /api/v1/invitations/view` and `/redeem`."""

    code: str = Field(min_length=1, max_length=64, repr=False)


class DeviceFindings(Request):
    """What the device test found, in classes: no full User-Agent, no label of a device."""

    camera: Part
    microphone: Part
    speaker: Part
    echo: Part = Part.UNTESTED
    network: Network
    in_app: bool
    unsupported: bool
    device: Literal["phone", "tablet", "desktop", "other"]
    system: Literal["ios", "android", "windows", "macos", "linux", "other"]
    browser: Literal["safari", "chrome", "firefox", "edge", "samsung", "other"]

    def as_report(self) -> DeviceReport:
        """Return it as the domain judges it."""
        return DeviceReport(**dict(self))


class ReadinessRequest(CodeRequest):
    """`POST /api/v1/invitations/readiness`."""

    report: DeviceFindings


class ReadinessAnswer(BaseModel):
    """The verdict on a device test."""

    verdict: str
    cause: str


class CallAnswer(BaseModel):
    """What `POST /api/v1/invitations/call` says: whether there is a number to ring."""

    callback_known: bool


class SignInRequest(Request):
    """`POST /api/v1/staff/sign-in`."""

    username: str = Field(min_length=1, max_length=64)
    password: str = Field(min_length=1, max_length=256, repr=False)


class PasswordRequest(Request):
    """`POST /api/v1/staff/password`. The new one's length is judged with its other weaknesses."""

    old: str = Field(min_length=1, max_length=256, repr=False)
    new: str = Field(max_length=1024, repr=False)


class Done(BaseModel):
    """Done, and there is nothing to tell: ``{}``."""


class ClinicCard(BaseModel):
    """The clinic, as every screen shows it. ``support_hours`` is text by language, ``logo`` an address on this server."""

    id: str
    name: str
    phone: str
    time_zone: str
    support_hours: dict[str, str]
    emergency_number: str
    color: str | None
    logo: str | None


class VisitCard(BaseModel):
    """The appointment, as the patient sees it; ``clinician`` is None once it is over, and where nobody is named."""

    starts_at: Instant
    opens_at: Instant
    check_in_opens_at: Instant
    ends_at: Instant
    clinician: str | None = Field(repr=False)


class InvitationView(BaseModel):
    """What a link opens now."""

    state: LinkState
    in_use: bool
    role: str
    ask_birth_date: bool
    visit: VisitCard
    language: str | None
    clinic: ClinicCard
    server_time: Instant


class Redeemed(BaseModel):
    """A session for one participant of one visit."""

    token: str = Field(repr=False)
    expires_at: Instant
    visit: str
    participant: str
    role: str


class ReceiptVisit(BaseModel):
    """The visit's own times."""

    starts_at: Instant
    started_at: Instant | None
    ended_at: Instant | None


class ReceiptTime(BaseModel):
    """From when until when; still so where ``to`` is None."""

    model_config = ConfigDict(serialize_by_alias=True)

    since: Instant = Field(validation_alias=AliasChoices("since", "from"), serialization_alias="from")
    to: Instant | None


class ReceiptPerson(BaseModel):
    """One whose sound or picture could flow, and when. ``me`` marks the one who asks."""

    name: str = Field(repr=False)
    role: str
    me: bool
    times: list[ReceiptTime]


class Receipt(BaseModel):
    """The privacy receipt. ``recorded`` is false: nothing in this server can record."""

    visit: ReceiptVisit
    clinic: ClinicCard
    recorded: Literal[False] = False
    media_server: str
    people: list[ReceiptPerson]


class FeedbackRequest(Request):
    """`POST /api/v1/visits/feedback`: how picture and sound worked."""

    answer: Literal["well", "trouble", "failed"]


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
