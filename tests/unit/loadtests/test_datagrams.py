import socket
import time
from collections.abc import Iterator

import pytest

from loadtests.datagrams import INBOX_DATAGRAMS, Inbox, Outbox, open_socket, packet_key

Pair = tuple[socket.socket, socket.socket]


@pytest.fixture
def pair() -> Iterator[Pair]:
    one, other = open_socket("127.0.0.1"), open_socket("127.0.0.1")
    one.connect(other.getsockname())
    with one, other:
        yield one, other


def rtp(payload_type: int, number: int) -> bytes:
    return bytes([0x80, payload_type, number >> 8, number & 255]) + bytes(200)


def test_what_lies_ready_is_sent_as_it_is_from_where_one_says(pair: Pair) -> None:
    outbox = Outbox(pair[0], [b"first", b"the second", b"3"])
    assert outbox.send(1, 2) == 2
    assert outbox.send(0, 1) == 1
    assert [pair[1].recv(100) for _ in range(3)] == [b"the second", b"3", b"first"]


def test_arrivals_are_told_apart_and_timed_by_the_kernel(pair: Pair) -> None:
    inbox = Inbox()
    before = time.time_ns()
    Outbox(pair[0], [rtp(96, 0x1234), rtp(111 | 0x80, 7)]).send(0, 2)
    after = time.time_ns()
    assert inbox.receive(pair[1].fileno()) == 2
    taken = inbox.empty()
    assert [key for key, _ in taken] == [packet_key(96, 0x1234), packet_key(111, 7)]
    assert all(before <= at <= after for _, at in taken)
    assert inbox.empty() == []


def test_an_inbox_that_is_full_takes_no_more_and_after_reading_takes_again(pair: Pair) -> None:
    inbox = Inbox()
    outbox = Outbox(pair[0], [rtp(96, number) for number in range(64)])
    seen: list[int] = []
    for _ in range(INBOX_DATAGRAMS // 64):
        outbox.send(0, 64)
        inbox.receive(pair[1].fileno())
    assert inbox.room == 0
    outbox.send(0, 1)
    assert inbox.receive(pair[1].fileno()) == 0
    seen += [key for key, _ in inbox.empty()]
    assert inbox.receive(pair[1].fileno()) == 1
    seen += [key for key, _ in inbox.empty()]
    assert seen == [packet_key(96, number) for number in range(64)] * (INBOX_DATAGRAMS // 64) + [packet_key(96, 0)]


def test_where_nothing_has_arrived_nothing_is_taken(pair: Pair) -> None:
    assert Inbox().receive(pair[1].fileno()) == 0
