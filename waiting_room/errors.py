"""What the domain refuses, each with a stable code; the text is made from the facts."""

from __future__ import annotations

from typing import ClassVar

__all__ = [
    "AlreadyAdmitted",
    "Forbidden",
    "InvalidBooking",
    "LinkEnded",
    "ParticipantRemoved",
    "ParticipantUnknown",
    "SessionReplaced",
    "StoreFailed",
    "TooEarly",
    "UsernameTaken",
    "VersionConflict",
    "VisitFull",
    "VisitUnknown",
    "WaitingRoomError",
    "WrongState",
]


class WaitingRoomError(Exception):
    """Base of all refusals. ``code`` is stable and goes over the wire; ``facts`` go with it."""

    code: ClassVar[str]

    def __init__(self, **facts: str) -> None:
        self.facts = facts
        super().__init__(self.code, facts)

    def __str__(self) -> str:
        told = ", ".join(f"{name}={value}" for name, value in self.facts.items())
        return f"{self.code} ({told})" if told else self.code


class VisitUnknown(WaitingRoomError):
    """No such visit, or none that this person may know of."""

    code = "visit_unknown"


class ParticipantUnknown(WaitingRoomError):
    """No such participant in this visit."""

    code = "participant_unknown"


class Forbidden(WaitingRoomError):
    """The role does not allow the command. Facts: ``role``, ``command``."""

    code = "forbidden"


class WrongState(WaitingRoomError):
    """The tables have no such transition. Facts: ``state``, ``command``, ``role``."""

    code = "wrong_state"


class TooEarly(WaitingRoomError):
    """The join window is not open. Facts: ``opens_at``."""

    code = "too_early"


class LinkEnded(WaitingRoomError):
    """The visit is over, cancelled or expired: its links open nothing."""

    code = "link_ended"


class ParticipantRemoved(WaitingRoomError):
    """Staff removed this participant: the link is dead for good."""

    code = "removed"


class SessionReplaced(WaitingRoomError):
    """Another device or window of the same person took over."""

    code = "session_replaced"


class AlreadyAdmitted(WaitingRoomError):
    """Somebody else was first. Facts: ``by``, a participant's id."""

    code = "already_admitted"


class VisitFull(WaitingRoomError):
    """The visit's media has no place left."""

    code = "visit_full"


class InvalidBooking(WaitingRoomError):
    """The appointment cannot be booked so. Facts: ``field``, ``reason``."""

    code = "invalid_booking"


class VersionConflict(WaitingRoomError):
    """Another writer committed first: load again and decide anew."""

    code = "version_conflict"


class UsernameTaken(WaitingRoomError):
    """An account of this name exists already."""

    code = "username_taken"


class StoreFailed(WaitingRoomError):
    """The store could not read or write. Nothing was acknowledged."""

    code = "storage_failed"
