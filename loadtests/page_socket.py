"""A page's socket with as little in between as possible: Engine.IO and Socket.IO packets as text, over one WebSocket.

The library's client costs more than the server that is measured.
"""

import asyncio
import contextlib
import json
import socket
import struct
import time
from collections.abc import Callable
from typing import Any

import aiohttp

OPEN, CLOSE, PING, PONG = "0", "1", "2", "3"
CONNECT, DISCONNECT, EVENT, ACK, CONNECT_ERROR = "40", "41", "42", "43", "44"
ANSWER_WITHIN_S = 60
# Browsers offer compression with this window, and the server takes it.
DEFLATE_WINDOW = 15
# Where the kernel's `struct tcp_info` holds `tcpi_bytes_received`.
BYTES_RECEIVED = slice(128, 136)

Json = dict[str, Any]
Heard = Callable[[str, float], None]
"""Takes an event as JSON text, ``["snapshot", {…}]``, and when its frame was read, in seconds of `time.perf_counter`."""


class Refused(Exception):
    """The server refused what was asked; ``code`` says why, ``facts`` hold the rest of the error."""

    def __init__(self, facts: Json) -> None:
        super().__init__(str(facts.get("code")))
        self.code = facts.get("code")
        self.facts = facts


class PageSocket:
    """An accepted connection to one namespace. Make it with `connected`."""

    def __init__(self, ws: aiohttp.ClientWebSocketResponse, namespace: str, heard: Heard) -> None:
        self._ws = ws
        self._namespace = namespace
        self._heard = heard
        self._asked: dict[int, asyncio.Future[Json]] = {}
        self._number = 0
        self._accepted: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._reading = asyncio.create_task(self._read())
        self.characters = 0
        self.is_lost = False

    @classmethod
    async def connected(
        cls, http: aiohttp.ClientSession, url: str, namespace: str, token: str, heard: Heard
    ) -> "PageSocket":
        """Connect and be accepted. Raises `Refused`."""
        ws = await http.ws_connect(
            f"{url}/socket.io/?EIO=4&transport=websocket", origin=url, compress=DEFLATE_WINDOW, max_msg_size=0
        )
        page = cls(ws, namespace, heard)
        await ws.send_str(f"{CONNECT}{namespace},{json.dumps({'token': token})}")
        try:
            await asyncio.wait_for(page._accepted, ANSWER_WITHIN_S)
        except BaseException:
            await page.close()
            raise
        return page

    async def ask(self, request: str, argument: Json | None = None) -> Json:
        """Send a request and return what it was granted. Raises `Refused`, or `ConnectionError` where the socket ended."""
        self._number += 1
        answer = self._asked[self._number] = asyncio.get_running_loop().create_future()
        arguments = json.dumps([request, argument or {}])
        await self._ws.send_str(f"{EVENT}{self._namespace},{self._number}{arguments}")
        answered = await asyncio.wait_for(answer, ANSWER_WITHIN_S)
        if "error" in answered:
            raise Refused(answered["error"])
        return dict(answered["ok"])

    def bytes_received(self) -> int:
        """Return what came over the wire, as compressed and framed as it is, without TCP's own headers."""
        tcp: socket.socket = self._ws.get_extra_info("socket")
        facts = tcp.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, BYTES_RECEIVED.stop)
        return int(struct.unpack("=Q", facts[BYTES_RECEIVED])[0])

    async def close(self) -> None:
        """Close it. Idempotent."""
        self._reading.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await self._reading
        await self._ws.close()

    async def _read(self) -> None:
        async for message in self._ws:
            at = time.perf_counter()
            frame = message.data
            if not isinstance(frame, str):
                break
            self.characters += len(frame)
            if frame == PING:
                await self._ws.send_str(PONG)
            else:
                self._take(frame, at)
        self.is_lost = True
        given_up: list[asyncio.Future[Any]] = [self._accepted, *self._asked.values()]
        for waiting in given_up:
            if not waiting.done():
                waiting.set_exception(ConnectionError("the socket ended"))

    def _take(self, frame: str, at: float) -> None:
        kind, rest = frame[:2], frame[2 + len(self._namespace) + 1 :]
        if kind == EVENT:
            self._heard(rest, at)
        elif kind == ACK:
            number, bracket, answer = rest.partition("[")
            asked = self._asked.pop(int(number))
            # Whoever asked may have given up meanwhile.
            if not asked.done():
                asked.set_result(json.loads(bracket + answer)[0])
        elif kind == CONNECT:
            self._accepted.set_result(None)
        elif kind == CONNECT_ERROR:
            self._accepted.set_exception(Refused(json.loads(rest).get("data", {})))
