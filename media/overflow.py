"""How many datagrams the kernel threw away because the port's buffer was full.

They look as if they had been lost on the way, and must not be taken for it: a node that asks for what it could not read gets
still more to read, until it does nothing else.
"""

import socket
import struct

from media.stats import Counters, DropReason

# `SO_MEMINFO` of the kernel's asm-generic/socket.h; the last of its numbers is SK_MEMINFO_DROPS (linux/sock_diag.h, 4.12).
_SO_MEMINFO = 55
_NUMBERS = struct.Struct("@9I")


class ReceiveOverflow:
    """The datagrams that never reached one socket's reader. Where the system does not count them, there are none."""

    def __init__(self, source: socket.socket, counters: Counters) -> None:
        self._source = source
        self._counters = counters
        self._seen = self._count()

    def look(self) -> bool:
        """Count those of the time since the last look; whether there were any. Costs a system call."""
        count = self._count()
        fresh = count - self._seen & 0xFFFFFFFF
        self._seen = count
        if fresh:
            self._counters.drop(DropReason.RECEIVE_OVERFLOW, fresh)
        return fresh > 0

    def _count(self) -> int:
        try:
            numbers = self._source.getsockopt(socket.SOL_SOCKET, _SO_MEMINFO, _NUMBERS.size)
        except OSError:  # another system, or a socket that is closed
            return 0
        return int(_NUMBERS.unpack(numbers)[-1]) if len(numbers) == _NUMBERS.size else 0
