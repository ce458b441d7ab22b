"""Fakes for the media plane's units: a wire that remembers, a clock that a test moves, SRTP keys without a handshake."""

import asyncio
from collections.abc import Coroutine
from typing import Any

from pylibsrtp import Policy, Session

from media.dtls import Certificate
from media.events import CloseReason
from media.ice_lite import IceCredentials
from media.stats import Counters
from media.transport import Transport
from media.udp_port import Address

CERTIFICATE = Certificate.generateCertificate()
PASSWORD = "password-of-exactly-32-characters"


class Clock:
    """Monotonic seconds, moved by hand."""

    def __init__(self) -> None:
        self.now = 1_000.0

    def __call__(self) -> float:
        return self.now


class Wire:
    """What was sent, to whom; `jammed` makes it drop."""

    def __init__(self) -> None:
        self.sent: list[tuple[bytes, Address]] = []
        self.jammed = False

    def send(self, data: bytes, address: Address) -> bool:
        if not self.jammed:
            self.sent.append((data, address))
        return not self.jammed


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
        self.transport = Transport(
            transport_id=f"t{number}",
            credentials=IceCredentials(f"ufrag{number:04}", PASSWORD),
            certificate=CERTIFICATE,
            send=wire.send,
            counters=counters,
            spawn=self._spawn,
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

    def _count(self, _: Transport) -> None:
        self.connected += 1

    @staticmethod
    def _spawn(work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        return asyncio.get_running_loop().create_task(work)


def rtp(ssrc: int, number: int, payload: bytes = b"payload") -> bytes:
    return bytes([0x80, 96]) + number.to_bytes(2, "big") + bytes(4) + ssrc.to_bytes(4, "big") + payload


def receiver_report(ssrc: int) -> bytes:
    return bytes([0x80, 201, 0, 1]) + ssrc.to_bytes(4, "big")
