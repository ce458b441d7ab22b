"""Fakes for the media plane's units: a wire that remembers, a clock that a test moves, SRTP keys without a handshake."""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any, cast

from pylibsrtp import Policy, Session

from media.dtls import Certificate
from media.events import CloseReason
from media.ice_lite import IceCredentials
from media.packet import Packet, make_packets
from media.stats import Counters, DropReason
from media.stream import Stream, StreamKind
from media.transport import Transport
from media.udp_port import Address

CERTIFICATE = Certificate.generateCertificate()
SSRC = 5_001
PASSWORD = "password-of-exactly-32-characters"


class Clock:
    """Monotonic seconds, moved by hand."""

    def __init__(self) -> None:
        self.now = 1_000.0

    def __call__(self) -> float:
        return self.now


class Wire:
    """A port that remembers what was sent, to whom; `jammed` makes it drop."""

    io = "fake"
    number = 9

    def __init__(self) -> None:
        self.sent: list[tuple[bytes, Address]] = []
        self.jammed = False
        self.is_closed = False
        self.is_pressed = False

    def listen(self, receive: Callable[[Packet, Address], None]) -> None:
        """Nothing arrives by itself."""

    def read(self, receive: Callable[[Packet, Address], None]) -> int:  # noqa: ARG002
        return 0

    def queue(self, packet: Packet, address: Address) -> None:
        self.send(packet.datagram, address)

    def copy(self, packet: Packet) -> Packet:
        (copy,) = make_packets(1)
        copy.load(packet.datagram)
        return copy

    def send(self, data: bytes | memoryview, address: Address) -> bool:
        if not self.jammed:
            self.sent.append((bytes(data), address))
        return not self.jammed

    def host_and_port(self, address: Address) -> tuple[str, int]:
        return cast("tuple[str, int]", address)

    def close(self) -> None:
        self.is_closed = True


def packet_of(data: bytes) -> Packet:
    """A datagram as a port hands it over; up to the `STRIDE`, so that tests can be hostile."""
    (packet,) = make_packets(1)
    packet.data[: len(data)] = data
    packet.size = len(data)
    return packet


def session(key: int, *, inbound: bool) -> Session:
    """One direction of SRTP; two sessions of the same `key` are the two ends of it."""
    policy = Policy(
        key=bytes([key]) * 28,
        ssrc_type=Policy.SSRC_ANY_INBOUND if inbound else Policy.SSRC_ANY_OUTBOUND,
        srtp_profile=Policy.SRTP_PROFILE_AEAD_AES_128_GCM,
    )
    return Session(policy)


class Peer:
    """A transport of ours with the keys of the one at its other end."""

    def __init__(self, number: int, wire: Wire, counters: Counters) -> None:
        self.address: Address = (f"192.0.2.{number}", 40_000)
        self.closed: list[CloseReason] = []
        self.connected = 0
        self.awake: set[Transport] = set()
        self.transport = Transport(
            transport_id=f"t{number}",
            credentials=IceCredentials(f"ufrag{number:04}", PASSWORD),
            certificate=CERTIFICATE,
            port=wire,
            counters=counters,
            spawn=self._spawn,
            wake=self.awake.add,
            on_connected=self._count,
            on_closed=lambda _, reason: self.closed.append(reason),
        )
        self.up = session(2 * number, inbound=False)
        self.down = session(2 * number + 1, inbound=True)
        self._number = number

    def connect(self) -> None:
        """Skip ICE and DTLS."""
        self.transport.addresses.validate(self.address, nominated=False)
        ours = session(2 * self._number, inbound=True), session(2 * self._number + 1, inbound=False)
        self.transport._become_connected(*ours)

    def send(self, data: bytes, address: Address | None = None) -> None:
        """Let one SRTP or SRTCP packet of the other end arrive."""
        self.transport.uplink.receive(packet_of(data), self.address if address is None else address)

    def _count(self, _: Transport) -> None:
        self.connected += 1

    @staticmethod
    def _spawn(work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        return asyncio.get_running_loop().create_task(work)


class Relay:
    """One publisher, one subscriber, both connected; nothing is routed yet."""

    def __init__(self) -> None:
        self.wire = Wire()
        self.counters = Counters()
        self.publisher = Peer(1, self.wire, self.counters)
        self.subscriber = Peer(2, self.wire, self.counters)
        self.uplink = self.publisher.transport.uplink
        self.publisher.connect()
        self.subscriber.connect()

    def route(self) -> None:
        self.uplink.route({Stream(SSRC, StreamKind.VIDEO, SSRC): (self.subscriber.transport.downlink,)})
        self.uplink.rtcp_peers = (self.subscriber.transport.downlink,)

    def publish(self, packet: bytes) -> None:
        self.publisher.send(packet)

    def dropped(self) -> dict[DropReason, int]:
        return {reason: count for reason, count in self.counters.drops.items() if count}


def rtp(ssrc: int, number: int, payload: bytes = b"payload") -> bytes:
    return bytes([0x80, 96]) + number.to_bytes(2, "big") + bytes(4) + ssrc.to_bytes(4, "big") + payload


def receiver_report(ssrc: int) -> bytes:
    return bytes([0x80, 201, 0, 1]) + ssrc.to_bytes(4, "big")
