"""The one UDP socket of a node: what its two implementations have in common."""

import contextlib
import socket
from collections.abc import Callable, Hashable
from typing import Protocol

from media.packet import Packet

# What a port names a peer by. Opaque: only the port that gave it can say more (`host_and_port`).
Address = Hashable
Receive = Callable[[Packet, Address], None]

# One wake-up of the loop must not starve HTTP and Socket.IO.
DRAIN_LIMIT = 64
SOCKET_BUFFER = 4 * 1024 * 1024


class UdpPort(Protocol):
    """A UDP port on the running loop: datagrams of 1 to 1500 bytes in, any out. Nothing of it ever waits."""

    io: str
    number: int

    def listen(self, receive: Receive) -> None:
        """Hand each datagram to `receive`. The packet is the receiver's until it returns."""

    def read(self, receive: Receive) -> int:
        """Hand over what is there now, `DRAIN_LIMIT` datagrams at most, and return how many there were."""

    def queue(self, packet: Packet, address: Address) -> None:
        """Send within `receive`: the packet that was handed over, or a `copy` of it, not to be touched any more.

        It goes before the read returns. Counted as forwarded once it went, else dropped and counted.
        """

    def copy(self, packet: Packet) -> Packet:
        """Copy a packet within `receive`, to be changed and queued."""

    def send(self, data: bytes | memoryview, address: Address) -> bool:
        """Send at once, or drop and count: a full buffer is a lost packet to real-time media. False when it was dropped."""

    def host_and_port(self, address: Address) -> tuple[str, int]:
        """What STUN calls this address."""

    @property
    def is_pressed(self) -> bool:
        """Whether more comes than can be read: what is missing was then most likely lost here, and is not to be asked for."""

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
