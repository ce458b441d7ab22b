"""What the server needs of a store. One contract test suite runs against every implementation.

Every write is durable when its method returns, and stands in the audit trail in the same transaction: what cannot be audited
does not happen. All methods raise `StoreFailed`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from waiting_room.audit import Entry, Head
from waiting_room.events import Event
from waiting_room.model import Role, Visit, VisitPhase

__all__ = [
    "ApiToken",
    "AuditStore",
    "Invitation",
    "Links",
    "Once",
    "StaffAccount",
    "StaffSession",
    "StaffStore",
    "Store",
    "TokenStore",
    "Versioned",
    "VisitFilter",
    "VisitStore",
]


@dataclass(frozen=True, slots=True)
class Versioned:
    """A visit as it was read; ``version`` is what `VisitStore.commit` compares."""

    visit: Visit
    version: int


@dataclass(frozen=True, slots=True)
class Invitation:
    """Whom a link opens what for. A revoked one is kept, so that its page can say that it has ended."""

    visit_id: str
    participant_id: str
    revoked: bool = False


@dataclass(frozen=True, slots=True)
class Links:
    """Links that change together with a visit: those of the participants in ``revoke`` die, those in ``add`` begin.

    ``add`` maps the hash of a link's code to a participant's id.
    """

    add: Mapping[str, str] = field(default_factory=dict, repr=False)
    revoke: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Once:
    """Makes a create idempotent: the hash of the caller's key, the hash of the request, and the sealed answer to give again."""

    key_hash: str
    request_hash: str
    sealed: str = field(repr=False)
    at: datetime


@dataclass(frozen=True, slots=True)
class VisitFilter:
    """Which visits to list, by start, then id. ``after`` is the last one of the page before: (starts_at, id)."""

    clinic_id: str | None = None
    starts_from: datetime | None = None
    starts_before: datetime | None = None
    provider_id: str | None = None
    phases: frozenset[VisitPhase] = frozenset()
    after: tuple[datetime, str] | None = None
    limit: int = 100


@dataclass(frozen=True, slots=True)
class StaffAccount:
    """A named member of staff of one clinic. ``password_hash`` is argon2id's encoded form, "" where sign-in is by another way.

    ``licences`` are the states (two letters) in which a provider may treat; none means that the clinic does not keep them here.
    """

    id: str
    username: str
    name: str = field(repr=False)
    role: Role
    password_hash: str = field(repr=False)
    clinic_id: str = "main"
    licences: frozenset[str] = frozenset()
    disabled: bool = False


@dataclass(frozen=True, slots=True)
class StaffSession:
    """A signed-in window. ``active_at`` is when a person last did something there."""

    id: str = field(repr=False)
    account_id: str
    device: str
    began_at: datetime
    expires_at: datetime
    active_at: datetime
    ended_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class ApiToken:
    """A bearer token of the API; the token itself is not kept. ``clinic_id`` None means every clinic."""

    id: str
    name: str
    scopes: frozenset[str]
    clinic_id: str | None
    made_at: datetime
    expires_at: datetime
    revoked_at: datetime | None = None


class VisitStore(Protocol):
    """Visits, their links and their events."""

    async def create(
        self, visit: Visit, links: Links, events: Sequence[Event], once: Once | None = None
    ) -> Once | None:
        """Keep a new visit and return None; where ``once``'s key was used before, keep nothing and return what was kept then."""

    async def load(self, visit_id: str) -> Versioned:
        """Read a visit. Raises `VisitUnknown`."""

    async def commit(self, visit: Visit, version: int, events: Sequence[Event], links: Links | None = None) -> None:
        """Replace the visit, its links and append its events in one transaction. Raises `VersionConflict` if ``version`` is old."""

    async def find_once(self, key_hash: str) -> Once | None:
        """Return what was kept under an idempotency key within the last 24 hours, or None."""

    async def find_invitation(self, code_hash: str) -> Invitation | None:
        """Return what a link opens, or None."""

    async def list_live(self, until: datetime) -> list[Versioned]:
        """Return the visits not yet over that start before ``until``, by start, then id."""

    async def list_visits(self, wanted: VisitFilter) -> list[Visit]:
        """Return the visits that pass the filter, by start, then id."""

    async def due(self, now: datetime) -> list[str]:
        """Return the ids of the visits whose deadline has come."""

    async def purgeable(self, clinic_id: str, ended_before: datetime, limit: int = 100) -> list[str]:
        """Return the ids of visits that ended before this and still hold patient data, oldest first."""

    async def clinics_to_purge(self) -> list[str]:
        """Return the ids of the clinics that have visits which are over and still hold patient data."""

    async def forget_links(self, visit_id: str) -> None:
        """Drop a visit's links altogether, for retention: their codes are unknown from then on."""

    async def forget_once(self, now: datetime) -> None:
        """Drop the kept answers that are older than a day."""

    async def changed_elsewhere(self) -> bool:
        """Whether another process wrote since this was last asked."""


class AuditStore(Protocol):
    """The trail. It is only ever appended to."""

    async def record(self, events: Sequence[Event]) -> None:
        """Append events that change nothing else."""

    async def entries(self, *, after: int = 0, visit_id: str | None = None, limit: int = 1000) -> list[Entry]:
        """Return entries with a greater number than ``after``, in order; of one visit where it is named."""

    async def head(self) -> Head:
        """Return the chain's length and newest hash."""


class StaffStore(Protocol):
    """Staff accounts and their sessions."""

    async def add_staff(self, account: StaffAccount, events: Sequence[Event] = ()) -> None:
        """Keep a new account. Raises `UsernameTaken`."""

    async def find_staff(self, username: str) -> StaffAccount | None:
        """Return the account of this name, or None."""

    async def list_staff(self) -> list[StaffAccount]:
        """Return all accounts, by user name."""

    async def change_staff(self, account: StaffAccount, events: Sequence[Event]) -> None:
        """Replace the account of this id. Raises `AccountUnknown`."""

    async def open_session(self, session: StaffSession, events: Sequence[Event]) -> None:
        """Keep a new session."""

    async def touch_session(self, session_id: str, at: datetime) -> None:
        """Note that a person did something there. Not part of the trail."""

    async def end_sessions(self, session_ids: Sequence[str], at: datetime, events: Sequence[Event]) -> None:
        """End these; ended ones are left as they are."""

    async def list_sessions(self, now: datetime) -> list[StaffSession]:
        """Return the sessions that have neither ended nor expired."""


class TokenStore(Protocol):
    """API tokens."""

    async def add_token(self, token: ApiToken, events: Sequence[Event]) -> None:
        """Keep a new token's facts."""

    async def find_token(self, token_id: str) -> ApiToken | None:
        """Return a token's facts, or None."""

    async def list_tokens(self) -> list[ApiToken]:
        """Return all, the newest first."""

    async def revoke_token(self, token_id: str, at: datetime, events: Sequence[Event]) -> None:
        """Make the token worthless. Idempotent. Raises `TokenUnknown`."""


class Store(VisitStore, AuditStore, StaffStore, TokenStore, Protocol):
    """All of it, how writing fares, and its end."""

    @property
    def last_write_failed(self) -> bool:
        """Whether the disk refused the newest write: what cannot be audited does not happen, so readiness and an alarm say so."""

    async def try_write(self) -> bool:
        """Write something of no meaning and return whether it went through: how a failed store learns that there is space again."""

    async def close(self) -> None:
        """Let go of the file or the connection. Idempotent."""
