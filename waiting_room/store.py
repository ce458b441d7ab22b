"""What the server needs of a store. One contract test suite runs against every implementation."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from waiting_room.events import Event
from waiting_room.model import Role, Visit

__all__ = ["Invitation", "RecordedEvent", "StaffAccount", "StaffStore", "Store", "Versioned", "VisitStore"]


@dataclass(frozen=True, slots=True)
class Versioned:
    """A visit as it was read; ``version`` is what `VisitStore.commit` compares."""

    visit: Visit
    version: int


@dataclass(frozen=True, slots=True)
class Invitation:
    """Whom a link opens what for."""

    visit_id: str
    participant_id: str


@dataclass(frozen=True, slots=True)
class RecordedEvent:
    """An event as kept: ``kind`` is its class's name, ``facts`` its own fields as text."""

    number: int
    visit_id: str
    kind: str
    facts: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class StaffAccount:
    """A named member of staff. ``password_hash`` is argon2id's encoded form."""

    id: str
    username: str
    name: str = field(repr=False)
    role: Role
    password_hash: str = field(repr=False)
    disabled: bool = False


class VisitStore(Protocol):
    """Visits, their invitations and their events. Every write is durable when its method returns; all raise `StoreFailed`."""

    async def create(self, visit: Visit, invitations: Mapping[str, str], events: Sequence[Event]) -> None:
        """Keep a new visit. ``invitations`` maps the hash of each link's code to a participant's id."""

    async def load(self, visit_id: str) -> Versioned:
        """Read a visit. Raises `VisitUnknown`."""

    async def commit(self, visit: Visit, version: int, events: Sequence[Event]) -> None:
        """Replace the visit and append its events in one transaction. Raises `VersionConflict` if ``version`` is not current."""

    async def find_invitation(self, code_hash: str) -> Invitation | None:
        """Return what a link opens, or None."""

    async def list_live(self, until: datetime) -> list[Versioned]:
        """Return the visits not yet over that start before ``until``, by start, then id."""

    async def due(self, now: datetime) -> list[str]:
        """Return the ids of the visits whose deadline has come."""

    async def events(self, visit_id: str) -> list[RecordedEvent]:
        """Return what happened to a visit, in order."""

    async def changed_elsewhere(self) -> bool:
        """Whether another process wrote since this was last asked."""


class StaffStore(Protocol):
    """Staff accounts."""

    async def add_staff(self, account: StaffAccount) -> None:
        """Keep a new account. Raises `UsernameTaken`."""

    async def find_staff(self, username: str) -> StaffAccount | None:
        """Return the account of this name, or None."""


class Store(VisitStore, StaffStore, Protocol):
    """All of it, with its end."""

    async def close(self) -> None:
        """Let go of the file or the connection. Idempotent."""
