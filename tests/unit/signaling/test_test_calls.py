from __future__ import annotations

import pytest

from signaling.errors import RequestRefused
from signaling.test_calls import EchoLimits


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


def refused(limits: EchoLimits, caller: str) -> RequestRefused:
    with pytest.raises(RequestRefused) as caught:
        limits.enter(caller)
    assert caught.value.code == "too_many_requests"
    return caught.value


def test_two_at_once_and_another_when_one_has_ended() -> None:
    limits = EchoLimits(20, clock=Clock())
    limits.enter("one")
    limits.enter("one")
    assert refused(limits, "one").facts == {"retry_after_s": 15}
    limits.enter("another")
    limits.leave("one")
    limits.enter("one")


def test_six_a_minute() -> None:
    clock = Clock()
    limits = EchoLimits(20, clock=clock)
    for _ in range(6):
        limits.enter("one")
        limits.leave("one")
    clock.now = 20.0
    assert refused(limits, "one").facts == {"retry_after_s": 40}
    clock.now = 60.0
    limits.enter("one")


def test_the_node_takes_only_so_many_of_all_together() -> None:
    limits = EchoLimits(3, clock=Clock())
    for caller in ("one", "two", "three"):
        limits.enter(caller)
    refused(limits, "four")
    limits.leave("two")
    limits.enter("four")


def test_one_who_was_refused_at_a_full_node_has_not_used_up_a_start() -> None:
    limits = EchoLimits(1, clock=Clock())
    limits.enter("one")
    for _ in range(10):
        refused(limits, "two")
    limits.leave("one")
    limits.enter("two")


def test_where_test_calls_are_switched_off_there_are_none() -> None:
    refused(EchoLimits(0, clock=Clock()), "one")
