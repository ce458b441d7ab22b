"""Stores for tests: the fixtures of the contract, and small events to record."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import datetime
from pathlib import Path

import pytest

from tests.support.visits import NOON
from waiting_room import events as ev
from waiting_room.model import Role
from waiting_room.office_events import AccountChanged
from waiting_room.sqlite_store import SqliteStore
from waiting_room.store import Links, Store

NO_LINKS = Links()

Opener = Callable[[], Awaitable[Store]]


class SetClock:
    """A clock that the test sets."""

    def __init__(self) -> None:
        self.now = NOON

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def set_clock() -> SetClock:
    return SetClock()


@pytest.fixture
async def opened(tmp_path: Path, set_clock: SetClock) -> AsyncIterator[Opener]:
    """Opens as many stores as the test wants over the same content, as several processes do."""
    stores: list[Store] = []

    async def open_one() -> Store:
        stores.append(await SqliteStore.open(tmp_path / "visits.sqlite3", clock=set_clock))
        return stores[-1]

    yield open_one
    for store in stores:
        await store.close()


@pytest.fixture
async def store(opened: Opener) -> Store:
    return await opened()


def booked_event(visit: str = "visit") -> ev.VisitBooked:
    return ev.VisitBooked(visit=visit, at=NOON, actor="operator", role=Role.OPERATOR, device="cli")


def staff_event(account: str = "nurse", change: str = "added") -> AccountChanged:
    return AccountChanged(visit="", at=NOON, actor="operator", role=Role.OPERATOR, account=account, change=change)


async def kept(store: Store, visit_id: str | None = None) -> list[str]:
    """The names of the events in the trail."""
    return [entry.kind for entry in await store.entries(visit_id=visit_id)]
