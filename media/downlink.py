"""What goes to one peer: encrypted for it, and sent to the address it was last heard from."""

from media.ice_lite import ValidatedAddresses
from media.packet import Packet, make_packets
from media.srtp import SrtpSession
from media.stats import Counters, DropReason
from media.udp_port import UdpPort

# For packets of our own making; each is sent before the next one is made.
(_own,) = make_packets(1)


class Outgoing:
    """One SSRC on its way to one peer."""

    __slots__ = ("downlink", "ssrc")

    def __init__(self, downlink: "Downlink", ssrc: int) -> None:
        self.downlink = downlink
        self.ssrc = ssrc

    def send(self, packet: Packet) -> None:
        """Encrypt the packet where it lies and send it on. Within the port's `receive` only."""
        downlink = self.downlink
        # Encrypted even without an address: this session's roll-over counter has to see what the publisher's saw.
        if downlink.tx is None:
            downlink.drop(DropReason.NOT_CONNECTED)
        elif not downlink.tx.protect(packet):
            downlink.drop(DropReason.PROTECT_FAILED)
        elif downlink.addresses.selected is None:
            downlink.drop(DropReason.NOT_CONNECTED)
        else:
            downlink.queue(packet, downlink.addresses.selected)

    def close(self) -> None:
        """Nothing of this SSRC goes there any more."""
        if self.downlink.streams.get(self.ssrc) is self:
            del self.downlink.streams[self.ssrc]


class Downlink:
    """The sending half of a transport.

    `streams` are the SSRCs that go to its peer; `tx` encrypts, and is None before the handshake and after the end.
    """

    def __init__(self, addresses: ValidatedAddresses, port: UdpPort, counters: Counters) -> None:
        self.streams: dict[int, Outgoing] = {}
        self.tx: SrtpSession | None = None
        self.addresses = addresses
        self.queue = port.queue
        self.drop = counters.drop
        self._send = port.send

    def connect(self, session: SrtpSession) -> None:
        """Send from now on. The session must refuse to protect one packet index twice."""
        self.tx = session

    def close(self) -> None:
        """Send nothing any more. Idempotent."""
        self.tx = None

    def open(self, ssrc: int) -> Outgoing:
        """Begin to send an SSRC."""
        outgoing = self.streams[ssrc] = Outgoing(self, ssrc)
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

    def _send_own(self, *, is_protected: bool | None) -> bool:
        address = self.addresses.selected
        if is_protected and address is not None:
            return self._send(_own.datagram, address)
        self.drop(DropReason.PROTECT_FAILED if is_protected is False else DropReason.NOT_CONNECTED)
        return False
