"""The namespace ``/test``: a test call with oneself, for anybody. It opens no visit and gives no right to one."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final, Protocol

from pydantic import BaseModel

from media.test_call import EchoCall
from media.verdict import Verdict
from signaling.channels import Channel
from signaling.errors import RequestRefused
from signaling.ice_servers import ice_servers
from signaling.limits import RateLimit
from signaling.messages import IceServer
from signaling.requests import AnswerRequest, RestartRequest
from signaling.screens import Connection, Screen
from signaling.settings import Turn
from signaling.test_calls import EchoLimits
from signaling.test_messages import EchoReport, EchoSnapshot, Uplink, verdict_on
from signaling.tokens import SessionClaims
from signaling.visit_media import media_state
from signaling.visits import Clock
from waiting_room.visit import authorize

__all__ = ["EchoChannel", "OpenCall"]

PUSH_S: Final = 1.0
RESTARTS_PER_S: Final = 0.2
RESTART_BURST: Final = 3.0
TURN_LIVES: Final = timedelta(minutes=2)


class OpenCall(Protocol):
    """Makes the media side of a test call."""

    def __call__(self, call_id: str, *, on_change: Callable[[], None], on_over: Callable[[], None]) -> EchoCall:
        """Open it. Raises `RequestRefused` ``draining`` where there are no media."""


@dataclass(slots=True)
class _Call:
    caller: str = field(repr=False)
    media: EchoCall
    restarts: RateLimit
    ice_servers: list[IceServer] = field(repr=False)
    verdict: Verdict = Verdict.UNTESTED


class EchoChannel(Channel):
    """The screens of test calls. ``on_end`` hears each call's last verdict; ``screens`` are this channel's own."""

    def __init__(
        self,
        *,
        open_call: OpenCall,
        limits: EchoLimits,
        turn: Turn,
        wall_clock: Clock,
        monotonic: Callable[[], float],
        on_end: Callable[[Verdict], None],
        **parts: Any,
    ) -> None:
        super().__init__(**parts)
        self._open_call = open_call
        self._limits = limits
        self._turn = turn
        self._wall_clock = wall_clock
        self._monotonic = monotonic
        self._on_end = on_end
        self._calls: dict[Screen, _Call] = {}
        self.requests = {
            "media.answer": (AnswerRequest, self._answer),
            "media.restart": (RestartRequest, self._restart),
            "test.report": (EchoReport, self._report),
        }

    async def run(self) -> None:
        """Show each call once a second what the server measures, until cancelled."""
        while True:
            await asyncio.sleep(PUSH_S)
            for screen in self._calls:
                self._screens.touch_session(screen.session)

    async def _open(self, connection: Connection, token: str) -> Screen:
        """See `Channel._open`. Without a token anybody may call; a token must be of a session that still opens something."""
        claims = await self._session_of(token) if token else None
        call_id = f"test-{secrets.token_hex(8)}"
        caller = claims.subject if claims else connection.address

        async def draw(version: int) -> BaseModel | None:
            return self._draw(screen, version)

        screen = Screen(
            connection,
            claims.session if claims else call_id,
            claims.subject if claims else call_id,
            claims.expires_at if claims else datetime.max.replace(tzinfo=self._clock().tzinfo),
            draw,
            visit=(claims.visit if claims else None) or "",
        )
        self._limits.enter(caller)
        try:
            media = self._open_call(
                call_id,
                on_change=lambda: self._screens.touch_session(screen.session),
                on_over=lambda: self._screens.dismiss(screen.session, "over"),
            )
        except BaseException:
            self._limits.leave(caller)
            raise
        limit = RateLimit(self._monotonic, RESTARTS_PER_S, RESTART_BURST)
        servers = ice_servers(self._turn, call_id, until=self._wall_clock() + TURN_LIVES)
        self._calls[screen] = _Call(caller, media, limit, servers)
        self._screens.open(screen)
        return screen

    async def disconnect(self, screen: Screen) -> None:
        """See `Channel.disconnect`. The call ends with its socket."""
        self._screens.close(screen)
        call = self._calls.pop(screen)
        call.media.close()
        self._limits.leave(call.caller)
        self._on_end(call.verdict)

    async def _session_of(self, token: str) -> SessionClaims:
        claims = self._tokens.verify(token, "visit")
        authorize(await self._visits.load(claims.visit or ""), claims.subject, claims.session)
        return claims

    def _draw(self, screen: Screen, version: int) -> EchoSnapshot | None:
        call = self._calls.get(screen)
        if call is None:
            return None
        figures = call.media.uplink()
        return EchoSnapshot(
            version=version,
            server_time=self._clock(),
            media=media_state(call.media.negotiation(), call.ice_servers),
            ends_in_s=round(call.media.ends_in_s(), 1),
            uplink=Uplink.model_validate(figures, from_attributes=True) if figures else None,
        )

    async def _answer(self, screen: Screen, request: AnswerRequest) -> dict[str, Any]:
        taken = self._call(screen).media.answer(request.transport, request.revision, request.sdp)
        return {} if taken else {"stale": True}

    async def _restart(self, screen: Screen, request: RestartRequest) -> dict[str, Any]:
        call = self._call(screen)
        if not call.restarts.take():
            raise RequestRefused("too_many_requests")
        call.media.restart(request.transport, keep=request.keep)
        return {}

    async def _report(self, screen: Screen, request: EchoReport) -> dict[str, Any]:
        call = self._call(screen)
        found = verdict_on(call.media.uplink(), request)
        call.verdict = found.verdict
        return found.model_dump(mode="json")

    def _call(self, screen: Screen) -> _Call:
        if not self._screens.speaks(screen):
            raise RequestRefused("unauthorized")
        return self._calls[screen]
