"""What arrives from one peer: decrypted, looked up by SSRC, handed to those it is for.

A packet costs an address look-up (in the switchboard), an SSRC look-up, one decryption, and for each subscriber one
encryption and its share of a system call. No coroutine, task or queue is made for it; `route` fills the tables.
"""

import math
from collections.abc import Callable, Mapping, Sequence

from media.downlink import Downlink, sleep_on
from media.errors import BadRtcp
from media.ice_lite import ValidatedAddresses
from media.keyframes import KeyframeRequests
from media.nack import SOUND_ROUND_TRIP_S, GapTracker
from media.outgoing import Outgoing
from media.packet import MAX_DATAGRAM, Packet
from media.publisher_feedback import PublisherFeedback
from media.reception import Reception, ReceptionStats
from media.rtcp import SenderInfo, write_nack, write_pli
from media.rtcp_relay import relay_rtcp
from media.rtp import (
    FIRST_RTCP,
    LAST_RTCP,
    MIN_RTCP,
    RELAY_SSRC,
    RTP_HEADER,
    TRANSPORT_NUMBER,
    find_extension,
    find_original,
)
from media.srtp import SrtpSession
from media.stats import Counters, DropReason
from media.stream import CLOCK_RATES, Stream, StreamKind
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
# A camera sends 2.5 Mbit/s at most and a screen as much; repeats and a probing estimate need room beside them.
BITS_PER_S = 10_000_000
# The keyframes that a node asks for after it was behind are spread over so long.
MENDED_WITHIN_S = 1.5
# A browser that receives four others' pictures sends up to 60, with losses some more.
RTCP_PER_S = 250

_read_header = RTP_HEADER.unpack_from


class Incoming:
    """One SSRC as it arrives, and where it goes.

    `sink`, where there is one, gets each decrypted packet and its time of arrival, whether or not anybody subscribes.
    `gaps` are those of the stream that it carries or repeats, `last_at` is when the last packet came.
    """

    __slots__ = ("gaps", "is_repeat", "is_video", "last_at", "outgoings", "reception", "sink", "stream")

    def __init__(self, stream: Stream, picture: "Incoming | None") -> None:
        self.stream = stream
        self.is_repeat = stream.kind is StreamKind.RETRANSMISSION
        self.is_video = stream.kind is not StreamKind.AUDIO
        self.gaps: GapTracker = GapTracker() if picture is None else picture.gaps
        self.reception = Reception(CLOCK_RATES[stream.kind])
        self.outgoings: tuple[Outgoing, ...] = ()
        self.sink: Callable[[bytes, float], None] | None = None
        self.last_at = 0.0

    def direct_to(self, downlinks: Sequence[Downlink], publisher: "Uplink") -> None:
        """Go to exactly these peers; what is on the way to one that stays keeps its state."""
        before = {outgoing.downlink: outgoing for outgoing in self.outgoings}
        self.outgoings = tuple(
            before.pop(downlink) if downlink in before else downlink.open(self, publisher) for downlink in downlinks
        )
        for outgoing in before.values():
            outgoing.close()


class Uplink:
    """The receiving half of a transport, of which `back` is the sending one.

    `streams` are the SSRCs that its peer declared, `rtcp_peers` whom its RTCP goes to. `wake` is called when `tick` should
    be, every 25 ms or so until it says that nothing is left to do. `rtcp_sink`, where there is one, gets each decrypted
    compound and its time of arrival, and nobody else does.
    """

    def __init__(self, addresses: ValidatedAddresses, port: UdpPort, counters: Counters, back: Downlink) -> None:
        self.back = back
        self.streams: dict[int, Incoming] = {}
        self.rtcp_peers: tuple[Downlink, ...] = ()
        self.rtcp_sink: Callable[[bytes, float], None] | None = None
        self.is_hop_by_hop = False
        self.wake: Callable[[], None] = sleep_on
        self._addresses = addresses
        self._port = port
        self._counters = counters
        self._rx: SrtpSession | None = None
        self._rtcp_senders: set[int] = set()
        # Token buckets of one second's packets, filled by `refill`: no clock is read on the packet path.
        self._packets_per_s = self._allowance = WAITING_PACKETS_PER_S
        self._rtcp_allowance = RTCP_PER_S
        self._filled_at: float | None = None
        self._bytes_seen = 0
        self._bits_over = 0.0
        self._keyframes = KeyframeRequests()
        self._feedback = PublisherFeedback()
        self._mends_at = -math.inf
        # Whether transport-wide numbers are changed on the way: hop by hop, and for good after that.
        self._rewrites = False

    def connect(self, session: SrtpSession) -> None:
        """Take packets from now on."""
        self._rx = session
        self.wake()

    def close(self) -> None:
        """Take and hand on nothing any more. Idempotent."""
        self._rx = None
        self.route({})
        self.rtcp_peers = ()
        self.rtcp_sink = None
        self._keyframes.forget()

    def route(self, routes: Mapping[Stream, Sequence[Downlink]]) -> None:
        """Take exactly these streams, each to its subscribers. Streams and subscribers that stay keep their state."""
        for ssrc in self.streams.keys() - {stream.ssrc for stream in routes}:
            self.streams.pop(ssrc).direct_to((), self)
        for stream, downlinks in routes.items():
            incoming = self.streams.get(stream.ssrc)
            if incoming is None or incoming.stream != stream:
                if incoming is not None:
                    incoming.direct_to((), self)
                picture = None if stream.ssrc == stream.primary else self.streams.get(stream.primary)
                incoming = self.streams[stream.ssrc] = Incoming(stream, picture)
            incoming.direct_to(downlinks, self)
            self._rewrites = self._rewrites or any(downlink.has_own_numbers for downlink in downlinks)

    def set_hop_by_hop(self, is_hop_by_hop: bool, now: float) -> None:  # noqa: FBT001 - a mode, derived by the room
        """Give the peer feedback from here, or let that of its only subscriber pass."""
        if is_hop_by_hop == self.is_hop_by_hop:
            return
        self.is_hop_by_hop = is_hop_by_hop
        if is_hop_by_hop:
            self._rewrites = True
            self._feedback = PublisherFeedback()
        else:
            self._feedback.end(self, now)
        self.wake()

    def set_budget(self, packets_per_s: int) -> None:
        """Take this many packets a second, and as many at once. A budget that changes begins full."""
        if packets_per_s != self._packets_per_s:
            self._packets_per_s = self._allowance = packets_per_s

    def refill(self, now: float) -> None:
        """Earn the allowance of the time since the last call."""
        if self._filled_at is not None:
            earned = int((now - self._filled_at) * self._packets_per_s)
            self._allowance = min(self._packets_per_s, self._allowance + earned)
            self._rtcp_allowance = min(RTCP_PER_S, self._rtcp_allowance + int((now - self._filled_at) * RTCP_PER_S))
            self._charge_bits(now - self._filled_at)
        self._filled_at = now

    def _charge_bits(self, elapsed_s: float) -> None:
        """Take nothing until the next call from one who sent more than the bit rate allows, a second's worth at once included.

        Judged afterwards, from what is counted anyhow: the packet path does no more for it.
        """
        seen = sum(incoming.reception.bytes for incoming in self.streams.values())
        came = 8 * max(0, seen - self._bytes_seen)
        self._bytes_seen = seen
        self._bits_over = max(-BITS_PER_S, self._bits_over + came - elapsed_s * BITS_PER_S)
        if self._bits_over > 0:
            self._allowance = 0

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
        _, kind, number, timestamp, ssrc = _read_header(packet.data)
        if FIRST_RTCP <= kind <= LAST_RTCP:
            self._relay_rtcp(self._rx, packet, address)
            return
        # Before the cryptography: libsrtp keeps state for every SSRC that it meets.
        incoming = self.streams.get(ssrc)
        if incoming is None:
            self._counters.drop(DropReason.UNKNOWN_SSRC)
            return
        # Decrypted even without subscribers: the roll-over counter must not be lost while nobody listens.
        if not self._rx.unprotect(packet):
            self._counters.drop(DropReason.BAD_SRTP)
            return
        if address != self._addresses.selected or not self._addresses.has_media:
            self._addresses.follow(address)
        self._relay_rtp(incoming, packet, number, timestamp)

    def _relay_rtp(self, incoming: Incoming, packet: Packet, number: int, timestamp: int) -> None:
        skipped = incoming.reception.count(number, packet.size)
        if incoming.sink is not None:
            incoming.sink(packet.tobytes(), packet.arrived_at)
        original_at = 0
        if incoming.is_repeat:
            original_at = find_original(packet.data, packet.size)
            number = packet.data[original_at] << 8 | packet.data[original_at + 1] if original_at else -1
            incoming.gaps.recover(number)
        elif skipped:
            self._ask(incoming, number, skipped, packet.arrived_at)
        elif not incoming.is_video:
            incoming.reception.time(timestamp, packet.arrived_at)
        incoming.last_at = packet.arrived_at
        outgoings = incoming.outgoings
        if len(outgoings) == 1 and not self._rewrites:
            outgoings[0].send(packet, number, 0, original_at)
        else:
            self._fan_out(incoming, packet, number, original_at)

    def _fan_out(self, incoming: Incoming, packet: Packet, number: int, original_at: int) -> None:
        transport_number_at = 0
        if self._rewrites and incoming.is_video:
            transport_number_at = find_extension(packet.data, packet.size, TRANSPORT_NUMBER)
            if transport_number_at and self.is_hop_by_hop:
                self._feedback.arrive(packet, transport_number_at)
        outgoings = incoming.outgoings
        if not outgoings:
            if incoming.sink is None:
                self._counters.drop(DropReason.NO_SUBSCRIBER)
            return
        for outgoing in outgoings[1:]:
            outgoing.send(self._port.copy(packet), number, transport_number_at, original_at)
        # One is encrypted where it arrived: nobody needs the plain bytes after it.
        outgoings[0].send(packet, number, transport_number_at, original_at)

    def _ask(self, incoming: Incoming, number: int, skipped: int, now: float) -> None:
        gaps, ssrc = incoming.gaps, incoming.stream.ssrc
        if skipped < 0 and not incoming.is_video:
            # Sound is sent again under its own SSRC, so what comes late was lost at first.
            incoming.reception.mended += 1
        if skipped > 0 and self.is_pressed:
            # A node that is behind would fall back further with every request. A keyframe mends it all, once there is time;
            # not everybody's at the same moment.
            gaps.needs_keyframe = True
            self._mends_at = now + MENDED_WITHIN_S * (ssrc % 64) / 64
            self.wake()
            return
        if skipped > 0 and not incoming.is_video and self.back.round_trip.exceeds(SOUND_ROUND_TRIP_S):
            return
        missing = gaps.receive(number, skipped, now, now - incoming.last_at)
        if missing:
            self.back.send_rtcp(write_nack(RELAY_SSRC, ssrc, missing))
            self.wake()
        self._mind(incoming, now)

    def _mind(self, incoming: Incoming, now: float) -> None:
        gaps = incoming.gaps
        if gaps.needs_keyframe and now >= self._mends_at:
            gaps.needs_keyframe = False
            if incoming.is_video:
                self.complain(incoming.stream.ssrc, now)

    def _relay_rtcp(self, rx: SrtpSession, packet: Packet, address: Address) -> None:
        sender = int.from_bytes(packet.data[4:8])
        if sender not in self._rtcp_senders and len(self._rtcp_senders) >= MAX_RTCP_SENDERS:
            self._counters.drop(DropReason.UNKNOWN_SSRC)
            return
        if self._rtcp_allowance < 1:
            self._counters.drop(DropReason.OVER_BUDGET)
            return
        self._rtcp_allowance -= 1
        if not rx.unprotect_rtcp(packet):
            self._counters.drop(DropReason.BAD_SRTP)
            return
        self._rtcp_senders.add(sender)
        self._addresses.follow(address)
        compound = packet.tobytes()
        if self.rtcp_sink is not None:
            self.rtcp_sink(compound, packet.arrived_at)
            return
        try:
            passed = relay_rtcp(self, compound, packet.arrived_at)
        except BadRtcp:
            self._counters.drop(DropReason.BAD_RTCP)
            return
        peers = self.rtcp_peers
        if not peers:
            self._counters.drop(DropReason.NO_SUBSCRIBER)
        if not peers or not passed:
            return
        if passed != compound:
            packet.load(passed)
        for peer in peers[1:]:
            peer.relay_rtcp(self._port.copy(packet))
        peers[0].relay_rtcp(packet)

    @property
    def is_pressed(self) -> bool:
        """Whether the node is behind: what is missing was then most likely lost here, not on the peer's line."""
        return self._port.is_pressed

    def flowing(self, now: float) -> list[tuple[Stream, ReceptionStats]]:
        """Sum up each stream of which something came within the last seconds."""
        stats = [(incoming.stream, incoming.reception.stats(now)) for incoming in self.streams.values()]
        return [(stream, each) for stream, each in stats if each.bit_rate]

    def loss(self, now: float) -> float:
        """The part that was lost on the way here, of the stream that lost most within the last seconds."""
        flowing = self.flowing(now)
        return max((each.loss for stream, each in flowing if stream.kind is not StreamKind.RETRANSMISSION), default=0.0)

    def knows_sender(self, ssrc: int) -> bool:
        """Whether RTCP may be handed on in this name: libsrtp keeps state for each, in every subscriber's session."""
        if ssrc in self._rtcp_senders:
            return True
        if len(self._rtcp_senders) >= MAX_RTCP_SENDERS:
            return False
        self._rtcp_senders.add(ssrc)
        return True

    # What the RTCP of this peer, and subscribers, ask for.

    def note_sender_report(self, ssrc: int, info: SenderInfo, now: float) -> None:
        """The peer's report on a stream of its own goes to its subscribers."""
        incoming = self.streams.get(ssrc)
        if incoming is not None:
            incoming.reception.sender_report(info.middle, now)
            for outgoing in incoming.outgoings:
                outgoing.downlink.round_trip.sent(ssrc, info.middle, now)

    def complain(self, ssrc: int, now: float) -> None:
        """A subscriber's decoder wants a keyframe of this picture."""
        self._keyframes.complain(ssrc, now, self.back.round_trip.seconds)
        self._ask_keyframes(now)

    def want_keyframe(self, ssrc: int, now: float) -> None:
        """Somebody begins to see this picture: ask for a keyframe as soon as the rate limit and the wire let it."""
        self._keyframes.want(ssrc)
        self._ask_keyframes(now)

    def tick(self, now: float) -> bool:
        """Ask again for what is missing, for keyframes that are due, and write feedback; True while there is more to come."""
        if self._rx is None:
            return False
        self._ask_keyframes(now)
        is_busy = is_pressed = self.is_pressed
        rtt = self.back.round_trip.seconds
        for ssrc, incoming in () if is_pressed else self.streams.items():
            gaps = incoming.gaps
            if incoming.is_repeat or (gaps.is_complete and not gaps.needs_keyframe):
                continue
            missing = gaps.due(now, rtt)
            self._mind(incoming, now)
            if missing:
                self.back.send_rtcp(write_nack(RELAY_SSRC, ssrc, missing))
            is_busy = is_busy or not gaps.is_complete or gaps.needs_keyframe
        return self._feedback.tick(self, now) or is_busy or not self._keyframes.is_idle

    def _ask_keyframes(self, now: float) -> None:
        for ssrc in self._keyframes.due(now):
            if self.back.send_rtcp(write_pli(RELAY_SSRC, ssrc)):
                self._keyframes.asked(ssrc, now)
        if not self._keyframes.is_idle:
            self.wake()
