"""No crash writes this process's memory to a disk: decrypted media, names and keys are in it."""

import ctypes
import resource
import sys
from typing import Final

import structlog

__all__ = ["forbid_crash_dumps"]

PR_SET_DUMPABLE: Final = 4

log = structlog.get_logger(__name__)


def forbid_crash_dumps() -> None:
    """Let the kernel write no core file of this process, and hand none to a collector. Lasts for the process.

    The limit keeps core files away; a collector behind a pipe in `core_pattern` does not heed it, so on Linux the process
    is also marked as not dumpable (prctl(2)), which keeps other processes of the same user from reading its memory too.
    """
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if sys.platform == "linux" and ctypes.CDLL(None, use_errno=True).prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) != 0:
        log.warning("crash_dumps_possible", errno=ctypes.get_errno())
