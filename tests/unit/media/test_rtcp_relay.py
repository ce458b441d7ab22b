"""RTCP through the relay, on the wire: what ends here, what passes, and what the relay says itself."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from media.rtcp import (
    Format,
    Kind,
    ReportBlock,
    read_remb,
    read_reports,
    write_nack,
    write_pli,
    write_receiver_report,
    write_remb,
    write_sender_report,
)
from media.rtp import RELAY_SSRC
from media.stats import DropReason
from media.twcc import TransportFeedback, read_feedback, write_feedback
from media.uplink import MAX_RTCP_SENDERS
from tests.unit.media.doubles import SSRC
from tests.unit.media.relayed_visit import DESCRIPTION, INFO, Visit, numbered, of


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
