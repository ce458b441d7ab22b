"""What goes to one peer: encrypted for it, and sent to the address it was last heard from."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from media.congestion import Congestion
from media.ice_lite import ValidatedAddresses
from media.nack import SOUND_ROUND_TRIP_S
from media.outgoing import Outgoing
from media.packet import Packet, make_packets
from media.resend import ResendBudget
from media.round_trip import RoundTrip
from media.srtp import SrtpSession
from media.stats import Counters, DropReason
from media.twcc import TransportFeedback
from media.udp_port import UdpPort

if TYPE_CHECKING:
    from media.uplink import Incoming, Uplink

# How often the downlink is divided anew among its pictures.
ALLOT_INTERVAL_S = 0.2
LOSS_WINDOW_BYTES = 5_000
LOSS_SMOOTHING = 0.25
TWICE_FROM_LOSS = 0.05

# For packets of our own making; each is sent before the next one is made.
(_own,) = make_packets(1)


def sleep_on() -> None:
    """Nobody drives the ticks yet."""


class Downlink:
    """The sending half of a transport.

    `streams` are the SSRCs that go to its peer; `tx` encrypts, and is None before the handshake and after the end;
    `congestion` is there hop by hop only; `bytes` counts what went. `wake` is called when `tick` should be.
    """

    def __init__(self, addresses: ValidatedAddresses, port: UdpPort, counters: Counters) -> None:
        self.streams: dict[int, Outgoing] = {}
        self.round_trip = RoundTrip()
        self.congestion: Congestion | None = None
        self.addresses = addresses
        self.queue = port.queue
        self.drop = counters.drop
        self._send = port.send
        self._counters = counters
        self.tx: SrtpSession | None = None
        self.bytes = 0
        self._budget = ResendBudget()
        self._is_hop_by_hop = False
        # How far the transport-wide numbers that the peer knows are ahead of the publisher's, end to end, after own ones were
        # used. None: not known yet, because no packet came since, or another publisher's numbers take their place.
        self.number_offset: int | None = 0
        self._next_number = 0
        self._numbered_by: Uplink | None = None
        self._allotted_at = 0.0
        self._resent = 0
        self._again: list[bytes] = []
        self.wake: Callable[[], None] = sleep_on
        self._loss = 0.0
        self._marked = (0, 0)

    def connect(self, session: SrtpSession) -> None:
        """Send from now on. The session must refuse to protect one packet index twice."""
        self.tx = session

    def close(self) -> None:
        """Send nothing any more, nor again. Idempotent."""
        self.tx = None
        self._again.clear()

    def open(self, source: "Incoming", publisher: "Uplink") -> Outgoing:
        """Begin to send an SSRC."""
        if publisher is not self._numbered_by and self.has_own_numbers:
            self.number_offset = None
        self._numbered_by = publisher
        outgoing = self.streams[source.stream.ssrc] = Outgoing(self, source, publisher)
        return outgoing

    def relay_rtcp(self, packet: Packet) -> None:
        """Encrypt an RTCP compound where it lies and send it on. Within the port's `receive` only."""
        if self.tx is None or self.addresses.selected is None:
            self.drop(DropReason.NOT_CONNECTED)
        elif not self.tx.protect_rtcp(packet):
            self.drop(DropReason.PROTECT_FAILED)
        else:
            self.queue(packet, self.addresses.selected)

    def send_rtp(self, data: bytes) -> bool:
        """Encrypt and send an RTP packet of our own making, at once; False when it did not go."""
        _own.load(data)
        return self._send_own(is_protected=None if self.tx is None else self.tx.protect(_own))

    def send_rtcp(self, data: bytes) -> bool:
        """Encrypt and send an RTCP compound of our own making, at once; False when it did not go."""
        _own.load(data)
        return self._send_own(is_protected=None if self.tx is None else self.tx.protect_rtcp(_own))

    def answer_nack(self, ssrc: int, numbers: Sequence[int], now: float) -> None:
        """Send again what the peer misses and was sent; what was not, the relay misses too and asks for by itself.

        Of what is too old to be sent again nothing can come but a keyframe, for which a decoder would wait three seconds.
        """
        outgoing = self.streams.get(ssrc)
        address = self.addresses.selected
        if outgoing is None or address is None:
            return
        if not outgoing.is_video and self.round_trip.exceeds(SOUND_ROUND_TRIP_S):
            return
        self._budget.refill(self.bytes, now)
        for number in numbers:
            data = outgoing.cache.take(number, now, self.round_trip.seconds, self._budget)
            if data is not None and self._send(data, address):
                self._counters.packets_resent += 1
                self._resent += len(data)
                if self.loses and self._budget.spend(len(data)):
                    self._again.append(data)
        if self._again:
            self.wake()
        if outgoing.is_video and any(outgoing.cache.is_gone(number, now) for number in numbers):
            outgoing.give_up(now)

    def measure_loss(self) -> float:
        """The part of what goes to the peer that has to be sent again, smoothed over the calls. Call twice a second."""
        sent, resent = self.bytes, self._resent
        if sent - self._marked[0] >= LOSS_WINDOW_BYTES:
            self._loss += LOSS_SMOOTHING * ((resent - self._marked[1]) / (sent - self._marked[0]) - self._loss)
            self._marked = (sent, resent)
        return self._loss

    @property
    def loss(self) -> float:
        """The part of what goes to the peer that is lost on the way, as its feedback or its NACKs tell."""
        return self._loss if self.congestion is None else self.congestion.loss

    @property
    def loses(self) -> bool:
        """Whether so much is lost that what is sent again is better sent twice."""
        return self.loss > TWICE_FROM_LOSS

    def complain(self, ssrc: int, now: float) -> None:
        """The peer's decoder wants a keyframe of what it is sent."""
        outgoing = self.streams.get(ssrc)
        if outgoing is not None:
            outgoing.publisher.complain(ssrc, now)

    # Transport-wide numbers.

    def set_hop_by_hop(self, is_hop_by_hop: bool, now: float) -> None:  # noqa: FBT001 - a mode, derived by the room
        """Number packets and read feedback here, or let both pass. Numbers go on without a jump either way."""
        if is_hop_by_hop == self._is_hop_by_hop:
            return
        self._is_hop_by_hop = is_hop_by_hop
        if self.congestion is not None:
            self._next_number, self.number_offset = self.congestion.departures.next, None
            self.congestion = None
            for outgoing in self.streams.values():
                outgoing.resume(now)

    def number(self, packet: Packet, position: int) -> None:
        """Write a packet's transport-wide number, found at this position of its header."""
        data = packet.data
        theirs = data[position] << 8 | data[position + 1]
        if not self._is_hop_by_hop:
            ours = self._follow(theirs)
        else:
            if self.congestion is None:
                self.congestion = Congestion(self._follow(theirs), self._flowing(packet.arrived_at))
            ours = self.congestion.departures.depart(packet.size, int(packet.arrived_at * 1e6))
        data[position], data[position + 1] = ours >> 8, ours & 0xFF

    def _follow(self, theirs: int) -> int:
        if self.number_offset is None:
            self.number_offset = self._next_number - theirs & 0xFFFF
        ours = theirs + self.number_offset & 0xFFFF
        self._next_number = ours + 1 & 0xFFFF
        return ours

    @property
    def has_own_numbers(self) -> bool:
        """Whether the peer knows packets by other transport-wide numbers than their publisher: they have to be written."""
        return self.number_offset != 0

    def read_feedback(self, feedback: TransportFeedback, now: float) -> None:
        """Take the peer's feedback on what it was sent, hop by hop."""
        if self.congestion is not None:
            self.congestion.read(feedback, now)

    def tick(self, now: float) -> None:
        """Send what is to be sent twice; divide the downlink anew, when it is time, and hold back what finds no room."""
        again, self._again = self._again, []
        if self.addresses.selected is not None:
            for data in again:
                if self._send(data, self.addresses.selected):
                    self._counters.packets_resent += 1
        congestion = self.congestion
        if congestion is None or now - self._allotted_at < ALLOT_INTERVAL_S:
            return
        self._allotted_at = now
        congestion.allot(self._video_rates(now), now)
        for outgoing in self.streams.values():
            if outgoing.primary in congestion.paused:
                outgoing.pause()
            else:
                outgoing.resume(now)

    def _flowing(self, now: float) -> float:
        return sum(self._video_rates(now).values())

    def _video_rates(self, now: float) -> dict[int, float]:
        # The most important first: screens, then cameras, each in the order in which they came.
        rates: dict[int, float] = {}
        for outgoing in sorted(self.streams.values(), key=lambda each: not each.source.stream.is_screen):
            if outgoing.is_video:
                rate = outgoing.source.reception.stats(now).bit_rate
                rates[outgoing.primary] = rates.get(outgoing.primary, 0.0) + rate
        return rates

    def _send_own(self, *, is_protected: bool | None) -> bool:
        address = self.addresses.selected
        if is_protected and address is not None:
            return self._send(_own.datagram, address)
        self.drop(DropReason.PROTECT_FAILED if is_protected is False else DropReason.NOT_CONNECTED)
        return False
