"""What pages ask over their sockets, as validated models; ``docs/protocol.md`` §3 and §4 are their specification.

An unknown field, another type or an unknown code is refused. Texts are bounded here and judged by the domain.
"""

from __future__ import annotations

from datetime import date
from typing import Annotated, Final, Literal, Self

from pydantic import BeforeValidator, Field, model_validator

from signaling.wire import Identifier, Request
from waiting_room.check_in_items import WaiveReason
from waiting_room.contact_codes import CallReason, CallResult
from waiting_room.model import Wish

__all__ = [
    "MAX_SDP",
    "AdmitRequest",
    "AnswerRequest",
    "BirthDateRequest",
    "CallRequest",
    "CaptionRequest",
    "CareAnswerRequest",
    "CareCaptionRequest",
    "CareChatRequest",
    "CareDevicesRequest",
    "CareMessageRequest",
    "CareModalityRequest",
    "CareReadRequest",
    "CareReportRequest",
    "CareRestartRequest",
    "ChatRequest",
    "DayRequest",
    "DevicesRequest",
    "EmptyRequest",
    "HandOverRequest",
    "InviteRequest",
    "ItemRequest",
    "LateRequest",
    "MessageRequest",
    "ModalityRequest",
    "NoteRequest",
    "ParticipantRequest",
    "ReadRequest",
    "ReportRequest",
    "RestartRequest",
    "VisitRequest",
    "WaiveRequest",
    "WishRequest",
]

MAX_SDP: Final = 49152
LONGEST_TEXT: Final = 4000
MOST_CHECKS: Final = 4
_DAY_LENGTH: Final = len("2026-11-22")


def _day(value: object) -> object:
    """Read a day's own form; what has another is left for the strict date to refuse."""
    return date.fromisoformat(value) if isinstance(value, str) and len(value) == _DAY_LENGTH else value


Day = Annotated[date, BeforeValidator(_day)]
Key = Annotated[str, Field(min_length=1, max_length=64, pattern=r"^[a-z0-9_]+$")]
Words = Annotated[str, Field(max_length=LONGEST_TEXT)]
Milliseconds = Annotated[float, Field(ge=0, le=3_600_000, allow_inf_nan=False)]
Text = Annotated[Words, Field(repr=False)]


class EmptyRequest(Request):
    """A request without argument: ``{}``."""


# The same for both namespaces.


class RestartRequest(Request):
    """`media.restart` of a participant; ``keep``: new ICE credentials are enough."""

    transport: Identifier
    keep: bool


class AnswerRequest(Request):
    """`media.answer` of a participant."""

    transport: Identifier
    revision: int = Field(ge=1, le=1_000_000)
    sdp: str = Field(min_length=1, max_length=MAX_SDP, repr=False)


class DevicesRequest(Request):
    """`media.devices` of a participant: what the page sends now; ``paused``: the picture waits for the sound's sake."""

    microphone: bool
    camera: bool
    screen: bool
    paused: bool


class ReportRequest(Request):
    """`media.report` of a participant: what the page measured of its line in the last seconds."""

    transport: Identifier
    rtt_ms: Milliseconds | None
    freezes: int = Field(ge=0, le=10_000)
    frozen_ms: Milliseconds
    concealed: float = Field(ge=0, le=1, allow_inf_nan=False)
    frames_per_s: float = Field(ge=0, le=1_000, allow_inf_nan=False)
    height: int = Field(ge=0, le=100_000)
    limited: Literal["none", "network", "cpu"]


class ModalityRequest(Request):
    """`visit.modality` of a participant: how they take part now, and why."""

    modality: Literal["video", "audio"]
    reason: Literal["chosen", "network", "device"]


class ReadRequest(Request):
    """`message.read` of a participant: all up to this message is on the screen, or (``read``) was seen."""

    message: Identifier
    read: bool


class ChatRequest(Request):
    """`chat.say` of a participant; ``key`` is the page's own name for the line."""

    key: Annotated[Identifier, Field(max_length=32)]
    text: Text


class CaptionRequest(Request):
    """`captions.say` of a participant."""

    text: Text


# Patients and their guests.


class BirthDateRequest(Request):
    """`identity.confirm`."""

    birth_date: Day = Field(repr=False)


class ItemRequest(Request):
    """`checkin.answer`."""

    item: Key
    answer: Annotated[dict[Key, Words], Field(max_length=8)] = Field(repr=False)


class MessageRequest(Request):
    """`message.send` of a participant."""

    text: Text


class WishRequest(Request):
    """`wish.make`."""

    wish: Annotated[Wish, Field(strict=False)]


# Staff.


class VisitRequest(Request):
    """A staff request about a visit."""

    visit: Identifier


class ParticipantRequest(VisitRequest):
    """A staff request about a participant of a visit."""

    participant: Identifier


class AdmitRequest(ParticipantRequest):
    """`visit.admit`; ``confirmed`` names the checks that the person has made."""

    confirmed: list[Key] = Field([], max_length=MOST_CHECKS)


class HandOverRequest(VisitRequest):
    """`visit.hand_over`; ``to`` is a colleague's user name."""

    to: str = Field(min_length=1, max_length=64)


class InviteRequest(VisitRequest):
    """`visit.invite`."""

    role: Literal["companion", "interpreter", "guest"]
    name: Text
    minutes: int = Field(ge=5, le=60)


class CareMessageRequest(ParticipantRequest):
    """`message.send` of staff: one of ``text`` and ``canned``."""

    text: Text = ""
    canned: Literal["", "soon", "late", "check_sound", "call_you", "stay", "ready"] = ""

    @model_validator(mode="after")
    def _says_one_thing(self) -> Self:
        if bool(self.text) == bool(self.canned):
            raise ValueError("one of text and canned")
        return self


class LateRequest(Request):
    """`queue.late`: for one visit, or for all that it concerns of this person's queue, or of one provider's."""

    minutes: int = Field(ge=0)
    visit: Identifier | None = None
    provider: Identifier | None = None


class CallRequest(VisitRequest):
    """`call.record`."""

    reason: Annotated[CallReason, Field(strict=False)]
    result: Annotated[CallResult, Field(strict=False)]
    note: Text = ""


class NoteRequest(VisitRequest):
    """`note.keep`."""

    text: Text


class WaiveRequest(VisitRequest):
    """`checkin.waive`."""

    item: Key
    reason: Annotated[WaiveReason, Field(strict=False)]
    note: Text = ""


class DayRequest(Request):
    """`readiness.list`."""

    day: Day


class CareRestartRequest(VisitRequest, RestartRequest):
    """`media.restart` of staff."""


class CareAnswerRequest(VisitRequest, AnswerRequest):
    """`media.answer` of staff."""


class CareDevicesRequest(VisitRequest, DevicesRequest):
    """`media.devices` of staff."""


class CareReportRequest(VisitRequest, ReportRequest):
    """`media.report` of staff."""


class CareChatRequest(VisitRequest, ChatRequest):
    """`chat.say` of staff."""


class CareCaptionRequest(VisitRequest, CaptionRequest):
    """`captions.say` of staff."""


class CareModalityRequest(VisitRequest, ModalityRequest):
    """`visit.modality` of staff."""


class CareReadRequest(ParticipantRequest, ReadRequest):
    """`message.read` of staff, for what that participant wrote."""
