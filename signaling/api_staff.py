"""Staff's way in and out: sign-in, sign-out, another password (``docs/protocol.md`` §1)."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from datetime import timedelta

from aiohttp import web

from signaling.accounts import Accounts, PasswordWeak, actor_of
from signaling.errors import RequestRefused
from signaling.http_messages import Done, PasswordRequest, SignedIn, SignInRequest, StaffCard
from signaling.http_requests import answer, bearer_token, device_of, read
from signaling.known_devices import KnownDevices
from signaling.screens import Screens
from signaling.sign_in import SignInMethod
from signaling.staff_sessions import StaffSessions, session_id
from signaling.tokens import SessionClaims, SessionTokens
from signaling.visits import Clock

__all__ = ["StaffEndpoints"]


class StaffEndpoints:
    """The handlers of ``/api/v1/staff``. A session lives for ``staff_session`` at most."""

    def __init__(
        self,
        *,
        screens: Screens,
        tokens: SessionTokens,
        accounts: Accounts,
        sessions: StaffSessions,
        passwords: SignInMethod[SignInRequest],
        staff_session: timedelta,
        address_of: Callable[[web.Request], str],
        clock: Clock,
    ) -> None:
        self._screens = screens
        self._tokens = tokens
        self._accounts = accounts
        self._sessions = sessions
        self._passwords = passwords
        self._staff_session = staff_session
        self._devices = KnownDevices(tokens, address_of, clock)
        self._clock = clock

    def routes(self) -> list[web.RouteDef]:
        """Return the routes to add to the application."""
        return [
            web.post("/api/v1/staff/sign-in", self.sign_in),
            web.post("/api/v1/staff/sign-out", self.sign_out),
            web.post("/api/v1/staff/password", self.password),
        ]

    async def sign_in(self, request: web.Request) -> web.Response:
        """Check a password and begin a session."""
        if self._screens.draining:
            raise RequestRefused("draining")
        asked = await read(request, SignInRequest)
        device = device_of(request)
        account = await self._passwords.account_of(asked, self._devices.source(request, asked.username))
        now = self._clock()
        claims = SessionClaims(
            "care", account.username, secrets.token_urlsafe(16), now + self._staff_session, device=device
        )
        await self._sessions.open(account, claims.session, device=device, expires_at=claims.expires_at)
        response = answer(
            SignedIn(
                token=self._tokens.issue(claims, now=now),
                expires_at=claims.expires_at,
                staff=StaffCard(username=account.username, name=account.name, role=account.role),
            )
        )
        self._devices.remember(response, account.username)
        return response

    async def sign_out(self, request: web.Request) -> web.Response:
        """End the session of this token. May be repeated: one that is over stays so."""
        claims = self._tokens.verify(bearer_token(request), "care")
        account = await self._accounts.find(claims.subject)
        if account is not None:
            await self._sessions.end([claims.session], "own_will", by=actor_of(account, device_of(request)))
        return answer(Done())

    async def password(self, request: web.Request) -> web.Response:
        """Set another password, for whoever knows the old one; the person's other sessions end."""
        claims = self._tokens.verify(bearer_token(request), "care")
        signed_in = await self._sessions.check(claims)
        asked = await read(request, PasswordRequest)
        proof = SignInRequest(username=signed_in.username, password=asked.old)
        account = await self._passwords.account_of(proof, self._devices.source(request, signed_in.username))
        try:
            await self._accounts.reset(
                account.username,
                asked.new,
                by=actor_of(account, device_of(request)),
                spare=session_id(claims.session),
            )
        except PasswordWeak as error:
            raise RequestRefused("password_weak", reason=error.reason) from error
        return answer(Done())
