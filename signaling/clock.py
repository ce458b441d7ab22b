"""The server's own time of day: the wall clock's at the start, and from then on a clock that nobody sets.

What is due is judged by this clock. Were it the wall clock itself, setting that an hour ahead would end sessions, links and
places in line under people's eyes, and setting it back would let patients in who are not due and revive tokens that are
over. So a step of the wall clock is not followed while the process runs: nobody is admitted or revoked early by it. It is
logged once and told as a metric; the operator decides when to restart, which takes the new time.

A suspended computer is no step: its clocks agree on how long it slept, and so does this one.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Final

import structlog

__all__ = ["SteadyClock", "boot_time", "utc_now"]

FOLLOWED_S: Final = 5.0
"""Up to here the wall clock is taken to be put right by time synchronization, and followed."""

SLEW: Final = 0.005
"""How much faster or slower this clock goes while it follows: 5 s are caught up with in 17 minutes."""

log = structlog.get_logger(__name__)


def utc_now() -> datetime:
    """Return the wall clock's time: for what is done once and at once. A running node has a clock that nobody can set."""
    return datetime.now(UTC)


def boot_time() -> float:
    """Return seconds of a clock that cannot be set, with the time asleep where the system counts it."""
    # Linux alone needs another clock for that: elsewhere the monotonic one goes on in sleep, or nothing better is known.
    return time.clock_gettime(time.CLOCK_BOOTTIME) if hasattr(time, "CLOCK_BOOTTIME") else time.monotonic()


class SteadyClock:
    """Call it for the time: aware, in UTC, never earlier than before. ``wall`` and ``steady`` give seconds."""

    def __init__(self, wall: Callable[[], float] = time.time, steady: Callable[[], float] = boot_time) -> None:
        self._wall = wall
        self._steady = steady
        self._now = wall()
        self._read_at = steady()
        self._offset = 0.0
        self._told = 0.0

    def __call__(self) -> datetime:
        """Return the time."""
        read_at = self._steady()
        passed = max(0.0, read_at - self._read_at)
        self._read_at = read_at
        self._now += passed
        offset = self._wall() - self._now
        if abs(offset) <= FOLLOWED_S:
            most = passed * SLEW
            correction = min(max(offset, -most), most)
            self._now += correction
            offset -= correction
        self._offset = offset
        self._tell()
        return datetime.fromtimestamp(self._now, tz=UTC)

    @property
    def offset_s(self) -> float:
        """How far the wall clock was ahead of this one when it was last asked, in seconds."""
        return self._offset

    def _tell(self) -> None:
        """Log a step once, and a further one once again."""
        if abs(self._offset) <= FOLLOWED_S:
            self._told = 0.0
        elif abs(self._offset - self._told) > FOLLOWED_S:
            self._told = self._offset
            log.warning("clock_stepped", seconds=round(self._offset))
