"""A photo from a patient in a visit to the staff who are in it. Its bytes are read as they come and touch no file."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final

from aiohttp import web

from signaling.accounts import actor_of
from signaling.errors import RequestRefused
from signaling.http_requests import answer, bearer_token, device_of
from signaling.jpeg import Jpeg, NotAJpeg, read_jpeg
from signaling.limits import Throttle
from signaling.photo_messages import SENDERS, PhotoTaken
from signaling.photos import LARGEST, Photo, Photos
from signaling.screens import Screens
from signaling.staff_sessions import StaffSessions
from signaling.tokens import SessionClaims, SessionTokens
from signaling.visits import Clock, Visits
from waiting_room.model import Actor, ParticipantPhase, Role, Visit
from waiting_room.photo_events import PhotoSent, PhotoViewed
from waiting_room.store import AuditStore
from waiting_room.visit import authorize, sees

__all__ = ["PhotoEndpoints"]

SENT: Final = 6
VIEWS: Final = 30
WINDOW_S: Final = 60.0
PATIENCE_S: Final = 300.0
"""For the largest photo on a line of 300 kbit/s, beside the visit's sound."""

PART: Final = 65536


class PhotoEndpoints:
    """The handlers of ``/api/v1/visits/photos``."""

    def __init__(
        self,
        *,
        store: AuditStore,
        visits: Visits,
        screens: Screens,
        photos: Photos,
        tokens: SessionTokens,
        sessions: StaffSessions,
        clock: Clock,
        monotonic: Callable[[], float],
    ) -> None:
        self._store = store
        self._visits = visits
        self._screens = screens
        self._photos = photos
        self._tokens = tokens
        self._sessions = sessions
        self._clock = clock
        self._sent = Throttle(SENT, WINDOW_S, clock=monotonic)
        self._views = Throttle(VIEWS, WINDOW_S, clock=monotonic)
        self._sending: set[str] = set()

    def routes(self) -> list[web.RouteDef]:
        """Return the routes to add to the application."""
        return [
            web.post("/api/v1/visits/photos", self.send),
            web.get("/api/v1/visits/photos/{photo}", self.view, allow_head=False),
        ]

    async def send(self, request: web.Request) -> web.Response:
        """Take a photo for the staff who are in the visit."""
        claims = self._tokens.verify(bearer_token(request), "visit")
        await self._sender(claims)
        if request.content_type != "image/jpeg":
            raise RequestRefused("bad_request")
        self._sent.take(claims.subject)
        with self._one_at_a_time(claims.subject):
            picture = await _picture(request)
        # The visit may have ended, or staff may have put this person on hold, while it came.
        visit, role = await self._sender(claims)
        there = self._photos.same(visit.id, claims.subject, picture)
        if there is not None:
            # Sent again by a page that had no answer.
            return _taken(there)
        now = self._clock()
        photo = self._photos.keep(secrets.token_urlsafe(16), visit.id, claims.subject, now, picture)
        try:
            await self._store.record(
                [
                    PhotoSent(
                        visit=visit.id,
                        at=now,
                        actor=claims.subject,
                        role=role,
                        device=device_of(request),
                        participant=claims.subject,
                        photo=photo.id,
                    )
                ]
            )
        except BaseException:
            self._photos.drop(photo.id)
            raise
        self._screens.touch_inside(visit)
        return _taken(photo)

    async def view(self, request: web.Request) -> web.StreamResponse:
        """Show a photo to one of the staff who is in its visit now, on the window that holds their place."""
        claims = self._tokens.verify(bearer_token(request), "care")
        staff = actor_of(await self._sessions.check(claims), device_of(request))
        asked = request.match_info["photo"]
        photo = self._shown(asked, staff, claims)
        self._views.take(staff.id)
        viewed = PhotoViewed(
            visit=photo.visit,
            at=self._clock(),
            actor=staff.id,
            role=staff.role,
            device=staff.device,
            photo=photo.id,
        )
        await self._store.record([viewed])
        return await _show(request, self._shown(asked, staff, claims).picture.data)

    async def _sender(self, claims: SessionClaims) -> tuple[Visit, Role]:
        """Return the visit that the person is in now, and their role there. Raises what refuses them."""
        visit_id = claims.visit or ""
        visit = self._visits.find(visit_id) or await self._visits.load(visit_id)
        me = authorize(visit, claims.subject, claims.session)
        if me.role not in SENDERS:
            raise RequestRefused("forbidden")
        if me.phase is not ParticipantPhase.IN_VISIT:
            raise RequestRefused("wrong_state")
        return visit, me.role

    def _shown(self, photo_id: str, staff: Actor, claims: SessionClaims) -> Photo:
        """Return the photo. To whom it is not shown, it is not there. Raises ``photo_unknown``."""
        photo = self._photos.find(photo_id)
        visit = self._visits.find(photo.visit) if photo else None
        mine = visit.find(staff.id) if visit else None
        if (
            photo is None
            or visit is None
            or mine is None
            or mine.phase is not ParticipantPhase.IN_VISIT
            or mine.session != claims.session
            or not sees(visit, staff)
        ):
            raise RequestRefused("photo_unknown")
        return photo

    @contextmanager
    def _one_at_a_time(self, person: str) -> Iterator[None]:
        if person in self._sending:
            raise RequestRefused("too_many_requests")
        self._sending.add(person)
        try:
            yield
        finally:
            self._sending.discard(person)


def _taken(photo: Photo) -> web.Response:
    return answer(PhotoTaken(photo=photo.id, width=photo.picture.width, height=photo.picture.height))


async def _show(request: web.Request, data: bytes) -> web.StreamResponse:
    """Answer in parts: the loop also relays media, and must not hand megabytes to a socket at once."""
    # A proxy would buffer what it takes slowly in a file.
    response = web.StreamResponse(headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"})
    response.content_type, response.content_length = "image/jpeg", len(data)
    await response.prepare(request)
    for at in range(0, len(data), PART):
        await response.write(data[at : at + PART])
    await response.write_eof()
    return response


async def _picture(request: web.Request) -> Jpeg:
    """Read the body, no more of it than is allowed. Raises ``too_large``, ``bad_photo``, or ``bad_request`` where none comes."""
    if (request.content_length or 0) > LARGEST:
        raise RequestRefused("too_large")
    body = bytearray()
    try:
        async with asyncio.timeout(PATIENCE_S):
            async for part in request.content.iter_any():
                if len(body) + len(part) > LARGEST:
                    raise RequestRefused("too_large")
                body += part
    except TimeoutError as error:
        raise RequestRefused("bad_request") from error
    try:
        return read_jpeg(bytes(body))
    except NotAJpeg as error:
        raise RequestRefused("bad_photo") from error
