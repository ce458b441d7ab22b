"""What every port promises, tried with each on this machine's own addresses."""

import asyncio
import functools
import socket
from collections.abc import AsyncIterator, Callable
from typing import cast

import pytest

from media.batched_port import BatchedPort
from media.packet import MAX_DATAGRAM, Packet
from media.plain_port import PlainPort
from media.stats import Counters, DropReason
from media.udp_port import DRAIN_LIMIT, Address, UdpPort

HOSTS = ["127.0.0.1", "::1"]
PORTS = [PlainPort, BatchedPort, functools.partial(BatchedPort, joins=False)]


class Bench:
    """A port on a loopback address, and a peer of it."""

    def __init__(self, kind: Callable[..., UdpPort], host: str) -> None:
        self.counters = Counters()
        self.port = kind(host, 0, self.counters, lambda: 12.5)
        self.heard: list[bytes] = []
        self.address: Address = None
        self.act: Callable[[Packet, Address], None] = lambda *_: None
        self.peer = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET, socket.SOCK_DGRAM)
        self.peer.settimeout(2)
        self.peer.connect((host, self.port.number))
        self.port.listen(self._receive)

    def _receive(self, packet: Packet, address: Address) -> None:
        assert packet.arrived_at == 12.5
        self.heard.append(packet.tobytes())
        self.address = address
        self.act(packet, address)

    async def until_heard(self, count: int) -> None:
        async with asyncio.timeout(5):
            while len(self.heard) < count:
                await asyncio.sleep(0)

    def dropped(self) -> dict[DropReason, int]:
        return {reason: count for reason, count in self.counters.drops.items() if count}


@pytest.fixture(params=HOSTS)
def host(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(params=PORTS)
def kind(request: pytest.FixtureRequest) -> Callable[..., UdpPort]:
    return cast("Callable[..., UdpPort]", request.param)


@pytest.fixture
async def bench(kind: Callable[..., UdpPort], host: str) -> AsyncIterator[Bench]:
    bench = Bench(kind, host)
    yield bench
    bench.port.close()
    bench.peer.close()


async def test_datagrams_of_1_to_1500_bytes_are_handed_over_and_others_counted(bench: Bench) -> None:
    sizes = [1, 0, 2, 12, MAX_DATAGRAM, MAX_DATAGRAM + 1, 9_000, 7]
    sent = [bytes([number]) * size for number, size in enumerate(sizes)]
    for data in sent:
        bench.peer.send(data)
    await bench.until_heard(5)
    assert bench.heard == [data for data in sent if 1 <= len(data) <= MAX_DATAGRAM]
    assert bench.dropped() == {DropReason.EMPTY: 1, DropReason.OVERSIZE: 2}
    assert bench.counters.packets_in == len(sent)


async def test_an_address_is_the_same_each_time_differs_by_peer_and_says_host_and_port(bench: Bench, host: str) -> None:
    addresses = []
    bench.act = lambda _, address: addresses.append(address)
    other = socket.socket(bench.peer.family, socket.SOCK_DGRAM)
    other.connect((host, bench.port.number))
    with other:
        for sender in (bench.peer, other, bench.peer):
            sender.send(b"x")
        await bench.until_heard(3)
        assert addresses[0] == addresses[2] != addresses[1]
        assert len(set(addresses)) == 2
        assert bench.port.host_and_port(addresses[0]) == bench.peer.getsockname()[:2]
        assert bench.port.host_and_port(addresses[1]) == other.getsockname()[:2]


async def test_what_is_queued_goes_to_its_address_and_is_counted_as_forwarded(bench: Bench) -> None:
    def answer_twice(packet: Packet, address: Address) -> None:
        copy = bench.port.copy(packet)
        copy.data[0] = ord("C")
        packet.data[0] = ord("P")
        packet.size += 1
        packet.data[packet.size - 1] = ord("!")
        bench.port.queue(copy, address)
        bench.port.queue(packet, address)

    bench.act = answer_twice
    sent = [b"%03d" % number + bytes(number) for number in range(200)]
    answers = []
    for number, data in enumerate(sent, start=1):
        bench.peer.send(data)
        if number % 40 == 0:
            await bench.until_heard(number)
            await asyncio.sleep(0)
            answers += [bench.peer.recv(2_000) for _ in range(80)]
    assert sorted(answers) == sorted([b"C" + data[1:] for data in sent] + [b"P" + data[1:] + b"!" for data in sent])
    assert bench.counters.packets_forwarded == 400
    assert bench.counters.bytes_forwarded == sum(map(len, answers))


async def test_what_is_sent_goes_at_once(bench: Bench) -> None:
    bench.peer.send(b"x")
    await bench.until_heard(1)
    assert bench.port.send(b"bytes", bench.address)
    assert bench.port.send(memoryview(b"a view"), bench.address)
    assert (bench.peer.recv(100), bench.peer.recv(100)) == (b"bytes", b"a view")
    assert bench.counters.packets_forwarded == 0


async def test_more_than_one_drain_takes_are_all_heard(bench: Bench) -> None:
    for number in range(3 * DRAIN_LIMIT):
        bench.peer.send(b"%d" % number)
    await bench.until_heard(3 * DRAIN_LIMIT)
    assert bench.heard == [b"%d" % number for number in range(3 * DRAIN_LIMIT)]


async def test_what_the_kernel_throws_away_unread_is_counted_and_shows_as_pressure(bench: Bench) -> None:
    assert not bench.port.is_pressed
    sent = 6_000
    for _ in range(sent):
        bench.peer.send(bytes(1_400))
    async with asyncio.timeout(20):
        while len(bench.heard) + bench.counters.drops[DropReason.RECEIVE_OVERFLOW] < sent:
            await asyncio.sleep(0)
    assert bench.dropped() == {DropReason.RECEIVE_OVERFLOW: sent - len(bench.heard)}
    assert bench.port.is_pressed


async def test_closing_frees_the_port_even_within_a_drain(
    kind: Callable[..., UdpPort], bench: Bench, host: str
) -> None:
    bench.act = lambda *_: bench.port.close()
    bench.peer.send(b"1")
    bench.peer.send(b"2")
    await bench.until_heard(1)
    await asyncio.sleep(0)
    bench.port.close()
    assert bench.port.is_closed
    again = kind(host, bench.port.number, Counters(), lambda: 0.0)
    assert again.number == bench.port.number
    again.close()


async def test_a_taken_port_is_an_os_error(kind: Callable[..., UdpPort], bench: Bench, host: str) -> None:
    with pytest.raises(OSError, match="in use"):
        kind(host, bench.port.number, Counters(), lambda: 0.0)
