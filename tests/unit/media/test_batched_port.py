import errno
import socket
import sys
from collections.abc import Iterator
from typing import Any

import pytest

from media import batched_port
from media.batched_port import QUEUE_LIMIT, BatchedPort, works
from media.packet import Packet
from media.stats import Counters, DropReason
from media.udp_port import DRAIN_LIMIT, Address

REAL = batched_port._ffi.dlopen(None)


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
        batched_port._ffi.errno = -answer
        return -1


class Echo:
    """A port that sends each datagram back `times` times, and a peer of it."""

    def __init__(self, libc: Libc, times: int = 1) -> None:
        self.counters = Counters()
        self.libc = libc
        self.port = BatchedPort("127.0.0.1", 0, self.counters, lambda: 0.0, libc=libc)
        self.times = times
        self.peer = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.peer.settimeout(2)
        self.peer.connect(("127.0.0.1", self.port.number))

    def answer(self, packet: Packet, address: Address) -> None:
        for _ in range(self.times - 1):
            self.port.queue(self.port.copy(packet), address)
        self.port.queue(packet, address)

    def ask(self, count: int) -> int:
        for number in range(count):
            self.peer.send(b"%d" % number)
        return self.port.read(self.answer)

    def heard(self) -> list[bytes]:
        return [self.peer.recv(100) for _ in range(self.counters.packets_forwarded)]

    def dropped(self) -> dict[DropReason, int]:
        return {reason: count for reason, count in self.counters.drops.items() if count}


@pytest.fixture
def echoes() -> Iterator[list[Echo]]:
    made: list[Echo] = []
    yield made
    for echo in made:
        echo.port.close()
        echo.peer.close()


def make(echoes: list[Echo], *answers: int, times: int = 1) -> Echo:
    echoes.append(Echo(Libc(*answers), times))
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


def test_the_two_calls_work_here_in_both_families() -> None:
    assert works("0.0.0.0")
    assert works("::")


class Missing:
    """A C library without the two calls."""


class Altering(Libc):
    """Sends everything twice as long as it should be."""

    def sendmmsg(self, fileno: int, messages: Any, count: int, flags: int) -> int:
        messages[0].msg_hdr.msg_iov[0].iov_len += 1
        return super().sendmmsg(fileno, messages, count, flags)


@pytest.mark.parametrize(
    "libc", [Missing(), Altering(), Libc(-errno.ENOSYS, -errno.ENOSYS, -errno.ENOSYS, -errno.ENOSYS)]
)
def test_calls_that_are_missing_or_do_something_else_are_found_out(libc: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(batched_port, "TEST_TIMEOUT_S", 0.01)
    assert not works("127.0.0.1", libc)


def test_another_system_is_not_tried(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "freebsd14")
    assert not works("127.0.0.1")
