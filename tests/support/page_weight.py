"""What the patient's page weighs on the way: its built files, compressed by Brotli as the server does, without headers."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Final, NamedTuple

import brotli

import web_client
from signaling.built_pages import BUILT, join_styles
from signaling.dictionaries import read_dictionaries

ROOT: Final = Path(web_client.root())


class Scripts(NamedTuple):
    """The weight of the page's scripts without any words, each with what is in the one before."""

    until_start: float
    ordinary_visit: float  # from the link to the end; `tests/browser/test_opened_part.py` goes without the rest
    everything: float


def scripts_kb() -> Scripts:
    """Return what the patient's page loads of built/."""
    joined = json.loads((ROOT / BUILT / "manifest.json").read_text())["pages"]["patient"]
    first = [ROOT / BUILT / name for name in (*joined["scripts"].values(), *joined["needed"])]
    everything = list((ROOT / BUILT).glob("patient*.js"))
    return Scripts(
        _together(first),
        _together([file for file in everything if file.name not in joined["opened"]]),
        _together(everything),
    )


def words_kb() -> dict[str, float]:
    """Return what the page's words weigh in each language."""
    return {one.code: _compressed(one.module("patient")) for one in read_dictionaries(ROOT / "i18n")}


def styles_kb() -> float:
    """Return what the page's one style sheet weighs."""
    return _compressed(join_styles((ROOT / "patient.html").read_text(), "patient.css", ROOT)[1])


def _together(files: list[Path]) -> float:
    return sum(_compressed(file.read_bytes()) for file in files)


def _compressed(plain: bytes) -> float:
    return len(brotli.compress(plain)) / 1000
