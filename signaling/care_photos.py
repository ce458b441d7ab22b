"""What staff ask about photos in their visit. The photos themselves come over HTTP (`signaling.api_photos`)."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from typing import Any, Final

from signaling.care_access import CareAccess
from signaling.channels import Requests
from signaling.errors import RequestRefused
from signaling.limits import Throttle
from signaling.photo_messages import SENDERS
from signaling.photos import Photos
from signaling.requests import VisitRequest
from signaling.screens import Screen, Screens
from signaling.visits import Clock
from waiting_room.photo_events import PhotoAsked
from waiting_room.store import AuditStore

__all__ = ["PhotoRequests"]

ASKS: Final = 10
WINDOW_S: Final = 60.0


class PhotoRequests:
    """Asks patients for a photo."""

    def __init__(
        self,
        access: CareAccess,
        *,
        photos: Photos,
        screens: Screens,
        store: AuditStore,
        clock: Clock,
        monotonic: Callable[[], float],
    ) -> None:
        self._access = access
        self._photos = photos
        self._screens = screens
        self._store = store
        self._clock = clock
        self._asks = Throttle(ASKS, WINDOW_S, clock=monotonic, code="too_many_requests")
        self.requests: Requests = {"photo.ask": (VisitRequest, self._ask)}

    async def _ask(self, screen: Screen, request: VisitRequest) -> dict[str, Any]:
        staff, visit = await self._access.inside(screen, request.visit)
        if not any(one.role in SENDERS for one in visit.in_media):
            raise RequestRefused("wrong_state")
        self._asks.take(staff.id)
        asked = PhotoAsked(visit=visit.id, at=self._clock(), actor=staff.id, role=staff.role, device=staff.device)
        await self._store.record([asked])
        self._photos.ask(visit.id, secrets.token_urlsafe(16), staff.name)
        self._screens.touch_inside(visit)
        return {}
