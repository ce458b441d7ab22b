"""Fuzz one target: `python -m tests.fuzz NAME [libFuzzer's options]`. What breaks it is kept where `-artifact_prefix` says."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["media", "aioice", "aiortc.sdp", "aiortc.rtp"]):
    from tests.fuzz.targets import TARGETS


def main() -> None:
    """Write the seeds into a corpus of their own and let the fuzzer go on from there."""
    name, *options = sys.argv[1:]
    target = TARGETS[name]
    with tempfile.TemporaryDirectory() as corpus:
        for number, seed in enumerate(target.seeds):
            Path(corpus, str(number)).write_bytes(seed)
        atheris.Setup([sys.argv[0], *options, corpus], target.attack)
        atheris.Fuzz()


if __name__ == "__main__":
    main()
