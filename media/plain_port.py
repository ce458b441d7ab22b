"""A port that makes one system call for each datagram. It works everywhere."""

import asyncio
import functools
from collections.abc import Callable
from typing import cast

from media.overflow import ReceiveOverflow
from media.packet import MAX_DATAGRAM, Packet, make_packets
from media.stats import Counters, DropReason
from media.udp_port import DRAIN_LIMIT, Address, Receive, open_socket
from media.wakeups import Wakeups


class PlainPort:
    """A `UdpPort` on a socket's own methods. An address is what the socket module names a peer by."""

    io = "plain"

    def __init__(self, host: str, port: int, counters: Counters, clock: Callable[[], float]) -> None:
        self._socket = open_socket(host, port)
        self.number: int = self._socket.getsockname()[1]
        self._counters = counters
        self._clock = clock
        self._received, self._copied = make_packets(2)
        self._wakeups: Wakeups | None = None

    def listen(self, receive: Receive) -> None:
        """Hand each datagram of 1 to 1500 bytes to `receive`."""
        read = functools.partial(self.read, receive)
        overflow = ReceiveOverflow(self._socket, self._counters)
        self._wakeups = Wakeups(asyncio.get_running_loop(), self._socket, read, self._clock, overflow)

    def queue(self, packet: Packet, address: Address) -> None:
        """Send; here, at once."""
        if self.send(packet.datagram, address):
            self._counters.packets_forwarded += 1
            self._counters.bytes_forwarded += packet.size

    def copy(self, packet: Packet) -> Packet:
        """Copy into the one buffer there is: what was queued before is gone already."""
        self._copied.copy_from(packet)
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
        """The first two of what the socket module gives, which are four in IPv6."""
        host, port, *_ = cast("tuple[str, int]", address)
        return host, port

    @property
    def is_pressed(self) -> bool:
        """Whether more comes than can be read."""
        return self._wakeups is not None and self._wakeups.is_pressed

    @property
    def is_closed(self) -> bool:
        """Whether the port was given back."""
        return self._socket.fileno() == -1

    def close(self) -> None:
        """Stop listening and free the port. Idempotent."""
        if self._wakeups is not None:
            self._wakeups.close()
        self._socket.close()

    def read(self, receive: Receive) -> int:
        """Hand what has arrived to `receive`, 64 datagrams at most, and return how many there were."""
        packet, counters = self._received, self._counters
        recvfrom_into, data = self._socket.recvfrom_into, packet.data
        packet.arrived_at = self._clock()
        for count in range(DRAIN_LIMIT):
            try:
                # One byte more than the limit, so that a longer datagram shows as longer.
                packet.size, address = recvfrom_into(data, MAX_DATAGRAM + 1)
            except OSError:  # nothing left, or an ICMP error of an earlier send
                return count
            counters.packets_in += 1
            counters.bytes_in += packet.size
            if not packet.size:
                counters.drop(DropReason.EMPTY)
            elif packet.size > MAX_DATAGRAM:
                counters.drop(DropReason.OVERSIZE)
            else:
                receive(packet, address)
        return DRAIN_LIMIT
