from __future__ import annotations

from signaling.presence import Presence
from signaling.screens import Screens
from signaling.visits import Visits
from tests.support.visits import NOON, in_progress
from waiting_room.commands import Command, LoseConnection
from waiting_room.model import Visit


class FakeVisits(Visits):
    """Keeps one visit in memory and remembers what was asked of it."""

    def __init__(self, visit: Visit) -> None:
        self.visit = visit
        self.given: list[Command] = []

    def on_board(self) -> list[Visit]:
        return [self.visit]

    def find(self, visit_id: str) -> Visit | None:
        return self.visit if visit_id == self.visit.id else None

    async def quietly(self, visit_id: str, command: Command) -> None:
        assert visit_id == self.visit.id
        self.given.append(command)


class FakeScreens(Screens):
    def __init__(self, sessions: set[str]) -> None:
        super().__init__()
        self.sessions = sessions

    def has(self, session: str) -> bool:
        return session in self.sessions


async def test_one_without_a_screen_twice_in_a_row_is_noted_as_lost() -> None:
    visits, screens = FakeVisits(in_progress().visit), FakeScreens({"phone"})
    presence = Presence(visits, screens)
    await presence.reconcile()
    assert visits.given == []
    await presence.reconcile()
    assert [(type(one), one.actor.id) for one in visits.given] == [(LoseConnection, "provider")]


async def test_one_who_is_just_connecting_is_given_the_time() -> None:
    visits, screens = FakeVisits(in_progress().visit), FakeScreens({"phone"})
    presence = Presence(visits, screens)
    await presence.reconcile()
    screens.sessions.add("window")
    await presence.reconcile()
    screens.sessions.discard("window")
    await presence.reconcile()
    assert visits.given == []


async def test_those_who_are_there_are_left_alone() -> None:
    visits = FakeVisits(in_progress().visit)
    presence = Presence(visits, FakeScreens({"phone", "window"}))
    for _ in range(3):
        await presence.reconcile()
    assert visits.given == []
    assert visits.visit.started_at == NOON
