"""What a visit is: plain values, no behaviour beyond questions about themselves.

All instants are timezone-aware UTC ``datetime``. Names, answers and free text are left out of ``repr`` so that no log line can
show them.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum

from waiting_room.check_in_items import CheckInItem
from waiting_room.readiness import Readiness

__all__ = [
    "CLOCK",
    "Actor",
    "CallRecord",
    "ChatLine",
    "Identity",
    "LateNotice",
    "Message",
    "Modality",
    "Participant",
    "ParticipantPhase",
    "PatientDetails",
    "Provider",
    "Role",
    "Visit",
    "VisitPhase",
    "Wish",
]


class Role(StrEnum):
    """Who acts. The first five come by a link, the next three sign in, the last two have no screen.

    A helper gets the patient ready and is never in line or in the visit.
    """

    PATIENT = "patient"
    COMPANION = "companion"
    INTERPRETER = "interpreter"
    GUEST = "guest"
    HELPER = "helper"
    FRONT_DESK = "front_desk"
    NURSE = "nurse"
    PROVIDER = "provider"
    OPERATOR = "operator"
    CLOCK = "clock"

    @property
    def by_link(self) -> bool:
        """Comes by an invitation, not by signing in."""
        return self in {Role.PATIENT, Role.COMPANION, Role.INTERPRETER, Role.GUEST, Role.HELPER}

    @property
    def staff(self) -> bool:
        """Signs in under an own name."""
        return self in {Role.FRONT_DESK, Role.NURSE, Role.PROVIDER}


class VisitPhase(StrEnum):
    """A visit's life. The last three are final."""

    BOOKED = "booked"
    OPEN = "open"
    IN_PROGRESS = "in_progress"
    ENDED = "ended"
    CANCELLED = "cancelled"
    NO_SHOW = "no_show"

    @property
    def final(self) -> bool:
        """Nothing opens a visit again."""
        return self in {VisitPhase.ENDED, VisitPhase.CANCELLED, VisitPhase.NO_SHOW}


class ParticipantPhase(StrEnum):
    """A participant's life within a visit. Removal is final.

    ``preparing`` is the tap on Start before the room is open: check-in and device test, no place in line yet.
    """

    INVITED = "invited"
    PREPARING = "preparing"
    ARRIVED = "arrived"
    WAITING = "waiting"
    IN_VISIT = "in_visit"
    ON_HOLD = "on_hold"
    LEFT = "left"
    REMOVED = "removed"

    @property
    def present(self) -> bool:
        """Holds a place: arrived, waiting, in the visit or on hold."""
        return self in {
            ParticipantPhase.ARRIVED,
            ParticipantPhase.WAITING,
            ParticipantPhase.IN_VISIT,
            ParticipantPhase.ON_HOLD,
        }


class Identity(StrEnum):
    """Whether the patient's device has given the date of birth, where the clinic asks for it."""

    NOT_ASKED = "not_asked"
    ASKED = "asked"
    CONFIRMED = "confirmed"
    STAFF_CHECKS = "staff_checks"
    """Too many wrong tries on this link: the patient goes on, and staff ask at admission, which confirms this device alone.
    So nobody can be locked out."""


class Modality(StrEnum):
    """How a participant takes part, kept for billing."""

    VIDEO = "video"
    AUDIO = "audio"
    PHONE = "phone"


class Wish(StrEnum):
    """What a patient can ask staff for from the page."""

    CALL = "call"
    COMPANION = "companion"
    INTERPRETER = "interpreter"


@dataclass(frozen=True, slots=True)
class Actor:
    """Who gives a command. ``id`` is a participant's id for those who came by a link, an account's id for staff.

    ``clinic`` is the staff member's own; ``device`` is the class of the device asked from (``phone``, ``desktop``, ``api`` …)
    and goes into the audit trail.
    """

    id: str
    role: Role
    name: str = field(default="", repr=False)
    clinic: str = ""
    device: str = field(default="", compare=False)


CLOCK = Actor(id="clock", role=Role.CLOCK)


@dataclass(frozen=True, slots=True)
class Provider:
    """A clinician whose appointment it is."""

    id: str
    name: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class PatientDetails:
    """What the clinic knows of the patient beside the name. ``language`` is BCP 47's primary tag."""

    birth_date: date | None = field(default=None, repr=False)
    language: str = "en"
    time_zone: str = ""
    phone: str = field(default="", repr=False)
    email: str = field(default="", repr=False)
    sms_opt_in: bool = False
    interpreter: bool = False


@dataclass(frozen=True, slots=True)
class Message:
    """Something said in the waiting room. ``canned`` names one of the clinic's ready sentences, else ``text`` is free."""

    id: str
    thread: str
    sender: str
    sender_role: Role
    sender_name: str = field(repr=False)
    at: datetime
    text: str = field(default="", repr=False)
    canned: str = ""
    delivered_at: datetime | None = None
    read_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class ChatLine:
    """Something written in the visit, to everybody who is in it."""

    id: str
    sender: str
    sender_name: str = field(repr=False)
    at: datetime
    text: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class LateNotice:
    """The clinician runs late by about so many minutes, told at ``at``."""

    minutes: int
    at: datetime


@dataclass(frozen=True, slots=True)
class CallRecord:
    """A phone call by staff about this visit. ``reason`` and ``result`` are codes of `waiting_room.contact`."""

    at: datetime
    by: str
    by_name: str = field(repr=False)
    reason: str
    result: str
    note: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Participant:
    """One person in one visit.

    ``session`` names the device or window that speaks for the person; commands of an older one are refused.
    ``session_since`` is when it took over; what was said before is not for one that gave no date of birth.
    ``lost_at`` is None while that device is connected, else the moment it was last seen.
    ``link_expires_at`` is set for those whom staff invited: after it their link lets nobody in any more, and no other
    device; the one that is there stays.
    """

    id: str
    role: Role
    name: str = field(repr=False)
    phase: ParticipantPhase = ParticipantPhase.INVITED
    session: str | None = field(default=None, repr=False)
    arrived_at: datetime | None = None
    waiting_since: datetime | None = None
    admitted_at: datetime | None = None
    admitted_by: str | None = None
    left_at: datetime | None = None
    lost_at: datetime | None = None
    identity: Identity = Identity.NOT_ASKED
    wrong_dates: int = 0
    modality: Modality | None = None
    invited_by: str | None = None
    link_expires_at: datetime | None = None
    session_since: datetime | None = None

    @property
    def connected(self) -> bool:
        """Present, and its device is in touch with the server."""
        return self.phase.present and self.lost_at is None

    @property
    def unproven(self) -> bool:
        """Whether the device has still to show whose it is: nothing of the person's is for it until then."""
        return self.identity in {Identity.ASKED, Identity.STAFF_CHECKS}

    def link_spent(self, now: datetime) -> bool:
        """Whether the time of this person's link is over; a patient's has none of its own."""
        return self.link_expires_at is not None and now >= self.link_expires_at


@dataclass(frozen=True, slots=True)
class Visit:
    """One appointment and all that happened to it so far.

    ``opens_at`` begins the join window, ``check_in_opens_at`` the time for check-in before it; ``expires_at`` ends the link when
    nobody is there. ``grace`` is how long a lost participant keeps the place. No provider means the clinic's shared queue.
    ``staff_checked`` tells that name and date of birth were compared at an admission, ``licence_checked`` that the patient's
    state was taken note of, so that nobody asks again.
    """

    id: str
    clinic_id: str
    providers: tuple[Provider, ...]
    reason: str = field(repr=False)
    starts_at: datetime
    ends_at: datetime
    opens_at: datetime
    check_in_opens_at: datetime
    expires_at: datetime
    grace: timedelta
    kind: str = "video"
    details: PatientDetails = PatientDetails()
    phase: VisitPhase = VisitPhase.BOOKED
    participants: tuple[Participant, ...] = ()
    check_in: tuple[CheckInItem, ...] = ()
    readiness: Readiness | None = None
    messages: tuple[Message, ...] = ()
    chat: tuple[ChatLine, ...] = ()
    late: LateNotice | None = None
    wishes: tuple[tuple[Wish, datetime], ...] = ()
    calls: tuple[CallRecord, ...] = ()
    note: str = field(default="", repr=False)
    handed_to: Provider | None = None
    staff_checked: bool = False
    licence_checked: bool = False
    started_at: datetime | None = None
    ended_at: datetime | None = None
    external_id: str = ""
    purged: bool = False

    def find(self, participant_id: str) -> Participant | None:
        """Return the participant of this id, or None."""
        return next((one for one in self.participants if one.id == participant_id), None)

    @property
    def patient(self) -> Participant:
        """The patient; every visit has exactly one."""
        return next(one for one in self.participants if one.role is Role.PATIENT)

    @property
    def in_media(self) -> tuple[Participant, ...]:
        """Those whose sound and picture may flow, in the order they were invited."""
        return tuple(one for one in self.participants if one.phase is ParticipantPhase.IN_VISIT)
