"""What a participant with valid keys may do to others: nothing (S36, S37, S38)."""

from __future__ import annotations

import asyncio
import os
import struct
from collections.abc import AsyncIterator
from typing import Any

import pylibsrtp
import pytest

from media import DropReason
from tests.support.media_port import Port, hears, open_port
from tests.support.webrtc import RawPeer, until
from tests.unit.media.doubles import rtp

FLOOD = 100_000


@pytest.fixture
async def port() -> AsyncIterator[Port]:
    """A node whose loop may not see one exception that nobody caught."""
    unhandled: list[dict[str, Any]] = []
    asyncio.get_running_loop().set_exception_handler(lambda _, context: unhandled.append(context))
    async with open_port() as port:
        yield port
    assert unhandled == []


def malformed_rtp(ssrc: int) -> list[bytes]:
    """Packets whose headers promise what is not there."""
    head = struct.pack("!HII", 9, 0, ssrc)
    video = struct.pack("!HII", 9, 0, ssrc + 1)
    return [
        bytes([0x80, 111]) + head,  # no payload
        bytes([0x8F, 111]) + head + bytes(8),  # fifteen contributing sources, two there
        bytes([0x90, 111]) + head + b"\xbe\xde\x00\x00",  # an extension of nothing
        bytes([0x90, 111]) + head + b"\xbe\xde\x00\x01\xff\xff\xff\xff",  # id 15, length 16
        bytes([0x90, 111]) + head + b"\x10\x00\x00\x02" + bytes(8),  # two-byte form
        bytes([0x90, 96]) + video + b"\xbe\xde\x00\x01\x31\x00\x01\x00" + bytes(4),  # a transport-wide number
        bytes([0x90, 96]) + video + b"\xbe\xde\x00\x01\x3f\x00\x01\x00" + bytes(4),  # one of sixteen bytes
        bytes([0xA0, 111]) + head + b"\xff" * 3,  # padding longer than the packet
        bytes([0xA0, 111]) + head + b"\x00",  # padding of nothing
        bytes([0x80, 97]) + struct.pack("!HII", 9, 0, ssrc + 2) + b"\x00",  # half an original sequence number
        bytes([0x80, 97]) + struct.pack("!HII", 10, 0, ssrc + 2),  # none
        bytes([0x80, 0x7F]) + head + bytes(20),  # a payload type that nobody offered
    ]


def malformed_rtcp(ssrc: int, media: int) -> list[bytes]:
    """Compounds whose lengths, counts and lists lie."""
    two = struct.pack("!II", ssrc, media)

    def block(first: int, kind: int, body: bytes, words: int | None = None) -> bytes:
        return struct.pack("!BBH", 0x80 | first, kind, len(body) // 4 if words is None else words) + body

    return [
        block(31, 201, struct.pack("!I", ssrc)),  # 31 report blocks, none there
        block(1, 200, two),  # a sender report cut short
        block(0, 201, struct.pack("!I", ssrc), words=0xFFFF),  # longer than the datagram
        block(0, 201, struct.pack("!I", ssrc)) + b"\x81",  # a byte too many
        block(1, 205, two),  # NACK of nothing
        block(1, 205, two + b"\x00\x01\xff\xff" * 300),  # NACK of everything
        block(15, 205, two + b"\x00\x01\xff\xff\x00\x00\x00\x00" + b"\x3f\xff" * 2),  # feedback on 65,535 packets
        block(15, 205, two + b"\x00\x01\x00\x08\x00\x00\x00\x00" + b"\xd5\x55\x00\x00"),  # deltas that are missing
        block(15, 205, two),  # feedback with no head
        block(1, 206, two),  # PLI
        block(4, 206, two),  # FIR of nobody
        block(4, 206, two + struct.pack("!II", media, 0) * 100),  # FIR a hundred times
        block(15, 206, two + b"REMB\xff\xff\xff\xff" + struct.pack("!I", media)),  # REMB of 255 SSRCs, one there
        block(15, 206, two + b"\x00" * 12),  # something else at the application layer
        block(1, 203, struct.pack("!I", ssrc)),  # BYE
        block(31, 202, b"\x01\xff"[:2] + b"\xff" * 2),  # source descriptions without end
        block(0, 204, struct.pack("!I", ssrc) + b"ABCD" + bytes(64)),  # APP
        block(0, 207, struct.pack("!I", ssrc) + b"\x04\x00\x00\xff"),  # XR
        block(0, 223, struct.pack("!I", ssrc)),  # nothing that exists
    ]


def send_all(peer: RawPeer, rtp_packets: list[bytes], rtcp_packets: list[bytes]) -> int:
    """Send what the sender's own library will encrypt; say how many those were."""
    sent = 0
    for send, packets in ((peer.send_rtp, rtp_packets), (peer.send_rtcp, rtcp_packets)):
        for packet in packets:
            try:
                send(packet)
            except pylibsrtp.Error:
                continue
            sent += 1
    return sent


async def test_s36_authenticated_malformed_packets_harm_nobody_and_their_sender_goes_on(port: Port) -> None:
    one, two = await port.meet()
    await hears(one, two, 100, 1)
    before = port.node.stats().packets_in
    sent = send_all(one, malformed_rtp(100), malformed_rtcp(100, 201))
    assert sent > 25
    await until(lambda: port.node.stats().packets_in >= before + sent, "all have arrived")
    assert port.reasons() == []
    await hears(one, two, 100, 100)
    await hears(two, one, 200, 100)


@pytest.mark.parametrize("people", [2, 3])
async def test_s36_random_bytes_with_valid_keys_raise_nothing(port: Port, people: int) -> None:
    one, two = await port.meet()
    if people == 3:
        offer = port.offer("three")
        three = await port.enter("three", 300)
        assert await three.connect(offer)
        port.node.room("visit").admit("three")
        for name, peer, first in (("one", one, 100), ("two", two, 200), ("three", three, 300)):
            port.answer(name, peer, first)
    before = port.node.stats().packets_in
    heads = [bytes([0x80 | first, kind]) for first in (0, 1, 4, 15, 31) for kind in (200, 201, 202, 205, 206, 207)]
    rtcp = [head + struct.pack("!HI", size // 4 + 1, 100) + os.urandom(size) for head in heads for size in (4, 40, 400)]
    ours = [struct.pack("!BBHII", 0x90, 96, number, 0, 101) + os.urandom(60) for number in range(1, 300)]
    sent = send_all(one, ours, rtcp)
    await until(lambda: port.node.stats().packets_in >= before + sent, "all have arrived")
    await hears(one, two, 100, 1)
    await hears(two, one, 200, 1)
    assert port.reasons() == []


async def test_s37_a_flood_of_ssrcs_is_dropped_before_any_cryptography_and_another_visit_loses_nothing(
    port: Port,
) -> None:
    attacker, _ = await port.meet("attacked")
    one, two = await port.meet("quiet")
    packets = [attacker.dtls._tx_srtp.protect(rtp(1_000_000 + number, 1)) for number in range(FLOOD // 100)]
    before = port.node.stats()

    async def flood() -> int:
        sent = 0
        for _ in range(FLOOD // len(packets)):
            for packet in packets:
                attacker.socket.send(packet)
                sent += 1
                if not sent % 30:
                    await asyncio.sleep(
                        0
                    )  # sender and relay share this loop; what is measured is not the kernel's buffer
        return sent

    flooding = asyncio.create_task(flood())
    number = 0
    while not flooding.done():
        number += 1
        await hears(one, two, 100, number)
        await hears(two, one, 200, number)
    assert await flooding == FLOOD
    after = port.node.stats()
    dropped = {reason: after.drops[reason] - before.drops[reason] for reason in DropReason}
    assert dropped[DropReason.OVER_BUDGET] + dropped[DropReason.UNKNOWN_SSRC] > FLOOD // 2
    assert dropped[DropReason.BAD_SRTP] == 0
    assert after.packets_forwarded - before.packets_forwarded <= 2 * number + 10
    assert number > 3


async def test_s37_a_flood_of_declared_media_is_cut_to_the_packet_and_the_bit_budget(port: Port) -> None:
    attacker, other = await port.meet("attacked")
    await hears(attacker, other, 100, 1)
    before = port.node.stats()
    sent = 12_000
    for number in range(2, sent + 2):
        attacker.send_rtp(rtp(100, number & 0xFFFF, bytes(1000)))
        if not number % 50:
            await asyncio.sleep(0)
    await until(lambda: port.node.stats().drops[DropReason.OVER_BUDGET] > 0, "the budget is spent")
    await asyncio.sleep(0.1)
    after = port.node.stats()
    assert after.packets_forwarded - before.packets_forwarded < sent // 2
    assert (after.bytes_forwarded - before.bytes_forwarded) * 8 < 60_000_000


def storm(sender: int, media: int, number: int) -> list[bytes]:
    """One of each request: a keyframe twice, and a packet again."""
    two = struct.pack("!II", sender, media)
    pli = struct.pack("!BBH", 0x81, 206, 2) + two
    fir = struct.pack("!BBH", 0x84, 206, 4) + struct.pack("!IIII", sender, 0, media, (number & 0xFF) << 24)
    nack = struct.pack("!BBH", 0x81, 205, 3) + two + struct.pack("!HH", 50, 0xFFFF)
    return [pli, fir, nack]


async def test_s38_a_storm_of_requests_reaches_the_publisher_as_a_trickle(port: Port) -> None:
    publisher, subscriber = await port.meet()
    for number in range(1, 101):
        publisher.send_rtp(rtp(101, number, bytes(1000)))
    await until(lambda: sum(packet[8:12] == rtp(101, 0)[8:12] for packet in subscriber.received) == 100, "the picture")
    await asyncio.sleep(0.6)
    before, asked = port.node.stats(), len(publisher.reports)
    for number in range(700):
        for packet in storm(200, 101, number):
            subscriber.send_rtcp(packet)
        if not number % 20:
            await asyncio.sleep(0.005)
    await asyncio.sleep(0.3)
    after = port.node.stats()
    requests = [report for report in publisher.reports[asked:] if report[1] in (205, 206)]
    assert 1 <= len(requests) <= 6
    assert after.packets_forwarded - before.packets_forwarded < 700
