"""Staff accounts and sessions in memory, and a clock that the test moves."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

from waiting_room.errors import AccountUnknown, StoreFailed, UsernameTaken
from waiting_room.events import Event
from waiting_room.store import StaffAccount, StaffSession

NOON = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)


@dataclass
class HandClock:
    """Stands still until it is moved."""

    now: datetime = NOON

    def __call__(self) -> datetime:
        return self.now

    def seconds(self) -> float:
        return self.now.timestamp()

    def pass_time(self, **given: float) -> None:
        self.now += timedelta(**given)


@dataclass
class MemoryStaff:
    """Counts what is read; fails while ``broken``."""

    accounts: dict[str, StaffAccount] = field(default_factory=dict)
    sessions: dict[str, StaffSession] = field(default_factory=dict)
    events: list[Event] = field(default_factory=list)
    reads: int = 0
    touches: int = 0
    broken: bool = False

    def kinds(self) -> list[str]:
        return [type(event).__name__ for event in self.events]

    async def record(self, events: Sequence[Event]) -> None:
        self._work()
        self.events.extend(events)

    async def add_staff(self, account: StaffAccount, events: Sequence[Event] = ()) -> None:
        if any(one.username == account.username for one in self.accounts.values()):
            raise UsernameTaken
        self.accounts[account.id] = account
        await self.record(events)

    async def find_staff(self, username: str) -> StaffAccount | None:
        self._read()
        return next((one for one in self.accounts.values() if one.username == username), None)

    async def list_staff(self) -> list[StaffAccount]:
        self._read()
        return sorted(self.accounts.values(), key=lambda one: one.username)

    async def change_staff(self, account: StaffAccount, events: Sequence[Event]) -> None:
        if account.id not in self.accounts:
            raise AccountUnknown
        self.accounts[account.id] = account
        await self.record(events)

    async def open_session(self, session: StaffSession, events: Sequence[Event]) -> None:
        self.sessions[session.id] = session
        await self.record(events)

    async def touch_session(self, session_id: str, at: datetime) -> None:
        self._work()
        self.touches += 1
        self.sessions[session_id] = replace(self.sessions[session_id], active_at=at)

    async def end_sessions(self, session_ids: Sequence[str], at: datetime, events: Sequence[Event]) -> None:
        for one in session_ids:
            if self.sessions[one].ended_at is None:
                self.sessions[one] = replace(self.sessions[one], ended_at=at)
        await self.record(events)

    async def list_sessions(self, now: datetime) -> list[StaffSession]:
        self._read()
        return [one for one in self.sessions.values() if one.ended_at is None and one.expires_at > now]

    def _read(self) -> None:
        self._work()
        self.reads += 1

    def _work(self) -> None:
        if self.broken:
            raise StoreFailed(reason="disk full")
