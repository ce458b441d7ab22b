"""The screens that are open now, and what each gets: a snapshot when something on it changed, a farewell when it is over.

Changes are only marked (`touch`); one task draws and sends, so a burst of changes makes one snapshot. What a change costs
depends on how many screens show it, not on how many are open.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final, Literal, Protocol

import structlog
from pydantic import BaseModel

from signaling.messages import Bye
from waiting_room.errors import WaitingRoomError
from waiting_room.model import Visit

__all__ = ["ByeCode", "Connection", "Screen", "Screens"]

ByeCode = Literal["replaced", "link_ended", "removed", "session_expired", "idle", "draining", "over"]

_BYE_TEXTS: Final[dict[ByeCode, str]] = {
    "replaced": "another device or window took over",
    "link_ended": "the visit is over, cancelled, rescheduled or expired",
    "removed": "staff removed this participant",
    "session_expired": "this session is out of date",
    "idle": "nobody did anything at this page for the sign-off time",
    "draining": "this node is going down; connect again",
    "over": "a test call ends after this time",
}

STAFF_REST_S: Final = 0.1

log = structlog.get_logger(__name__)


class Connection(Protocol):
    """A socket, as the screens use it."""

    @property
    def address(self) -> str:
        """The caller's address: to count by, not to keep."""

    async def emit(self, event: str, message: BaseModel) -> None:
        """Send one event."""

    async def disconnect(self) -> None:
        """End it."""


def _all(visit: Visit) -> bool:
    del visit
    return True


@dataclass(eq=False)
class Screen:
    """One connected page of ``person``: of one ``visit`` for those who came by a link, of a ``clinic`` for staff.

    ``draw`` builds its snapshot, or gives None when there is nothing to show. ``concerns`` hears of each changed visit of the
    clinic, and says whether a staff screen is to be drawn for it.
    """

    connection: Connection
    session: str = field(repr=False)
    person: str
    expires_at: datetime
    draw: Callable[[int], Awaitable[BaseModel | None]]
    visit: str | None = None
    clinic: str = ""
    concerns: Callable[[Visit], bool] = _all
    version: int = 0
    rests_until: float = 0.0
    wakes: bool = False


class Screens:
    """Knows every open screen by its session, its visit and its clinic; a session has one screen at most."""

    def __init__(self) -> None:
        self._by_session: dict[str, Screen] = {}
        self._by_visit: dict[str, dict[Screen, None]] = {}
        self._by_clinic: dict[str, dict[Screen, None]] = {}
        # In the order they were marked, so that no screen waits behind others for ever.
        self._dirty: dict[Screen, None] = {}
        # What may wait until nothing else is to be drawn.
        self._later: dict[Screen, None] = {}
        self._farewells: deque[tuple[Screen, ByeCode]] = deque()
        self._work = asyncio.Event()
        self.draining = False

    def __len__(self) -> int:
        return len(self._by_session)

    def open(self, screen: Screen) -> None:
        """Add a screen; an older one of the same session (a reloaded or copied tab) is told that it was replaced."""
        self.dismiss(screen.session, "replaced")
        self._by_session[screen.session] = screen
        self._group(screen)[screen] = None
        self._mark(screen)

    def close(self, screen: Screen) -> bool:
        """Forget a screen whose socket is gone. True if it still spoke for its session."""
        if not self.speaks(screen):
            return False
        self._take_out(screen)
        return True

    def has(self, session: str) -> bool:
        """Whether the session has a screen open."""
        return session in self._by_session

    def speaks(self, screen: Screen) -> bool:
        """Whether this screen still speaks for its session: it was not told goodbye."""
        return self._by_session.get(screen.session) is screen

    def of_visit(self, visit_id: str) -> list[Screen]:
        """Return the screens of those who came to this visit by a link."""
        return list(self._by_visit.get(visit_id, ()))

    def of_clinic(self, clinic_id: str) -> list[Screen]:
        """Return the clinic's staff screens."""
        return list(self._by_clinic.get(clinic_id, ()))

    def staff(self) -> dict[str, str]:
        """Return who signed in at which staff screen: person by session."""
        return {one.session: one.person for group in self._by_clinic.values() for one in group}

    def visits(self) -> set[str]:
        """Return the visits that somebody who came by a link looks at."""
        return set(self._by_visit)

    def touch(self, visit: Visit) -> None:
        """Draw every screen on which this visit stands."""
        for screen in self.of_visit(visit.id):
            self._mark(screen)
        for screen in self.of_clinic(visit.clinic_id):
            if screen.concerns(visit):
                self._mark(screen)

    def touch_inside(self, visit: Visit) -> None:
        """Draw the screens of this visit's people alone: what changed is not in the staff's list."""
        for screen in [*self.of_visit(visit.id), *self.of_clinic(visit.clinic_id)]:
            if visit.find(screen.person) is not None:
                self._mark(screen)

    def touch_session(self, session: str) -> None:
        """Draw this session's screen at once: media are negotiated on it, so it does not rest."""
        screen = self._by_session.get(session)
        if screen is not None:
            screen.rests_until = 0.0
            self._mark(screen)

    def touch_later(self, visit_ids: Iterable[str]) -> None:
        """Draw the screens of these visits' people when nothing more urgent is to be drawn."""
        for visit_id in visit_ids:
            self._later.update(dict.fromkeys(self._by_visit.get(visit_id, ())))
        self._work.set()

    def again(self, screen: Screen) -> None:
        """Draw this screen once more, after its rest."""
        if self.speaks(screen):
            self._mark(screen)

    def dismiss(self, session: str, code: ByeCode) -> None:
        """End one session's screen."""
        screen = self._by_session.get(session)
        if screen is not None:
            self._take_out(screen)
            self._farewells.append((screen, code))
            self._work.set()

    def expire(self, now: datetime) -> None:
        """End the screens whose session is out of date."""
        for session in [one.session for one in self._by_session.values() if one.expires_at <= now]:
            self.dismiss(session, "session_expired")

    async def dismiss_all(self, code: ByeCode) -> None:
        """End every screen, open none any more, and wait until each was told."""
        self.draining = True
        for session in list(self._by_session):
            self.dismiss(session, code)
        await self._part_all()

    async def run(self) -> None:
        """Send what is marked, until cancelled. Farewells come before snapshots: whoever is out must be out now."""
        while True:
            await self._work.wait()
            self._work.clear()
            while self._dirty or self._later or self._farewells:
                await self._part_all()
                marked = self._dirty or self._later
                if marked:
                    screen = next(iter(marked))
                    self._dirty.pop(screen, None)
                    self._later.pop(screen, None)
                    await self._send(screen)
                # Drawing is work of the loop that also relays media: packets get their turn after each screen.
                await asyncio.sleep(0)

    def _group(self, screen: Screen) -> dict[Screen, None]:
        if screen.visit is None:
            return self._by_clinic.setdefault(screen.clinic, {})
        return self._by_visit.setdefault(screen.visit, {})

    def _take_out(self, screen: Screen) -> None:
        del self._by_session[screen.session]
        group = self._group(screen)
        del group[screen]
        if not group and screen.visit is not None:
            del self._by_visit[screen.visit]
        self._dirty.pop(screen, None)
        self._later.pop(screen, None)

    def _mark(self, screen: Screen) -> None:
        loop = asyncio.get_running_loop()
        if loop.time() < screen.rests_until:
            if not screen.wakes:
                screen.wakes = True
                loop.call_at(screen.rests_until, self._wake, screen)
            return
        self._dirty[screen] = None
        self._work.set()

    def _wake(self, screen: Screen) -> None:
        screen.wakes = False
        if self.speaks(screen):
            self._dirty[screen] = None
            self._work.set()

    async def _part_all(self) -> None:
        while self._farewells:
            screen, code = self._farewells.popleft()
            await screen.connection.emit("bye", Bye(code=code, message=_BYE_TEXTS[code]))
            await screen.connection.disconnect()

    async def _send(self, screen: Screen) -> None:
        if screen.visit is None:
            # A whole clinic's changes come to every staff screen: several within the rest make one snapshot.
            screen.rests_until = asyncio.get_running_loop().time() + STAFF_REST_S
        screen.version += 1
        try:
            snapshot = await screen.draw(screen.version)
        except WaitingRoomError as error:
            # The page keeps its last snapshot; the next change draws it again.
            log.warning("snapshot_not_drawn", code=error.code)
            return
        except Exception:
            # One screen's defect must not stop the others', nor the farewells of those who are out.
            log.exception("snapshot_crashed")
            return
        if snapshot is not None and self.speaks(screen):
            await screen.connection.emit("snapshot", snapshot)
