"""Where visits and media meet: who waits or is held has a transport, who was admitted is relayed, who is out has nothing.

The domain's state is the only source: `VisitMedia.follow` makes the media plane agree with it, however often it is called.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from media import (
    Endpoint,
    MediaEvent,
    MediaNode,
    Negotiation,
    OfferChanged,
    Room,
    Source,
    TransportClosed,
    TransportConnected,
)
from media.events import CloseReason
from signaling.errors import RequestRefused
from signaling.ice_servers import ice_servers
from signaling.limits import RateLimit
from signaling.line_quality import Quality
from signaling.line_watch import LineMetrics, LineWatch
from signaling.messages import IceServer, MediaState, RemoteMedia
from signaling.requests import DevicesRequest, ReportRequest
from signaling.settings import Turn
from signaling.visits import Clock
from waiting_room.events import DeviceReplaced, Event
from waiting_room.model import Participant, ParticipantPhase, Visit

__all__ = ["Sending", "VisitMedia", "media_state", "sending_of"]

TURN_LIVES: Final = timedelta(hours=1)
RESTARTS_PER_S: Final = 0.5
RESTART_BURST: Final = 5.0
REFRESHES_PER_S: Final = 1.0
REFRESH_BURST: Final = 10.0
"""New ICE credentials concern nobody else and cost one offer."""

_ORDER: Final = {ParticipantPhase.WAITING: 1, ParticipantPhase.ON_HOLD: 1, ParticipantPhase.IN_VISIT: 2}
"""Who has a transport; only the last is relayed."""

_ANSWERED_BY_RESTART: Final = {
    CloseReason.DTLS_FAILED,
    CloseReason.DTLS_CLOSED,
    CloseReason.CONNECT_TIMEOUT,
    CloseReason.CONSENT_LOST,
    CloseReason.BROKEN,
}


@dataclass(frozen=True, slots=True)
class Sending:
    """What a page says it sends now."""

    microphone: bool
    camera: bool
    screen: bool
    paused: bool


def sending_of(request: DevicesRequest) -> Sending:
    """Return what a page says in `media.devices`."""
    return Sending(request.microphone, request.camera, request.screen, request.paused)


def media_state(now: Negotiation, servers: list[IceServer], quality: Quality | None = None) -> MediaState:
    """Return a negotiation in the wire's form."""
    return MediaState(
        transport=now.transport,
        revision=now.revision,
        sdp=now.sdp,
        publish=now.publish,
        mids=dict(now.mids),
        remote=[
            RemoteMedia(mid=one.mid, source=one.source, participant=one.endpoint_id, name=one.name)
            for one in now.remote
        ],
        quality=quality,
        ice_servers=servers,
    )


class VisitMedia:
    """Drives a `MediaNode` from visits. ``on_change(visit_id, participant_id)`` is called when a participant's offer changed."""

    def __init__(
        self,
        turn: Turn,
        *,
        clock: Clock,
        monotonic: Callable[[], float],
        metrics: LineMetrics,
        on_change: Callable[[str, str], None],
    ) -> None:
        self._node: MediaNode | None = None
        self._turn = turn
        self._clock = clock
        self._monotonic = monotonic
        self._on_change = on_change
        self._restarts: dict[tuple[str, str], RateLimit] = {}
        self._refreshes: dict[tuple[str, str], RateLimit] = {}
        self.lines = LineWatch(monotonic, metrics)
        self._sending: dict[tuple[str, str], Sending] = {}

    def attach(self, node: MediaNode) -> None:
        """Use this node from now on; the node's events must go to `on_media_event`."""
        self._node = node

    def follow(self, visit: Visit, events: tuple[Event, ...] = ()) -> None:
        """Make the media plane agree with the visit. Idempotent."""
        if self._node is None:
            return
        room = self._node.find_room(visit.id)
        if visit.phase.final:
            for one in visit.participants:
                self._forget(visit.id, one.id)
            if room is not None:
                room.close()
            return
        # Those who are out go first, those who are in come last: a room admits only so many at once.
        for one in sorted(visit.participants, key=lambda one: _ORDER.get(one.phase, 0)):
            self._follow_participant(self._node, visit.id, one)
        for event in events:
            if isinstance(event, DeviceReplaced):
                self._renew(visit.id, event.participant)

    def state(self, visit_id: str, participant_id: str) -> MediaState | None:
        """Return the participant's negotiation for a snapshot, or None where there is no media for them now."""
        endpoint = self._endpoint(visit_id, participant_id)
        if endpoint is None:
            return None
        servers = self._ice_servers(participant_id)
        return media_state(endpoint.negotiation(), servers, self.lines.quality(visit_id, participant_id))

    def answer(self, visit_id: str, participant_id: str, transport: str, revision: int, sdp: str) -> bool:
        """Take a browser's answer; False when it answers an old offer. Raises a `MediaError` or ``no_media``."""
        endpoint = self._endpoint(visit_id, participant_id)
        if endpoint is None:
            raise RequestRefused("no_media")
        return endpoint.answer(transport, revision, sdp)

    def restart(self, visit_id: str, participant_id: str, transport: str, *, keep: bool) -> None:
        """Give the participant another way to this transport (``keep``), or a new one if this is still the current.

        A transport that never was connected, or is no more, cannot be kept. Raises ``no_media`` or ``too_many_requests``:
        each new transport is a new offer for the others too, so they are limited apart from other requests.
        """
        endpoint = self._endpoint(visit_id, participant_id)
        if endpoint is None:
            raise RequestRefused("no_media")
        key = (visit_id, participant_id)
        if keep and endpoint.transport.is_connected:
            limit = self._refreshes.setdefault(key, RateLimit(self._monotonic, REFRESHES_PER_S, REFRESH_BURST))
        else:
            keep = False
            limit = self._restarts.setdefault(key, RateLimit(self._monotonic, RESTARTS_PER_S, RESTART_BURST))
        if not limit.take():
            raise RequestRefused("too_many_requests")
        if keep:
            endpoint.refresh(transport)
        else:
            endpoint.restart(transport)

    def sends(self, visit_id: str, participant_id: str) -> Sending | None:
        """Return what the participant's page said it sends, or None."""
        return self._sending.get((visit_id, participant_id))

    def note_sending(self, visit_id: str, participant_id: str, sending: Sending) -> None:
        """Keep what a page says it sends, while it has media; offer its screen while it is shared. Raises ``no_media``."""
        endpoint = self._endpoint(visit_id, participant_id)
        if endpoint is None:
            raise RequestRefused("no_media")
        self._sending[visit_id, participant_id] = sending
        endpoint.share(Source.SCREEN, on=sending.screen)

    def note_report(self, visit_id: str, participant_id: str, report: ReportRequest) -> None:
        """Keep what a page measured of its present transport. Raises ``no_media``."""
        endpoint = self._endpoint(visit_id, participant_id)
        if endpoint is None:
            raise RequestRefused("no_media")
        if endpoint.transport.id == report.transport:
            self.lines.note_report(visit_id, participant_id, report)

    def quality(self, visit_id: str, participant_id: str) -> Quality | None:
        """Return the state of the participant's line, None while nothing is known."""
        return self.lines.quality(visit_id, participant_id)

    def review_lines(self) -> None:
        """Judge every line anew, and let everybody in a visit know of a change. Call once a second."""
        for room in self._node.rooms() if self._node is not None else ():
            if self.lines.review(room.id, room.endpoints):
                for endpoint in room.endpoints:
                    self._on_change(room.id, endpoint.id)

    def on_media_event(self, event: MediaEvent) -> None:
        """Hear the node: a changed offer goes to the screen, a transport that died is replaced (see `Endpoint.recover`)."""
        match event:
            case OfferChanged():
                self._on_change(event.room, event.endpoint)
            case TransportClosed() if event.reason in _ANSWERED_BY_RESTART:
                endpoint = self._endpoint(event.room, event.endpoint)
                if endpoint is not None:
                    endpoint.recover(event.transport)
            case TransportClosed() | TransportConnected():
                pass

    def _follow_participant(self, node: MediaNode, visit_id: str, participant: Participant) -> None:
        endpoint = self._endpoint(visit_id, participant.id)
        # One whose link was renewed keeps the place in line, but nobody speaks for them until the new link is opened.
        if participant.phase not in _ORDER or participant.session is None:
            self._forget(visit_id, participant.id)
            if endpoint is not None:
                endpoint.close()
            return
        if endpoint is None and not participant.connected:
            return
        room: Room = node.room(visit_id)
        if endpoint is None:
            room.open_endpoint(participant.id, participant.name)
        if participant.phase is ParticipantPhase.IN_VISIT:
            room.admit(participant.id)
        else:
            room.dismiss(participant.id)

    def _forget(self, visit_id: str, participant_id: str) -> None:
        for kept in (self._restarts, self._refreshes, self._sending):
            kept.pop((visit_id, participant_id), None)
        self.lines.forget(visit_id, participant_id)

    def _renew(self, visit_id: str, participant_id: str) -> None:
        endpoint = self._endpoint(visit_id, participant_id)
        if endpoint is not None:
            # The new device shares nothing until it says so.
            self._sending.pop((visit_id, participant_id), None)
            endpoint.share(Source.SCREEN, on=False)
            endpoint.restart(endpoint.transport.id)

    def _endpoint(self, visit_id: str, participant_id: str) -> Endpoint | None:
        room = self._node.find_room(visit_id) if self._node is not None else None
        return room.find(participant_id) if room is not None else None

    def _ice_servers(self, participant_id: str) -> list[IceServer]:
        # Rounded to the hour, so that a snapshot sent again carries the same credential.
        until = (self._clock() + TURN_LIVES).replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)
        return ice_servers(self._turn, participant_id, until=until)
