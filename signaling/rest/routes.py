"""Serves the appointments interface: the table (`signaling.rest.table`) says what, and who may."""

from __future__ import annotations

import json
import time
from collections.abc import Awaitable, Callable

from aiohttp import web

from signaling.accounts import Accounts
from signaling.clinics import Clinics
from signaling.errors import RequestRefused, refusal_of
from signaling.rest.bearer import Bearer, Caller
from signaling.rest.booking import Booking
from signaling.rest.desk import Desk
from signaling.rest.openapi import describe
from signaling.rest.queries import NoQuery, read_query
from signaling.rest.reading import Reading
from signaling.rest.table import PREFIX, ROUTES, Route
from signaling.settings import Settings
from signaling.staff_sessions import StaffSessions
from signaling.tokens import SessionTokens
from signaling.visits import Clock, Visits
from waiting_room.errors import InvalidBooking, WaitingRoomError
from waiting_room.store import Store

__all__ = ["AppointmentsApi"]

Handler = Callable[[web.Request, Caller], Awaitable[web.Response]]


class AppointmentsApi:
    """``/api/v1/appointments`` and what belongs to it; ``docs/operations.md`` tells how tokens are made."""

    def __init__(
        self,
        *,
        store: Store,
        visits: Visits,
        tokens: SessionTokens,
        sessions: StaffSessions,
        clinics: Clinics,
        accounts: Accounts,
        settings: Settings,
        clock: Clock,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        desk = Desk(store, visits, clinics, accounts, clock)
        self._booking = Booking(desk, settings.base_url)
        self._reading = Reading(desk)
        self._bearer = Bearer(store=store, tokens=tokens, sessions=sessions, clock=clock, monotonic=monotonic)
        self._description = json.dumps(describe(settings.base_url))

    def routes(self) -> list[web.RouteDef]:
        """Return the routes to add to the application."""
        served = [web.route(one.method, PREFIX + one.path, self._serve(one)) for one in ROUTES]
        return [*served, web.get(f"{PREFIX}/openapi.json", self.openapi, allow_head=False)]

    async def openapi(self, request: web.Request) -> web.Response:
        """Describe this interface."""
        del request
        return web.Response(text=self._description, content_type="application/json")

    def _serve(self, route: Route) -> Callable[[web.Request], Awaitable[web.Response]]:
        part = self._booking if hasattr(self._booking, route.name) else self._reading
        handler: Handler = getattr(part, route.name)

        async def serve(request: web.Request) -> web.Response:
            try:
                caller = await self._bearer.caller(request)
                caller.require(route.scope, route.actions)
                if route.query is NoQuery:
                    read_query(request, NoQuery)
                return await handler(request, caller)
            except InvalidBooking as error:
                raise _in_our_words(error) from error
            except WaitingRoomError as error:
                raise refusal_of(error) from error

        return serve


def _in_our_words(error: InvalidBooking) -> RequestRefused:
    """Name the start as this interface does."""
    field = error.facts["field"]
    return RequestRefused(error.code, **error.facts | {"field": "starts_at" if field == "start" else field})
