"""What a participant with valid keys may do to others: nothing (S36, S37, S38)."""

from __future__ import annotations

import asyncio
import random
import struct
from collections.abc import AsyncIterator, Iterator
from itertools import count

import pylibsrtp
import pytest
from aiortc.rtcdtlstransport import SRTP_PROFILES

from media import DropReason
from media.keyframes import MIN_INTERVAL_S
from media.node import SWEEP_INTERVAL_S
from media.resend import BURST_BYTES, MIN_BUDGET_BPS, UNKNOWN_RTT_S
from media.uplink import ADMITTED_PACKETS_PER_S, BITS_PER_S, RTCP_PER_S
from tests.support.media_port import Port, hears, open_port
from tests.support.webrtc import RawPeer, until
from tests.unit.media.doubles import rtp

FLOOD = 100_000
# A machine that is shared stalls by itself; a visit that waits for another's flood waits for seconds.
WORSE_BY_S = 0.25


@pytest.fixture
async def port() -> AsyncIterator[Port]:
    async with open_port() as port:
        yield port


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


async def gather(port: Port, people: int) -> list[RawPeer]:
    return list(await (port.meet() if people == 2 else port.meet_three()))


async def all_hear_all(peers: list[RawPeer], number: int) -> None:
    for ssrc, sender in zip((100, 200, 300), peers, strict=False):
        for receiver in peers:
            if receiver is not sender:
                await hears(sender, receiver, ssrc, number)
                number += 1


@pytest.mark.parametrize("people", [2, 3])
async def test_s36_authenticated_malformed_packets_harm_nobody_and_their_sender_goes_on(
    port: Port, people: int
) -> None:
    peers = await gather(port, people)
    await all_hear_all(peers, 1)
    before = port.node.stats().packets_in
    sent = send_all(peers[0], malformed_rtp(100), malformed_rtcp(100, 201))
    assert sent > 25
    await port.arrived(before + sent)
    assert port.reasons() == []
    await all_hear_all(peers, 100)


def random_rtp(chance: random.Random, number: int) -> bytes:
    """A packet of the picture or its repeats, all of whose inside is random: sources, extension, marker, padding, payload.

    Only the lengths are true, or the sender's own library would not encrypt it, nor ours decrypt.
    """
    kind, ssrc = chance.choice([(96, 101), (97, 102), (111, 100)])
    sources, words = chance.randrange(16), chance.randrange(12)
    first = 0x90 | sources | chance.choice([0, 0x20])
    profile = chance.choice([0xBEDE, 0xBEDE, 0x1000, chance.randrange(1 << 16)])
    head = struct.pack("!BBHII", first, kind | chance.choice([0, 0x80]), number, 0, ssrc)
    extension = struct.pack("!HH", profile, words) + chance.randbytes(4 * words)
    return head + chance.randbytes(4 * sources) + extension + chance.randbytes(chance.randrange(60))


@pytest.mark.parametrize("people", [2, 3])
@pytest.mark.parametrize("seed", range(3))
async def test_s36_random_bytes_with_valid_keys_raise_nothing(port: Port, people: int, seed: int) -> None:
    chance = random.Random(seed)  # noqa: S311 - the same bytes each time
    peers = await gather(port, people)
    await all_hear_all(peers, 1)
    before = port.node.stats().packets_in
    heads = [bytes([0x80 | first, kind]) for first in (0, 1, 4, 15, 31) for kind in (200, 201, 202, 205, 206, 207)]
    rtcp = [
        head + struct.pack("!HI", size // 4 + 1, 100) + chance.randbytes(size)
        for head in heads
        for size in (4, 40, 400)
    ]
    sent = send_all(peers[0], [random_rtp(chance, number) for number in range(1, 400)], rtcp)
    assert sent > 400
    await port.arrived(before + sent)
    await all_hear_all(peers, 1_000)
    assert port.reasons() == []


def authentic_flood(attacker: RawPeer) -> Iterator[bytes]:
    """Packets of as many SSRCs, the valid keys being the attacker's, every tenth altered on its way.

    A session for each thousand SSRCs: libsrtp takes ever longer the more of them one session has seen.
    """
    ssl = attacker.dtls._ssl
    assert ssl is not None
    profile = next(each for each in SRTP_PROFILES if each.openssl_profile == ssl.get_selected_srtp_profile())
    keys = ssl.export_keying_material(b"EXTRACTOR-dtls_srtp", 2 * (profile.key_length + profile.salt_length))
    for first in range(1_000_000, 1_000_000 + FLOOD, 1_000):
        session = pylibsrtp.Session(
            pylibsrtp.Policy(
                key=profile.get_key_and_salt(keys, 0),
                ssrc_type=pylibsrtp.Policy.SSRC_ANY_OUTBOUND,
                srtp_profile=profile.libsrtp_profile,
            )
        )
        for ssrc in range(first, first + 1_000):
            data = session.protect(rtp(ssrc, 1))
            yield data if ssrc % 10 else data[:-1] + bytes([data[-1] ^ 1])


def p95(delays: list[float]) -> float:
    return sorted(delays)[len(delays) * 95 // 100]


async def test_s37_a_flood_of_ssrcs_is_dropped_before_any_cryptography_and_another_visit_loses_nothing(
    port: Port,
) -> None:
    attacker, _ = await port.meet("attacked")
    one, two = await port.meet("quiet")
    numbers = count(1)

    async def delay() -> float:
        """Send one packet of the quiet visit, and measure until it is there: none may be missing."""
        packet = rtp(100, next(numbers))
        began = port.clock()
        one.send_rtp(packet)
        async with asyncio.timeout(5):
            while packet not in two.received[-2:]:
                await asyncio.sleep(0.0005)
        return port.clock() - began

    calm = [await delay() for _ in range(100)]
    before, began = port.node.stats(), port.clock()

    async def flood() -> None:
        for sent, packet in enumerate(authentic_flood(attacker), start=1):
            attacker.socket.send(packet)
            if not sent % 50:
                await port.arrived(before.packets_in + sent + len(flooded))

    flooded: list[float] = []
    flooding = asyncio.create_task(flood())
    while not flooding.done():
        flooded.append(await delay())
        await asyncio.sleep(0.001)
    await flooding
    await port.arrived(before.packets_in + FLOOD + len(flooded))
    after, elapsed = port.node.stats(), port.clock() - began
    dropped = {reason: after.drops[reason] - before.drops[reason] for reason in DropReason}
    assert {reason for reason, packets in dropped.items() if packets} == {
        DropReason.OVER_BUDGET,
        DropReason.UNKNOWN_SSRC,
    }
    assert sum(dropped.values()) == FLOOD
    assert dropped[DropReason.UNKNOWN_SSRC] <= ADMITTED_PACKETS_PER_S * (1 + elapsed)
    assert after.packets_forwarded - before.packets_forwarded == len(flooded) > 20
    assert p95(flooded) < p95(calm) + WORSE_BY_S


async def test_s37_a_flood_of_declared_packets_is_cut_to_the_packet_budget(port: Port) -> None:
    attacker, other = await port.meet("attacked")
    await hears(attacker, other, 100, 1)
    port.hold_time()
    for _ in range(2):  # the budget is refilled from the first sweep on
        port.pass_time(1.0)
    before = port.node.stats()
    sent = 2 * ADMITTED_PACKETS_PER_S
    for number in range(1, sent + 1):
        attacker.send_rtp(rtp(100, number + 1))
        if not number % 50:
            await port.arrived(before.packets_in + number)
    after = port.node.stats()
    assert after.packets_forwarded - before.packets_forwarded == ADMITTED_PACKETS_PER_S
    assert after.drops[DropReason.OVER_BUDGET] - before.drops[DropReason.OVER_BUDGET] == sent - ADMITTED_PACKETS_PER_S
    port.pass_time(1.0)
    await hears(attacker, other, 100, sent + 2)


async def test_s37_a_flood_of_declared_media_is_cut_to_the_bit_budget(port: Port) -> None:
    attacker, other = await port.meet("attacked")
    await hears(attacker, other, 100, 1)
    port.hold_time()
    for _ in range(2):
        port.pass_time(2.0)
    before = port.node.stats()
    steps, each = 12, 1_200
    assert each < ADMITTED_PACKETS_PER_S * SWEEP_INTERVAL_S
    number = 1
    for step in range(1, steps + 1):
        for _ in range(each):
            number += 1
            attacker.send_rtp(rtp(100, number, bytes(1000)))
            if not number % 50:
                await port.arrived(before.packets_in + number - 50)
        await port.arrived(before.packets_in + step * each)
        port.pass_time(SWEEP_INTERVAL_S)
    bits = 8 * (port.node.stats().bytes_forwarded - before.bytes_forwarded)
    # A second's worth at once, and what comes before it is judged.
    allowed = BITS_PER_S * (steps * SWEEP_INTERVAL_S + 1) + 8 * 1_050 * each
    assert BITS_PER_S < bits < allowed < 8 * 1_000 * steps * each
    port.pass_time(5.0)
    await hears(attacker, other, 100, number + 1)


def nack(sender: int, media: int, *numbers: int) -> bytes:
    """Ask for each of these and the sixteen after it."""
    lost = b"".join(struct.pack("!HH", number, 0xFFFF) for number in numbers)
    return struct.pack("!BBHII", 0x81, 205, 2 + len(numbers), sender, media) + lost


def storm(sender: int, media: int, number: int) -> list[bytes]:
    """One of each request: a keyframe twice, and packets again."""
    pli = struct.pack("!BBHII", 0x81, 206, 2, sender, media)
    fir = struct.pack("!BBHIIII", 0x84, 206, 4, sender, 0, media, (number & 0xFF) << 24)
    return [pli, fir, nack(sender, media, 50)]


async def picture(port: Port, publisher: RawPeer, subscriber: RawPeer, packets: int) -> None:
    """Hold time, and let a picture of so many packets arrive, of which the first is number 1."""
    port.hold_time()
    port.pass_time(2.0)
    await until(lambda: bool(publisher.reports), "the keyframe that whoever begins to receive is owed")
    before = port.node.stats().packets_in
    for number in range(1, packets + 1):
        publisher.send_rtp(rtp(101, number, bytes(1000)))
        if not number % 50:
            await port.arrived(before + number)
    await until(lambda: len(subscriber.received) == packets, "the picture")
    port.pass_time(MIN_INTERVAL_S)


async def test_s38_a_storm_of_requests_reaches_the_publisher_as_a_trickle(port: Port) -> None:
    publisher, subscriber = await port.meet()
    await picture(port, publisher, subscriber, 100)

    def requests() -> int:
        return sum(report[1] in (205, 206) for report in publisher.reports)

    before, asked = port.node.stats(), requests()
    for number in range(1, 701):
        for packet in storm(200, 101, number):
            subscriber.send_rtcp(packet)
        if not number % 20:
            await port.arrived(before.packets_in + 3 * number)
    after = port.node.stats()
    assert after.drops[DropReason.OVER_BUDGET] - before.drops[DropReason.OVER_BUDGET] == 3 * 700 - RTCP_PER_S
    assert after.packets_forwarded == before.packets_forwarded
    await until(lambda: requests() == asked + 1, "the keyframe is asked for")
    await asyncio.sleep(0.1)
    assert requests() == asked + 1
    # Longer than a keyframe takes, so that complaints count again, and still too soon to ask for another one.
    port.pass_time(MIN_INTERVAL_S / 2)
    before = port.node.stats()
    for packet in storm(200, 101, 701) * 20:
        subscriber.send_rtcp(packet)
    await port.arrived(before.packets_in + 60)
    await asyncio.sleep(0.1)
    assert requests() == asked + 1
    port.pass_time(MIN_INTERVAL_S / 2)
    await until(lambda: requests() == asked + 2, "another one, half a second later")
    await asyncio.sleep(0.1)
    assert requests() == asked + 2


async def test_s38_what_is_asked_for_all_the_time_is_sent_again_once_each_round_trip(port: Port) -> None:
    publisher, subscriber = await port.meet()
    await picture(port, publisher, subscriber, 17)
    for trips in (1, 2):
        before = port.node.stats()
        for _ in range(100):
            subscriber.send_rtcp(nack(200, 101, 1))
        await port.arrived(before.packets_in + 100)
        assert port.node.stats().packets_resent == trips * 17
        await until(lambda trips=trips: len(subscriber.again) >= trips * 17, "they arrive")  # type: ignore[misc]
        port.clock.skew += UNKNOWN_RTT_S + 0.001
    await asyncio.sleep(0.1)
    assert len(subscriber.again) == 2 * 17


async def test_s38_what_is_sent_again_stays_within_the_subscribers_budget(port: Port) -> None:
    publisher, subscriber = await port.meet()
    await picture(port, publisher, subscriber, 400)
    everything = nack(200, 101, *range(1, 400, 17))
    trips = 4
    for _ in range(trips):
        before = port.node.stats()
        for _ in range(20):
            subscriber.send_rtcp(everything)
        await port.arrived(before.packets_in + 20)
        port.clock.skew += UNKNOWN_RTT_S + 0.001
    again = port.node.stats().packets_resent
    await until(lambda: len(subscriber.again) >= again, "they arrive")
    await asyncio.sleep(0.1)
    size = sum(map(len, subscriber.again))
    assert BURST_BYTES - 2_000 < size <= BURST_BYTES + MIN_BUDGET_BPS / 8 * trips * (UNKNOWN_RTT_S + 0.001)
    assert len(subscriber.again) == again
