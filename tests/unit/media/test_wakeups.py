import asyncio
import socket
from collections.abc import Callable, Iterator
from typing import Any, cast

import pytest

from media.overflow import ReceiveOverflow
from media.udp_port import DRAIN_LIMIT
from media.wakeups import BUSY, BUSY_POLL_S, DENSE_S, EMPTY_LOOKS, OVERFLOW_MEMORY_S, POLL_S, PRESSED_DRAINS, Wakeups
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


class Overflow:
    """Says at each look whether datagrams were thrown away."""

    def __init__(self) -> None:
        self.has_lost = False
        self.looks = 0

    def look(self) -> bool:
        self.looks += 1
        return self.has_lost


class Traffic:
    """A loop, a clock, and what each read finds; when a test says nothing more, nothing."""

    def __init__(self, source: socket.socket) -> None:
        self.loop = Loop()
        self.clock = Clock()
        self.finds: list[int] = []
        self.reads = 0
        self.source = source
        self.overflow = Overflow()
        self.wakeups = Wakeups(
            cast("asyncio.AbstractEventLoop", self.loop),
            source,
            self._read,
            self.clock,
            cast("ReceiveOverflow", self.overflow),
        )

    def _read(self) -> int:
        self.reads += 1
        return self.finds.pop(0) if self.finds else 0

    def arrive(self, after_s: float) -> None:
        """A datagram wakes the loop, if it is watched for."""
        self.clock.now += after_s
        self.finds = [1]
        if self.loop.reader is not None:
            self.loop.reader()

    def crowd(self) -> None:
        """Wake-ups follow one another so closely that a timer takes over."""
        for _ in range(100):
            self.arrive(DENSE_S / 2)
        assert self.loop.reader is None
        self.finds.clear()

    def look(self, *finds: int) -> float:
        """Let the timer run and its reads find this; return how long it waited."""
        [(delay, callback, handle)] = self.loop.later
        self.loop.later.clear()
        self.finds = list(finds)
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
        assert traffic.finds == []
    assert traffic.loop.later == []


def test_the_rest_of_a_burst_is_asked_for_before_the_loop_waits_again(traffic: Traffic) -> None:
    assert traffic.loop.reader is not None
    traffic.finds = [1, 3, 1, 0, 7]
    traffic.loop.reader()
    assert traffic.finds == [7]


def test_one_turn_reads_no_more_than_two_drains(traffic: Traffic) -> None:
    assert traffic.loop.reader is not None
    traffic.finds = [DRAIN_LIMIT - 1, DRAIN_LIMIT, DRAIN_LIMIT]
    traffic.loop.reader()
    assert traffic.finds == [DRAIN_LIMIT]


def test_while_many_come_the_socket_is_looked_at_by_a_timer_the_more_often_the_more_come(traffic: Traffic) -> None:
    traffic.crowd()
    found = [(1,), (BUSY - 1,), (BUSY,), (), (20, 20), (DRAIN_LIMIT,), (3,)]
    waited = [traffic.look(*finds) for finds in found]
    assert waited[1:] == [POLL_S, POLL_S, BUSY_POLL_S, POLL_S, BUSY_POLL_S, 0.0]
    assert traffic.loop.reader is None


def test_after_looks_in_vain_the_socket_is_watched_again(traffic: Traffic) -> None:
    traffic.crowd()
    for _ in range(EMPTY_LOOKS):
        assert traffic.loop.reader is None
        traffic.look()
    assert traffic.loop.later == []
    traffic.arrive(POLL_S)
    assert traffic.finds == []
    assert traffic.loop.reader is not None


def test_a_port_that_is_always_full_is_pressed_until_it_has_caught_up(traffic: Traffic) -> None:
    traffic.crowd()
    for _ in range(PRESSED_DRAINS):
        assert not traffic.wakeups.is_pressed
        traffic.look(DRAIN_LIMIT)
    assert traffic.wakeups.is_pressed
    traffic.look(DRAIN_LIMIT - 1)
    assert not traffic.wakeups.is_pressed


def test_a_port_whose_datagrams_were_thrown_away_is_pressed_for_a_while(traffic: Traffic) -> None:
    traffic.overflow.has_lost = True
    traffic.crowd()
    traffic.look(DRAIN_LIMIT - 1)
    assert (traffic.overflow.looks, traffic.wakeups.is_pressed) == (
        0,
        False,
    )  # nothing can overflow that is read in one go
    traffic.look(DRAIN_LIMIT)
    traffic.overflow.has_lost = False
    assert traffic.wakeups.is_pressed
    traffic.clock.now += OVERFLOW_MEMORY_S / 2
    traffic.look(DRAIN_LIMIT)
    assert traffic.wakeups.is_pressed
    traffic.clock.now += OVERFLOW_MEMORY_S / 2
    assert not traffic.wakeups.is_pressed


def test_a_read_that_breaks_is_not_the_last_one(traffic: Traffic) -> None:
    traffic.crowd()

    def break_down() -> int:
        raise ValueError("a defect")

    read, cast("Any", traffic.wakeups)._read = traffic.wakeups._read, break_down
    with pytest.raises(ValueError, match="a defect"):
        traffic.look()
    cast("Any", traffic.wakeups)._read = read
    traffic.look(3)
    assert traffic.finds == []


@pytest.mark.parametrize("crowded", [False, True])
def test_nothing_is_read_after_the_end(traffic: Traffic, crowded: bool) -> None:  # noqa: FBT001
    if crowded:
        traffic.crowd()
    traffic.wakeups.close()
    traffic.wakeups.close()
    assert traffic.loop.reader is None
    reads = traffic.reads
    if crowded:
        traffic.look(1)
    assert traffic.reads == reads


@pytest.mark.parametrize("crowded", [False, True])
def test_a_read_may_close(traffic: Traffic, crowded: bool) -> None:  # noqa: FBT001
    if crowded:
        traffic.crowd()

    def close() -> int:
        traffic.wakeups.close()
        traffic.source.close()
        return DRAIN_LIMIT

    cast("Any", traffic.wakeups)._read = close
    if crowded:
        traffic.look()
    else:
        traffic.arrive(1.0)
    assert traffic.loop.later == []
    assert traffic.loop.reader is None
