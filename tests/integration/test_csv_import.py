"""Imports against a real store: again, at once, after changes, and rows without a name of their own."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from signaling.csv_import import CsvImport, RowResult
from signaling.csv_rows import read_lines
from tests.support.front_office import FrontOffice, open_front_office

HEADER = "start,patient_name,external_id,birth_date\n"


@pytest.fixture
async def office(tmp_path: Path) -> AsyncIterator[FrontOffice]:
    async with open_front_office(tmp_path) as running:
        yield running


async def imported(office: FrontOffice, rows: str, **options: Any) -> list[RowResult]:
    parts = (office.appointments(), office.store, office.clinics, lambda: office.now)
    run = CsvImport(*parts, **{"default_clinic": "main"} | options)
    return [result async for result in run.run(read_lines((HEADER + rows).encode()))]


async def booked(office: FrontOffice) -> list[str]:
    listed = (await office.ask("GET", "/appointments", params={"limit": "200"})).json["appointments"]
    return [str(one["patient"]["name"]) for one in listed]


async def test_the_same_file_again_books_nothing(office: FrontOffice) -> None:
    rows = "2026-11-23T09:00,Ana Uno,e-1,\n2026-11-23T09:00,Bea Dos,,1961-04-30\n2026-11-23T10:00,Eva Tres,,\n"
    first = await imported(office, rows)
    assert [one.outcome for one in first] == ["booked"] * 3
    assert all(one.url.startswith("https://visits.clinic.example/v#") for one in first)
    again = await imported(office, rows)
    assert [(one.outcome, one.visit, one.url) for one in again] == [("there", one.visit, "") for one in first]
    assert len(await booked(office)) == 3


async def test_rows_that_stand_twice_are_booked_once(office: FrontOffice) -> None:
    rows = "2026-11-23T09:00,Ana Uno,e-1,\n" * 2 + "2026-11-23T09:00,Bea Dos,,\n" * 2
    for dry_run, outcome in ((True, "would_book"), (False, "booked")):
        results = await imported(office, rows, dry_run=dry_run)
        assert [one.outcome for one in results] == [outcome, "there", outcome, "there"]
    assert sorted(await booked(office)) == ["Ana Uno", "Bea Dos"]


async def test_two_imports_at_once_book_each_row_once(office: FrontOffice) -> None:
    rows = "".join(f"2026-11-23T09:00,Patient {n},e-{n},\n" for n in range(20))
    results = await asyncio.gather(*(imported(office, rows) for _ in range(3)))
    assert Counter(one.outcome for run in results for one in run) == {"booked": 20, "there": 40}
    visits = [{one.row: one.visit for one in run} for run in results]
    assert visits[0] == visits[1] == visits[2]
    assert len(await booked(office)) == 20


async def test_a_row_of_another_time_moves_nothing(office: FrontOffice) -> None:
    await imported(office, "2026-11-23T09:00,Ana Uno,e-1,\n")
    (result,) = await imported(office, "2026-11-24T09:00,Ana Uno,e-1,\n")
    assert (result.outcome, result.column) == ("refused", "external_id")
    assert "2026-11-23T09:00-05:00" in result.reason
    (twice, other) = await imported(office, "2026-11-25T09:00,Bea Dos,e-2,\n2026-11-26T09:00,Bea Dos,e-2,\n")
    assert (twice.outcome, other.outcome) == ("booked", "refused")


async def test_what_was_cancelled_is_not_booked_again_but_its_name_is_free(office: FrontOffice) -> None:
    (first,) = await imported(office, "2026-11-23T09:00,Ana Uno,e-1,\n")
    await office.ask("POST", f"/appointments/{first.visit}/cancel")
    (again,) = await imported(office, "2026-11-23T09:00,Ana Uno,e-1,\n")
    assert (again.outcome, again.reason) == ("over", "was cancelled")
    assert [one.outcome for one in await imported(office, "2026-11-24T09:00,Ana Uno,e-1,\n")] == ["booked"]


async def test_the_same_name_in_another_clinic_is_another_appointment(office: FrontOffice) -> None:
    row = "2026-11-23T09:00,Ana Uno,e-1,\n"
    results = [await imported(office, row, default_clinic=clinic) for clinic in ("main", "north")]
    assert [one.outcome for (one,) in results] == ["booked", "booked"]


async def test_refusals_keep_nothing_and_stop_nothing(office: FrontOffice) -> None:
    rows = "2026-11-22T09:00,Over,e-1,\n2026-11-23T09:00,,e-2,\n2026-11-23T09:00,Born,e-3,2999-01-01\n"
    results = await imported(office, rows + "2026-11-23T09:00,Ana Uno,e-4,\n")
    assert [(one.row, one.outcome, one.column) for one in results] == [
        (2, "refused", "start"),
        (3, "refused", "patient_name"),
        (4, "refused", "birth_date"),
        (5, "booked", ""),
    ]
    assert await booked(office) == ["Ana Uno"]
    assert [one.kind for one in await office.store.entries() if one.visit] == ["VisitBooked"]
