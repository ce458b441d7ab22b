"""Passwords: what makes one too weak, and their argon2id hashes."""

from __future__ import annotations

import asyncio
import re
import secrets
from enum import StrEnum
from threading import Lock
from typing import Final

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from zxcvbn import zxcvbn

from signaling.errors import RequestRefused

__all__ = ["Passwords", "Weakness"]

SHORTEST: Final = 12
LONGEST: Final = 256
SHORTEST_NAME: Final = 3
"""Shorter user names stand in too many good passwords by chance."""

SAFE_SCORE: Final = 3
"""zxcvbn's "safely unguessable": more than 10^8 guesses."""

JUDGED: Final = 40
"""How much of a password is judged: what is hard to guess by then stays so, and judging long ones takes seconds."""

MOST_AT_ONCE: Final = 20


class Weakness(StrEnum):
    """Why a password is refused."""

    TOO_SHORT = "too_short"
    TOO_LONG = "too_long"
    HOLDS_USERNAME = "holds_username"
    EASY_TO_GUESS = "easy_to_guess"


# The library keeps what belongs to one call in a variable of its module.
_judging = Lock()


def _weakness(password: str, username: str, name: str) -> Weakness | None:
    if len(password) < SHORTEST:
        return Weakness.TOO_SHORT
    if len(password) > LONGEST:
        return Weakness.TOO_LONG
    if len(bare := _bare(username)) >= SHORTEST_NAME and bare in _bare(password):
        return Weakness.HOLDS_USERNAME
    own = [username, *re.split(r"\W+", username), *re.split(r"\W+", name)]
    with _judging:
        score = int(zxcvbn(password[:JUDGED], user_inputs=[part for part in own if part])["score"])
    return None if score >= SAFE_SCORE else Weakness.EASY_TO_GUESS


def _bare(text: str) -> str:
    """Return the letters and digits alone: "Sample Provider" is the user name sample.provider, too."""
    return "".join(character for character in text.casefold() if character.isalnum())


class Passwords:
    """Judges, hashes and compares, two at a time and each in a thread: a hash takes 64 MiB and a core."""

    def __init__(self) -> None:
        self._hasher = PasswordHasher()
        # Compared where there is no hash, so that answers take as long as for those who have one.
        self._decoy = self._hasher.hash(secrets.token_hex(16))
        self._working = asyncio.Semaphore(2)
        self._comparing = 0

    async def weakness(self, password: str, *, username: str, name: str) -> Weakness | None:
        """Return why this person may not have this password, or None."""
        async with self._working:
            return await asyncio.to_thread(_weakness, password, username, name)

    async def hash(self, password: str) -> str:
        """Return what is kept of a password: argon2id's encoded form."""
        async with self._working:
            return await asyncio.to_thread(self._hasher.hash, password)

    async def fits(self, password_hash: str, password: str, *, known: bool = False) -> bool:
        """Whether this is the password; an empty hash takes the time and never fits.

        At most twenty are compared at once; more are refused as ``too_many_attempts``, but for those of ``known`` devices.
        """
        if self._comparing >= MOST_AT_ONCE and not known:
            # A flood of guesses must not become a queue in which colleagues stand.
            raise RequestRefused("too_many_attempts", retry_after_s=5)
        self._comparing += 1
        try:
            async with self._working:
                fits = await asyncio.to_thread(self._fits, password_hash or self._decoy, password)
        finally:
            self._comparing -= 1
        return fits and password_hash != ""

    def _fits(self, password_hash: str, password: str) -> bool:
        try:
            return self._hasher.verify(password_hash, password)
        except (VerificationError, InvalidHashError):
            return False
