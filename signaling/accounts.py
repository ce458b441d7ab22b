"""Staff accounts: named people of one clinic each, with a password of their own. There is no shared login."""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable, Collection, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Final, Literal, Protocol

from signaling.passwords import Passwords, Weakness
from waiting_room.check_in_items import STATES
from waiting_room.errors import AccountUnknown
from waiting_room.events import Event
from waiting_room.model import CLOCK, Actor, Role
from waiting_room.office_events import AccountChanged, SignInFailed, StaffSignedOut
from waiting_room.store import StaffAccount, StaffStore

__all__ = [
    "OPERATOR",
    "STAFF_ROLES",
    "Accounts",
    "InvalidAccount",
    "PasswordWeak",
    "SignOutReason",
    "StaffRecords",
    "actor_of",
]

STAFF_ROLES: Final = (Role.PROVIDER, Role.NURSE, Role.FRONT_DESK)
OPERATOR: Final = Actor("operator", Role.OPERATOR, device="cli")
"""Whoever has the command line on the server."""

LONGEST_NAME: Final = 120
_USERNAME: Final = re.compile(r"[a-z0-9][a-z0-9._-]{1,62}")

SignOutReason = Literal["own_will", "idle", "revoked", "disabled", "password_changed"]

_WEAKNESS: Final = {
    Weakness.TOO_SHORT: "at least 12 characters",
    Weakness.TOO_LONG: "at most 256 characters",
    Weakness.HOLDS_USERNAME: "must not hold the user name",
    Weakness.EASY_TO_GUESS: "too easy to guess; several unrelated words are better",
}


class InvalidAccount(Exception):
    """The account cannot be made so; the text says why."""


class PasswordWeak(InvalidAccount):
    """The password is refused. ``reason`` is a code."""

    def __init__(self, reason: Weakness) -> None:
        self.reason = reason
        super().__init__(f"password: {_WEAKNESS[reason]}")


def actor_of(account: StaffAccount, device: str = "") -> Actor:
    """Return the account as the domain sees it, asking from this class of device."""
    return Actor(account.id, account.role, account.name, clinic=account.clinic_id, device=device)


class StaffRecords(StaffStore, Protocol):
    """What accounts need of the store."""

    async def record(self, events: Sequence[Event]) -> None:
        """Append events that change nothing else."""


class Accounts:
    """Makes and changes accounts and checks passwords. Each change stands in the audit trail; ``by`` is who made it."""

    def __init__(self, store: StaffRecords, clock: Callable[[], datetime]) -> None:
        self._store = store
        self._clock = clock
        self._passwords = Passwords()

    async def add(
        self,
        username: str,
        name: str,
        role: Role,
        password: str,
        *,
        by: Actor = OPERATOR,
        clinic_id: str = "main",
        licences: Collection[str] = (),
    ) -> StaffAccount:
        """Keep a new account. Raises `InvalidAccount`, or `UsernameTaken`."""
        if not _USERNAME.fullmatch(username):
            raise InvalidAccount(
                "username: 2 to 63 of a-z, 0-9, dot, dash and underscore, beginning with a letter or digit"
            )
        if role not in STAFF_ROLES:
            raise InvalidAccount(f"role: one of {', '.join(STAFF_ROLES)}")
        if not name.strip() or len(name) > LONGEST_NAME or not name.isprintable():
            raise InvalidAccount(f"name: 1 to {LONGEST_NAME} printable characters")
        account = StaffAccount(
            id=secrets.token_urlsafe(12),
            username=username,
            name=name,
            role=role,
            password_hash="",
            clinic_id=clinic_id,
            licences=_licences(licences),
        )
        account = await self._with_password(account, password)
        await self._store.add_staff(account, (self._changed(account, "added", by, f"{role} {clinic_id}"),))
        return account

    async def find(self, username: str) -> StaffAccount | None:
        """Return the account if it exists and is not disabled."""
        account = await self._store.find_staff(username)
        return None if account is None or account.disabled else account

    async def list(self) -> list[StaffAccount]:
        """Return all accounts, disabled ones too, by user name."""
        return await self._store.list_staff()

    async def disable(self, username: str, *, by: Actor = OPERATOR) -> None:
        """Let this account open nothing any more, and end its sessions. May be repeated. Raises `AccountUnknown`."""
        account = await self._get(username)
        # First the account, then its sessions: a sign-in in between finds the account disabled.
        if not account.disabled:
            await self._change(replace(account, disabled=True), "disabled", by)
        await self.end_sessions(account, "disabled", by=by)

    async def enable(self, username: str, *, by: Actor = OPERATOR) -> None:
        """Take back `disable`. Raises `AccountUnknown`."""
        account = await self._get(username)
        if account.disabled:
            await self._change(replace(account, disabled=False), "enabled", by)

    async def reset(self, username: str, password: str, *, by: Actor = OPERATOR, spare: str | None = None) -> None:
        """Set another password and end the sessions made with the old one, but for that of the id ``spare``.

        Raises `AccountUnknown`, or `PasswordWeak`.
        """
        judged = await self._with_password(await self._get(username), password)
        # Hashing takes its time: read anew, or an account that was disabled meanwhile would be enabled by this.
        account = replace(await self._get(username), password_hash=judged.password_hash)
        await self._change(account, "password", by)
        await self.end_sessions(account, "password_changed", by=by, spare=spare)

    async def set_licences(self, username: str, licences: Collection[str], *, by: Actor = OPERATOR) -> None:
        """Note in which states this provider may treat; none means that they are not kept here.

        Raises `AccountUnknown`, or `InvalidAccount`.
        """
        account = await self._get(username)
        states = _licences(licences)
        await self._change(replace(account, licences=states), "licences", by, " ".join(sorted(states)))

    async def sign_out(self, username: str, *, by: Actor = OPERATOR) -> int:
        """End all sessions of this account and return how many there were. Raises `AccountUnknown`."""
        return await self.end_sessions(await self._get(username), "revoked", by=by)

    async def end_sessions(
        self, account: StaffAccount, reason: SignOutReason, *, by: Actor, spare: str | None = None
    ) -> int:
        """End this account's sessions, but for the one of the id ``spare``, and return how many there were."""
        now = self._clock()
        ids = [
            one.id for one in await self._store.list_sessions(now) if one.account_id == account.id and one.id != spare
        ]
        if ids:
            over = StaffSignedOut(
                visit="", at=now, actor=by.id, role=by.role, device=by.device, account=account.id, reason=reason
            )
            await self._store.end_sessions(ids, now, (over,))
        return len(ids)

    async def check_password(
        self, username: str, password: str, *, device: str, known: bool = False
    ) -> StaffAccount | None:
        """Return the account whose password this is, or None, whatever was wrong: that is noted in the trail.

        Raises `RequestRefused` ``too_many_attempts`` while too many are checked; one from a ``known`` device still is.
        """
        account = await self.find(username)
        password_hash = account.password_hash if account else ""
        if await self._passwords.fits(password_hash, password, known=known) and account is not None:
            return account
        failed = SignInFailed(
            visit="",
            at=self._clock(),
            # Who guesses is not known: it is the server that notes it.
            actor=CLOCK.id,
            role=CLOCK.role,
            device=device,
            account=account.id if account else "",
        )
        await self._store.record((failed,))
        return None

    async def _get(self, username: str) -> StaffAccount:
        account = await self._store.find_staff(username)
        if account is None:
            raise AccountUnknown
        return account

    async def _with_password(self, account: StaffAccount, password: str) -> StaffAccount:
        weakness = await self._passwords.weakness(password, username=account.username, name=account.name)
        if weakness is not None:
            raise PasswordWeak(weakness)
        return replace(account, password_hash=await self._passwords.hash(password))

    async def _change(self, account: StaffAccount, change: str, by: Actor, what: str = "") -> None:
        await self._store.change_staff(account, (self._changed(account, change, by, what),))

    def _changed(self, account: StaffAccount, change: str, by: Actor, what: str) -> AccountChanged:
        return AccountChanged(
            visit="",
            at=self._clock(),
            actor=by.id,
            role=by.role,
            device=by.device,
            account=account.id,
            change=change,
            what=what,
        )


def _licences(states: Collection[str]) -> frozenset[str]:
    unknown = sorted(set(states) - STATES)
    if unknown:
        raise InvalidAccount(f"licence: {unknown[0]} is not a state's two letters")
    return frozenset(states)
