from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from signaling.line_quality import LineFigures, LineQuality, Quality, judge

GOOD = LineFigures(loss_up=0.0, loss_down=0.01, rtt_s=0.05)
FAIR = LineFigures(loss_up=0.05)
POOR = LineFigures(rtt_s=0.7)


@pytest.mark.parametrize(
    ("figures", "quality"),
    [
        (LineFigures(), None),
        (LineFigures(loss_up=0.0299, loss_down=0.0, rtt_s=0.299), Quality.GOOD),
        (LineFigures(loss_up=0.03), Quality.FAIR),
        (LineFigures(loss_down=0.099, rtt_s=0.1), Quality.FAIR),
        (LineFigures(loss_down=0.1, rtt_s=0.1), Quality.POOR),
        (LineFigures(rtt_s=0.3), Quality.FAIR),
        (LineFigures(rtt_s=0.6), Quality.POOR),
    ],
)
def test_the_worst_figure_counts(figures: LineFigures, quality: Quality | None) -> None:
    assert judge(figures) is quality


def test_a_worse_line_shows_at_once() -> None:
    line = LineQuality()
    assert line.take(GOOD, 1.0)
    assert line.shown is Quality.GOOD
    assert line.take(POOR, 2.0)
    assert line.shown is Quality.POOR
    assert not line.take(POOR, 3.0)


def test_a_better_line_shows_after_ten_good_seconds_and_a_relapse_begins_them_anew() -> None:
    line = LineQuality()
    line.take(POOR, 0.0)
    assert not line.take(GOOD, 8.0)
    assert not line.take(POOR, 9.0)
    assert not line.take(GOOD, 18.9)
    assert line.take(GOOD, 19.0)
    assert line.shown is Quality.GOOD


def test_of_the_good_seconds_the_worst_counts() -> None:
    line = LineQuality()
    line.take(POOR, 0.0)
    line.take(FAIR, 5.0)
    line.take(GOOD, 10.0)
    assert line.shown is Quality.FAIR
    line.take(GOOD, 19.9)
    assert line.shown is Quality.FAIR
    line.take(GOOD, 20.0)
    assert line.shown is Quality.GOOD


def test_a_line_of_which_nothing_is_heard_is_unknown_after_a_while() -> None:
    line = LineQuality()
    line.take(FAIR, 0.0)
    assert not line.take(LineFigures(), 30.0)
    assert line.take(LineFigures(), 30.1)
    assert line.shown is None


@given(st.lists(st.tuples(st.sampled_from([GOOD, FAIR, POOR, LineFigures()]), st.floats(0, 20)), max_size=40))
def test_what_is_shown_is_never_better_than_the_newest_figures_and_changes_are_told(
    steps: list[tuple[LineFigures, float]],
) -> None:
    line, now = LineQuality(), 0.0
    for figures, pause in steps:
        now += pause
        before, found = line.shown, judge(figures)
        assert line.take(figures, now) is (line.shown is not before)
        if found is not None:
            assert line.shown is not None
            assert line.shown.rank >= found.rank
