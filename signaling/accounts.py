"""Staff accounts: named people, argon2id passwords. There is no shared login."""

from __future__ import annotations

import asyncio
import re
import secrets
from typing import Final

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from signaling.errors import RequestRefused
from waiting_room.model import Actor, Role
from waiting_room.store import StaffAccount, StaffStore

__all__ = ["STAFF_ROLES", "Accounts", "InvalidAccount", "actor_of"]

STAFF_ROLES: Final = (Role.PROVIDER, Role.NURSE, Role.FRONT_DESK)
SHORTEST_PASSWORD: Final = 12
LONGEST_NAME: Final = 120
MOST_AT_ONCE: Final = 20
_USERNAME: Final = re.compile(r"[a-z0-9][a-z0-9._-]{1,62}")


class InvalidAccount(Exception):
    """The account cannot be made so; the text says why."""


def actor_of(account: StaffAccount) -> Actor:
    """Return the account as the domain sees it."""
    return Actor(account.id, account.role, account.name)


class Accounts:
    """Makes accounts and checks passwords. Hashing runs in a thread, two at a time: each takes 64 MiB and a core."""

    def __init__(self, store: StaffStore) -> None:
        self._store = store
        self._hasher = PasswordHasher()
        # Verified for unknown names too, so that answers take as long as for known ones.
        self._decoy = self._hasher.hash(secrets.token_hex(16))
        self._hashing = asyncio.Semaphore(2)
        self._signing_in = 0

    async def add(self, username: str, name: str, role: Role, password: str) -> StaffAccount:
        """Keep a new account. Raises `InvalidAccount`, or `UsernameTaken`."""
        if not _USERNAME.fullmatch(username):
            raise InvalidAccount(
                "username: 2 to 63 of a-z, 0-9, dot, dash and underscore, beginning with a letter or digit"
            )
        if role not in STAFF_ROLES:
            raise InvalidAccount(f"role: one of {', '.join(STAFF_ROLES)}")
        if not name.strip() or len(name) > LONGEST_NAME or not name.isprintable():
            raise InvalidAccount(f"name: 1 to {LONGEST_NAME} printable characters")
        if len(password) < SHORTEST_PASSWORD:
            raise InvalidAccount(f"password: at least {SHORTEST_PASSWORD} characters")
        async with self._hashing:
            password_hash = await asyncio.to_thread(self._hasher.hash, password)
        account = StaffAccount(secrets.token_urlsafe(12), username, name, role, password_hash)
        await self._store.add_staff(account)
        return account

    async def find(self, username: str) -> StaffAccount | None:
        """Return the account if it exists and is not disabled."""
        account = await self._store.find_staff(username)
        return None if account is None or account.disabled else account

    async def sign_in(self, username: str, password: str) -> StaffAccount:
        """Return the account whose password this is. Raises `RequestRefused` ``sign_in_failed``, whatever was wrong.

        At most twenty are checked at once; more are refused as ``too_many_attempts``.
        """
        if self._signing_in >= MOST_AT_ONCE:
            # A flood of guesses must not become a queue in which colleagues stand.
            raise RequestRefused("too_many_attempts", retry_after_s=5)
        self._signing_in += 1
        try:
            account = await self.find(username)
            async with self._hashing:
                fits = await asyncio.to_thread(self._fits, account.password_hash if account else self._decoy, password)
        finally:
            self._signing_in -= 1
        if account is None or not fits:
            raise RequestRefused("sign_in_failed")
        return account

    def _fits(self, password_hash: str, password: str) -> bool:
        try:
            return self._hasher.verify(password_hash, password)
        except (VerificationError, InvalidHashError):
            return False
