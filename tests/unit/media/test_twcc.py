import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from media.errors import BadRtcp
from media.rtcp import split
from media.twcc import (
    HOLD_US,
    MAX_ARRIVALS,
    MAX_DEPARTURES,
    MAX_READ,
    MAX_STATUSES,
    ArrivalLog,
    DepartureLog,
    Sample,
    TransportFeedback,
    read_feedback,
    write_feedback,
)

# Two feedbacks of the draft's shapes, composed by hand: base 0xFFFE, reference 3 × 64 ms, serial 5.
HEAD = bytes([0x8F, 205, 0, 6]) + bytes([0, 0, 0, 1]) + bytes([0, 0, 0, 2])
RUN = HEAD + bytes([0xFF, 0xFE, 0, 4, 0, 0, 3, 5]) + bytes([0x20, 4]) + bytes([4, 0, 8, 255]) + bytes(2)
VECTORS = HEAD + bytes([0xFF, 0xFE, 0, 9, 0, 0, 3, 5]) + bytes([0b11010010, 0, 0xA0, 0]) + bytes([4, 0xFF, 0xFC, 8])


def reread(data: bytes) -> TransportFeedback:
    [block] = split(data)
    return read_feedback(block)


def told(packets: list[bytes]) -> list[TransportFeedback]:
    return [reread(packet) for packet in packets]


def test_a_run_of_small_deltas_is_read() -> None:
    assert reread(RUN) == TransportFeedback(
        1, 2, 0xFFFE, 4, 5, [(0xFFFE, 193_000), (0xFFFF, 193_000), (0, 195_000), (1, 258_750)]
    )


def test_both_vectors_and_a_negative_delta_are_read() -> None:
    # Two bits a packet: small, none, large, then none; after seven of them one bit a packet: small, none.
    assert reread(VECTORS).received == [(0xFFFE, 193_000), (0, 192_000), (5, 194_000)]


@st.composite
def feedbacks(draw: st.DrawFn) -> TransportFeedback:
    offsets = sorted(draw(st.sets(st.integers(0, 500), min_size=1, max_size=120)))
    base, arrival = draw(st.integers(0, 0xFFFF)), 250 * draw(st.integers(-(1 << 30), 1 << 30))
    received = []
    for offset in offsets:
        received.append((base + offset & 0xFFFF, arrival))
        arrival += 250 * draw(st.one_of(st.integers(0, 255), st.integers(-0x7F00, 0x7F00)))
    count = offsets[-1] + draw(st.integers(1, 300))
    words = st.integers(0, 0xFFFFFFFF)
    return TransportFeedback(draw(words), draw(words), base, count, draw(st.integers(0, 255)), received)


@settings(max_examples=50)
@given(feedbacks())
def test_feedback_is_read_as_it_was_written(feedback: TransportFeedback) -> None:
    assert reread(write_feedback(feedback)) == feedback


def test_the_reference_time_wraps_at_24_bits() -> None:
    late = (1 << 23) * 64_000 + 1_000
    [(_, arrival)] = reread(write_feedback(TransportFeedback(1, 2, 0, 1, 0, [(0, late)]))).received
    assert arrival == late - (1 << 24) * 64_000


@pytest.mark.parametrize(
    "data",
    [
        HEAD[:4] + bytes(24),
        RUN[:14] + (MAX_STATUSES + 1).to_bytes(2, "big") + RUN[16:],
        RUN[:20] + bytes([0x60, 4]) + RUN[22:],
        RUN[:20] + bytes([0x5F, 0xFF]) + RUN[22:],
        RUN[:14] + bytes([0x0F, 0]) + bytes([0, 0, 3, 5]) + bytes([0, 1]) * 4,
        RUN[:14] + bytes([0, 40]) + RUN[16:20] + bytes([0x20, 40]) + RUN[22:],
    ],
    ids=["no packets", "too many", "reserved status", "run longer than its deltas", "chunks run out", "deltas run out"],
)
def test_s36_what_is_no_feedback_is_refused(data: bytes) -> None:
    with pytest.raises(BadRtcp):
        reread(data)


def test_s36_a_feedback_is_read_no_further_than_its_bound() -> None:
    received = [(number, 250 * number) for number in range(0, 2 * 700, 2)]
    feedback = reread(write_feedback(TransportFeedback(1, 2, 0, 1_500, 0, received)))
    assert (feedback.received, feedback.span) == (received[:MAX_READ], 2 * MAX_READ - 1)


def test_arrivals_are_told_once_and_gaps_as_lost() -> None:
    log = ArrivalLog()
    assert log.write(1, 2) == []
    for number, at in ((65_534, 10_000), (65_535, 11_000), (1, 14_000)):
        log.arrive(number, at)
    [first] = told(log.write(1, 2))
    assert (first.base, first.span, first.serial) == (65_534, 4, 0)
    assert first.received == [(65_534, 10_000), (65_535, 11_000), (1, 14_000)]
    assert log.write(1, 2) == []
    log.arrive(4, 60_000)
    [second] = told(log.write(1, 2))
    assert (second.base, second.span, second.serial, second.received) == (2, 3, 1, [(4, 60_000)])


def test_loss_that_is_forgiven_is_told_later_to_have_come_with_its_picture() -> None:
    log = ArrivalLog(0.25)
    # Pictures of four packets, the last of them marked; of one the second packet is missing, of another the first.
    for number in range(40):
        if number not in (5, 12):
            log.arrive(number, 1_000 * number, is_last=number % 4 == 3)
    first = told(log.write(1, 2))
    assert [(feedback.base, feedback.span) for feedback in first] == [(0, 5), (6, 6), (13, 27)]
    assert [feedback.serial for feedback in first] == [0, 1, 2]
    log.arrive(40, 200_000)
    assert [feedback.base for feedback in told(log.write(1, 2))] == [40]
    log.arrive(41, 39_000 + HOLD_US)
    *_, fifth, twelfth = told(log.write(1, 2))
    assert (fifth.base, fifth.span, fifth.received) == (5, 1, [(5, 4_000)])
    assert (twelfth.base, twelfth.span, twelfth.received) == (12, 1, [(12, 13_000)])
    log.arrive(42, 41_000 + 2 * HOLD_US)
    assert [feedback.base for feedback in told(log.write(1, 2))] == [42]


def test_what_comes_late_is_told_as_it_came() -> None:
    log = ArrivalLog(0.25)
    for number in (0, 1, 3):
        log.arrive(number, 1_000 * number)
    log.write(1, 2)
    log.arrive(2, 50_000)
    [late] = told(log.write(1, 2))
    assert (late.base, late.received) == (2, [(2, 50_000), (3, 3_000)])
    log.arrive(4, 10 * HOLD_US)
    assert [feedback.base for feedback in told(log.write(1, 2))] == [4]


def test_what_is_held_is_told_when_its_time_is_over_whatever_came_late_in_between() -> None:
    log = ArrivalLog(0.25)
    for number in (0, 1, 3, 5):
        log.arrive(number, 1_000 * number)
    log.write(1, 2, hold_us=300_000)
    log.arrive(2, 200_000)
    log.write(1, 2, hold_us=300_000)
    log.arrive(6, 310_000)
    assert [feedback.base for feedback in told(log.write(1, 2, hold_us=300_000))] == [6, 4]


def test_where_nothing_is_forgiven_what_is_missing_is_lost_and_what_was_held_too() -> None:
    log = ArrivalLog(0.25)
    for number in (0, 1, 3, 4):
        log.arrive(number, 1_000 * number)
    assert [(feedback.base, feedback.span) for feedback in told(log.write(1, 2))] == [(0, 2), (3, 2)]
    for number in (5, 9, 10):
        log.arrive(number, 1_000 * number)
    [feedback] = told(log.write(1, 2, forgives=False))
    assert (feedback.base, feedback.span) == (2, 9)
    assert [number for number, _ in feedback.received] == [3, 4, 5, 9, 10]
    log.arrive(11, 10 * HOLD_US)
    assert [feedback.received for feedback in told(log.write(1, 2))] == [[(11, 10 * HOLD_US)]]


def test_what_was_not_forgiven_once_does_not_count_as_the_lines_loss() -> None:
    log = ArrivalLog(0.25)
    for number in range(0, 3_000, 3):
        log.arrive(number, 100 * number)
    assert sum(feedback.span - len(feedback.received) for feedback in told(log.write(1, 2, forgives=False))) > 1_900
    log.arrive(3_001, 300_100)
    log.arrive(3_003, 300_300)
    assert [feedback.span for feedback in told(log.write(1, 2))] == [1, 1]


def test_loss_beyond_what_is_forgiven_and_outages_are_told() -> None:
    log = ArrivalLog(0.25)
    heard = sent = 0
    for begin in range(0, 4_000, 40):
        for number in range(begin, begin + 40):
            if number % 5 > 1:
                log.arrive(number, 1_000 * number)
        for feedback in told(log.write(1, 2)):
            if begin > 2_000:
                heard, sent = heard + len(feedback.received), sent + feedback.span
    assert 0.58 < heard / sent < 0.62
    outage = ArrivalLog(0.25)
    for number in (*range(200), *range(220, 400)):
        outage.arrive(number, 1_000 * number)
    assert sum(feedback.span - len(feedback.received) for feedback in told(outage.write(1, 2))) == 20


def test_a_late_packet_is_told_with_what_followed_it() -> None:
    log = ArrivalLog()
    log.arrive(10, 0)
    log.arrive(12, 1_000)
    log.write(1, 2)
    log.arrive(11, 2_000)
    log.arrive(11, 3_000)
    [feedback] = told(log.write(1, 2))
    assert (feedback.base, feedback.span, feedback.received) == (11, 2, [(11, 2_000), (12, 1_000)])


def test_what_is_too_much_or_too_far_apart_for_one_feedback_takes_several() -> None:
    log = ArrivalLog()
    for number in range(900):
        log.arrive(number, 1_000 * number)
    log.arrive(900, 30_000_000)
    several = told(log.write(1, 2))
    assert [feedback.base for feedback in several] == [0, 300, 600, 900]
    assert sum(feedback.span for feedback in several) == 901
    assert [feedback.serial for feedback in several] == [0, 1, 2, 3]


def test_s37_an_arrival_log_is_bounded() -> None:
    log = ArrivalLog()
    for number in range(5 * MAX_ARRIVALS):
        log.arrive(7 * number & 0xFFFF, number)
    assert sum(len(feedback.received) for feedback in told(log.write(1, 2))) == MAX_ARRIVALS
    assert len(log._arrivals) <= MAX_ARRIVALS
    log.arrive(1, 10_000_000)
    log.write(1, 2)
    assert len(log._arrivals) == 1


def test_a_sender_that_counts_anew_is_followed() -> None:
    log = ArrivalLog()
    log.arrive(100, 0)
    log.write(1, 2)
    log.arrive(30_000, 1_000)
    log.arrive(30_002, 2_000)
    [feedback] = told(log.write(1, 2))
    assert (feedback.base, feedback.span) == (30_000, 3)


@given(st.lists(st.tuples(st.integers(0, 0xFFFF), st.integers(0, 20_000_000)), max_size=60))
def test_whatever_arrives_can_be_told(arrivals: list[tuple[int, int]]) -> None:
    log = ArrivalLog()
    for number, at in arrivals:
        log.arrive(number, at)
    heard = {number for feedback in told(log.write(1, 2)) for number, _ in feedback.received}
    assert heard <= {number for number, _ in arrivals}
    assert bool(heard) == bool(arrivals)


def test_departures_become_samples_once() -> None:
    log = DepartureLog(first=65_534)
    assert [log.depart(100 + index, 1_000 * index) for index in range(5)] == [65_534, 65_535, 0, 1, 2]
    feedback = TransportFeedback(1, 2, 65_534, 4, 0, [(65_534, 9_000), (65_535, 7_000), (1, 8_000)])
    samples = [Sample(2_000, None, 102), Sample(1_000, 7_000, 101), Sample(3_000, 8_000, 103), Sample(0, 9_000, 100)]
    assert log.read(feedback) == samples
    assert log.read(feedback) == []
    late = TransportFeedback(1, 2, 0, 1, 0, [(0, 12_000)])
    assert log.read(late) == [Sample(2_000, 12_000, 102)]


def test_s36_feedback_of_packets_that_never_went_says_nothing() -> None:
    log = DepartureLog()
    log.depart(100, 0)
    assert log.read(TransportFeedback(1, 2, 5, 300, 0, [(5, 0), (60_000, 1)])) == []
    for _ in range(2 * MAX_DEPARTURES):
        log.depart(100, 1)
    assert log.read(TransportFeedback(1, 2, 0, 2, 0, [(1, 5)])) == []


@settings(max_examples=30)
@given(st.integers(0, 0xFFFF), st.integers(1, 3_000), st.sets(st.integers(0, 500), min_size=1, max_size=100))
def test_both_ends_agree_on_what_came(first: int, skipped: int, came: set[int]) -> None:
    sent, heard = DepartureLog(first), ArrivalLog()
    for _ in range(skipped):
        sent.depart(1, 0)
    numbers = [sent.depart(1_000 + index, 1_000 * index) for index in range(501)]
    for index in sorted(came):
        heard.arrive(numbers[index], 250 * index)
    samples = [sample for feedback in told(heard.write(1, 2)) for sample in sent.read(feedback)]
    arrived = {sample.size - 1_000 for sample in samples if sample.arrival is not None}
    lost = {sample.size - 1_000 for sample in samples if sample.arrival is None}
    assert arrived == came
    assert lost == set(range(min(came), max(came))) - came
