from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from media.loss_watch import CALM_AFTER_S, LONGEST_CALM_S, LossWatch


def turns(losses: Callable[[float], float], seconds: float, watch: LossWatch | None = None) -> list[float]:
    """When the verdict changes on a line that loses so much at each second."""
    watch = watch or LossWatch()
    return [at / 2 for at in range(int(2 * seconds)) if watch.judge(losses(at / 2), at / 2)]


def test_a_line_is_lossy_once_it_loses_for_a_while_and_not_for_a_moment() -> None:
    assert turns(lambda at: 0.1 if at % 10 < 2 else 0.0, 600) == []
    assert turns(lambda _: 0.03, 600) == [2.5]


def test_it_is_calm_again_after_a_minute_that_lost_next_to_nothing() -> None:
    lossy, calm = turns(lambda at: 0.1 if at < 20 else 0.0, 3_600)
    assert lossy == 2.5
    assert 20 + CALM_AFTER_S <= calm < 20 + CALM_AFTER_S + 30


def test_single_packets_of_sound_keep_no_line_from_being_calm() -> None:
    assert len(turns(lambda at: 0.1 if at < 20 else 0.01 * (at % 6 < 2), 3_600)) == 2


@pytest.mark.parametrize("loss", [0.012, 0.02, 0.029])
def test_loss_between_the_two_marks_changes_nothing(loss: float) -> None:
    assert turns(lambda _: loss, 3_600) == []
    assert turns(lambda at: 0.1 if at < 20 else loss, 3_600) == [2.5]


@pytest.mark.parametrize("period", [30, 70, 90, 120, 240, 400, 500, 599])
def test_a_line_that_loses_every_now_and_then_does_not_go_to_and_fro(period: int) -> None:
    changes = turns(lambda at: 0.1 if at % period < 10 else 0.0, 6 * 3_600)
    assert len(changes) <= 11
    last = changes[-1] if changes else 0.0
    assert last < 2 * 3_600, "it has come to rest"


@given(st.lists(st.tuples(st.integers(1, 400), st.sampled_from([0.0, 0.005, 0.02, 0.05, 0.3])), max_size=60))
def test_whatever_a_line_does_it_is_lossy_for_a_minute_at_least(stretches: list[tuple[int, float]]) -> None:
    losses = [loss for seconds, loss in stretches for _ in range(seconds)] + [0.0] * int(2 * LONGEST_CALM_S)
    changes = turns(lambda at: losses[int(at)], len(losses))
    assert len(changes) % 2 == 0, "in the end it is calm"
    assert all(calm - lossy >= CALM_AFTER_S for lossy, calm in zip(changes[::2], changes[1::2], strict=True))


def test_what_is_not_to_be_judged_begins_the_time_anew() -> None:
    watch = LossWatch()
    assert turns(lambda _: 0.1, 2, watch) == []
    watch.look_away()
    assert turns(lambda _: 0.1, 10, watch) == [2.5]
