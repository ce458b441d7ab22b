"""Booking from a spreadsheet: each row is booked or refused by itself, and importing the same file again books nothing twice.

A row with an ``external_id`` is known again by it; one without by its start, the patient's name and date of birth.
"""

from __future__ import annotations

import hashlib
from collections.abc import AsyncIterator, Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final, Literal
from zoneinfo import ZoneInfo

from signaling.accounts import OPERATOR
from signaling.appointments import Appointments, Asked
from signaling.clinics import Clinics
from signaling.csv_rows import Line, asked_of
from signaling.errors import RequestRefused
from signaling.visit_pages import each_visit
from signaling.visits import Clock
from waiting_room.errors import InvalidBooking
from waiting_room.model import Visit, VisitPhase
from waiting_room.store import Once, VisitFilter, VisitStore

__all__ = ["CsvImport", "RowResult"]

PAGE: Final = 200

_COLUMN_OF: Final = {
    "patient.name": "patient_name",
    "patient.birth_date": "birth_date",
    "patient.language": "language",
    "patient.time_zone": "patient_time_zone",
    "patient.phone": "phone",
    "patient.email": "email",
}

Outcome = Literal["booked", "would_book", "there", "over", "refused"]
_OVER: Final = {
    VisitPhase.CANCELLED: "was cancelled",
    VisitPhase.NO_SHOW: "is noted as a no-show",
    VisitPhase.ENDED: "has ended",
}


@dataclass(frozen=True, slots=True)
class RowResult:
    """What came of a row: ``url`` for one that was booked, ``column`` and ``reason`` for one that was refused.

    One that is ``over`` was booked before and does not take place (any more): ``reason`` says in words why.
    """

    row: int
    outcome: Outcome
    external_id: str = ""
    clinic: str = ""
    visit: str = ""
    url: str = field(default="", repr=False)
    column: str = ""
    reason: str = ""


class CsvImport:
    """Books rows. ``default_clinic`` is for rows that name none; ``dry_run`` says what would come of them."""

    def __init__(
        self,
        appointments: Appointments,
        store: VisitStore,
        clinics: Clinics,
        clock: Clock,
        *,
        default_clinic: str | None = None,
        dry_run: bool = False,
    ) -> None:
        self._appointments = appointments
        self._store = store
        self._clinics = clinics
        self._clock = clock
        self._default_clinic = default_clinic
        self._dry_run = dry_run
        self._times: dict[str, dict[str, datetime]] = {}
        self._seen: set[tuple[str, ...]] = set()

    async def run(self, lines: Iterable[Line]) -> AsyncIterator[RowResult]:
        """Give the result of each row once it is kept. Raises `StoreFailed`; rows before that stay booked."""
        for line in lines:
            external_id = line.cells.get("external_id", "")
            try:
                yield await self._row(line, asked_of(line, self._clinics, self._default_clinic))
            except InvalidBooking as error:
                name = error.facts["field"]
                told = {"column": _COLUMN_OF.get(name, name), "reason": error.facts["reason"]}
                yield RowResult(line.number, "refused", external_id, **told)
            except RequestRefused as error:
                yield RowResult(line.number, "refused", external_id, column="clinic", reason=error.message)

    async def _row(self, line: Line, asked: Asked) -> RowResult:
        facts = {"external_id": asked.external_id, "clinic": asked.clinic}
        there = await self._there(asked)
        if there is not None:
            over = _OVER.get(there.phase) if isinstance(there, Visit) else None
            known = there.id if isinstance(there, Visit) else ""
            return RowResult(line.number, "over" if over else "there", visit=known, reason=over or "", **facts)
        draft = await self._appointments.draft(asked, actor=OPERATOR)
        self._seen.add(_mark(asked))
        if asked.external_id:
            (await self._booked_times(asked.clinic))[asked.external_id] = asked.starts_at
        if self._dry_run:
            return RowResult(line.number, "would_book", **facts)
        before = await self._appointments.keep(draft, self._once(asked, draft.visit))
        if before is not None:
            return RowResult(line.number, "there", visit=before.sealed, **facts)
        return RowResult(line.number, "booked", visit=draft.visit.id, url=draft.url, **facts)

    async def _there(self, asked: Asked) -> Visit | Literal["this run"] | None:
        """Return the visit that this row has made before, one that is not over first, or None.

        Raises `InvalidBooking` where the same ``external_id`` is booked for another time.
        """
        if _mark(asked) in self._seen:
            return "this run"
        slot = VisitFilter(
            clinic_id=asked.clinic,
            starts_from=asked.starts_at,
            starts_before=asked.starts_at + timedelta(microseconds=1),
            limit=PAGE,
        )
        same = [visit async for visit in each_visit(self._store, slot) if _same(asked, visit)]
        if same:
            return min(same, key=lambda visit: visit.phase.final)
        booked_for = (await self._booked_times(asked.clinic)).get(asked.external_id)
        if asked.external_id and booked_for is not None:
            at = booked_for.astimezone(ZoneInfo(self._clinics.get(asked.clinic).time_zone)).isoformat(
                timespec="minutes"
            )
            raise InvalidBooking(field="external_id", reason=f"is booked for {at} already: reschedule that one")
        return None

    async def _booked_times(self, clinic_id: str) -> dict[str, datetime]:
        """Return the starts of what is not over in this clinic, by external id. Read once."""
        if clinic_id not in self._times:
            live = VisitFilter(
                clinic_id=clinic_id,
                starts_from=self._clock() - timedelta(days=1),
                phases=frozenset(phase for phase in VisitPhase if not phase.final),
                limit=PAGE,
            )
            self._times[clinic_id] = {
                visit.external_id: visit.starts_at async for visit in each_visit(self._store, live) if visit.external_id
            }
        return self._times[clinic_id]

    def _once(self, asked: Asked, visit: Visit) -> Once | None:
        """Return what makes two imports at the same moment one, where the row has a name of its own."""
        if not asked.external_id:
            return None
        mark = f"import\0{asked.clinic}\0{asked.external_id}\0{asked.starts_at.isoformat()}"
        return Once(hashlib.sha256(mark.encode()).hexdigest(), "", visit.id, self._clock())


def _mark(asked: Asked) -> tuple[str, ...]:
    """Return what tells a row from every other one."""
    start = asked.starts_at.isoformat()
    if asked.external_id:
        return asked.clinic, start, asked.external_id
    return asked.clinic, start, "", asked.patient, str(asked.details.birth_date)


def _same(asked: Asked, visit: Visit) -> bool:
    if asked.external_id or visit.external_id:
        return asked.external_id == visit.external_id
    return (asked.patient, asked.details.birth_date) == (visit.patient.name, visit.details.birth_date)
