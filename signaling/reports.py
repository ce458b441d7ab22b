"""What a clinic counts afterwards: waits, no-shows, failures by cause, and attendance for billing.

Everything is read from the trail, so that reports reach back beyond the retention of patients' data. Rows carry identifiers;
names are added only where they are asked for, while they are still kept.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Final
from zoneinfo import ZoneInfo

from signaling.local_time import day_bounds
from signaling.spreadsheet import Cell
from signaling.trail import trail_of
from signaling.visit_pages import each_visit
from waiting_room.attendance import Attendance, people
from waiting_room.audit import Entry
from waiting_room.clinic import Clinic
from waiting_room.contact_codes import CallReason
from waiting_room.model import Visit, VisitPhase
from waiting_room.readiness import Cause
from waiting_room.store import Store, VisitFilter

__all__ = ["REPORTS", "make_report"]

PAGE: Final = 200
Row = list[Cell]
_ABOUT: Final = ("visit", "external_id", "clinic", "providers", "starts_at")


@dataclass(frozen=True, slots=True)
class _Kept:
    """A visit with what the trail tells of it. ``usernames`` are by account id."""

    visit: Visit
    zone: ZoneInfo
    trail: Sequence[Entry]
    people: Sequence[Attendance]
    usernames: Mapping[str, str] = field(repr=False)

    @property
    def patient(self) -> Attendance:
        return next(one for one in self.people if one.id == self.visit.patient.id)

    def about(self) -> Row:
        visit = self.visit
        providers = " ".join(self.who(one.id) for one in visit.providers)
        return [visit.id, visit.external_id, visit.clinic_id, providers, self.local(visit.starts_at)]

    def who(self, person: str) -> str:
        """Return the user name of staff, else the identifier."""
        return self.usernames.get(person, person)

    def local(self, at: datetime | None) -> str:
        return at.astimezone(self.zone).isoformat(timespec="seconds") if at else ""

    def of_kind(self, kind: str) -> list[Entry]:
        return [entry for entry in self.trail if entry.kind == kind]

    def readiness(self) -> tuple[str, str]:
        """Return verdict and cause of the patient's newest device test."""
        tests = [one for one in self.of_kind("ReadinessReported") if one.facts["participant"] == self.visit.patient.id]
        return (tests[-1].facts["verdict"], tests[-1].facts["cause"]) if tests else ("untested", Cause.NONE.value)


async def make_report(
    store: Store, clinics: Iterable[Clinic], name: str, first: date, last: date, *, names: bool = False
) -> list[Row]:
    """Return the header and the rows of a report of `REPORTS`, of the visits booked for these days in each clinic's own zone.

    ``names`` adds the patient's name as the last column. Raises `StoreFailed`.
    """
    head, rows_of = REPORTS[name]
    usernames = {account.id: account.username for account in await store.list_staff()}
    rows: list[Row] = [[*head, "patient"] if names else [*head]]
    causes: Counter[tuple[str, str]] = Counter()
    for clinic in clinics:
        async for kept in _visits(store, clinic, first, last, usernames):
            for row in rows_of(kept):
                rows.append([*row, kept.visit.patient.name] if names else row)
                if name == "failures":
                    causes[str(row[-3]), str(row[-2])] += int(row[-1] or 0)
    totals: list[Row] = [
        ["total", *[""] * len(_ABOUT), *cause, count, *([""] if names else [])]
        for cause, count in sorted(causes.items())
    ]
    return [rows[0], *totals, *rows[1:]]


async def _visits(
    store: Store, clinic: Clinic, first: date, last: date, usernames: Mapping[str, str]
) -> AsyncIterator[_Kept]:
    zone = ZoneInfo(clinic.time_zone)
    wanted = VisitFilter(
        clinic_id=clinic.id,
        starts_from=day_bounds(first, zone)[0],
        starts_before=day_bounds(last, zone)[1],
        limit=PAGE,
    )
    async for visit in each_visit(store, wanted):
        trail = await trail_of(store, visit.id)
        yield _Kept(visit, zone, trail, people(visit, trail), usernames)


def _waits(kept: _Kept) -> Iterator[Row]:
    patient = kept.patient
    if patient.arrived_at is not None:
        times = (patient.arrived_at, patient.waiting_since, patient.admitted_at)
        yield [*kept.about(), kept.visit.phase.value, *map(kept.local, times), patient.waited_minutes]


def _no_shows(kept: _Kept) -> Iterator[Row]:
    if kept.visit.phase is VisitPhase.NO_SHOW:
        calls = [f"{one.facts['reason']}:{one.facts['result']}" for one in kept.of_kind("CallRecorded")]
        yield [*kept.about(), len(calls), " ".join(calls), *kept.readiness()]


def _failures(kept: _Kept) -> Iterator[Row]:
    found: Counter[tuple[str, str]] = Counter()
    _, cause = kept.readiness()
    if cause != Cause.NONE:
        found["readiness", cause] += 1
    roles = {one.id: one.role.value for one in kept.people}
    for lost in kept.of_kind("ConnectionLost"):
        found["connection", roles[lost.facts["participant"]]] += 1
    for one in kept.people:
        for step in one.step_downs:
            found["modality", f"{step.modality}:{step.reason}"] += 1
    for call in kept.of_kind("CallRecorded"):
        if call.facts["reason"] == CallReason.TECHNICAL_TROUBLE:
            found["call", call.facts["result"]] += 1
    for (source, why), count in sorted(found.items()):
        yield ["visit", *kept.about(), source, why, count]


def _attendance(kept: _Kept) -> Iterator[Row]:
    for one in kept.people:
        if one.times or one.steps:
            begun, ended = (one.times[0][0], one.times[-1][1]) if one.times else (None, None)
            steps = " ".join(f"{step.modality}:{step.reason}@{kept.local(step.at)}" for step in one.steps)
            person: Row = [kept.who(one.id), one.role.value, kept.local(begun), kept.local(ended), one.minutes]
            yield [*kept.about(), *person, one.modality.value if one.modality else "", steps, one.waited_minutes]


def _feedback(kept: _Kept) -> Iterator[Row]:
    roles = {one.id: one.role.value for one in kept.people}
    last = {one.facts["participant"]: one.facts["answer"] for one in kept.of_kind("FeedbackGiven")}
    for person, answer in last.items():
        yield [*kept.about(), person, roles[person], answer]


REPORTS: Final[Mapping[str, tuple[tuple[str, ...], Callable[[_Kept], Iterator[Row]]]]] = {
    "waits": ((*_ABOUT, "state", "arrived_at", "waiting_since", "admitted_at", "waited_minutes"), _waits),
    "no-shows": ((*_ABOUT, "calls", "call_results", "readiness", "readiness_cause"), _no_shows),
    "failures": (("of", *_ABOUT, "source", "cause", "count"), _failures),
    "attendance": (
        (*_ABOUT, "person", "role", "from", "to", "minutes", "modality", "steps", "waited_minutes"),
        _attendance,
    ),
    "feedback": ((*_ABOUT, "person", "role", "answer"), _feedback),
}
"""The reports by name: their columns, and the rows that a visit gives."""
