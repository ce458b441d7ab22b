"""The namespace ``/care``: what a staff page may ask. The domain decides by role; payloads only name visits and participants."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Any
from weakref import WeakValueDictionary

import structlog
from pydantic import BaseModel

from signaling.accounts import Accounts, actor_of
from signaling.channels import Channel
from signaling.errors import RequestRefused
from signaling.messages import (
    CareAnswerRequest,
    CareDevicesRequest,
    CareRestartRequest,
    ParticipantRequest,
    QueueRow,
    VisitRequest,
)
from signaling.screens import Connection, Screen
from signaling.snapshots import care_snapshot, current_visit, queue_row, visible
from signaling.visit_media import Sending
from waiting_room.commands import Admit, Command, Connect, End, Enter, Leave, LoseConnection, Remove
from waiting_room.errors import AlreadyAdmitted, SessionReplaced, VisitUnknown, WaitingRoomError
from waiting_room.model import Actor, ParticipantPhase, Visit
from waiting_room.store import StaffAccount
from waiting_room.visit import sees

__all__ = ["CareChannel"]

log = structlog.get_logger(__name__)


class CareChannel(Channel):
    """Staff screens."""

    def __init__(self, *, accounts: Accounts, **parts: Any) -> None:
        super().__init__(**parts)
        self._accounts = accounts
        self._staff: dict[Screen, StaffAccount] = {}
        self._rows: dict[Actor, dict[str, tuple[Visit, QueueRow]]] = {}
        self._places: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()
        self.requests = {
            "visit.admit": (ParticipantRequest, self._admit),
            "visit.enter": (VisitRequest, self._enter),
            "visit.leave": (VisitRequest, self._leave),
            "visit.remove": (ParticipantRequest, self._remove),
            "visit.end": (VisitRequest, self._end),
            "media.answer": (CareAnswerRequest, self._answer),
            "media.restart": (CareRestartRequest, self._restart),
            "media.devices": (CareDevicesRequest, self._devices),
        }

    def staff_present(self, visit: Visit) -> bool:
        """Whether somebody's screen lists this visit now."""
        return any(sees(visit, actor_of(account)) for account in self._staff.values())

    async def _open(self, connection: Connection, token: str) -> Screen:
        """See `Channel._open`. The account must still exist and be enabled."""
        claims = self._tokens.verify(token, "care")
        account = await self._accounts.find(claims.subject)
        if account is None:
            raise RequestRefused("unauthorized")

        async def draw(version: int) -> BaseModel | None:
            return self._draw(account, claims.session, version)

        screen = Screen(connection, claims.session, None, claims.expires_at, draw)
        self._staff[screen] = account
        self._screens.open(screen)
        try:
            await self._note(screen, Connect)
        except BaseException:
            del self._staff[screen]
            self._screens.close(screen)
            raise
        self._screens.touch_participants()
        return screen

    async def disconnect(self, screen: Screen) -> None:
        """See `Channel.disconnect`. A visit in progress goes on, and the place in it is kept."""
        account = self._staff[screen]
        try:
            if self._screens.close(screen):
                await self._note(screen, LoseConnection)
        finally:
            del self._staff[screen]
            self._forget_rows(actor_of(account))
            self._screens.touch_participants()

    async def _note(self, screen: Screen, command: type[Connect | LoseConnection]) -> None:
        """Tell the visit that this window is in, when it speaks for the person there, that it is (un)connected."""
        staff = actor_of(self._staff[screen])
        for visit in self._visits_in(staff):
            try:
                await self._visits.handle(visit.id, command(actor=staff, participant=staff.id, session=screen.session))
            except SessionReplaced:
                continue
            except WaitingRoomError as error:
                log.info("presence_not_noted", code=error.code)

    def _visits_in(self, staff: Actor) -> list[Visit]:
        return [one for one in self._visits.live() if any(inside.id == staff.id for inside in one.in_media)]

    def _draw(self, account: StaffAccount, session: str, version: int) -> BaseModel:
        staff, now = actor_of(account), self._clock()
        queue = visible(self._visits.live(), staff, time_zone=self._clinic.time_zone, now=now)
        inside = self._visits_in(staff)
        current = current_visit(inside[0], staff, session, self._media, now=now) if inside else None
        rows = self._queue_rows(staff, queue, now)
        return care_snapshot(account, self._clinic, rows, current, version=version, now=now)

    def _queue_rows(self, staff: Actor, queue: list[Visit], now: datetime) -> list[QueueRow]:
        """Build only the rows whose visit is another than last time; what time changes comes with a new visit too."""
        before = self._rows.get(staff, {})
        after = {
            visit.id: kept
            if (kept := before.get(visit.id)) and kept[0] is visit
            else (visit, queue_row(visit, staff, now=now))
            for visit in queue
        }
        self._rows[staff] = after
        return [row for _, row in after.values()]

    def _forget_rows(self, staff: Actor) -> None:
        if not any(actor_of(account) == staff for account in self._staff.values()):
            self._rows.pop(staff, None)

    async def _give(self, visit_id: str, command: Command) -> Visit:
        visit = self._visits.find(visit_id) or await self._visits.load(visit_id)
        if not sees(visit, command.actor):
            raise VisitUnknown
        return await self._visits.handle(visit_id, command)

    @asynccontextmanager
    async def _free(self, staff: Actor, visit_id: str) -> AsyncIterator[None]:
        """Hold a person's one place: two windows that admit at once must not put them into two visits."""
        lock = self._places.setdefault(staff.id, asyncio.Lock())
        async with lock:
            if any(visit.id != visit_id for visit in self._visits_in(staff)):
                raise RequestRefused("busy_elsewhere")
            yield

    async def _admit(self, screen: Screen, request: ParticipantRequest) -> dict[str, Any]:
        staff = await self._live(screen)
        admit = Admit(actor=staff, participant=request.participant, session=screen.session)
        try:
            async with self._free(staff, request.visit):
                await self._give(request.visit, admit)
        except AlreadyAdmitted as error:
            raise RequestRefused(error.code, by=await self._name(request.visit, error.facts["by"])) from error
        return {}

    async def _enter(self, screen: Screen, request: VisitRequest) -> dict[str, Any]:
        staff = await self._live(screen)
        async with self._free(staff, request.visit):
            await self._give(request.visit, Enter(actor=staff, session=screen.session))
        return {}

    async def _leave(self, screen: Screen, request: VisitRequest) -> dict[str, Any]:
        staff = await self._live(screen)
        await self._give(request.visit, Leave(actor=staff, participant=staff.id, session=screen.session))
        return {}

    async def _remove(self, screen: Screen, request: ParticipantRequest) -> dict[str, Any]:
        staff = await self._live(screen)
        await self._give(request.visit, Remove(actor=staff, participant=request.participant))
        return {}

    async def _end(self, screen: Screen, request: VisitRequest) -> dict[str, Any]:
        staff = await self._live(screen)
        await self._give(request.visit, End(actor=staff))
        return {}

    async def _answer(self, screen: Screen, request: CareAnswerRequest) -> dict[str, Any]:
        staff = await self._in_media(screen, request.visit)
        taken = self._media.answer(request.visit, staff.id, request.transport, request.revision, request.sdp)
        return {} if taken else {"stale": True}

    async def _restart(self, screen: Screen, request: CareRestartRequest) -> dict[str, Any]:
        staff = await self._in_media(screen, request.visit)
        self._media.restart(request.visit, staff.id, request.transport)
        return {}

    async def _devices(self, screen: Screen, request: CareDevicesRequest) -> dict[str, Any]:
        staff = await self._in_media(screen, request.visit)
        self._media.note_sending(request.visit, staff.id, Sending(request.microphone, request.camera))
        self._screens.touch(request.visit)
        return {}

    async def _in_media(self, screen: Screen, visit_id: str) -> Actor:
        """Return who asks, if this window holds their place in the visit's media."""
        staff = await self._live(screen)
        visit = self._visits.find(visit_id)
        mine = visit.find(staff.id) if visit else None
        if mine is None or mine.phase is not ParticipantPhase.IN_VISIT or mine.session != screen.session:
            raise RequestRefused("no_media")
        return staff

    async def _live(self, screen: Screen) -> Actor:
        """Return who asks. An account that was disabled meanwhile, or changed its role, asks nothing any more."""
        account = self._staff[screen]
        if not self._screens.speaks(screen):
            raise RequestRefused("unauthorized")
        if await self._accounts.find(account.username) != account:
            self._screens.dismiss(screen.session, "session_expired")
            raise RequestRefused("unauthorized")
        return actor_of(account)

    async def _name(self, visit_id: str, participant_id: str) -> str:
        found = (await self._visits.load(visit_id)).find(participant_id)
        return found.name if found else ""
