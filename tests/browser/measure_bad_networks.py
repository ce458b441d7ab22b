"""Measures a visit on bad networks: real Chromium at both ends, the demo server, and a troubled path for each of the two.

``python -m tests.browser.measure_bad_networks`` prints JSON lines, one per condition, run and direction; ``--table LABEL FILE…``
reads them again and prints rows for ``docs/bad-networks.md``.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
import tempfile
from pathlib import Path

from tests.support.bad_networks import CONDITIONS, open_troubled_visit


async def measure(names: list[str], runs: int, script: str) -> None:
    """Run and print."""
    with tempfile.TemporaryDirectory() as folder:
        async with open_troubled_visit(Path(folder), script=script) as visit:
            for run in range(runs):
                for name in names:
                    for line in await visit.measure(name, CONDITIONS[name]):
                        sys.stdout.write(json.dumps(line | {"run": run}) + "\n")
                        sys.stdout.flush()


def main() -> None:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*", default=[], metavar="CONDITION", help=", ".join(CONDITIONS))
    parser.add_argument("--runs", type=int, default=1)
    parser.add_argument("--script", type=Path, help="JavaScript that every page runs before its own, to try something")
    given = parser.parse_args()
    script = given.script.read_text() if given.script else ""
    asyncio.run(measure(given.names or list(CONDITIONS), given.runs, script))


if __name__ == "__main__":
    main()
