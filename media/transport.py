"""One peer's transport: ICE-lite, DTLS, SRTP, and the packet path of the relay.

A packet costs: address look-up (in the switchboard), first byte, SSRC look-up, unprotect, and per subscriber protect
and send. No coroutine, task or queue is made for it. The tables `routes` and `rtcp_peers` are filled by the room.
"""

import asyncio
import enum
from collections.abc import Callable, Coroutine, Mapping
from typing import Any

import pylibsrtp
import structlog

from media.dtls import Certificate, DtlsSession
from media.events import CloseReason
from media.ice_lite import IceCredentials, ValidatedAddresses
from media.rtp import MIN_RTCP, is_rtcp, picture_loss_indication
from media.stats import Counters, DropReason
from media.udp_port import Address

KEYFRAME_INTERVAL_S = 0.5
# RTCP may come in the name of any SSRC; libsrtp keeps state for each.
MAX_RTCP_SENDERS = 64
# What `Session.protect` takes is at most 1356 bytes, and the shortest tag that was stripped before has 10. A packet that
# one session takes and the next refuses would leave the two with different roll-over counters.
MAX_PACKET = 1356 + 10
# A browser sends 200 to 400 packets a second, and none worth mentioning while it waits. All share one loop.
ADMITTED_PACKETS_PER_S = 3_000
WAITING_PACKETS_PER_S = 100

_SRTP_ERRORS = (pylibsrtp.Error, ValueError)

log = structlog.get_logger()


class TransportState(enum.Enum):
    """Life of a transport; it only moves down this list."""

    NEW = "new"
    CONNECTING = "connecting"
    CONNECTED = "connected"
    CLOSED = "closed"


class Transport:
    """ICE, DTLS and SRTP with one peer.

    `send` puts a datagram on the wire and says whether it went; `spawn` owns the task of the handshake; `on_connected`
    and `on_closed` are each called once at most, on the loop.
    """

    def __init__(
        self,
        *,
        transport_id: str,
        credentials: IceCredentials,
        certificate: Certificate,
        send: Callable[[bytes, Address], bool],
        counters: Counters,
        spawn: Callable[[Coroutine[Any, Any, None]], asyncio.Task[None]],
        on_connected: Callable[["Transport"], None],
        on_closed: Callable[["Transport", CloseReason], None],
    ) -> None:
        self.id = transport_id
        self.credentials = credentials
        self.certificate = certificate
        self.state = TransportState.NEW
        self.was_connected = False
        self.addresses = ValidatedAddresses()
        self.last_check_at = 0.0
        self.started_at = 0.0
        self.routes: Mapping[int, tuple[Transport, ...]] = {}
        self.rtcp_peers: tuple[Transport, ...] = ()
        self._send = send
        self._counters = counters
        self._on_connected = on_connected
        self._on_closed = on_closed
        self._dtls = DtlsSession(certificate, self._send_dtls)
        self._spawn = spawn
        self._task: asyncio.Task[None] | None = None
        self._rx: pylibsrtp.Session | None = None
        self._tx: pylibsrtp.Session | None = None
        self._rtcp_senders: set[bytes] = set()
        self._keyframe_asked_at: dict[int, float] = {}
        self._keyframes_due: set[int] = set()
        # A token bucket of one second's packets, filled by `sweep`: no clock is read on the packet path.
        self._packets_per_s = self._allowance = WAITING_PACKETS_PER_S
        self._filled_at: float | None = None

    @property
    def is_connected(self) -> bool:
        """Whether media can pass in both directions."""
        return self.state is TransportState.CONNECTED

    @property
    def is_closed(self) -> bool:
        """Whether it has ended for good."""
        return self.state is TransportState.CLOSED

    def start(self, fingerprints: frozenset[tuple[str, str]], now: float) -> None:
        """Expect the peer's handshake, and a certificate of exactly these fingerprints. Once only."""
        if self.state is not TransportState.NEW:
            return
        self.state = TransportState.CONNECTING
        self.started_at = now
        self._task = self._spawn(self._run(fingerprints))

    def close(self, reason: CloseReason) -> None:
        """End it. Nothing is relayed from or to it after this returns. Idempotent."""
        if self.state is TransportState.CLOSED:
            return
        if self.state is TransportState.CONNECTING:
            self._dtls.pipe.close()  # a cancelled handshake may go on; one without datagrams cannot
        self.state = TransportState.CLOSED
        self._rx = self._tx = None
        self.routes, self.rtcp_peers = {}, ()
        self._keyframes_due.clear()
        if reason is CloseReason.CONSENT_LOST:
            self.addresses.selected = None  # without consent, not even a goodbye
        if self._task is not None:
            self._task.cancel()  # it still says goodbye to the peer
        self._on_closed(self, reason)

    def set_budget(self, packets_per_s: int) -> None:
        """Take this many packets a second, and as many at once. A budget that changes begins full."""
        if packets_per_s != self._packets_per_s:
            self._packets_per_s = self._allowance = packets_per_s

    def receive_dtls(self, data: bytes) -> None:
        """Take a DTLS datagram from a validated address."""
        if not self._dtls.pipe.put(data):
            self._counters.drop(DropReason.DTLS_BACKLOG)

    def receive_media(self, data: bytes, address: Address) -> None:
        """Relay one SRTP or SRTCP packet from a validated address."""
        rx = self._rx
        if rx is None:
            self._counters.drop(DropReason.NOT_CONNECTED)
            return
        if self._allowance < 1:
            self._counters.drop(DropReason.OVER_BUDGET)
            return
        self._allowance -= 1
        if len(data) < MIN_RTCP:
            self._counters.drop(DropReason.BAD_SRTP)
        elif len(data) > MAX_PACKET:
            self._counters.drop(DropReason.OVERSIZE)
        elif is_rtcp(data):
            self._relay_rtcp(rx, data, address)
        else:
            self._relay_rtp(rx, data, address)

    def send_rtp(self, packet: bytes) -> None:
        """Protect and send an RTP packet to this peer."""
        self._forward(None if self._tx is None else self._tx.protect, packet)

    def send_rtcp(self, packet: bytes) -> bool:
        """Protect and send an RTCP compound to this peer; False when it did not go."""
        return self._forward(None if self._tx is None else self._tx.protect_rtcp, packet)

    def request_keyframe(self, ssrc: int, now: float) -> None:
        """Ask this peer for a keyframe of `ssrc`: now, or at the next `sweep` at which the rate limit and the wire let it."""
        is_early = now - self._keyframe_asked_at.get(ssrc, -KEYFRAME_INTERVAL_S) < KEYFRAME_INTERVAL_S
        if is_early or not self.send_rtcp(picture_loss_indication(ssrc)):
            self._keyframes_due.add(ssrc)
            return
        self._keyframe_asked_at[ssrc] = now
        self._keyframes_due.discard(ssrc)

    def sweep(self, now: float, *, connect_timeout_s: float, consent_timeout_s: float) -> None:
        """Judge the deadlines and refill the budget.

        RFC 7675: one whose checks stopped has withdrawn its consent to be sent to.
        """
        if self.state is TransportState.CONNECTING and now - self.started_at > connect_timeout_s:
            self.close(CloseReason.CONNECT_TIMEOUT)
        elif self.state is TransportState.CONNECTED and now - self.last_check_at > consent_timeout_s:
            self.close(CloseReason.CONSENT_LOST)
        if self._filled_at is not None:
            earned = int((now - self._filled_at) * self._packets_per_s)
            self._allowance = min(self._packets_per_s, self._allowance + earned)
        self._filled_at = now
        # A nomination counts again when the selected path has fallen silent.
        self.addresses.has_media = False
        for ssrc in tuple(self._keyframes_due):
            self.request_keyframe(ssrc, now)

    def _relay_rtp(self, rx: pylibsrtp.Session, data: bytes, address: Address) -> None:
        # Before the cryptography: libsrtp keeps state for every SSRC that it meets.
        subscribers = self.routes.get(int.from_bytes(data[8:12], "big"))
        if subscribers is None:
            self._counters.drop(DropReason.UNKNOWN_SSRC)
            return
        # Unprotected even without subscribers: the roll-over counter must not be lost while nobody listens.
        try:
            packet = rx.unprotect(data)
        except _SRTP_ERRORS:
            self._counters.drop(DropReason.BAD_SRTP)
            return
        self._follow(address)
        if not subscribers:
            self._counters.drop(DropReason.NO_SUBSCRIBER)
        for subscriber in subscribers:
            subscriber.send_rtp(packet)

    def _relay_rtcp(self, rx: pylibsrtp.Session, data: bytes, address: Address) -> None:
        sender = data[4:8]
        if sender not in self._rtcp_senders and len(self._rtcp_senders) >= MAX_RTCP_SENDERS:
            self._counters.drop(DropReason.UNKNOWN_SSRC)
            return
        try:
            packet = rx.unprotect_rtcp(data)
        except _SRTP_ERRORS:
            self._counters.drop(DropReason.BAD_SRTP)
            return
        self._rtcp_senders.add(sender)
        self._follow(address)
        if not self.rtcp_peers:
            self._counters.drop(DropReason.NO_SUBSCRIBER)
        for peer in self.rtcp_peers:
            peer.send_rtcp(packet)

    def _follow(self, address: Address) -> None:
        addresses = self.addresses
        addresses.has_media = True
        if address != addresses.selected:
            addresses.selected = address

    def _forward(self, protect: Callable[[bytes], bytes] | None, packet: bytes) -> bool:
        if protect is None:
            self._counters.drop(DropReason.NOT_CONNECTED)
            return False
        # Protected even without an address: this session's roll-over counter has to see what the publisher's saw.
        try:
            data = protect(packet)
        except _SRTP_ERRORS:
            self._counters.drop(DropReason.PROTECT_FAILED)
            return False
        address = self.addresses.selected
        if address is None:
            self._counters.drop(DropReason.NOT_CONNECTED)
            return False
        if not self._send(data, address):
            return False
        self._counters.packets_forwarded += 1
        self._counters.bytes_forwarded += len(data)
        return True

    def _send_dtls(self, data: bytes) -> None:
        if self.addresses.selected is not None:
            self._send(data, self.addresses.selected)

    def _become_connected(self, rx: pylibsrtp.Session, tx: pylibsrtp.Session) -> None:
        self._rx, self._tx = rx, tx
        self.state, self.was_connected = TransportState.CONNECTED, True
        self._on_connected(self)

    async def _run(self, fingerprints: frozenset[tuple[str, str]]) -> None:
        try:
            reason = await self._connect(fingerprints)
            self.close(reason)
        finally:
            await self._dtls.stop()

    async def _connect(self, fingerprints: frozenset[tuple[str, str]]) -> CloseReason:
        try:
            sessions = await self._dtls.handshake(fingerprints)
        except Exception as error:  # noqa: BLE001 - a peer's bytes drive OpenSSL here; whatever they raise ends this transport alone
            log.warning("handshake_broke", transport=self.id, error=type(error).__name__)
            return CloseReason.DTLS_FAILED
        if sessions is None:
            return CloseReason.DTLS_FAILED
        if self.is_closed:  # while the last datagram of the handshake was read
            return CloseReason.ENDPOINT_CLOSED
        self._become_connected(*sessions)
        await self._dtls.ended()
        return CloseReason.DTLS_CLOSED
