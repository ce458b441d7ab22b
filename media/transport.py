"""One peer's transport: the life of its ICE, DTLS and SRTP. What arrives is `uplink`, what goes out is `downlink`."""

import asyncio
import enum
from collections.abc import Callable, Coroutine
from typing import Any

import structlog
from pylibsrtp import Session

from media.allowance import Allowance
from media.downlink import Downlink
from media.dtls import Certificate, DtlsSession
from media.errors import place_of
from media.events import CloseReason
from media.ice_lite import IceCredentials, KnownCredentials, ValidatedAddresses
from media.line import LineStats
from media.srtp import SrtpSession
from media.stats import Counters, DropReason
from media.stream import StreamKind
from media.udp_port import UdpPort
from media.uplink import Uplink

# A browser makes a check each 50 ms while it looks for a way, on each network it has, then one in 2.5 s; a handshake has a dozen
# datagrams and some repeats. All share one loop.
CHECKS_PER_S, CHECKS_AT_ONCE = 50, 100
DTLS_PER_S, DTLS_AT_ONCE = 20, 128

log = structlog.get_logger()


class TransportState(enum.Enum):
    """Life of a transport; it only moves down this list."""

    NEW = "new"
    CONNECTING = "connecting"
    CONNECTED = "connected"
    CLOSED = "closed"


class Transport:
    """ICE, DTLS and SRTP with one peer.

    `spawn` owns the task of the handshake; `wake` asks for `tick`s, every 25 ms or so, until one says False;
    `on_connected` and `on_closed` are each called once at most, on the loop. The allowances bound what one peer may cost:
    checks from its own addresses, checks from others in its name, DTLS.
    """

    def __init__(
        self,
        *,
        transport_id: str,
        credentials: IceCredentials,
        certificate: Certificate,
        port: UdpPort,
        counters: Counters,
        spawn: Callable[[Coroutine[Any, Any, None]], asyncio.Task[None]],
        wake: Callable[["Transport"], None],
        on_connected: Callable[["Transport"], None],
        on_closed: Callable[["Transport", CloseReason], None],
    ) -> None:
        self.id = transport_id
        self.known_credentials = KnownCredentials(credentials)
        self.certificate = certificate
        self.state = TransportState.NEW
        self.was_connected = False
        self.addresses = ValidatedAddresses()
        self.check_allowance = Allowance(CHECKS_PER_S, CHECKS_AT_ONCE)
        self.stranger_allowance = Allowance(CHECKS_PER_S, CHECKS_AT_ONCE)
        self.dtls_allowance = Allowance(DTLS_PER_S, DTLS_AT_ONCE)
        self.last_check_at = 0.0
        self.started_at = 0.0
        self.downlink = Downlink(self.addresses, port, counters)
        self.uplink = Uplink(self.addresses, port, counters, self.downlink)
        self.uplink.wake = self.downlink.wake = lambda: wake(self)
        self._port = port
        self._counters = counters
        self._on_connected = on_connected
        self._on_closed = on_closed
        self._dtls = DtlsSession(certificate, self._send_dtls)
        self._spawn = spawn
        self._task: asyncio.Task[None] | None = None

    @property
    def credentials(self) -> IceCredentials:
        """The ICE credentials that its offer names."""
        return self.known_credentials.current

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
        self.uplink.close()
        self.downlink.close()
        if reason is CloseReason.CONSENT_LOST:
            self.addresses.selected = None  # without consent, not even a goodbye
        if self._task is not None:
            self._task.cancel()  # it still says goodbye to the peer
        self._on_closed(self, reason)

    def end_broken(self, error: Exception) -> None:
        """End it because something of ours broke on it: nobody else is to suffer, and its participant gets another."""
        log.error("transport_broke", transport=self.id, error=type(error).__name__, at=place_of(error))
        self.close(CloseReason.BROKEN)

    def receive_dtls(self, data: bytes) -> None:
        """Take a DTLS datagram from a validated address."""
        if not self._dtls.pipe.put(data):
            self._counters.drop(DropReason.DTLS_BACKLOG)

    def set_hop_by_hop(self, is_hop_by_hop: bool, now: float) -> None:  # noqa: FBT001 - a mode, derived by the room
        """Let congestion feedback end here, in both directions, or pass between this peer and its only other."""
        self.uplink.set_hop_by_hop(is_hop_by_hop, now)
        self.downlink.set_hop_by_hop(is_hop_by_hop, now)

    def measure_loss(self, now: float) -> float:
        """The loss on the worse of its two ways. Call twice a second."""
        return max(self.uplink.loss(now), self.downlink.measure_loss())

    def line(self, now: float) -> LineStats | None:
        """Sum up the peer's line; None while it is not connected."""
        if not self.is_connected:
            return None
        flowing = [(stream.kind, stats) for stream, stats in self.uplink.flowing(now)]
        return LineStats(
            loss_up=max((stats.loss for kind, stats in flowing if kind is not StreamKind.RETRANSMISSION), default=None),
            loss_down=self.downlink.loss if self.downlink.bytes else None,
            rtt_s=self.downlink.round_trip.seconds,
            jitter_up_s=next((stats.jitter_s for kind, stats in flowing if kind is StreamKind.AUDIO), None),
            bit_rate_up=sum(stats.bit_rate for _, stats in flowing),
            bytes_down=self.downlink.bytes,
        )

    def tick(self, now: float) -> bool:
        """Do what is due within fractions of a second; True while there is more to come."""
        self.downlink.tick(now)
        return self.uplink.tick(now)

    def sweep(self, now: float, *, connect_timeout_s: float, consent_timeout_s: float) -> None:
        """Judge the deadlines and refill the budget.

        RFC 7675: one whose checks stopped has withdrawn its consent to be sent to, be it within its handshake.
        """
        if self.state is TransportState.CONNECTING and now - self.started_at > connect_timeout_s:
            self.close(CloseReason.CONNECT_TIMEOUT)
        elif self._is_sending and now - self.last_check_at > consent_timeout_s:
            self.close(CloseReason.CONSENT_LOST)
        self.uplink.refill(now)
        # A nomination counts again when the selected path has fallen silent.
        self.addresses.has_media = False

    @property
    def _is_sending(self) -> bool:
        if self.state is TransportState.CONNECTING:
            return self.addresses.selected is not None
        return self.state is TransportState.CONNECTED

    def _send_dtls(self, data: bytes) -> None:
        if self.addresses.selected is not None:
            self._port.send(data, self.addresses.selected)

    def _become_connected(self, rx: Session, tx: Session) -> None:
        self.uplink.connect(SrtpSession(rx))
        self.downlink.connect(SrtpSession(tx))
        self.state, self.was_connected = TransportState.CONNECTED, True
        self._on_connected(self)

    async def _run(self, fingerprints: frozenset[tuple[str, str]]) -> None:
        try:
            reason = await self._connect(fingerprints)
            self.close(reason)
        except Exception as error:  # noqa: BLE001 - a defect of ours as it connected or ended: it must not live on half dead
            self.end_broken(error)
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
