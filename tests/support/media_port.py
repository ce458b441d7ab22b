"""A node on a real port, with peers whose every byte the test decides, and a second socket that belongs to nobody."""

import asyncio
import socket
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from aiortc import RTCCertificate

from media import CloseReason, DropReason, Endpoint, MediaEvent, MediaNode, NodeSettings, Source, TransportClosed
from media.io import Io
from tests.support.webrtc import RawPeer, until
from tests.unit.media.doubles import rtp
from tests.unit.media.sdp import answer_to


class SkewedClock:
    """The monotonic clock, which a test may set forward, and hold so that only the test moves it."""

    skew = 0.0
    held_at: float | None = None

    def __call__(self) -> float:
        return (time.monotonic() if self.held_at is None else self.held_at) + self.skew

    def hold(self) -> None:
        """Stand still from now on."""
        self.held_at = time.monotonic()


class Port:
    """A node, its raw peers, and a second socket that belongs to nobody."""

    def __init__(self) -> None:
        self.clock = SkewedClock()
        self.events: list[MediaEvent] = []
        self.peers: list[RawPeer] = []
        self.node: MediaNode
        self.stranger = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.stranger.settimeout(0)
        self.unhandled: list[dict[str, Any]] = []

    def hold_time(self) -> None:
        """Let no time pass from now on but what `pass_time` does."""
        self.clock.hold()
        self.node._timer.cancel()

    def pass_time(self, seconds: float) -> None:
        """Set the clock forward, and let the node do what it does twice a second."""
        self.clock.skew += seconds
        self.node._timer.cancel()
        self.node._sweep()
        if self.clock.held_at is not None:
            self.node._timer.cancel()

    async def arrived(self, packets: int) -> None:
        """Wait until the node has read so many datagrams: all share one loop, and the kernel's buffer is not under test."""
        async with asyncio.timeout(20):
            while self.node.stats().packets_in < packets:
                await asyncio.sleep(0.0005)

    def endpoint(self, name: str, room: str = "visit") -> Endpoint:
        endpoint = self.node.room(room).find(name)
        assert endpoint is not None
        return endpoint

    def disturb(self, datagrams: list[bytes], *sockets: socket.socket) -> None:
        for sender in (self.stranger, *sockets):
            for data in datagrams:
                sender.send(data)

    def offer(self, name: str, room: str = "visit") -> str:
        endpoint = self.node.room(room).find(name) or self.node.room(room).open_endpoint(name, name)
        sdp = endpoint.negotiation().sdp
        assert sdp is not None
        return sdp

    def answer(self, name: str, peer: RawPeer, first_ssrc: int, room: str = "visit") -> None:
        endpoint = self.endpoint(name, room)
        wanted = endpoint.negotiation()
        ssrcs = {Source.AUDIO: (first_ssrc,), Source.CAMERA: (first_ssrc + 1, first_ssrc + 2)}
        assert endpoint.answer(wanted.transport, wanted.revision, answer_to(endpoint.sections, ssrcs, peer.fingerprint))

    async def enter(
        self, name: str, first_ssrc: int, certificate: RTCCertificate | None = None, room: str = "visit"
    ) -> RawPeer:
        """Answer the offer; the peer has not connected yet."""
        peer = RawPeer(self.node.port, certificate)
        self.peers.append(peer)
        self.offer(name, room)
        self.answer(name, peer, first_ssrc, room)
        return peer

    async def meet(self, room: str = "visit") -> tuple[RawPeer, RawPeer]:
        """Two connected, admitted peers, each of which accepted the other's media: SSRCs from 100 and from 200."""
        one, two = await self.gather(room, {"one": 100, "two": 200})
        return one, two

    async def meet_three(self, room: str = "visit") -> tuple[RawPeer, RawPeer, RawPeer]:
        """Three of them, the third one's SSRCs being from 300."""
        one, two, three = await self.gather(room, {"one": 100, "two": 200, "three": 300})
        return one, two, three

    async def gather(self, room: str, people: dict[str, int]) -> list[RawPeer]:
        """Let these people, with their first SSRCs, connect, be admitted and accept each other's media."""
        peers = []
        for name, first_ssrc in people.items():
            offer = self.offer(name, room)
            peer = await self.enter(name, first_ssrc, room=room)
            assert await peer.connect(offer)
            self.node.room(room).admit(name)
            peers.append(peer)
        for (name, first_ssrc), peer in zip(people.items(), peers, strict=True):
            self.answer(name, peer, first_ssrc, room)
        return peers

    def dropped(self, reason: DropReason) -> int:
        return self.node.stats().drops[reason]

    def reasons(self) -> list[CloseReason]:
        return [event.reason for event in self.events if isinstance(event, TransportClosed)]


async def hears(sender: RawPeer, receiver: RawPeer, ssrc: int, number: int) -> None:
    packet = rtp(ssrc, number)
    sender.send_rtp(packet)
    await until(lambda: packet in receiver.received, "the packet arrives", within_s=2)


@asynccontextmanager
async def open_port(io: Io = Io.AUTO) -> AsyncIterator[Port]:
    """Open a node on loopback, and close its peers and it. Its loop may not see one exception that nobody caught."""
    port = Port()
    asyncio.get_running_loop().set_exception_handler(lambda _, context: port.unhandled.append(context))
    settings = NodeSettings(bind_host="127.0.0.1", io=io)
    port.node = await MediaNode.open(settings, port.events.append, clock=port.clock)
    port.stranger.connect(("127.0.0.1", port.node.port))
    try:
        yield port
    finally:
        for peer in port.peers:
            await peer.close()
        port.stranger.close()
        await port.node.close()
    assert port.unhandled == []
