"""Two clinicians admit the same patient at the same moment, from two processes on one store: one wins, every time."""

from __future__ import annotations

import asyncio
import multiprocessing
from collections import Counter
from pathlib import Path
from typing import Final

import pytest

from tests.support.admit_process import Admission, admit_all
from tests.support.visits import NURSE, PATIENT, PROVIDER, booked, waiting
from waiting_room.audit import Entry, Head, verify
from waiting_room.sqlite_store import SqliteStore
from waiting_room.store import Links

RACES: Final = 1000


async def all_entries(store: SqliteStore) -> list[Entry]:
    found: list[Entry] = []
    while page := await store.entries(after=len(found)):
        found += page
    return found


def race(path: Path, visit_ids: list[str]) -> list[Admission]:
    """Let both processes admit all patients, one race after the other, and return what each was told."""
    spawn = multiprocessing.get_context("spawn")
    start, told = spawn.Barrier(2), spawn.Queue()
    both = [spawn.Process(target=admit_all, args=(path, who, visit_ids, start, told)) for who in (PROVIDER, NURSE)]
    for one in both:
        one.start()
    try:
        outcomes = [told.get(timeout=60) for _ in range(2 * len(visit_ids))]
        for one in both:
            one.join(timeout=30)
        assert [one.exitcode for one in both] == [0, 0]
    finally:
        for one in both:
            one.kill()
        told.close()
    return outcomes


@pytest.mark.timeout(300)
async def test_of_two_processes_that_admit_at_once_one_wins_a_thousand_times(tmp_path: Path) -> None:
    path = tmp_path / "visits.sqlite3"
    store = await SqliteStore.open(path)
    visit_ids = [f"visit {number}" for number in range(RACES)]
    for visit_id in visit_ids:
        told = waiting(booked(visit_id=visit_id))
        await store.create(told.visit, Links(), told.events)

    outcomes = await asyncio.to_thread(race, path, visit_ids)

    won = {one.visit: one.by for one in outcomes if not one.code}
    lost = {one.visit: one for one in outcomes if one.code}
    assert won.keys() == lost.keys() == set(visit_ids), "one winner and one loser each"
    assert {one.code for one in lost.values()} == {"already_admitted"}
    assert all(one.first == won[visit_id] != one.by for visit_id, one in lost.items()), "who lost hears who was first"
    for visit_id, winner in won.items():
        kept = (await store.load(visit_id)).visit
        assert {one.id for one in kept.in_media} == {PATIENT.id, winner}
        assert kept.patient.admitted_by == winner
    trail = await all_entries(store)
    admissions = Counter(entry.visit for entry in trail if entry.kind == "ParticipantAdmitted")
    assert admissions == Counter(visit_ids), "one admission in the trail for each"
    assert isinstance(verify(trail), Head)
    await store.close()

    wins = Counter(won.values())
    decided = sum(one.conflicts for one in outcomes)
    print(
        f"{RACES} races: {len(won)} single winners, {PROVIDER.id} won {wins[PROVIDER.id]}, {NURSE.id} won {wins[NURSE.id]}; "
        f"{decided} were decided at the commit, the others at the load"
    )
    assert min(wins[PROVIDER.id], wins[NURSE.id]) >= RACES // 20, "else it was no race"
    assert decided >= RACES // 20, "else they did not come at the same moment"
