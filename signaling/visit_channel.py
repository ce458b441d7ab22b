"""The namespace ``/visit``: what a patient's (or guest's) page may ask. Identifiers come from the session, never from a payload."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import structlog
from pydantic import BaseModel

from signaling.channels import Channel
from signaling.errors import RequestRefused
from signaling.messages import AnswerRequest, DevicesRequest, EmptyRequest, RestartRequest, instant
from signaling.screens import Connection, Screen
from signaling.snapshots import visit_snapshot
from signaling.tokens import SessionClaims
from signaling.visit_media import Sending
from waiting_room.commands import Command, Connect, JoinWaitingRoom, Leave, LoseConnection
from waiting_room.errors import WaitingRoomError
from waiting_room.model import Actor, Role, Visit
from waiting_room.visit import authorize

__all__ = ["VisitChannel"]

log = structlog.get_logger(__name__)


class VisitChannel(Channel):
    """Patients' and guests' screens."""

    def __init__(self, *, staff_present: Callable[[Visit], bool], **parts: Any) -> None:
        super().__init__(**parts)
        self._staff_present = staff_present
        self._claims: dict[Screen, SessionClaims] = {}
        self.requests = {
            "waiting.join": (EmptyRequest, self._join),
            "visit.leave": (EmptyRequest, self._leave),
            "presence.check": (EmptyRequest, self._check),
            "media.answer": (AnswerRequest, self._answer),
            "media.restart": (RestartRequest, self._restart),
            "media.devices": (DevicesRequest, self._devices),
        }

    async def _open(self, connection: Connection, token: str) -> Screen:
        """See `Channel._open`. The token's session must still be the participant's."""
        claims = self._tokens.verify(token, "visit")
        visit_id = claims.visit or ""

        async def draw(version: int) -> BaseModel | None:
            visit = self._visits.find(visit_id) or await self._visits.load(visit_id)
            me = visit.find(claims.subject)
            if me is None or me.session != claims.session or visit.phase.final:
                return None
            present = self._staff_present(visit)
            return visit_snapshot(
                visit, me, self._media, self._clinic, staff_present=present, version=version, now=self._clock()
            )

        screen = Screen(connection, claims.session, visit_id, claims.expires_at, draw)
        self._claims[screen] = claims
        try:
            authorize(await self._visits.load(visit_id), claims.subject, claims.session)
            self._screens.open(screen)
            await self._handle(
                screen, Connect(actor=_actor(claims), participant=claims.subject, session=claims.session)
            )
        except BaseException:
            del self._claims[screen]
            self._screens.close(screen)
            raise
        return screen

    async def disconnect(self, screen: Screen) -> None:
        """See `Channel.disconnect`. The place is kept for the grace period."""
        claims = self._claims.pop(screen)
        if not self._screens.close(screen):
            return
        lost = LoseConnection(actor=_actor(claims), participant=claims.subject, session=claims.session)
        try:
            await self._visits.handle(claims.visit or "", lost)
        except WaitingRoomError as error:
            log.info("loss_not_noted", code=error.code)

    async def _handle(self, screen: Screen, command: Command) -> None:
        await self._visits.handle(screen.visit or "", command)

    async def _join(self, screen: Screen, request: EmptyRequest) -> dict[str, Any]:
        del request
        claims = self._live(screen)
        await self._handle(
            screen, JoinWaitingRoom(actor=_actor(claims), participant=claims.subject, session=claims.session)
        )
        return {}

    async def _leave(self, screen: Screen, request: EmptyRequest) -> dict[str, Any]:
        del request
        claims = self._live(screen)
        await self._handle(screen, Leave(actor=_actor(claims), participant=claims.subject, session=claims.session))
        return {}

    async def _check(self, screen: Screen, request: EmptyRequest) -> dict[str, Any]:
        del request
        claims = self._live(screen)
        # Said only after asking the store: the screen promises that the place is kept.
        authorize(await self._visits.load(screen.visit or ""), claims.subject, claims.session)
        return {"server_time": instant(self._clock())}

    async def _answer(self, screen: Screen, request: AnswerRequest) -> dict[str, Any]:
        claims = self._live(screen)
        taken = self._media.answer(screen.visit or "", claims.subject, request.transport, request.revision, request.sdp)
        return {} if taken else {"stale": True}

    async def _restart(self, screen: Screen, request: RestartRequest) -> dict[str, Any]:
        claims = self._live(screen)
        self._media.restart(screen.visit or "", claims.subject, request.transport)
        return {}

    async def _devices(self, screen: Screen, request: DevicesRequest) -> dict[str, Any]:
        claims, visit_id = self._live(screen), screen.visit or ""
        self._media.note_sending(visit_id, claims.subject, Sending(request.microphone, request.camera))
        self._screens.touch(visit_id)
        return {}

    def _live(self, screen: Screen) -> SessionClaims:
        """Return the session's claims. A screen that was told goodbye, or whose device was replaced, may ask nothing any more."""
        claims = self._claims[screen]
        visit = self._visits.find(screen.visit or "")
        if not self._screens.speaks(screen):
            raise RequestRefused("unauthorized")
        if visit is not None:
            authorize(visit, claims.subject, claims.session)
        return claims


def _actor(claims: SessionClaims) -> Actor:
    return Actor(claims.subject, Role(claims.role or Role.PATIENT))
