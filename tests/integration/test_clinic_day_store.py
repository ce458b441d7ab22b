"""S63 over a real store: a random part of a clinic's day whose process crashes between any two commands."""

from __future__ import annotations

import asyncio
import random
import shutil
from pathlib import Path
from typing import Any

import pytest

from signaling.visits import Visits
from tests.support import clinic_day
from tests.support.clinic_day import DESK, FIRST, NURSE, SECOND, Day
from tests.support.stores import NO_LINKS
from waiting_room import commands as do
from waiting_room import events as ev
from waiting_room.audit import START, Head, chain, verify
from waiting_room.errors import WaitingRoomError
from waiting_room.sqlite_store import SqliteStore

STEPS = 30
CRASHES = 0.2
FILE = "v.sqlite3"


class KeptDay(Day):
    """Gives each command twice: to the domain in memory, and to `Visits` over a file. They must agree."""

    def __init__(self, folder: Path, runner: asyncio.Runner, chance: random.Random) -> None:
        super().__init__()
        self._folder, self._runner, self._chance = folder, runner, chance
        self.crashes = 0
        self._open(folder / "0")
        for visit in self.visits.values():
            runner.run(self.store.create(visit, NO_LINKS, []))

    def give(self, visit_id: str, command: do.Command) -> tuple[ev.Event, ...] | None:
        if self._chance.random() < CRASHES:
            self.crash()
        expected = super().give(visit_id, command)
        try:
            kept = self._runner.run(self._server.handle(visit_id, command))
        except WaitingRoomError:
            assert expected is None
        else:
            assert expected is not None
            assert kept == self.visits[visit_id]
        return expected

    def crash(self) -> None:
        """Go on with what kill -9 would leave: the file and its log as they lie there, nothing of the memory."""
        left, old = self._folder / str(self.crashes), self.store
        self.crashes += 1
        fresh = self._folder / str(self.crashes)
        fresh.mkdir()
        for name in (FILE, f"{FILE}-wal"):
            shutil.copy(left / name, fresh / name)
        self._runner.run(old.close())
        self._open(fresh)

    def _open(self, folder: Path) -> None:
        folder.mkdir(exist_ok=True)
        self.store = self._runner.run(SqliteStore.open(folder / FILE, clock=lambda: self.now))
        self._server = Visits(self.store, clock=lambda: self.now, listener=lambda _visit, _events: None)

    def something(self) -> None:
        """Let somebody do something to some visit, allowed or not."""
        visit = self._chance.choice(list(self.visits.values()))
        link, who = self.link_of(visit.id), self._chance.choice((FIRST, SECOND, NURSE))
        patient: dict[str, Any] = {"actor": who, "participant": visit.patient.id}
        commands: list[do.Command] = [
            do.Look(actor=DESK),
            do.Hold(**patient),
            do.ReturnToWaiting(**patient),
            do.KeepNote(actor=DESK, text="A note"),
            do.TellLate(actor=NURSE, minutes=10),
            do.End(actor=who),
            do.Cancel(actor=DESK),
            do.PassTime(),
        ]
        if link is not None and link.sessions:
            own = self.own(link)
            commands += [do.LoseConnection(**own), do.Connect(**own), do.JoinWaitingRoom(**own), do.Leave(**own)]
        self.give(visit.id, self._chance.choice(commands))


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_s63_after_any_crash_the_trail_is_what_happened(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, seed: int
) -> None:
    monkeypatch.setattr(clinic_day, "APPOINTMENTS", 12)
    with asyncio.Runner() as runner:
        day = KeptDay(tmp_path, runner, random.Random(seed))  # noqa: S311 - a test's choice, the same each time
        for _ in range(STEPS):
            day.go_on()
            for _ in range(3):
                day.something()
        day.crash()
        entries = runner.run(day.store.entries(limit=100_000))
        kept = {visit_id: runner.run(day.store.load(visit_id)).visit for visit_id in day.visits}
        runner.run(day.store.close())
    head = START
    expected = []
    for event in day.trail:
        expected.append(chain(event, head))
        head = Head(expected[-1].number, expected[-1].hash)
    assert entries == expected
    assert verify(entries) == head
    assert kept == day.visits
    assert day.crashes > 10, day.counts
    assert day.counts["Admit"] > 2, day.counts
