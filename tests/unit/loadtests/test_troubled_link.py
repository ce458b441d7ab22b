"""What a troubled link does to packets, with time as a value."""

from __future__ import annotations

from itertools import pairwise

import pytest

from loadtests.troubled_link import Conditions, Link

SIZE = 1000


def outs(link: Link, count: int, *, every_s: float = 0.01, size: int = SIZE) -> list[float | None]:
    return [link.depart(number * every_s, size) for number in range(count)]


def test_a_clean_link_passes_at_once_and_one_with_delay_later() -> None:
    assert Link().depart(5.0, SIZE) == 5.0
    assert Link(Conditions(delay_s=0.02)).depart(5.0, SIZE) == pytest.approx(5.02)


@pytest.mark.parametrize("run", [1.0, 5.0])
def test_the_share_that_is_lost_is_the_one_asked_for(run: float) -> None:
    link = Link(Conditions(loss=0.1, loss_run=run), seed=1)
    fates = outs(link, 50_000)
    assert fates.count(None) / len(fates) == pytest.approx(0.1, rel=0.15)
    assert (link.lost, link.passed) == (fates.count(None), len(fates) - fates.count(None))


def test_losses_come_in_runs_of_the_length_asked_for() -> None:
    fates = "".join("x" if out is None else "." for out in outs(Link(Conditions(loss=0.1, loss_run=5), seed=2), 50_000))
    runs = [len(run) for run in fates.split(".") if run]
    assert sum(runs) / len(runs) == pytest.approx(5, rel=0.2)


def test_the_same_seed_gives_the_same_fates_and_another_seed_others() -> None:
    troubles = Conditions(loss=0.2, jitter_s=0.1, reordered=0.1)
    first, again, other = (outs(Link(troubles, seed=seed), 200) for seed in (3, 3, 4))
    assert first == again
    assert first != other


def test_a_bottleneck_takes_its_rate_and_queues_no_longer_than_it_may() -> None:
    # 1,028 bytes at 82,240 bit/s take 0.1 s each, and come ten times as often.
    fates = outs(Link(Conditions(bits_per_s=82_240, queue_s=0.3)), 100)
    passed = [out for out in fates if out is not None]
    assert [after - before for before, after in pairwise(passed)] == pytest.approx([0.1] * (len(passed) - 1))
    assert fates[:4] == pytest.approx([0.1, 0.2, 0.3, 0.4])
    assert max(out - number * 0.01 for number, out in enumerate(fates) if out is not None) <= 0.3 + 0.1 + 1e-9
    assert fates.count(None) > 80


def test_an_empty_bottleneck_adds_only_its_own_time() -> None:
    assert outs(Link(Conditions(bits_per_s=82_240)), 3, every_s=1) == pytest.approx([0.1, 1.1, 2.1])


def test_jitter_delays_up_to_its_bound_and_keeps_the_order() -> None:
    fates = outs(Link(Conditions(jitter_s=0.3), seed=5), 2_000)
    passed = [out for out in fates if out is not None]
    extra = [out - number * 0.01 for number, out in enumerate(passed)]
    assert passed == sorted(passed)
    assert min(extra) < 0.05
    assert 0.25 < max(extra) <= 0.3 + 1e-9


def test_the_reordered_are_overtaken() -> None:
    fates = outs(Link(Conditions(reordered=0.1, reordered_by_s=0.035), seed=6), 1_000)
    passed = [out for out in fates if out is not None]
    overtaken = sum(after < before for before, after in pairwise(passed))
    assert overtaken == pytest.approx(100, rel=0.3)


def test_a_cut_loses_everything_for_its_time_and_nothing_after_it() -> None:
    link = Link()
    link.cut(1.0, 2.0)
    assert link.depart(1.0, SIZE) is None
    assert link.depart(2.999, SIZE) is None
    assert link.depart(3.0, SIZE) == 3.0
