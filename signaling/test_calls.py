"""How many test calls there may be: each costs what a person in a visit costs, and anybody may ask for one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import Final

from signaling.errors import RequestRefused
from signaling.limits import Throttle

__all__ = ["EchoLimits"]

AT_ONCE: Final = 2
STARTS: Final = 6
STARTS_WINDOW_S: Final = 60.0
RETRY_AFTER_S: Final = 15


class EchoLimits:
    """Counts test calls by caller: the participant where there is a session, else the address. ``clock`` is monotonic seconds.

    A participant is counted apart from the address: many households share one address of a mobile network.
    """

    def __init__(self, most: int, *, clock: Callable[[], float]) -> None:
        self._most = most
        self._open: Counter[str] = Counter()
        self._starts = Throttle(STARTS, STARTS_WINDOW_S, clock=clock, code="too_many_requests")

    def enter(self, caller: str) -> None:
        """Begin a call, or raise `RequestRefused` ``too_many_requests``. Each one that began ends with `leave`."""
        if self._open.total() >= self._most or self._open[caller] >= AT_ONCE:
            raise RequestRefused("too_many_requests", retry_after_s=RETRY_AFTER_S)
        self._starts.take(caller)
        self._open[caller] += 1

    def leave(self, caller: str) -> None:
        """End a call."""
        self._open[caller] -= 1
        if not self._open[caller]:
            del self._open[caller]
