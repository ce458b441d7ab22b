"""The namespace ``/care``: staff's screens. What they ask is in `signaling.care_requests` and `signaling.care_desk`."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

import structlog
from pydantic import BaseModel

from signaling.care_access import CareAccess, Window
from signaling.care_messages import CareSnapshot, CurrentVisit, SignedInStaff
from signaling.care_queue import QueueRows
from signaling.care_snapshot import care_clinic_card, current_visit, in_queue
from signaling.channels import Channel, Requests
from signaling.local_time import day_bounds, day_of
from signaling.photo_messages import photos_of
from signaling.photos import Photos
from signaling.requests import (
    CareAnswerRequest,
    CareCaptionRequest,
    CareChatRequest,
    CareDevicesRequest,
    CareReportRequest,
    CareRestartRequest,
)
from signaling.screens import Connection, Screen
from signaling.staff_directory import StaffDirectory
from signaling.staff_sessions import StaffSessions
from signaling.talk import Talk
from signaling.visit_media import sending_of
from waiting_room.commands import Connect, LoseConnection
from waiting_room.errors import SessionReplaced, StoreFailed, WaitingRoomError
from waiting_room.model import Actor, Role, Visit
from waiting_room.office_events import QueueShown
from waiting_room.store import AuditStore

__all__ = ["CareChannel"]

ACCOUNTS_READ_EVERY: Final = timedelta(seconds=5)

log = structlog.get_logger(__name__)


class CareChannel(Channel):
    """Staff screens. ``requests`` are those of the other parts; media are negotiated here."""

    def __init__(
        self,
        *,
        access: CareAccess,
        sessions: StaffSessions,
        directory: StaffDirectory,
        trail: AuditStore,
        photos: Photos,
        talk: Talk,
        requests: Sequence[Requests],
        **parts: Any,
    ) -> None:
        super().__init__(**parts)
        self._access = access
        self._sessions = sessions
        self._directory = directory
        self._trail = trail
        self._photos = photos
        self._talk = talk
        self._rows = QueueRows(directory)
        self._tomorrows: dict[str, datetime] = {}
        self._looked_at = self._accounts_read_at = self._clock()
        self.requests = {
            "media.answer": (CareAnswerRequest, self._answer),
            "media.restart": (CareRestartRequest, self._restart),
            "media.devices": (CareDevicesRequest, self._devices),
            "media.report": (CareReportRequest, self._report),
            "chat.say": (CareChatRequest, self._say),
            "captions.say": (CareCaptionRequest, self._caption),
        }
        for others in requests:
            self.requests |= others

    def staff_present(self, visit: Visit) -> bool:
        """Whether somebody's screen lists this visit now."""
        return any(self._in_queue(visit, staff) for staff in self._viewers(visit.clinic_id))

    async def look_again(self) -> None:
        """Do once a second what no event does: midnight comes, booked starts come, accounts change. Raises `StoreFailed`."""
        before, self._looked_at = self._looked_at, self._clock()
        for clinic in self._clinics:
            if self._tomorrow(clinic.id) <= self._looked_at:
                del self._tomorrows[clinic.id]
                self._rows.clear()
                self._start_over(clinic.id)
        for visit in self._visits.on_board():
            # Who has not come by then may be marked as a no-show: the row offers more than before.
            if before < visit.starts_at <= self._looked_at:
                self._screens.touch(visit)
        if self._looked_at - self._accounts_read_at >= ACCOUNTS_READ_EVERY:
            self._accounts_read_at = self._looked_at
            if await self._directory.refresh():
                self._follow_accounts()

    def _follow_accounts(self) -> None:
        for screen, window in list(self._access.windows.items()):
            account = self._directory.find(window.account.id)
            if account is not None and self._access.follow(screen, account):
                # Colleagues' licences stand in the rows too.
                window.feed.start_over()
                self._screens.again(screen)

    def forget(self, visit: Visit) -> None:
        """Drop what was kept to draw a visit that is over."""
        self._rows.forget(visit.id)

    async def _open(self, connection: Connection, token: str) -> Screen:
        """See `Channel._open`. The session must not be over, and its account enabled."""
        claims = self._tokens.verify(token, "care")
        window = Window(await self._sessions.check(claims), claims)
        await self._record_opening(window.staff)

        async def draw(version: int) -> BaseModel | None:
            return await self._draw(screen, window, version)

        def concerns(visit: Visit) -> bool:
            return window.feed.note(visit, listed=self._in_queue(visit, window.staff))

        screen = Screen(
            connection,
            claims.session,
            window.account.id,
            claims.expires_at,
            draw,
            clinic=window.account.clinic_id,
            concerns=concerns,
        )
        self._access.windows[screen] = window
        self._screens.open(screen)
        try:
            await self._note(screen, window, Connect)
        except BaseException:
            del self._access.windows[screen]
            self._screens.close(screen)
            raise
        self._tell_those_who_wait(screen, window)
        return screen

    async def _record_opening(self, staff: Actor) -> None:
        """Keep that the queue is read. Without that only somebody who is in a visit may come back: the visit has to go on."""
        clinic, now = self._clinics.find(staff.clinic) or self._clinics.first, self._clock()
        shown = QueueShown(
            visit="",
            at=now,
            actor=staff.id,
            role=staff.role,
            device=staff.device,
            clinic=staff.clinic,
            day=day_of(now, ZoneInfo(clinic.time_zone)).isoformat(),
            scope="own" if staff.role is Role.PROVIDER else "all",
            count=sum(self._in_queue(visit, staff) for visit in self._visits.of_clinic(staff.clinic)),
        )
        try:
            await self._trail.record((shown,))
        except StoreFailed:
            if not self._visits.with_staff(staff.id):
                raise
            log.warning("queue_opening_not_kept")

    async def disconnect(self, screen: Screen) -> None:
        """See `Channel.disconnect`. A visit in progress goes on, and the place in it is kept."""
        window = self._access.windows[screen]
        try:
            if self._screens.close(screen):
                await self._note(screen, window, LoseConnection)
        finally:
            del self._access.windows[screen]
            self._tell_those_who_wait(screen, window)

    async def _note(self, screen: Screen, window: Window, command: type[Connect | LoseConnection]) -> None:
        """Tell the visit that this window is in, when it speaks for the person there, that it is (un)connected."""
        staff = window.staff
        for visit in self._visits.with_staff(staff.id):
            try:
                await self._visits.handle(visit.id, command(actor=staff, participant=staff.id, session=screen.session))
            except SessionReplaced:
                continue
            except WaitingRoomError as error:
                log.info("presence_not_noted", code=error.code)

    def _tell_those_who_wait(self, screen: Screen, window: Window) -> None:
        """Draw the pages of those for whom this window's coming or going decides whether anybody of the staff is there."""
        others = self._viewers(screen.clinic, without=screen)
        if others and others[0].role is not Role.PROVIDER:
            return
        alone = []
        for visit_id in self._screens.visits():
            visit = self._visits.find(visit_id)
            if visit is None or not self._in_queue(visit, window.staff):
                continue
            if not any(self._in_queue(visit, other) for other in others):
                alone.append(visit_id)
        self._screens.touch_later(alone)

    def _viewers(self, clinic_id: str, without: Screen | None = None) -> list[Actor]:
        """Return who of the staff is connected; those who see the whole clinic come first, so that most questions end there."""
        windows = [self._access.windows[one] for one in self._screens.of_clinic(clinic_id) if one is not without]
        return sorted((window.staff for window in windows), key=lambda staff: staff.role is Role.PROVIDER)

    def _in_queue(self, visit: Visit, staff: Actor) -> bool:
        return in_queue(visit, staff, tomorrow=self._tomorrow(staff.clinic))

    async def _draw(self, screen: Screen, window: Window, version: int) -> BaseModel:
        staff, now, account = window.staff, self._clock(), window.account
        inside = self._visits.with_staff(staff.id)
        current = self._current(inside[0], staff, screen.session, now) if inside else None
        clinic = self._clinics.find(staff.clinic) or self._clinics.first
        # Taken last: what was taken counts as sent.
        queue = await window.feed.take(
            lambda: [visit for visit in self._visits.of_clinic(staff.clinic) if self._in_queue(visit, staff)],
            lambda visit_id: self._listed(visit_id, staff),
            lambda visit: self._rows.row(visit, staff, now=now),
        )
        if window.feed.more:
            self._screens.again(screen)
        return CareSnapshot(
            version=version,
            server_time=now,
            clinic=care_clinic_card(self._clinics.card(staff.clinic), clinic),
            me=SignedInStaff(id=account.id, username=account.username, name=account.name, role=account.role),
            idle_after_s=int(self._sessions.idle_after.total_seconds()),
            queue=queue,
            visit=current,
        )

    def _current(self, visit: Visit, staff: Actor, session: str, now: datetime) -> CurrentVisit | None:
        asked = self._photos.asked(visit.id) is not None
        mine = visit.find(staff.id)
        return current_visit(
            visit,
            staff,
            session,
            self._media,
            photos=photos_of(visit, self._photos),
            photo_asked=asked,
            talk=self._talk.shown(visit, mine) if mine else None,
            now=now,
        )

    def _listed(self, visit_id: str, staff: Actor) -> Visit | None:
        visit = self._visits.find(visit_id)
        return visit if visit is not None and self._in_queue(visit, staff) else None

    def _start_over(self, clinic_id: str) -> None:
        for screen in self._screens.of_clinic(clinic_id):
            self._access.windows[screen].feed.start_over()
            self._screens.again(screen)

    def _tomorrow(self, clinic_id: str) -> datetime:
        """Return when the clinic's day ends; `look_again` sees to it that it does."""
        known = self._tomorrows.get(clinic_id)
        if known is None:
            zone = ZoneInfo((self._clinics.find(clinic_id) or self._clinics.first).time_zone)
            known = self._tomorrows[clinic_id] = day_bounds(day_of(self._clock(), zone), zone)[1]
        return known

    async def _answer(self, screen: Screen, request: CareAnswerRequest) -> dict[str, Any]:
        staff, visit = await self._access.inside(screen, request.visit)
        taken = self._media.answer(visit.id, staff.id, request.transport, request.revision, request.sdp)
        return {} if taken else {"stale": True}

    async def _restart(self, screen: Screen, request: CareRestartRequest) -> dict[str, Any]:
        staff, visit = await self._access.inside(screen, request.visit)
        self._media.restart(visit.id, staff.id, request.transport, keep=request.keep)
        return {}

    async def _devices(self, screen: Screen, request: CareDevicesRequest) -> dict[str, Any]:
        staff, visit = await self._access.inside(screen, request.visit)
        self._media.note_sending(visit.id, staff.id, sending_of(request))
        self._screens.touch_inside(visit)
        mine = visit.find(staff.id)
        if mine is not None:
            await self._note_camera(visit, mine, staff, camera=request.camera)
        return {}

    async def _report(self, screen: Screen, request: CareReportRequest) -> dict[str, Any]:
        staff, visit = await self._access.inside(screen, request.visit)
        self._media.note_report(visit.id, staff.id, request)
        return {}

    async def _say(self, screen: Screen, request: CareChatRequest) -> dict[str, Any]:
        staff, visit = await self._access.inside(screen, request.visit)
        await self._talk.say(visit.id, staff, screen.session, request.key, request.text)
        return {}

    async def _caption(self, screen: Screen, request: CareCaptionRequest) -> dict[str, Any]:
        staff, visit = await self._access.inside(screen, request.visit)
        mine = visit.find(staff.id)
        if mine is not None:
            self._talk.caption(visit, mine, request.text)
        return {}
