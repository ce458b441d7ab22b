"""The proxy of bad networks, with real sockets on this machine."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Iterator
from contextlib import closing

import pytest

from loadtests.troubled_link import Conditions
from loadtests.troubled_path import TroubledPath

PATIENCE_S = 5


def open_socket() -> socket.socket:
    made = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    made.bind(("127.0.0.1", 0))
    made.settimeout(0)
    return made


async def receive(from_: socket.socket) -> tuple[bytes, tuple[str, int]]:
    async with asyncio.timeout(PATIENCE_S):
        data, address = await asyncio.get_running_loop().sock_recvfrom(from_, 2048)
        return data, address


@pytest.fixture
def node() -> Iterator[socket.socket]:
    with closing(open_socket()) as one:
        yield one


@pytest.fixture
def peer() -> Iterator[socket.socket]:
    with closing(open_socket()) as one:
        yield one


async def test_what_a_peer_sends_arrives_and_is_answered_through_the_proxy(
    node: socket.socket, peer: socket.socket
) -> None:
    with TroubledPath(node.getsockname()[1]) as path:
        peer.sendto(b"question", ("127.0.0.1", path.port))
        data, seen = await receive(node)
        assert (data, seen == peer.getsockname()) == (b"question", False)
        node.sendto(b"answer", seen)
        assert await receive(peer) == (b"answer", ("127.0.0.1", path.port))


async def test_each_direction_has_its_own_troubles(node: socket.socket, peer: socket.socket) -> None:
    with TroubledPath(node.getsockname()[1]) as path:
        path.trouble(down=Conditions(loss=1))
        peer.sendto(b"question", ("127.0.0.1", path.port))
        _, seen = await receive(node)
        node.sendto(b"answer", seen)
        async with asyncio.timeout(PATIENCE_S):
            while not path.down.lost:
                await asyncio.sleep(0)
        assert (path.up.passed, path.up.lost, path.down.passed) == (1, 0, 0)


async def test_a_move_changes_the_address_that_the_node_sees_and_goes_on_both_ways(
    node: socket.socket, peer: socket.socket
) -> None:
    with TroubledPath(node.getsockname()[1]) as path:
        there = ("127.0.0.1", path.port)
        peer.sendto(b"before", there)
        _, first = await receive(node)
        path.move()
        peer.sendto(b"after", there)
        data, second = await receive(node)
        assert (data, first == second) == (b"after", False)
        node.sendto(b"old address", first)
        node.sendto(b"new address", second)
        assert (await receive(peer))[0] == b"new address"


async def test_strangers_cannot_speak_as_the_node(node: socket.socket, peer: socket.socket) -> None:
    with TroubledPath(node.getsockname()[1]) as path, closing(open_socket()) as stranger:
        peer.sendto(b"question", ("127.0.0.1", path.port))
        _, seen = await receive(node)
        stranger.sendto(b"forged", seen)
        node.sendto(b"answer", seen)
        assert (await receive(peer))[0] == b"answer"


async def test_closing_twice_is_harmless_and_frees_the_port(node: socket.socket) -> None:
    path = TroubledPath(node.getsockname()[1])
    path.close()
    path.close()
    with closing(socket.socket(socket.AF_INET, socket.SOCK_DGRAM)) as again:
        again.bind(("127.0.0.1", path.port))
