"""The patient's page does not grow unseen. The limits stand just above what it weighs; the goal is in `docs/benchmarks.md`."""

from __future__ import annotations

import pytest

from tests.support.page_weight import scripts_kb, styles_kb, words_kb

UNTIL_START_KB = 38
WHOLE_VISIT_KB = 74


@pytest.mark.parametrize("language", ["en", "es"])
def test_scripts_and_words_of_one_language_keep_to_their_weight(language: str) -> None:
    words = words_kb()[language]
    first, all_in_all = scripts_kb()
    assert first + words < UNTIL_START_KB
    assert all_in_all + words < WHOLE_VISIT_KB


def test_the_style_sheet_keeps_to_the_goal() -> None:
    assert styles_kb() < 10
