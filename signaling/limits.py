"""Limits: how often somebody may fail, and how often somebody may ask. Clocks are monotonic seconds."""

from __future__ import annotations

import math
from collections import OrderedDict, deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final

from signaling.errors import RequestRefused

__all__ = ["RateLimit", "Throttle"]

MAX_KEYS: Final = 10_000


class Throttle:
    """At most ``limit`` failures per key within ``window_s``; successes are not counted. Memory is bounded."""

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

    @contextmanager
    def attempt(self, key: str) -> Iterator[None]:
        """Count an attempt before it is made, so that many at once are limited too; one that succeeds is not counted.

        Raises `RequestRefused` ``too_many_attempts`` while the key is at its limit.
        """
        self.check(key)
        self.fail(key)
        yield
        failures = self._failures.get(key)
        if failures:
            failures.pop()

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


class RateLimit:
    """A token bucket on a monotonic clock in seconds."""

    def __init__(self, clock: Callable[[], float], per_s: float, burst: float) -> None:
        self._clock = clock
        self._per_s = per_s
        self._burst = burst
        self._left = burst
        self._at = clock()

    def take(self) -> bool:
        """Whether one more is within the limit."""
        now = self._clock()
        self._left = min(self._burst, self._left + (now - self._at) * self._per_s)
        self._at = now
        if self._left < 1:
            return False
        self._left -= 1
        return True
