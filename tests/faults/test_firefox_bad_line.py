"""Two engines on bad lines: Firefox at the patient's end, Chromium at the provider's."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace

import pytest
import pytest_asyncio

from signaling.demo import lan_address
from tests.support.bad_networks import CONDITIONS, TroubledVisit, open_troubled_visit
from tests.support.firefox import FilmedInFirefox, firefox
from tests.support.host_address import host_address
from tests.support.marks import PATIENT

# One visit for this module: Firefox takes seconds to start.
pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def visit(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[TroubledVisit]:
    folder = tmp_path_factory.mktemp("firefox-bad-line")
    with host_address():
        # Not the loopback, which Firefox ignores as a candidate.
        host = lan_address()
        assert host is not None
        async with (
            firefox(folder) as browser,
            open_troubled_visit(folder, patient=FilmedInFirefox(browser, PATIENT), host=host) as visit,
        ):
            yield visit
            # Else the server waits at its end for a page that is still there.
            await visit.patient.close()


async def test_with_a_twentieth_lost_on_each_hop_picture_and_sound_go_on(visit: TroubledVisit) -> None:
    trial = replace(CONDITIONS["loss 5 %"], warm_up_s=3, settle_s=2, window_s=10)
    for figures in await visit.measure("loss 5 %", trial):
        print(figures)
        # The stand-in for Firefox' camera gives some ten a second.
        assert figures["pictures_per_s"] > figures["camera_per_s"] / 2 > 1, figures
        assert figures["frozen_s"] < 4, figures
        # Firefox has no RED and asks for no sound again: what its own line loses is made up.
        assert figures["concealed"] < 0.12, figures


async def test_a_burst_of_two_seconds_is_over_when_it_is_over(visit: TroubledVisit) -> None:
    await visit.begin()
    before = await visit.connections()
    for path in visit.paths:
        path.cut(2)
    await asyncio.sleep(2)
    await visit.moves_again(within_s=10)
    assert await visit.connections() == before
