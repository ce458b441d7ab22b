"""What the two Socket.IO namespaces have in common: who may connect, and how a request becomes an acknowledgement."""

from __future__ import annotations

import time
from abc import ABC, abstractmethod
from collections.abc import Awaitable, Callable
from http import HTTPStatus
from typing import Any, Final

import structlog
from pydantic import BaseModel, ValidationError

from media import BadSdp, MediaError
from signaling.clinics import Clinics
from signaling.errors import RequestRefused, refusal_of
from signaling.limits import Throttle
from signaling.screens import Connection, Screen, Screens
from signaling.tokens import SessionTokens
from signaling.visit_media import VisitMedia
from signaling.visits import Clock, Visits
from waiting_room.commands import NoteModality
from waiting_room.errors import WaitingRoomError
from waiting_room.model import Actor, Modality, Participant, ParticipantPhase, Visit

__all__ = ["Channel", "Handler", "Requests"]

Handler = Callable[[Screen, Any], Awaitable[dict[str, Any]]]
Requests = dict[str, tuple[type[BaseModel], Handler]]
"""What may be asked: each name with the shape of its argument and what answers it."""

MOVES: Final = 10
MOVES_WINDOW_S: Final = 10.0
_MOVES: Final = {"waiting.join", "visit.leave"}
"""What one page could go on doing for ever, each time with entries that stay in the trail."""

log = structlog.get_logger(__name__)


class Channel(ABC):
    """Base of a namespace: subclasses list their requests and say what connecting and disconnecting mean."""

    requests: Requests

    def __init__(
        self,
        *,
        visits: Visits,
        media: VisitMedia,
        screens: Screens,
        tokens: SessionTokens,
        clinics: Clinics,
        clock: Clock,
    ) -> None:
        self._visits = visits
        self._media = media
        self._screens = screens
        self._tokens = tokens
        self._clinics = clinics
        self._clock = clock
        self._moves = Throttle(MOVES, MOVES_WINDOW_S, clock=time.monotonic, code="too_many_requests")

    async def connect(self, connection: Connection, token: str) -> Screen:
        """Open the screen of this token's session. Raises `RequestRefused`; a node that goes down opens none."""
        if self._screens.draining:
            raise RequestRefused("draining")
        try:
            return await self._open(connection, token)
        except WaitingRoomError as error:
            raise refusal_of(error) from error

    @abstractmethod
    async def _open(self, connection: Connection, token: str) -> Screen:
        """Open the screen, or raise `RequestRefused` or a `WaitingRoomError` and leave nothing of it behind."""

    @abstractmethod
    async def disconnect(self, screen: Screen) -> None:
        """Take note that the screen's socket is gone."""

    def speaks(self, screen: Screen) -> bool:
        """Whether the screen was not told goodbye."""
        return self._screens.speaks(screen)

    async def _note_camera(self, visit: Visit, me: Participant, actor: Actor, *, camera: bool) -> None:
        """Take what a page sends for how its person takes part, where the page gave no other reason before."""
        modality = Modality.VIDEO if camera else Modality.AUDIO
        if me.phase is not ParticipantPhase.IN_VISIT or me.session is None or me.modality is modality:
            return
        note = NoteModality(actor=actor, participant=me.id, session=me.session, modality=modality, reason="chosen")
        await self._visits.quietly(visit.id, note)

    async def request(self, screen: Screen, name: str, argument: object) -> dict[str, Any]:
        """Validate, do, and return the acknowledgement; whatever is refused comes back as ``{"error": …}``."""
        if name not in self.requests:
            return RequestRefused("bad_request").body
        model, handler = self.requests[name]
        try:
            asked = model.model_validate(argument)
        except ValidationError:
            return RequestRefused("bad_request").body
        try:
            if name in _MOVES:
                self._moves.take(screen.person)
            return {"ok": await handler(screen, asked)}
        except RequestRefused as refused:
            return refused.body
        except (WaitingRoomError, MediaError) as error:
            refusal = _media_refusal_of(error) if isinstance(error, MediaError) else refusal_of(error)
            if refusal.status >= HTTPStatus.INTERNAL_SERVER_ERROR:
                log.exception("request_failed", request=name, code=refusal.code)
            return refusal.body


def _media_refusal_of(error: MediaError) -> RequestRefused:
    """Translate a refusal of the media plane. Here and not beside the domain's: commands do without the media plane."""
    return (
        RequestRefused(error.code, reason=error.reason)
        if isinstance(error, BadSdp)
        else RequestRefused.known(error.code)
    )
