"""What a spreadsheet may look like, and what its rows ask for."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from signaling.appointments import Asked
from signaling.clinics import Clinics
from signaling.csv_rows import COLUMNS, MOST_BYTES, ImportRefused, asked_of, read_lines
from signaling.errors import RequestRefused
from signaling.settings import load_settings
from waiting_room.errors import InvalidBooking
from waiting_room.model import PatientDetails


@pytest.fixture
def clinics(tmp_path: Path) -> Clinics:
    clinics = {"main": {"time_zone": "America/New_York"}, "north": {"time_zone": "America/Los_Angeles"}}
    return Clinics(load_settings(data_dir=tmp_path, clinics=clinics))


@pytest.mark.parametrize(
    "content",
    [
        "start,patient_name\n2027-07-01T09:00,Ana Uno\n",
        "start;patient_name\r\n2027-07-01T09:00;Ana Uno\r\n",
        "\ufeffStart , Patient Name\n2027-07-01T09:00 , Ana Uno",
        "patient-name,START\n\n Ana Uno,2027-07-01T09:00\n,\n",
        '"start","patient_name"\n"2027-07-01T09:00","Ana Uno"\n',
    ],
)
def test_commas_semicolons_marks_and_blanks_are_read(content: str) -> None:
    (line,) = read_lines(content.encode())
    assert line.cells == {"start": "2027-07-01T09:00", "patient_name": "Ana Uno"}
    assert line.fault == ""
    assert "Ana" not in repr(line)


def test_rows_have_the_numbers_of_the_spreadsheet() -> None:
    lines = read_lines(b'start,patient_name\n\n1,"Ana\nUno"\n2,Bea,more\n3\n')
    assert [(line.number, bool(line.fault)) for line in lines] == [(3, False), (4, True), (5, True)]


@pytest.mark.parametrize(
    ("content", "named"),
    [
        (b"", "empty"),
        (b"start,patient_name,shoe_size\n", "shoe_size"),
        (b"patient_name\nAna\n", "start"),
        (b"start,start,patient_name\n", "twice"),
        ("start,patient_name\n2027-07-01,José\n".encode("latin-1"), "UTF-8"),
        (b'start,patient_name\n"2027,Ana\n', "CSV"),
        (b"start,patient_name\n" + b"2027-07-01T09:00,Ana\n" * 5001, "5000"),
        (b"x" * (MOST_BYTES + 1), "MB"),
    ],
)
def test_a_file_that_is_no_list_is_refused_whole(content: bytes, named: str) -> None:
    with pytest.raises(ImportRefused, match=named):
        read_lines(content)


@given(st.binary(max_size=200))
def test_whatever_is_in_the_file_it_is_read_or_refused(content: bytes) -> None:
    try:
        lines = read_lines(b"start,patient_name\n" + content)
    except ImportRefused:
        return
    assert all(line.cells.keys() <= COLUMNS.keys() for line in lines)


def row(clinics: Clinics, default: str | None = "main", **cells: str) -> Asked:
    (line,) = read_lines((",".join(cells) + "\n" + ",".join(f'"{cell}"' for cell in cells.values())).encode())
    return asked_of(line, clinics, default)


def test_a_row_asks_for_what_its_cells_say(clinics: Clinics) -> None:
    asked = row(
        clinics,
        start="2027-07-01 09:00",
        patient_name="Ana Uno",
        external_id="e-1",
        clinic="north",
        minutes="45",
        providers="sample.provider  other.provider",
        reason="Knee, left",
        birth_date="1961-04-30",
        language="es",
        phone="555-0142",
        email="ana@clinic.example",
        sms_opt_in="Yes",
        interpreter="1",
        patient_time_zone="America/Denver",
    )
    assert asked == Asked(
        clinic="north",
        patient="Ana Uno",
        starts_at=datetime(2027, 7, 1, 16, 0, tzinfo=UTC),
        minutes=45,
        providers=["sample.provider", "other.provider"],
        details=PatientDetails(
            birth_date=date(1961, 4, 30),
            language="es",
            time_zone="America/Denver",
            phone="555-0142",
            email="ana@clinic.example",
            sms_opt_in=True,
            interpreter=True,
        ),
        reason="Knee, left",
        external_id="e-1",
    )


def test_empty_cells_take_what_is_usual(clinics: Clinics) -> None:
    asked = row(clinics, start="2027-07-01T09:00", patient_name="Ana", minutes="", language="", kind="", sms_opt_in="")
    assert asked == Asked(clinic="main", patient="Ana", starts_at=datetime(2027, 7, 1, 13, 0, tzinfo=UTC), providers=[])


def test_the_doubled_hour_can_be_told_by_fold(clinics: Clinics) -> None:
    times = [row(clinics, start="2027-11-07T01:30", patient_name="Ana", fold=fold).starts_at for fold in ("0", "1")]
    assert times == [datetime(2027, 11, 7, hour, 30, tzinfo=UTC) for hour in (5, 6)]


@pytest.mark.parametrize(
    ("cells", "column"),
    [
        ({"start": "soon"}, "start"),
        ({"start": "2027-11-07T01:30"}, "start"),
        ({"start": "2027-03-14T02:30"}, "start"),
        ({"fold": "2"}, "fold"),
        ({"minutes": "long"}, "minutes"),
        ({"birth_date": "30/04/1961"}, "birth_date"),
        ({"sms_opt_in": "maybe"}, "sms_opt_in"),
        ({"interpreter": "maybe"}, "interpreter"),
        ({"time_zone": "EDT5"}, "time_zone"),
    ],
)
def test_a_wrong_cell_is_named_by_its_column(clinics: Clinics, cells: dict[str, str], column: str) -> None:
    with pytest.raises(InvalidBooking) as refused:
        row(clinics, **{"start": "2027-07-01T09:00", "patient_name": "Ana"} | cells)
    assert refused.value.facts["field"] == column


def test_a_clinic_must_be_named_where_there_are_several(clinics: Clinics) -> None:
    cells = {"start": "2027-07-01T09:00", "patient_name": "Ana"}
    with pytest.raises(InvalidBooking):
        row(clinics, None, **cells)
    with pytest.raises(RequestRefused):
        row(clinics, None, **cells, clinic="south")


def test_every_column_is_in_the_guide() -> None:
    guide = (Path(__file__).parents[3] / "docs" / "operations.md").read_text()
    assert [name for name in COLUMNS if f"`{name}`" not in guide] == []
