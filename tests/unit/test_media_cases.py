from __future__ import annotations

import re
from pathlib import Path

from tests.fuzz.targets import TARGETS

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "media-cases.md").read_text()


def test_every_test_that_the_page_names_is_there() -> None:
    sources = "\n".join(path.read_text() for path in (ROOT / "tests").rglob("test_*.py"))
    named = re.findall(r"`(test_[a-z0-9_]+)`", PAGE)
    assert len(named) > 25
    assert [name for name in named if f"def {name}(" not in sources] == []


def test_every_case_of_the_media_port_has_a_row_with_a_test_of_its_number() -> None:
    for number in range(29, 42):
        row = next(line for line in PAGE.splitlines() if line.startswith(f"| S{number} |"))
        assert re.search(rf"`test_(s\d+_)*s{number}_", row), number


def test_the_fuzzing_targets_are_those_that_the_page_names() -> None:
    assert set(re.findall(r"`(stun|answer|rtcp|rtp)`", PAGE)) == set(TARGETS)
