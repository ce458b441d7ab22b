"""What happened to a visit: the audit trail, the push to screens, the metrics. Identifiers only, no name and no free text."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from waiting_room.model import Role

__all__ = [
    "CallRecorded",
    "CheckInAnswered",
    "CheckInReported",
    "CheckInWaived",
    "ConnectionLost",
    "ConnectionRestored",
    "DeviceReplaced",
    "EndReason",
    "FeedbackGiven",
    "GuestInvited",
    "IdentityConfirmed",
    "IdentityMismatched",
    "LateTold",
    "LeaveReason",
    "LinkRenewed",
    "MessageDelivered",
    "MessageRead",
    "MessageSent",
    "ModalityChanged",
    "NoteKept",
    "ParticipantAdmitted",
    "ParticipantArrived",
    "ParticipantEntered",
    "ParticipantHeld",
    "ParticipantLeft",
    "ParticipantRemovedByStaff",
    "ParticipantReturned",
    "ParticipantWaiting",
    "PatientDataPurged",
    "PatientHandedOver",
    "PreparationBegun",
    "ReadinessReported",
    "VisitBooked",
    "VisitCancelled",
    "VisitEnded",
    "VisitLookedAt",
    "VisitOpened",
    "VisitRescheduled",
    "VisitStarted",
    "WishMade",
]


class EndReason(StrEnum):
    """Why a visit is over."""

    STAFF = "staff"
    COMPLETED = "completed"
    EXPIRED = "expired"
    NO_SHOW = "no_show"


class LeaveReason(StrEnum):
    """Why a participant is out."""

    OWN_WILL = "own_will"
    GRACE_OVER = "grace_over"
    MADE_ROOM = "made_room"
    HANDED_OVER = "handed_over"
    SIGNED_OFF = "signed_off"
    LINK_EXPIRED = "link_expired"


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """Base of all events: in which visit ("" for none), when (UTC), by whom, from which class of device."""

    visit: str
    at: datetime
    actor: str
    role: Role
    device: str = ""


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
    """Let in by the actor, who confirmed these checks (codes with commas)."""

    participant: str
    confirmed: str = ""


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


# The way through check-in.


@dataclass(frozen=True, slots=True, kw_only=True)
class PreparationBegun(Event):
    """Tapped Start before the room was open."""

    participant: str


@dataclass(frozen=True, slots=True, kw_only=True)
class IdentityConfirmed(Event):
    """The date of birth was right."""

    participant: str


@dataclass(frozen=True, slots=True, kw_only=True)
class IdentityMismatched(Event):
    """The date of birth was wrong."""

    participant: str
    tries_left: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckInAnswered(Event):
    """An item was answered, or answered anew. ``version`` is the consent text's, where it is one."""

    item: str
    version: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckInReported(Event):
    """The portal said that an external item is done, or open again."""

    item: str
    done: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckInWaived(Event):
    """Staff let the patient in without the item."""

    item: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadinessReported(Event):
    """A device test's verdict."""

    participant: str
    verdict: str
    cause: str


# Staff and the visit.


@dataclass(frozen=True, slots=True, kw_only=True)
class VisitLookedAt(Event):
    """Somebody opened the visit's details."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedbackGiven(Event):
    """How picture and sound worked, by one who was in the visit: ``well``, ``trouble`` or ``failed``."""

    participant: str
    answer: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ParticipantHeld(Event):
    """On hold: sound and picture stopped."""

    participant: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ParticipantReturned(Event):
    """Back in line, by staff."""

    participant: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PatientHandedOver(Event):
    """Ready for this colleague."""

    to: str


@dataclass(frozen=True, slots=True, kw_only=True)
class GuestInvited(Event):
    """A role-labelled link was made."""

    participant: str
    guest_role: Role
    expires_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ModalityChanged(Event):
    """How a participant takes part, and why."""

    participant: str
    modality: str
    reason: str


# Words.


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageSent(Event):
    """Said in the waiting room; the words are not part of the trail."""

    participant: str
    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageDelivered(Event):
    """Shown by the page it was meant for."""

    participant: str
    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageRead(Event):
    """Seen by the person it was meant for."""

    participant: str
    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LateTold(Event):
    """Running late by so many minutes; 0 took it back."""

    minutes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class WishMade(Event):
    """The patient asked for something."""

    participant: str
    wish: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CallRecorded(Event):
    """Staff called the patient."""

    reason: str
    result: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteKept(Event):
    """The staff's note was written."""


# The appointment.


@dataclass(frozen=True, slots=True, kw_only=True)
class VisitRescheduled(Event):
    """Another time; links and sessions made before are dead."""

    starts_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkRenewed(Event):
    """A new link; the one before is dead."""

    participant: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PatientDataPurged(Event):
    """Retention is over: the patient's data are gone, the trail stays."""
