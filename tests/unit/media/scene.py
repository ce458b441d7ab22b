"""A room without a network: a node whose handshakes a test skips, and a scene with her and him in it."""

from collections.abc import Callable
from typing import Any

from media.endpoint import Endpoint
from media.events import CloseReason, MediaEvent, OfferChanged
from media.formats import ALL_FORMATS, Formats, VideoCodec
from media.ice_lite import IceCredentials
from media.offer import OfferFacts, Section, write_offer
from media.publication import Source
from media.room import Room
from media.stats import Counters
from media.transport import Transport
from tests.unit.media.doubles import CERTIFICATE, PASSWORD, Clock, Wire, session
from tests.unit.media.sdp import FINGERPRINT, answer_to

Ssrcs = dict[Source, tuple[int, ...]]
HERS: Ssrcs = {Source.AUDIO: (101,), Source.CAMERA: (102, 103)}
HIS: Ssrcs = {Source.AUDIO: (201,), Source.CAMERA: (202, 203)}


def flat(ssrcs: Ssrcs) -> list[int]:
    return [ssrc for group in ssrcs.values() for ssrc in group]


class _Task:
    """The task of a handshake that never happens."""

    def cancel(self) -> None:
        pass


class FakeNode:
    """Makes transports whose handshake is skipped by the test."""

    def __init__(self) -> None:
        self.wire = Wire()
        self.now = Clock()
        self.made = 0
        self.video_codecs = tuple(VideoCodec)
        self.is_pressed = False

    def open_transport(
        self, on_connected: Callable[[Transport], None], on_closed: Callable[[Transport, CloseReason], None]
    ) -> Transport:
        self.made += 1
        return Transport(
            transport_id=f"t{self.made}",
            credentials=IceCredentials("ufragufrag", PASSWORD),
            certificate=CERTIFICATE,
            port=self.wire,
            counters=Counters(),
            spawn=self._spawn,
            wake=lambda _: None,
            on_connected=on_connected,
            on_closed=on_closed,
        )

    def renew_credentials(self, transport: Transport) -> None:
        transport.known_credentials.renew(IceCredentials(f"fresh{self.made}", PASSWORD), self.now())

    def write_offer(self, transport: Transport, revision: int, sections: tuple[Section, ...], formats: Formats) -> str:
        facts = OfferFacts(1, transport.credentials, FINGERPRINT, ("127.0.0.1",), 9)
        return write_offer(facts, revision, sections, formats)

    @staticmethod
    def _spawn(work: Any) -> Any:
        work.close()
        return _Task()


def connect(endpoint: Endpoint) -> None:
    """Skip ICE and DTLS."""
    endpoint.transport.addresses.validate((endpoint.id, 1), nominated=False)
    endpoint.transport._become_connected(session(1, inbound=True), session(2, inbound=False))


class Scene:
    """A room with her and him in it, and others where a test opens them."""

    def __init__(self) -> None:
        self.node = FakeNode()
        self.events: list[MediaEvent] = []
        self.forgotten: list[Room] = []
        self.room = Room("visit", self.node, self.events.append, self.forgotten.append)
        self.her = self.room.open_endpoint("her", "Her Name")
        self.him = self.room.open_endpoint("him", "His Name")
        self.events.clear()

    def answer(self, endpoint: Endpoint, ssrcs: Ssrcs, formats: Formats = ALL_FORMATS) -> bool:
        wanted = endpoint.negotiation()
        text = answer_to(endpoint.sections, ssrcs, formats=formats)
        return endpoint.answer(wanted.transport, wanted.revision, text)

    def connect(self, endpoint: Endpoint) -> None:
        connect(endpoint)

    def bring_up(self, hers: Ssrcs = HERS, *, her_last_answer: bool = True) -> None:
        """Both connected, admitted, and answering to each other."""
        for endpoint, ssrcs in ((self.her, hers), (self.him, HIS)):
            self.answer(endpoint, ssrcs)
            self.connect(endpoint)
            self.room.admit(endpoint.id)
        if her_last_answer:
            self.answer(self.her, hers)
        self.answer(self.him, HIS)
        self.events.clear()

    def join(self, endpoint_id: str, ssrcs: Ssrcs) -> Endpoint:
        """One more, connected and admitted."""
        endpoint = self.room.open_endpoint(endpoint_id, endpoint_id.title())
        self.answer(endpoint, ssrcs)
        self.connect(endpoint)
        self.room.admit(endpoint_id)
        return endpoint

    def told(self) -> list[str]:
        return [event.endpoint for event in self.events if isinstance(event, OfferChanged)]

    def forwards(self) -> set[tuple[str, int]]:
        return {
            (endpoint.id, ssrc)
            for endpoint in (self.her, self.him)
            for ssrc, incoming in endpoint.transport.uplink.streams.items()
            if incoming.outgoings
        } | {(endpoint.id, 0) for endpoint in (self.her, self.him) if endpoint.transport.uplink.rtcp_peers}
