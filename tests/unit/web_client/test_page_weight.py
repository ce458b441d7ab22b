"""The patient's page does not grow unseen. The limits stand just above what it weighs; the goal is in `docs/benchmarks.md`."""

from __future__ import annotations

import pytest

from tests.support.page_weight import scripts_kb, styles_kb, words_kb

UNTIL_START_KB = 35.5
ORDINARY_VISIT_KB = 57
EVERYTHING_KB = 61


@pytest.mark.parametrize("language", ["en", "es"])
def test_scripts_and_words_of_one_language_keep_to_their_weight(language: str) -> None:
    words = words_kb()[language]
    scripts = scripts_kb()
    assert scripts.until_start + words < UNTIL_START_KB
    assert scripts.ordinary_visit + words < ORDINARY_VISIT_KB
    assert scripts.everything + words < EVERYTHING_KB


def test_the_style_sheet_keeps_to_the_goal() -> None:
    assert styles_kb() < 10
