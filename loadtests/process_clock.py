"""The CPU time of another process: user and system, all of its threads, as the kernel's scheduler counts it."""

import time

# `MAKE_PROCESS_CPUCLOCK(pid, CPUCLOCK_SCHED)` of the kernel's include/linux/posix-timers_types.h.
_PID_SHIFT, _SCHEDULER_TIME = 3, 2


def cpu_s(pid: int) -> float:
    """Return the CPU seconds that a process has used, to the nanosecond. Raises `OSError` when it is gone."""
    return time.clock_gettime(~pid << _PID_SHIFT | _SCHEDULER_TIME)
