"""What another process uses, as the kernel counts it, and which core it has."""

import contextlib
import os
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

# `MAKE_PROCESS_CPUCLOCK(pid, CPUCLOCK_SCHED)` of the kernel's include/linux/posix-timers_types.h.
_PID_SHIFT, _SCHEDULER_TIME = 3, 2


def cpu_s(pid: int) -> float:
    """Return the CPU seconds that it has used: user and system, all threads. Raises `OSError` when it is gone."""
    return time.clock_gettime(~pid << _PID_SHIFT | _SCHEDULER_TIME)


def resident_mb(pid: int) -> float:
    """Return its resident memory in MB of 10^6 bytes. Raises `OSError` when it is gone."""
    return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 1e6


@contextlib.contextmanager
def on_other_cores(pids: Sequence[int]) -> Iterator[None]:
    """Keep these single-threaded processes on one core, and this one on the others, for the length of the block.

    Else the scheduler likes to put those that wake each other on the same core. With one core alone nothing changes.
    """
    ours = os.sched_getaffinity(0)
    first, *others = sorted(ours)
    if others:
        for pid in pids:
            os.sched_setaffinity(pid, {first})
        os.sched_setaffinity(0, others)
    try:
        yield
    finally:
        os.sched_setaffinity(0, ours)
