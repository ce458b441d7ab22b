"""What staff ask around a visit: words to those who wait, calls, notes, check-in waived, and lists."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from signaling.care_access import CareAccess
from signaling.care_messages import CallList, Colleague, ColleagueList
from signaling.care_snapshot import queue_row
from signaling.channels import Requests
from signaling.clinics import Clinics
from signaling.local_time import day_bounds
from signaling.requests import (
    CallRequest,
    CareMessageRequest,
    CareReadRequest,
    DayRequest,
    EmptyRequest,
    LateRequest,
    NoteRequest,
    WaiveRequest,
)
from signaling.screens import Screen, Screens
from signaling.staff_directory import StaffDirectory
from signaling.staff_sessions import StaffSessions
from signaling.trail import listed
from signaling.visits import Clock, Visits
from waiting_room import commands as do
from waiting_room.errors import StoreFailed, WaitingRoomError
from waiting_room.model import Actor, ParticipantPhase, Role, Visit, VisitPhase
from waiting_room.readiness import Verdict
from waiting_room.store import Store, VisitFilter
from waiting_room.visit import sees

__all__ = ["CareDesk"]

DUE_WITHIN: Final = timedelta(hours=2)
AT_ONCE: Final = 8
MOST_ROWS: Final = 500
PAGE: Final = 200
TURN: Final = 20
_LIVE: Final = frozenset(phase for phase in VisitPhase if not phase.final)
_HELP_FIRST: Final = {Verdict.POOR: 0, Verdict.FAIR: 1, Verdict.UNTESTED: 2, Verdict.GOOD: 3}


class CareDesk:
    """Answers these requests. ``store`` is asked for other days' appointments, and keeps that they were read."""

    def __init__(
        self,
        access: CareAccess,
        *,
        visits: Visits,
        screens: Screens,
        sessions: StaffSessions,
        directory: StaffDirectory,
        clinics: Clinics,
        store: Store,
        clock: Clock,
    ) -> None:
        self._access = access
        self._visits = visits
        self._screens = screens
        self._sessions = sessions
        self._directory = directory
        self._clinics = clinics
        self._store = store
        self._clock = clock
        self.requests: Requests = {
            "message.send": (CareMessageRequest, self._send),
            "message.read": (CareReadRequest, self._read),
            "queue.late": (LateRequest, self._late),
            "call.record": (CallRequest, self._call),
            "note.keep": (NoteRequest, self._note),
            "checkin.waive": (WaiveRequest, self._waive),
            "readiness.list": (DayRequest, self._call_list),
            "staff.list": (EmptyRequest, self._colleagues),
            "presence.active": (EmptyRequest, self._active),
        }

    async def _send(self, screen: Screen, request: CareMessageRequest) -> dict[str, Any]:
        message = do.SendMessage(
            actor=await self._access.live(screen),
            participant=request.participant,
            message=secrets.token_urlsafe(12),
            text=request.text,
            canned=request.canned,
        )
        await self._access.give(request.visit, message)
        return {}

    async def _read(self, screen: Screen, request: CareReadRequest) -> dict[str, Any]:
        staff = await self._access.live(screen)
        read = do.ReadMessages(actor=staff, participant=request.participant, message=request.message, read=request.read)
        await self._access.give(request.visit, read)
        return {}

    async def _late(self, screen: Screen, request: LateRequest) -> dict[str, Any]:
        staff = await self._access.live(screen)
        late = do.TellLate(actor=staff, minutes=request.minutes)
        if request.visit is not None:
            await self._access.give(request.visit, late)
            return {"told": 1}
        return {"told": await self._tell_late(self._concerned(staff, request), late)}

    def _concerned(self, staff: Actor, request: LateRequest) -> list[Visit]:
        """Return the visits of this person's list that a delay concerns; where one is taken back, those that were told of it."""
        until = self._clock() + DUE_WITHIN
        late_one = staff.id if staff.role is Role.PROVIDER else request.provider
        return [
            visit
            for visit in self._visits.of_clinic(staff.clinic)
            if sees(visit, staff)
            and (late_one is None or any(one.id == late_one for one in visit.providers))
            and (visit.patient.phase is ParticipantPhase.WAITING or (_is_due(visit) and visit.starts_at <= until))
            and (request.minutes > 0 or visit.late is not None)
        ]

    async def _tell_late(self, visits: Sequence[Visit], late: do.TellLate) -> int:
        """Tell several at once; a visit that ended meanwhile is passed over. Raises `StoreFailed`."""
        places = asyncio.Semaphore(AT_ONCE)

        async def tell(visit: Visit) -> bool:
            async with places:
                try:
                    await self._visits.handle(visit.id, late)
                except StoreFailed:
                    raise
                except WaitingRoomError:
                    return False
                return True

        return sum(await asyncio.gather(*(tell(visit) for visit in visits)))

    async def _call(self, screen: Screen, request: CallRequest) -> dict[str, Any]:
        staff = await self._access.live(screen)
        call = do.RecordCall(actor=staff, reason=request.reason, result=request.result, note=request.note)
        await self._access.give(request.visit, call)
        return {}

    async def _note(self, screen: Screen, request: NoteRequest) -> dict[str, Any]:
        staff = await self._access.live(screen)
        await self._access.give(request.visit, do.KeepNote(actor=staff, text=request.text))
        return {}

    async def _waive(self, screen: Screen, request: WaiveRequest) -> dict[str, Any]:
        staff = await self._access.live(screen)
        waive = do.Waive(actor=staff, item=request.item, reason=request.reason, note=request.note)
        await self._access.give(request.visit, waive)
        return {}

    async def _call_list(self, screen: Screen, request: DayRequest) -> dict[str, Any]:
        staff = await self._access.live(screen)
        visits = [visit for visit in await self._of_day(staff.clinic, request.day) if sees(visit, staff)]
        verdicts = {visit.id: visit.readiness.verdict if visit.readiness else Verdict.UNTESTED for visit in visits}
        visits.sort(key=lambda visit: _HELP_FIRST[verdicts[visit.id]])
        now = self._clock()
        shown = visits[:MOST_ROWS]
        by = {"visit": "", "at": now, "actor": staff.id, "role": staff.role, "device": staff.device}
        await self._store.record(listed(by, [visit.id for visit in shown], clinic=staff.clinic, day=request.day))
        rows = []
        for visit in shown:
            rows.append(queue_row(visit, staff, licences=self._directory.licences(visit, staff), now=now))
            if len(rows) % TURN == 0:
                await asyncio.sleep(0)
        counted = list(verdicts.values())
        answer = CallList(
            day=request.day,
            total=len(visits),
            ready=counted.count(Verdict.GOOD),
            untested=counted.count(Verdict.UNTESTED),
            rows=rows,
        )
        return answer.model_dump(mode="json")

    async def _of_day(self, clinic_id: str, day: date) -> list[Visit]:
        """Return the clinic's visits of a day of its zone that are not over, by start."""
        clinic = self._clinics.find(clinic_id) or self._clinics.first
        begins, ends = day_bounds(day, ZoneInfo(clinic.time_zone))
        found: list[Visit] = []
        while True:
            after = (found[-1].starts_at, found[-1].id) if found else None
            wanted = VisitFilter(clinic_id, begins, ends, phases=_LIVE, after=after, limit=PAGE)
            page = await self._store.list_visits(wanted)
            found += page
            if len(page) < PAGE:
                return found

    async def _colleagues(self, screen: Screen, request: EmptyRequest) -> dict[str, Any]:
        del request
        staff = await self._access.live(screen)
        await self._directory.refresh()
        here = set(self._screens.staff().values())
        listed = [
            Colleague(username=one.username, name=one.name, role=one.role, here=one.id in here)
            for one in self._directory.clinicians(staff.clinic)
            if one.id != staff.id
        ]
        return ColleagueList(staff=listed).model_dump(mode="json")

    async def _active(self, screen: Screen, request: EmptyRequest) -> dict[str, Any]:
        del request
        claims = self._access.windows[screen].claims
        await self._access.live(screen)
        await self._sessions.active(claims)
        return {}


def _is_due(visit: Visit) -> bool:
    """Whether nobody was admitted yet."""
    return visit.phase in {VisitPhase.BOOKED, VisitPhase.OPEN}
