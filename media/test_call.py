"""A test call: somebody's own picture back at once, and their own sound two seconds later, by the very path that visits take.

The call is an endpoint of its own, in no visit's room. What comes back has SSRCs of ours and, picture, sound and prompt apart,
streams of their own: in one stream the browser would hold the picture back for the sound. Nothing is kept but the sound
of the last two seconds, in a piece of memory that is overwritten as it empties and when the call ends.
"""

import asyncio
import struct
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, NamedTuple, Protocol

import structlog

from media.delay_ring import DelayRing
from media.echo_feedback import give_back
from media.echo_prompt import PACKET_S, prompt_packet
from media.endpoint import Endpoint, Negotiation
from media.errors import SsrcConflict
from media.events import CloseReason
from media.formats import Formats, VideoCodec, choose_formats
from media.publication import Publication, Source
from media.reception import Reception
from media.rtp import RTP_HEADER
from media.stream import Stream, StreamKind, streams_of
from media.uplink import ADMITTED_PACKETS_PER_S

if TYPE_CHECKING:
    from media.offer import Section
    from media.transport import Transport

LONGEST_S = 60.0
SOUND_DELAY_S = 2.0
# From libwebrtc's 300 kbit/s the estimate climbs for longer than a test lasts. It probes three and six times its start, so
# from here it knows within a second whether the line is good.
START_KBPS = 1_000
# What is lost while the sender finds the rate of a narrow line says nothing of what it can carry.
SETTLE_S = 3.0
# Two seconds of the most that Opus may take (510 kbit/s), with RED's repetition.
RING_BYTES = 256 * 1024

AUDIO_CLOCK_RATE, VIDEO_CLOCK_RATE = 48_000, 90_000

RETURNED = frozenset({Source.AUDIO, Source.CAMERA})

ECHO, ECHO_SOUND, PROMPT = "echo", "echo-sound", "prompt"

_SSRC = struct.Struct("!I")

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class UplinkFigures:
    """What arrived from the page, `seconds` after its first packet. `loss` is a share, 0 to 1, since the sender had settled."""

    loss: float
    jitter_ms: float
    kbps: float
    video_kbps: float
    seconds: float


@dataclass(frozen=True, slots=True)
class _Received:
    stream: Stream
    reception: Reception


class EchoSsrcs(NamedTuple):
    """The SSRCs of what is sent back; none of them may be one of the page's own."""

    picture: int
    retransmission: int
    sound: int
    prompt: int


class CallHost(Protocol):
    """What a test call needs of its node."""

    def open_transport(
        self,
        on_connected: "Callable[[Transport], None]",
        on_closed: "Callable[[Transport, CloseReason], None]",
    ) -> "Transport":
        """Make a transport whose peer can reach it at once."""

    def renew_credentials(self, transport: "Transport") -> None:
        """Give the transport other ICE credentials, all else staying as it is."""

    def write_offer(
        self,
        transport: "Transport",
        revision: int,
        sections: "tuple[Section, ...]",
        formats: Formats,
        *,
        start_kbps: int | None = None,
    ) -> str:
        """Write the offer of these sections on this transport."""

    def now(self) -> float:
        """Monotonic seconds."""

    @property
    def video_codecs(self) -> Sequence[VideoCodec]:
        """The codecs that offers name, the preferred one first."""


class EchoCall:
    """One test call. Made by `MediaNode.open_test_call`.

    `on_change` is called when `negotiation` has something new; `on_over` once, when the call ended by itself; `on_closed`
    once, however it ended.
    """

    def __init__(
        self,
        call_id: str,
        host: CallHost,
        ssrcs: EchoSsrcs,
        *,
        on_change: Callable[[], None],
        on_over: Callable[[], None],
        on_closed: "Callable[[EchoCall], None]",
    ) -> None:
        self.id = call_id
        self._host = host
        self._ssrcs = ssrcs
        self._on_change = on_change
        self._on_over = on_over
        self._on_closed = on_closed
        self._ends_at = host.now() + LONGEST_S
        self._returned = (
            Publication(ECHO, "", Source.CAMERA, (ssrcs.picture, ssrcs.retransmission)),
            Publication(ECHO_SOUND, "", Source.AUDIO, (ssrcs.sound,)),
            Publication(PROMPT, "", Source.AUDIO, (ssrcs.prompt,)),
        )
        self._ring = DelayRing(RING_BYTES)
        self._originals: dict[int, int] = {}
        self._received: dict[int, _Received] = {}
        self._first_at: float | None = None
        self._settled: tuple[int, int] | None = None
        self._loop = asyncio.get_running_loop()
        self._prompt: asyncio.TimerHandle | None = None
        self._release: asyncio.TimerHandle | None = None
        self.is_closed = False
        self._endpoint = Endpoint(self, call_id, "")
        self.settle()

    # What the page negotiates.

    def negotiation(self) -> Negotiation:
        """See `Endpoint.negotiation`."""
        return self._endpoint.negotiation()

    def answer(self, transport: str, revision: int, sdp: str) -> bool:
        """See `Endpoint.answer`."""
        return self._endpoint.answer(transport, revision, sdp)

    def restart(self, transport: str, *, keep: bool = False) -> None:
        """See `Endpoint.restart`, and `Endpoint.refresh` for what can be kept."""
        if keep and self._endpoint.transport.is_connected:
            self._endpoint.refresh(transport)
        else:
            self._endpoint.restart(transport)

    def uplink(self) -> UplinkFigures | None:
        """Say what arrived so far; None before the first packet. To be asked about once a second."""
        if self._first_at is None:
            return None
        now = self._host.now()
        stats = [(each.stream.kind, each.reception.stats(now)) for each in self._received.values()]
        # What is sent again is not what was to arrive.
        counted = [each for kind, each in stats if kind is not StreamKind.RETRANSMISSION]
        packets, lost = sum(each.packets for each in counted), sum(each.lost for each in counted)
        if self._settled is None and now - self._first_at >= SETTLE_S:
            self._settled = (packets, lost)
        packets_before, lost_before = self._settled or (0, 0)
        packets, lost = packets - packets_before, max(0, lost - lost_before)
        return UplinkFigures(
            loss=lost / max(1, lost + packets),
            jitter_ms=1000 * max((each.jitter_s for each in counted), default=0.0),
            kbps=sum(each.bit_rate for _, each in stats) / 1000,
            video_kbps=sum(each.bit_rate for kind, each in stats if kind is not StreamKind.AUDIO) / 1000,
            seconds=now - self._first_at,
        )

    def ends_in_s(self) -> float:
        """How long the call may go on."""
        return max(0.0, self._ends_at - self._host.now())

    def sweep(self, now: float) -> None:
        """Replace a transport that ended, when it is time; end the call when its time is over. Call twice a second."""
        self._endpoint.sweep(now)
        if now >= self._ends_at and not self.is_closed:
            self.close()
            self._on_over()

    def close(self) -> None:
        """End it. Nothing of it is in memory or on its way after this returns. Idempotent."""
        if self.is_closed:
            return
        self.is_closed = True
        self._hush()
        self._endpoint.transport.close(CloseReason.ENDPOINT_CLOSED)
        self._on_closed(self)

    # What its endpoint asks.

    def open_transport(self, endpoint: Endpoint) -> "Transport":
        """Make a transport that reports to this call."""

        def connected(transport: "Transport") -> None:
            log.info("test_call_connected", call=self.id, transport=transport.id)
            self._wire()
            self._say(transport, 0)

        def closed(transport: "Transport", reason: CloseReason) -> None:
            log.info("test_call_transport_closed", call=self.id, transport=transport.id, reason=reason)
            if endpoint.transport is transport and not self.is_closed:
                self._hush()
                endpoint.recover(transport.id)

        return self._host.open_transport(connected, closed)

    def renew_credentials(self, endpoint: Endpoint) -> None:
        """Give the endpoint's transport other ICE credentials, which its next revision names."""
        self._host.renew_credentials(endpoint.transport)
        self._on_change()

    def write_offer(self, endpoint: Endpoint, revision: int) -> str:
        """Write the present offer."""
        return self._host.write_offer(
            endpoint.transport, revision, endpoint.sections, endpoint.formats, start_kbps=START_KBPS
        )

    def start(self, transport: "Transport", fingerprints: frozenset[tuple[str, str]]) -> None:
        """Let the handshake begin."""
        transport.start(fingerprints, self._host.now())

    def claim(self, transport: "Transport", ssrcs: Iterable[int]) -> None:
        """Refuse the page an SSRC of ours. Raises `SsrcConflict`."""
        del transport
        if set(self._ssrcs) & set(ssrcs):
            raise SsrcConflict

    def is_admitted(self, endpoint_id: str) -> bool:
        """Whether it may send: always."""
        return endpoint_id == self.id

    def find(self, endpoint_id: str) -> Endpoint | None:
        """Look up the one endpoint, while the call lasts."""
        return self._endpoint if endpoint_id == self.id and not self.is_closed else None

    def now(self) -> float:
        """Monotonic seconds."""
        return self._host.now()

    def remove(self, endpoint: Endpoint) -> None:
        """End the call with its endpoint."""
        del endpoint
        self.close()

    def settle(self) -> None:
        """Offer what comes back, and send it back. Idempotent."""
        if self._endpoint.subscribe(self._returned, self._returned, choose_formats(self._host.video_codecs, ())):
            self._on_change()
        self._wire()

    # The packets.

    def _wire(self) -> None:
        uplink = self._endpoint.transport.uplink
        taken = [one for source, one in self._endpoint.publications.items() if source in RETURNED]
        uplink.route({stream: () for one in taken for stream in streams_of(one)})
        uplink.set_budget(ADMITTED_PACKETS_PER_S)
        uplink.rtcp_sink = self._take_feedback
        self._originals = {}
        for ssrc, incoming in uplink.streams.items():
            stream = incoming.stream
            ours = self._ours(stream)
            self._originals[ours] = ssrc
            if ssrc not in self._received:
                clock_rate = AUDIO_CLOCK_RATE if stream.kind is StreamKind.AUDIO else VIDEO_CLOCK_RATE
                self._received[ssrc] = _Received(stream, Reception(clock_rate))
            incoming.sink = partial(self._take, self._received[ssrc].reception, stream.kind, _SSRC.pack(ours))

    def _ours(self, stream: Stream) -> int:
        match stream.kind:
            case StreamKind.AUDIO:
                return self._ssrcs.sound
            case StreamKind.VIDEO:
                return self._ssrcs.picture
            case StreamKind.RETRANSMISSION:
                return self._ssrcs.retransmission

    def _take(self, reception: Reception, kind: StreamKind, ssrc: bytes, packet: bytes, arrived_at: float) -> None:
        _, _, number, timestamp, _ = RTP_HEADER.unpack_from(packet)
        if reception.count(number, len(packet)) < 0 and kind is StreamKind.AUDIO:
            reception.mended += 1
        if self._first_at is None:
            self._first_at = arrived_at
        returned = packet[:8] + ssrc + packet[12:]
        if kind is not StreamKind.AUDIO:
            self._endpoint.transport.downlink.send_rtp(returned)
            return
        reception.time(timestamp, arrived_at)
        self._ring.put(returned, arrived_at + SOUND_DELAY_S)
        if self._release is None:
            self._arm()

    def _arm(self) -> None:
        due_at = self._ring.next_due_at
        if due_at is not None:
            self._release = self._loop.call_later(max(0.0, due_at - self._host.now()), self._play)

    def _play(self) -> None:
        self._release = None
        now = self._host.now()
        while (packet := self._ring.take(now)) is not None:
            self._endpoint.transport.downlink.send_rtp(packet)
        self._arm()

    def _say(self, transport: "Transport", number: int) -> None:
        packet = prompt_packet(number, self._ssrcs.prompt)
        if packet is not None and transport.is_connected:
            transport.downlink.send_rtp(packet)
            self._prompt = self._loop.call_later(PACKET_S, self._say, transport, number + 1)

    def _take_feedback(self, compound: bytes, arrived_at: float) -> None:
        del arrived_at
        transport = self._endpoint.transport
        returned = give_back(compound, self._originals)
        if returned.rtcp:
            transport.downlink.send_rtcp(returned.rtcp)
        original = self._originals.get(self._ssrcs.picture)
        if returned.wants_keyframe and original is not None:
            transport.uplink.complain(original, self._host.now())

    def _hush(self) -> None:
        for timer in (self._prompt, self._release):
            if timer is not None:
                timer.cancel()
        self._prompt = self._release = None
        self._ring.wipe()
