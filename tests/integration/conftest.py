from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.support.clinic import Clinic, clinic_settings, open_clinic
from tests.support.front_office import FrontOffice, open_front_office
from tests.support.media_port import Port, open_port
from tests.support.stores import opened, set_clock, store

__all__ = ["clinic", "opened", "set_clock", "store"]


@pytest.fixture
async def clinic(tmp_path: Path) -> AsyncIterator[Clinic]:
    async with open_clinic(clinic_settings(tmp_path)) as running:
        yield running


@pytest.fixture
async def office(tmp_path: Path) -> AsyncIterator[FrontOffice]:
    async with open_front_office(tmp_path) as running:
        yield running


@pytest.fixture
async def port() -> AsyncIterator[Port]:
    async with open_port() as port:
        yield port
