from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.visits import ANSWERS
from waiting_room.check_in_items import ELSEWHERE, STATES, CheckInItem, ItemKind, validate_answer
from waiting_room.errors import InvalidAnswer


@pytest.mark.parametrize("key", ANSWERS)
def test_a_right_answer_is_kept_as_it_is(key: str) -> None:
    assert validate_answer(ItemKind(key), ANSWERS[key]) == ANSWERS[key]


def test_blanks_around_an_answer_are_not_kept() -> None:
    assert validate_answer(ItemKind.CALLBACK, {"phone": " 555-0142 "}) == {"phone": "555-0142"}


def test_an_external_item_has_no_answer() -> None:
    assert validate_answer(ItemKind.EXTERNAL, {}) == {}
    with pytest.raises(InvalidAnswer):
        validate_answer(ItemKind.EXTERNAL, {"text": "done"})


def test_the_states_are_the_fifty_one_the_district_and_the_territories() -> None:
    assert len(STATES) == 50 + 1 + 5
    assert ELSEWHERE not in STATES
    assert validate_answer(ItemKind.LOCATION, {"state": ELSEWHERE, "address": "Toronto"})["state"] == ELSEWHERE


@pytest.mark.parametrize(
    "phone",
    ["911", "555", "+", "(((((((", "--------", "1" * 40, "555-0142; DROP", "555-0142 x1234567", "５５５０１４２"],
)
def test_what_nobody_can_dial_is_no_phone_number(phone: str) -> None:
    with pytest.raises(InvalidAnswer):
        validate_answer(ItemKind.CALLBACK, {"phone": phone})


@given(kind=st.sampled_from(ItemKind), answer=st.dictionaries(st.text(min_size=1, max_size=8), st.text(), max_size=4))
def test_whatever_is_answered_is_kept_whole_or_refused(kind: ItemKind, answer: dict[str, str]) -> None:
    try:
        kept = validate_answer(kind, answer)
    except InvalidAnswer:
        return
    assert kept == {name: value.strip() for name, value in answer.items()}


def test_no_answer_and_no_note_shows_in_a_log_line() -> None:
    shown = repr(CheckInItem("reason", ItemKind.REASON, answer={"text": "secret"}, note="secret"))
    assert "secret" not in shown
