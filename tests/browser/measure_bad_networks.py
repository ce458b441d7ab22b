"""Measures a visit on bad networks: real Chromium at both ends, the demo server, and a troubled path for each of the two.

Prints JSON lines, one per condition, run and direction. ``--table now FILE`` reads such lines again and writes them into the part
of ``docs/bad-networks.md`` that has this name; nothing is measured then.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
import tempfile
from collections.abc import Callable, Iterable
from pathlib import Path
from statistics import mean
from typing import Any, Final

from tests.support.bad_networks import CONDITIONS, open_troubled_visit

KEPT: Final = Path("docs/bad-networks.md")
_HEAD: Final = (
    "| condition | pictures/s | freezes | frozen, s | longest gap, s | sound concealed | sent, kbit/s | width | estimate, kbit/s "
    "| settled after, s |\n|---|---|---|---|---|---|---|---|---|---|\n"
)


async def measure(names: list[str], runs: int, script: str) -> None:
    """Run and print."""
    with tempfile.TemporaryDirectory() as folder:
        async with open_troubled_visit(Path(folder), script=script) as visit:
            for run in range(runs):
                for name in names:
                    for line in await visit.measure(name, CONDITIONS[name]):
                        sys.stdout.write(json.dumps(line | {"run": run}) + "\n")
                        sys.stdout.flush()


def write_table(part: str, lines: list[dict[str, Any]]) -> None:
    """Replace what stands between the part's two marks by a table of these lines: means, and the worst in brackets."""
    names = [name for name in CONDITIONS if any(line["condition"] == name for line in lines)]
    table = _HEAD + "".join(_row(name, [line for line in lines if line["condition"] == name]) for name in names)
    begins, ends = f"<!-- {part} -->\n", f"<!-- end of {part} -->"
    before, _, rest = KEPT.read_text().partition(begins)
    _, found, after = rest.partition(ends)
    if not found:
        raise SystemExit(f"{KEPT} has no part of this name")
    KEPT.write_text(before + begins + table + ends + after)


def _row(name: str, lines: list[dict[str, Any]]) -> str:
    def values(key: str) -> list[float]:
        return [line[key] for line in lines if line[key] is not None]

    def both(key: str, digits: int = 1, worst: Callable[[Iterable[float]], float] = max) -> str:
        found = values(key)
        return f"{mean(found):.{digits}f} ({worst(found):.{digits}f})"

    concealed = [100 * share for share in values("concealed")]
    cells = [
        name,
        both("pictures_per_s", worst=min),
        both("freezes"),
        both("frozen_s"),
        both("longest_gap_s", 2),
        f"{mean(concealed):.1f} % ({max(concealed):.1f})",
        f"{mean(values('video_kbps')):.0f} + {mean(values('audio_kbps')):.0f}",
        f"{mean(values('width')):.0f}",
        f"{mean(values('estimate_kbps')):.0f}",
        both("converged_s"),
    ]
    return "| " + " | ".join(cells) + " |\n"


def main() -> None:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*", default=[], metavar="CONDITION", help=", ".join(CONDITIONS))
    parser.add_argument("--runs", type=int, default=1)
    parser.add_argument("--table", nargs=2, metavar=("PART", "FILE"), help="write measured lines into the kept table")
    parser.add_argument("--script", type=Path, help="JavaScript that every page runs before its own, to try something")
    given = parser.parse_args()
    if given.table:
        part, file = given.table
        write_table(part, [json.loads(line) for line in Path(file).read_text().splitlines()])
        return
    script = given.script.read_text() if given.script else ""
    asyncio.run(measure(given.names or list(CONDITIONS), given.runs, script))


if __name__ == "__main__":
    main()
