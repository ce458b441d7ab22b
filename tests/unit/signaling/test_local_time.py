"""A clinic's clock around both changes of a year: 8 March and 1 November 2026 in New York."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from signaling.local_time import day_bounds, day_of, read_start, zone_named
from waiting_room.errors import InvalidBooking

NEW_YORK = ZoneInfo("America/New_York")


@pytest.mark.parametrize(
    ("text", "utc"),
    [
        ("2026-11-23T14:30", "2026-11-23T19:30"),
        ("2026-11-23 14:30:15", "2026-11-23T19:30:15"),
        ("2026-11-23T14:30Z", "2026-11-23T14:30"),
        ("2026-11-23T14:30:00-05:00", "2026-11-23T19:30"),
        ("2026-11-23T14:30+01:00", "2026-11-23T13:30"),
        ("2026-07-01T14:30", "2026-07-01T18:30"),
        ("2026-03-08T01:59", "2026-03-08T06:59"),
        ("2026-03-08T03:00", "2026-03-08T07:00"),
        ("2026-11-01T00:59", "2026-11-01T04:59"),
        ("2026-11-01T02:00", "2026-11-01T07:00"),
        ("2026-11-01T01:30-04:00", "2026-11-01T05:30"),
        ("2026-11-01T01:30-05:00", "2026-11-01T06:30"),
    ],
)
def test_a_time_means_one_instant(text: str, utc: str) -> None:
    assert read_start(text, NEW_YORK) == datetime.fromisoformat(utc).replace(tzinfo=UTC)


@pytest.mark.parametrize("text", ["2026-03-08T02:00", "2026-03-08T02:30", "2026-03-08T02:59:59"])
@pytest.mark.parametrize("fold", [None, 0, 1])
def test_an_hour_that_the_clocks_skip_is_refused(text: str, fold: int | None) -> None:
    with pytest.raises(InvalidBooking) as refused:
        read_start(text, NEW_YORK, fold=fold)
    assert refused.value.facts["field"] == "start"
    assert "does not exist" in refused.value.facts["reason"]


def test_an_hour_that_comes_twice_asks_which() -> None:
    with pytest.raises(InvalidBooking) as refused:
        read_start("2026-11-01T01:30", NEW_YORK)
    assert "offset" in refused.value.facts["reason"]
    first = read_start("2026-11-01T01:30", NEW_YORK, fold=0)
    assert first == datetime(2026, 11, 1, 5, 30, tzinfo=UTC)
    assert read_start("2026-11-01T01:30", NEW_YORK, fold=1) == first + timedelta(hours=1)


def test_fold_says_nothing_where_a_time_comes_once() -> None:
    assert {read_start("2026-11-02T01:30", NEW_YORK, fold=fold) for fold in (None, 0, 1)} == {
        datetime(2026, 11, 2, 6, 30, tzinfo=UTC)
    }


@pytest.mark.parametrize(
    "text",
    ["", "now", "tomorrow", "2026-11-23", "14:30", "2026-02-30T10:00", "2026-11-23T25:00", "2026-W48-1T10:00", "1e9"],
)
def test_what_is_no_time_is_refused(text: str) -> None:
    with pytest.raises(InvalidBooking):
        read_start(text, NEW_YORK)


def test_the_calendar_has_ends() -> None:
    with pytest.raises(InvalidBooking):
        read_start("0001-01-01T00:00+14:00", NEW_YORK)
    with pytest.raises(InvalidBooking):
        read_start("9999-12-31T23:00", NEW_YORK)


@pytest.mark.parametrize(("day", "hours"), [((2026, 3, 8), 23), ((2026, 11, 1), 25), ((2026, 11, 23), 24)])
def test_a_day_lasts_as_long_as_it_does(day: tuple[int, int, int], hours: int) -> None:
    begins, ends = day_bounds(date(*day), NEW_YORK)
    assert ends - begins == timedelta(hours=hours)
    assert day_of(begins, NEW_YORK) == date(*day)
    assert day_of(ends - timedelta(microseconds=1), NEW_YORK) == date(*day)
    assert day_of(ends, NEW_YORK) == date(*day) + timedelta(days=1)


@given(
    st.sampled_from(["America/New_York", "America/Phoenix", "America/Santiago", "Asia/Beirut", "Australia/Lord_Howe"]),
    st.dates(date(2020, 1, 1), date(2030, 12, 31)),
)
def test_days_follow_each_other_without_a_gap(name: str, day: date) -> None:
    zone = ZoneInfo(name)
    begins, ends = day_bounds(day, zone)
    assert day_bounds(day + timedelta(days=1), zone)[0] == ends
    assert day_of(begins, zone) == day
    assert day_of(begins - timedelta(microseconds=1), zone) == day - timedelta(days=1)


def test_a_zone_is_of_the_database() -> None:
    assert zone_named("Europe/Madrid") == ZoneInfo("Europe/Madrid")
    for name in ("", "EDT5", "../etc/passwd", "Nowhere/Else"):
        with pytest.raises(InvalidBooking) as refused:
            zone_named(name, field="patient.time_zone")
        assert refused.value.facts["field"] == "patient.time_zone"
