"""The one UDP socket of a node."""

import asyncio
import contextlib
import socket
from collections.abc import Callable, Hashable
from typing import Protocol, cast

from media.packet import MAX_DATAGRAM, Packet, make_packets
from media.stats import Counters, DropReason

# What a port names a peer by. Opaque: only the port that gave it can say more (`host_and_port`).
Address = Hashable

# One wake-up of the loop must not starve HTTP and Socket.IO; what remains wakes it again.
DRAIN_LIMIT = 64
SOCKET_BUFFER = 4 * 1024 * 1024


class UdpPort(Protocol):
    """A UDP port on the running loop: datagrams of 1 to 1500 bytes in, any out. Nothing of it ever waits."""

    number: int

    def listen(self, receive: Callable[[Packet, Address], None]) -> None:
        """Hand each datagram to `receive`, whose packet is its own until it returns."""

    def queue(self, packet: Packet, address: Address) -> None:
        """Send within `receive`: the packet that was handed over, or a `copy` of it. It goes when the port has read what there is.

        Counted as forwarded once it went; dropped and counted when the socket does not take it.
        """

    def copy(self, packet: Packet) -> Packet:
        """Copy a packet within `receive`, to be changed and queued."""

    def send(self, data: bytes | memoryview, address: Address) -> bool:
        """Send at once, or drop and count: a full buffer is a lost packet to real-time media. False when it was dropped."""

    def host_and_port(self, address: Address) -> tuple[str, int]:
        """What STUN calls this address."""

    @property
    def is_closed(self) -> bool:
        """Whether the port was given back."""

    def close(self) -> None:
        """Stop listening and free the port. Idempotent."""


def open_socket(host: str, port: int) -> socket.socket:
    """Bind a non-blocking UDP socket with large buffers. Raises `OSError` when the port cannot be bound."""
    bound = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET, socket.SOCK_DGRAM)
    bound.settimeout(0)
    for option in (socket.SO_RCVBUF, socket.SO_SNDBUF):
        with contextlib.suppress(OSError):  # the system's limit is not ours to raise
            bound.setsockopt(socket.SOL_SOCKET, option, SOCKET_BUFFER)
    try:
        bound.bind((host, port))
    except OSError:
        bound.close()
        raise
    return bound


class PlainPort:
    """A port that makes one system call for each datagram. An address is what the socket module names a peer by."""

    def __init__(self, host: str, port: int, counters: Counters, clock: Callable[[], float]) -> None:
        self._socket = open_socket(host, port)
        self.number: int = self._socket.getsockname()[1]
        self._counters = counters
        self._clock = clock
        self._loop = asyncio.get_running_loop()
        self._received, self._copied = make_packets(2)

    def listen(self, receive: Callable[[Packet, Address], None]) -> None:
        """Hand each datagram of 1 to 1500 bytes to `receive`."""
        self._loop.add_reader(self._socket, self._drain, receive)

    def queue(self, packet: Packet, address: Address) -> None:
        """Send; here, at once."""
        if self.send(packet.datagram, address):
            self._counters.packets_forwarded += 1
            self._counters.bytes_forwarded += packet.size

    def copy(self, packet: Packet) -> Packet:
        """Copy into the one buffer there is: what was queued before is gone already."""
        self._copied.load(packet.datagram)
        self._copied.arrived_at = packet.arrived_at
        return self._copied

    def send(self, data: bytes | memoryview, address: Address) -> bool:
        """Send or drop, never wait."""
        try:
            self._socket.sendto(data, cast("tuple[str, int]", address))
        except BlockingIOError:
            self._counters.drop(DropReason.SEND_BLOCKED)
            return False
        except OSError:
            self._counters.drop(DropReason.SEND_FAILED)
            return False
        return True

    def host_and_port(self, address: Address) -> tuple[str, int]:
        """The first two of what the socket module gives, in IPv6 four."""
        return cast("tuple[str, int]", address)[:2]

    @property
    def is_closed(self) -> bool:
        """Whether the port was given back."""
        return self._socket.fileno() == -1

    def close(self) -> None:
        """Stop listening and free the port. Idempotent."""
        if not self.is_closed:
            self._loop.remove_reader(self._socket)
            self._socket.close()

    def _drain(self, receive: Callable[[Packet, Address], None]) -> None:
        packet, counters = self._received, self._counters
        recvfrom_into, data = self._socket.recvfrom_into, packet.data
        packet.arrived_at = self._clock()
        for _ in range(DRAIN_LIMIT):
            try:
                # One byte more than the limit, so that a longer datagram shows as longer.
                packet.size, address = recvfrom_into(data, MAX_DATAGRAM + 1)
            except OSError:  # nothing left, or an ICMP error of an earlier send
                return
            counters.packets_in += 1
            counters.bytes_in += packet.size
            if not packet.size:
                counters.drop(DropReason.EMPTY)
            elif packet.size > MAX_DATAGRAM:
                counters.drop(DropReason.OVERSIZE)
            else:
                receive(packet, address)
