"""What happened outside of visits: accounts, access, operation. The trail holds it with ``visit`` empty."""

from __future__ import annotations

from dataclasses import dataclass

from waiting_room.events import Event

__all__ = [
    "AccountChanged",
    "ApiTokenChanged",
    "AppointmentsListed",
    "AuditExported",
    "QueueShown",
    "ReportMade",
    "SignInFailed",
    "StaffSignedIn",
    "StaffSignedOut",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class StaffSignedIn(Event):
    """A session began."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SignInFailed(Event):
    """A wrong password for an account that exists (``account`` is its id), or a name that does not ("")."""

    account: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StaffSignedOut(Event):
    """A session ended: ``own_will``, ``idle``, ``revoked``, ``disabled``, ``password_changed``."""

    account: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountChanged(Event):
    """An account was ``added``, ``disabled``, ``enabled``, its ``password`` or its ``licences`` set.

    ``what`` is the role and clinic of one added, and the states of the licences.
    """

    account: str
    change: str
    what: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ApiTokenChanged(Event):
    """An API token was ``made`` or ``revoked``. ``what`` is the clinic (``*`` for all) and the scopes of one made."""

    token: str
    change: str
    what: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class AppointmentsListed(Event):
    """Somebody read a list of appointments: how many, asked how (codes alone), and which (ids with spaces between)."""

    count: int
    query: str = ""
    visits: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueShown(Event):
    """Somebody of the staff opened the queue: of which clinic and day, ``all`` of it or their ``own``, and how many stood in it."""

    clinic: str
    day: str
    scope: str
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportMade(Event):
    """A report was made of this period."""

    report: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditExported(Event):
    """The trail is taken out, up to this number; which part of it (``query``, in codes)."""

    up_to: int
    query: str = ""
