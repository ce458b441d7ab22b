"""The numbers that subscribers see: transport-wide ones, and those of a picture that was held back."""

from itertools import pairwise

from media.rtcp import (
    Format,
    Kind,
    write_nack,
)
from media.stream import Stream, StreamKind
from media.twcc import ArrivalLog, TransportFeedback, read_feedback, write_feedback
from tests.unit.media.doubles import SSRC, Peer, packet_of, rtp
from tests.unit.media.relayed_visit import RTX, Visit, numbered, of, transport_number


async def test_each_of_several_subscribers_has_numbers_of_its_own(three: Visit) -> None:
    for index in range(5):
        three.media(numbered(SSRC, 10 + index, 65_534 + index & 0xFFFF))
    one, other = three.others
    assert [transport_number(packet) for packet in three.pictures(one)] == [65_534, 65_535, 0, 1, 2]
    two_streams = [transport_number(packet) for packet in three.pictures(other)]
    assert two_streams == [65_534, 65_535, 0, 1, 2]
    one.transport.downlink.close()
    three.media(numbered(SSRC, 15, 900))
    assert [transport_number(packet) for packet in three.pictures(other)] == [3]


async def test_numbers_go_on_without_a_jump_when_one_more_comes_and_goes(two: Visit) -> None:
    third = Peer(3, two.wire, two.counters)
    third.connect()
    seen: list[int] = []

    def send(first: int) -> None:
        for index in range(3):
            two.media(numbered(SSRC, first + index, 1_000 + first + index))
        seen.extend(transport_number(packet) for packet in two.pictures(two.subscriber))

    send(0)
    two.others.append(third)
    two.settle()
    send(3)
    # A packet of the other's picture takes a number as well.
    packet = packet_of(numbered(RTX, 1, 2_000))
    two.subscriber.transport.downlink.number(packet, 17)
    send(6)
    two.others.remove(third)
    two.settle()
    send(9)
    assert seen == [1_000 + index + (index >= 6) for index in range(12)]
    # The peer's feedback speaks of its numbers, the publisher is to read its own.
    two.told(two.publisher)
    two.rtcp(two.subscriber, write_feedback(TransportFeedback(9, SSRC, 1_010, 2, 0, [(1_010, 1_000), (1_011, 2_000)])))
    [feedback] = of(two.told(two.publisher), Kind.TRANSPORT_FEEDBACK, Format.TWCC)
    assert [number for number, _ in read_feedback(feedback).received] == [1_009, 1_010]


async def test_numbers_and_feedback_fit_also_when_the_one_who_stayed_comes_anew_after_three_were_two(
    two: Visit,
) -> None:
    third = Peer(3, two.wire, two.counters)
    third.connect()
    two.others.append(third)
    two.settle()
    for index in range(3):
        two.media(numbered(SSRC, index, 1_000 + index))
    two.subscriber.transport.downlink.number(packet_of(numbered(RTX, 1, 2_000)), 17)
    two.others.remove(third)
    two.settle()
    # What is said before the publisher's next packet is of packets that the relay numbered: it means nothing to the publisher.
    two.told(two.publisher)
    two.rtcp(two.subscriber, write_feedback(TransportFeedback(9, SSRC, 1_000, 1, 0, [(1_000, 1_000)])))
    assert of(two.told(two.publisher), Kind.TRANSPORT_FEEDBACK, Format.TWCC) == []
    two.media(numbered(SSRC, 3, 1_003))
    assert transport_number(two.pictures(two.subscriber)[-1]) == 1_004
    # The publisher's page is loaded again: another transport, other SSRCs, numbers that begin anew.
    again = Peer(4, two.wire, two.counters)
    again.connect()
    two.uplink.close()
    downlink = two.subscriber.transport.downlink
    again.transport.uplink.route({Stream(8_001, StreamKind.VIDEO, 8_001): (downlink,)})
    two.subscriber.transport.uplink.rtcp_peers = (again.transport.downlink,)
    for index in range(3):
        two.arrive(again, again.up.protect(numbered(8_001, index, 7 + index)))
    seen = [transport_number(packet) for packet in two.pictures(two.subscriber)]
    assert seen == [1_005, 1_006, 1_007]
    arrivals = [(number, 1_000 * number) for number in seen]
    two.rtcp(two.subscriber, write_feedback(TransportFeedback(9, 8_001, seen[0], 3, 0, arrivals)))
    [feedback] = of(two.told(again), Kind.TRANSPORT_FEEDBACK, Format.TWCC)
    assert [number for number, _ in read_feedback(feedback).received] == [7, 8, 9]


class Narrow:
    """A subscriber behind a line: it gives feedback of what it got, late as a queue makes it."""

    def __init__(self, visit: Visit, peer: Peer, bit_rate: float) -> None:
        self.visit, self.peer, self.bit_rate = visit, peer, bit_rate
        self.log = ArrivalLog()
        self.free_at = visit.now

    def read(self) -> list[bytes]:
        packets = self.visit.pictures(self.peer)
        for packet in packets:
            if self.free_at - self.visit.now < 0.5:
                self.free_at = max(self.free_at, self.visit.now) + 8 * len(packet) / self.bit_rate
                self.log.arrive(transport_number(packet), int(self.free_at * 1e6))
        for feedback in self.log.write(9, SSRC):
            self.visit.rtcp(self.peer, feedback)
        return packets


async def test_a_picture_without_room_is_paused_for_one_and_resumed_without_a_gap(three: Visit) -> None:
    narrow, wide = Narrow(three, three.others[0], 60_000), Narrow(three, three.others[1], 5_000_000)
    number, got, gaps = 0, [], []
    for step in range(800):
        if step == 500:
            narrow.bit_rate = 5_000_000
        three.ticks(0.025)
        for _ in range(2):
            three.media(numbered(SSRC, number & 0xFFFF, number & 0xFFFF, bytes(500)))
            number += 1
        packets = narrow.read()
        got.append(len(packets))
        gaps += [int.from_bytes(packet[2:4], "big") for packet in packets]
        wide.read()
        for peer in (three.publisher, *three.others):
            peer.transport.uplink.refill(three.now)
    began = got.index(0)
    assert 4 < began * 0.025 < 12
    assert sum(got[-100:]) == 200
    steps = {after - before for before, after in pairwise(gaps)}
    assert steps == {1, 2}
    assert of(three.told(three.publisher), Kind.PAYLOAD_FEEDBACK, Format.PLI)


async def test_a_retransmission_is_translated_with_what_it_repeats(two: Visit) -> None:
    outgoings = [two.subscriber.transport.downlink.streams[ssrc] for ssrc in (SSRC, RTX)]
    for number in (1, 2, 3):
        two.media(rtp(SSRC, number))
    two.media(rtp(RTX, 900, b"\0\2again"))
    two.pictures(two.subscriber)
    for outgoing in outgoings:
        outgoing.pause()
    late = two.publisher.up.protect(rtp(SSRC, 5))
    for number in (4, 6):
        two.media(rtp(SSRC, number))
    assert two.pictures(two.subscriber) == []
    for outgoing in outgoings:
        outgoing.resume(two.now)
    for number in (7, 9):
        two.media(rtp(SSRC, number))
    two.arrive(two.publisher, late)
    two.media(rtp(RTX, 901, b"\0\6late"))
    two.media(rtp(RTX, 902, b"\0\x08again"))
    sent = two.take(two.subscriber)
    assert [two.subscriber.down.unprotect(data) for data in sent] == [
        rtp(SSRC, 5),
        rtp(SSRC, 7),
        rtp(RTX, 902, b"\0\6again"),
    ]
    two.rtcp(two.subscriber, write_nack(9, SSRC, [6]))
    assert two.take(two.subscriber) == sent[-1:]
