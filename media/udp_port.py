"""The one UDP socket of a node."""

import asyncio
import contextlib
import socket
from collections.abc import Callable
from typing import Any

from media.stats import Counters, DropReason

# What the kernel names a peer by: (host, port), with flow and scope behind them for IPv6. Opaque except to STUN.
Address = tuple[Any, ...]

MAX_DATAGRAM = 1500
# One wake-up of the loop must not starve HTTP and Socket.IO; what remains wakes it again.
DRAIN_LIMIT = 64
SOCKET_BUFFER = 4 * 1024 * 1024


class UdpPort:
    """A non-blocking socket on the running loop. Empty and oversize datagrams end here."""

    def __init__(self, host: str, port: int, counters: Counters) -> None:
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        self._socket = socket.socket(family, socket.SOCK_DGRAM)
        self._socket.settimeout(0)
        for option in (socket.SO_RCVBUF, socket.SO_SNDBUF):
            with contextlib.suppress(OSError):  # the system's limit is not ours to raise
                self._socket.setsockopt(socket.SOL_SOCKET, option, SOCKET_BUFFER)
        try:
            self._socket.bind((host, port))
        except OSError:
            self._socket.close()
            raise
        self.number: int = self._socket.getsockname()[1]
        self._counters = counters
        self._loop = asyncio.get_running_loop()

    def listen(self, receive: Callable[[bytes, Address], None]) -> None:
        """Hand each datagram of 1 to 1500 bytes to `receive`."""
        self._loop.add_reader(self._socket, self._drain, receive)

    def send(self, data: bytes, address: Address) -> bool:
        """Send or drop, never wait: a full buffer is a lost packet to real-time media. False when it was dropped."""
        try:
            self._socket.sendto(data, address)
        except BlockingIOError:
            self._counters.drop(DropReason.SEND_BLOCKED)
            return False
        except OSError:
            self._counters.drop(DropReason.SEND_FAILED)
            return False
        return True

    @property
    def is_closed(self) -> bool:
        """Whether the port was given back."""
        return self._socket.fileno() == -1

    def close(self) -> None:
        """Stop listening and free the port. Idempotent."""
        if not self.is_closed:
            self._loop.remove_reader(self._socket)
            self._socket.close()

    def _drain(self, receive: Callable[[bytes, Address], None]) -> None:
        recvfrom, counters = self._socket.recvfrom, self._counters
        for _ in range(DRAIN_LIMIT):
            try:
                # One byte more than the limit, so that a longer datagram shows as longer.
                data, address = recvfrom(MAX_DATAGRAM + 1)
            except OSError:  # nothing left, or an ICMP error of an earlier send
                return
            size = len(data)
            counters.packets_in += 1
            counters.bytes_in += size
            if not size:
                counters.drop(DropReason.EMPTY)
            elif size > MAX_DATAGRAM:
                counters.drop(DropReason.OVERSIZE)
            else:
                receive(data, address)
