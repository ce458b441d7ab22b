"""One person of a visit, as the network sees them: real STUN, DTLS and SRTP keys, packets made beforehand and sent as they are."""

import asyncio
import contextlib
import os
import random
import re
import socket
import struct
import time
from collections.abc import Sequence
from typing import Any, cast

from aioice import stun
from aiortc import RTCCertificate, RTCDtlsFingerprint, RTCDtlsParameters, RTCDtlsTransport

from loadtests.relay_process import Relay


class Person:
    """A client with one socket; it is the ICE and DTLS transport of aiortc's ORTC pieces at once."""

    role = "controlled"

    def __init__(self, relay: Relay, room: str, name: str) -> None:
        self._relay, self._room, self._name = relay, room, name
        self.ssrcs = random.sample(range(1, 2**32), 3)  # audio, video, retransmissions
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.settimeout(0)
        for option in (socket.SO_RCVBUF, socket.SO_SNDBUF):
            self.socket.setsockopt(socket.SOL_SOCKET, option, 4 * 1024 * 1024)
        self.socket.connect(("127.0.0.1", relay.port))
        self._certificate = RTCCertificate.generateCertificate()
        self._dtls = RTCDtlsTransport(cast("Any", self), [self._certificate])
        relay.ask("open", room, name)

    async def connect(self) -> float:
        """Answer the offer, check, shake hands. Returns milliseconds from the first check to SRTP keys."""
        sdp = self.answer()
        begun = time.perf_counter()
        await self._check(sdp)
        fingerprint = re.search(r"a=fingerprint:sha-256 (\S+)", sdp)
        assert fingerprint is not None  # noqa: S101
        async with asyncio.timeout(5):
            await self._dtls.start(RTCDtlsParameters([RTCDtlsFingerprint("sha-256", fingerprint[1])]))
        if self._dtls.state != "connected":
            raise ConnectionError("the handshake failed")
        return (time.perf_counter() - begun) * 1000

    def answer(self) -> str:
        """Answer the offer that the relay has now, if it waits for one, and return it."""
        transport, revision, sdp = self._relay.ask("offer", self._room, self._name)
        if sdp is None:
            return ""
        text = write_answer(sdp, self._certificate.getFingerprints()[0].value, self.ssrcs)
        if not self._relay.ask("answer", self._room, self._name, transport, revision, text):
            raise ConnectionError("the answer came too late")
        return str(sdp)

    def make_packets(self, index: int, size: int, count: int) -> list[bytes]:
        """Encrypt `count` packets of one of our SSRCs; `size` is that of the RTP packet."""
        payload_type, payload = (111, 96)[index], os.urandom(size - 12)
        protect, ssrc = self._dtls._tx_srtp.protect, self.ssrcs[index]  # noqa: SLF001 - held by the contract test
        return [
            protect(struct.pack("!BBHII", 0x80, payload_type, number, number * 960, ssrc) + payload)
            for number in range(count)
        ]

    def make_reports(self, count: int) -> list[bytes]:
        """Encrypt `count` receiver reports with a transport-wide feedback behind them, as a browser sends."""
        audio, video = self.ssrcs[:2]
        report = struct.pack("!BBHI", 0x81, 201, 7, audio) + struct.pack("!I", video) + bytes(20)
        feedback = struct.pack("!BBHII", 0x8F, 205, 6, audio, video) + bytes(16)
        protect = self._dtls._tx_srtp.protect_rtcp  # noqa: SLF001 - as above
        return [protect(report + feedback) for _ in range(count)]

    @property
    def cipher(self) -> str:
        """The SRTP profile that the handshake chose."""
        ssl = self._dtls._ssl  # noqa: SLF001 - as above
        return ssl.get_selected_srtp_profile().decode() if ssl else ""

    def drain(self) -> int:
        """Throw away what has arrived; return how many packets of media it was."""
        received = 0
        with contextlib.suppress(BlockingIOError):
            while True:
                data = self.socket.recv(2048)
                received += 128 <= data[0] <= 191  # noqa: PLR2004
        return received

    async def _check(self, sdp: str) -> None:
        ufrag, password = (
            re.search(rf"a=ice-{name}:(\S+)", sdp)[1]  # type: ignore[index]
            for name in ("ufrag", "pwd")
        )
        request = stun.Message(stun.Method.BINDING, stun.Class.REQUEST)
        request.attributes |= {
            "USERNAME": f"{ufrag}:load",
            "PRIORITY": 1,
            "ICE-CONTROLLING": 1,
            "USE-CANDIDATE": None,
        }
        request.add_message_integrity(password.encode())
        await self._send(bytes(request))
        await asyncio.wait_for(self._recv(), timeout=2)

    async def _recv(self) -> bytes:
        return await asyncio.get_running_loop().sock_recv(self.socket, 2048)

    async def _send(self, data: bytes) -> None:
        self.socket.send(data)


def write_answer(offer: str, fingerprint: str, ssrcs: Sequence[int]) -> str:
    """Answer every section of an offer: send on the first three, nothing being shared on the third, receive on the others."""
    sections = re.findall(r"m=(audio|video) .*?a=mid:(\S+)", offer, flags=re.DOTALL)
    lines = [
        "v=0",
        "o=- 1 1 IN IP4 127.0.0.1",
        "s=-",
        "t=0 0",
        f"a=group:BUNDLE {' '.join(mid for _, mid in sections)}",
    ]
    for kind, mid in sections:
        lines += [
            f"m={kind} 9 UDP/TLS/RTP/SAVPF {'111' if kind == 'audio' else '96 97'}",
            "c=IN IP4 0.0.0.0",
            f"a=mid:{mid}",
            "a=setup:active",
            "a=rtcp-mux",
            f"a=fingerprint:sha-256 {fingerprint}",
            "a=sendonly" if mid in ("0", "1", "2") else "a=recvonly",
        ]
        if mid == "0":
            lines.append(f"a=ssrc:{ssrcs[0]} cname:load")
        elif mid == "1":
            lines.append(f"a=ssrc-group:FID {ssrcs[1]} {ssrcs[2]}")
            lines += [f"a=ssrc:{ssrc} cname:load" for ssrc in ssrcs[1:]]
    return "\r\n".join(lines) + "\r\n"


async def open_visit(relay: Relay, room: str) -> tuple[Person, Person, list[float]]:
    """Two connected people who accepted each other's media."""
    pair = Person(relay, room, "patient"), Person(relay, room, "clinician")
    times = [await person.connect() for person in pair]
    for person in pair:
        person.answer()
    return *pair, times
