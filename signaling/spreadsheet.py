"""CSV that is safe to open: what people typed never becomes a formula of the reader's spreadsheet."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from io import StringIO
from typing import Final

__all__ = ["Cell", "as_csv"]

Cell = str | int | float | None

# What spreadsheets take for the beginning of a formula, wide forms included (OWASP, "CSV Injection").
_BEGINS_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def as_csv(rows: Iterable[Sequence[Cell]]) -> str:
    """Return the rows as CSV (RFC 4180). A text that a spreadsheet would compute gets an apostrophe before it."""
    text = StringIO(newline="")
    csv.writer(text).writerows([_safe(cell) for cell in row] for row in rows)
    return text.getvalue()


def _safe(cell: Cell) -> Cell:
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(_BEGINS_FORMULA) else cell
