from hypothesis import given
from hypothesis import strategies as st

from media.nack import MAX_GAP, MAX_OUTSTANDING, MAX_TRIES, GapTracker, original_number
from tests.unit.media.doubles import rtp


def tracker(*numbers: int) -> GapTracker:
    gaps = GapTracker()
    for number in numbers:
        gaps.receive(number, 0.0)
    return gaps


def test_a_stream_in_order_asks_for_nothing() -> None:
    gaps = GapTracker()
    assert [gaps.receive(number & 0xFFFF, 0.0) for number in range(65_530, 65_545)] == [()] * 15
    assert (gaps.expected, gaps.is_complete) == (9, True)


def test_a_gap_is_asked_for_at_once_and_again_each_round_trip() -> None:
    gaps = tracker(65_533)
    assert gaps.receive(1, 10.0) == [65_534, 65_535, 0]
    assert gaps.due(10.05, 0.02) == []
    assert gaps.due(10.06, 0.02) == [65_534, 65_535, 0]
    assert gaps.due(10.20, 0.15) == []
    assert gaps.due(10.22, 0.15) == [65_534, 65_535, 0]
    assert gaps.due(10.30, None) == []
    assert gaps.due(10.33, None) == [65_534, 65_535, 0]


def test_what_comes_late_or_again_is_asked_for_no_more() -> None:
    gaps = tracker(1)
    gaps.receive(5, 0.0)
    gaps.receive(3, 0.0)
    gaps.recover(2)
    gaps.recover(2)
    assert [gaps.is_outstanding(number) for number in (2, 3, 4)] == [False, False, True]
    assert gaps.due(0.1, 0.1) == [4]
    gaps.receive(4, 0.2)
    assert gaps.is_complete


def test_nothing_is_asked_for_longer_than_a_second_or_more_than_ten_times() -> None:
    for interval, expected in ((0.06, MAX_TRIES - 1), (0.25, 3)):
        gaps = tracker(1)
        gaps.receive(3, 0.0)
        asked = [gaps.due((step + 1) * interval, interval) for step in range(30)]
        assert asked.count([2]) == expected
        assert gaps.is_complete


def test_a_huge_jump_begins_anew_and_wants_a_keyframe() -> None:
    for number in (5 + MAX_GAP + 1, 65_536 - MAX_GAP):
        gaps = tracker(1, 4)
        assert gaps.receive(number, 0.0) == ()
        assert (gaps.is_complete, gaps.needs_keyframe, gaps.expected) == (True, True, number + 1)


def test_what_is_outstanding_is_bounded() -> None:
    gaps = tracker(0)
    assert len(gaps.receive(MAX_OUTSTANDING + 1, 0.0)) == MAX_OUTSTANDING
    assert not gaps.needs_keyframe
    assert gaps.receive(MAX_OUTSTANDING + 3, 0.0) == ()
    assert (gaps.is_complete, gaps.needs_keyframe) == (True, True)


@given(st.lists(st.integers(0, 0xFFFF), max_size=50))
def test_whatever_comes_the_bounds_hold(numbers: list[int]) -> None:
    gaps = GapTracker()
    for index, number in enumerate(numbers):
        asked = gaps.receive(number, index / 10)
        assert len(asked) <= MAX_GAP
        assert all(gaps.is_outstanding(each) for each in asked)
        assert not gaps.is_outstanding(number)
        assert len(gaps.due(index / 10, 0.0)) <= MAX_OUTSTANDING


def test_a_retransmission_names_what_it_repeats() -> None:
    plain = rtp(7, 900, b"\x12\x34payload")
    assert original_number(plain) == 0x1234
    extended = bytes([0x92]) + plain[1:12] + bytes(8) + b"\xbe\xde\0\2" + bytes(8) + b"\x43\x21"
    assert original_number(extended) == 0x4321
    assert original_number(bytes([0xB2]) + extended[1:] + b"\0\2") == 0x4321


def test_padding_and_stumps_name_nothing() -> None:
    for packet in (
        rtp(7, 900, b"\x12"),
        bytes([0xA0]) + rtp(7, 900, b"\0\0\0\4")[1:],
        bytes([0x90]) + rtp(7, 1, b"\xbe\xde")[1:],
        bytes([0x90]) + rtp(7, 1, b"\xbe\xde\xff\xff\0\0")[1:],
        bytes([0x8F]) + rtp(7, 1)[1:],
    ):
        assert original_number(packet) is None
