"""When a port looks for datagrams: as soon as one comes while few come, by a timer while many do.

A wake-up of the loop costs more CPU than forwarding a packet or two. So once datagrams wake it more often than a timer
would, the socket is left alone and looked at by a timer, as a network card's driver does under load (Linux's NAPI).
Datagrams then wait for 1 ms on average, and for 2 ms at most; while few come, they do not wait.
"""

import asyncio
import socket
from collections.abc import Callable

from media.overflow import ReceiveOverflow
from media.udp_port import DRAIN_LIMIT

# Whole milliseconds, which is what epoll's time-out takes.
POLL_S = 0.002
# The next look comes sooner after one that found half of what may be read at once.
BUSY_POLL_S = 0.001
BUSY = DRAIN_LIMIT // 2
# Wake-ups closer together than this, on average over the last ones, are worth a timer.
DENSE_S = 0.0014
SMOOTHING = 8
# Looks that find nothing before the socket is watched again. One or two are chance.
EMPTY_LOOKS = 3
# So many full drains without a pause, some ten milliseconds of work, and the port is behind.
PRESSED_DRAINS = 16
# So long after datagrams were thrown away unread: what was queued behind them has been read by then, and the gap is behind.
OVERFLOW_MEMORY_S = 0.5


class Wakeups:
    """Calls `read` on the loop until it has read `DRAIN_LIMIT` datagrams or finds none; it returns how many it read."""

    def __init__(
        self,
        loop: asyncio.AbstractEventLoop,
        source: socket.socket,
        read: Callable[[], int],
        clock: Callable[[], float],
        overflow: ReceiveOverflow,
    ) -> None:
        self._loop = loop
        self._source = source
        self._read = read
        self._clock = clock
        self._overflow = overflow
        self._overflowed_at = float("-inf")
        self._woken_at = clock()
        self._interval = 1.0
        self._empty = 0
        self._full = 0
        self._timer: asyncio.Handle | None = None
        self._loop.add_reader(source, self._wake)

    def close(self) -> None:
        """Call no more. To be called before the socket is closed; idempotent."""
        if self._timer is not None:
            self._timer.cancel()
        if self._source.fileno() != -1:
            self._loop.remove_reader(self._source)

    @property
    def is_pressed(self) -> bool:
        """Whether more comes than can be read: what is missing was then most likely lost here."""
        return self._full >= PRESSED_DRAINS or self._clock() - self._overflowed_at < OVERFLOW_MEMORY_S

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
        count = 0
        try:
            count = self._drain()
        finally:
            # Whatever broke, the port goes on listening.
            self._go_on(count)

    def _go_on(self, count: int) -> None:
        if self._source.fileno() == -1:
            return
        self._empty = 0 if count else self._empty + 1
        self._full = self._full + 1 if count >= DRAIN_LIMIT else 0
        if count >= DRAIN_LIMIT:
            self._timer = self._loop.call_soon(self._look)
        elif self._empty < EMPTY_LOOKS:
            self._timer = self._loop.call_later(BUSY_POLL_S if count >= BUSY else POLL_S, self._look)
        else:
            self._interval = 1.0
            self._timer = None
            self._loop.add_reader(self._source, self._wake)

    def _drain(self) -> int:
        # While the first are forwarded the rest of their burst arrives: to ask again is cheaper than to be woken again.
        total = count = self._read()
        while count > 0 and total < DRAIN_LIMIT:
            count = self._read()
            total += count
        # What was thrown away came after a full buffer, and a full buffer is read in full drains.
        if total >= DRAIN_LIMIT and self._overflow.look():
            self._overflowed_at = self._clock()
        return total
