"""What the patient's page weighs on the way: its built files, compressed by Brotli as the server does, without headers."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Final

import brotli

import web_client
from signaling.built_pages import BUILT, join_styles
from signaling.dictionaries import read_dictionaries

ROOT: Final = Path(web_client.root())


def scripts_kb() -> tuple[float, float]:
    """Return what comes before Start, and what comes from the link to the end of the visit; without any words."""
    joined = json.loads((ROOT / BUILT / "manifest.json").read_text())["pages"]["patient"]
    first = [ROOT / BUILT / name for name in (*joined["scripts"].values(), *joined["needed"])]
    return _together(first), _together(list((ROOT / BUILT).glob("patient*.js")))


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
