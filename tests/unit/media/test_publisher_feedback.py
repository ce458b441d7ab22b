"""What a publisher is told, hop by hop, and when; what it says is tried on the wire in `test_rtcp_relay`."""

from functools import partial

import pytest

from media.publisher_feedback import CAP_INTERVAL_S, FEEDBACK_INTERVAL_S
from media.rtcp import Format, Kind
from media.twcc import read_feedback
from tests.unit.media.doubles import SSRC
from tests.unit.media.relayed_visit import Visit, numbered, of
from tests.unit.media.work import lines_run


@pytest.fixture
async def three() -> Visit:
    return Visit(2)


async def test_a_tick_with_nothing_due_does_next_to_nothing(three: Visit) -> None:
    feedback = three.uplink._feedback
    three.media(numbered(SSRC, 1, 1))
    three.ticks(0.1)
    three.now += CAP_INTERVAL_S
    feedback.tick(three.uplink, three.now)
    # The packets are told, the cap is judged and stays: time alone makes nothing due before it is to be judged again.
    for elapsed in (0.001, FEEDBACK_INTERVAL_S, CAP_INTERVAL_S - 0.001):
        work = lines_run(partial(feedback.tick, three.uplink, three.now + elapsed))
        assert work < 10


async def test_what_comes_after_a_silence_is_told_at_the_next_tick(three: Visit) -> None:
    three.ticks(0.5)
    three.told(three.publisher)
    three.media(numbered(SSRC, 1, 1))
    three.ticks(0.025)
    [block] = of(three.told(three.publisher), Kind.TRANSPORT_FEEDBACK, Format.TWCC)
    assert [number for number, _ in read_feedback(block).received] == [1]


async def test_what_a_node_that_is_behind_throws_away_is_told_as_lost(three: Visit) -> None:
    for number in (1, 2, 4):
        three.media(numbered(SSRC, number, number))
    three.ticks(0.05)
    feedbacks = of(three.told(three.publisher), Kind.TRANSPORT_FEEDBACK, Format.TWCC)
    assert [(read_feedback(block).base, read_feedback(block).span) for block in feedbacks] == [(1, 2), (4, 1)]
    three.wire.is_pressed = True
    for number in (5, 9):
        three.media(numbered(SSRC, number, number))
    three.ticks(0.05)
    [block] = of(three.told(three.publisher), Kind.TRANSPORT_FEEDBACK, Format.TWCC)
    feedback = read_feedback(block)
    assert (feedback.base, feedback.span) == (3, 7)
    assert [number for number, _ in feedback.received] == [4, 5, 9]
