from __future__ import annotations

import pytest

from signaling.errors import RequestRefused
from signaling.limits import MAX_KEYS, Throttle


class HandClock:
    now = 1000.0

    def __call__(self) -> float:
        return self.now


def test_a_key_is_refused_at_its_limit_and_free_again_when_the_window_has_passed() -> None:
    clock = HandClock()
    throttle = Throttle(3, 60, clock=clock)
    for _ in range(3):
        throttle.check("guesser")
        throttle.count("guesser")
        clock.now += 10
    with pytest.raises(RequestRefused) as refused:
        throttle.check("guesser")
    assert refused.value.facts == {"retry_after_s": 30}
    throttle.check("somebody else")
    clock.now += 30
    throttle.check("guesser")


def test_memory_is_bounded() -> None:
    throttle = Throttle(2, 60, clock=HandClock())
    for number in range(MAX_KEYS + 50):
        throttle.count(str(number))
    assert len(throttle._counted) == MAX_KEYS
