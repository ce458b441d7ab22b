"""The one writer of each visit: load, decide, commit, and only then let the events act.

Two commands for one visit never overlap in this process; against other processes the store's compare-and-set decides, and
the loser decides anew on what the winner left.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Collection, Iterable, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Final
from weakref import WeakValueDictionary

import structlog

from signaling.board import Board
from waiting_room.commands import Command, LoseConnection, PassTime
from waiting_room.errors import StoreFailed, VersionConflict, VisitUnknown, VisitUnreadable, WaitingRoomError
from waiting_room.events import Event
from waiting_room.model import Actor, Participant, Visit
from waiting_room.store import Links, Once, Store, Versioned
from waiting_room.visit import handle_command

__all__ = ["Clock", "Listener", "LossListener", "Visits", "actor_for"]

Clock = Callable[[], datetime]
Listener = Callable[[Visit, tuple[Event, ...]], None]
LossListener = Callable[[str, Visit | None], None]

TICK_S: Final = 1.0
BOARD_AHEAD: Final = timedelta(hours=26)  # a clinic's longest day, and a little
BOARD_RELOAD: Final = timedelta(minutes=10)

log = structlog.get_logger(__name__)


def actor_for(visit: Visit, participant: Participant) -> Actor:
    """Return a participant as the one who gives a command, for what the server notes in their name."""
    return Actor(participant.id, participant.role, participant.name, clinic=visit.clinic_id)


def _nobody_to_tell(visit_id: str, known: Visit | None) -> None:
    del visit_id, known


class Visits:
    """Handles commands, keeps the board of live visits in memory, and wakes visits whose deadline has come.

    ``watched`` names visits that are shown somewhere: when another process writes, these are told of even if they are not
    on the board (a patient may check in days before). ``on_loss`` hears of a visit that cannot be read any more, with what was
    last known of it.
    """

    def __init__(
        self,
        store: Store,
        *,
        clock: Clock,
        listener: Listener,
        watched: Callable[[], Collection[str]] = tuple,
        on_loss: LossListener = _nobody_to_tell,
    ) -> None:
        self._store = store
        self._clock = clock
        self._listener = listener
        self._watched = watched
        self._on_loss = on_loss
        self._locks: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()
        self._board = Board()
        self._board_read_at: datetime | None = None
        self._put_while_reading: dict[str, Versioned] | None = None
        self._reload_wanted = True

    async def handle(self, visit_id: str, command: Command, links: Links | None = None) -> Visit:
        """Give the command and return the visit as it is then; ``links`` change with it, in the same transaction.

        Raises what the domain refuses, or `StoreFailed`.
        """
        lock = self._locks.setdefault(visit_id, asyncio.Lock())
        async with lock:
            while True:
                current = await self._store.load(visit_id)
                outcome = handle_command(current.visit, command, now=self._clock())
                if outcome.visit == current.visit and (links is None or not outcome.events):
                    # An access changes nothing: it stands in the trail, and no version and no screen moves for it.
                    await self._keep_accesses(outcome.events)
                    return current.visit
                with suppress(VersionConflict):
                    await self._store.commit(outcome.visit, current.version, outcome.events, links)
                    break
            self._put(Versioned(outcome.visit, current.version + 1))
        self._tell(outcome.visit, outcome.events)
        return outcome.visit

    async def _keep_accesses(self, events: Sequence[Event]) -> None:
        if events:
            await self._store.record(events)
            self._log(events)

    async def create(
        self, visit: Visit, links: Links, events: Sequence[Event], once: Once | None = None
    ) -> Once | None:
        """Keep a new visit and show it; see `VisitStore.create` for ``once``. Raises `StoreFailed`."""
        before = await self._store.create(visit, links, events, once)
        if before is None:
            self._put(Versioned(visit, 1))
            self._tell(visit, tuple(events))
        return before

    async def load(self, visit_id: str) -> Visit:
        """Read a visit as it is kept. Raises `VisitUnknown`."""
        return (await self._store.load(visit_id)).visit

    def live(self) -> list[Visit]:
        """Return the visits of the board, by start, then id."""
        return sorted(self.on_board(), key=lambda visit: (visit.starts_at, visit.id))

    def on_board(self) -> list[Visit]:
        """Return the visits of the board, in no order."""
        return [one.visit for one in self._board.all()]

    def of_clinic(self, clinic_id: str) -> Iterable[Visit]:
        """Return a clinic's live visits, in no order."""
        return self._board.of_clinic(clinic_id)

    def with_staff(self, staff_id: str) -> list[Visit]:
        """Return the live visits in whose media this member of staff is."""
        return self._board.with_staff(staff_id)

    def staff_inside(self) -> set[str]:
        """Return everybody of the staff who is in a live visit's media."""
        return self._board.staff_inside()

    def find(self, visit_id: str) -> Visit | None:
        """Return a live visit from memory, or None."""
        found = self._board.find(visit_id)
        return found.visit if found else None

    async def start(self) -> None:
        """Read the board. Whoever was connected to an earlier process is not connected to this one."""
        # Asked first, so that what another process writes from now on counts as a change.
        await self._store.changed_elsewhere()
        await self._reload()
        for visit in self.live():
            for one in visit.participants:
                if one.connected and one.session is not None:
                    lost = LoseConnection(actor=actor_for(visit, one), participant=one.id, session=one.session)
                    await self.quietly(visit.id, lost)

    async def run(self) -> None:
        """Let time pass, until cancelled: deadlines once a second, and news of other processes."""
        while True:
            await asyncio.sleep(TICK_S)
            try:
                await self.tick()
            except StoreFailed:
                log.exception("deadlines_not_read")

    async def tick(self) -> None:
        """Do once what `run` does every second. Deadlines do not wait for a board that cannot be read."""
        try:
            await self._hear_of_others()
        except StoreFailed:
            log.exception("board_not_read")
        for visit_id in await self._store.due(self._clock()):
            await self.quietly(visit_id, PassTime())

    async def _hear_of_others(self) -> None:
        stale = self._board_read_at is None or abs(self._clock() - self._board_read_at) > BOARD_RELOAD
        # Kept until a reload has succeeded: the store tells of a change once.
        self._reload_wanted |= await self._store.changed_elsewhere() or stale
        if self._reload_wanted:
            await self._reload()

    async def quietly(self, visit_id: str, command: Command) -> None:
        """Give a command that nobody waits for: a refusal or a failure is logged, and the next visit's turn comes."""
        try:
            await self.handle(visit_id, command)
        except VisitUnreadable:
            # The store has told of the row: its deadline comes again every second.
            return
        except StoreFailed:
            log.exception("command_not_kept", visit=visit_id)
        except WaitingRoomError as refusal:
            log.info("command_refused", visit=visit_id, code=refusal.code)

    async def _reload(self) -> None:
        self._put_while_reading = {}
        try:
            now = self._clock()
            read = {one.visit.id: one for one in await self._store.list_live(now + BOARD_AHEAD)}
            gone = [one.visit.id for one in self._board.all() if one.visit.id not in read]
            elsewhere = [*gone, *(set(self._watched()) - read.keys() - set(gone))]
            told, lost = await self._read_each(elsewhere)
            # What this process put while the rows were under way is newer than they are.
            for visit_id, newer in self._put_while_reading.items():
                if visit_id not in read or read[visit_id].version < newer.version:
                    read.pop(visit_id, None)
        finally:
            meanwhile, self._put_while_reading = self._put_while_reading, None
        self._board_read_at, self._reload_wanted = now, False
        known = {visit_id: self.find(visit_id) for visit_id in lost}
        for visit_id in gone:
            if visit_id not in meanwhile:
                self._board.remove(visit_id)
        changed = [one for one in read.values() if self._is_news(one)]
        for one in changed:
            self._put(one)
        news = [one for one in told if one.id not in meanwhile]
        for visit in [*news, *(one.visit for one in changed)]:
            self._tell(visit, ())
        for visit_id, last in known.items():
            if visit_id not in meanwhile:
                self._on_loss(visit_id, last)

    def _is_news(self, read: Versioned) -> bool:
        known = self._board.find(read.visit.id)
        return known is None or known.version != read.version

    async def _read_each(self, visit_ids: Iterable[str]) -> tuple[list[Visit], list[str]]:
        """Return the visits that there are, and the ids of those that cannot be read: one must not hide the others."""
        found: list[Visit] = []
        lost: list[str] = []
        for visit_id in visit_ids:
            try:
                found.append(await self.load(visit_id))
            except VisitUnreadable:
                lost.append(visit_id)
            except VisitUnknown:
                continue
        return found, lost

    def _put(self, versioned: Versioned) -> None:
        visit = versioned.visit
        if self._put_while_reading is not None:
            self._put_while_reading[visit.id] = versioned
        if visit.phase.final or visit.starts_at >= self._clock() + BOARD_AHEAD:
            self._board.remove(visit.id)
        else:
            self._board.put(versioned)

    def _tell(self, visit: Visit, events: tuple[Event, ...]) -> None:
        self._log(events)
        self._listener(visit, events)

    def _log(self, events: Sequence[Event]) -> None:
        for event in events:
            log.info("visit_event", event_kind=type(event).__name__, visit=event.visit, role=str(event.role))
