"""A process with a store and visits of its own, that admits one waiting patient after the other as soon as it may."""

from __future__ import annotations

import asyncio
import logging
import random
import time
from collections.abc import Sequence
from dataclasses import dataclass
from multiprocessing.queues import Queue
from multiprocessing.synchronize import Barrier
from pathlib import Path
from typing import Final

import structlog

from signaling.visits import Visits
from tests.support.visits import NOON, PATIENT, admit
from waiting_room.errors import VersionConflict, WaitingRoomError
from waiting_room.events import Event
from waiting_room.model import Actor, Visit
from waiting_room.sqlite_store import SqliteStore
from waiting_room.store import Links

__all__ = ["Admission", "admit_all"]

JITTER_S: Final = 0.001
WAIT_S: Final = 30.0


@dataclass(frozen=True, slots=True)
class Admission:
    """What one process got for one visit: "" for the winner, else the refusal's code and who was first."""

    visit: str
    by: str
    code: str
    first: str
    conflicts: int


class CountingStore(SqliteStore):
    """Counts the commits that came second."""

    conflicts = 0

    async def commit(self, visit: Visit, version: int, events: Sequence[Event], links: Links | None = None) -> None:
        try:
            await super().commit(visit, version, events, links)
        except VersionConflict:
            self.conflicts += 1
            raise


def admit_all(path: Path, clinician: Actor, visit_ids: list[str], start: Barrier, told: Queue[Admission]) -> None:
    """Admit the patient of each visit at the moment that the other process does; tell each outcome."""
    asyncio.run(_admit_all(path, clinician, visit_ids, start, told))


async def _admit_all(
    path: Path, clinician: Actor, visit_ids: list[str], start: Barrier, told: Queue[Admission]
) -> None:
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
    store = await CountingStore.open(path)
    visits = Visits(store, clock=lambda: NOON, listener=lambda _visit, _events: None)
    chance = random.Random(clinician.id)  # noqa: S311 - who is a little earlier, nothing secret
    for visit_id in visit_ids:
        before = store.conflicts
        start.wait(WAIT_S)
        # The barrier always wakes one first; without this the same process would win nearly every race.
        time.sleep(chance.random() * JITTER_S)  # noqa: ASYNC251 - nothing else runs in this loop
        code = first = ""
        try:
            await visits.handle(visit_id, admit(clinician, f"{clinician.id}'s window", who=PATIENT))
        except WaitingRoomError as refusal:
            code, first = refusal.code, refusal.facts.get("by", "")
        told.put(Admission(visit_id, clinician.id, code, first, store.conflicts - before))
    await store.close()
