"""A media node: one UDP port, its rooms, one sweep timer."""

import asyncio
import logging
import secrets
import time
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from datetime import UTC, datetime
from types import MappingProxyType
from typing import Any, Self

import structlog

from media.dtls import Certificates
from media.errors import place_of
from media.events import CloseReason, MediaEvent
from media.formats import Formats, VideoCodec
from media.ice_lite import IceCredentials
from media.io import Io, open_port
from media.offer import OfferFacts, Section, write_offer
from media.room import Room
from media.stats import Counters, NodeStats
from media.switchboard import Switchboard
from media.test_call import EchoCall, EchoSsrcs
from media.transport import Transport

SWEEP_INTERVAL_S = 0.5
# Nothing is sent to a peer so long after its last check (RFC 7675). Who fell silent is noticed by a sweep: the last one
# before that comes up to an interval earlier, and a busy loop is late.
CONSENT_S = 30.0
# Losses and feedback are timed to fractions of a round trip; only transports that wait for something are looked at.
TICK_INTERVAL_S = 0.025
# A goodbye takes one turn of the loop; nothing of a peer may hold up the end of the process.
CLOSE_TIMEOUT_S = 3.0

log = structlog.get_logger()


def _utc_now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class NodeSettings:
    """How a node listens and what its candidates say.

    `announced` are the addresses that peers can reach (apart from the bound one: NAT, containers); port 0 binds any.
    `video_codecs` are those that offers name, the preferred one first.
    """

    bind_host: str = "0.0.0.0"
    port: int = 0
    announced: tuple[str, ...] = ("127.0.0.1",)
    connect_timeout_s: float = 30.0
    consent_timeout_s: float = CONSENT_S - 2 * SWEEP_INTERVAL_S
    video_codecs: tuple[VideoCodec, ...] = (VideoCodec.VP8, VideoCodec.H264)
    io: Io = Io.AUTO


class MediaNode:
    """The media plane of one process. Made by `open`; used on the loop it was opened on."""

    def __init__(
        self,
        settings: NodeSettings,
        on_event: Callable[[MediaEvent], None],
        *,
        clock: Callable[[], float],
        utc_now: Callable[[], datetime],
        mint: Callable[[int], str],
    ) -> None:
        self.settings = settings
        self.now = clock
        self._mint = mint
        self._emit = on_event
        self._certificates = Certificates(utc_now)
        self._counters = Counters()
        self._rooms: dict[str, Room] = {}
        self._test_calls: dict[str, EchoCall] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._port = open_port(settings.io, settings.bind_host, settings.port, self._counters, clock)
        self._switchboard = Switchboard(self._port, self._counters, clock)
        self._port.listen(self._switchboard.receive)
        self._loop = asyncio.get_running_loop()
        self._timer = self._loop.call_later(SWEEP_INTERVAL_S, self._sweep)
        self._awake: set[Transport] = set()
        self._ticker: asyncio.TimerHandle | None = None

    @classmethod
    async def open(
        cls,
        settings: NodeSettings,
        on_event: Callable[[MediaEvent], None],
        *,
        clock: Callable[[], float] = time.monotonic,
        utc_now: Callable[[], datetime] = _utc_now,
        mint: Callable[[int], str] = secrets.token_hex,
    ) -> Self:
        """Bind the port and listen. `on_event` is called on the loop, after the state it tells of has changed.

        `mint(n)` makes n random bytes as hexadecimal digits. Raises `OSError` when the port cannot be bound.
        """
        # At DEBUG they write SDP, at INFO addresses.
        for name in ("aiortc", "aioice"):
            logging.getLogger(name).setLevel(logging.WARNING)
        node = cls(settings, on_event, clock=clock, utc_now=utc_now, mint=mint)
        log.info("media_node_opened", port=node.port, io=node._port.io)
        return node

    @property
    def port(self) -> int:
        """The UDP port that is bound."""
        return self._port.number

    @property
    def is_pressed(self) -> bool:
        """Whether more comes than can be read: what is missing was then most likely lost here."""
        return self._port.is_pressed

    @property
    def video_codecs(self) -> tuple[VideoCodec, ...]:
        """The codecs that offers name, the preferred one first."""
        return self.settings.video_codecs

    def room(self, room_id: str) -> Room:
        """Get the room, made on first use."""
        room = self._rooms.get(room_id)
        if room is None:
            room = self._rooms[room_id] = Room(room_id, self, self._emit, self._forget_room)
        return room

    def rooms(self) -> tuple[Room, ...]:
        """List the rooms that are open."""
        return tuple(self._rooms.values())

    def find_room(self, room_id: str) -> Room | None:
        """Get the room if there is one."""
        return self._rooms.get(room_id)

    def open_test_call(self, call_id: str, *, on_change: Callable[[], None], on_over: Callable[[], None]) -> EchoCall:
        """Open a test call, which belongs to no room. See `EchoCall` for what is called when."""
        ssrcs: set[int] = set()
        while len(ssrcs) < len(EchoSsrcs._fields):
            ssrcs.add(int(self._mint(4), 16) or 1)
        call = self._test_calls[call_id] = EchoCall(
            call_id,
            self,
            EchoSsrcs(*ssrcs),
            on_change=on_change,
            on_over=on_over,
            on_closed=self._forget_test_call,
        )
        return call

    def stats(self) -> NodeStats:
        """Count what is here now and what has passed since the node was opened."""
        counters = self._counters
        return NodeStats(
            io=self._port.io,
            rooms=len(self._rooms),
            endpoints=sum(map(len, self._rooms.values())),
            test_calls=len(self._test_calls),
            transports_connected=sum(transport.is_connected for transport in self._switchboard),
            packets_in=counters.packets_in,
            bytes_in=counters.bytes_in,
            packets_forwarded=counters.packets_forwarded,
            bytes_forwarded=counters.bytes_forwarded,
            packets_resent=counters.packets_resent,
            drops=MappingProxyType(dict(counters.drops)),
        )

    async def close(self) -> None:
        """Close every room, say goodbye to the peers, free the port. Idempotent."""
        if self._port.is_closed:
            return
        self._timer.cancel()
        for call in tuple(self._test_calls.values()):
            call.close()
        if self._ticker is not None:
            self._ticker.cancel()
        for room in tuple(self._rooms.values()):
            room.close()
        if self._tasks:
            _, late = await asyncio.wait(self._tasks, timeout=CLOSE_TIMEOUT_S)
            if late:
                log.error("media_tasks_left", tasks=len(late))
        self._port.close()
        log.info("media_node_closed")

    # What rooms ask of their node.

    def open_transport(
        self, on_connected: Callable[[Transport], None], on_closed: Callable[[Transport, CloseReason], None]
    ) -> Transport:
        """Make a transport whose peer can reach it at once."""

        def closed(transport: Transport, reason: CloseReason) -> None:
            self._switchboard.remove(transport)
            on_closed(transport, reason)

        transport = Transport(
            transport_id=self._mint(8),
            credentials=self._mint_credentials(),
            certificate=self._certificates.current(),
            port=self._port,
            counters=self._counters,
            spawn=self._spawn,
            wake=self._wake,
            on_connected=on_connected,
            on_closed=closed,
        )
        self._switchboard.add(transport)
        return transport

    def renew_credentials(self, transport: Transport) -> None:
        """Give the transport other ICE credentials, all else staying as it is."""
        self._switchboard.renew(transport, self._mint_credentials())

    def _mint_credentials(self) -> IceCredentials:
        return IceCredentials(ufrag=self._mint(8), password=self._mint(16))

    def write_offer(
        self,
        transport: Transport,
        revision: int,
        sections: tuple[Section, ...],
        formats: Formats,
        *,
        start_kbps: int | None = None,
    ) -> str:
        """Write the offer of these sections on this transport."""
        facts = OfferFacts(
            session=int(transport.id, 16) >> 1,  # 63 bits, as RFC 8829 §5.2.1 wants
            credentials=transport.credentials,
            fingerprint=transport.certificate.sha256,
            hosts=self.settings.announced,
            port=self.port,
        )
        return write_offer(facts, revision, sections, formats, start_kbps=start_kbps)

    def _spawn(self, work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        task = self._loop.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    def _forget_room(self, room: Room) -> None:
        if self._rooms.get(room.id) is room:
            del self._rooms[room.id]

    def _forget_test_call(self, call: EchoCall) -> None:
        if self._test_calls.get(call.id) is call:
            del self._test_calls[call.id]

    def _wake(self, transport: Transport) -> None:
        self._awake.add(transport)
        if self._ticker is None and not self._port.is_closed:
            self._ticker = self._loop.call_later(TICK_INTERVAL_S, self._tick)

    def _tick(self) -> None:
        self._ticker = None
        now = self.now()
        awake, self._awake = self._awake, set()
        for transport in awake:
            try:
                if transport.tick(now):
                    self._wake(transport)
            except Exception as error:  # noqa: BLE001 - whatever it is, the others are to be ticked
                transport.end_broken(error)

    def _sweep(self) -> None:
        self._timer = self._loop.call_later(SWEEP_INTERVAL_S, self._sweep)
        now = self.now()
        # Deadlines first: consent that is over must end whatever else breaks.
        for transport in self._switchboard:
            try:
                transport.sweep(
                    now,
                    connect_timeout_s=self.settings.connect_timeout_s,
                    consent_timeout_s=self.settings.consent_timeout_s,
                )
            except Exception as error:  # noqa: BLE001 - the others have deadlines too
                transport.end_broken(error)
        swept: tuple[EchoCall | Room, ...] = (*self._test_calls.values(), *self._rooms.values())
        for each in swept:
            try:
                each.sweep(now)
            except Exception as error:  # noqa: BLE001 - as above
                log.error("sweep_broke", error=type(error).__name__, at=place_of(error))  # noqa: TRY400 - without the words
