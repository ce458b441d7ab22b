import socket
from collections.abc import Iterator
from contextlib import ExitStack

import pytest

from loadtests.datagrams import open_socket, packet_key
from loadtests.replay import Lane, Outcome, Volley, play, press


def packet(number: int) -> bytes:
    return bytes([0x80, 96, number >> 8, number & 255]) + bytes(60)


@pytest.fixture
def wires() -> Iterator[list[tuple[socket.socket, socket.socket]]]:
    """Pairs of sockets; what is sent at the first arrives at the second, with no server in between."""
    with ExitStack() as stack:
        pairs = [(open_socket("127.0.0.1"), open_socket("127.0.0.1")) for _ in range(2)]
        for one, other in pairs:
            stack.enter_context(one)
            stack.enter_context(other)
            one.connect(other.getsockname())
        yield pairs


def volley(due: float, *numbers: int) -> Volley:
    return Volley(due, [packet(number) for number in numbers], [packet_key(96, number) for number in numbers])


def test_every_volley_is_sent_at_its_time_and_its_packets_are_counted_once(
    wires: list[tuple[socket.socket, socket.socket]],
) -> None:
    (one, its), (other, others) = wires
    lanes = [
        Lane(one, [volley(0.0, 1, 2), volley(0.02, 3)], its),
        Lane(other, [volley(0.01, 1), Volley(0.02, [packet(1), b"report"])], others),
    ]
    outcome = play(lanes)
    assert (outcome.sent, outcome.received, outcome.loss) == (4, 4, 0)
    assert len(outcome.delays_ns) == 4
    assert all(0 < delay < 1e9 for delay in outcome.delays_ns)
    assert outcome.wall_s > 0.02


def test_what_never_comes_is_loss(wires: list[tuple[socket.socket, socket.socket]]) -> None:
    (one, its), _ = wires
    expected = Volley(0, [packet(1), packet(9)], [packet_key(96, 1), packet_key(96, 2)])
    outcome = play([Lane(one, [expected], its)])
    assert (outcome.sent, outcome.received, outcome.loss) == (2, 1, 0.5)


def test_pressed_lanes_are_sent_to_the_end_whatever_the_window(
    wires: list[tuple[socket.socket, socket.socket]],
) -> None:
    lanes = [Lane(one, [volley(0, *range(count))], other) for count, (one, other) in zip((500, 11), wires, strict=True)]
    outcome = press(lanes, window=32)
    assert (outcome.sent, outcome.received) == (511, 511)


def test_pressing_ends_when_nothing_comes_any_more(wires: list[tuple[socket.socket, socket.socket]]) -> None:
    (one, its), (_, elsewhere) = wires
    one.connect(elsewhere.getsockname())
    outcome = press([Lane(one, [volley(0, *range(100))], its)], window=32)
    assert (outcome.sent, outcome.received, outcome.loss) == (100, 0, 1)


def test_nothing_sent_is_nothing_lost() -> None:
    assert Outcome().loss == 0
