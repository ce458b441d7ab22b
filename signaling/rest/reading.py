"""The requests that read appointments, clinics and reports. Each is in the audit trail."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from aiohttp import web

from signaling.appointments import clinic_for
from signaling.errors import RequestRefused
from signaling.local_time import day_bounds
from signaling.reports import REPORTS, make_report
from signaling.rest.answers import clinic_facts, sheet_of
from signaling.rest.bearer import Caller
from signaling.rest.bodies import answered
from signaling.rest.desk import Desk
from signaling.rest.models import AppointmentList, ClinicList
from signaling.rest.queries import ListQuery, PeriodQuery, cursor_after, read_cursor, read_query
from signaling.spreadsheet import as_csv
from signaling.trail import listed, trail_of
from waiting_room.attendance import people
from waiting_room.errors import AccountUnknown, InvalidBooking
from waiting_room.model import Visit
from waiting_room.office_events import ReportMade
from waiting_room.store import VisitFilter

__all__ = ["Reading"]


class Reading:
    """Handlers by the names of the table."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    async def list_appointments(self, request: web.Request, caller: Caller) -> web.Response:
        """List a page of what the caller may know of."""
        asked = read_query(request, ListQuery)
        wanted = await self._filter(asked, caller)
        seen, more = await self._page(wanted, caller)
        teller = await self._desk.teller(caller)
        read = listed(
            self._desk.by(caller.actor),
            [one.id for one in seen],
            clinic=wanted.clinic_id,
            day=asked.day,
            provider=wanted.provider_id,
            state=",".join(sorted(wanted.phases)),
        )
        await self._desk.store.record(read)
        cursor = cursor_after(more) if more else None
        return answered(AppointmentList(appointments=[teller.appointment(one) for one in seen], next=cursor))

    async def _page(self, wanted: VisitFilter, caller: Caller) -> tuple[list[Visit], Visit | None]:
        """Return the visits of a page that the caller may know of, and the one after which another page may begin."""
        read = await self._desk.store.list_visits(wanted)
        full = len(read) == wanted.limit
        return [one for one in read if caller.sees(one)], read[-1] if full else None

    async def _filter(self, asked: ListQuery, caller: Caller) -> VisitFilter:
        clinic = caller.clinic(asked.clinic)
        starts_from = starts_before = None
        if asked.day is not None:
            try:
                zone = ZoneInfo(clinic_for(self._desk.clinics, clinic).time_zone)
            except InvalidBooking as error:
                raise RequestRefused("bad_request", **error.facts) from error
            starts_from, starts_before = day_bounds(asked.day, zone)
        elif clinic is not None:
            self._desk.clinics.get(clinic)
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
        for account in await self._desk.accounts.list():
            if account.username == username:
                return account.id
        raise AccountUnknown

    async def read(self, request: web.Request, caller: Caller) -> web.Response:
        """Tell of one appointment."""
        visit = await self._desk.look(request, caller)
        return answered((await self._desk.teller(caller)).appointment(visit))

    async def attendance(self, request: web.Request, caller: Caller) -> web.Response:
        """Tell who was there."""
        visit = await self._desk.look(request, caller)
        return answered(sheet_of(visit, people(visit, await trail_of(self._desk.store, visit.id))))

    async def report(self, request: web.Request, caller: Caller) -> web.Response:
        """Make a report of the caller's clinics."""
        name = request.match_info["report"]
        if name not in REPORTS:
            raise RequestRefused("not_found")
        asked = read_query(request, PeriodQuery)
        clinic = caller.clinic(asked.clinic)
        clinics = list(self._desk.clinics) if clinic is None else [self._desk.clinics.get(clinic)]
        rows = await make_report(self._desk.store, clinics, name, asked.first, asked.last)
        made = f"{name} {asked.first}/{asked.last} {clinic or '*'}"
        await self._desk.store.record([ReportMade(**self._desk.by(caller.actor), report=made)])
        headers = {"Cache-Control": "no-store", "Content-Disposition": f'attachment; filename="{name}.csv"'}
        return web.Response(text=as_csv(rows), content_type="text/csv", charset="utf-8", headers=headers)

    async def clinics_list(self, request: web.Request, caller: Caller) -> web.Response:
        """List the caller's clinics."""
        del request
        mine = [one for one in self._desk.clinics if caller.actor.clinic in {"", one.id}]
        return answered(ClinicList(clinics=[clinic_facts(one) for one in mine]))
