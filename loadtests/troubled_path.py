"""A UDP proxy that makes a bad network between a peer and a media port, with a link for each direction.

The peer is told the proxy's address instead of the node's; behind the proxy each of the peer's own addresses has a socket of
its own, as behind a NAT. ``move`` gives it a new one, as when a phone goes from Wi-Fi to a mobile network.
"""

import asyncio
import contextlib
import socket
from types import TracebackType
from typing import Any, Final, Self

from loadtests.troubled_link import CLEAN, Conditions, Link

__all__ = ["LOCAL", "TroubledPath"]

LOCAL: Final = "127.0.0.1"
MAX_DATAGRAM: Final = 2048
SOCKET_BUFFER: Final = 1024 * 1024
DRAIN_LIMIT: Final = 32

Address = Any


class TroubledPath:
    """One peer's way to the port ``target`` of this machine, on the running loop: ``up`` to the node, ``down`` to the peer.

    ``host`` is the address of this machine that both sides see of it, with ``port`` for the peer.
    """

    def __init__(self, target: int, *, seed: int = 0, host: str = LOCAL) -> None:
        self.up, self.down = Link(seed=2 * seed), Link(seed=2 * seed + 1)
        self._host, self._target = host, (host, target)
        self._loop = asyncio.get_running_loop()
        self._outside: dict[Address, socket.socket] = {}
        self._inside = self._open()
        self._inside.bind((host, 0))
        self.port: int = self._inside.getsockname()[1]
        self._loop.add_reader(self._inside, self._from_peer)

    def trouble(self, conditions: Conditions = CLEAN, *, down: Conditions | None = None) -> None:
        """Be like this in both directions from now on, or otherwise in the one to the peer."""
        self.up.conditions, self.down.conditions = conditions, down or conditions

    def cut(self, seconds: float) -> None:
        """Lose everything in both directions for so long."""
        for link in (self.up, self.down):
            link.cut(self._loop.time(), seconds)

    def move(self) -> None:
        """Change the address under which the node sees the peer; what is under way to the old one is lost."""
        for address in tuple(self._outside):
            self._close(self._outside.pop(address))
            self._open_outside(address)

    def close(self) -> None:
        """Free the ports; what is under way is lost. Idempotent."""
        for one in (self._inside, *self._outside.values()):
            self._close(one)
        self._outside.clear()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, where: TracebackType | None
    ) -> None:
        self.close()

    def _from_peer(self) -> None:
        for data, address in self._drain(self._inside):
            outside = self._outside.get(address) or self._open_outside(address)
            self._pass(self.up, data, outside, self._target)

    def _from_node(self, outside: socket.socket, peer: Address) -> None:
        for data, address in self._drain(outside):
            if address == self._target:
                self._pass(self.down, data, self._inside, peer)

    def _pass(self, link: Link, data: bytes, through: socket.socket, address: Address) -> None:
        now = self._loop.time()
        out = link.depart(now, len(data))
        if out is None:
            return
        if out <= now:
            self._send(through, data, address)
        else:
            self._loop.call_at(out, self._send, through, data, address)

    def _send(self, through: socket.socket, data: bytes, address: Address) -> None:
        # A full buffer, a port that nobody holds any more or a socket that was closed meanwhile: lost, as on any line.
        with contextlib.suppress(OSError):
            through.sendto(data, address)

    def _drain(self, from_: socket.socket) -> list[tuple[bytes, Address]]:
        taken: list[tuple[bytes, Address]] = []
        with contextlib.suppress(OSError):  # nothing left, or an ICMP error of an earlier send
            while len(taken) < DRAIN_LIMIT:
                taken.append(from_.recvfrom(MAX_DATAGRAM))
        return taken

    def _open_outside(self, peer: Address) -> socket.socket:
        outside = self._outside[peer] = self._open()
        outside.bind((self._host, 0))
        self._loop.add_reader(outside, self._from_node, outside, peer)
        return outside

    def _open(self) -> socket.socket:
        made = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        made.settimeout(0)
        for option in (socket.SO_RCVBUF, socket.SO_SNDBUF):
            made.setsockopt(socket.SOL_SOCKET, option, SOCKET_BUFFER)
        return made

    def _close(self, one: socket.socket) -> None:
        if one.fileno() != -1:
            self._loop.remove_reader(one)
            one.close()
