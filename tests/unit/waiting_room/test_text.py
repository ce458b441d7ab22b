from __future__ import annotations

import pytest

from waiting_room.errors import InvalidText
from waiting_room.text import check_text


@pytest.mark.parametrize("text", ["José Ñandú", "می\u200cخواهم", "क्\u200dष", "👩\u200d⚕️", "two\nlines"])
def test_what_people_write_is_kept_as_it_is(text: str) -> None:
    assert check_text(InvalidText, "text", text, 100, lines=True) == text


@pytest.mark.parametrize("text", ["bell\x07", "\u202egnorw", "\u2066x", "a\x00b", "\ud800", "car\rriage"])
def test_what_hides_or_reorders_is_refused(text: str) -> None:
    with pytest.raises(InvalidText) as refused:
        check_text(InvalidText, "text", text, 100, lines=True)
    assert refused.value.facts == {"field": "text", "reason": "carries control characters"}


def test_line_feeds_stand_only_where_there_may_be_lines() -> None:
    with pytest.raises(InvalidText):
        check_text(InvalidText, "name", "two\nlines", 100)


@pytest.mark.parametrize(
    ("text", "reason"), [("", "is empty"), (" ", "is empty"), ("x" * 11, "is longer than 10 characters")]
)
def test_bounds_are_told(text: str, reason: str) -> None:
    with pytest.raises(InvalidText) as refused:
        check_text(InvalidText, "name", text, 10)
    assert refused.value.facts["reason"] == reason
