"""The board, the waits that are read from it, and what a reload must not undo."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from structlog.testing import capture_logs

from signaling.visits import Visits
from signaling.wait_table import WaitTable
from tests.support.visits import NOON, PROVIDER, booked, in_progress, waiting
from waiting_room.commands import End, Look
from waiting_room.errors import StoreFailed, VisitUnknown, VisitUnreadable
from waiting_room.events import Event, VisitLookedAt
from waiting_room.model import Visit
from waiting_room.store import Links, Versioned


class FakeStore:
    """What `Visits` asks of a store: keeps visits in memory; `list_live` can be held in the middle."""

    def __init__(self, *visits: Visit) -> None:
        self.kept = {visit.id: Versioned(visit, 1) for visit in visits}
        self.changed = False
        self.listing = asyncio.Event()
        self.listing.set()
        self.links: list[Links | None] = []
        self.recorded: list[Event] = []

    async def load(self, visit_id: str) -> Versioned:
        if visit_id not in self.kept:
            raise VisitUnknown
        return self.kept[visit_id]

    async def commit(self, visit: Visit, version: int, events: Sequence[Event], links: Links | None = None) -> None:
        del events
        self.kept[visit.id] = Versioned(visit, version + 1)
        self.links.append(links)

    async def record(self, events: Sequence[Event]) -> None:
        self.recorded += events

    async def list_live(self, until: datetime) -> list[Versioned]:
        del until
        read = [one for one in self.kept.values() if not one.visit.phase.final]
        await self.listing.wait()
        return read

    async def changed_elsewhere(self) -> bool:
        changed, self.changed = self.changed, False
        return changed

    async def due(self, now: datetime) -> list[str]:
        del now
        return []


class Heard:
    def __init__(self) -> None:
        self.visits: list[Visit] = []

    def __call__(self, visit: Visit, events: tuple[Event, ...]) -> None:
        del events
        self.visits.append(visit)


def visits_of(store: FakeStore, heard: Heard, watched: frozenset[str] = frozenset()) -> Visits:
    kept: Any = store  # the five methods it asks for
    return Visits(kept, clock=lambda: NOON, listener=heard, watched=lambda: watched)


async def test_a_reload_does_not_bring_back_what_ended_while_the_rows_were_under_way() -> None:
    store, heard = FakeStore(in_progress().visit), Heard()
    visits = visits_of(store, heard)
    await visits.start()
    store.changed = True
    store.listing.clear()
    reload = asyncio.ensure_future(visits.tick())
    await asyncio.sleep(0)
    await visits.handle("visit", End(actor=PROVIDER))
    store.listing.set()
    await reload
    assert visits.live() == []
    assert visits.with_staff(PROVIDER.id) == []
    assert heard.visits[-1].phase.final


async def test_an_access_stands_in_the_trail_and_moves_no_version_and_no_screen() -> None:
    store, heard = FakeStore(in_progress().visit), Heard()
    visits = visits_of(store, heard)
    await visits.handle("visit", Look(actor=PROVIDER))
    assert [type(event) for event in store.recorded] == [VisitLookedAt]
    assert store.kept["visit"].version == 1
    assert heard.visits == []


async def test_a_visit_that_another_process_ended_is_told_of_and_leaves_the_board() -> None:
    told, heard = in_progress(), Heard()
    store = FakeStore(told.visit)
    visits = visits_of(store, heard)
    await visits.start()
    told.give(End(actor=PROVIDER))
    store.kept["visit"] = Versioned(told.visit, 9)
    store.changed = True
    await visits.tick()
    assert visits.live() == []
    assert heard.visits[-1] == told.visit


async def test_a_visit_that_somebody_looks_at_is_told_of_though_it_is_not_on_the_board() -> None:
    told, heard = in_progress(), Heard()
    store = FakeStore(told.visit)
    visits = visits_of(store, heard, frozenset({"visit", "unknown"}))
    await visits.start()
    told.give(End(actor=PROVIDER))
    store.kept["visit"] = Versioned(told.visit, 9)
    await visits.tick()
    heard.visits.clear()
    store.changed = True
    await visits.tick()
    assert heard.visits == [told.visit]


async def test_staff_are_found_by_the_visit_they_are_in() -> None:
    visits = visits_of(FakeStore(in_progress().visit), Heard())
    await visits.start()
    assert [visit.id for visit in visits.with_staff(PROVIDER.id)] == ["visit"]
    assert visits.staff_inside() == {PROVIDER.id}
    await visits.handle("visit", End(actor=PROVIDER))
    assert visits.staff_inside() == set()


async def test_links_go_with_the_command_that_changes_them() -> None:
    store = FakeStore(in_progress().visit)
    links = Links(add={"hash": "patient"})
    await visits_of(store, Heard()).handle("visit", End(actor=PROVIDER), links)
    assert store.links == [links]


async def test_waits_are_made_anew_while_somebody_asks() -> None:
    first, late = waiting().visit, waiting(booked(visit_id="late")).visit
    store = FakeStore(first)
    visits = visits_of(store, Heard())
    table = WaitTable(visits, clock=lambda: NOON)
    await visits.start()
    assert table.of(first) is None
    assert await table.refresh() == {"visit"}
    assert table.of(first) is not None
    store.kept["late"] = Versioned(late, 1)
    store.changed = True
    await visits.tick()
    assert table.of(late) is None
    assert await table.refresh() == {"late"}
    assert table.of(late) is not None
    assert table.of(in_progress().visit) is None
    assert await table.refresh() == set()


class DamagedStore(FakeStore):
    """Holds a row that cannot be read, whose deadline has come."""

    def __init__(self, *visits: Visit) -> None:
        super().__init__(*visits)
        self.damaged: set[str] = set()
        self.failing = False

    async def load(self, visit_id: str) -> Versioned:
        if visit_id in self.damaged:
            raise VisitUnreadable(reason="damaged")
        return await super().load(visit_id)

    async def list_live(self, until: datetime) -> list[Versioned]:
        if self.failing:
            raise StoreFailed(reason="disk")
        return [one for one in await super().list_live(until) if one.visit.id not in self.damaged]

    async def due(self, now: datetime) -> list[str]:
        del now
        return [*sorted(self.damaged), *(one for one in self.kept if one not in self.damaged)]


async def test_a_damaged_row_is_off_the_board_and_the_others_news_and_deadlines_go_on() -> None:
    other = waiting(booked(visit_id="other"))
    store, heard = DamagedStore(in_progress().visit, other.visit), Heard()
    lost: list[str] = []
    kept: Any = store
    visits = Visits(kept, clock=lambda: NOON, listener=heard, on_loss=lambda visit_id, _: lost.append(visit_id))
    await visits.start()
    store.damaged.add("visit")
    store.kept["other"] = Versioned(other.visit, 9)
    store.changed = True
    with capture_logs() as logs:
        for _ in range(3):
            await visits.tick()
    assert lost == ["visit"]
    assert [visit.id for visit in visits.on_board()] == ["other"]
    assert heard.visits[-1] == other.visit
    assert [one for one in logs if one["log_level"] == "error"] == []


async def test_deadlines_do_not_wait_for_a_board_that_cannot_be_read() -> None:
    store = DamagedStore(in_progress().visit)
    visits = visits_of(store, Heard())
    await visits.start()
    given: list[str] = []

    async def noted(visit_id: str, command: object) -> None:
        del command
        given.append(visit_id)

    visits.quietly = noted  # type: ignore[method-assign]
    store.failing = store.changed = True
    await visits.tick()
    assert given == ["visit"]
