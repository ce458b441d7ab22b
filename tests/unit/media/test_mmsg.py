import errno
import socket
from collections.abc import Iterator
from typing import Any

import pytest

from media import mmsg
from media.batched_port import QUEUE_LIMIT, BatchedPort
from media.mmsg import RUN_LIMIT
from media.packet import Packet
from media.stats import Counters, DropReason
from media.udp_port import DRAIN_LIMIT, Address

REAL = mmsg.load_libc()


class Libc:
    """The two calls, `sendmmsg` answering as a test says for each call: how many to take at most, or which error."""

    def __init__(self, *answers: int) -> None:
        self.recvmmsg = REAL.recvmmsg
        self.answers = list(answers)
        self.asked: list[int] = []

    def sendmmsg(self, fileno: int, messages: Any, count: int, flags: int) -> int:
        self.asked.append(count)
        answer = self.answers.pop(0) if self.answers else count
        if answer > 0:
            return int(REAL.sendmmsg(fileno, messages, min(answer, count), flags))
        mmsg._ffi.errno = -answer
        return -1


class Echo:
    """A port that sends each datagram back `times` times, and a peer of it."""

    def __init__(self, libc: Libc, *, times: int, joins: bool) -> None:
        self.counters = Counters()
        self.libc = libc
        self.port = BatchedPort("127.0.0.1", 0, self.counters, lambda: 0.0, joins=joins, libc=libc)
        self.times = times
        self.peer = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.peer.settimeout(2)
        self.peer.connect(("127.0.0.1", self.port.number))

    def answer(self, packet: Packet, address: Address) -> None:
        for _ in range(self.times - 1):
            self.port.queue(self.port.copy(packet), address)
        self.port.queue(packet, address)

    def ask(self, count: int) -> int:
        return self.ask_for([b"%d" % number for number in range(count)])

    def ask_for(self, datagrams: list[bytes]) -> int:
        for data in datagrams:
            self.peer.send(data)
        return self.port.read(self.answer)

    def heard(self) -> list[bytes]:
        return [self.peer.recv(2_000) for _ in range(self.counters.packets_forwarded)]

    def dropped(self) -> dict[DropReason, int]:
        return {reason: count for reason, count in self.counters.drops.items() if count}


@pytest.fixture
def echoes() -> Iterator[list[Echo]]:
    made: list[Echo] = []
    yield made
    for echo in made:
        echo.port.close()
        echo.peer.close()


def make(echoes: list[Echo], *answers: int, times: int = 1, joins: bool = False) -> Echo:
    echoes.append(Echo(Libc(*answers), times=times, joins=joins))
    return echoes[-1]


def test_a_drain_is_answered_with_one_call_and_reads_no_more_than_its_limit(echoes: list[Echo]) -> None:
    echo = make(echoes)
    assert echo.ask(DRAIN_LIMIT + 3) == DRAIN_LIMIT
    assert echo.port.read(echo.answer) == 3
    assert echo.port.read(echo.answer) == 0
    assert echo.libc.asked == [DRAIN_LIMIT, 3]
    assert echo.heard() == [b"%d" % number for number in range(DRAIN_LIMIT + 3)]


def test_what_the_kernel_did_not_take_at_first_is_given_again_in_order(echoes: list[Echo]) -> None:
    echo = make(echoes, 4, 1, 3)
    echo.ask(10)
    assert echo.libc.asked == [10, 6, 5, 2]
    assert echo.heard() == [b"%d" % number for number in range(10)]
    assert echo.counters.bytes_forwarded == 10


def test_a_full_buffer_drops_the_rest_and_does_not_wait(echoes: list[Echo]) -> None:
    echo = make(echoes, 4, -errno.EAGAIN)
    echo.ask(10)
    assert echo.libc.asked == [10, 6]
    assert echo.heard() == [b"0", b"1", b"2", b"3"]
    assert echo.dropped() == {DropReason.SEND_BLOCKED: 6}
    echo.ask(1)
    assert echo.counters.packets_forwarded == 5


def test_a_datagram_that_cannot_be_sent_does_not_keep_the_others(echoes: list[Echo]) -> None:
    echo = make(echoes, 2, -errno.ENETUNREACH, 1, -errno.EPERM)
    echo.ask(6)
    assert echo.libc.asked == [6, 4, 3, 2, 1]
    assert echo.heard() == [b"0", b"1", b"3", b"5"]
    assert echo.dropped() == {DropReason.SEND_FAILED: 2}


def test_more_than_the_queue_holds_goes_in_several_calls_and_no_copy_is_overwritten(echoes: list[Echo]) -> None:
    echo = make(echoes, times=5)
    echo.ask(40)
    assert echo.libc.asked == [QUEUE_LIMIT, 200 - QUEUE_LIMIT]
    assert echo.heard() == [b"%d" % (number // 5) for number in range(200)]


def test_a_receiver_that_breaks_loses_nothing_that_was_queued(echoes: list[Echo]) -> None:
    echo = make(echoes)

    def break_at_the_third(packet: Packet, address: Address) -> None:
        if packet.tobytes() == b"2":
            raise RuntimeError
        echo.answer(packet, address)

    for number in range(4):
        echo.peer.send(b"%d" % number)
    with pytest.raises(RuntimeError):
        echo.port.read(break_at_the_third)
    assert echo.heard() == [b"0", b"1"]


def test_a_really_full_socket_buffer_is_no_exception(echoes: list[Echo]) -> None:
    echo = make(echoes, times=20)
    echo.port._socket.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 1)
    echo.ask(60)
    assert echo.counters.packets_forwarded + echo.counters.drops[DropReason.SEND_BLOCKED] == 1_200


def test_after_its_end_a_port_reads_and_sends_nothing(echoes: list[Echo]) -> None:
    echo = make(echoes)
    echo.peer.send(b"x")
    echo.port.close()
    with socket.socket() as other:  # may get the number that became free
        assert echo.port.read(echo.answer) == 0
        assert other.fileno() >= 0
    assert echo.libc.asked == []


def sized(*sizes: int) -> list[bytes]:
    """Datagrams that differ by their first byte."""
    return [bytes([number]) + bytes(size - 1) for number, size in enumerate(sizes)]


@pytest.mark.parametrize(
    ("sizes", "messages"),
    [
        ((1_000,) * 5, 1),
        ((1_000, 1_000, 1_000, 400), 1),
        ((1_000, 400, 400), 2),
        ((400, 1_000, 1_000, 1_001, 1_001), 3),
        ((1_000, 400, 1_000), 2),
        ((1_500,) * RUN_LIMIT, 1),
        ((1_500,) * (RUN_LIMIT + 1), 2),
        ((1,), 1),
    ],
)
def test_a_run_of_one_size_and_one_address_leaves_as_one_message(
    echoes: list[Echo], sizes: tuple[int, ...], messages: int
) -> None:
    echo = make(echoes, joins=True)
    echo.ask_for(sized(*sizes))
    assert echo.libc.asked == [messages]
    assert echo.heard() == sized(*sizes)
    assert echo.counters.bytes_forwarded == sum(sizes)
    echo.ask_for(sized(*sizes))
    assert [echo.peer.recv(2_000) for _ in sizes] == sized(*sizes)


def test_another_address_begins_another_message(echoes: list[Echo]) -> None:
    echo = make(echoes, joins=True)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as other:
        other.settimeout(2)
        other.connect(("127.0.0.1", echo.port.number))
        for sender, data in zip([echo.peer, other, other, echo.peer], sized(9, 9, 9, 9), strict=True):
            sender.send(data)
        echo.port.read(echo.answer)
        assert echo.libc.asked == [3]
        assert [echo.peer.recv(100) for _ in range(2)] == [sized(9)[0], sized(9, 9, 9, 9)[3]]
        assert [other.recv(100) for _ in range(2)] == sized(9, 9, 9)[1:]


def test_a_run_that_is_refused_is_sent_apart_and_the_next_one_is_tried_as_a_run(echoes: list[Echo]) -> None:
    echo = make(echoes, -errno.EINVAL, 1, -errno.EPERM, 1, joins=True)
    datagrams = sized(900, 900, 900, 1_000, 1_000)
    echo.ask_for(datagrams)
    # Two runs at first; then the first run's three, the second of which is not taken; then the second run.
    assert echo.libc.asked == [2, 1, 1, 1, 1]
    assert echo.heard() == [datagrams[index] for index in (0, 2, 3, 4)]
    assert echo.dropped() == {DropReason.SEND_FAILED: 1}
    echo.ask_for(sized(900, 900))
    assert echo.libc.asked[5:] == [1]


def test_a_full_buffer_drops_runs_by_their_datagrams(echoes: list[Echo]) -> None:
    echo = make(echoes, 1, -errno.EAGAIN, joins=True)
    echo.ask_for(sized(900, 900, 1_000, 1_000, 1_000, 1_100))
    assert echo.counters.packets_forwarded == 2
    assert echo.dropped() == {DropReason.SEND_BLOCKED: 4}


def test_a_full_buffer_while_a_run_is_sent_apart_is_counted_as_such(echoes: list[Echo]) -> None:
    echo = make(echoes, -errno.EIO, 1, -errno.EAGAIN, joins=True)
    echo.ask_for(sized(900, 900))
    assert (echo.counters.packets_forwarded, echo.dropped()) == (1, {DropReason.SEND_BLOCKED: 1})
