"""What every store must keep of visits, links and the trail. Each implementation is one more parameter of the fixture."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from tests.support.stores import NO_LINKS, Opener, SetClock, booked_event, kept, staff_event
from tests.support.visits import NOON, NURSE, OTHER_PROVIDER, PROVIDER, admit, booked, in_progress, kinds, waiting
from waiting_room import commands as do
from waiting_room.audit import START, Head, verify
from waiting_room.errors import (
    AlreadyAdmitted,
    StoreFailed,
    VersionConflict,
    VisitUnknown,
)
from waiting_room.model import Visit, VisitPhase
from waiting_room.store import Invitation, Links, Once, Store, VisitFilter
from waiting_room.visit import handle_command

DAY = timedelta(days=1)


async def is_whole(store: Store) -> bool:
    head = await store.head()
    return verify(await store.entries(), [head]) == head


# Visits.


async def test_a_visit_comes_back_as_it_was_kept(store: Store) -> None:
    told = in_progress()
    await store.create(told.visit, Links({"hash": "patient"}), told.events)
    found = await store.load("visit")
    assert found.visit == told.visit
    assert found.version == 1
    assert await store.find_invitation("hash") == Invitation("visit", "patient")
    assert await kept(store, "visit") == told.kinds()
    assert await is_whole(store)


async def test_what_is_not_there_is_not_there(store: Store) -> None:
    with pytest.raises(VisitUnknown):
        await store.load("nothing")
    assert await store.find_invitation("nothing") is None
    assert await store.find_staff("nobody") is None
    assert await store.find_once("nothing") is None
    assert await store.find_token("nothing") is None
    assert await store.entries() == await store.entries(visit_id="nothing") == []
    assert await store.head() == START
    assert await store.list_live(NOON + DAY) == await store.list_visits(VisitFilter()) == []
    assert await store.list_staff() == await store.list_sessions(NOON) == await store.list_tokens() == []


async def test_a_commit_on_an_old_version_is_refused_and_changes_nothing(opened: Opener) -> None:
    mine, theirs = await opened(), await opened()
    visit = booked()
    await mine.create(visit, NO_LINKS, ())
    read = await mine.load("visit")
    passed = handle_command(visit, do.PassTime(), now=NOON)
    await theirs.commit(passed.visit, read.version, passed.events)
    with pytest.raises(VersionConflict):
        await mine.commit(replace(visit, reason="lost"), read.version, passed.events, Links({"lost": "patient"}))
    assert (await mine.load("visit")).visit == passed.visit
    assert await kept(mine) == kinds(passed.events)
    assert await mine.find_invitation("lost") is None


async def test_a_commit_of_what_was_never_created_is_refused(store: Store) -> None:
    with pytest.raises(VersionConflict):
        await store.commit(booked(), 1, [booked_event()])
    assert await kept(store) == []


async def test_an_id_is_given_once_and_the_second_leaves_nothing(store: Store) -> None:
    await store.create(booked(), NO_LINKS, ())
    with pytest.raises(StoreFailed):
        await store.create(booked(), Links({"second": "patient"}), [booked_event()])
    assert await store.find_invitation("second") is None
    assert await kept(store) == []
    # The caller's mistake, not the disk's.
    assert not store.last_write_failed


async def test_of_many_simultaneous_admissions_one_wins(opened: Opener) -> None:
    stores = [await opened(), await opened()]
    await stores[0].create(waiting().visit, NO_LINKS, ())

    async def try_admit(who: int) -> str:
        store, command = stores[who // 2 % 2], admit(PROVIDER if who % 2 else NURSE, f"window {who % 2}")
        while True:
            read = await store.load("visit")
            await asyncio.sleep(0)
            try:
                outcome = handle_command(read.visit, command, now=NOON)
            except AlreadyAdmitted:
                return "refused"
            if not outcome.events:
                return "repeated"
            try:
                await store.commit(outcome.visit, read.version, outcome.events)
            except VersionConflict:
                continue
            return "won"

    results = await asyncio.gather(*(try_admit(who) for who in range(20)))
    assert results.count("won") == 1
    assert (await kept(stores[0])).count("ParticipantAdmitted") == 1


async def test_live_visits_come_in_the_order_of_the_queue(store: Store) -> None:
    for number, hours in enumerate([3, 1, 2, 50, 1]):
        await store.create(booked(NOON + timedelta(hours=hours), visit_id=f"v{number}"), NO_LINKS, ())
    over = replace(booked(visit_id="over"), phase=VisitPhase.CANCELLED, ended_at=NOON)
    await store.create(over, NO_LINKS, ())
    assert [one.visit.id for one in await store.list_live(NOON + DAY)] == ["v1", "v4", "v2", "v0"]


async def test_deadlines_are_found_when_they_come(store: Store) -> None:
    await store.create(booked(), NO_LINKS, ())
    opens_at = NOON - timedelta(minutes=30)
    assert await store.due(opens_at - timedelta(seconds=1)) == []
    assert await store.due(opens_at) == ["visit"]


async def test_another_process_writing_is_noticed(opened: Opener) -> None:
    mine, theirs = await opened(), await opened()
    assert not await mine.changed_elsewhere()
    await mine.create(booked(visit_id="mine"), NO_LINKS, ())
    assert not await mine.changed_elsewhere()
    await theirs.create(booked(visit_id="theirs"), NO_LINKS, ())
    assert await mine.changed_elsewhere()
    assert not await mine.changed_elsewhere()


# Lists.


async def shelve(store: Store) -> None:
    """Six visits: a and b start together, e is another clinic's, f is over."""
    plans: dict[str, tuple[int, tuple[str, ...]]] = {
        "b": (0, ("provider",)), "a": (0, ("other",)), "c": (1, ("provider", "other")), "d": (2, ()), "e": (3, ("provider",)),
        "f": (4, ("provider",)),
    }  # fmt: skip
    people = {one.id: one for one in (PROVIDER, OTHER_PROVIDER)}
    for visit_id, (hours, providers) in plans.items():
        visit = booked(
            NOON + timedelta(hours=hours), visit_id=visit_id, providers=tuple(people[one] for one in providers)
        )
        if visit_id == "e":
            visit = replace(visit, clinic_id="branch")
        if visit_id == "f":
            visit = replace(visit, phase=VisitPhase.ENDED, ended_at=NOON + timedelta(hours=5))
        await store.create(visit, NO_LINKS, ())


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        (VisitFilter(), "abcdef"),
        (VisitFilter(clinic_id="main"), "abcdf"),
        (VisitFilter(clinic_id="branch", provider_id="provider"), "e"),
        (VisitFilter(provider_id="provider"), "bcef"),
        (VisitFilter(provider_id="other"), "ac"),
        (VisitFilter(provider_id="nobody"), ""),
        (VisitFilter(phases=frozenset({VisitPhase.ENDED, VisitPhase.CANCELLED})), "f"),
        (VisitFilter(phases=frozenset({VisitPhase.BOOKED}), provider_id="provider"), "bce"),
        (VisitFilter(starts_from=NOON + timedelta(hours=1), starts_before=NOON + timedelta(hours=3)), "cd"),
        (VisitFilter(provider_id="provider", starts_from=NOON + timedelta(hours=1)), "cef"),
        (VisitFilter(limit=2), "ab"),
        (VisitFilter(after=(NOON, "a"), limit=2), "bc"),
        (VisitFilter(after=(NOON, "b"), provider_id="provider"), "cef"),
    ],
    ids=str,
)
async def test_visits_are_listed_by_what_is_asked_for(store: Store, wanted: VisitFilter, found: str) -> None:
    await shelve(store)
    assert "".join(visit.id for visit in await store.list_visits(wanted)) == found


async def test_a_list_follows_what_a_commit_changed(store: Store) -> None:
    await shelve(store)
    visit = (await store.load("c")).visit
    moved = replace(visit, starts_at=NOON + timedelta(hours=9), providers=visit.providers[1:], clinic_id="branch")
    await store.commit(moved, 1, ())
    assert [one.id for one in await store.list_visits(VisitFilter(provider_id="provider"))] == ["b", "e", "f"]
    assert [one.id for one in await store.list_visits(VisitFilter(provider_id="other"))] == ["a", "c"]
    assert [one.id for one in await store.list_visits(VisitFilter(clinic_id="branch"))] == ["e", "c"]


async def test_pages_follow_each_other_without_gap_or_double(store: Store) -> None:
    await shelve(store)
    found: list[Visit] = []
    after: tuple[datetime, str] | None = None
    while page := await store.list_visits(VisitFilter(after=after, limit=2)):
        found += page
        after = (page[-1].starts_at, page[-1].id)
    assert "".join(visit.id for visit in found) == "abcdef"


async def test_what_retention_may_purge_comes_oldest_first_and_once(store: Store) -> None:
    for number, days in enumerate([3, 1, 2, 9]):
        ended = replace(booked(visit_id=f"v{number}"), phase=VisitPhase.ENDED, ended_at=NOON + days * DAY)
        await store.create(ended, NO_LINKS, ())
    await store.create(replace(ended, id="elsewhere", clinic_id="branch", ended_at=NOON), NO_LINKS, ())
    await store.create(booked(visit_id="to come"), NO_LINKS, ())
    assert await store.purgeable("main", NOON + 3 * DAY) == ["v1", "v2"]
    assert await store.purgeable("main", NOON + 9 * DAY, limit=1) == ["v1"]
    purged = replace((await store.load("v1")).visit, purged=True)
    await store.commit(purged, 1, ())
    assert await store.purgeable("main", NOON + 4 * DAY) == ["v2", "v0"]
    assert await store.clinics_to_purge() == ["branch", "main"]
    elsewhere = await store.load("elsewhere")
    await store.commit(replace(elsewhere.visit, purged=True), elsewhere.version, ())
    assert await store.clinics_to_purge() == ["main"]


# Links.


async def test_a_renewed_link_lives_and_the_one_before_is_kept_as_dead(store: Store) -> None:
    await store.create(booked(), Links({"old": "patient", "guest's": "guest"}), ())
    await store.commit(booked(), 1, (), Links({"new": "patient"}, frozenset({"patient"})))
    assert await store.find_invitation("old") == Invitation("visit", "patient", revoked=True)
    assert await store.find_invitation("new") == Invitation("visit", "patient")
    assert await store.find_invitation("guest's") == Invitation("visit", "guest")


async def test_revoking_reaches_one_visit(store: Store) -> None:
    for visit_id in ("mine", "theirs"):
        await store.create(booked(visit_id=visit_id), Links({visit_id: "patient"}), ())
    await store.commit(booked(visit_id="mine"), 1, (), Links(revoke=frozenset({"patient"})))
    assert await store.find_invitation("mine") == Invitation("mine", "patient", revoked=True)
    assert await store.find_invitation("theirs") == Invitation("theirs", "patient")


async def test_forgotten_links_are_unknown(store: Store) -> None:
    for visit_id in ("mine", "theirs"):
        await store.create(booked(visit_id=visit_id), Links({visit_id: "patient"}), ())
    await store.forget_links("mine")
    assert await store.find_invitation("mine") is None
    assert await store.find_invitation("theirs") is not None


# Creating once.


def once(at: datetime = NOON, request: str = "request", sealed: str = "sealed") -> Once:
    return Once("key", request, sealed, at)


async def test_a_create_repeated_under_its_key_keeps_nothing_and_returns_what_was_kept(store: Store) -> None:
    assert await store.create(booked(), Links({"first": "patient"}), [booked_event()], once()) is None
    again = once(NOON + timedelta(hours=1), "another", "another's")
    assert (
        await store.create(booked(visit_id="second"), Links({"second": "patient"}), [booked_event()], again) == once()
    )
    with pytest.raises(VisitUnknown):
        await store.load("second")
    assert await store.find_invitation("second") is None
    assert await kept(store) == ["VisitBooked"]
    assert await store.find_once("key") == once()


async def test_a_create_that_fails_keeps_no_answer(store: Store) -> None:
    await store.create(booked(), NO_LINKS, ())
    with pytest.raises(StoreFailed):
        await store.create(booked(), NO_LINKS, (), once())
    assert await store.find_once("key") is None


async def test_a_key_is_free_again_after_a_day(store: Store, set_clock: SetClock) -> None:
    await store.create(booked(), NO_LINKS, (), once())
    set_clock.now = NOON + DAY - timedelta(microseconds=1)
    assert await store.find_once("key") == once()
    set_clock.now = NOON + DAY
    assert await store.find_once("key") is None
    assert await store.create(booked(visit_id="second"), NO_LINKS, (), once(set_clock.now, "other")) is None
    assert await store.find_once("key") == once(set_clock.now, "other")


async def test_of_many_simultaneous_creates_under_one_key_one_makes_a_visit(opened: Opener) -> None:
    stores = [await opened(), await opened()]

    async def create(number: int) -> Once | None:
        visit_id = f"v{number}"
        mine = once(request="same", sealed=visit_id)
        return await stores[number % 2].create(booked(visit_id=visit_id), NO_LINKS, [booked_event(visit_id)], mine)

    answers = await asyncio.gather(*(create(number) for number in range(10)))
    (winner,) = [number for number, answer in enumerate(answers) if answer is None]
    assert {answer.sealed for answer in answers if answer} == {f"v{winner}"}
    assert [visit.id for visit in await stores[0].list_visits(VisitFilter())] == [f"v{winner}"]
    assert await kept(stores[0]) == ["VisitBooked"]


# The trail.


async def test_entries_come_in_order_in_pages_and_by_visit(store: Store) -> None:
    await store.record([booked_event(f"v{number % 3}") for number in range(10)])
    everything = await store.entries()
    assert [entry.number for entry in everything] == list(range(1, 11))
    assert await store.entries(after=4, limit=3) == everything[4:7]
    assert await store.entries(visit_id="v1", after=2) == [everything[4], everything[7]]
    assert await store.entries(after=10) == []
    assert await store.head() == Head(10, everything[-1].hash)
    assert everything[0].device == "cli"


async def test_two_writers_make_one_chain(opened: Opener) -> None:
    stores = [await opened(), await opened()]

    async def write(store: Store, name: str) -> None:
        for number in range(15):
            await store.create(booked(visit_id=f"{name}{number}"), NO_LINKS, [booked_event(f"{name}{number}")])
            await store.record([staff_event(name), staff_event(name)])

    await asyncio.gather(*(write(store, name) for store, name in zip(stores, "ab", strict=True)))
    entries = await stores[1].entries()
    assert [entry.number for entry in entries] == list(range(1, 91))
    assert verify(entries) == await stores[0].head()
    writers = "".join(entry.visit[0] for entry in entries if entry.visit)
    assert {"ab", "ba"} & {writers[place : place + 2] for place in range(len(writers))}


async def test_recording_nothing_is_harmless(store: Store) -> None:
    await store.record(())
    assert await store.head() == START


# The whole.


async def test_a_closed_store_refuses(store: Store) -> None:
    await store.close()
    await store.close()
    with pytest.raises(StoreFailed):
        await store.load("visit")


async def test_a_write_whose_caller_is_cancelled_leaves_the_store_usable(store: Store) -> None:
    for number in range(30):
        writing = asyncio.ensure_future(store.create(booked(visit_id=f"v{number}"), NO_LINKS, [booked_event()]))
        for _ in range(number % 7):
            await asyncio.sleep(0)
        writing.cancel()
        await asyncio.gather(writing, return_exceptions=True)
    await store.create(booked(visit_id="after"), NO_LINKS, ())
    assert (await store.load("after")).version == 1
    assert len(await store.entries()) == len(await store.list_visits(VisitFilter())) - 1
    assert await is_whole(store)


async def test_what_no_file_can_hold_is_refused_and_is_not_the_disks_fault(store: Store) -> None:
    with pytest.raises(StoreFailed):
        await store.create(replace(booked(), reason="\ud800"), NO_LINKS, [booked_event()])
    assert not store.last_write_failed
    assert await kept(store) == []


async def test_a_days_old_answer_is_forgotten_without_another_create(store: Store) -> None:
    once = Once("key", "request", "sealed", NOON)
    await store.create(booked(), Links(), (), once)
    await store.forget_once(NOON + timedelta(hours=23))
    assert (await store.create(booked(visit_id="other"), Links(), (), once)) == once
    await store.forget_once(NOON + timedelta(hours=24))
    assert (
        await store.create(booked(visit_id="third"), Links(), (), replace(once, at=NOON + timedelta(hours=1)))
    ) is None
