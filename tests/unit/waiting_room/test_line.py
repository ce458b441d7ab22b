from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.visits import NOON, NURSE, OTHER_PROVIDER, PROVIDER, admit, booked, hand_over, in_progress, waiting
from waiting_room import commands as do
from waiting_room.line import LONGEST_MIN, STEP_MIN, Wait, waits
from waiting_room.model import Actor, LateNotice, ParticipantPhase, Visit

MINUTE = timedelta(minutes=1)


def in_line(visit_id: str, start_min: int = 0, *, providers: tuple[Actor, ...] = (PROVIDER,)) -> Visit:
    """A visit that starts so many minutes after noon and whose patient waits since noon."""
    visit = booked(NOON + start_min * MINUTE, visit_id=visit_id, providers=providers)
    patient = replace(visit.patient, phase=ParticipantPhase.WAITING, waiting_since=NOON)
    return replace(visit, participants=(patient,))


def talking(visit_id: str, *, since_min: int = 0, providers: tuple[Actor, ...] = (PROVIDER,)) -> Visit:
    """A visit of noon that is in progress since so many minutes before noon."""
    visit = replace(in_progress(booked(providers=providers)).visit, id=visit_id)
    return replace(visit, started_at=NOON - since_min * MINUTE)


def test_alone_and_on_time_the_wait_is_short() -> None:
    assert waits([in_line("a")], NOON) == {"a": Wait(0, 10, 0)}


def test_one_who_is_early_waits_until_about_the_start() -> None:
    assert waits([in_line("a", 30)], NOON) == {"a": Wait(20, 40, 0)}


def test_the_place_in_line_is_by_booked_time_not_by_arrival() -> None:
    found = waits([in_line("late", 10), in_line("early", 0), in_line("between", 5)], NOON)
    assert [found[name].ahead for name in ("early", "between", "late")] == [0, 1, 2]


def test_those_of_another_provider_or_clinic_are_another_line() -> None:
    elsewhere = replace(in_line("c"), clinic_id="branch")
    found = waits(
        [in_line("a"), in_line("b", providers=(OTHER_PROVIDER,)), elsewhere, in_line("d", providers=())], NOON
    )
    assert [one.ahead for one in found.values()] == [0, 0, 0, 0]


def test_who_is_in_the_visit_or_not_in_line_has_no_wait() -> None:
    assert waits([talking("a"), booked(visit_id="b")], NOON) == {}


def test_while_another_talks_the_next_waits_at_least_for_half_of_it() -> None:
    found = waits([talking("a"), in_line("b")], NOON)["b"]
    assert (found.low, found.ahead) == (15, 1)
    assert found.high >= 35


def test_a_visit_that_overruns_may_end_at_any_moment_or_go_on() -> None:
    found = waits([talking("a", since_min=50), in_line("b")], NOON)["b"]
    assert found.low == 0
    assert found.high >= STEP_MIN


def test_in_the_shared_queue_the_first_who_is_free_takes_the_next() -> None:
    busy = [talking("a", providers=()), talking("b", since_min=25, providers=())]
    assert waits([*busy, in_line("c", providers=())], NOON)["c"].low == 0


def test_one_who_was_handed_over_stands_in_the_line_of_who_takes_over() -> None:
    told = waiting(booked(visit_id="a"))
    told.give(admit(NURSE, "n"))
    told.give(hand_over(OTHER_PROVIDER, NURSE))
    visit = told.visit
    assert waits([visit, in_line("b", 5, providers=(OTHER_PROVIDER,))], NOON)["b"].ahead == 1
    assert "a" not in waits([visit], NOON), "one on hold does not wait in line"


def test_a_late_notice_moves_the_range() -> None:
    visit = replace(in_line("a"), late=LateNotice(30, NOON))
    assert waits([visit], NOON) == {"a": Wait(25, 40, 0)}


def test_a_late_notice_for_one_moves_those_behind_too() -> None:
    late = replace(in_line("a"), late=LateNotice(60, NOON))
    found = waits([late, in_line("b", 5)], NOON)
    assert found["b"].low >= found["a"].low
    assert found["b"].high >= found["a"].high


@pytest.mark.parametrize("minutes", [15, 30, 60, 120])
def test_without_a_word_the_range_grows_as_the_clinician_is_overdue(minutes: int) -> None:
    found = waits([in_line("a")], NOON + minutes * MINUTE)["a"]
    assert (found.low, found.high) == (0, minutes)


VISITS = st.lists(
    st.tuples(
        st.integers(-120, 120),
        st.sampled_from(["waiting", "talking", "on_hold"]),
        st.sampled_from([None, 0, 15, 60, 240]),
        st.integers(0, 120),
    ),
    min_size=1,
    max_size=8,
)


def day(drawn: list[tuple[int, str, int | None, int]]) -> list[Visit]:
    visits = []
    for number, (start, phase, late, since) in enumerate(drawn):
        visit = in_line(str(number), start)
        if phase != "waiting":
            inside = ParticipantPhase.IN_VISIT if phase == "talking" else ParticipantPhase.ON_HOLD
            patient = replace(visit.patient, phase=inside)
            visit = replace(visit, participants=(patient,), started_at=NOON - since * MINUTE)
        visits.append(replace(visit, late=LateNotice(late, NOON) if late else None))
    return visits


def by_place(visits: list[Visit], found: dict[str, Wait]) -> list[Wait]:
    return [found[one.id] for one in sorted(visits, key=lambda one: (one.starts_at, one.id)) if one.id in found]


@given(drawn=VISITS, later=st.integers(0, 180))
def test_every_range_is_whole_steps_within_bounds_and_none_is_a_point(
    drawn: list[tuple[int, str, int | None, int]], later: int
) -> None:
    visits = day(drawn)
    found = waits(visits, NOON + later * MINUTE)
    assert set(found) == {one.id for one in visits if one.patient.phase is ParticipantPhase.WAITING}
    for one in found.values():
        assert 0 <= one.low < one.high <= LONGEST_MIN
        assert one.low % STEP_MIN == one.high % STEP_MIN == 0


@given(drawn=VISITS, later=st.integers(0, 180))
def test_nobody_is_promised_more_than_those_before_them(
    drawn: list[tuple[int, str, int | None, int]], later: int
) -> None:
    visits = day(drawn)
    places = by_place(visits, waits(visits, NOON + later * MINUTE))
    assert [one.ahead for one in places] == sorted(one.ahead for one in places)
    assert [one.low for one in places] == sorted(one.low for one in places)
    assert [one.high for one in places] == sorted(one.high for one in places)


@given(drawn=VISITS, later=st.integers(0, 180))
def test_one_more_behind_changes_nothing_for_those_before(
    drawn: list[tuple[int, str, int | None, int]], later: int
) -> None:
    visits = day(drawn)
    now = NOON + later * MINUTE
    before = waits(visits, now)
    after = waits([*visits, in_line("~", 120)], now)
    assert {name: after[name] for name in before} == before


@given(drawn=VISITS, later=st.integers(0, 240))
def test_no_range_begins_before_the_booked_time_is_near(
    drawn: list[tuple[int, str, int | None, int]], later: int
) -> None:
    visits = day(drawn)
    now = NOON + later * MINUTE
    found = waits(visits, now)
    for one in visits:
        if one.id in found:
            until_start = (one.starts_at - now) / MINUTE
            assert found[one.id].low >= min(until_start - 15, LONGEST_MIN - STEP_MIN)


@given(overdue=st.integers(0, 300), more=st.integers(0, 60))
def test_waiting_longer_without_a_word_never_narrows_the_range(overdue: int, more: int) -> None:
    first = waits([in_line("a")], NOON + overdue * MINUTE)["a"]
    then = waits([in_line("a")], NOON + (overdue + more) * MINUTE)["a"]
    assert then.high >= first.high
    assert then.low == first.low == 0


def test_a_late_notice_counts_from_when_it_was_told_to_one_whose_time_has_come() -> None:
    told = waiting()
    told.give(do.TellLate(actor=NURSE, minutes=15), after=timedelta(minutes=20))
    assert waits([told.visit], told.now)["visit"] == Wait(low=10, high=25, ahead=0)
