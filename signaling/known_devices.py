"""Devices on which somebody has signed in before: wrong guesses of others, even behind the same address, do not count there.

A cookie holds a token for that person and that device. It signs nobody in: it only tells whose failures are whose.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from typing import Final

from aiohttp import web

from signaling.errors import RequestRefused
from signaling.http_requests import device_of
from signaling.sign_in import Source
from signaling.tokens import LONGEST, SessionClaims, SessionTokens
from signaling.visits import Clock

__all__ = ["COOKIE", "KnownDevices"]

COOKIE: Final = "known_device"


class KnownDevices:
    """Tells known devices by their cookie and makes devices known."""

    def __init__(self, tokens: SessionTokens, address_of: Callable[[web.Request], str], clock: Clock) -> None:
        self._tokens = tokens
        self._address_of = address_of
        self._clock = clock

    def source(self, request: web.Request, username: str) -> Source:
        """Return where this person's attempt comes from."""
        try:
            claims = self._tokens.verify(request.cookies.get(COOKIE, ""), "device")
        except RequestRefused:
            claims = None
        if claims is None or claims.subject != username:
            return Source(self._address_of(request), device_of(request))
        return Source(f"device {claims.session}", device_of(request), known=True)

    def remember(self, response: web.Response, username: str) -> None:
        """Make the device known as this person's. Browsers keep it for HTTPS pages and for localhost."""
        now, lives = self._clock(), LONGEST["device"]
        claims = SessionClaims("device", username, secrets.token_urlsafe(16), now + lives)
        response.set_cookie(
            COOKIE,
            self._tokens.issue(claims, now=now),
            max_age=int(lives.total_seconds()),
            path="/api/v1/staff",
            secure=True,
            httponly=True,
            samesite="Strict",
        )
