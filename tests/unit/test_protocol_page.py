from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import get_args

from signaling.errors import _TEXTS
from signaling.screens import ByeCode

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "protocol.md").read_text()


def fields(value: object) -> Iterator[str]:
    """The names of all fields, at any depth."""
    if isinstance(value, dict):
        yield from value
    for inner in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from fields(inner)


def test_every_code_of_a_refusal_and_of_a_farewell_is_told() -> None:
    assert [code for code in (*_TEXTS, *get_args(ByeCode)) if f"`{code}`" not in PAGE] == []


def test_every_reason_for_which_an_answer_is_refused_is_told() -> None:
    sources = "\n".join(path.read_text() for path in (ROOT / "media").glob("*.py"))
    reasons = set(re.findall(r'BadSdp\("(\w+)"\)', sources))
    assert len(reasons) > 10
    assert [reason for reason in reasons if f"(`{reason}`)" not in PAGE] == []


def test_every_request_of_a_channel_has_its_row_and_no_other_has() -> None:
    sources = "\n".join(path.read_text() for path in (ROOT / "signaling").glob("*.py"))
    asked = set(re.findall(r'"([a-z]+\.[a-z_]+)": \(\w+Request|"([a-z]+\.[a-z_]+)": \(EchoReport', sources))
    named = set(re.findall(r"^\| `([a-z]+\.[a-z_]+)` \|", PAGE, re.MULTILINE))
    assert named == {one or other for one, other in asked}


def test_every_field_of_the_examples_is_named() -> None:
    words = set(re.findall(r"\w+", PAGE))
    for path in (ROOT / "tests" / "wire").glob("*.json"):
        assert [name for name in fields(json.loads(path.read_text())) if name not in words] == [], path.stem
