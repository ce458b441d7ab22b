"""A visit of two real Chromium pages on bad networks: it stays a conversation, and comes back by itself."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.support.bad_networks import CONDITIONS, TroubledVisit, open_troubled_visit


@pytest.fixture
async def visit(tmp_path: Path) -> AsyncIterator[TroubledVisit]:
    async with open_troubled_visit(tmp_path) as visit:
        await visit.begin()
        yield visit


async def test_a_burst_of_two_seconds_is_over_when_it_is_over(visit: TroubledVisit) -> None:
    before = await visit.connections()
    for path in visit.paths:
        path.cut(2)
    await asyncio.sleep(2)
    await visit.moves_again(within_s=8)
    assert await visit.connections() == before


async def test_a_changed_address_moves_the_session_with_its_connection(visit: TroubledVisit) -> None:
    before = await visit.connections()
    for path in visit.paths:
        path.move()
    # Checks are 2.5 s apart while nothing is wrong in the browser's eyes.
    await visit.moves_again(within_s=12)
    assert await visit.connections() == before


async def test_after_ten_seconds_without_a_line_the_visit_is_back_soon(visit: TroubledVisit) -> None:
    for path in visit.paths:
        path.cut(10)
    await asyncio.sleep(10)
    began = time.monotonic()
    await visit.moves_again(within_s=20)
    assert await visit.patient.evaluate("() => window.__visit.screen") == "visit"
    print(f"back after {time.monotonic() - began:.1f} s")


async def test_with_a_tenth_lost_on_each_hop_sound_is_whole(visit: TroubledVisit) -> None:
    for figures in await visit.measure("loss 10 %", CONDITIONS["loss 10 %"]):
        # A fifth is lost on the whole way; with nothing but Opus' own redundancy a seventh of the sound is made up.
        assert figures["concealed"] < 0.08, figures
