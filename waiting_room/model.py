"""What a visit is: plain values, no behaviour beyond questions about themselves.

All instants are timezone-aware UTC ``datetime``. Names and free text are left out of ``repr`` so that no log line can show them.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

__all__ = ["CLOCK", "Actor", "Participant", "ParticipantPhase", "Role", "Visit", "VisitPhase"]


class Role(StrEnum):
    """Who acts. The first four come by a link, the next three sign in, the last two have no screen."""

    PATIENT = "patient"
    COMPANION = "companion"
    INTERPRETER = "interpreter"
    GUEST = "guest"
    FRONT_DESK = "front_desk"
    NURSE = "nurse"
    PROVIDER = "provider"
    OPERATOR = "operator"
    CLOCK = "clock"

    @property
    def by_link(self) -> bool:
        """Comes by an invitation, not by signing in."""
        return self in {Role.PATIENT, Role.COMPANION, Role.INTERPRETER, Role.GUEST}


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
    """A participant's life within a visit. Removal is final."""

    INVITED = "invited"
    ARRIVED = "arrived"
    WAITING = "waiting"
    IN_VISIT = "in_visit"
    LEFT = "left"
    REMOVED = "removed"

    @property
    def present(self) -> bool:
        """Holds a place: arrived, waiting or in the visit."""
        return self in {ParticipantPhase.ARRIVED, ParticipantPhase.WAITING, ParticipantPhase.IN_VISIT}


@dataclass(frozen=True, slots=True)
class Actor:
    """Who gives a command. ``id`` is a participant's id for those who came by a link, an account's id for staff."""

    id: str
    role: Role
    name: str = field(default="", repr=False)


CLOCK = Actor(id="clock", role=Role.CLOCK)


@dataclass(frozen=True, slots=True)
class Participant:
    """One person in one visit.

    ``session`` names the device or window that speaks for the person; commands of an older one are refused.
    ``lost_at`` is None while that device is connected, else the moment it was last seen.
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

    @property
    def connected(self) -> bool:
        """Present, and its device is in touch with the server."""
        return self.phase.present and self.lost_at is None


@dataclass(frozen=True, slots=True)
class Visit:
    """One appointment and all that happened to it so far.

    ``opens_at`` begins the join window; ``expires_at`` ends the link when nobody is there. ``grace`` is how long a lost
    participant keeps the place.
    """

    id: str
    provider_id: str
    provider_name: str = field(repr=False)
    reason: str = field(repr=False)
    starts_at: datetime
    ends_at: datetime
    opens_at: datetime
    expires_at: datetime
    grace: timedelta
    phase: VisitPhase = VisitPhase.BOOKED
    participants: tuple[Participant, ...] = ()
    started_at: datetime | None = None
    ended_at: datetime | None = None

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
