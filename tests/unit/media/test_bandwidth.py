import pytest
from aiortc.rate import RateCounter
from hypothesis import given
from hypothesis import strategies as st

from media.bandwidth import (
    PAUSE_AFTER_S,
    RATE_WINDOW_MS,
    RESUME_AFTER_S,
    START_BPS,
    DownlinkEstimator,
    PictureGate,
    _RateCounter,
    divide,
)
from media.twcc import Sample
from tests.unit.media.bottleneck import run
from tests.unit.media.work import lines_run

M = 1_000_000


@pytest.mark.parametrize("rate", [0.4 * M, 1.0 * M, 1.5 * M])
def test_the_estimate_settles_below_a_bottleneck_and_keeps_its_queue_short(rate: float) -> None:
    result = run(rate=lambda _: rate)
    assert 0.7 * rate < result.estimate < 1.02 * rate
    assert result.loss < 0.005
    assert result.queue_s < 0.25


@pytest.mark.parametrize("loss", [0.05, 0.2])
def test_random_loss_alone_does_not_lower_the_estimate(loss: float) -> None:
    result = run(rate=lambda _: 10 * M, loss=loss, wanted_bps=2 * M)
    assert result.estimate > 2 * M
    assert result.loss == pytest.approx(loss, abs=0.02)


def test_random_loss_before_a_bottleneck_does_not_hide_it() -> None:
    result = run(rate=lambda _: 1 * M, loss=0.1)
    assert 0.6 * M < result.estimate < 1.15 * M
    assert result.loss < 0.13


def test_a_policer_without_a_queue_is_noticed_by_its_loss() -> None:
    result = run(rate=lambda _: 0.5 * M, queue_s=0.02, wanted_bps=3 * M)
    assert result.estimate < 0.8 * M
    assert result.loss < 0.3


def test_growth_to_a_wide_line_takes_seconds_not_a_minute() -> None:
    result = run(rate=lambda _: 20 * M, wanted_bps=3 * M, seconds=12)
    assert result.estimate > 3 * M


def test_a_line_that_narrows_is_followed() -> None:
    result = run(rate=lambda now: 2 * M if now < 8 else 0.5 * M, seconds=24)
    assert 0.3 * M < result.estimate < 0.52 * M


def test_a_receiver_with_another_clock_keeps_the_estimate() -> None:
    estimator = DownlinkEstimator()
    for base in (0, 500_000_000, 1_000):
        for index in range(40):
            estimator.update([Sample(base + 20_000 * index, base + 20_000 * index, 1_000)], 0.0)
    assert estimator.bit_rate >= START_BPS * 0.5


def test_s36_hostile_arrivals_cost_little_and_raise_nothing() -> None:
    estimator = DownlinkEstimator()
    for arrival in (-(1 << 40), 1 << 40, 0, -250, 2_900_000, 0, 5_800_000):
        estimator.update([Sample(0, arrival, 1_000), Sample(5, arrival, 1_000)], 0.0)
    assert estimator.bit_rate > 0

    def work(apart_us: int) -> int:
        estimator = DownlinkEstimator()
        samples = [Sample(5_000 * index, apart_us * index, 1_000) for index in range(600)]
        return lines_run(lambda: estimator.update(samples, 0.0))

    usual = work(5_000)
    assert usual < 300 * 600
    for apart_us in (999_000, 2_980_000, 3_001_000, 8_000_000):
        assert work(apart_us) < 1.5 * usual


@given(st.lists(st.tuples(st.integers(0, 2_500), st.integers(0, 1_500), st.booleans()), max_size=60))
def test_what_arrives_is_measured_as_aiortc_measures_it(steps: list[tuple[int, int, bool]]) -> None:
    ours, theirs = _RateCounter(), RateCounter(RATE_WINDOW_MS)
    now_ms = 7
    for elapsed, size, is_asked in steps:
        now_ms += elapsed
        if is_asked:
            assert ours.rate(now_ms) == theirs.rate(now_ms)
        else:
            ours.add(size, now_ms)
            theirs.add(size, now_ms)
    ours.reset()
    assert ours.rate(now_ms) is None


def test_what_one_stream_does_not_use_goes_to_the_others() -> None:
    assert divide(900.0, {}) == {}
    assert divide(900.0, {1: 1_000, 2: 1_000}) == {1: 450, 2: 450}
    assert divide(900.0, {1: 100, 2: 5_000, 3: 5_000}) == {1: 100, 2: 400, 3: 400}
    assert divide(900.0, {1: 100, 2: 200}) == {1: 400, 2: 500}


FULL = 400_000.0


def judged(
    gate: PictureGate, bit_rate: float, begin: float, seconds: float, streams: tuple[int, ...] = (1, 2)
) -> float | None:
    """When, if ever, what is paused changed. Each picture is one that would take far more."""
    return changed(gate, bit_rate, begin, seconds, dict.fromkeys(streams, FULL))


def changed(gate: PictureGate, bit_rate: float, begin: float, seconds: float, rates: dict[int, float]) -> float | None:
    before = gate.paused
    for step in range(int(seconds * 10) + 1):
        if gate.judge(bit_rate, rates, begin + step / 10) != before:
            return begin + step / 10
    return None


def test_a_picture_is_paused_after_five_seconds_of_too_little_the_least_important_first() -> None:
    gate = PictureGate()
    assert judged(gate, 190_000, 0.0, PAUSE_AFTER_S - 0.2) is None
    assert judged(gate, 210_000, 5.0, 0.0) is None
    assert judged(gate, 190_000, 6.0, 10.0) == pytest.approx(6.0 + PAUSE_AFTER_S)
    assert gate.paused == {2}
    assert judged(gate, 110_000, 20.0, 60.0) is None


def test_cameras_that_are_off_are_no_burden_and_no_picture_is_paused_for_them() -> None:
    gate = PictureGate()
    assert changed(gate, 190_000, 0.0, 60.0, {1: 0, 2: 0, 3: 0, 4: 163_000}) is None
    assert changed(gate, 190_000, 60.0, 60.0, {4: 163_000, 1: 0, 2: 0}) is None
    assert changed(gate, 90_000, 120.0, 60.0, {1: 0, 4: 88_000, 2: 0}) == pytest.approx(120.0 + PAUSE_AFTER_S)
    assert gate.paused == {4}


def test_a_screen_at_rest_is_not_paused_for_a_camera_that_wants_more() -> None:
    gate = PictureGate()
    assert changed(gate, 90_000, 0.0, 10.0, {1: 80_000, 2: 12_000}) == pytest.approx(PAUSE_AFTER_S)
    assert gate.paused == {1}
    assert changed(gate, 40_000, 5.0, 5.0, {1: 80_000, 2: 12_000}) is None


def test_a_picture_comes_back_after_ten_good_seconds() -> None:
    gate = PictureGate()
    judged(gate, 190_000, 0.0, 10.0)
    assert judged(gate, 290_000, 10.0, 60.0) is None
    assert judged(gate, 310_000, 100.0, 60.0) == pytest.approx(100.0 + RESUME_AFTER_S)
    assert gate.paused == frozenset()
    assert not gate.is_trial


def test_what_others_do_not_need_brings_a_picture_back() -> None:
    gate = PictureGate()
    judged(gate, 190_000, 0.0, 10.0)
    assert changed(gate, 175_000, 10.0, 60.0, {1: 160_000, 2: 30_000}) is None
    assert changed(gate, 190_000, 100.0, 60.0, {1: 160_000, 2: 30_000}) == pytest.approx(100.0 + RESUME_AFTER_S)


@pytest.mark.parametrize("rates", [{1: 0.0, 2: FULL}, {1: 40_000.0, 2: FULL}], ids=["off", "small"])
def test_where_the_others_do_not_fill_the_line_a_picture_is_tried(rates: dict[int, float]) -> None:
    gate = PictureGate()
    judged(gate, 190_000, 0.0, 10.0)
    assert gate.paused == {2}
    assert changed(gate, 70_000, 20.0, 60.0, rates) == pytest.approx(20.0 + RESUME_AFTER_S)
    assert gate.is_trial
    gate.judge(70_000, rates, 31.0)
    assert not gate.is_trial


def test_of_those_that_are_paused_the_most_important_that_is_not_off_comes_back_first() -> None:
    gate = PictureGate()
    judged(gate, 50_000, 0.0, 5.5, (1, 2, 3))
    judged(gate, 50_000, 5.5, 5.0, (1, 2, 3))
    judged(gate, 50_000, 10.5, 5.0, (1, 2, 3))
    assert gate.paused == {1, 2, 3}
    assert changed(gate, 50_000, 16.0, 60.0, {1: 0, 2: FULL, 3: FULL}) is not None
    assert gate.paused == {1, 3}


def test_with_no_picture_left_one_is_tried_again_less_and_less_often() -> None:
    gate = PictureGate()
    now, waits = judged(gate, 50_000, 0.0, 60.0, (1,)), []
    for _ in range(5):
        assert now is not None
        tried = judged(gate, 50_000, now, 100.0, (1,))
        assert tried is not None
        waits.append(round(tried - now))
        now = judged(gate, 50_000, tried, 60.0, (1,))
    assert waits == [10, 20, 40, 80, 80]
    assert now is not None
    back = judged(gate, 50_000, now, 100.0, (1,))
    assert back is not None
    judged(gate, 400_000, back, 20.0, (1,))
    paused = judged(gate, 50_000, back + 20, 20.0, (1,))
    assert paused is not None
    assert judged(gate, 50_000, paused, 60.0, (1,)) == pytest.approx(paused + 10)


def test_a_stream_that_went_is_forgotten() -> None:
    gate = PictureGate()
    judged(gate, 190_000, 0.0, 10.0)
    assert gate.judge(190_000, {1: FULL}, 11.0) == frozenset()
