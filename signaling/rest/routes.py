"""The handlers of the appointments interface. The table (`signaling.rest.table`) says what is served and who may."""

from __future__ import annotations

import json
import time
from collections.abc import Awaitable, Callable
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from aiohttp import web
from pydantic import BaseModel, ValidationError

from signaling.accounts import Accounts
from signaling.appointments import Appointments, Asked, clinic_for
from signaling.clinics import Clinics
from signaling.errors import RequestRefused, refusal_of
from signaling.local_time import day_bounds, read_start, zone_named
from signaling.reports import REPORTS, make_report
from signaling.rest.answers import Teller, clinic_facts, sheet_of
from signaling.rest.bearer import Bearer, Caller
from signaling.rest.idempotency import HEADER, OnceKey
from signaling.rest.models import (
    AppointmentList,
    BookRequest,
    CheckInReport,
    ClinicList,
    Empty,
    PatientAsked,
    RescheduleRequest,
    WaiveRequest,
)
from signaling.rest.openapi import describe
from signaling.rest.queries import (
    ListQuery,
    NoQuery,
    PeriodQuery,
    cursor_after,
    fault_of,
    read_cursor,
    read_query,
)
from signaling.rest.table import PREFIX, ROUTES, Route
from signaling.settings import Settings
from signaling.spreadsheet import as_csv
from signaling.staff_sessions import StaffSessions
from signaling.tokens import SessionTokens
from signaling.trail import trail_of
from signaling.visits import Clock, Visits
from signaling.wire import Request
from waiting_room.attendance import people
from waiting_room.check_in_items import CheckInItem
from waiting_room.clinic import Clinic
from waiting_room.commands import Cancel, Command, Complete, Look, MarkNoShow, ReportCheckIn, Waive
from waiting_room.errors import AccountUnknown, InvalidBooking, RequestReused, WaitingRoomError
from waiting_room.events import AppointmentsListed, ReportMade
from waiting_room.model import Actor, PatientDetails, Visit
from waiting_room.store import Once, Store, VisitFilter

__all__ = ["AppointmentsApi"]

Handler = Callable[[web.Request, Caller], Awaitable[web.Response]]
_Model = TypeVar("_Model", bound=Request)


class AppointmentsApi:
    """Serves ``/api/v1/appointments`` and what belongs to it; ``docs/operations.md`` tells how tokens are made."""

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
        self._store = store
        self._visits = visits
        self._clinics = clinics
        self._accounts = accounts
        self._clock = clock
        self._appointments = Appointments(visits, store, clinics, settings.base_url, clock)
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
        handler: Handler = getattr(self, f"_{route.name}")

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

    # Booking.

    async def _book(self, request: web.Request, caller: Caller) -> web.Response:
        asked = await _body(request, BookRequest)
        key = request.headers.get(HEADER)
        once = OnceKey(caller.actor.id, key) if key is not None else None
        if once is not None and (kept := await self._store.find_once(once.hash)) is not None:
            # Looked up before anything is judged: by now the slot may be over.
            return _again(once, kept, asked)
        draft = await self._appointments.draft(self._asked(asked, caller), actor=caller.actor)
        answer = (await self._teller()).linked(draft.visit, draft.url).model_dump_json()
        record = None
        if once is not None:
            record = Once(once.hash, once.request_hash(asked.model_dump_json()), once.seal(answer), self._clock())
        kept = await self._appointments.keep(draft, record)
        if once is not None and kept is not None:
            return _again(once, kept, asked)
        return _json(answer, 201)

    def _asked(self, asked: BookRequest, caller: Caller) -> Asked:
        clinic = clinic_for(self._clinics, caller.clinic(asked.clinic))
        return Asked(
            clinic=clinic.id,
            patient=asked.patient.name,
            starts_at=read_start(asked.starts_at, _zone(asked.time_zone, clinic), fold=asked.fold),
            minutes=asked.minutes,
            providers=asked.providers,
            details=_details(asked.patient),
            reason=asked.reason,
            kind=asked.kind,
            check_in=None
            if asked.check_in is None
            else tuple(CheckInItem(one.key, one.kind, title=one.title, url=one.url) for one in asked.check_in),
            external_id=asked.external_id,
        )

    async def _reschedule(self, request: web.Request, caller: Caller) -> web.Response:
        asked = await _body(request, RescheduleRequest)
        visit = await self._visit(request, caller)
        zone = _zone(asked.time_zone, self._clinics.get(visit.clinic_id))
        booked = await self._appointments.reschedule(
            visit.id,
            starts_at=read_start(asked.starts_at, zone, fold=asked.fold),
            minutes=asked.minutes,
            providers=asked.providers,
            actor=caller.actor,
        )
        return _answer((await self._teller()).linked(booked.visit, booked.url))

    async def _renew_link(self, request: web.Request, caller: Caller) -> web.Response:
        await _body(request, Empty)
        visit = await self._visit(request, caller)
        booked = await self._appointments.renew_link(visit.id, actor=caller.actor)
        return _answer((await self._teller()).linked(booked.visit, booked.url))

    async def _cancel(self, request: web.Request, caller: Caller) -> web.Response:
        return await self._give(request, caller, Empty, lambda _: Cancel(actor=caller.actor))

    async def _no_show(self, request: web.Request, caller: Caller) -> web.Response:
        return await self._give(request, caller, Empty, lambda _: MarkNoShow(actor=caller.actor))

    async def _complete(self, request: web.Request, caller: Caller) -> web.Response:
        return await self._give(request, caller, Empty, lambda _: Complete(actor=caller.actor))

    async def _report_check_in(self, request: web.Request, caller: Caller) -> web.Response:
        key = request.match_info["key"]

        def report(asked: CheckInReport) -> Command:
            return ReportCheckIn(actor=caller.actor, item=key, done=asked.state == "done")

        return await self._give(request, caller, CheckInReport, report)

    async def _waive_check_in(self, request: web.Request, caller: Caller) -> web.Response:
        key = request.match_info["key"]

        def waive(asked: WaiveRequest) -> Command:
            return Waive(actor=caller.actor, item=key, reason=asked.reason, note=asked.note)

        return await self._give(request, caller, WaiveRequest, waive)

    async def _give(
        self, request: web.Request, caller: Caller, asks: type[_Model], command: Callable[[_Model], Command]
    ) -> web.Response:
        asked = await _body(request, asks)
        visit = await self._visit(request, caller)
        after = await self._visits.handle(visit.id, command(asked))
        return _answer((await self._teller()).appointment(after))

    # Reading.

    async def _list(self, request: web.Request, caller: Caller) -> web.Response:
        asked = read_query(request, ListQuery)
        wanted = await self._filter(asked, caller)
        seen, more = await self._page(wanted, caller)
        teller = await self._teller()
        listed = AppointmentsListed(**self._by(caller.actor), count=len(seen))
        await self._store.record([listed])
        cursor = cursor_after(more) if more else None
        return _answer(AppointmentList(appointments=[teller.appointment(one) for one in seen], next=cursor))

    async def _page(self, wanted: VisitFilter, caller: Caller) -> tuple[list[Visit], Visit | None]:
        """Return the visits of a page that the caller may know of, and the one after which another page may begin."""
        read = await self._store.list_visits(wanted)
        full = len(read) == wanted.limit
        return [one for one in read if caller.sees(one)], read[-1] if full else None

    async def _filter(self, asked: ListQuery, caller: Caller) -> VisitFilter:
        clinic = caller.clinic(asked.clinic)
        starts_from = starts_before = None
        if asked.day is not None:
            try:
                zone = ZoneInfo(clinic_for(self._clinics, clinic).time_zone)
            except InvalidBooking as error:
                raise RequestRefused("bad_request", **error.facts) from error
            starts_from, starts_before = day_bounds(asked.day, zone)
        elif clinic is not None:
            self._clinics.get(clinic)
        return VisitFilter(
            clinic_id=clinic,
            starts_from=starts_from,
            starts_before=starts_before,
            provider_id=await self._provider(asked.provider),
            phases=frozenset(asked.state),
            after=read_cursor(asked.cursor) if asked.cursor else None,
            limit=asked.limit,
        )

    async def _provider(self, username: str | None) -> str | None:
        """Return the account's id. One that was disabled since has visits too."""
        if username is None:
            return None
        for account in await self._accounts.list():
            if account.username == username:
                return account.id
        raise AccountUnknown

    async def _read(self, request: web.Request, caller: Caller) -> web.Response:
        visit = await self._look(request, caller)
        return _answer((await self._teller()).appointment(visit))

    async def _attendance(self, request: web.Request, caller: Caller) -> web.Response:
        visit = await self._look(request, caller)
        return _answer(sheet_of(visit, people(visit, await trail_of(self._store, visit.id))))

    async def _report(self, request: web.Request, caller: Caller) -> web.Response:
        name = request.match_info["report"]
        if name not in REPORTS:
            raise RequestRefused("not_found")
        asked = read_query(request, PeriodQuery)
        clinic = caller.clinic(asked.clinic)
        clinics = list(self._clinics) if clinic is None else [self._clinics.get(clinic)]
        rows = await make_report(self._store, clinics, name, asked.first, asked.last)
        made = f"{name} {asked.first}/{asked.last} {clinic or '*'}"
        await self._store.record([ReportMade(**self._by(caller.actor), report=made)])
        headers = {"Cache-Control": "no-store", "Content-Disposition": f'attachment; filename="{name}.csv"'}
        return web.Response(text=as_csv(rows), content_type="text/csv", charset="utf-8", headers=headers)

    async def _clinics_list(self, request: web.Request, caller: Caller) -> web.Response:
        del request
        mine = [one for one in self._clinics if caller.actor.clinic in {"", one.id}]
        return _answer(ClinicList(clinics=[clinic_facts(one) for one in mine]))

    async def _visit(self, request: web.Request, caller: Caller) -> Visit:
        visit = await self._visits.load(request.match_info["id"])
        caller.require_sight(visit)
        return visit

    async def _look(self, request: web.Request, caller: Caller) -> Visit:
        visit = await self._visit(request, caller)
        return await self._visits.handle(visit.id, Look(actor=caller.actor))

    def _by(self, actor: Actor) -> dict[str, Any]:
        return {"visit": "", "at": self._clock(), "actor": actor.id, "role": actor.role, "device": actor.device}

    async def _teller(self) -> Teller:
        return Teller(self._clinics, await self._accounts.list())


def _zone(name: str | None, clinic: Clinic) -> ZoneInfo:
    return ZoneInfo(clinic.time_zone) if name is None else zone_named(name)


def _details(asked: PatientAsked) -> PatientDetails:
    return PatientDetails(**asked.model_dump(exclude={"name"}))


def _in_our_words(error: InvalidBooking) -> RequestRefused:
    """Name the start as this interface does."""
    field = error.facts["field"]
    return RequestRefused(error.code, **error.facts | {"field": "starts_at" if field == "start" else field})


def _again(once: OnceKey, kept: Once, asked: BookRequest) -> web.Response:
    """Give the first answer once more. Raises `RequestReused` where the request is another one."""
    if once.request_hash(asked.model_dump_json()) != kept.request_hash:
        raise RequestReused
    return _json(once.open(kept.sealed), 201)


async def _body(request: web.Request, model: type[_Model]) -> _Model:
    if model is Empty and not request.can_read_body:
        return model()
    if request.content_type != "application/json":
        raise RequestRefused("bad_request", field="Content-Type", reason="must be application/json")
    try:
        return model.model_validate_json(await request.read())
    except ValidationError as error:
        raise fault_of(error) from None


def _answer(model: BaseModel) -> web.Response:
    return _json(model.model_dump_json(), 200)


def _json(text: str, status: int) -> web.Response:
    return web.Response(
        text=text, status=status, content_type="application/json", headers={"Cache-Control": "no-store"}
    )
