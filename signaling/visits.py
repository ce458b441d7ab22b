"""The one writer of each visit: load, decide, commit, and only then let the events act.

Two commands for one visit never overlap in this process; against other processes the store's compare-and-set decides, and
the loser decides anew on what the winner left.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Final
from weakref import WeakValueDictionary

import structlog

from waiting_room.commands import Command, LoseConnection, PassTime
from waiting_room.errors import StoreFailed, VersionConflict, WaitingRoomError
from waiting_room.events import Event
from waiting_room.model import Actor, Visit
from waiting_room.store import Versioned, VisitStore
from waiting_room.visit import handle_command

__all__ = ["Clock", "Listener", "Visits"]

Clock = Callable[[], datetime]
Listener = Callable[[Visit, tuple[Event, ...]], None]

TICK_S: Final = 1.0
BOARD_AHEAD: Final = timedelta(hours=26)  # a clinic's longest day, and a little
BOARD_RELOAD: Final = timedelta(minutes=10)

log = structlog.get_logger(__name__)


class Visits:
    """Handles commands, keeps the board of live visits in memory, and wakes visits whose deadline has come."""

    def __init__(self, store: VisitStore, *, clock: Clock, listener: Listener) -> None:
        self._store = store
        self._clock = clock
        self._listener = listener
        self._locks: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()
        self._board: dict[str, Versioned] = {}
        self._board_read_at: datetime | None = None
        self._puts = 0
        self._reload_wanted = True

    async def handle(self, visit_id: str, command: Command) -> Visit:
        """Give the command and return the visit as it is then. Raises what the domain refuses, or `StoreFailed`."""
        lock = self._locks.setdefault(visit_id, asyncio.Lock())
        async with lock:
            while True:
                current = await self._store.load(visit_id)
                outcome = handle_command(current.visit, command, now=self._clock())
                if outcome.visit == current.visit and not outcome.events:
                    return current.visit
                with suppress(VersionConflict):
                    await self._store.commit(outcome.visit, current.version, outcome.events)
                    break
            self._put(Versioned(outcome.visit, current.version + 1))
        self._tell(outcome.visit, outcome.events)
        return outcome.visit

    async def create(self, visit: Visit, invitations: Mapping[str, str], events: Sequence[Event]) -> None:
        """Keep a new visit and show it. Raises `StoreFailed`."""
        await self._store.create(visit, invitations, events)
        self._put(Versioned(visit, 1))
        self._tell(visit, tuple(events))

    async def load(self, visit_id: str) -> Visit:
        """Read a visit as it is kept. Raises `VisitUnknown`."""
        return (await self._store.load(visit_id)).visit

    def live(self) -> list[Visit]:
        """Return the visits of the board, by start, then id."""
        return sorted((one.visit for one in self._board.values()), key=lambda visit: (visit.starts_at, visit.id))

    def find(self, visit_id: str) -> Visit | None:
        """Return a live visit from memory, or None."""
        found = self._board.get(visit_id)
        return found.visit if found else None

    async def start(self) -> None:
        """Read the board. Whoever was connected to an earlier process is not connected to this one."""
        # Asked first, so that what another process writes from now on counts as a change.
        await self._store.changed_elsewhere()
        await self._reload()
        for visit in self.live():
            for one in visit.participants:
                if one.connected and one.session is not None:
                    await self.quietly(
                        visit.id, LoseConnection(actor=Actor(one.id, one.role), participant=one.id, session=one.session)
                    )

    async def run(self) -> None:
        """Let time pass, until cancelled: deadlines once a second, and news of other processes."""
        while True:
            await asyncio.sleep(TICK_S)
            try:
                await self.tick()
            except StoreFailed:
                log.exception("deadlines_not_read")

    async def tick(self) -> None:
        """Do once what `run` does every second."""
        stale = self._board_read_at is None or abs(self._clock() - self._board_read_at) > BOARD_RELOAD
        # Kept until a reload has succeeded: the store tells of a change once.
        self._reload_wanted |= await self._store.changed_elsewhere() or stale
        if self._reload_wanted:
            await self._reload()
        for visit_id in await self._store.due(self._clock()):
            await self.quietly(visit_id, PassTime())

    async def quietly(self, visit_id: str, command: Command) -> None:
        """Give a command that nobody waits for: a refusal or a failure is logged, and the next visit's turn comes."""
        try:
            await self.handle(visit_id, command)
        except StoreFailed:
            log.exception("command_not_kept", visit=visit_id)
        except WaitingRoomError as refusal:
            log.info("command_refused", visit=visit_id, code=refusal.code)

    async def _reload(self) -> None:
        while True:
            puts, now = self._puts, self._clock()
            read = {one.visit.id: one for one in await self._store.list_live(now + BOARD_AHEAD)}
            gone = [(await self._store.load(visit_id)).visit for visit_id in self._board.keys() - read.keys()]
            # A command that was committed while the rows were under way is newer than they are.
            if puts == self._puts:
                break
        before, self._board, self._board_read_at, self._reload_wanted = self._board, read, now, False
        for visit in gone:
            self._tell(visit, ())
        for visit_id, found in read.items():
            if visit_id not in before or before[visit_id].version != found.version:
                self._tell(found.visit, ())

    def _put(self, versioned: Versioned) -> None:
        self._puts += 1
        visit = versioned.visit
        if visit.phase.final or visit.starts_at >= self._clock() + BOARD_AHEAD:
            self._board.pop(visit.id, None)
        else:
            self._board[visit.id] = versioned

    def _tell(self, visit: Visit, events: tuple[Event, ...]) -> None:
        for event in events:
            log.info("visit_event", event_kind=type(event).__name__, visit=event.visit, role=str(event.role))
        self._listener(visit, events)
