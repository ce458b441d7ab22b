"""Where visits and media meet: who waits or is held has a transport, who was admitted is relayed, who is out has nothing.

The domain's state is the only source: `VisitMedia.follow` makes the media plane agree with it, however often it is called.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from media import Endpoint, MediaEvent, MediaNode, Negotiation, OfferChanged, Room, TransportClosed, TransportConnected
from media.events import CloseReason
from signaling.errors import RequestRefused
from signaling.ice_servers import ice_servers
from signaling.limits import RateLimit
from signaling.messages import IceServer, MediaState, RemoteMedia
from signaling.settings import Turn
from signaling.visits import Clock
from waiting_room.events import DeviceReplaced, Event
from waiting_room.model import Participant, ParticipantPhase, Visit

__all__ = ["Sending", "VisitMedia", "media_state"]

TURN_LIVES: Final = timedelta(hours=1)
RESTARTS_PER_S: Final = 0.5
RESTART_BURST: Final = 5.0

_ORDER: Final = {ParticipantPhase.WAITING: 1, ParticipantPhase.ON_HOLD: 1, ParticipantPhase.IN_VISIT: 2}
"""Who has a transport; only the last is relayed."""

_ANSWERED_BY_RESTART: Final = {
    CloseReason.DTLS_FAILED,
    CloseReason.DTLS_CLOSED,
    CloseReason.CONNECT_TIMEOUT,
    CloseReason.CONSENT_LOST,
}


@dataclass(frozen=True, slots=True)
class Sending:
    """What a page says it sends now."""

    microphone: bool
    camera: bool


def media_state(now: Negotiation, servers: list[IceServer]) -> MediaState:
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
        ice_servers=servers,
    )


class VisitMedia:
    """Drives a `MediaNode` from visits. ``on_change(visit_id, participant_id)`` is called when a participant's offer changed."""

    def __init__(
        self, turn: Turn, *, clock: Clock, monotonic: Callable[[], float], on_change: Callable[[str, str], None]
    ) -> None:
        self._node: MediaNode | None = None
        self._turn = turn
        self._clock = clock
        self._monotonic = monotonic
        self._on_change = on_change
        self._restarts: dict[tuple[str, str], RateLimit] = {}
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
        return media_state(endpoint.negotiation(), self._ice_servers(participant_id))

    def answer(self, visit_id: str, participant_id: str, transport: str, revision: int, sdp: str) -> bool:
        """Take a browser's answer; False when it answers an old offer. Raises a `MediaError` or ``no_media``."""
        endpoint = self._endpoint(visit_id, participant_id)
        if endpoint is None:
            raise RequestRefused("no_media")
        return endpoint.answer(transport, revision, sdp)

    def restart(self, visit_id: str, participant_id: str, transport: str) -> None:
        """Give the participant a new transport if this one is still the current. Raises ``no_media`` or ``too_many_requests``.

        Each restart is a new offer for the others too, so they are limited apart from other requests.
        """
        endpoint = self._endpoint(visit_id, participant_id)
        if endpoint is None:
            raise RequestRefused("no_media")
        limit = self._restarts.setdefault(
            (visit_id, participant_id), RateLimit(self._monotonic, RESTARTS_PER_S, RESTART_BURST)
        )
        if not limit.take():
            raise RequestRefused("too_many_requests")
        endpoint.restart(transport)

    def sends(self, visit_id: str, participant_id: str) -> Sending | None:
        """Return what the participant's page said it sends, or None."""
        return self._sending.get((visit_id, participant_id))

    def note_sending(self, visit_id: str, participant_id: str, sending: Sending) -> None:
        """Keep what a page says it sends, while it has media. Raises ``no_media``."""
        if self._endpoint(visit_id, participant_id) is None:
            raise RequestRefused("no_media")
        self._sending[visit_id, participant_id] = sending

    def on_media_event(self, event: MediaEvent) -> None:
        """Hear the node: a changed offer goes to the screen, a transport that died is replaced by a new one."""
        match event:
            case OfferChanged():
                self._on_change(event.room, event.endpoint)
            case TransportClosed() if event.reason in _ANSWERED_BY_RESTART:
                endpoint = self._endpoint(event.room, event.endpoint)
                if endpoint is not None:
                    endpoint.restart(event.transport)
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
        self._restarts.pop((visit_id, participant_id), None)
        self._sending.pop((visit_id, participant_id), None)

    def _renew(self, visit_id: str, participant_id: str) -> None:
        endpoint = self._endpoint(visit_id, participant_id)
        if endpoint is not None:
            endpoint.restart(endpoint.negotiation().transport)

    def _endpoint(self, visit_id: str, participant_id: str) -> Endpoint | None:
        room = self._node.find_room(visit_id) if self._node is not None else None
        return room.find(participant_id) if room is not None else None

    def _ice_servers(self, participant_id: str) -> list[IceServer]:
        # Rounded to the hour, so that a snapshot sent again carries the same credential.
        until = (self._clock() + TURN_LIVES).replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)
        return ice_servers(self._turn, participant_id, until=until)
