import asyncio
import socket
from collections.abc import Callable, Iterator
from typing import Any, cast

import pytest

from media.udp_port import DRAIN_LIMIT
from media.wakeups import DENSE_S, EMPTY_LOOKS, POLL_S, Wakeups
from tests.unit.media.doubles import Clock


class _Handle:
    is_cancelled = False

    def cancel(self) -> None:
        self.is_cancelled = True


class Loop:
    """An event loop of which a test plays the selector and the clock."""

    def __init__(self) -> None:
        self.reader: Callable[[], None] | None = None
        self.later: list[tuple[float, Callable[[], None], _Handle]] = []

    def add_reader(self, _: object, callback: Callable[[], None]) -> None:
        self.reader = callback

    def remove_reader(self, _: object) -> None:
        self.reader = None

    def call_later(self, delay: float, callback: Callable[[], None]) -> _Handle:
        handle = _Handle()
        self.later.append((delay, callback, handle))
        return handle

    def call_soon(self, callback: Callable[[], None]) -> _Handle:
        return self.call_later(0.0, callback)


class Traffic:
    """A loop, a clock, and how many datagrams each look finds."""

    def __init__(self, source: socket.socket) -> None:
        self.loop = Loop()
        self.clock = Clock()
        self.finds: list[int] = []
        self.looks = 0
        self.source = source
        self.wakeups = Wakeups(cast("asyncio.AbstractEventLoop", self.loop), source, self._drain, self.clock)

    def _drain(self) -> int:
        self.looks += 1
        return self.finds.pop(0) if self.finds else 1

    def arrive(self, after_s: float) -> None:
        """A datagram wakes the loop, if it is watched for."""
        self.clock.now += after_s
        if self.loop.reader is not None:
            self.loop.reader()

    def crowd(self) -> None:
        """Wake-ups follow one another so closely that a timer takes over."""
        for _ in range(100):
            self.arrive(DENSE_S / 2)
        assert self.loop.reader is None

    def tick(self) -> float:
        """Let the one timer run; return how long it waited."""
        [(delay, callback, handle)] = self.loop.later
        self.loop.later.clear()
        if not handle.is_cancelled:
            callback()
        return delay


@pytest.fixture
def traffic() -> Iterator[Traffic]:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as source:
        yield Traffic(source)


def test_while_few_datagrams_come_each_is_read_as_it_comes(traffic: Traffic) -> None:
    for _ in range(500):
        traffic.arrive(DENSE_S * 2)
    assert traffic.looks == 500
    assert traffic.loop.later == []


def test_while_many_come_the_socket_is_looked_at_once_a_millisecond(traffic: Traffic) -> None:
    traffic.crowd()
    traffic.looks = 0
    traffic.finds = [20, 0, 3, 0, 0, 1]
    assert [traffic.tick() for _ in range(6)] == [POLL_S] * 6
    assert traffic.looks == 6
    assert traffic.loop.reader is None


def test_what_a_drain_left_is_read_in_the_next_turn_of_the_loop(traffic: Traffic) -> None:
    traffic.crowd()
    traffic.finds = [DRAIN_LIMIT, DRAIN_LIMIT, 1]
    traffic.tick()
    assert traffic.tick() == 0.0
    assert traffic.tick() == 0.0
    assert traffic.tick() == POLL_S


def test_after_looks_in_vain_the_socket_is_watched_again(traffic: Traffic) -> None:
    traffic.crowd()
    traffic.finds = [0] * EMPTY_LOOKS
    for _ in range(EMPTY_LOOKS):
        assert traffic.loop.reader is None
        traffic.tick()
    assert traffic.loop.later == []
    traffic.looks = 0
    traffic.arrive(POLL_S)
    assert traffic.looks == 1
    assert traffic.loop.reader is not None


@pytest.mark.parametrize("crowded", [False, True])
def test_nothing_is_called_after_the_end(traffic: Traffic, crowded: bool) -> None:  # noqa: FBT001
    if crowded:
        traffic.crowd()
    traffic.wakeups.close()
    traffic.wakeups.close()
    assert traffic.loop.reader is None
    looks = traffic.looks
    if crowded:
        traffic.tick()
    assert traffic.looks == looks


@pytest.mark.parametrize("crowded", [False, True])
def test_a_drain_may_close(traffic: Traffic, crowded: bool) -> None:  # noqa: FBT001
    if crowded:
        traffic.crowd()

    def close() -> int:
        traffic.wakeups.close()
        traffic.source.close()
        return DRAIN_LIMIT

    cast("Any", traffic.wakeups)._drain = close
    if crowded:
        traffic.tick()
    else:
        traffic.arrive(1.0)
    assert traffic.loop.later == []
    assert traffic.loop.reader is None
