"""When a port looks for datagrams: as soon as one comes while few come, once a millisecond while many do.

A wake-up of the loop costs as much CPU as forwarding a packet or two. So once datagrams wake it more often than once a
millisecond, the socket is left alone and looked at by a timer, as a network card's driver does under load (Linux's NAPI).
Datagrams then wait for 1 ms at most (the resolution of epoll's time-out), and no longer than they did when few come.
"""

import asyncio
import socket
from collections.abc import Callable

from media.udp_port import DRAIN_LIMIT

POLL_S = 0.001
# Wake-ups closer together than this, on average over the last ones, are worth a timer.
DENSE_S = 0.0007
SMOOTHING = 8
# Looks that find nothing before the socket is watched again. One or two are chance.
EMPTY_LOOKS = 3


class Wakeups:
    """Calls `drain` on the loop, which reads up to `DRAIN_LIMIT` datagrams and returns how many there were."""

    def __init__(
        self,
        loop: asyncio.AbstractEventLoop,
        source: socket.socket,
        drain: Callable[[], int],
        clock: Callable[[], float],
    ) -> None:
        self._loop = loop
        self._source = source
        self._drain = drain
        self._clock = clock
        self._woken_at = clock()
        self._interval = 1.0
        self._empty = 0
        self._timer: asyncio.Handle | None = None
        self._loop.add_reader(source, self._wake)

    def close(self) -> None:
        """Call no more. To be called before the socket is closed; idempotent."""
        if self._timer is not None:
            self._timer.cancel()
        if self._source.fileno() != -1:
            self._loop.remove_reader(self._source)

    def _wake(self) -> None:
        now = self._clock()
        self._interval += (now - self._woken_at - self._interval) / SMOOTHING
        self._woken_at = now
        if self._interval < DENSE_S:
            self._loop.remove_reader(self._source)
            self._empty = 0
            self._look()
        else:
            self._drain()

    def _look(self) -> None:
        count = self._drain()
        if self._source.fileno() == -1:
            return
        self._empty = 0 if count else self._empty + 1
        if count >= DRAIN_LIMIT:
            self._timer = self._loop.call_soon(self._look)
        elif self._empty < EMPTY_LOOKS:
            self._timer = self._loop.call_later(POLL_S, self._look)
        else:
            self._interval = 1.0
            self._timer = None
            self._loop.add_reader(self._source, self._wake)
