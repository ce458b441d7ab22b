"""A visit through the relay without sockets: a picture, its retransmissions, and what each is told."""

from collections.abc import Iterable

from media.rtcp import (
    Block,
    Format,
    Kind,
    SenderInfo,
    read_nack,
    split,
)
from media.stream import Stream, StreamKind
from tests.unit.media.doubles import SSRC, Peer, Relay, packet_of, rtp

RTX = SSRC + 1


VIDEO = Stream(SSRC, StreamKind.VIDEO, SSRC)


SOUND = Stream(SSRC, StreamKind.AUDIO, SSRC)


REPEATS = Stream(RTX, StreamKind.RETRANSMISSION, SSRC)


INFO = SenderInfo(0x0123456789ABCDEF, 90_000, 12, 3_456)


DESCRIPTION = bytes([0x81, 202, 0, 2]) + SSRC.to_bytes(4, "big") + b"\1\2ab"


def numbered(ssrc: int, number: int, transport_number: int, payload: bytes = b"payload") -> bytes:
    extension = b"\xbe\xde\0\1\x31" + transport_number.to_bytes(2, "big") + b"\0"
    return bytes([0x90]) + rtp(ssrc, number, extension + payload)[1:]


def transport_number(packet: bytes) -> int:
    return int.from_bytes(packet[17:19], "big")


class Visit(Relay):
    """A publisher's picture and its retransmissions, and as many subscribers as wanted."""

    def __init__(self, subscribers: int = 1) -> None:
        super().__init__()
        self.others = [self.subscriber]
        for index in range(subscribers - 1):
            self.others.append(Peer(3 + index, self.wire, self.counters))
            self.others[-1].connect()
        self.now = 100.0
        self.settle()

    def settle(self) -> None:
        """As a room does after each change."""
        downlinks = tuple(other.transport.downlink for other in self.others)
        self.uplink.route({VIDEO: downlinks, REPEATS: downlinks})
        self.uplink.rtcp_peers = downlinks
        people = [self.publisher, *self.others]
        for other in self.others:
            peers = [each.transport.downlink for each in people if each is not other]
            other.transport.uplink.rtcp_peers = tuple(peers)
        for each in people:
            each.transport.set_hop_by_hop(len(people) > 2, self.now)

    def arrive(self, peer: Peer, data: bytes) -> None:
        packet = packet_of(data)
        packet.arrived_at = self.now
        peer.transport.uplink.receive(packet, peer.address)

    def media(self, packet: bytes) -> None:
        self.arrive(self.publisher, self.publisher.up.protect(packet))

    def rtcp(self, peer: Peer, compound: bytes) -> None:
        self.arrive(peer, peer.up.protect_rtcp(compound))

    def ticks(self, seconds: float) -> None:
        for _ in range(round(seconds / 0.025)):
            self.now += 0.025
            for peer in (self.publisher, *self.others):
                peer.transport.tick(self.now)

    def take(self, peer: Peer) -> list[bytes]:
        """What was sent to this peer since the last time, as it was sent."""
        taken = [data for data, address in self.wire.sent if address == peer.address]
        self.wire.sent = [(data, address) for data, address in self.wire.sent if address != peer.address]
        return taken

    def pictures(self, peer: Peer) -> list[bytes]:
        return [peer.down.unprotect(data) for data in self.take(peer) if not 192 <= data[1] <= 223]

    def told(self, peer: Peer) -> list[Block]:
        return [
            block
            for data in self.take(peer)
            if 192 <= data[1] <= 223
            for block in split(peer.down.unprotect_rtcp(data))
        ]


def of(blocks: Iterable[Block], kind: Kind, fmt: Format) -> list[Block]:
    return [block for block in blocks if block.is_feedback(kind, fmt)]


def nacked(blocks: Iterable[Block]) -> list[list[int]]:
    return [read_nack(block) for block in of(blocks, Kind.TRANSPORT_FEEDBACK, Format.NACK)]
