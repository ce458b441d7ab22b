from hypothesis import given, settings
from hypothesis import strategies as st

from media.nack import MAX_GAP, MAX_OUTSTANDING, MAX_TRIES, OUTAGE_PACKETS, OUTAGE_S, GapTracker
from media.reception import Reception


class Stream:
    """The gaps of a stream, as an uplink tracks them."""

    def __init__(self, *numbers: int) -> None:
        self.gaps = GapTracker()
        self.reception = Reception(90_000)
        for number in numbers:
            self.receive(number, 0.0)

    def receive(self, number: int, now: float) -> list[int]:
        skipped = self.reception.count(number, 1_000)
        return list(self.gaps.receive(number, skipped, now)) if skipped else []


def test_a_stream_in_order_asks_for_nothing() -> None:
    stream = Stream()
    assert [stream.receive(number & 0xFFFF, 0.0) for number in range(65_530, 65_545)] == [[]] * 15
    assert stream.gaps.is_complete


def test_a_gap_is_asked_for_at_once_and_again_each_round_trip_each_time_twice() -> None:
    stream = Stream(65_533)
    assert stream.receive(1, 10.0) == [65_534, 65_535, 0]
    missing, due = [65_534, 65_535, 0], stream.gaps.due
    for begin, rtt, interval in ((10.0, 0.01, 0.06), (10.06, 0.16, 0.16), (10.22, None, 0.1)):
        asked = [due(begin + offset, rtt) for offset in (0.015, 0.025, 0.05, interval - 0.005, interval + 0.001)]
        assert asked == [[], missing, [], [], missing]
        # The last one asked a millisecond late.
        stream = Stream(65_533)
        stream.receive(1, begin + interval)
        due = stream.gaps.due


def test_what_comes_late_or_again_is_asked_for_no_more() -> None:
    stream = Stream(1)
    stream.receive(5, 0.0)
    stream.receive(3, 0.0)
    stream.gaps.recover(2)
    stream.gaps.recover(2)
    assert [stream.gaps.is_outstanding(number) for number in (2, 3, 4)] == [False, False, True]
    assert stream.gaps.due(0.1, 0.1) == [4]
    stream.receive(4, 0.2)
    assert stream.gaps.is_complete


def test_what_is_asked_for_in_vain_is_given_up_for_a_keyframe() -> None:
    for interval, expected in ((0.06, MAX_TRIES - 1), (0.25, 2), (0.5, 2)):
        stream = Stream(1)
        stream.receive(3, 0.0)
        asked = [stream.gaps.due(step * (interval + 0.001), interval) for step in range(1, 30)]
        assert asked.count([2]) == expected
        assert (stream.gaps.is_complete, stream.gaps.needs_keyframe) == (True, True)


def test_a_huge_jump_begins_anew_and_wants_a_keyframe() -> None:
    for number in (5 + MAX_GAP + 1, 5 + 10_000, 65_536 - MAX_GAP):
        stream = Stream(1, 4)
        assert stream.receive(number, 0.0) == []
        assert (stream.gaps.is_complete, stream.gaps.needs_keyframe) == (True, True)


def test_after_an_outage_a_keyframe_is_better_than_what_was_missed() -> None:
    for silence, skipped, asks in (
        (OUTAGE_S, OUTAGE_PACKETS, False),
        (OUTAGE_S - 0.1, OUTAGE_PACKETS, True),
        (9.0, OUTAGE_PACKETS - 1, True),
    ):
        gaps = GapTracker()
        asked = gaps.receive(100, skipped, 20.0, silence)
        assert (len(asked), gaps.needs_keyframe) == ((skipped, False) if asks else (0, True))


def test_what_is_outstanding_is_bounded() -> None:
    stream = Stream(0)
    assert len(stream.receive(MAX_OUTSTANDING + 1, 0.0)) == MAX_OUTSTANDING
    assert not stream.gaps.needs_keyframe
    assert stream.receive(MAX_OUTSTANDING + 3, 0.0) == []
    assert (stream.gaps.is_complete, stream.gaps.needs_keyframe) == (True, True)


@settings(deadline=None)
@given(st.lists(st.integers(0, 0xFFFF), max_size=50))
def test_whatever_comes_the_bounds_hold(numbers: list[int]) -> None:
    stream = Stream()
    for index, number in enumerate(numbers):
        asked = stream.receive(number, index / 10)
        assert len(asked) <= MAX_OUTSTANDING
        assert all(stream.gaps.is_outstanding(each) for each in asked)
        assert not stream.gaps.is_outstanding(number)
        assert len(stream.gaps.due(index / 10, 0.0)) <= MAX_OUTSTANDING
