from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from pydantic import BaseModel

from signaling.messages import Bye
from signaling.requests import EmptyRequest
from signaling.screens import STAFF_REST_S, Screen, Screens
from tests.support.visits import booked, in_progress
from waiting_room.errors import StoreFailed
from waiting_room.model import Visit

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
VISIT = booked(visit_id="visit")


class FakeConnection:
    address = "192.0.2.1"

    def __init__(self) -> None:
        self.sent: list[tuple[str, BaseModel]] = []
        self.open = True

    async def emit(self, event: str, message: BaseModel) -> None:
        self.sent.append((event, message))

    async def disconnect(self) -> None:
        self.open = False

    def names(self) -> list[str]:
        return [event for event, _ in self.sent]


def screen(session: str, visit: str | None = "visit", *, draws: Any = None) -> tuple[Screen, FakeConnection]:
    """A page of that visit, or a staff page of the clinic where there is none."""
    connection = FakeConnection()

    async def draw(version: int) -> BaseModel | None:
        del version
        if isinstance(draws, Exception):
            raise draws
        return EmptyRequest()

    clinic = "" if visit else "main"
    return Screen(connection, session, session, NOW + timedelta(hours=1), draw, visit=visit, clinic=clinic), connection


async def settle(screens: Screens, *, within_s: float = 0.01) -> None:
    """Let the screens send what is marked."""
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(within_s):
            await screens.run()


async def test_many_changes_make_one_snapshot() -> None:
    screens = Screens()
    mine, connection = screen("a")
    screens.open(mine)
    for _ in range(50):
        screens.touch(VISIT)
    await settle(screens)
    assert connection.names() == ["snapshot"]
    assert mine.version == 1


async def test_a_change_is_drawn_on_the_screens_concerned_and_on_every_staff_screen() -> None:
    screens = Screens()
    pages = {
        name: screen(name, visit) for name, visit in (("mine", "visit"), ("other", "other visit"), ("staff", None))
    }
    for page, _ in pages.values():
        screens.open(page)
    await settle(screens)
    screens.touch(VISIT)
    await settle(screens, within_s=STAFF_REST_S + 0.05)
    assert {name: len(connection.sent) for name, (_, connection) in pages.items()} == {
        "mine": 2,
        "other": 1,
        "staff": 2,
    }


async def test_the_dismissed_are_told_last_and_speak_no_more() -> None:
    screens = Screens()
    mine, connection = screen("a")
    screens.open(mine)
    screens.dismiss("a", "removed")
    screens.touch(VISIT)
    await settle(screens)
    assert connection.names() == ["bye"]
    assert isinstance(connection.sent[0][1], Bye)
    assert not connection.open
    assert not screens.speaks(mine)
    assert not screens.close(mine)


async def test_a_newer_screen_of_the_same_session_replaces_the_older() -> None:
    screens = Screens()
    (old, old_connection), (new, new_connection) = screen("a"), screen("a")
    screens.open(old)
    screens.open(new)
    await settle(screens)
    assert old_connection.names() == ["bye"]
    assert new_connection.names() == ["snapshot"]
    assert not screens.close(old)
    assert screens.speaks(new)


async def test_sessions_out_of_date_end() -> None:
    screens = Screens()
    mine, connection = screen("a")
    screens.open(mine)
    screens.expire(NOW + timedelta(minutes=59))
    assert screens.has("a")
    screens.expire(NOW + timedelta(hours=1))
    await settle(screens)
    assert connection.names() == ["bye"]


async def test_a_snapshot_that_cannot_be_drawn_stops_nobody_else() -> None:
    screens = Screens()
    (broken, broken_connection), (whole, whole_connection) = screen("a", draws=StoreFailed()), screen("b")
    screens.open(broken)
    screens.open(whole)
    await settle(screens)
    assert broken_connection.sent == []
    assert whole_connection.names() == ["snapshot"]


async def test_changes_while_a_staff_screen_rests_make_one_snapshot_after_it() -> None:
    screens = Screens()
    staff, connection = screen("staff", None)
    screens.open(staff)
    await settle(screens)
    for _ in range(20):
        screens.touch(VISIT)
        await settle(screens, within_s=0.001)
    assert connection.names() == ["snapshot"]
    await settle(screens, within_s=STAFF_REST_S + 0.05)
    assert connection.names() == ["snapshot", "snapshot"]


async def test_media_do_not_wait_for_a_staff_screens_rest() -> None:
    screens = Screens()
    staff, connection = screen("staff", None)
    screens.open(staff)
    await settle(screens)
    screens.touch_session("staff")
    await settle(screens)
    assert connection.names() == ["snapshot", "snapshot"]


async def test_a_farewell_overtakes_snapshots_that_never_end() -> None:
    screens = Screens()
    busy = []
    for number in range(5):
        page, _ = screen(f"busy {number}")
        busy.append(page)

        async def draw(version: int, page: Screen = page) -> BaseModel | None:
            del version
            screens.touch_session(page.session)
            return EmptyRequest()

        page.draw = draw
        screens.open(page)
    out, connection = screen("out")
    screens.open(out)
    screens.dismiss("out", "removed")
    await settle(screens)
    assert connection.names() == ["bye"]


async def test_a_screen_that_crashes_stops_nobody_else() -> None:
    screens = Screens()
    (broken, _), (whole, connection) = screen("a", draws=RuntimeError("defect")), screen("b")
    screens.open(broken)
    screens.open(whole)
    await settle(screens)
    assert connection.names() == ["snapshot"]


async def test_all_are_told_when_the_node_goes_down() -> None:
    screens = Screens()
    pages = [screen(str(number)) for number in range(3)]
    for page, _ in pages:
        screens.open(page)
    await screens.dismiss_all("draining")
    assert all(connection.names() == ["bye"] and not connection.open for _, connection in pages)
    assert len(screens) == 0


async def test_a_staff_screen_is_drawn_only_for_what_concerns_it() -> None:
    screens = Screens()
    staff, connection = screen("staff", None)
    heard: list[Visit] = []

    def concerns(visit: Visit) -> bool:
        heard.append(visit)
        return False

    staff.concerns = concerns
    screens.open(staff)
    await settle(screens)
    screens.touch(VISIT)
    await settle(screens, within_s=STAFF_REST_S + 0.05)
    assert connection.names() == ["snapshot"]
    assert heard == [VISIT]


async def test_another_clinics_screens_hear_of_nothing() -> None:
    screens = Screens()
    staff, connection = screen("staff", None)
    staff.clinic = "branch"
    screens.open(staff)
    await settle(screens)
    screens.touch(VISIT)
    await settle(screens, within_s=STAFF_REST_S + 0.05)
    assert connection.names() == ["snapshot"]


async def test_what_only_those_inside_see_is_drawn_for_them_alone() -> None:
    screens = Screens()
    pages = {name: screen(name, visit) for name, visit in (("patient", "visit"), ("provider", None), ("nurse", None))}
    for page, _ in pages.values():
        screens.open(page)
    await settle(screens)
    screens.touch_inside(in_progress().visit)
    await settle(screens, within_s=STAFF_REST_S + 0.05)
    assert {name: len(connection.sent) for name, (_, connection) in pages.items()} == {
        "patient": 2,
        "provider": 2,
        "nurse": 1,
    }


async def test_what_may_wait_waits_for_what_may_not() -> None:
    screens = Screens()
    order: list[str] = []
    for name in ("first", "second", "urgent"):
        page, _ = screen(name, name)

        async def draw(version: int, name: str = name) -> BaseModel | None:
            order.append(name) if version > 1 else None
            return EmptyRequest()

        page.draw = draw
        screens.open(page)
    await settle(screens)
    screens.touch_later(["first", "second", "nobody's"])
    screens.touch_session("urgent")
    await settle(screens)
    assert order == ["urgent", "first", "second"]


async def test_nothing_is_kept_of_screens_that_are_closed() -> None:
    screens = Screens()
    for name, visit in (("a", "visit"), ("b", None)):
        page, _ = screen(name, visit)
        screens.open(page)
        assert (screens.visits(), screens.staff()) == (({"visit"}, {}) if visit else (set(), {"b": "b"}))
        assert screens.close(page)
    assert (len(screens), screens.visits(), screens.staff(), screens.of_clinic("main")) == (0, set(), {}, [])
