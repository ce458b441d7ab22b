"""What arrives from one peer: decrypted, looked up by SSRC, handed to those it is for.

A packet costs an address look-up (in the switchboard), an SSRC look-up, one decryption, and for each subscriber one
encryption and its share of a system call. No coroutine, task or queue is made for it; `route` fills the tables.
"""

import enum
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from media.downlink import Downlink, Outgoing
from media.ice_lite import ValidatedAddresses
from media.packet import MAX_DATAGRAM, Packet
from media.publication import Publication
from media.rtp import FIRST_RTCP, LAST_RTCP, MIN_RTCP, RTP_HEADER
from media.srtp import SrtpSession
from media.stats import Counters, DropReason
from media.udp_port import Address, UdpPort

# RTCP may come in the name of any SSRC; libsrtp keeps state for each.
MAX_RTCP_SENDERS = 64
# Two peers may have agreed on different ciphers: a tag of 10 bytes comes off, one of 16 goes on, and what goes out is to
# be no longer than what may come in. A packet that one session takes and the next refuses would leave the two with
# different roll-over counters.
MAX_PACKET = MAX_DATAGRAM - 6
# A browser sends 200 to 400 packets a second, and none worth mentioning while it waits. All share one loop.
ADMITTED_PACKETS_PER_S = 3_000
WAITING_PACKETS_PER_S = 100

_read_header = RTP_HEADER.unpack_from


class StreamKind(enum.StrEnum):
    """What the packets of one SSRC carry."""

    AUDIO = "audio"
    VIDEO = "video"
    RETRANSMISSION = "retransmission"


@dataclass(frozen=True, slots=True)
class Stream:
    """One SSRC of a publication; `primary` is the SSRC whose packets it repeats, or itself."""

    ssrc: int
    kind: StreamKind
    primary: int


def streams_of(publication: Publication) -> tuple[Stream, ...]:
    """List the SSRCs of a publication."""
    primary = publication.ssrcs[0]
    return tuple(
        Stream(ssrc, StreamKind(publication.source.kind) if ssrc == primary else StreamKind.RETRANSMISSION, primary)
        for ssrc in publication.ssrcs
    )


class Incoming:
    """One SSRC as it arrives, and where it goes.

    `sink`, where there is one, gets each decrypted packet and its time of arrival, whether or not anybody subscribes.
    """

    __slots__ = ("bytes", "outgoings", "packets", "sink", "stream")

    def __init__(self, stream: Stream) -> None:
        self.stream = stream
        self.outgoings: tuple[Outgoing, ...] = ()
        self.sink: Callable[[bytes, float], None] | None = None
        self.packets = 0
        self.bytes = 0

    def direct_to(self, downlinks: Sequence[Downlink]) -> None:
        """Go to exactly these peers; what is on the way to one that stays keeps its state."""
        before = {outgoing.downlink: outgoing for outgoing in self.outgoings}
        self.outgoings = tuple(
            before.pop(downlink) if downlink in before else downlink.open(self.stream.ssrc) for downlink in downlinks
        )
        for outgoing in before.values():
            outgoing.close()


class Uplink:
    """The receiving half of a transport. `streams` are the SSRCs that its peer declared, `rtcp_peers` whom its RTCP goes to.

    `rtcp_sink`, where there is one, gets each decrypted compound and its time of arrival, and nobody else does.
    """

    def __init__(self, addresses: ValidatedAddresses, port: UdpPort, counters: Counters) -> None:
        self.streams: dict[int, Incoming] = {}
        self.rtcp_peers: tuple[Downlink, ...] = ()
        self.rtcp_sink: Callable[[bytes, float], None] | None = None
        self._addresses = addresses
        self._port = port
        self._counters = counters
        self._rx: SrtpSession | None = None
        self._rtcp_senders: set[bytes] = set()
        # A token bucket of one second's packets, filled by `refill`: no clock is read on the packet path.
        self._packets_per_s = self._allowance = WAITING_PACKETS_PER_S
        self._filled_at: float | None = None

    def connect(self, session: SrtpSession) -> None:
        """Take packets from now on."""
        self._rx = session

    def close(self) -> None:
        """Take and hand on nothing any more. Idempotent."""
        self._rx = None
        self.route({})
        self.rtcp_peers = ()
        self.rtcp_sink = None

    def route(self, routes: Mapping[Stream, Sequence[Downlink]]) -> None:
        """Take exactly these streams, each to its subscribers. Streams and subscribers that stay keep their state."""
        for ssrc in self.streams.keys() - {stream.ssrc for stream in routes}:
            self.streams.pop(ssrc).direct_to(())
        for stream, downlinks in routes.items():
            incoming = self.streams.get(stream.ssrc)
            if incoming is None or incoming.stream != stream:
                if incoming is not None:
                    incoming.direct_to(())
                incoming = self.streams[stream.ssrc] = Incoming(stream)
            incoming.direct_to(downlinks)

    def set_budget(self, packets_per_s: int) -> None:
        """Take this many packets a second, and as many at once. A budget that changes begins full."""
        if packets_per_s != self._packets_per_s:
            self._packets_per_s = self._allowance = packets_per_s

    def refill(self, now: float) -> None:
        """Earn the allowance of the time since the last call."""
        if self._filled_at is not None:
            earned = int((now - self._filled_at) * self._packets_per_s)
            self._allowance = min(self._packets_per_s, self._allowance + earned)
        self._filled_at = now

    def receive(self, packet: Packet, address: Address) -> None:
        """Relay one SRTP or SRTCP packet from a validated address."""
        if self._rx is None:
            self._counters.drop(DropReason.NOT_CONNECTED)
            return
        if self._allowance < 1:
            self._counters.drop(DropReason.OVER_BUDGET)
            return
        self._allowance -= 1
        if not MIN_RTCP <= packet.size <= MAX_PACKET:
            self._counters.drop(DropReason.OVERSIZE if packet.size > MAX_PACKET else DropReason.BAD_SRTP)
            return
        # What is shorter than a header has bytes of another packet here, and libsrtp refuses it by its size.
        _, kind, _, _, ssrc = _read_header(packet.data)
        if FIRST_RTCP <= kind <= LAST_RTCP:
            self._relay_rtcp(self._rx, packet, address)
        else:
            self._relay_rtp(self._rx, packet, address, ssrc)

    def _relay_rtp(self, rx: SrtpSession, packet: Packet, address: Address, ssrc: int) -> None:
        # Before the cryptography: libsrtp keeps state for every SSRC that it meets.
        incoming = self.streams.get(ssrc)
        if incoming is None:
            self._counters.drop(DropReason.UNKNOWN_SSRC)
            return
        # Decrypted even without subscribers: the roll-over counter must not be lost while nobody listens.
        if not rx.unprotect(packet):
            self._counters.drop(DropReason.BAD_SRTP)
            return
        self._addresses.follow(address)
        incoming.packets += 1
        incoming.bytes += packet.size
        if incoming.sink is not None:
            incoming.sink(packet.tobytes(), packet.arrived_at)
        outgoings = incoming.outgoings
        if outgoings:
            if len(outgoings) > 1:
                for outgoing in outgoings[1:]:
                    outgoing.send(self._port.copy(packet))
            # One is encrypted where it arrived: nobody needs the plain bytes after it.
            outgoings[0].send(packet)
        elif incoming.sink is None:
            self._counters.drop(DropReason.NO_SUBSCRIBER)

    def _relay_rtcp(self, rx: SrtpSession, packet: Packet, address: Address) -> None:
        sender = packet.data[4:8].tobytes()
        if sender not in self._rtcp_senders and len(self._rtcp_senders) >= MAX_RTCP_SENDERS:
            self._counters.drop(DropReason.UNKNOWN_SSRC)
            return
        if not rx.unprotect_rtcp(packet):
            self._counters.drop(DropReason.BAD_SRTP)
            return
        self._rtcp_senders.add(sender)
        self._addresses.follow(address)
        if self.rtcp_sink is not None:
            self.rtcp_sink(packet.tobytes(), packet.arrived_at)
            return
        peers = self.rtcp_peers
        if not peers:
            self._counters.drop(DropReason.NO_SUBSCRIBER)
            return
        for peer in peers[1:]:
            peer.relay_rtcp(self._port.copy(packet))
        peers[0].relay_rtcp(packet)
