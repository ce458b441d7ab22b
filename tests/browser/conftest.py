from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from playwright.async_api import Browser

from tests.support.browsers import Journey, chromium
from tests.support.demo_process import DemoProcess
from tests.support.marks import GUEST, PATIENT, PROVIDER


@pytest.fixture
async def demo(tmp_path: Path) -> AsyncIterator[DemoProcess]:
    """The server as `make demo` starts it, on ports of its own."""
    process = DemoProcess(tmp_path / "demo")
    await process.start()
    yield process
    await process.kill()


@pytest.fixture(scope="session")
def camera_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("cameras")


@pytest.fixture
async def patient_browser(camera_folder: Path) -> AsyncIterator[Browser]:
    async with chromium(PATIENT, camera_folder) as browser:
        yield browser


@pytest.fixture
async def provider_browser(camera_folder: Path) -> AsyncIterator[Browser]:
    async with chromium(PROVIDER, camera_folder) as browser:
        yield browser


@pytest.fixture
async def guest_browser(camera_folder: Path) -> AsyncIterator[Browser]:
    async with chromium(GUEST, camera_folder) as browser:
        yield browser


@pytest.fixture
async def journey(demo: DemoProcess, patient_browser: Browser, provider_browser: Browser) -> Journey:
    """A server, a patient's phone and a provider's desktop, nothing opened yet."""
    return Journey(demo, patient_browser, provider_browser)
