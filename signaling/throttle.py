"""Counts failures by key in a sliding window, so that guessing is slow. Successes are never counted."""

from __future__ import annotations

import math
from collections import OrderedDict, deque
from collections.abc import Callable
from typing import Final

from signaling.errors import RequestRefused

__all__ = ["Throttle"]

MAX_KEYS: Final = 10_000


class Throttle:
    """At most ``limit`` failures per key within ``window_s``. ``clock`` is monotonic seconds. Memory is bounded."""

    def __init__(self, limit: int, window_s: float, *, clock: Callable[[], float]) -> None:
        self._limit = limit
        self._window_s = window_s
        self._clock = clock
        self._failures: OrderedDict[str, deque[float]] = OrderedDict()

    def check(self, key: str) -> None:
        """Raise `RequestRefused` ``too_many_attempts`` while the key is at its limit."""
        failures = self._recent(key)
        if len(failures) >= self._limit:
            wait_s = failures[0] + self._window_s - self._clock()
            raise RequestRefused("too_many_attempts", retry_after_s=max(1, math.ceil(wait_s)))

    def fail(self, key: str) -> None:
        """Count a failure."""
        failures = self._recent(key)
        failures.append(self._clock())
        self._failures[key] = failures
        self._failures.move_to_end(key)
        while len(self._failures) > MAX_KEYS:
            self._failures.popitem(last=False)

    def _recent(self, key: str) -> deque[float]:
        failures = self._failures.get(key)
        if failures is None:
            return deque(maxlen=self._limit)
        while failures and failures[0] <= self._clock() - self._window_s:
            failures.popleft()
        return failures
