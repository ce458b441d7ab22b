"""aiortc's DTLS transport on top of a shared port.

Five private names of aiortc are used here and nowhere else: `_recv` and `_send`, which it calls on what it takes for an
ICE transport; `_rx_srtp` and `_ssl`, which it holds after the handshake; and `RTCCertificate._create_ssl_context`.
`tests/integration/test_aiortc_contract.py` holds them.
"""

import asyncio
from collections import deque
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from typing import Any, cast

from aiortc import RTCCertificate, RTCDtlsFingerprint, RTCDtlsParameters, RTCDtlsTransport
from aiortc.rtcdtlstransport import SRTP_PROFILES, SRTPProtectionProfile
from OpenSSL import SSL
from pylibsrtp import Policy, Session

MAX_BACKLOG = 64
# Longer than any visit, so that no certificate ends under a transport that shows it.
CERTIFICATE_MARGIN = timedelta(days=7)

# Packets may pass in another order than they were numbered in, by this many; as many as aiortc lets come in.
SRTP_WINDOW = 1024

_DTLS_1_2 = 0xFEFD


class Certificate(RTCCertificate):
    """A certificate that is used with DTLS 1.2 alone: 1.0 is broken, and no browser was tried with 1.3 here."""

    def _create_ssl_context(self, srtp_profiles: list[SRTPProtectionProfile]) -> SSL.Context:
        context = super()._create_ssl_context(srtp_profiles)
        context.set_min_proto_version(_DTLS_1_2)
        context.set_max_proto_version(_DTLS_1_2)
        return context

    @property
    def sha256(self) -> str:
        """Its SHA-256 fingerprint in the form that SDP wants."""
        return next(each.value for each in self.getFingerprints() if each.algorithm == "sha-256")


class Certificates:
    """The certificate for new transports, renewed before it expires. `now` gives the wall clock, in UTC."""

    def __init__(self, now: Callable[[], datetime]) -> None:
        self._now = now
        self._current = Certificate.generateCertificate()

    def current(self) -> Certificate:
        """A certificate that is valid for another week at least."""
        if self._now() > self._current.expires - CERTIFICATE_MARGIN:
            self._current = Certificate.generateCertificate()
        return self._current


class DatagramPipe:
    """What `RTCDtlsTransport` needs of an ICE transport: its datagrams, bounded, and its role."""

    # aiortc makes the controlling side the DTLS server; the browser answered `active`, so that is us.
    role = "controlling"

    def __init__(self, send: Callable[[bytes], object]) -> None:
        self._write = send
        self._waiting: deque[bytes] = deque()
        self._arrived = asyncio.Event()
        self._is_closed = False

    def put(self, data: bytes) -> bool:
        """Queue a datagram for the handshake; False when there are too many already."""
        if len(self._waiting) >= MAX_BACKLOG:
            return False
        self._waiting.append(data)
        self._arrived.set()
        return True

    def close(self) -> None:
        """Give nothing more: whoever reads gets `ConnectionError`. Idempotent."""
        self._is_closed = True
        self._arrived.set()

    async def _recv(self) -> bytes:
        while not self._waiting and not self._is_closed:
            self._arrived.clear()
            await self._arrived.wait()
        if self._is_closed:
            raise ConnectionError
        return self._waiting.popleft()

    async def _send(self, data: bytes) -> None:
        self._write(data)


class DtlsSession:
    """One DTLS association, we being the server."""

    def __init__(self, certificate: Certificate, send: Callable[[bytes], None]) -> None:
        self.pipe = DatagramPipe(send)
        self._dtls = RTCDtlsTransport(cast("Any", self.pipe), [certificate])

    async def handshake(self, fingerprints: Iterable[tuple[str, str]]) -> tuple[Session, Session] | None:
        """Shake hands and return the SRTP sessions (received, sent); None if the peer failed or is another.

        Has no time limit: to end it, close the pipe and cancel, then `stop`. A cancellation alone may be lost: Python
        3.11's `wait_for`, which aiortc reads through, drops one that comes together with a datagram.
        """
        listed = [RTCDtlsFingerprint(algorithm=name, value=value) for name, value in fingerprints]
        await self._dtls.start(RTCDtlsParameters(fingerprints=listed))
        ssl = self._dtls._ssl  # noqa: SLF001 - held by the contract test
        if self._dtls.state != "connected" or ssl is None:
            return None
        return self._dtls._rx_srtp, _sending_session(ssl)  # noqa: SLF001 - as above

    async def ended(self) -> None:
        """Wait until the peer closes the association."""
        ended = asyncio.Event()
        self._dtls.on("statechange", ended.set)
        if self._dtls.state == "connected":
            await ended.wait()

    async def stop(self) -> None:
        """Say goodbye to the peer if there is anyone to say it to."""
        await self._dtls.stop()


def _sending_session(ssl: SSL.Connection) -> Session:
    """Make the SRTP session of the DTLS server's direction (RFC 5764 §4.2), which protects no packet index twice.

    aiortc's own allows repeats, for its retransmissions. Two packets under one nonce give away the authentication key
    of AES-GCM, and a relay that drops some packets between unprotect and protect may meet an index again.
    """
    selected = ssl.get_selected_srtp_profile()
    profile = next(each for each in SRTP_PROFILES if each.openssl_profile == selected)
    keys = ssl.export_keying_material(b"EXTRACTOR-dtls_srtp", 2 * (profile.key_length + profile.salt_length))
    policy = Policy(
        key=profile.get_key_and_salt(keys, 1),
        ssrc_type=Policy.SSRC_ANY_OUTBOUND,
        srtp_profile=profile.libsrtp_profile,
    )
    policy.allow_repeat_tx = False
    policy.window_size = SRTP_WINDOW
    return Session(policy)
