"""Session tokens: JWTs, HS256 by the key that ``kid`` names. A valid token is needed but never enough; the server's state decides.

Keys live in a file of their own, readable by the server alone. The first key signs, all verify, so keys can be rotated
with overlap. The algorithm is fixed here and never read from a token (RFC 8725 §3.1); nothing in a header is fetched.
"""

from __future__ import annotations

import json
import os
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final, Literal, Self

import jwt

from signaling.errors import RequestRefused

__all__ = ["LONGEST", "Audience", "Keyring", "KeysUnreadable", "SessionClaims", "SessionTokens"]

ISSUER: Final = "video-visit"
ALGORITHM: Final = "HS256"
LEEWAY: Final = timedelta(seconds=30)
KEY_BYTES: Final = 32

Audience = Literal["visit", "care", "api", "device"]

LONGEST: Final[dict[Audience, timedelta]] = {
    "visit": timedelta(hours=24),
    "care": timedelta(hours=24),
    "api": timedelta(days=400),
    "device": timedelta(days=180),
}
"""How long a token may live: one that says more is not ours."""


class KeysUnreadable(Exception):
    """The key file exists and cannot be used. Starting with new keys instead would end every session silently."""


@dataclass(frozen=True, slots=True)
class SessionClaims:
    """What a session token says. Times are UTC.

    ``visit`` and ``role`` are for ``aud`` = ``visit`` and else None; ``scopes`` for ``api``. ``device`` is a class of device.
    """

    audience: Audience
    subject: str
    session: str = field(repr=False)
    expires_at: datetime
    visit: str | None = None
    role: str | None = None
    device: str = ""
    scopes: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Keyring:
    """Signing keys by ``kid``; the first one signs."""

    keys: dict[str, bytes] = field(repr=False)

    @classmethod
    def load(cls, path: Path) -> Self:
        """Read the keys, making one where there is no file yet. Raises `KeysUnreadable`."""
        if not path.exists():
            kept = {secrets.token_hex(4): secrets.token_hex(KEY_BYTES)}
            # Whole or not at all: a server that is killed right here must be able to start again.
            draft = path.with_suffix(".new")
            with os.fdopen(os.open(draft, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, 0o600), "w") as file:
                json.dump(kept, file)
                file.flush()
                os.fsync(file.fileno())
            draft.rename(path)
        try:
            read = json.loads(path.read_text())
            keys = {str(kid): bytes.fromhex(key) for kid, key in read.items()}
        except (OSError, ValueError, AttributeError, TypeError) as error:
            raise KeysUnreadable(f"the key file cannot be read ({type(error).__name__})") from error
        if not keys or any(len(key) < KEY_BYTES for key in keys.values()):
            raise KeysUnreadable("the key file holds no key, or one shorter than 256 bits")
        return cls(keys)


class SessionTokens:
    """Issues and verifies session tokens with a `Keyring`. ``clock`` is the server's: in date is what it says."""

    def __init__(self, keyring: Keyring, *, clock: Callable[[], datetime]) -> None:
        self._keys = keyring.keys
        self._signing_kid = next(iter(keyring.keys))
        self._clock = clock

    def issue(self, claims: SessionClaims, *, now: datetime) -> str:
        """Return the compact JWT. It must not live longer than `LONGEST`."""
        if claims.expires_at - now > LONGEST[claims.audience]:
            raise ValueError("a token may not live so long")
        payload: dict[str, datetime | str | None] = {
            "iss": ISSUER,
            "aud": claims.audience,
            "sub": claims.subject,
            "jti": claims.session,
            "device": claims.device,
            "iat": now,
            "nbf": now,
            "exp": claims.expires_at,
        }
        if claims.audience == "visit":
            payload |= {"visit": claims.visit, "role": claims.role}
        if claims.audience == "api":
            payload["scope"] = " ".join(sorted(claims.scopes))
        key = self._keys[self._signing_kid]
        return jwt.encode(payload, key, algorithm=ALGORITHM, headers={"kid": self._signing_kid})

    def verify(self, token: str, audience: Audience) -> SessionClaims:
        """Return what the token says. Raises `RequestRefused` ``unauthorized`` on anything that is not ours, whole and in date."""
        try:
            payload = jwt.decode(
                token,
                self._keys[_text(jwt.get_unverified_header(token).get("kid"))],
                algorithms=[ALGORITHM],
                audience=audience,
                issuer=ISSUER,
                options={
                    "require": ["iss", "aud", "sub", "jti", "iat", "nbf", "exp"],
                    # The library would ask the wall clock, which can be set.
                    "verify_exp": False,
                    "verify_nbf": False,
                    "verify_iat": False,
                },
            )
            return SessionClaims(
                audience=audience,
                subject=_text(payload["sub"]),
                session=_text(payload["jti"]),
                expires_at=_in_date(payload, audience, self._clock()),
                visit=_text(payload["visit"]) if audience == "visit" else None,
                role=_text(payload["role"]) if audience == "visit" else None,
                device=_text(payload["device"]),
                scopes=frozenset(_text(payload["scope"]).split()) if audience == "api" else frozenset(),
            )
        except (jwt.PyJWTError, KeyError, TypeError, ValueError, OverflowError) as error:
            raise RequestRefused("unauthorized") from error


def _in_date(payload: Mapping[str, Any], audience: Audience, now: datetime) -> datetime:
    """Return when the token expires. Raises `ValueError` if it has, or is not valid yet, or would live longer than we issue."""
    issued, begins, expires = (_time(payload[name]) for name in ("iat", "nbf", "exp"))
    if max(issued, begins) > now + LEEWAY or expires + LEEWAY <= now:
        raise ValueError("the token is not in date")
    if expires - issued > LONGEST[audience] + LEEWAY:
        raise ValueError("the token would live too long")
    return expires


def _time(value: object) -> datetime:
    if type(value) is not int:
        raise TypeError("a claim is not a time")
    return datetime.fromtimestamp(value, tz=UTC)


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError("a claim is not text")
    return value
