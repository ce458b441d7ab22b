import os
import subprocess
import time

import pytest

from loadtests.process_clock import cpu_s


def test_it_is_the_clock_of_the_process_that_was_named() -> None:
    before = time.process_time()
    assert before <= cpu_s(os.getpid()) <= time.process_time()


def test_a_process_that_is_gone_has_none() -> None:
    with subprocess.Popen(["true"]) as process:
        process.wait()
    with pytest.raises(OSError, match="Invalid argument"):
        cpu_s(process.pid)
