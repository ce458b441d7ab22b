"""What happened to a visit: the audit trail, the push to screens, the metrics. Identifiers only, no name and no free text."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from waiting_room.model import Role

__all__ = [
    "ConnectionLost",
    "ConnectionRestored",
    "DeviceReplaced",
    "EndReason",
    "Event",
    "LeaveReason",
    "ParticipantAdmitted",
    "ParticipantArrived",
    "ParticipantEntered",
    "ParticipantLeft",
    "ParticipantRemovedByStaff",
    "ParticipantWaiting",
    "VisitBooked",
    "VisitCancelled",
    "VisitEnded",
    "VisitOpened",
    "VisitStarted",
]


class EndReason(StrEnum):
    """Why a visit is over."""

    STAFF = "staff"
    EXPIRED = "expired"
    NO_SHOW = "no_show"


class LeaveReason(StrEnum):
    """Why a participant is out."""

    OWN_WILL = "own_will"
    GRACE_OVER = "grace_over"
    MADE_ROOM = "made_room"


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """Base of all events: in which visit, when (UTC), and by whom."""

    visit: str
    at: datetime
    actor: str
    role: Role


@dataclass(frozen=True, slots=True, kw_only=True)
class VisitBooked(Event):
    """The appointment exists and its link was made."""


@dataclass(frozen=True, slots=True, kw_only=True)
class VisitOpened(Event):
    """The join window has begun."""


@dataclass(frozen=True, slots=True, kw_only=True)
class VisitStarted(Event):
    """The first admission: media may flow."""


@dataclass(frozen=True, slots=True, kw_only=True)
class VisitEnded(Event):
    """Final: the links open nothing any more."""

    reason: EndReason


@dataclass(frozen=True, slots=True, kw_only=True)
class VisitCancelled(Event):
    """Final: the appointment does not take place."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ParticipantArrived(Event):
    """Tapped Start."""

    participant: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DeviceReplaced(Event):
    """Another device or window speaks for this person now, present or not; ``old_session`` opens nothing any more."""

    participant: str
    old_session: str = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class ParticipantWaiting(Event):
    """In line."""

    participant: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ParticipantAdmitted(Event):
    """Let in by the actor."""

    participant: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ParticipantEntered(Event):
    """A staff member went in."""

    participant: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ParticipantLeft(Event):
    """Out, but may come back while the visit is open."""

    participant: str
    reason: LeaveReason


@dataclass(frozen=True, slots=True, kw_only=True)
class ParticipantRemovedByStaff(Event):
    """Out for good."""

    participant: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ConnectionLost(Event):
    """Out of touch; the place is kept for the grace period."""

    participant: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ConnectionRestored(Event):
    """In touch (again)."""

    participant: str
