from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser
from pytest_asyncio import is_async_test

from tests.support.browsers import Journey
from tests.support.demo_process import DemoProcess
from tests.support.marks import GUEST, PATIENT, PROVIDER
from tests.support.shelf import Shelf

HERE = Path(__file__).parent


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Let the tests here share one event loop, and so the browsers, which take longer to start than many a test."""
    for item in items:
        of_module = any("loop_scope" in mark.kwargs for mark in item.iter_markers("asyncio"))
        if HERE in item.path.parents and is_async_test(item) and not of_module:
            item.add_marker(pytest.mark.asyncio(loop_scope="session"), append=False)


@pytest.fixture(scope="session")
def camera_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("cameras")


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def shelf(camera_folder: Path) -> AsyncIterator[Shelf]:
    async with Shelf(camera_folder) as shelf:
        yield shelf


@pytest_asyncio.fixture(loop_scope="session")
async def demo(tmp_path: Path) -> AsyncIterator[DemoProcess]:
    """The server as `make demo` starts it, on ports of its own."""
    process = DemoProcess(tmp_path / "demo")
    await process.start()
    yield process
    await process.kill()


@pytest_asyncio.fixture(loop_scope="session")
async def patient_browser(shelf: Shelf) -> AsyncIterator[Browser]:
    async with shelf.lent(PATIENT) as browser:
        yield browser


@pytest_asyncio.fixture(loop_scope="session")
async def provider_browser(shelf: Shelf) -> AsyncIterator[Browser]:
    async with shelf.lent(PROVIDER) as browser:
        yield browser


@pytest_asyncio.fixture(loop_scope="session")
async def guest_browser(shelf: Shelf) -> AsyncIterator[Browser]:
    async with shelf.lent(GUEST) as browser:
        yield browser


@pytest.fixture
def journey(demo: DemoProcess, patient_browser: Browser, provider_browser: Browser) -> Journey:
    """A server, a patient's phone and a provider's desktop, nothing opened yet."""
    return Journey(demo, patient_browser, provider_browser)
