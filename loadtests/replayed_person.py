"""One person, as the network sees them: real STUN, DTLS and SRTP keys, packets made beforehand and sent as they are."""

import asyncio
import random
import secrets
import time
from typing import Any, cast

from aioice import stun
from aiortc import RTCCertificate, RTCDtlsFingerprint, RTCDtlsParameters, RTCDtlsTransport

from loadtests.datagrams import open_socket
from loadtests.session_description import LocalSide, RemoteSide

CONNECT_TIMEOUT_S = 10
CHECK_EVERY_S = 0.1
MAX_DATAGRAM = 2048

# One for all: what it costs to make one is nobody's figure.
_CERTIFICATE = RTCCertificate.generateCertificate()


class Person:
    """A full ICE agent, the controlling one, with one socket on ``host``; also what aiortc's DTLS takes for its ICE transport."""

    def __init__(self, host: str) -> None:
        self.socket = open_socket(host)
        audio, video, retransmissions = random.sample(range(1, 2**32), 3)
        self.local = LocalSide(
            fingerprint=_CERTIFICATE.getFingerprints()[0].value,
            ufrag=secrets.token_hex(4),
            password=secrets.token_hex(16),
            audio_ssrc=audio,
            video_ssrcs=(video, retransmissions),
            address=self.socket.getsockname(),
        )
        # aiortc makes the controlled side the DTLS client.
        self.role = "controlled"
        self._dtls = RTCDtlsTransport(cast("Any", self), [_CERTIFICATE])
        self._is_connected = False
        self._remote: RemoteSide | None = None

    async def connect(self, remote: RemoteSide) -> float:
        """Check and shake hands. Returns milliseconds from the first check to SRTP keys. Raises `ConnectionError`."""
        self._remote = remote
        self.role = "controlling" if remote.is_dtls_client else "controlled"
        self.socket.connect(remote.address)
        begun = time.perf_counter()
        try:
            async with asyncio.timeout(CONNECT_TIMEOUT_S):
                await self._validate()
                await self._dtls.start(RTCDtlsParameters([RTCDtlsFingerprint(*remote.fingerprint)]))
        except TimeoutError as error:
            raise ConnectionError("no connection in time") from error
        if self._dtls.state != "connected":
            raise ConnectionError("the handshake failed")
        self._is_connected = True
        return (time.perf_counter() - begun) * 1000

    def check(self) -> bytes:
        """Make a connectivity check, as it is also sent again and again to keep the consent."""
        remote = self._known_remote
        request = stun.Message(stun.Method.BINDING, stun.Class.REQUEST)
        request.attributes |= {
            "USERNAME": f"{remote.ufrag}:{self.local.ufrag}",
            "PRIORITY": 1,
            "ICE-CONTROLLING": 1,
            "USE-CANDIDATE": None,
        }
        request.add_message_integrity(remote.password.encode())
        return bytes(request)

    def protect(self, packet: bytes) -> bytes:
        """Encrypt an RTP packet."""
        return self._dtls._tx_srtp.protect(packet)  # noqa: SLF001 - held by the contract test

    def protect_rtcp(self, packet: bytes) -> bytes:
        """Encrypt an RTCP compound."""
        return self._dtls._tx_srtp.protect_rtcp(packet)  # noqa: SLF001 - as above

    @property
    def cipher(self) -> str:
        """The SRTP profile that the handshake chose."""
        ssl = self._dtls._ssl  # noqa: SLF001 - as above
        return ssl.get_selected_srtp_profile().decode() if ssl else ""

    async def close(self) -> None:
        """Say goodbye and free the socket."""
        await self._dtls.stop()
        self.socket.close()

    @property
    def _known_remote(self) -> RemoteSide:
        if self._remote is None:
            raise ConnectionError("knows no other side yet")
        return self._remote

    async def _validate(self) -> None:
        """Send checks until one is answered."""
        while True:
            await self._send(self.check())
            try:
                async with asyncio.timeout(CHECK_EVERY_S):
                    while not self._is_success(await self._datagram()):
                        pass
            except TimeoutError:
                continue
            return

    def _is_success(self, data: bytes) -> bool:
        return data[:2] == b"\x01\x01"

    async def _datagram(self) -> bytes:
        """Read the next datagram, after having answered it if it is a check."""
        data = await asyncio.get_running_loop().sock_recv(self.socket, MAX_DATAGRAM)
        if data[:2] == b"\x00\x01":
            request = stun.parse_message(data)
            response = stun.Message(stun.Method.BINDING, stun.Class.RESPONSE, request.transaction_id)
            response.attributes["XOR-MAPPED-ADDRESS"] = self._known_remote.address
            response.add_message_integrity(self.local.password.encode())
            await self._send(bytes(response))
        return data

    async def _recv(self) -> bytes:
        if self._is_connected:
            # From now on the replay reads the socket.
            await asyncio.get_running_loop().create_future()
        data = b"\x00"
        while data[0] <= 3:  # noqa: PLR2004 - STUN, by RFC 7983
            data = await self._datagram()
        return data

    async def _send(self, data: bytes) -> None:
        self.socket.send(data)
