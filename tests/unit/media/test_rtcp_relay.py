"""RTCP through the relay, on the wire: what ends here, what passes, and what the relay says itself."""

from collections.abc import Iterable
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from media.events import CloseReason
from media.keyframes import MIN_INTERVAL_S
from media.nack import SOUND_ROUND_TRIP_S
from media.rtcp import (
    Block,
    Format,
    Kind,
    ReportBlock,
    SenderInfo,
    read_nack,
    read_remb,
    read_reports,
    split,
    write_nack,
    write_pli,
    write_receiver_report,
    write_remb,
    write_sender_report,
)
from media.rtp import RELAY_SSRC
from media.stats import DropReason
from media.twcc import ArrivalLog, TransportFeedback, read_feedback, write_feedback
from media.uplink import MAX_RTCP_SENDERS, Stream, StreamKind
from tests.unit.media.doubles import SSRC, Peer, Relay, packet_of, rtp

RTX = SSRC + 1
VIDEO = Stream(SSRC, StreamKind.VIDEO, SSRC)
SOUND = Stream(SSRC, StreamKind.AUDIO, SSRC)
REPEATS = Stream(RTX, StreamKind.RETRANSMISSION, SSRC)
INFO = SenderInfo(0x0123456789ABCDEF, 90_000, 12, 3_456)
DESCRIPTION = bytes([0x81, 202, 0, 2]) + SSRC.to_bytes(4, "big") + b"\1\2ab"


def numbered(ssrc: int, number: int, transport_number: int, payload: bytes = b"payload") -> bytes:
    extension = b"\xbe\xde\0\1\x31" + transport_number.to_bytes(2, "big") + b"\0"
    return bytes([0x90]) + rtp(ssrc, number, extension + payload)[1:]


def transport_number(packet: bytes) -> int:
    return int.from_bytes(packet[17:19], "big")


class Visit(Relay):
    """A publisher's picture and its retransmissions, and as many subscribers as wanted."""

    def __init__(self, subscribers: int = 1) -> None:
        super().__init__()
        self.others = [self.subscriber]
        for index in range(subscribers - 1):
            self.others.append(Peer(3 + index, self.wire, self.counters))
            self.others[-1].connect()
        self.now = 100.0
        self.settle()

    def settle(self) -> None:
        """As a room does after each change."""
        downlinks = tuple(other.transport.downlink for other in self.others)
        self.uplink.route({VIDEO: downlinks, REPEATS: downlinks})
        self.uplink.rtcp_peers = downlinks
        people = [self.publisher, *self.others]
        for other in self.others:
            peers = [each.transport.downlink for each in people if each is not other]
            other.transport.uplink.rtcp_peers = tuple(peers)
        for each in people:
            each.transport.set_hop_by_hop(len(people) > 2, self.now)

    def arrive(self, peer: Peer, data: bytes) -> None:
        packet = packet_of(data)
        packet.arrived_at = self.now
        peer.transport.uplink.receive(packet, peer.address)

    def media(self, packet: bytes) -> None:
        self.arrive(self.publisher, self.publisher.up.protect(packet))

    def rtcp(self, peer: Peer, compound: bytes) -> None:
        self.arrive(peer, peer.up.protect_rtcp(compound))

    def ticks(self, seconds: float) -> None:
        for _ in range(round(seconds / 0.025)):
            self.now += 0.025
            for peer in (self.publisher, *self.others):
                peer.transport.tick(self.now)

    def take(self, peer: Peer) -> list[bytes]:
        """What was sent to this peer since the last time, as it was sent."""
        taken = [data for data, address in self.wire.sent if address == peer.address]
        self.wire.sent = [(data, address) for data, address in self.wire.sent if address != peer.address]
        return taken

    def pictures(self, peer: Peer) -> list[bytes]:
        return [peer.down.unprotect(data) for data in self.take(peer) if not 192 <= data[1] <= 223]

    def told(self, peer: Peer) -> list[Block]:
        return [
            block
            for data in self.take(peer)
            if 192 <= data[1] <= 223
            for block in split(peer.down.unprotect_rtcp(data))
        ]


def of(blocks: Iterable[Block], kind: Kind, fmt: Format) -> list[Block]:
    return [block for block in blocks if block.is_feedback(kind, fmt)]


def nacked(blocks: Iterable[Block]) -> list[list[int]]:
    return [read_nack(block) for block in of(blocks, Kind.TRANSPORT_FEEDBACK, Format.NACK)]


@pytest.fixture
async def two() -> Visit:
    return Visit()


@pytest.fixture
async def three() -> Visit:
    return Visit(2)


async def test_a_gap_is_asked_for_at_once_and_again_until_it_is_mended(two: Visit) -> None:
    for number in (1, 2, 5):
        two.media(rtp(SSRC, number))
    [block] = two.told(two.publisher)
    assert (block.sender, block.media, read_nack(block)) == (RELAY_SSRC, SSRC, [3, 4])
    assert two.publisher.transport in two.publisher.awake
    two.ticks(0.1)
    assert nacked(two.told(two.publisher)) == [[3, 4], [3, 4]]
    two.media(rtp(RTX, 900, b"\0\3payload"))
    two.media(rtp(SSRC, 4))
    two.ticks(0.5)
    assert nacked(two.told(two.publisher)) == []
    assert not two.publisher.transport.tick(two.now)


async def test_sound_that_is_lost_is_mended_on_both_hops_and_counts_as_lost(two: Visit) -> None:
    downlinks = (two.subscriber.transport.downlink,)
    two.uplink.route({SOUND: downlinks})
    for number in (1, 2, 4):
        two.media(rtp(SSRC, number))
    assert nacked(two.told(two.publisher)) == [[3]]
    sent = two.take(two.subscriber)
    two.media(rtp(SSRC, 3))
    assert two.pictures(two.subscriber) == [rtp(SSRC, 3)]
    two.ticks(0.2)
    assert nacked(two.told(two.publisher)) == []
    two.rtcp(two.subscriber, write_nack(7, SSRC, [4]))
    assert two.take(two.subscriber) == [sent[2]]
    reception = two.uplink.streams[SSRC].reception
    assert (reception.packets, reception.mended) == (4, 1)


async def test_sound_that_would_come_too_late_is_neither_asked_for_nor_sent_again() -> None:
    visit = Visit()
    visit.uplink.route({SOUND: (visit.subscriber.transport.downlink,)})
    for peer in (visit.publisher, visit.subscriber):
        peer.transport.downlink.round_trip.sent(SSRC, INFO.middle, visit.now)
        late = visit.now + SOUND_ROUND_TRIP_S + 0.01
        peer.transport.downlink.round_trip.read(ReportBlock(SSRC, 0, 0, 0, 0, INFO.middle, 0), late)
    visit.media(rtp(SSRC, 1))
    visit.media(rtp(SSRC, 3))
    assert nacked(visit.told(visit.publisher)) == []
    assert len(visit.take(visit.subscriber)) == 2
    visit.rtcp(visit.subscriber, write_nack(9, SSRC, [3]))
    assert visit.take(visit.subscriber) == []


async def test_lost_sound_never_asks_for_a_keyframe(two: Visit) -> None:
    two.uplink.route({SOUND: (two.subscriber.transport.downlink,)})
    two.media(rtp(SSRC, 1))
    two.media(rtp(SSRC, 2_500))
    two.ticks(1.0)
    assert not [block for block in two.told(two.publisher) if block.kind == Kind.PAYLOAD_FEEDBACK]


async def test_a_nack_is_answered_with_the_same_bytes_and_goes_no_further(two: Visit) -> None:
    for number in (1, 2, 3):
        two.media(rtp(SSRC, number))
    sent = two.take(two.subscriber)
    two.rtcp(two.subscriber, write_nack(9, SSRC, [2, 3, 4]))
    assert two.take(two.subscriber) == sent[1:]
    assert two.told(two.publisher) == []
    assert two.counters.packets_resent == 2
    two.rtcp(two.subscriber, write_nack(9, SSRC, [2, 3, 4]))
    assert two.take(two.subscriber) == []


async def test_a_line_that_loses_gets_what_is_sent_again_twice(two: Visit) -> None:
    for number in range(40):
        two.media(rtp(SSRC, number, bytes(900)))
    sent = two.take(two.subscriber)
    two.rtcp(two.subscriber, write_nack(9, SSRC, [1, 3, 5, 7, 9, 11, 13, 15, 17, 19]))
    two.ticks(0.025)
    assert two.take(two.subscriber) == sent[1:20:2]
    downlink = two.subscriber.transport.downlink
    assert 0.05 < downlink.measure_loss() < 0.1
    two.rtcp(two.subscriber, write_nack(9, SSRC, [30, 31]))
    assert two.subscriber.transport in two.subscriber.awake
    assert two.take(two.subscriber) == sent[30:32]
    two.ticks(0.025)
    assert two.take(two.subscriber) == sent[30:32]
    two.ticks(0.1)
    assert two.take(two.subscriber) == []
    assert two.counters.packets_resent == 10 + 2 * 2


async def test_after_an_outage_on_either_line_a_keyframe_is_asked_for_at_once(two: Visit) -> None:
    for number in range(60):
        two.media(rtp(SSRC, number))
    two.now += 2.0
    two.take(two.publisher)
    # The subscriber's line was out: what it misses is too old to be sent again.
    two.rtcp(two.subscriber, write_nack(9, SSRC, [7, 8]))
    assert [block.data for block in two.told(two.publisher)] == [write_pli(RELAY_SSRC, SSRC)]
    # The keyframe may be behind a long queue: what is asked for meanwhile is as old, and asks for no other.
    for _ in range(3):
        two.now += 0.3
        two.rtcp(two.subscriber, write_nack(9, SSRC, [7, 8]))
    assert two.told(two.publisher) == []
    two.subscriber.transport.downlink.streams[SSRC].pause()
    two.now += 1.0
    two.rtcp(two.subscriber, write_nack(9, SSRC, [7, 8]))
    assert two.told(two.publisher) == []
    two.subscriber.transport.downlink.streams[SSRC].resume(two.now)
    two.told(two.publisher)
    # The publisher's was out.
    two.now += 2.0
    two.media(rtp(SSRC, 200))
    assert [block.data for block in two.told(two.publisher)] == [write_pli(RELAY_SSRC, SSRC)]


async def test_nothing_is_sent_a_second_time_after_the_end(two: Visit) -> None:
    for number in range(40):
        two.media(rtp(SSRC, number, bytes(900)))
    two.rtcp(two.subscriber, write_nack(9, SSRC, [1, 3, 5, 7, 9, 11, 13, 15, 17, 19]))
    two.subscriber.transport.downlink.measure_loss()
    two.rtcp(two.subscriber, write_nack(9, SSRC, [30, 31]))
    two.take(two.subscriber)
    two.subscriber.transport.close(CloseReason.ENDPOINT_CLOSED)
    two.ticks(0.1)
    assert two.take(two.subscriber) == []


async def test_what_was_mended_by_a_retransmission_is_sent_again_as_that(two: Visit) -> None:
    two.media(rtp(SSRC, 1))
    two.media(rtp(SSRC, 3))
    two.take(two.subscriber)
    two.rtcp(two.subscriber, write_nack(9, SSRC, [2]))
    assert two.take(two.subscriber) == []
    two.media(rtp(RTX, 900, b"\0\2payload"))
    [sent] = two.take(two.subscriber)
    two.rtcp(two.subscriber, write_nack(9, SSRC, [2]))
    assert two.take(two.subscriber) == [sent]
    assert two.subscriber.down.unprotect(sent) == rtp(RTX, 900, b"\0\2payload")


async def test_s38_a_storm_of_plis_costs_one_each_half_second(two: Visit) -> None:
    two.rtcp(two.subscriber, write_pli(9, SSRC))
    [block] = two.told(two.publisher)
    assert block.data == write_pli(RELAY_SSRC, SSRC)
    for _ in range(200):
        two.rtcp(two.subscriber, write_pli(9, SSRC))
        two.rtcp(two.subscriber, write_pli(9, SSRC + 7))
        two.ticks(0.025)
        two.subscriber.transport.uplink.refill(two.now)
    assert len(two.told(two.publisher)) == 200 * 0.025 / MIN_INTERVAL_S


async def test_a_keyframe_request_waits_for_a_wire_that_takes_it(two: Visit) -> None:
    two.wire.jammed = True
    two.uplink.want_keyframe(SSRC, two.now)
    two.ticks(0.1)
    two.wire.jammed = False
    two.ticks(0.1)
    assert [block.data for block in two.told(two.publisher)] == [write_pli(RELAY_SSRC, SSRC)]


async def test_two_people_s_reports_and_feedback_pass_byte_for_byte(two: Visit) -> None:
    report = write_receiver_report(9, [ReportBlock(SSRC, 1, 2, 3, 4, 5, 6)])
    feedback = write_feedback(TransportFeedback(9, SSRC, 5, 2, 0, [(5, 1_000), (6, 2_000)]))
    for compound in (report + feedback, write_remb(9, 500_000, [SSRC]), report + write_pli(9, SSRC) + feedback):
        two.rtcp(two.subscriber, compound)
        passed = b"".join(block.data for block in two.told(two.publisher) if block.data != write_pli(RELAY_SSRC, SSRC))
        assert passed == compound.replace(write_pli(9, SSRC), b"")
    two.rtcp(two.publisher, write_sender_report(SSRC, INFO) + DESCRIPTION)
    assert b"".join(block.data for block in two.told(two.subscriber)) == write_sender_report(SSRC, INFO) + DESCRIPTION


@pytest.mark.parametrize("people", [2, 3])
async def test_s36_nobody_speaks_in_another_s_name_or_says_goodbye(people: int) -> None:
    visit = Visit(people - 1)
    another = 4_242
    goodbye = bytes([0x81, 203, 0, 1]) + SSRC.to_bytes(4, "big")
    application = bytes([0x80, 204, 0, 2]) + SSRC.to_bytes(4, "big") + b"name"
    theirs = DESCRIPTION.replace(SSRC.to_bytes(4, "big"), another.to_bytes(4, "big"))
    both = bytes([0x82, 202, 0, 4]) + DESCRIPTION[4:] + theirs[4:]
    for block in (write_sender_report(another, INFO), theirs, both, goodbye, application):
        visit.rtcp(visit.publisher, write_sender_report(SSRC, INFO) + block)
        assert [each.data for each in visit.told(visit.subscriber)] == [write_sender_report(SSRC, INFO)]


async def test_s36_the_names_in_which_rtcp_reaches_the_others_are_bounded(two: Visit) -> None:
    # What comes first ends here, so that the block behind it would become the first of what goes on.
    names = set()
    for number in range(10 * MAX_RTCP_SENDERS):
        two.rtcp(two.subscriber, write_pli(9, SSRC) + write_receiver_report(10_000 + number, []))
        two.ticks(0.025)
        names |= {block.sender for block in two.told(two.publisher)} - {RELAY_SSRC}
    assert len(names) == MAX_RTCP_SENDERS - 1


async def test_the_round_trip_is_known_from_reports(two: Visit) -> None:
    two.rtcp(two.publisher, write_sender_report(SSRC, INFO))
    two.now += 0.75
    two.rtcp(two.subscriber, write_receiver_report(9, [ReportBlock(SSRC, 0, 0, 0, 0, INFO.middle, 65_536 // 2)]))
    assert two.subscriber.transport.downlink.round_trip.seconds == pytest.approx(0.25)


async def test_three_people_s_feedback_ends_at_the_relay(three: Visit) -> None:
    report = write_receiver_report(9, [ReportBlock(SSRC, 1, 2, 3, 4, 5, 6)])
    feedback = write_feedback(TransportFeedback(9, SSRC, 5, 2, 0, [(5, 1_000), (6, 2_000)]))
    three.rtcp(three.subscriber, report + feedback + write_remb(9, 500_000, [SSRC]))
    assert three.told(three.publisher) == []
    block = ReportBlock(77, 1, 2, 3, 4, 5, 6)
    three.rtcp(three.publisher, write_sender_report(SSRC, INFO, [block]) + DESCRIPTION)
    for other in three.others:
        assert b"".join(each.data for each in three.told(other)) == write_sender_report(SSRC, INFO) + DESCRIPTION


async def test_the_relay_tells_a_publisher_of_three_what_came_and_what_it_may_send(three: Visit) -> None:
    for index in (0, 1, 3):
        three.now += 0.01
        three.media(numbered(SSRC, 10 + index, 500 + index))
    three.ticks(1.1)
    told = three.told(three.publisher)
    feedbacks = [read_feedback(block) for block in of(told, Kind.TRANSPORT_FEEDBACK, Format.TWCC)]
    # What was lost is asked for and forgiven: not a word of it.
    assert [(each.sender, each.media, each.base, each.span) for each in feedbacks] == [
        (RELAY_SSRC, SSRC, 500, 2),
        (RELAY_SSRC, SSRC, 503, 1),
    ]
    assert [number for each in feedbacks for number, _ in each.received] == [500, 501, 503]
    reports = [read_reports(block) for block in told if block.kind == Kind.RECEIVER_REPORT]
    assert [(report.ssrc, report.lost) for report in reports[-1]] == [(SSRC, 1)]
    caps = [read_remb(block) for block in of(told, Kind.PAYLOAD_FEEDBACK, Format.REMB)]
    assert all(cap is not None and cap[1] == [SSRC] and cap[0] > 500_000 for cap in caps)
    assert caps


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


async def test_the_cap_is_lifted_when_feedback_passes_again(three: Visit) -> None:
    three.media(numbered(SSRC, 1, 1))
    three.ticks(1.0)
    three.others.pop()
    three.settle()
    three.told(three.publisher)
    three.ticks(2.0)
    caps = [read_remb(block) for block in of(three.told(three.publisher), Kind.PAYLOAD_FEEDBACK, Format.REMB)]
    assert len(caps) == 3
    assert all(cap is not None and cap[0] > 900_000_000 for cap in caps)
    assert not three.publisher.transport.tick(three.now)


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


@settings(max_examples=100)
@given(st.sampled_from([2, 3]), st.sampled_from(range(200, 208)), st.integers(0, 31), st.binary(max_size=200))
async def test_s36_whatever_rtcp_an_authentic_peer_sends_is_read_or_dropped(
    people: int, kind: int, count: int, body: bytes
) -> None:
    visit = Visit(people - 1)
    visit.media(numbered(SSRC, 1, 1))
    body = body.ljust(8, b"\0")
    body = body[: len(body) // 4 * 4]
    visit.rtcp(visit.subscriber, bytes([0x80 | count, kind, 0, len(body) // 4]) + body)
    visit.ticks(0.5)
    assert set(visit.dropped()) <= {DropReason.BAD_RTCP}


async def test_s38_rtcp_has_a_budget_of_its_own(two: Visit) -> None:
    for _ in range(1_000):
        two.rtcp(two.subscriber, write_nack(9, SSRC, [2]))
    assert two.dropped()[DropReason.OVER_BUDGET] > 600
