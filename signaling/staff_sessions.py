"""Staff's sessions: from sign-in until they are signed out, run out, are revoked, or nobody does anything there for too long.

A session is kept under the hash of its token's ``jti``: whoever reads the store cannot make a token of it.
"""

from __future__ import annotations

import asyncio
import hashlib
import time
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Final, Literal

import structlog

from signaling.accounts import Accounts, SignOutReason
from signaling.errors import RequestRefused
from signaling.tokens import SessionClaims
from waiting_room.errors import StoreFailed
from waiting_room.model import CLOCK, Actor
from waiting_room.office_events import StaffSignedIn, StaffSignedOut
from waiting_room.store import StaffAccount, StaffSession, StaffStore

__all__ = ["SessionOver", "StaffSessions", "session_id"]

SessionOver = Literal["session_expired", "idle"]

FRESH_S: Final = 1.0
"""How old what is known of sessions may be. What was ended elsewhere is refused within this."""

NOTED_EVERY: Final = timedelta(seconds=60)
"""How often it is written down that somebody is active."""

log = structlog.get_logger(__name__)


def session_id(jti: str) -> str:
    """Return under what the session of this token is kept."""
    return hashlib.sha256(jti.encode()).hexdigest()


@dataclass(slots=True)
class _Known:
    """What was read last, and when."""

    sessions: dict[str, StaffSession] = field(default_factory=dict)
    accounts: dict[str, StaffAccount] = field(default_factory=dict)
    read_at: float = float("-inf")


class StaffSessions:
    """Opens, checks and ends sessions. ``clock`` gives the server's time, ``monotonic`` seconds for what is remembered."""

    def __init__(
        self,
        store: StaffStore,
        accounts: Accounts,
        clock: Callable[[], datetime],
        idle_after: timedelta,
        *,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._store = store
        self._accounts = accounts
        self._clock = clock
        self._monotonic = monotonic
        self._known = _Known()
        self._reading = asyncio.Lock()
        self.idle_after = idle_after

    async def open(self, account: StaffAccount, jti: str, *, device: str, expires_at: datetime) -> None:
        """Begin a session at sign-in. Raises `RequestRefused` ``sign_in_failed`` if the account was disabled meanwhile."""
        now = self._clock()
        session = StaffSession(session_id(jti), account.id, device, began_at=now, expires_at=expires_at, active_at=now)
        came = StaffSignedIn(visit="", at=now, actor=account.id, role=account.role, device=device)
        await self._store.open_session(session, (came,))
        self._known.read_at = float("-inf")
        # Whoever disabled it just now has ended the sessions that there were: this one came too late for that.
        if await self._accounts.find(account.username) is None:
            await self._accounts.end_sessions(account, "disabled", by=CLOCK)
            raise RequestRefused("sign_in_failed")

    async def check(self, claims: SessionClaims) -> StaffAccount:
        """Return whose session it is.

        Raises `RequestRefused` ``unauthorized`` where it is unknown, ended, expired or idle, or the account disabled;
        `StoreFailed`. What it answers may be a second old.
        """
        session, account = await self._find(claims)
        if session is None or account is None or account.disabled or self._is_over(session):
            raise RequestRefused("unauthorized")
        return account

    async def active(self, claims: SessionClaims) -> None:
        """Note that a person did something there: the idle sign-off begins anew. Raises as `check` does."""
        await self.check(claims)
        session = self._known.sessions[session_id(claims.session)]
        if self._clock() - session.active_at >= NOTED_EVERY / 2:
            await self._touch(session)

    async def end(self, jtis: Sequence[str], reason: SignOutReason, *, by: Actor) -> None:
        """End these sessions. Those that are over are left as they are."""
        ids = {session_id(jti) for jti in jtis}
        await self._end([one for one in await self._live() if one.id in ids], reason, by)

    async def review(self, connected: Collection[str], busy: Collection[str]) -> dict[str, SessionOver]:
        """Return which of the ``connected`` sessions are over, and why; both are given by ``jti``. To be asked once a second.

        Signs the idle off, connected or not. A session in ``busy`` (it holds a place in a live visit) is at work, whatever its
        screen says; the same person's other sessions are not.
        One read of the store. While that fails nobody's session ends: the answer is empty, and the log says so.
        """
        try:
            idle = await self._sign_off_idle(busy)
        except StoreFailed as error:
            log.warning("sessions_not_reviewed", code=error.code)
            return {}
        ids = {jti: session_id(jti) for jti in connected}
        over: dict[str, SessionOver] = {
            jti: "session_expired" for jti, one in ids.items() if one not in self._known.sessions
        }
        return over | {jti: "idle" for jti, one in ids.items() if one in idle}

    async def _sign_off_idle(self, busy: Collection[str]) -> set[str]:
        at_work = {session_id(jti) for jti in busy}
        idle: list[StaffSession] = []
        for session in await self._live():
            if session.id not in at_work:
                if self._is_over(session):
                    idle.append(session)
            elif self._clock() - session.active_at >= NOTED_EVERY:
                # Else the end of a long visit would be the end of the session.
                await self._touch(session)
        await self._end(idle, "idle", CLOCK)
        return {one.id for one in idle}

    def _is_over(self, session: StaffSession) -> bool:
        now = self._clock()
        return session.expires_at <= now or session.active_at + self.idle_after <= now

    async def _touch(self, session: StaffSession) -> None:
        now = self._clock()
        await self._store.touch_session(session.id, now)
        self._known.sessions[session.id] = replace(session, active_at=now)

    async def _end(self, sessions: Sequence[StaffSession], reason: SignOutReason, by: Actor) -> None:
        now = self._clock()
        over = [
            StaffSignedOut(
                visit="", at=now, actor=by.id, role=by.role, device=by.device, account=one.account_id, reason=reason
            )
            for one in sessions
        ]
        if over:
            await self._store.end_sessions([one.id for one in sessions], now, over)
        for one in sessions:
            self._known.sessions.pop(one.id, None)

    async def _find(self, claims: SessionClaims) -> tuple[StaffSession | None, StaffAccount | None]:
        wanted = session_id(claims.session)
        async with self._reading:
            fresh = self._monotonic() - self._known.read_at < FRESH_S
            # One who has just signed in at another process is not known yet.
            if not fresh or wanted not in self._known.sessions:
                await self._read()
        session = self._known.sessions.get(wanted)
        account = self._known.accounts.get(session.account_id) if session else None
        return session, account if account and account.username == claims.subject else None

    async def _read(self) -> None:
        read_at = self._monotonic()
        accounts = {one.id: one for one in await self._store.list_staff()}
        await self._live()
        self._known.accounts, self._known.read_at = accounts, read_at

    async def _live(self) -> list[StaffSession]:
        """Read the sessions that have neither ended nor expired."""
        live = await self._store.list_sessions(self._clock())
        self._known.sessions = {one.id: one for one in live}
        return live
