"""The screens that are open now, and what each gets: a snapshot when something on it changed, a farewell when it is over.

Changes are only marked (`touch`); one task draws and sends, so a burst of changes makes one snapshot.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final, Literal, Protocol

import structlog
from pydantic import BaseModel

from signaling.messages import Bye
from waiting_room.errors import WaitingRoomError

__all__ = ["ByeCode", "Connection", "Screen", "Screens"]

ByeCode = Literal["replaced", "link_ended", "removed", "session_expired", "draining"]

_BYE_TEXTS: Final[dict[ByeCode, str]] = {
    "replaced": "another device or window took over",
    "link_ended": "the visit is over, cancelled or expired",
    "removed": "staff removed this participant",
    "session_expired": "this session is out of date",
    "draining": "this node is going down; connect again",
}

STAFF_REST_S: Final = 0.1

log = structlog.get_logger(__name__)


class Connection(Protocol):
    """A socket, as the screens use it."""

    async def emit(self, event: str, message: BaseModel) -> None:
        """Send one event."""

    async def disconnect(self) -> None:
        """End it."""


@dataclass(eq=False)
class Screen:
    """One connected page. ``draw`` builds its snapshot, or gives None when there is nothing to show."""

    connection: Connection
    session: str = field(repr=False)
    visit: str | None
    expires_at: datetime
    draw: Callable[[int], Awaitable[BaseModel | None]]
    version: int = 0
    rests_until: float = 0.0
    wakes: bool = False


class Screens:
    """Knows every open screen by its session; a session has one screen at most."""

    def __init__(self) -> None:
        self._by_session: dict[str, Screen] = {}
        # In the order they were marked, so that no screen waits behind others for ever.
        self._dirty: dict[Screen, None] = {}
        self._farewells: deque[tuple[Screen, ByeCode]] = deque()
        self._work = asyncio.Event()
        self.draining = False

    def __len__(self) -> int:
        return len(self._by_session)

    def open(self, screen: Screen) -> None:
        """Add a screen; an older one of the same session (a reloaded or copied tab) is told that it was replaced."""
        older = self._by_session.get(screen.session)
        if older is not None:
            self._part(older, "replaced")
        self._by_session[screen.session] = screen
        self._mark(screen)

    def close(self, screen: Screen) -> bool:
        """Forget a screen whose socket is gone. True if it still spoke for its session."""
        self._dirty.pop(screen, None)
        if self._by_session.get(screen.session) is not screen:
            return False
        del self._by_session[screen.session]
        return True

    def has(self, session: str) -> bool:
        """Whether the session has a screen open."""
        return session in self._by_session

    def speaks(self, screen: Screen) -> bool:
        """Whether this screen still speaks for its session: it was not told goodbye."""
        return self._by_session.get(screen.session) is screen

    def touch(self, visit_id: str) -> None:
        """Draw again what may show this visit: its participants' screens and every staff screen."""
        for screen in self._by_session.values():
            if screen.visit in {None, visit_id}:
                self._mark(screen)

    def touch_session(self, session: str) -> None:
        """Draw one session's screen at once: its media wait for it."""
        screen = self._by_session.get(session)
        if screen is not None:
            screen.rests_until = 0.0
            self._mark(screen)

    def touch_participants(self) -> None:
        """Draw the screens of all who came by a link."""
        for screen in self._by_session.values():
            if screen.visit is not None:
                self._mark(screen)

    def touch_staff(self) -> None:
        """Draw every staff screen again."""
        for screen in self._by_session.values():
            if screen.visit is None:
                self._mark(screen)

    def dismiss(self, session: str, code: ByeCode) -> None:
        """End one session's screen."""
        screen = self._by_session.pop(session, None)
        if screen is not None:
            self._part(screen, code)

    def dismiss_visit(self, visit_id: str, code: ByeCode) -> None:
        """End the screens of everyone who came to this visit by a link."""
        for session in [one.session for one in self._by_session.values() if one.visit == visit_id]:
            self.dismiss(session, code)

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
            while self._dirty or self._farewells:
                await self._part_all()
                if self._dirty:
                    screen = next(iter(self._dirty))
                    del self._dirty[screen]
                    await self._send(screen)
                # Drawing is work of the loop that also relays media: packets get their turn after each screen.
                await asyncio.sleep(0)

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

    def _part(self, screen: Screen, code: ByeCode) -> None:
        self._dirty.pop(screen, None)
        self._farewells.append((screen, code))
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
