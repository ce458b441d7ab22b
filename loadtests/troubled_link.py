"""What a bad network does to packets, as a calculation: one direction of one path, without sockets and without a clock.

``Link.depart(now, size)`` says when a packet of that moment comes out at the other end, or None where it is lost. Its order
of things is that of a real line: an outage and random loss first, then the bottleneck and its queue, then the way itself.
"""

import random
from dataclasses import dataclass
from typing import Final

__all__ = ["CLEAN", "Conditions", "Link"]

HEADERS: Final = 28
"""Bytes of IP and UDP that a bottleneck carries beside the payload."""

HOLD_S: Final = (0.1, 0.5)
"""A line that jitters keeps one delay for about so long, and then has another."""


@dataclass(frozen=True, slots=True)
class Conditions:
    """One direction's troubles. Delays in seconds, shares from 0 to 1.

    ``loss_run`` is the mean length of a run of lost packets (Gilbert–Elliott; 1 loses each packet by itself). ``jitter_s``
    adds up to so much delay, changing every 0.1 to 0.5 s, and keeps the order; ``reordered`` is the share of packets that are
    held back by ``reordered_by_s`` and so overtaken. ``bits_per_s`` is a bottleneck whose queue holds ``queue_s`` and drops the
    newest when full.
    """

    loss: float = 0.0
    loss_run: float = 1.0
    delay_s: float = 0.0
    jitter_s: float = 0.0
    reordered: float = 0.0
    reordered_by_s: float = 0.03
    bits_per_s: float | None = None
    queue_s: float = 0.3


CLEAN: Final = Conditions()


class Link:
    """One direction of a path. The same seed and the same packets give the same fates."""

    def __init__(self, conditions: Conditions = CLEAN, *, seed: int = 0) -> None:
        self._random = random.Random(seed)  # noqa: S311 - chance that can be repeated is what is wanted
        self.conditions = conditions
        self.lost = self.passed = 0
        self._is_losing = False
        self._dark_until = self._free_at = self._last_out = self._jitter_until = float("-inf")
        self._jitter_s = 0.0

    def cut(self, now: float, seconds: float) -> None:
        """Lose everything from now on for so long."""
        self._dark_until = now + seconds

    def depart(self, now: float, size: int) -> float | None:
        """Return when a packet of ``size`` bytes that is sent now comes out, or None where it is lost."""
        out = None if now < self._dark_until or self._is_lost() else self._through(now, size)
        if out is None:
            self.lost += 1
        else:
            self.passed += 1
        return out

    def _is_lost(self) -> bool:
        """Walk the two states of Gilbert and Elliott; their shares and the mean run are those of the conditions."""
        now = self.conditions
        if now.loss_run <= 1 or not 0 < now.loss < 1:
            return self._random.random() < now.loss
        leave = 1 / now.loss_run
        enter = leave * now.loss / (1 - now.loss)
        self._is_losing = self._random.random() < (1 - leave if self._is_losing else enter)
        return self._is_losing

    def _through(self, now: float, size: int) -> float | None:
        conditions = self.conditions
        sent = now
        if conditions.bits_per_s is not None:
            begins = max(now, self._free_at)
            if begins - now > conditions.queue_s:
                return None
            sent = self._free_at = begins + (size + HEADERS) * 8 / conditions.bits_per_s
        out = sent + conditions.delay_s + self._jitter(now)
        if conditions.reordered and self._random.random() < conditions.reordered:
            return out + conditions.reordered_by_s
        # A line keeps its order: what is slow holds up what comes behind it.
        self._last_out = max(self._last_out, out)
        return self._last_out

    def _jitter(self, now: float) -> float:
        most = self.conditions.jitter_s
        if not most:
            return 0.0
        if now >= self._jitter_until:
            self._jitter_until = now + self._random.uniform(*HOLD_S)
            self._jitter_s = self._random.uniform(0, most)
        return min(self._jitter_s, most)
