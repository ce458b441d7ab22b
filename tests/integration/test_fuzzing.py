"""A short coverage-guided run of each fuzzing target; `python -m tests.fuzz` goes on for as long as one likes."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.fuzz.targets import TARGETS

pytest.importorskip("atheris", reason="atheris has wheels for Linux on x86_64 alone")

RUNS = 20_000
MOST_S = 20


@pytest.mark.parametrize("name", TARGETS)
def test_no_bytes_make_another_exception_than_the_promised_ones(name: str, tmp_path: Path) -> None:
    options = [
        f"-runs={RUNS}",
        f"-max_total_time={MOST_S}",
        "-max_len=4096",
        "-timeout=5",
        f"-artifact_prefix={tmp_path}/",
    ]
    done = subprocess.run(
        [sys.executable, "-m", "tests.fuzz", name, *options], capture_output=True, text=True, check=False, timeout=90
    )
    assert done.returncode == 0, (done.stdout + done.stderr)[:3000]
    ended = re.search(r"Done (\d+) runs", done.stderr)
    assert ended is not None
    assert int(ended[1]) > 500
