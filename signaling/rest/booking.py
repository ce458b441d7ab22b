"""The requests that book and change appointments."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar
from zoneinfo import ZoneInfo

from aiohttp import web

from signaling.appointments import Appointments, Asked, clinic_for
from signaling.local_time import read_start, zone_named
from signaling.rest.bearer import Caller
from signaling.rest.bodies import answered, answered_text, read_body
from signaling.rest.desk import Desk
from signaling.rest.idempotency import HEADER, OnceKey
from signaling.rest.models import BookRequest, CheckInReport, Empty, PatientAsked, RescheduleRequest, WaiveRequest
from signaling.wire import Request
from waiting_room.check_in_items import CheckInItem
from waiting_room.clinic import Clinic
from waiting_room.commands import Cancel, Command, Complete, MarkNoShow, ReportCheckIn, Waive
from waiting_room.errors import RequestReused
from waiting_room.model import PatientDetails
from waiting_room.store import Once

__all__ = ["Booking"]

_Model = TypeVar("_Model", bound=Request)


class Booking:
    """Handlers by the names of the table."""

    def __init__(self, desk: Desk, base_url: str) -> None:
        self._desk = desk
        self._appointments = Appointments(desk.visits, desk.store, desk.clinics, base_url, desk.clock)

    async def book(self, request: web.Request, caller: Caller) -> web.Response:
        """Book, or give the answer of the first time once more."""
        asked = await read_body(request, BookRequest)
        key = request.headers.get(HEADER)
        once = OnceKey(caller.actor.id, key) if key is not None else None
        if once is not None and (kept := await self._desk.store.find_once(once.hash)) is not None:
            # Looked up before anything is judged: by now the slot may be over.
            return _again(once, kept, asked)
        draft = await self._appointments.draft(self._asked(asked, caller), actor=caller.actor)
        answer = (await self._desk.teller(caller)).linked(draft.visit, draft.url).model_dump_json()
        record = None
        if once is not None:
            record = Once(once.hash, once.request_hash(asked.model_dump_json()), once.seal(answer), self._desk.clock())
        kept = await self._appointments.keep(draft, record)
        if once is not None and kept is not None:
            return _again(once, kept, asked)
        return answered_text(answer, 201)

    def _asked(self, asked: BookRequest, caller: Caller) -> Asked:
        clinic = clinic_for(self._desk.clinics, caller.clinic(asked.clinic))
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

    async def reschedule(self, request: web.Request, caller: Caller) -> web.Response:
        """Move the appointment and make a new link."""
        asked = await read_body(request, RescheduleRequest)
        visit = await self._desk.visit(request, caller)
        zone = _zone(asked.time_zone, self._desk.clinics.get(visit.clinic_id))
        booked = await self._appointments.reschedule(
            visit.id,
            starts_at=read_start(asked.starts_at, zone, fold=asked.fold),
            minutes=asked.minutes,
            providers=asked.providers,
            actor=caller.actor,
        )
        return answered((await self._desk.teller(caller)).linked(booked.visit, booked.url))

    async def renew_link(self, request: web.Request, caller: Caller) -> web.Response:
        """Make a new link for the patient."""
        await read_body(request, Empty)
        visit = await self._desk.visit(request, caller)
        booked = await self._appointments.renew_link(visit.id, actor=caller.actor)
        return answered((await self._desk.teller(caller)).linked(booked.visit, booked.url))

    async def cancel(self, request: web.Request, caller: Caller) -> web.Response:
        """End it before it began."""
        return await self._give(request, caller, Empty, lambda _: Cancel(actor=caller.actor))

    async def no_show(self, request: web.Request, caller: Caller) -> web.Response:
        """Note that the patient did not come."""
        return await self._give(request, caller, Empty, lambda _: MarkNoShow(actor=caller.actor))

    async def complete(self, request: web.Request, caller: Caller) -> web.Response:
        """Note that it was kept."""
        return await self._give(request, caller, Empty, lambda _: Complete(actor=caller.actor))

    async def report_check_in(self, request: web.Request, caller: Caller) -> web.Response:
        """Take the portal's word on one of its own items."""
        key = request.match_info["key"]

        def report(asked: CheckInReport) -> Command:
            return ReportCheckIn(actor=caller.actor, item=key, done=asked.state == "done")

        return await self._give(request, caller, CheckInReport, report)

    async def waive_check_in(self, request: web.Request, caller: Caller) -> web.Response:
        """Let the patient in without an item."""
        key = request.match_info["key"]

        def waive(asked: WaiveRequest) -> Command:
            return Waive(actor=caller.actor, item=key, reason=asked.reason, note=asked.note)

        return await self._give(request, caller, WaiveRequest, waive)

    async def _give(
        self, request: web.Request, caller: Caller, asks: type[_Model], command: Callable[[_Model], Command]
    ) -> web.Response:
        asked = await read_body(request, asks)
        visit = await self._desk.visit(request, caller)
        after = await self._desk.visits.handle(visit.id, command(asked))
        return answered((await self._desk.teller(caller)).appointment(after))


def _zone(name: str | None, clinic: Clinic) -> ZoneInfo:
    return ZoneInfo(clinic.time_zone) if name is None else zone_named(name)


def _details(asked: PatientAsked) -> PatientDetails:
    return PatientDetails(**asked.model_dump(exclude={"name"}))


def _again(once: OnceKey, kept: Once, asked: BookRequest) -> web.Response:
    """Give the first answer once more. Raises `RequestReused` where the request is another one."""
    if once.request_hash(asked.model_dump_json()) != kept.request_hash:
        raise RequestReused
    return answered_text(once.open(kept.sealed), 201)
