from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "troubles.md").read_text()
ROWS = [row.strip("| ").split(" | ") for row in PAGE.splitlines() if re.match(r"\| (?!Trouble)", row)]


def test_every_trouble_names_what_both_sides_see_how_it_ends_and_a_test_or_none() -> None:
    assert len(ROWS) > 30
    assert [row[0] for row in ROWS if len(row) != 5 or "" in row] == []
    assert [row[0] for row in ROWS if row[4] == "none" and not row[3].startswith("not shown")] == []


def test_every_test_that_the_page_names_is_there() -> None:
    named = re.findall(r"`(tests/[\w/.]+)(?:::(\w+))?`", PAGE)
    assert len(named) > 30
    missing = [
        (path, name)
        for path, name in named
        if not (ROOT / path).is_file() or (name and f"def {name}(" not in (ROOT / path).read_text())
    ]
    assert missing == []


def test_the_count_is_that_of_the_rows() -> None:
    said = re.search(
        r"Of (\d+) troubles (\d+) end .*: (\d+) by themselves, (\d+) with a tap.\*\* (\d+) need .* of (\d+) no", PAGE
    )
    assert said is not None
    ends = [sum(row[3].startswith(how) for row in ROWS) for how in ("by itself", "one tap", "a person", "not shown")]
    assert [int(number) for number in said.groups()] == [len(ROWS), ends[0] + ends[1], *ends]
