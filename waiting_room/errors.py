"""What the domain refuses, each with a stable code; the text is made from the facts."""

from __future__ import annotations

from typing import ClassVar

__all__ = [
    "AccountUnknown",
    "AlreadyAdmitted",
    "CheckInIncomplete",
    "ConfirmationNeeded",
    "Forbidden",
    "IdentityNeeded",
    "InvalidAnswer",
    "InvalidBooking",
    "InvalidField",
    "InvalidText",
    "ItemUnknown",
    "LinkEnded",
    "MessageUnknown",
    "ParticipantRemoved",
    "ParticipantUnknown",
    "RequestReused",
    "SessionReplaced",
    "StoreFailed",
    "TokenUnknown",
    "TooEarly",
    "TooMany",
    "UsernameTaken",
    "VersionConflict",
    "VisitFull",
    "VisitUnknown",
    "VisitUnreadable",
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
    """The join window, or the time for check-in, is not open. Facts: ``opens_at``, ``check_in_opens_at``."""

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


class InvalidField(WaitingRoomError):
    """Base: a field holds what it may not. Facts: ``field``, ``reason``."""

    code = "invalid_field"


class InvalidBooking(InvalidField):
    """The appointment cannot be booked so. Facts: ``field``, ``reason``."""

    code = "invalid_booking"


class InvalidAnswer(InvalidField):
    """The check-in item cannot be answered so. Facts: ``field``, ``reason``."""

    code = "invalid_answer"


class InvalidText(InvalidField):
    """A message, a name or a note cannot be kept so. Facts: ``field``, ``reason``."""

    code = "invalid_text"


class ItemUnknown(WaitingRoomError):
    """No such check-in item in this visit, or none that this person may answer."""

    code = "item_unknown"


class CheckInIncomplete(WaitingRoomError):
    """The waiting room opens when check-in is complete. Facts: ``items``, the open ones' keys with commas."""

    code = "check_in_incomplete"


class IdentityNeeded(WaitingRoomError):
    """The clinic asks for the date of birth first."""

    code = "identity_needed"


class ConfirmationNeeded(WaitingRoomError):
    """Staff must confirm before they admit. Facts: ``checks``: ``identity``, ``licence`` or both, with a comma."""

    code = "confirmation_needed"


class TooMany(WaitingRoomError):
    """The visit holds as many of these as it may. Facts: ``what``."""

    code = "too_many"


class MessageUnknown(WaitingRoomError):
    """No such message in this thread."""

    code = "message_unknown"


class RequestReused(WaitingRoomError):
    """The idempotency key was used for another request."""

    code = "idempotency_key_reused"


class AccountUnknown(WaitingRoomError):
    """No such staff account."""

    code = "account_unknown"


class TokenUnknown(WaitingRoomError):
    """No such API token."""

    code = "token_unknown"


class VersionConflict(WaitingRoomError):
    """Another writer committed first: load again and decide anew."""

    code = "version_conflict"


class UsernameTaken(WaitingRoomError):
    """An account of this name exists already."""

    code = "username_taken"


class StoreFailed(WaitingRoomError):
    """The store could not read or write. Nothing was acknowledged."""

    code = "storage_failed"


class VisitUnreadable(StoreFailed):
    """The store works, but what it holds of this visit is damaged."""
