"""A spreadsheet's rows as appointments asked for: what columns there are, and what may stand in them."""

from __future__ import annotations

import csv
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from io import StringIO
from typing import Final, TypeVar

from signaling.appointments import Asked, clinic_for
from signaling.clinics import Clinics
from signaling.local_time import read_start, zone_named
from waiting_room.errors import InvalidBooking
from waiting_room.model import PatientDetails

__all__ = ["COLUMNS", "MOST_BYTES", "ImportRefused", "Line", "asked_of", "read_lines"]

MOST_ROWS: Final = 5000
MOST_BYTES: Final = 8_000_000

COLUMNS: Final[Mapping[str, str]] = {
    "start": "2026-11-23T14:30 in the clinic's zone, or with an offset; needed",
    "patient_name": "needed",
    "external_id": "your own identifier of the appointment",
    "clinic": "a clinic's id; needed where the server serves several and --clinic names none",
    "kind": "type of appointment (video)",
    "minutes": "length (30)",
    "providers": "user names with spaces between; none means the shared queue",
    "reason": "shown to staff",
    "birth_date": "1961-04-30",
    "language": "en, es … (en)",
    "phone": "callback number",
    "email": "",
    "sms_opt_in": "yes or no (no)",
    "interpreter": "yes or no (no)",
    "patient_time_zone": "such as America/New_York",
    "time_zone": "zone of start, where it is not the clinic's",
    "fold": "where the clocks go back: 0 the first, 1 the second of two equal times",
}
"""The columns by name, in any order; those that are not needed may be left out."""

_NEEDED: Final = ("start", "patient_name")
_YES_NO: Final = {"no": False, "false": False, "0": False, "yes": True, "true": True, "1": True}
_SHAPES: Final = {
    "fold": "0 or 1",
    "minutes": "a whole number",
    "birth_date": "a date such as 1961-04-30",
    "sms_opt_in": "yes or no",
    "interpreter": "yes or no",
}
_Value = TypeVar("_Value")


class ImportRefused(Exception):
    """The file as a whole cannot be imported; the text says why. Nothing was booked."""


@dataclass(frozen=True, slots=True)
class Line:
    """One row of the file. ``number`` is the spreadsheet's: the header is 1. ``fault`` is what is wrong with its shape."""

    number: int
    cells: Mapping[str, str] = field(repr=False)
    fault: str = ""


def read_lines(content: bytes, *, delimiter: str | None = None) -> list[Line]:
    """Return the rows of a CSV file in UTF-8, with comma or semicolon. Empty rows are left out. Raises `ImportRefused`."""
    if len(content) > MOST_BYTES:
        raise ImportRefused(f"the file is larger than {MOST_BYTES // 1_000_000} MB")
    try:
        text = content.decode("utf-8-sig")
        rows = list(csv.reader(StringIO(text, newline=""), delimiter=delimiter or _delimiter(text), strict=True))
    except UnicodeDecodeError:
        raise ImportRefused("the file is not in UTF-8") from None
    except csv.Error as error:
        raise ImportRefused(f"the file is not CSV: {error}") from None
    if not rows:
        raise ImportRefused("the file is empty")
    header = _header(rows[0])
    lines = [_line(number, header, cells) for number, cells in enumerate(rows[1:], 2) if any(map(str.strip, cells))]
    if len(lines) > MOST_ROWS:
        raise ImportRefused(f"the file has more than {MOST_ROWS} rows")
    return lines


def _delimiter(text: str) -> str:
    try:
        return csv.Sniffer().sniff(text.partition("\n")[0], delimiters=",;").delimiter
    except csv.Error:
        # One column alone has none.
        return ","


def _header(cells: list[str]) -> list[str]:
    names = [cell.strip().lower().replace(" ", "_").replace("-", "_") for cell in cells]
    for name in names:
        # A misspelt column would be lost without a word.
        if name not in COLUMNS:
            raise ImportRefused(f"header: there is no column {name[:40]!r}; known are {', '.join(COLUMNS)}")
    if len(set(names)) != len(names):
        raise ImportRefused("header: a column stands twice")
    missing = [name for name in _NEEDED if name not in names]
    if missing:
        raise ImportRefused(f"header: {', '.join(missing)} is needed")
    return names


def _line(number: int, header: list[str], cells: list[str]) -> Line:
    fault = "" if len(cells) == len(header) else f"has {len(cells)} cells where the header has {len(header)}"
    return Line(number, {name: cell.strip() for name, cell in zip(header, cells, strict=False)}, fault)


def asked_of(line: Line, clinics: Clinics, default_clinic: str | None) -> Asked:
    """Return what a row asks for. Raises `InvalidBooking` naming the column, or `RequestRefused` ``clinic_unknown``."""
    if line.fault:
        raise InvalidBooking(field="row", reason=line.fault)
    cells = line.cells
    clinic = clinic_for(clinics, cells.get("clinic") or default_clinic)
    zone = zone_named(cells.get("time_zone") or clinic.time_zone)
    return Asked(
        clinic=clinic.id,
        patient=cells["patient_name"],
        starts_at=read_start(cells["start"], zone, fold=_read(cells, "fold", _fold, default=None)),
        minutes=_read(cells, "minutes", int, default=30),
        providers=cells.get("providers", "").split(),
        details=PatientDetails(
            birth_date=_read(cells, "birth_date", date.fromisoformat, default=None),
            language=cells.get("language") or "en",
            time_zone=cells.get("patient_time_zone", ""),
            phone=cells.get("phone", ""),
            email=cells.get("email", ""),
            sms_opt_in=_read(cells, "sms_opt_in", _yes, default=False),
            interpreter=_read(cells, "interpreter", _yes, default=False),
        ),
        reason=cells.get("reason", ""),
        kind=cells.get("kind") or "video",
        external_id=cells.get("external_id", ""),
    )


def _read(cells: Mapping[str, str], name: str, read: Callable[[str], _Value], *, default: _Value) -> _Value:
    """Return what a cell says, the default where it is empty. Raises `InvalidBooking`."""
    cell = cells.get(name, "")
    try:
        return read(cell) if cell else default
    except (ValueError, KeyError):
        raise InvalidBooking(field=name, reason=f"must be {_SHAPES[name]}") from None


def _yes(cell: str) -> bool:
    return _YES_NO[cell.lower()]


def _fold(cell: str) -> int:
    return {"0": 0, "1": 1}[cell]
