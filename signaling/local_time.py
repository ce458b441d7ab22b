"""A clinic's clock: what a local time of the day means, and from when to when a day lasts.

Two hours a year are special: clocks that go forward skip one, clocks that go back have one twice. Neither is guessed.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from typing import Final
from zoneinfo import ZoneInfo, available_timezones

from waiting_room.errors import InvalidBooking

__all__ = ["day_bounds", "day_of", "read_start", "zone_named"]

_TIME: Final = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d(?:\.\d{1,6})?)?(?:Z|[+-]\d\d:\d\d)?")


def read_start(text: str, zone: ZoneInfo, *, fold: int | None = None) -> datetime:
    """Return the UTC instant of an RFC 3339 time with an offset, or of a local time of the zone.

    ``fold`` says which one is meant where the clocks go back: 0 the first, 1 the second. Raises `InvalidBooking` for the field
    ``start``: no time, a local one that the clocks skip, or one that comes twice while nothing says which.
    """
    try:
        read = datetime.fromisoformat(text) if _TIME.fullmatch(text) else None
    except ValueError:
        read = None
    if read is None:
        raise InvalidBooking(field="start", reason="must be a time such as 2026-11-23T14:30, with or without an offset")
    try:
        return read.astimezone(UTC) if read.tzinfo else _from_local(read, zone, fold)
    except OverflowError:
        raise InvalidBooking(field="start", reason="is not a time of our calendar") from None


def _from_local(local: datetime, zone: ZoneInfo, fold: int | None) -> datetime:
    first, second = (local.replace(tzinfo=zone, fold=which).astimezone(UTC) for which in (0, 1))
    # A local time that the clocks skip does not survive the way to UTC and back.
    if first.astimezone(zone).replace(tzinfo=None) != local:
        raise InvalidBooking(field="start", reason=f"does not exist in {zone}: the clocks go forward over it")
    if first != second and fold is None:
        raise InvalidBooking(
            field="start", reason=f"comes twice in {zone}, where the clocks go back: give the offset, or fold 0 or 1"
        )
    return second if fold == 1 else first


def day_bounds(day: date, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """Return the instants (UTC) at which this day of the zone begins and the next one does: 23, 24 or 25 hours apart."""
    begins, ends = (datetime.combine(one, time.min, zone).astimezone(UTC) for one in (day, day + timedelta(days=1)))
    return begins, ends


def day_of(now: datetime, zone: ZoneInfo) -> date:
    """Return the zone's date at this instant."""
    return now.astimezone(zone).date()


def zone_named(name: str, *, field: str = "time_zone") -> ZoneInfo:
    """Return a zone of the tz database. Raises `InvalidBooking` for the field."""
    if name not in _names():
        raise InvalidBooking(field=field, reason="must be a name of the tz database, such as America/New_York")
    return ZoneInfo(name)


@cache
def _names() -> frozenset[str]:
    """Looked up once: the list is read from many files."""
    return frozenset(available_timezones())
