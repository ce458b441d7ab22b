"""The privacy receipt: who was in the visit and when, that nothing was recorded, where picture and sound went."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Final

from aiohttp import web

from signaling.clinics import Clinics
from signaling.errors import RequestRefused
from signaling.http_messages import Receipt, ReceiptPerson, ReceiptTime, ReceiptVisit
from signaling.http_requests import answer, bearer_token, device_of
from signaling.limits import Throttle
from signaling.tokens import SessionTokens
from signaling.trail import trail_of
from signaling.visits import Clock, Visits
from waiting_room.attendance import Attendance, people
from waiting_room.events import VisitLookedAt
from waiting_room.model import Participant, ParticipantPhase, Role
from waiting_room.store import AuditStore

__all__ = ["ReceiptEndpoint", "reader_of"]

READINGS: Final = 10
WINDOW_S: Final = 60.0


class ReceiptEndpoint:
    """The handler of ``/api/v1/visits/receipt``. ``media_server`` is the name of the host that relays picture and sound."""

    def __init__(
        self,
        *,
        store: AuditStore,
        visits: Visits,
        tokens: SessionTokens,
        clinics: Clinics,
        clock: Clock,
        media_server: str,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._store = store
        self._visits = visits
        self._tokens = tokens
        self._clinics = clinics
        self._clock = clock
        self._media_server = media_server
        self._readings = Throttle(READINGS, WINDOW_S, clock=monotonic)

    def routes(self) -> list[web.RouteDef]:
        """Return the routes to add to the application."""
        return [web.post("/api/v1/visits/receipt", self.receipt)]

    async def receipt(self, request: web.Request) -> web.Response:
        """Answer a participant of the visit. That it was read stands in the trail, as every access does."""
        claims = self._tokens.verify(bearer_token(request), "visit")
        visit = await self._visits.load(claims.visit or "")
        participant = reader_of(visit.find(claims.subject), claims.session)
        self._readings.take(participant.id)
        looked = VisitLookedAt(
            visit=visit.id,
            at=self._clock(),
            actor=participant.id,
            role=participant.role,
            device=device_of(request),
        )
        await self._store.record((looked,))
        there = people(visit, await trail_of(self._store, visit.id))
        return answer(
            Receipt(
                visit=ReceiptVisit(starts_at=visit.starts_at, started_at=visit.started_at, ended_at=visit.ended_at),
                clinic=self._clinics.card(visit.clinic_id),
                media_server=self._media_server,
                people=[_person(one, participant.id) for one in there if one.times],
            )
        )


def reader_of(participant: Participant | None, session: str) -> Participant:
    """Return whom the token still speaks for. Raises `RequestRefused`."""
    if participant is None:
        raise RequestRefused("unauthorized")
    if participant.phase is ParticipantPhase.REMOVED:
        raise RequestRefused("removed")
    if participant.session is None:
        raise RequestRefused("link_ended")
    if participant.session != session:
        raise RequestRefused("session_replaced")
    if participant.unproven:
        raise RequestRefused("identity_needed")
    if participant.role is Role.HELPER:
        raise RequestRefused("forbidden")
    return participant


def _person(one: Attendance, reader: str) -> ReceiptPerson:
    return ReceiptPerson(
        name=one.name,
        role=one.role,
        me=one.id == reader,
        times=[ReceiptTime(since=since, to=to) for since, to in one.times],
    )
