from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta

import pytest

from signaling.care_messages import QueueChanges, Row
from signaling.care_queue import PORTION, QueueFeed, QueueRows
from signaling.staff_directory import StaffDirectory
from tests.support.visits import (
    ANSWERS,
    FRONT_DESK,
    ITEMS,
    NOON,
    NURSE,
    OTHER_PROVIDER,
    PATIENT,
    PROVIDER,
    Told,
    admit,
    arrive,
    booked,
    connect,
    hand_over,
    join,
    waiting,
)
from waiting_room.commands import AnswerCheckIn
from waiting_room.errors import StoreFailed
from waiting_room.model import Actor, Provider, Role, Visit
from waiting_room.store import StaffAccount


class FakeDirectory(StaffDirectory):
    def __init__(self, accounts: Iterable[StaffAccount] = ()) -> None:
        self._by_id = {account.id: account for account in accounts}


class Clinic:
    """Visits that a feed is asked about."""

    def __init__(self, visits: Iterable[Visit]) -> None:
        self.visits = {visit.id: visit for visit in visits}
        self.made: list[str] = []
        self.broken = False

    def row(self, visit: Visit) -> Row:
        if self.broken:
            raise StoreFailed
        self.made.append(visit.id)
        return {"visit": visit.id}

    async def taken_by(self, feed: QueueFeed) -> QueueChanges:
        return await feed.take(lambda: list(self.visits.values()), self.visits.get, self.row)


def day(count: int) -> Clinic:
    return Clinic(booked(NOON + timedelta(seconds=number), visit_id=f"v{number:04}") for number in range(count))


def ids(changes: QueueChanges) -> list[str]:
    return [row["visit"] for row in changes.rows]


async def test_the_first_is_the_whole_list_and_then_only_what_changed() -> None:
    clinic, feed = day(3), QueueFeed()
    first = await clinic.taken_by(feed)
    assert (first.full, ids(first), first.gone) == (True, ["v0000", "v0001", "v0002"], [])
    assert feed.note(clinic.visits["v0001"], listed=True)
    second = await clinic.taken_by(feed)
    assert (second.full, ids(second), second.gone) == (False, ["v0001"], [])
    assert (await clinic.taken_by(feed)).rows == []


async def test_a_visit_that_is_in_the_list_no_more_is_gone_once() -> None:
    clinic, feed = day(2), QueueFeed()
    await clinic.taken_by(feed)
    over = clinic.visits.pop("v0000")
    assert feed.note(over, listed=False)
    assert (await clinic.taken_by(feed)).gone == ["v0000"]
    assert not feed.note(over, listed=False)
    assert (await clinic.taken_by(feed)).gone == []


async def test_what_was_never_in_the_list_concerns_nobody() -> None:
    feed = QueueFeed()
    await day(1).taken_by(feed)
    assert not feed.note(booked(visit_id="another's"), listed=False)


async def test_a_long_list_comes_in_portions_without_holes() -> None:
    clinic, feed = day(PORTION * 2 + 1), QueueFeed()
    portions = []
    while feed.more:
        portions.append(await clinic.taken_by(feed))
    assert [(one.full, len(one.rows)) for one in portions] == [(True, PORTION), (False, PORTION), (False, 1)]
    assert sorted(visit for one in portions for visit in ids(one)) == sorted(clinic.visits)


async def test_what_failed_in_the_middle_is_sent_again_whole() -> None:
    clinic, feed = day(2), QueueFeed()
    await clinic.taken_by(feed)
    feed.note(clinic.visits["v0000"], listed=True)
    clinic.broken = True
    with pytest.raises(StoreFailed):
        await clinic.taken_by(feed)
    clinic.broken = False
    again = await clinic.taken_by(feed)
    assert (again.full, len(again.rows)) == (True, 2)


def test_a_row_is_made_once_for_all_who_see_the_same() -> None:
    rows, visit = QueueRows(FakeDirectory()), waiting().visit
    first = rows.row(visit, NURSE, now=NOON)
    assert rows.row(visit, Actor("another", Role.NURSE, clinic="main"), now=NOON) is first
    assert rows.row(visit, FRONT_DESK, now=NOON) is not first
    assert rows.row(visit, PROVIDER, now=NOON + timedelta(seconds=1)) is rows.row(visit, PROVIDER, now=NOON)


def test_a_changed_visit_and_a_start_that_has_come_make_another_row() -> None:
    told = waiting()
    rows = QueueRows(FakeDirectory())
    before = rows.row(told.visit, NURSE, now=NOON - timedelta(minutes=1))
    assert rows.row(told.visit, NURSE, now=NOON) is not before
    told.give(admit())
    inside = rows.row(told.visit, PROVIDER, now=NOON)
    assert "leave" in inside["may"]
    assert "leave" not in rows.row(told.visit, Actor("another", Role.PROVIDER, clinic="main"), now=NOON)["may"]


NY = StaffAccount("provider", "p", "P", Role.PROVIDER, "", licences=frozenset({"NY"}))
NJ = StaffAccount("other", "o", "O", Role.PROVIDER, "", licences=frozenset({"NJ"}))
AIDE = StaffAccount(NURSE.id, "n", "N", Role.NURSE, "")


def test_licences_are_of_the_one_who_will_treat() -> None:
    directory = FakeDirectory([NY, NJ, AIDE])
    assert directory.licences(booked(), OTHER_PROVIDER) == {"NJ"}, "who admits, treats"
    both = booked(providers=(PROVIDER, OTHER_PROVIDER))
    for staff in (NURSE, FRONT_DESK):
        assert directory.licences(both, staff) == {"NY"}
        assert directory.licences(replace(both, handed_to=Provider("other", "Dr. Other")), staff) == {"NJ"}
        assert directory.licences(replace(both, handed_to=Provider(NURSE.id, NURSE.name)), staff) == {"NY"}
        assert directory.licences(booked(providers=()), staff) == set()
    assert directory.licences(booked(providers=()), OTHER_PROVIDER) == {"NJ"}


def test_after_a_hand_over_the_rows_warn_by_the_colleagues_licences() -> None:
    told = Told(booked(check_in=ITEMS[:1]))
    answer = AnswerCheckIn(
        actor=PATIENT, participant=PATIENT.id, session="phone", item="location", answer=ANSWERS["location"]
    )
    rows = QueueRows(FakeDirectory([NY, NJ, AIDE]))
    for command in (arrive(), connect(), answer, join(), admit()):
        told.give(command)
    assert rows.row(told.visit, NURSE, now=NOON)["checks"] == []
    told.give(hand_over(OTHER_PROVIDER, by=PROVIDER))
    for staff in (NURSE, OTHER_PROVIDER):
        assert rows.row(told.visit, staff, now=NOON)["checks"] == ["licence"]
    assert rows.row(told.visit, PROVIDER, now=NOON)["checks"] == [], "who would treat again may"
