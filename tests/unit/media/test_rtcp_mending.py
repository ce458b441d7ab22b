"""What is missing on either hop, on the wire: asked for, sent again, or given up for a keyframe."""

from media.events import CloseReason
from media.keyframes import MIN_INTERVAL_S
from media.nack import SOUND_ROUND_TRIP_S
from media.rtcp import (
    Kind,
    ReportBlock,
    read_nack,
    write_nack,
    write_pli,
)
from media.rtp import RELAY_SSRC
from tests.unit.media.doubles import SSRC, rtp
from tests.unit.media.relayed_visit import INFO, RTX, SOUND, Visit, nacked


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
