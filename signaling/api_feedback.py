"""The one question after a visit: how picture and sound worked, in the words of who was in it."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Final

from aiohttp import web

from signaling.api_receipt import reader_of
from signaling.errors import RequestRefused
from signaling.http_messages import Done, FeedbackRequest
from signaling.http_requests import answer, bearer_token, device_of, read
from signaling.limits import Throttle
from signaling.tokens import SessionTokens
from signaling.visits import Clock, Visits
from waiting_room.events import FeedbackGiven
from waiting_room.store import AuditStore

__all__ = ["FeedbackEndpoint"]

ANSWERS: Final = 5
WINDOW_S: Final = 60.0


class FeedbackEndpoint:
    """The handler of ``/api/v1/visits/feedback``. Answers stand in the trail alone; the last one of each person counts."""

    def __init__(
        self,
        *,
        store: AuditStore,
        visits: Visits,
        tokens: SessionTokens,
        clock: Clock,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._store = store
        self._visits = visits
        self._tokens = tokens
        self._clock = clock
        self._answers = Throttle(ANSWERS, WINDOW_S, clock=monotonic)

    def routes(self) -> list[web.RouteDef]:
        """Return the routes to add to the application."""
        return [web.post("/api/v1/visits/feedback", self.feedback)]

    async def feedback(self, request: web.Request) -> web.Response:
        """Keep the answer of one who came by a link, once the visit has begun."""
        claims = self._tokens.verify(bearer_token(request), "visit")
        given = await read(request, FeedbackRequest)
        visit = await self._visits.load(claims.visit or "")
        participant = reader_of(visit.find(claims.subject), claims.session)
        self._answers.take(participant.id)
        if visit.started_at is None:
            raise RequestRefused("wrong_state")
        feedback = FeedbackGiven(
            visit=visit.id,
            at=self._clock(),
            actor=participant.id,
            role=participant.role,
            device=device_of(request),
            participant=participant.id,
            answer=given.answer,
        )
        await self._store.record((feedback,))
        return answer(Done())
