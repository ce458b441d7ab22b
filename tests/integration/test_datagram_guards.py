"""What strangers and broken peers send to the port, on real sockets (`cases-security.md`)."""

import asyncio
import contextlib
import logging
import random
import re
import socket
import struct
import sys
from collections.abc import Iterator
from typing import Any

import pytest
from aiortc import RTCCertificate
from aiortc.rtcdtlstransport import SRTP_PROFILES
from OpenSSL import SSL
from structlog.testing import capture_logs

from media import DropReason
from media.io import Io
from tests.support.media_port import Port, hears, open_port
from tests.support.webrtc import RawPeer, binding_request, until
from tests.unit.media.doubles import receiver_report, rtp
from tests.unit.media.sdp import answer_to


def client_hello() -> list[bytes]:
    """The first flight of a DTLS client that might be a browser's."""
    context = RTCCertificate.generateCertificate()._create_ssl_context(SRTP_PROFILES)
    client = SSL.Connection(context)
    client.set_connect_state()
    with contextlib.suppress(SSL.WantReadError):
        client.do_handshake()
    flight = []
    with contextlib.suppress(SSL.WantReadError):
        while True:
            flight.append(client.bio_read(1500))
    assert flight
    assert all(data[0] == 22 for data in flight)  # handshake
    return flight


BROKEN_HELLO = bytes.fromhex("16feff0000000000000000") + b"\x00\x40\x01" + bytes(63)
ALERT = bytes.fromhex("15fefd00000000000000000002022f")
CLOSE_NOTIFY = bytes.fromhex("15fefd000000000000000000020100")
GARBAGE = [BROKEN_HELLO, ALERT, CLOSE_NOTIFY, bytes([22]) + b"\xff" * 80, b"\x80" * 40, b"\x80\xc8" * 20, b"\x05" * 9]
ODD_SIZES = [b"", b"\x80" * 1501, b"\x16" * 4000, b"\x00" * 2000, b"\xbf" * 9000]


async def test_s29_empty_and_oversize_datagrams_before_during_and_after_the_handshake_change_nothing(
    port: Port,
) -> None:
    offer = port.offer("one")
    one = await port.enter("one", 100)
    port.disturb(ODD_SIZES, one.socket)
    one.disturb = lambda: port.disturb(ODD_SIZES, one.socket)
    assert await one.connect(offer)
    offer = port.offer("two")
    two = await port.enter("two", 200)
    assert await two.connect(offer)
    for name in ("one", "two"):
        port.node.room("visit").admit(name)
    port.answer("one", one, 100)
    port.answer("two", two, 200)
    await hears(one, two, 100, 1)
    port.disturb(ODD_SIZES, one.socket, two.socket)
    await hears(one, two, 100, 2)
    assert port.dropped(DropReason.EMPTY) > 3
    assert port.dropped(DropReason.OVERSIZE) > 12
    assert port.reasons() == []


async def test_s30_a_second_socket_cannot_disturb_the_handshake_or_the_call(port: Port) -> None:
    hostile = [*client_hello(), *GARBAGE]
    offers = {name: port.offer(name) for name in ("one", "two")}
    peers = {name: await port.enter(name, first) for name, first in (("one", 100), ("two", 200))}
    for name, peer in peers.items():
        port.disturb(hostile * 20)
        peer.disturb = lambda: port.disturb(hostile)
        assert await peer.connect(offers[name])
        port.node.room("visit").admit(name)
    port.answer("one", peers["one"], 100)
    port.answer("two", peers["two"], 200)
    for number in range(1, 6):
        port.disturb(hostile)
        await hears(peers["one"], peers["two"], 100, number)
        await hears(peers["two"], peers["one"], 200, number)
    sent = port.dropped(DropReason.UNVALIDATED_ADDRESS) + port.dropped(DropReason.UNKNOWN_PROTOCOL)
    assert sent > 47 * len(hostile)
    with pytest.raises(BlockingIOError):
        port.stranger.recv(2048)
    assert port.reasons() == []
    assert port.node.stats().transports_connected == 2


def with_random_attributes(ufrag: str, chance: random.Random) -> bytes:
    """A check for a user name that is known, so that it is parsed, with attributes of any kind, length and content."""
    name = f"{ufrag}:peer".encode()
    body = struct.pack("!HH", 0x0006, len(name)) + name + bytes(-len(name) % 4)
    for _ in range(chance.randrange(6)):
        kind = chance.choice([0x0001, 0x0006, 0x0008, 0x0009, 0x0020, 0x0024, 0x0025, 0x8028, 0x8029, 0x802A])
        value = chance.randbytes(chance.randrange(40))
        length = chance.choice([len(value), len(value), len(value), chance.randrange(1 << 16)])
        body += struct.pack("!HH", chance.choice([kind, chance.randrange(1 << 16)]), length) + value
        body += bytes(-len(value) % 4)
    return struct.pack("!HHI", 0x0001, len(body), 0x2112A442) + chance.randbytes(12) + body


async def test_s31_s32_checks_that_are_not_authentic_are_neither_answered_nor_logged(
    port: Port, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    offer = port.offer("one")
    ufrag = re.findall(r"a=ice-ufrag:(\S+)", offer)[0]
    good = binding_request(ufrag, re.findall(r"a=ice-pwd:(\S+)", offer)[0])
    chance = random.Random(32)  # noqa: S311 - the same bytes each time
    wrong = [good[:length] for length in range(1, len(good))]
    wrong += [bytes([1, kind]) + good[2:] for kind in (0x01, 0x11)]
    wrong += [b"\x00\x01\x00\x08" + good[4:20] + bytes([0, kind, 0, 4, 1, 2, 3, 4]) for kind in range(64)]
    wrong += [binding_request(ufrag, None), binding_request(ufrag, "wrong" * 7), binding_request("unknown", "x" * 32)]
    wrong += [with_random_attributes(ufrag, chance) for _ in range(1_000)]
    before = len(caplog.records)
    port.hold_time()
    with capture_logs() as lines:
        for number, data in enumerate(wrong, start=1):
            port.stranger.send(data)
            if not number % 50:
                await port.arrived(number)
                port.clock.skew += 2.0  # so slowly that each is read, whatever one may send in a second
        await port.arrived(len(wrong))
        await asyncio.sleep(0.05)
    assert lines == []
    assert [record.name for record in caplog.records[before:]] == []
    assert port.unhandled == []
    drops = {reason: packets for reason, packets in port.node.stats().drops.items() if packets}
    assert drops.keys() == {DropReason.BAD_STUN, DropReason.UNKNOWN_UFRAG, DropReason.BAD_INTEGRITY}
    assert drops[DropReason.BAD_STUN] > 500
    assert drops[DropReason.BAD_INTEGRITY] > 100
    assert sum(drops.values()) == len(wrong)
    with pytest.raises(BlockingIOError):
        port.stranger.recv(2048)
    port.stranger.send(good)
    await port.arrived(len(wrong) + 1)
    assert port.stranger.recv(2048)[:2] == b"\x01\x01"


async def test_s35_plain_replayed_altered_and_foreign_packets_do_not_reach_the_other(port: Port) -> None:
    one, two = await port.meet()
    sent = one.send_rtp(rtp(100, 7))
    await until(lambda: len(two.received) == 1, "the good one arrives")
    another = one.dtls._tx_srtp.protect(rtp(100, 8))
    one.socket.send(rtp(100, 9))
    one.socket.send(sent)
    one.socket.send(another[:-1] + bytes([another[-1] ^ 1]))
    port.stranger.send(another)
    two.socket.send(two.dtls._tx_srtp.protect(rtp(100, 8)))
    one.send_rtp(rtp(555, 1))
    await hears(one, two, 100, 10)
    assert two.received == [rtp(100, 7), rtp(100, 10)]
    assert one.received == []
    assert port.dropped(DropReason.BAD_SRTP) == 3
    assert port.dropped(DropReason.UNVALIDATED_ADDRESS) == 1
    assert port.dropped(DropReason.UNKNOWN_SSRC) == 2


async def test_s35_plain_replayed_altered_and_foreign_rtcp_does_not_reach_the_other(port: Port) -> None:
    one, two = await port.meet()

    def protect(ssrc: int) -> bytes:
        data: bytes = one.dtls._tx_srtp.protect_rtcp(receiver_report(ssrc))
        return data

    def reports() -> list[bytes]:
        return [report for report in two.reports if report[1] == 201]

    sent = protect(100)
    one.socket.send(sent)
    await until(lambda: reports() == [receiver_report(100)], "the good one arrives")
    another = protect(101)
    one.socket.send(receiver_report(102))
    one.socket.send(receiver_report(102) + bytes(30))
    one.socket.send(sent)
    for position in (4, 9, len(another) - 5, len(another) - 1):
        one.socket.send(another[:position] + bytes([another[position] ^ 1]) + another[position + 1 :])
    two.socket.send(another)
    await until(lambda: port.dropped(DropReason.BAD_SRTP) == 8, "what is not authentic is dropped")
    port.stranger.send(another)
    await until(lambda: port.dropped(DropReason.UNVALIDATED_ADDRESS) == 1, "so is what a stranger has seen")
    one.socket.send(protect(103))
    await until(lambda: receiver_report(103) in two.reports, "another good one arrives")
    assert reports() == [receiver_report(100), receiver_report(103)]
    assert [report for report in one.reports if report[1] == 201] == []
    one.socket.send(another)
    await until(lambda: reports()[2:] == [receiver_report(101)], "what others sent of it has not used it up")


class SocketCalls:
    """What this process asks of sockets while a test looks on: each call that names somebody, each look-up of a name.

    What cffi sends is not in it: the batched ports' media, which go to validated addresses. An audit hook stays for the
    life of the process, so there is one, which hears for whom it is told to.
    """

    EVENTS = ("socket.connect", "socket.sendto", "socket.sendmsg", "socket.getaddrinfo", "socket.gethostbyname")

    def __init__(self) -> None:
        self.heard: list[tuple[str, Any]] | None = None
        sys.addaudithook(self._hear)

    @contextlib.contextmanager
    def watched(self) -> Iterator[list[tuple[str, Any]]]:
        self.heard = []
        try:
            yield self.heard
        finally:
            self.heard = None

    def _hear(self, event: str, arguments: tuple[Any, ...]) -> None:
        if self.heard is not None and event in self.EVENTS:
            self.heard.append((event, arguments[1] if isinstance(arguments[0], socket.socket) else arguments[0]))


SOCKET_CALLS = SocketCalls()


@pytest.mark.parametrize("io", [Io.PLAIN, Io.AUTO])
async def test_s40_of_a_thousand_candidates_none_is_probed_or_resolved(io: Io) -> None:
    async with contextlib.AsyncExitStack() as stack:
        port = await stack.enter_async_context(open_port(io))
        udp = stack.enter_context(socket.socket(socket.AF_INET, socket.SOCK_DGRAM))
        tcp = stack.enter_context(socket.socket(socket.AF_INET, socket.SOCK_STREAM))
        for target in (udp, tcp):
            target.bind(("127.0.0.1", 0))
            target.settimeout(0)
        tcp.listen()
        own = udp.getsockname()[1]
        hosts = [
            f"udp 1 127.0.0.1 {own} typ host",
            f"tcp 1 127.0.0.1 {tcp.getsockname()[1]} typ host",
            f"udp 1 localhost {own} typ host",
            "tcp 1 127.0.0.1 6379 typ host",
            "udp 1 169.254.169.254 80 typ srflx",
            "tcp 1 169.254.169.254 80 typ host",
            "udp 1 d1f3.local 5353 typ host",
            "udp 1 metadata.google.internal 80 typ host",
        ]
        lines = [f"a=candidate:{n} 1 {hosts[n % len(hosts)]}" for n in range(1000)]
        endpoint = port.node.room("visit").open_endpoint("one", "one")
        wanted = endpoint.negotiation()
        peer = RawPeer(port.node.port)
        port.peers.append(peer)
        answer = answer_to(endpoint.sections, {}, peer.fingerprint)
        head, mark, rest = answer.partition("a=mid:0")
        assert wanted.sdp is not None
        with SOCKET_CALLS.watched() as calls:
            assert endpoint.answer(wanted.transport, wanted.revision, head + "\r\n".join(lines) + "\r\n" + mark + rest)
            assert await peer.connect(wanted.sdp)
            await asyncio.sleep(0.7)  # longer than from one sweep to the next
        assert set(calls) == {("socket.sendto", peer.socket.getsockname())}
        with pytest.raises(BlockingIOError):
            udp.recv(2048)
        with pytest.raises(BlockingIOError):
            tcp.accept()
