from __future__ import annotations

import hashlib
import json
from dataclasses import fields, replace
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from waiting_room import events as ev
from waiting_room.audit import GENESIS, START, Break, Entry, Head, as_line, chain, facts_of, verify
from waiting_room.model import Role
from waiting_room.office_events import StaffSignedIn

NOON = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)

# Lone halves of surrogate pairs too: they are what a text in JSON can hold and no file can.
TEXTS = st.text(st.characters(exclude_categories=()), max_size=20)
MOMENTS = st.datetimes(datetime(1970, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 - made aware there
KINDS = [kind for kind in vars(ev).values() if isinstance(kind, type) and issubclass(kind, ev.Event)]


def _value(kind: str) -> st.SearchStrategy[Any]:
    return {
        "str": TEXTS,
        "int": st.integers(),
        "bool": st.booleans(),
        "datetime": MOMENTS,
        "Role": st.sampled_from(Role),
        "EndReason": st.sampled_from(ev.EndReason),
        "LeaveReason": st.sampled_from(ev.LeaveReason),
    }[kind]


def _events(kind: type[ev.Event]) -> st.SearchStrategy[ev.Event]:
    return st.builds(kind, **{one.name: _value(str(one.type)) for one in fields(kind)})


EVENTS = st.one_of([_events(kind) for kind in KINDS])
TRAILS = st.lists(EVENTS, min_size=1, max_size=8)


def _chained(events: list[ev.Event]) -> list[Entry]:
    entries: list[Entry] = []
    head = START
    for event in events:
        entries.append(chain(event, head))
        head = Head(entries[-1].number, entries[-1].hash)
    return entries


def _signed_in(count: int) -> list[Entry]:
    return _chained([StaffSignedIn(visit="", at=NOON, actor=f"a{one}", role=Role.NURSE) for one in range(count)])


@given(TRAILS)
def test_whatever_happens_makes_one_chain(events: list[ev.Event]) -> None:
    entries = _chained(events)
    head = Head(len(entries), entries[-1].hash)
    assert [entry.number for entry in entries] == list(range(1, len(entries) + 1))
    assert verify(entries) == head
    assert verify(entries, [head, START]) == head


def _changed(entry: Entry, name: str, draw: st.DrawFn) -> Entry:
    before = getattr(entry, name)
    if name == "number":
        return replace(entry, number=draw(st.integers().filter(lambda number: number != before)))
    if name == "facts":
        facts = st.dictionaries(TEXTS, TEXTS, max_size=3) | TEXTS.map(lambda text: {**before, text: "more"})
        return replace(entry, facts=draw(facts.filter(lambda after: after != before)))
    text = TEXTS | st.just(before + " ") | st.just(before[1:])
    change: dict[str, Any] = {name: draw(text.filter(lambda after: after != before))}
    return replace(entry, **change)


@st.composite
def _tampered(draw: st.DrawFn) -> tuple[list[Entry], int]:
    entries = _chained(draw(TRAILS))
    place = draw(st.integers(0, len(entries) - 1))
    name = draw(st.sampled_from([one.name for one in fields(Entry)]))
    entries[place] = _changed(entries[place], name, draw)
    return entries, place + 1


@given(_tampered())
def test_any_change_of_any_field_of_any_entry_is_found_where_it_is(tampered: tuple[list[Entry], int]) -> None:
    entries, number = tampered
    found = verify(entries)
    assert isinstance(found, Break)
    assert found.number == number


@given(TRAILS, st.data())
def test_an_entry_that_is_taken_out_put_twice_or_moved_is_found(events: list[ev.Event], data: st.DataObject) -> None:
    entries = _chained([*events, *events])
    place = data.draw(st.integers(0, len(entries) - 2))
    before, one, after = entries[:place], entries[place], entries[place + 1 :]
    # Put twice, the second is the one too many.
    shifted = {"out": before + after, "twice": [*before, one, one, *after], "moved": [*before, *after, one]}
    for how, trail in shifted.items():
        found = verify(trail)
        assert isinstance(found, Break), how
        assert found.number == place + (2 if how == "twice" else 1), how


def test_an_empty_trail_is_whole_until_an_anchor_says_more() -> None:
    assert verify([]) == START == Head(0, GENESIS)
    assert verify([], [Head(3, "f" * 64)]) == Break(1, "trail was cut: an anchored head says 3 entries")


@pytest.mark.parametrize("kept", range(5))
def test_a_trail_cut_short_is_found_by_an_anchor_alone(kept: int) -> None:
    entries = _signed_in(5)
    anchor = Head(5, entries[-1].hash)
    assert isinstance(verify(entries[:kept]), Head)
    found = verify(entries[:kept], [anchor])
    assert isinstance(found, Break)
    assert found.number == kept + 1


def test_a_trail_written_anew_is_found_by_an_anchor_alone() -> None:
    anchors = [Head(entry.number, entry.hash) for entry in _signed_in(5)[1::2]]
    forged = _chained([StaffSignedIn(visit="", at=NOON, actor="forged", role=Role.NURSE)] * 5)
    assert isinstance(verify(forged), Head)
    assert verify(forged, anchors) == Break(2, "trail was rewritten: the anchored head is another")


def test_of_two_anchors_that_contradict_each_other_one_is_broken() -> None:
    entries = _signed_in(2)
    true, false = Head(2, entries[-1].hash), Head(2, "f" * 64)
    for anchors in ([true, false], [false, true]):
        assert isinstance(verify(entries, anchors), Break)


def test_an_entry_holds_the_events_own_facts_as_text() -> None:
    invited = ev.GuestInvited(
        visit="v", at=NOON, actor="nurse", role=Role.NURSE, device="desktop", participant="p", guest_role=Role.COMPANION,
        expires_at=NOON.astimezone(timezone(timedelta(hours=-8))),
    )  # fmt: skip
    facts = {"participant": "p", "guest_role": "companion", "expires_at": "2026-11-22T12:00:00+00:00"}
    assert facts_of(invited) == facts
    entry = chain(invited, START)
    assert replace(entry, hash="") == Entry(
        1, "2026-11-22T12:00:00.000000+00:00", "GuestInvited", "v", "nurse", "nurse", "desktop", facts
    )


def test_a_hash_can_be_made_by_any_other_program() -> None:
    """The form never changes: trails that were written must verify for as long as they are kept."""
    entry = chain(
        ev.CallRecorded(visit="v", at=NOON, actor="a", role=Role.NURSE, result="no answer", reason="é\n"), START
    )
    content = f'["{GENESIS}",1,"2026-11-22T12:00:00.000000+00:00","CallRecorded","v","a","nurse","",'
    content += r'{"reason":"\u00e9\n","result":"no answer"}]'
    assert entry.hash == hashlib.sha256(content.encode()).hexdigest()


@given(EVENTS)
def test_a_line_is_one_line_of_ascii_whatever_stands_in_it(event: ev.Event) -> None:
    entry = chain(event, START)
    line = as_line(entry)
    assert line.isascii()
    assert line.isprintable()
    assert Entry(**json.loads(line)) == entry
