"""A port that reads and writes many datagrams with one system call (`mmsg.py`). An address is the kernel's `sockaddr`, as bytes."""

import asyncio
import contextlib
import functools
import socket
import sys
import time
from collections.abc import Callable
from typing import Any, cast

from media.mmsg import Arrivals, Departures, is_known_system, load_libc
from media.overflow import ReceiveOverflow
from media.packet import MAX_DATAGRAM, STRIDE, Packet
from media.stats import Counters, DropReason
from media.udp_port import DRAIN_LIMIT, Address, Receive, open_socket
from media.wakeups import Wakeups

# Whatever is read at once, for up to two others each; more is sent in several calls.
QUEUE_LIMIT = 128
TEST_TIMEOUT_S = 1.0

SOCKADDR_IN_BYTES, SOCKADDR_IN6_BYTES = 16, 28


class BatchedPort:
    """A `UdpPort` on `recvmmsg` and `sendmmsg`. What is queued goes at the end of each read.

    With `joins`, datagrams of one burst leave as one. Raises `AttributeError` or `OSError` where the C library lacks the calls.
    """

    def __init__(
        self,
        host: str,
        port: int,
        counters: Counters,
        clock: Callable[[], float],
        *,
        joins: bool = True,
        libc: Any = None,
    ) -> None:
        libc = load_libc() if libc is None else libc
        name_bytes = SOCKADDR_IN6_BYTES if ":" in host else SOCKADDR_IN_BYTES
        self.io = "segmented" if joins else "batched"
        self._arrivals = Arrivals(libc, DRAIN_LIMIT, name_bytes)
        self._departures = Departures(libc, QUEUE_LIMIT, name_bytes, counters, joins=joins)
        # Without a call in between: this is the packet path.
        self.queue, self.copy = self._departures.add, self._departures.copy
        self._socket = open_socket(host, port)
        self._fileno = self._departures.fileno = self._socket.fileno()
        self.number: int = self._socket.getsockname()[1]
        self._counters = counters
        self._clock = clock
        self._wakeups: Wakeups | None = None

    def listen(self, receive: Receive) -> None:
        """Hand each datagram of 1 to 1500 bytes to `receive`."""
        read = functools.partial(self.read, receive)
        overflow = ReceiveOverflow(self._socket, self._counters)
        self._wakeups = Wakeups(asyncio.get_running_loop(), self._socket, read, self._clock, overflow)

    def send(self, data: bytes | memoryview, address: Address) -> bool:
        """Send or drop, never wait."""
        try:
            self._socket.sendto(data, self._name(cast("bytes", address)))
        except BlockingIOError:
            self._counters.drop(DropReason.SEND_BLOCKED)
            return False
        except OSError:
            self._counters.drop(DropReason.SEND_FAILED)
            return False
        return True

    def host_and_port(self, address: Address) -> tuple[str, int]:
        """Read the `sockaddr`."""
        host, port, *_ = self._name(cast("bytes", address))
        return host, port

    @property
    def is_pressed(self) -> bool:
        """Whether more comes than can be read."""
        return self._wakeups is not None and self._wakeups.is_pressed

    @property
    def is_closed(self) -> bool:
        """Whether the port was given back."""
        return self._fileno == -1

    def close(self) -> None:
        """Stop listening and free the port; what is queued is lost. Idempotent."""
        if self._wakeups is not None:
            self._wakeups.close()
        self._socket.close()
        self._fileno = self._departures.fileno = -1  # never another file's number

    def read(self, receive: Receive) -> int:
        """Hand what has arrived to `receive`, 64 datagrams at most, send what it queued, and return how many there were."""
        arrivals, counters = self._arrivals, self._counters
        sizes = arrivals.read(self._fileno)
        if not sizes:
            return 0
        now = self._clock()
        counters.packets_in += len(sizes)
        counters.bytes_in += sum(sizes)
        try:
            for packet, size, name in zip(arrivals.packets, sizes, arrivals.names, strict=False):
                if 0 < size <= MAX_DATAGRAM:
                    packet.size = size
                    packet.arrived_at = now
                    receive(packet, name.tobytes())
                else:
                    counters.drop(DropReason.OVERSIZE if size else DropReason.EMPTY)
        finally:
            self._departures.flush()
        return len(sizes)

    def _name(self, address: bytes) -> tuple[Any, ...]:
        """Name a `sockaddr` as the socket module does."""
        port = int.from_bytes(address[2:4], "big")
        if self._socket.family == socket.AF_INET:
            return socket.inet_ntop(socket.AF_INET, address[4:8]), port
        return socket.inet_ntop(socket.AF_INET6, address[8:24]), port, 0, int.from_bytes(address[24:28], sys.byteorder)


def works(host: str, *, joins: bool, libc: Any = None) -> bool:
    """Whether the calls do what they should here: a plain socket on loopback hears what a port sends, and is heard.

    Takes a second at most, and no more than a moment where they work.
    """
    if not is_known_system():
        return False
    family, loopback = (socket.AF_INET6, "::1") if ":" in host else (socket.AF_INET, "127.0.0.1")
    wanted = [bytes([size % 251]) * size for size in (1, 1_200, 1_200, 1_200, 20, MAX_DATAGRAM, 1_200)]
    heard: list[bytes] = []

    def multiply(first: Packet, address: Address) -> None:
        for data in wanted:
            packet = port.copy(first)
            packet.load(data)
            port.queue(packet, address)

    try:
        port = BatchedPort(loopback, 0, Counters(), time.monotonic, joins=joins, libc=libc)
        with contextlib.closing(port), socket.socket(family, socket.SOCK_DGRAM) as plain:
            plain.settimeout(TEST_TIMEOUT_S)
            plain.connect((loopback, port.number))
            plain.send(b"first")
            port.read(multiply)
            for _ in wanted:
                plain.send(plain.recv(STRIDE))
            port.read(lambda packet, _: heard.append(packet.tobytes()))
    except (OSError, AttributeError):  # no loopback of this family, no such functions, or silence
        return False
    return heard == wanted
