"""How long a picture stands still for two who stay while a third is held and comes back.

``make bench`` runs it; prints a JSON line. Real Chromium, all three in one page, at a node in this process.
"""

from __future__ import annotations

import asyncio
import json
import tempfile
from pathlib import Path

from tests.support.room_page import RoomPage

RUNS = 10
STAY = ("one", "two")


async def measure() -> None:
    """Print one JSON line: the longest gap between two pictures of one who stayed, for each run, in milliseconds."""
    with tempfile.TemporaryDirectory() as folder:
        async with RoomPage.open(Path(folder)) as rig:
            await rig.enter(*STAY, "three")
            gaps = []
            for _ in range(RUNS):
                for name in (*STAY, "three"):
                    await rig.sees(name, 2)
                for name in STAY:
                    await rig.page.evaluate("name => forget(name)", name)
                rig.room.dismiss("three")
                await rig.settle()
                await rig.sees("one", 1)
                rig.room.admit("three")
                await rig.settle()
                await rig.sees("one", 2)
                # The other's picture arrives on the first mid after the three own and the other's sound.
                gaps.append(max([await rig.page.evaluate("name => seen(name)['4'].longest", name) for name in STAY]))
    print(json.dumps({"measured": "hold_and_back", "gap_ms": sorted(round(gap) for gap in gaps)}))


if __name__ == "__main__":
    asyncio.run(measure())
