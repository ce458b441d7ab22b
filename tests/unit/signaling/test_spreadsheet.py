from __future__ import annotations

import csv
from io import StringIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from signaling.spreadsheet import as_csv


@pytest.mark.parametrize("cell", ["=1+1", "+1", "-1", "@SUM(A1)", "\tx", "\rx", "\nx", "＝1", "＠x"])
def test_what_a_spreadsheet_would_compute_is_text(cell: str) -> None:
    ((read,),) = csv.reader(StringIO(as_csv([[cell]]), newline=""))
    assert read == f"'{cell}"


def test_numbers_stay_numbers_and_nothing_is_empty() -> None:
    assert as_csv([["name", "minutes"], ["Ana, Uno", -1.5], [None, 0]]) == 'name,minutes\r\n"Ana, Uno",-1.5\r\n,0\r\n'


@given(st.lists(st.text(st.characters(exclude_categories=["Cs"])), min_size=1, max_size=4))
def test_whatever_the_cells_hold_they_stay_cells(cells: list[str]) -> None:
    ((*read,),) = csv.reader(StringIO(as_csv([["0", *cells]]), newline=""))
    assert [one.removeprefix("'") for one in read[1:]] == [one.removeprefix("'") for one in cells]
    assert not any(one.startswith(("=", "+", "-", "@")) for one in read)
