"""A participant for tests on aiortc's own peer connection: an implementation that shares no packet path with ours."""

import asyncio
import contextlib
import fractions
import re
import socket
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, cast

import av
import numpy as np
import pylibsrtp
from aioice import stun
from aiortc import (
    MediaStreamTrack,
    RTCBundlePolicy,
    RTCCertificate,
    RTCConfiguration,
    RTCDtlsFingerprint,
    RTCDtlsParameters,
    RTCDtlsTransport,
    RTCPeerConnection,
    RTCSessionDescription,
)
from aiortc.mediastreams import MediaStreamError

from media import Endpoint

SAMPLE_RATE = 48_000
AUDIO_SAMPLES = 960
PICTURE = (160, 120)


class ToneTrack(MediaStreamTrack):
    """A sine of `hertz`, 20 ms a frame, for ever."""

    kind = "audio"

    def __init__(self, hertz: float) -> None:
        super().__init__()
        self._hertz = hertz
        self._position = 0

    async def recv(self) -> av.AudioFrame:
        await asyncio.sleep(0.02)
        phase = 2 * np.pi * self._hertz * (np.arange(AUDIO_SAMPLES) + self._position) / SAMPLE_RATE
        samples = (np.sin(phase) * 12_000).astype(np.int16)
        frame = av.AudioFrame.from_ndarray(samples.reshape(1, -1), format="s16", layout="mono")
        frame.sample_rate = SAMPLE_RATE
        frame.pts = self._position
        frame.time_base = fractions.Fraction(1, SAMPLE_RATE)
        self._position += AUDIO_SAMPLES
        return frame


class ColourTrack(MediaStreamTrack):
    """A picture of one colour, 20 frames a second, for ever."""

    kind = "video"

    def __init__(self, red: int, green: int, blue: int) -> None:
        super().__init__()
        width, height = PICTURE
        self._picture = np.full((height, width, 3), (red, green, blue), dtype=np.uint8)
        self._position = 0

    async def recv(self) -> av.VideoFrame:
        await asyncio.sleep(0.05)
        frame = av.VideoFrame.from_ndarray(self._picture, format="rgb24")
        frame.pts = self._position
        frame.time_base = fractions.Fraction(1, 90_000)
        self._position += 4_500
        return frame


@dataclass(frozen=True)
class Marks:
    """What one person sends, so that a test can tell whom it sees and hears."""

    hertz: float
    colour: tuple[int, int, int]


RED = Marks(440.0, (220, 20, 20))
BLUE = Marks(1320.0, (20, 20, 220))


class Participant:
    """A browser's part, played by aiortc: answers each offer of its endpoint and remembers what arrives."""

    def __init__(self, endpoint: Endpoint, marks: Marks, sends: Sequence[str] = ("audio", "camera")) -> None:
        self.endpoint = endpoint
        self.sends = sends
        self.marks = marks
        self.seen: list[tuple[int, int, int]] = []
        self.heard: list[float] = []
        self._transport = ""
        self._revision = 0
        self._tasks: set[asyncio.Task[None]] = set()
        self._negotiating = asyncio.Lock()
        self.connection = self._connect()

    async def negotiate(self, rewrite: Callable[[str], str] = str) -> None:
        """Bring the connection to where the endpoint's offer is. `rewrite` may change the answer that is sent."""
        async with self._negotiating:
            while True:
                wanted = self.endpoint.negotiation()
                if wanted.transport != self._transport:
                    await self.connection.close()
                    self.connection, self._revision = self._connect(), 0
                    self._transport = wanted.transport
                if wanted.sdp is None or wanted.revision == self._revision:
                    return
                await self._answer(wanted.revision, wanted.sdp, dict(wanted.mids), rewrite)

    async def close(self) -> None:
        await self.connection.close()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def sees(self, marks: Marks) -> bool:
        """Whether the last picture has the colour of `marks`."""
        return bool(self.seen) and all(abs(a - b) < 40 for a, b in zip(self.seen[-1], marks.colour, strict=True))

    def hears(self, marks: Marks) -> bool:
        """Whether the last sound was the tone of `marks`."""
        return bool(self.heard) and abs(self.heard[-1] - marks.hertz) < 60

    async def _answer(self, revision: int, sdp: str, mids: dict[str, str], rewrite: Callable[[str], str]) -> None:
        await self.connection.setRemoteDescription(RTCSessionDescription(sdp=sdp, type="offer"))
        sources = {mid: source for source, mid in mids.items()}
        for transceiver in self.connection.getTransceivers():
            if transceiver.mid not in sources:
                continue
            transceiver.direction = "sendonly"
            if sources[transceiver.mid] not in self.sends or transceiver.sender.track is not None:
                continue
            track = ToneTrack(self.marks.hertz) if transceiver.kind == "audio" else ColourTrack(*self.marks.colour)
            transceiver.sender.replaceTrack(track)
        await self.connection.setLocalDescription(await self.connection.createAnswer())
        self._revision = revision
        self.endpoint.answer(self._transport, revision, rewrite(self.connection.localDescription.sdp))

    def _connect(self) -> RTCPeerConnection:
        # An explicit empty list: left out, aiortc would ask a public STUN server.
        connection = RTCPeerConnection(RTCConfiguration(iceServers=[], bundlePolicy=RTCBundlePolicy.MAX_BUNDLE))
        connection.on("track", self._receive)
        return connection

    def _receive(self, track: MediaStreamTrack) -> None:
        task = asyncio.get_running_loop().create_task(self._consume(track))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _consume(self, track: MediaStreamTrack) -> None:
        while True:
            try:
                frame = await track.recv()
            except MediaStreamError:
                return
            if isinstance(frame, av.VideoFrame):
                red, green, blue = frame.to_ndarray(format="rgb24").mean(axis=(0, 1))
                self.seen.append((int(red), int(green), int(blue)))
            elif isinstance(frame, av.AudioFrame):
                samples = frame.to_ndarray().astype(float).reshape(-1, len(frame.layout.channels))[:, 0]
                spectrum = np.abs(np.fft.rfft(samples, SAMPLE_RATE // 10))
                self.heard.append(float(spectrum.argmax()) * 10)


async def until(condition: Callable[[], bool], what: str, *, within_s: float = 10.0) -> None:
    """Wait for a condition on the loop, with a name for the failure."""
    try:
        async with asyncio.timeout(within_s):
            while not condition():
                await asyncio.sleep(0.02)
    except TimeoutError:
        raise AssertionError(f"not within {within_s} s: {what}") from None


class RawPeer:
    """One socket with STUN, DTLS and SRTP in the test's own hands. It is the ICE transport of aiortc's DTLS client.

    `again` has what came a second time, as it came: its SRTP refuses that.
    """

    role = "controlled"

    def __init__(self, port: int, certificate: RTCCertificate | None = None) -> None:
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.settimeout(0)
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 20)
        self.socket.connect(("127.0.0.1", port))
        self.certificate = certificate or RTCCertificate.generateCertificate()
        self.dtls = RTCDtlsTransport(cast("Any", self), [self.certificate])
        self.received: list[bytes] = []
        self.reports: list[bytes] = []
        self.again: list[bytes] = []
        self.disturb: Callable[[], None] = lambda: None

    @property
    def fingerprint(self) -> str:
        """What its answer has to name."""
        return next(each.value for each in self.certificate.getFingerprints() if each.algorithm == "sha-256")

    async def connect(self, offer: str) -> bool:
        """Check and shake hands; `disturb` is called before each datagram of the handshake."""
        credentials = {name: re.findall(rf"a=ice-{name}:(\S+)", offer)[0] for name in ("ufrag", "pwd")}
        self.socket.send(binding_request(credentials["ufrag"], credentials["pwd"]))
        async with asyncio.timeout(5):
            await self._recv()
        fingerprint = re.findall(r"a=fingerprint:sha-256 (\S+)", offer)[0]
        async with asyncio.timeout(15):
            await self.dtls.start(RTCDtlsParameters([RTCDtlsFingerprint("sha-256", fingerprint)]))
        return self.dtls.state == "connected"

    def send_rtp(self, packet: bytes) -> bytes:
        """Protect and send; return what went over the wire."""
        data: bytes = self.dtls._tx_srtp.protect(packet)
        self.socket.send(data)
        return data

    def send_rtcp(self, packet: bytes) -> None:
        """Protect and send."""
        self.socket.send(self.dtls._tx_srtp.protect_rtcp(packet))

    def drain(self) -> list[bytes]:
        """Take what waits at the socket, for when DTLS has ended and nobody else reads; return the media of it."""
        taken = []
        with contextlib.suppress(BlockingIOError):
            while True:
                taken.append(self.socket.recv(2048))
        return [data for data in taken if 128 <= data[0] <= 191]

    async def close(self) -> None:
        await self.dtls.stop()
        await asyncio.sleep(0)
        self.socket.close()

    async def _recv(self) -> bytes:
        data = await asyncio.get_running_loop().sock_recv(self.socket, 2048)
        try:
            if 128 <= data[0] <= 191 and 192 <= data[1] <= 223:
                self.reports.append(self.dtls._rx_srtp.unprotect_rtcp(data))
            elif 128 <= data[0] <= 191:
                self.received.append(self.dtls._rx_srtp.unprotect(data))
        except pylibsrtp.Error:
            self.again.append(data)
        return data

    async def _send(self, data: bytes) -> None:
        self.disturb()
        self.socket.send(data)


def binding_request(ufrag: str, password: str | None) -> bytes:
    """Make a connectivity check as a full agent sends it; without a password, one without integrity."""
    message = stun.Message(stun.Method.BINDING, stun.Class.REQUEST)
    message.attributes |= {"USERNAME": f"{ufrag}:peer", "PRIORITY": 1, "ICE-CONTROLLING": 1, "USE-CANDIDATE": None}
    if password is not None:
        message.add_message_integrity(password.encode())
    return bytes(message)
