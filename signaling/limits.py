"""Limits: how often somebody may fail, and how often somebody may ask. Clocks are monotonic seconds."""

from __future__ import annotations

import math
from collections import OrderedDict, deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final

from media import Allowance
from signaling.errors import RequestRefused

__all__ = ["RateLimit", "Throttle"]

MAX_KEYS: Final = 10_000


class Throttle:
    """At most ``limit`` per key within ``window_s``, of what is counted: failures, or every time. Memory is bounded.

    More are refused with ``code``.
    """

    def __init__(
        self, limit: int, window_s: float, *, clock: Callable[[], float], code: str = "too_many_attempts"
    ) -> None:
        self._limit = limit
        self._window_s = window_s
        self._clock = clock
        self._code = code
        self._counted: OrderedDict[str, deque[float]] = OrderedDict()

    def check(self, key: str) -> None:
        """Raise `RequestRefused` while the key is at its limit."""
        counted = self._recent(key)
        if len(counted) >= self._limit:
            wait_s = counted[0] + self._window_s - self._clock()
            raise RequestRefused(self._code, retry_after_s=max(1, math.ceil(wait_s)))

    def take(self, key: str) -> None:
        """Count one, or raise `RequestRefused` while the key is at its limit."""
        self.check(key)
        self.count(key)

    @contextmanager
    def attempt(self, key: str) -> Iterator[None]:
        """Count an attempt before it is made, so that many at once are limited too.

        It stays counted only where it ends as ``sign_in_failed``: what could not be judged is nobody's wrong guess.
        Raises `RequestRefused` while the key is at its limit.
        """
        self.take(key)
        failed = False
        try:
            yield
        except RequestRefused as refused:
            failed = refused.code == "sign_in_failed"
            raise
        finally:
            counted = self._counted.get(key)
            if counted and not failed:
                counted.pop()

    def count(self, key: str) -> None:
        """Count one."""
        counted = self._recent(key)
        counted.append(self._clock())
        self._counted[key] = counted
        self._counted.move_to_end(key)
        while len(self._counted) > MAX_KEYS:
            self._counted.popitem(last=False)

    def _recent(self, key: str) -> deque[float]:
        counted = self._counted.get(key)
        if counted is None:
            return deque(maxlen=self._limit)
        while counted and counted[0] <= self._clock() - self._window_s:
            counted.popleft()
        return counted


class RateLimit:
    """A token bucket on a monotonic clock in seconds."""

    def __init__(self, clock: Callable[[], float], per_s: float, burst: float) -> None:
        self._clock = clock
        self._allowance = Allowance(per_s, burst)

    def take(self) -> bool:
        """Whether one more is within the limit."""
        return self._allowance.take(self._clock())
