"""A visit in every pairing of engines: who sees and hears whom, and how it goes on after what happens to a line."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser

from tests.support.browsers import PATIENT_NAME, PROVIDER_NAME, Journey, chromium, frames, hears, screen, sees
from tests.support.demo_process import DemoProcess
from tests.support.firefox import FilmedInFirefox, firefox
from tests.support.host_address import host_address
from tests.support.marks import PATIENT, PROVIDER

# The browsers live as long as this module: Firefox takes seconds to start.
pytestmark = pytest.mark.asyncio(loop_scope="module")
module_fixture = pytest_asyncio.fixture(scope="module", loop_scope="module")


@module_fixture
async def patients_chromium(camera_folder: Path) -> AsyncIterator[Browser]:
    async with chromium(PATIENT, camera_folder) as browser:
        yield browser


@module_fixture
async def providers_chromium(camera_folder: Path) -> AsyncIterator[Browser]:
    async with chromium(PROVIDER, camera_folder) as browser:
        yield browser


@module_fixture
async def one_firefox(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Browser]:
    with host_address():
        async with firefox(tmp_path_factory.mktemp("firefox")) as browser:
            yield browser


@pytest_asyncio.fixture(
    loop_scope="module",
    params=[(a, b) for a in ("chromium", "firefox") for b in ("chromium", "firefox")],
    ids="-".join,
)
async def journey(
    request: pytest.FixtureRequest,
    tmp_path: Path,
    patients_chromium: Browser,
    providers_chromium: Browser,
    one_firefox: Browser,
) -> AsyncIterator[Journey]:
    """A server, and a patient and a provider with the engines of the pairing."""
    patient, provider = request.param
    demo = DemoProcess(tmp_path / "demo")
    await demo.start()
    yield Journey(
        demo,
        FilmedInFirefox(one_firefox, PATIENT) if patient == "firefox" else patients_chromium,
        FilmedInFirefox(one_firefox, PROVIDER) if provider == "firefox" else providers_chromium,
    )
    for browser in (patients_chromium, providers_chromium, one_firefox):
        for context in browser.contexts:
            await context.close()
    await demo.kill()


async def test_each_sees_and_hears_the_other_and_not_themselves(journey: Journey) -> None:
    patient, staff = await journey.together()
    assert await hears(patient, PROVIDER_NAME, PROVIDER)
    assert await hears(staff, PATIENT_NAME, PATIENT)
    assert not await sees(patient, PROVIDER_NAME, PATIENT)
    assert not await sees(staff, PATIENT_NAME, PROVIDER)
    assert not await hears(patient, PROVIDER_NAME, PATIENT)
    assert not await hears(staff, PATIENT_NAME, PROVIDER)
    probe = await patient.evaluate("({...window.__visit, stats: {...window.__visit.stats}})")
    assert (probe["screen"], probe["language"], probe["connection"]) == ("visit", "en", "connected")
    assert probe["stats"]["framesDecoded"] > 0


async def test_a_reload_comes_back_into_the_visit_by_itself(journey: Journey) -> None:
    patient, staff = await journey.together()
    for page in (patient, staff):
        await page.reload()
        await screen(patient, "visit")
        await screen(staff, "visit")
        await journey.see_each_other(patient, staff)


async def test_a_killed_server_comes_back_and_so_does_the_visit(journey: Journey) -> None:
    patient, staff = await journey.together()
    await journey.demo.kill()
    await asyncio.sleep(1)
    await journey.demo.start()
    await journey.see_each_other(patient, staff, within_s=30)
    assert await patient.evaluate("window.__visit.screen") == "visit"


async def test_mute_and_camera_are_the_persons_own(journey: Journey) -> None:
    patient, staff = await journey.together()
    await patient.get_by_role("button", name="Mute", exact=True).click()
    await asyncio.sleep(0.7)
    assert not await hears(staff, PATIENT_NAME, PATIENT)
    await patient.get_by_role("button", name="Mute", exact=True).click()
    await asyncio.sleep(0.7)
    assert await hears(staff, PATIENT_NAME, PATIENT)
    await patient.get_by_role("button", name="Camera", exact=True).click()
    await asyncio.sleep(0.7)
    stopped = await frames(staff, PATIENT_NAME)
    await asyncio.sleep(0.7)
    assert await frames(staff, PATIENT_NAME) - stopped <= 2
    await patient.get_by_role("button", name="Camera", exact=True).click()
    await journey.see_each_other(patient, staff)
