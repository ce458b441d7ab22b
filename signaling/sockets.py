"""Socket.IO at the edge: the one file that knows python-socketio, whose API is untyped.

It bounds what a client can cost (frames, their rate, unread answers, sockets that never present a token), keeps each client's
requests in order, and hands typed calls to a `Channel`. Four private methods of python-socketio are overridden; the tests of
this file's promises (``tests/integration/test_sockets.py``) hold them.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

import socketio
import structlog
from aiohttp import web
from pydantic import BaseModel
from socketio.exceptions import ConnectionRefusedError as SocketRefused

from signaling.channels import Channel
from signaling.errors import RequestRefused
from signaling.limits import RateLimit
from signaling.screens import Screen

__all__ = ["Sockets"]

MAX_FRAME: Final = 65536
FRAMES_PER_S: Final = 100.0
FRAME_BURST: Final = 200.0
REQUESTS_PER_S: Final = 30.0
REQUEST_BURST: Final = 60.0
CONNECT_WITHIN_S: Final = 10.0
UNREAD: Final = 64

_BINARY: Final = ("5", "6")
# Names that the library itself gives to the life of a connection; a client that sends them gets no further than one that lies.
_RESERVED: Final = {"connect", "disconnect", "connect_error"}

log = structlog.get_logger(__name__)


class Sockets:
    """Serves `Channel`s on an aiohttp application, over WebSocket only. ``clock`` is monotonic seconds."""

    def __init__(
        self,
        app: web.Application,
        origins: list[str],
        *,
        clock: Callable[[], float],
        address_of: Callable[[web.Request], str],
    ) -> None:
        self._clock = clock
        self._address_of = address_of
        # The library would write packets, origins and tracebacks of malformed frames to its log.
        quiet = logging.getLogger("video_visit.quiet")
        quiet.propagate = False
        quiet.setLevel(logging.CRITICAL + 1)
        quiet.addHandler(logging.NullHandler())
        self._server = _Server(
            clock,
            async_mode="aiohttp",
            transports=["websocket"],
            # An explicit list: the library's own same-origin check believes forwarding headers.
            cors_allowed_origins=origins,
            # One client's requests are handled in the order sent.
            async_handlers=False,
            max_http_buffer_size=MAX_FRAME,
            http_compression=False,
            serializer=_TextPacket,
            allow_upgrades=False,
            namespaces=[],
            logger=quiet,
            engineio_logger=quiet,
            ping_interval=10,
            ping_timeout=10,
        )
        self._server.attach(app)

    def serve(self, channels: Mapping[str, Channel]) -> None:
        """Register each channel under its namespace; other namespaces are refused."""
        for namespace, channel in channels.items():
            self._server.register_namespace(_Namespace(namespace, self._server, channel, self._clock, self._address_of))
        self._server.namespaces = list(channels)

    async def close(self) -> None:
        """Stop the server's own background work."""
        await self._server.shutdown()


class _TextPacket(socketio.packet.Packet):
    """A packet of JSON. The library would look through every value of every snapshot for bytes, which are never there."""

    uses_binary_events = False


class _Server(socketio.AsyncServer):
    """The library's server, with bounds on every socket, also before and after it belongs to a session."""

    def __init__(self, clock: Callable[[], float], **options: Any) -> None:
        super().__init__(**options)
        self._clock = clock
        self._frames: dict[str, RateLimit] = {}
        self._accepted: dict[str, int] = {}

    def accept(self, eio_sid: str) -> None:
        """Count a namespace that took this socket's token."""
        self._accepted[eio_sid] = self._accepted.get(eio_sid, 0) + 1

    def release(self, eio_sid: str) -> None:
        """Take a namespace back; a socket that is left with none ends soon."""
        if eio_sid in self._accepted:
            self._accepted[eio_sid] -= 1
            self._end_soon_unless_accepted(eio_sid)

    def unread(self, eio_sid: str) -> int:
        """Return how many messages wait for a client that does not read them."""
        found = self.eio.sockets.get(eio_sid)
        return int(found.queue.qsize()) if found is not None else 0

    def abort(self, eio_sid: str) -> None:
        """End a socket without waiting for its client, which may never read again."""
        environ = self.environ.get(eio_sid)
        transport = environ["aiohttp.request"].transport if environ else None
        if transport is not None:
            transport.abort()

    async def _handle_eio_connect(self, eio_sid: str, environ: dict[str, Any]) -> None:
        await super()._handle_eio_connect(eio_sid, environ)
        self._frames[eio_sid] = RateLimit(self._clock, FRAMES_PER_S, FRAME_BURST)
        self._accepted[eio_sid] = 0
        self._end_soon_unless_accepted(eio_sid)

    async def _handle_eio_message(self, eio_sid: str, data: object) -> None:
        limit = self._frames.get(eio_sid)
        if limit is None or not limit.take() or not isinstance(data, str) or data.startswith(_BINARY):
            self.abort(eio_sid)
            return
        try:
            await super()._handle_eio_message(eio_sid, data)
        except (ValueError, TypeError, LookupError, AttributeError, RecursionError):
            # What our own handlers raise never comes here: this is a frame that is no packet.
            self.abort(eio_sid)

    async def _handle_event(self, eio_sid: str, namespace: str, id: int | None, data: list[Any]) -> None:  # noqa: A002 - the library's
        if data[0] in _RESERVED:
            data = ["reserved"]
        await super()._handle_event(eio_sid, namespace, id, data)

    async def _handle_eio_disconnect(self, eio_sid: str, reason: str) -> None:
        await super()._handle_eio_disconnect(eio_sid, reason)
        self._frames.pop(eio_sid, None)
        self._accepted.pop(eio_sid, None)

    def _end_soon_unless_accepted(self, eio_sid: str) -> None:
        asyncio.get_running_loop().call_later(CONNECT_WITHIN_S, self._end_unless_accepted, eio_sid)

    def _end_unless_accepted(self, eio_sid: str) -> None:
        if self._accepted.get(eio_sid) == 0:
            self.abort(eio_sid)


@dataclass(frozen=True, slots=True)
class _Connection:
    server: _Server
    eio_sid: str
    sid: str
    namespace: str
    address: str = field(repr=False)

    async def emit(self, event: str, message: BaseModel) -> None:
        if self.server.unread(self.eio_sid) > UNREAD:
            self.server.abort(self.eio_sid)
            return
        await self.server.emit(event, message.model_dump(mode="json"), to=self.sid, namespace=self.namespace)

    async def disconnect(self) -> None:
        await self.server.disconnect(self.sid, namespace=self.namespace)
        self.server.release(self.eio_sid)


class _Namespace(socketio.AsyncNamespace):
    def __init__(
        self,
        namespace: str,
        server: _Server,
        channel: Channel,
        clock: Callable[[], float],
        address_of: Callable[[web.Request], str],
    ) -> None:
        super().__init__(namespace)
        self._address_of = address_of
        self._sockets = server
        self._channel = channel
        self._clock = clock
        self._open: dict[str, tuple[Screen, RateLimit]] = {}

    async def trigger_event(self, event: str, *args: Any) -> Any:
        """Take every event of this namespace, known or not."""
        sid, *rest = args
        if event == "connect":
            return await self._connect(sid, rest[1] if len(rest) > 1 else None)
        if event == "disconnect":
            return await self._disconnect(sid)
        return await self._request(sid, event, rest)

    async def _connect(self, sid: str, auth: object) -> None:
        token = auth.get("token") if isinstance(auth, dict) else None
        eio_sid = self._sockets.manager.eio_sid_from_sid(sid, self.namespace)
        address = self._address_of(self._sockets.environ[eio_sid]["aiohttp.request"])
        connection = _Connection(self._sockets, eio_sid, sid, self.namespace, address)
        try:
            screen = await self._channel.connect(connection, token if isinstance(token, str) else "")
        except RequestRefused as refused:
            raise _refusal(refused) from refused
        except Exception as error:
            # The last line before the socket: the fault is ours, so the client gets a generic code and the log the rest.
            log.exception("connect_crashed")
            raise _refusal(RequestRefused("internal")) from error
        if not self._channel.speaks(screen):
            # Replaced or ended while it was connecting; a farewell cannot end a socket that is not connected yet.
            await self._channel.disconnect(screen)
            raise _refusal(RequestRefused("session_replaced"))
        self._open[sid] = (screen, RateLimit(self._clock, REQUESTS_PER_S, REQUEST_BURST))
        self._sockets.accept(eio_sid)

    async def _disconnect(self, sid: str) -> None:
        known = self._open.pop(sid, None)
        if known is None:
            return
        try:
            await self._channel.disconnect(known[0])
        except Exception:
            # The library would swallow it without a word.
            log.exception("disconnect_crashed")

    async def _request(self, sid: str, event: str, rest: list[Any]) -> dict[str, Any]:
        known = self._open.get(sid)
        if known is None:
            return RequestRefused("unauthorized").body
        screen, limit = known
        if not limit.take():
            return RequestRefused("too_many_requests").body
        if len(rest) != 1 or not isinstance(rest[0], dict):
            return RequestRefused("bad_request").body
        try:
            return await self._channel.request(screen, event, rest[0])
        except Exception:
            # The last line before the socket: the fault is ours, so the client gets a generic code and the log the rest.
            log.exception("request_crashed", request=event)
            return RequestRefused("internal").body


def _refusal(refused: RequestRefused) -> SocketRefused:
    return SocketRefused(refused.message, {"code": refused.code, **refused.facts})
