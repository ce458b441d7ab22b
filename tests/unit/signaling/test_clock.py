"""S64: the wall clock is set, the computer sleeps, the clocks drift; the server's time neither jumps nor goes back."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from structlog.testing import capture_logs

from signaling.clock import FOLLOWED_S, SteadyClock, boot_time

START = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
HOUR_S = 3600.0


class Hands:
    """The two clocks of a computer, moved by hand."""

    def __init__(self) -> None:
        self.wall = START.timestamp()
        self.steady = 1000.0
        self.clock = SteadyClock(lambda: self.wall, lambda: self.steady)

    def pass_time(self, seconds: float, *, drift: float = 0.0) -> datetime:
        """Let time pass; the wall clock gains ``drift`` seconds meanwhile."""
        self.steady += seconds
        self.wall += seconds + drift
        return self.clock()

    def each_second(self, seconds: int, *, drift: float = 0.0) -> Iterator[datetime]:
        for _ in range(seconds):
            yield self.pass_time(1, drift=drift / seconds)


def test_it_begins_with_the_wall_clocks_time_and_goes_on_with_it() -> None:
    hands = Hands()
    assert hands.clock() == START
    assert hands.pass_time(90) == START + timedelta(seconds=90)


@pytest.mark.parametrize("step", [HOUR_S, -HOUR_S])
def test_s64_a_step_of_an_hour_is_not_followed(step: float) -> None:
    hands = Hands()
    hands.wall += step
    assert hands.pass_time(10) == START + timedelta(seconds=10)
    assert list(hands.each_second(600))[-1] == START + timedelta(seconds=610)
    assert hands.clock.offset_s == pytest.approx(step)


def test_a_step_is_logged_once_and_the_next_one_once_again() -> None:
    hands = Hands()
    with capture_logs() as logged:
        for _ in range(2):
            hands.wall += HOUR_S
            list(hands.each_second(30))
    assert [(line["event"], line["seconds"]) for line in logged] == [("clock_stepped", 3600), ("clock_stepped", 7200)]


def test_a_step_that_is_taken_back_leaves_nothing() -> None:
    hands = Hands()
    hands.wall += HOUR_S
    hands.pass_time(1)
    hands.wall -= HOUR_S
    assert hands.pass_time(1) == START + timedelta(seconds=2)
    assert hands.clock.offset_s == pytest.approx(0)


def test_a_laptops_sleep_counts() -> None:
    hands = Hands()
    with capture_logs() as logged:
        assert hands.pass_time(8 * HOUR_S) == START + timedelta(hours=8)
    assert logged == []


@pytest.mark.parametrize("drift", [4.0, -4.0])
def test_a_small_drift_is_followed_slowly(drift: float) -> None:
    hands = Hands()
    hands.wall += drift
    assert abs(hands.pass_time(1) - (START + timedelta(seconds=1))) < timedelta(seconds=0.01)
    told = list(hands.each_second(1000))
    assert told == sorted(told)
    assert told[-1].timestamp() == pytest.approx(hands.wall, abs=0.001)


def test_a_slow_drift_of_hours_is_followed_all_the_way() -> None:
    hands = Hands()
    told = list(hands.each_second(20_000, drift=20))
    assert told[-1].timestamp() == pytest.approx(hands.wall, abs=0.01)


@given(
    st.lists(st.tuples(st.floats(0, 100), st.floats(-2 * FOLLOWED_S, 2 * FOLLOWED_S)), max_size=50), st.floats(0, 100)
)
def test_it_never_goes_back(moves: list[tuple[float, float]], last: float) -> None:
    hands = Hands()
    told = [hands.clock(), *(hands.pass_time(seconds, drift=drift) for seconds, drift in moves), hands.pass_time(last)]
    assert told == sorted(told)


def test_a_steady_clock_that_is_none_does_not_take_time_back() -> None:
    hands = Hands()
    hands.pass_time(10)
    hands.steady -= 5
    assert hands.clock() >= START + timedelta(seconds=10)


def test_the_time_asleep_is_counted_where_the_system_can(monkeypatch: pytest.MonkeyPatch) -> None:
    assert boot_time() == pytest.approx(time.clock_gettime(time.CLOCK_BOOTTIME), abs=5)
    monkeypatch.delattr(time, "CLOCK_BOOTTIME")
    assert boot_time() == pytest.approx(time.monotonic(), abs=5)
