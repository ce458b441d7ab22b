"""The endpoints of one visit, and who is relayed to whom.

Rule 1: a room relays between the endpoints that `admit` named, and between no others. Every change ends in `settle`,
which derives offers and forwarding tables from the whole state; the packet path only reads those tables.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, Protocol

import structlog

from media.endpoint import Endpoint
from media.errors import EndpointExists, EndpointUnknown, RoomFull, SsrcConflict
from media.events import CloseReason, MediaEvent, OfferChanged, TransportClosed, TransportConnected
from media.formats import Formats, VideoCodec, choose_formats
from media.loss_watch import LossWatch
from media.publication import Publication, Source
from media.stream import Stream, streams_of
from media.uplink import ADMITTED_PACKETS_PER_S, WAITING_PACKETS_PER_S

if TYPE_CHECKING:
    from media.downlink import Downlink
    from media.offer import Section
    from media.transport import Transport

MAX_ADMITTED = 5
# Each connected transport of a visit leaves five; nobody's network makes that many.
MAX_CLAIMS = 1024
# A browser keeps its five for the life of a transport, or very nearly so.
MAX_CLAIMS_OF_ONE = 32

# Ids stand in the SDP as msid and CNAME.
_SAFE_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")

log = structlog.get_logger()


class TransportSource(Protocol):
    """What a room needs of its node."""

    def open_transport(
        self,
        on_connected: "Callable[[Transport], None]",
        on_closed: "Callable[[Transport, CloseReason], None]",
    ) -> "Transport":
        """Make a transport whose peer can reach it at once."""

    def renew_credentials(self, transport: "Transport") -> None:
        """Give the transport other ICE credentials, all else staying as it is."""

    def write_offer(
        self, transport: "Transport", revision: int, sections: "tuple[Section, ...]", formats: Formats
    ) -> str:
        """Write the offer of these sections on this transport."""

    def now(self) -> float:
        """Monotonic seconds."""

    @property
    def is_pressed(self) -> bool:
        """Whether more comes than the node can read."""

    @property
    def video_codecs(self) -> Sequence[VideoCodec]:
        """The codecs that offers name, the preferred one first."""


class Room:
    """One visit's media. Made by `MediaNode.room`."""

    def __init__(
        self,
        room_id: str,
        node: TransportSource,
        emit: Callable[[MediaEvent], None],
        on_closed: "Callable[[Room], None]",
    ) -> None:
        self.id = room_id
        self._node = node
        self._emit = emit
        self._on_closed = on_closed
        self._endpoints: dict[str, Endpoint] = {}
        self._admitted: set[str] = set()
        self._claims: dict[int, str] = {}
        self._flowing: set[tuple[str, Publication]] = set()
        self._losses = LossWatch()

    def __len__(self) -> int:
        return len(self._endpoints)

    def open_endpoint(self, endpoint_id: str, name: str) -> Endpoint:
        """Let a participant negotiate. Nothing is relayed before `admit`. Raises `EndpointExists`."""
        if not _SAFE_ID.fullmatch(endpoint_id):
            raise ValueError("an endpoint's id is 1 to 64 letters, digits, - or _")
        if endpoint_id in self._endpoints:
            raise EndpointExists(endpoint_id)
        endpoint = self._endpoints[endpoint_id] = Endpoint(self, endpoint_id, name)
        self.settle()
        return endpoint

    @property
    def endpoints(self) -> tuple[Endpoint, ...]:
        """Those who are here, in the order in which they came."""
        return tuple(self._endpoints.values())

    def find(self, endpoint_id: str) -> Endpoint | None:
        """Look up an open endpoint."""
        return self._endpoints.get(endpoint_id)

    def is_admitted(self, endpoint_id: str) -> bool:
        """Whether the room relays for this endpoint."""
        return endpoint_id in self._admitted

    def admit(self, endpoint_id: str) -> None:
        """Relay for this endpoint from now on. Idempotent. Raises `EndpointUnknown`, `RoomFull`."""
        if endpoint_id in self._admitted:
            return
        if endpoint_id not in self._endpoints:
            raise EndpointUnknown(endpoint_id)
        if len(self._admitted) >= MAX_ADMITTED:
            raise RoomFull(MAX_ADMITTED)
        self._admitted.add(endpoint_id)
        endpoint = self._endpoints[endpoint_id]
        if endpoint.missed(self._wanted(endpoint)):
            # The one who was away gets a new transport, so that nobody else's has to be renewed.
            endpoint.restart(endpoint.transport.id)
        else:
            self.settle()

    def dismiss(self, endpoint_id: str) -> None:
        """Relay nothing for this endpoint any more; its transport stays. Idempotent."""
        if endpoint_id in self._admitted:
            self._leave(endpoint_id)
            self.settle()

    def close(self) -> None:
        """Close every endpoint. Idempotent."""
        for endpoint in tuple(self._endpoints.values()):
            endpoint.close()
        self._on_closed(self)

    # What endpoints ask of their room.

    def open_transport(self, endpoint: Endpoint) -> "Transport":
        """Make a transport that reports on behalf of this endpoint."""

        def connected(transport: "Transport") -> None:
            log.info("transport_connected", room=self.id, endpoint=endpoint.id, transport=transport.id)
            self.settle()
            self._emit(TransportConnected(self.id, endpoint.id, transport.id))

        def closed(transport: "Transport", reason: CloseReason) -> None:
            log.info("transport_closed", room=self.id, endpoint=endpoint.id, transport=transport.id, reason=reason)
            if not transport.was_connected:
                # Nobody was ever sent a packet of it.
                self._claims = {ssrc: holder for ssrc, holder in self._claims.items() if holder != transport.id}
            if endpoint.transport is transport:
                # Its SSRCs are bound to keys that are gone: the next transport brings others.
                endpoint.publications = {}
                self.settle()
            self._emit(TransportClosed(self.id, endpoint.id, transport.id, reason))

        return self._node.open_transport(connected, closed)

    def renew_credentials(self, endpoint: Endpoint) -> None:
        """Give the endpoint's transport other ICE credentials, which its next revision names."""
        self._node.renew_credentials(endpoint.transport)
        self._emit(OfferChanged(self.id, endpoint.id))

    def write_offer(self, endpoint: Endpoint, revision: int) -> str:
        """Write the endpoint's present offer."""
        return self._node.write_offer(endpoint.transport, revision, endpoint.sections, endpoint.formats)

    def now(self) -> float:
        """Monotonic seconds."""
        return self._node.now()

    def start(self, transport: "Transport", fingerprints: frozenset[tuple[str, str]]) -> None:
        """Let the handshake begin."""
        transport.start(fingerprints, self._node.now())

    def claim(self, transport: "Transport", ssrcs: Iterable[int]) -> None:
        """Reserve SSRCs for one transport, so many at most that nobody takes those of others. Raises `SsrcConflict`.

        Not even the same participant may use one again on another transport that connected: a subscriber's SRTP session
        would be asked to encrypt two packets of one SSRC and sequence number, and refuse. What transports of the past
        hold is forgotten when it becomes too much, by when their subscribers have got new sessions.
        """
        wanted = dict.fromkeys(ssrcs, transport.id)
        held = {ssrc for ssrc, holder in self._claims.items() if holder == transport.id}
        if len(held | wanted.keys()) > MAX_CLAIMS_OF_ONE:
            raise SsrcConflict
        if len(self._claims) + len(wanted) > MAX_CLAIMS:
            present = {endpoint.transport.id for endpoint in self._endpoints.values()}
            self._claims = {ssrc: holder for ssrc, holder in self._claims.items() if holder in present}
            if len(self._claims) + len(wanted) > MAX_CLAIMS:
                raise SsrcConflict
        if any(self._claims.get(ssrc, transport.id) != transport.id for ssrc in wanted):
            raise SsrcConflict
        self._claims.update(wanted)

    def remove(self, endpoint: Endpoint) -> None:
        """Forget an endpoint and end its transport."""
        if self._endpoints.get(endpoint.id) is endpoint:
            del self._endpoints[endpoint.id]
            self._leave(endpoint.id)
            endpoint.transport.close(CloseReason.ENDPOINT_CLOSED)
            self.settle()

    def sweep(self, now: float) -> None:
        """Replace transports that ended, when it is time; look after the lines of those who are admitted. Call twice a second.

        End to end a sender slows down for what two hops lose together. On lines that lose, the relay gives the feedback
        itself and forgives what it mends.
        """
        for endpoint in self.endpoints:
            endpoint.sweep(now)
        if self._node.is_pressed:
            # What is missing now was lost here: no line is to be judged by it.
            self._losses.look_away()
            return
        losses = [self._endpoints[endpoint_id].transport.measure_loss(now) for endpoint_id in self._admitted]
        if self._losses.judge(max(losses, default=0.0), now):
            self.settle()

    def _leave(self, endpoint_id: str) -> None:
        if endpoint_id in self._admitted:
            self._admitted.discard(endpoint_id)
            # It may have been this one's line that lost.
            self._losses = LossWatch()

    def settle(self) -> None:
        """Derive offers and forwarding tables from the state; tell of new offers and ask for keyframes. Idempotent."""
        # Rule 1 first, and from nothing that anybody negotiated: whatever breaks after it, nobody goes on being relayed.
        self._cut()
        changed: dict[str, None] = {}
        # Again after each change: a subscriber that needed a new transport has lost its publications.
        while fresh := [each.id for each in tuple(self._endpoints.values()) if self._subscribe(each)]:
            changed |= dict.fromkeys(fresh)
        self._route()
        for endpoint_id in changed:
            self._emit(OfferChanged(self.id, endpoint_id))

    def _subscribe(self, endpoint: Endpoint) -> bool:
        return endpoint.subscribe(self._wanted(endpoint), self._present(), self._formats())

    def _formats(self) -> Formats:
        # Also of those who wait: so the order is settled before they are let in.
        known = [each.accepted_formats for each in self._endpoints.values() if each.accepted_formats is not None]
        return choose_formats(self._node.video_codecs, known)

    def _can_take(self, endpoint: Endpoint, publisher: Endpoint, source: Source) -> bool:
        sent = self._formats().within(publisher.accepted_formats).of(source.kind)[:1]
        return bool(sent) and (endpoint.accepted_formats is None or endpoint.accepted_formats.issuperset(sent))

    def _present(self) -> set[Publication]:
        return {publication for each in self._endpoints.values() for publication in each.publications.values()}

    def _others(self, endpoint: Endpoint) -> list[Endpoint]:
        if endpoint.id not in self._admitted:
            return []
        return [other for other in self._endpoints.values() if other is not endpoint and other.id in self._admitted]

    def _wanted(self, endpoint: Endpoint) -> list[Publication]:
        # An answer alone is no media: else one who never connects could fill everybody's offers.
        return [
            publication
            for other in self._others(endpoint)
            if other.transport.is_connected
            for publication in other.shown
            if self._can_take(endpoint, other, publication.source)
        ]

    def _cut(self) -> None:
        """Take everybody who is not admitted, or is on a transport of the past, out of the forwarding tables."""
        for publisher in self._endpoints.values():
            admitted = {other.transport.downlink for other in self._others(publisher)}
            uplink = publisher.transport.uplink
            for incoming in uplink.streams.values():
                downlinks = [outgoing.downlink for outgoing in incoming.outgoings]
                incoming.direct_to([each for each in downlinks if each in admitted], uplink)
            uplink.rtcp_peers = tuple(each for each in uplink.rtcp_peers if each in admitted)

    def _route(self) -> None:
        flowing: set[tuple[str, Publication]] = set()
        for publisher in self._endpoints.values():
            others = self._others(publisher)
            routes: dict[Stream, tuple[Downlink, ...]] = {}
            for publication in publisher.publications.values():
                ready = [other for other in others if other.is_ready_for(publication)]
                downlinks = tuple(other.transport.downlink for other in ready)
                routes |= dict.fromkeys(streams_of(publication), downlinks)
                if publisher.transport.is_connected:
                    flowing |= {(other.transport.id, publication) for other in ready}
            publisher.transport.set_hop_by_hop(len(others) > 1 or self._losses.is_lossy, self._node.now())
            uplink = publisher.transport.uplink
            uplink.route(routes)
            uplink.set_budget(ADMITTED_PACKETS_PER_S if self.is_admitted(publisher.id) else WAITING_PACKETS_PER_S)
            # One that ended holds nobody any more, also until its participant gets another.
            heard = [] if publisher.transport.is_closed else others
            uplink.rtcp_peers = tuple(other.transport.downlink for other in heard if other.transport.is_connected)
        begun, self._flowing = flowing - self._flowing, flowing
        for publication in {publication for _, publication in begun if publication.source.kind == "video"}:
            # A picture can only begin with a keyframe, and this one would otherwise wait for a decoder's complaint.
            self._endpoints[publication.endpoint].transport.uplink.want_keyframe(publication.ssrcs[0], self._node.now())
