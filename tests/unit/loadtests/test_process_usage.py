import os
import subprocess
import time

import pytest

from loadtests.process_usage import cpu_s, on_other_cores, resident_mb


def test_it_is_the_clock_of_the_process_that_was_named() -> None:
    before = time.process_time()
    assert before <= cpu_s(os.getpid()) <= time.process_time()


def test_a_process_that_is_gone_has_none() -> None:
    with subprocess.Popen(["true"]) as process:
        process.wait()
    with pytest.raises(OSError, match="Invalid argument"):
        cpu_s(process.pid)


def test_memory_that_is_used_is_resident() -> None:
    before = resident_mb(os.getpid())
    used = bytearray(b"\x01") * 50_000_000
    assert 40 < resident_mb(os.getpid()) - before < 60
    del used


def test_the_measured_and_the_measuring_share_no_core_for_a_while() -> None:
    before = os.sched_getaffinity(0)
    with subprocess.Popen(["cat"], stdin=subprocess.PIPE) as process, on_other_cores([process.pid]):
        theirs, ours = os.sched_getaffinity(process.pid), os.sched_getaffinity(0)
        assert len(before) == 1 or not theirs & ours
        assert theirs | ours <= before
    assert os.sched_getaffinity(0) == before
