"""Ends what a clinic does not need any more: patients' data of visits that have been over for longer than its retention."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

import structlog

from waiting_room.clinic import Clinic
from waiting_room.errors import StoreFailed, VersionConflict, VisitUnreadable
from waiting_room.model import CLOCK, Actor
from waiting_room.retention import purged
from waiting_room.store import VisitStore

__all__ = ["purge", "purgeable", "run_daily", "with_removed"]

PAGE: Final = 100
REMOVED: Final = timedelta(days=30)
"""The retention of a clinic that the settings do not know any more: what a clinic has that sets none."""

log = structlog.get_logger(__name__)


async def with_removed(store: VisitStore, clinics: Iterable[Clinic]) -> list[Clinic]:
    """Return the clinics, and those that were taken out of the settings while patients' data of theirs are kept.

    Their own retention is not known any more: they get `REMOVED`. Raises `StoreFailed`.
    """
    known = {clinic.id: clinic for clinic in clinics}
    pattern = next(iter(known.values()))
    removed = [clinic_id for clinic_id in await store.clinics_to_purge() if clinic_id not in known]
    for clinic_id in removed:
        log.warning("clinic_not_in_settings", clinic=clinic_id, retention_days=REMOVED.days)
    return [*known.values(), *(replace(pattern, id=clinic_id, retention=REMOVED) for clinic_id in removed)]


async def purgeable(store: VisitStore, clinic: Clinic, *, now: datetime, limit: int = PAGE) -> list[str]:
    """Return the ids of this clinic's visits whose retention is over, oldest first. Raises `StoreFailed`."""
    return await store.purgeable(clinic.id, now - clinic.retention, limit)


async def purge(store: VisitStore, clinics: Iterable[Clinic], *, by: Actor = CLOCK, now: datetime) -> int:
    """Take the patients' data out of all visits whose retention is over, and say how many. Raises `StoreFailed`.

    ``clinics`` are those of the settings; `with_removed` adds the others. The trail stays whole, and says ``by`` whom. Stopped
    in the middle, the rest is found the next time.
    """
    done = 0
    for clinic in await with_removed(store, clinics):
        skipped: set[str] = set()
        while ids := await _next(store, clinic, skipped, now=now):
            for visit_id in ids:
                try:
                    await _purge_one(store, visit_id, by, now)
                except VisitUnreadable:
                    # One damaged row must not keep every other patient's data for ever.
                    log.exception("visit_not_purged", visit=visit_id)
                    skipped.add(visit_id)
                else:
                    done += 1
    return done


async def _next(store: VisitStore, clinic: Clinic, skipped: set[str], *, now: datetime) -> list[str]:
    ids = await purgeable(store, clinic, now=now, limit=PAGE + len(skipped))
    return [visit_id for visit_id in ids if visit_id not in skipped]


async def _purge_one(store: VisitStore, visit_id: str, by: Actor, now: datetime) -> None:
    # The links first: a purged visit is not found again, so nothing may be left to do for it.
    await store.forget_links(visit_id)
    while True:
        read = await store.load(visit_id)
        outcome = purged(read.visit, by=by, now=now)
        if not outcome.events:
            return
        with suppress(VersionConflict):
            await store.commit(outcome.visit, read.version, outcome.events)
            return


async def run_daily(store: VisitStore, clinics: Iterable[Clinic], *, clock: Callable[[], datetime]) -> None:
    """Do the day's purge; a store that fails is logged, and the next day's turn comes. For the server, at start and at midnight."""
    try:
        count = await purge(store, clinics, now=clock())
        await store.forget_once(clock())
    except StoreFailed:
        log.exception("retention_not_done")
        return
    if count:
        log.info("retention_done", visits=count)
