"""Socket.IO at the edge: the one file that knows python-socketio, whose API is untyped.

It checks frames, limits rates, keeps each client's requests in order, and hands typed calls to a `Channel`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

import socketio
import structlog
from aiohttp import web
from pydantic import BaseModel
from socketio.exceptions import ConnectionRefusedError as SocketRefused

from signaling.channels import Channel, RateLimit
from signaling.errors import RequestRefused
from signaling.screens import Screen

__all__ = ["Sockets"]

MAX_FRAME: Final = 65536

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class _Connection:
    server: Any
    sid: str
    namespace: str

    async def emit(self, event: str, message: BaseModel) -> None:
        await self.server.emit(event, message.model_dump(mode="json"), to=self.sid, namespace=self.namespace)

    async def disconnect(self) -> None:
        await self.server.disconnect(self.sid, namespace=self.namespace)


class Sockets:
    """Serves `Channel`s on an aiohttp application, over WebSocket only."""

    def __init__(self, app: web.Application, origins: list[str], *, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._server: Any = socketio.AsyncServer(
            async_mode="aiohttp",
            transports=["websocket"],
            # An explicit list: the library's own same-origin check believes forwarding headers.
            cors_allowed_origins=origins,
            # One client's requests are handled in the order sent.
            async_handlers=False,
            max_http_buffer_size=MAX_FRAME,
            http_compression=False,
            allow_upgrades=False,
            namespaces=[],
            # engineio would write packets to its log.
            logger=False,
            engineio_logger=False,
            ping_interval=10,
            ping_timeout=10,
        )
        self._server.attach(app)

    def serve(self, channels: Mapping[str, Channel]) -> None:
        """Register each channel under its namespace; other namespaces are refused."""
        for namespace, channel in channels.items():
            self._server.register_namespace(_Namespace(namespace, channel, self._clock))
        self._server.namespaces = list(channels)

    async def close(self) -> None:
        """Stop the server's own background work."""
        await self._server.shutdown()


class _Namespace(socketio.AsyncNamespace):
    def __init__(self, namespace: str, channel: Channel, clock: Callable[[], float]) -> None:
        super().__init__(namespace)
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
        try:
            screen = await self._channel.connect(
                _Connection(self.server, sid, self.namespace), token if isinstance(token, str) else ""
            )
        except RequestRefused as refused:
            raise SocketRefused(refused.message, {"code": refused.code}) from refused
        self._open[sid] = (screen, RateLimit(self._clock))

    async def _disconnect(self, sid: str) -> None:
        known = self._open.pop(sid, None)
        if known is not None:
            await self._channel.disconnect(known[0])

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
