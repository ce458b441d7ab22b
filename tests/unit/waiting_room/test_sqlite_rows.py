"""A visit comes out of its row exactly as it went in, whatever it holds."""

from __future__ import annotations

import json
import traceback
from dataclasses import fields
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from waiting_room.audit import START, Break, Head, chain, verify
from waiting_room.check_in_items import CheckInItem
from waiting_room.errors import StoreFailed
from waiting_room.model import CallRecord, LateNotice, Message, Participant, PatientDetails, Provider, Role, Visit, Wish
from waiting_room.office_events import StaffSignedIn
from waiting_room.readiness import Readiness
from waiting_room.sqlite_rows import read_entry, read_visit, write_visit

NOON = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
MOMENTS = st.datetimes(datetime(1970, 1, 1), datetime(2200, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 - made aware there
LENGTHS = st.timedeltas(timedelta(), timedelta(days=30))
TEXTS = st.text(max_size=30)
DAYS = st.dates(date(1880, 1, 1))


def few(values: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.lists(values, max_size=3).map(tuple)


def built(kind: type[Any], **known: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """All fields, those with a default too: what is not named here follows from its type."""
    return st.builds(kind, **{one.name: known.get(one.name, _by_type(str(one.type))) for one in fields(kind)})


def _by_type(written: str) -> st.SearchStrategy[Any] | Any:
    wanted = {
        "str": TEXTS,
        "bool": st.booleans(),
        "int": st.integers(0, 1000),
        "datetime": MOMENTS,
        "timedelta": LENGTHS,
        "Mapping[str, str]": st.dictionaries(TEXTS, TEXTS, max_size=3),
        "str | None": st.none() | TEXTS,
        "datetime | None": st.none() | MOMENTS,
        "date | None": st.none() | DAYS,
    }
    return wanted.get(written, ...)


VISITS = built(
    Visit,
    providers=few(built(Provider)),
    details=built(PatientDetails),
    participants=few(built(Participant)),
    check_in=few(built(CheckInItem)),
    readiness=st.none() | built(Readiness),
    messages=few(built(Message)),
    late=st.none() | built(LateNotice),
    wishes=few(st.tuples(st.sampled_from(Wish), MOMENTS)),
    calls=few(built(CallRecord)),
    handed_to=st.none() | built(Provider),
)


@given(VISITS)
def test_a_visit_comes_out_as_it_went_in(visit: Visit) -> None:
    assert read_visit(write_visit(visit)) == visit


def test_a_state_that_cannot_be_read_shows_no_value() -> None:
    with pytest.raises(StoreFailed) as refused:
        read_visit(json.dumps(dict.fromkeys(["id", "grace"], "Sample Patient")))
    shown = "".join(traceback.format_exception(refused.value))
    # The traceback shows this test's own line, and may show nothing else of it.
    assert shown.count("Sample Patient") == shown.count("json.dumps(dict.fromkeys") == 1


def _row(facts: str) -> tuple[object, ...]:
    entry = chain(StaffSignedIn(visit="", at=NOON, actor="nurse", role=Role.NURSE), START)
    return (1, entry.at, entry.kind, entry.visit, entry.actor, entry.role, entry.device, facts, entry.hash)


def test_an_entry_comes_out_as_it_was_chained() -> None:
    assert isinstance(verify([read_entry(_row("{}"))]), Head)


@pytest.mark.parametrize("facts", ["", "{", "[]", "null", '{"a": 1}', "{ }", '{"a":"b","a":"b"}', "\udcff"])
def test_facts_that_no_writer_here_wrote_break_the_chain_and_hide_nothing(facts: str) -> None:
    entry = read_entry(_row(facts))
    assert entry.facts == {"unreadable": facts}
    found = verify([entry])
    assert isinstance(found, Break)
    assert found.number == 1
