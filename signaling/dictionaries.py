"""The pages' words: one file for each language in ``web_client/i18n``, and what each page loads of it (`docs/languages.md`)."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import structlog

__all__ = ["Dictionary", "read_dictionaries"]

FIRST: Final = "en"
"""The language that is whole, and stands in for what another does not say."""

_CODE: Final = re.compile(r"[a-z]{2,3}")
_PARTS: Final = {"patient": ("all", "visit"), "care": ("all", "visit", "care"), "test": ("all", "test")}

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Dictionary:
    """One language: its own name, its locale as `Intl` takes it, and the words by part."""

    code: str
    name: str
    locale: str
    parts: dict[str, dict[str, str]]

    def module(self, page: str) -> bytes:
        """Return what this page says, as the module that it loads."""
        words = {key: text for part in _PARTS[page] for key, text in self.parts[part].items()}
        return f"export default {json.dumps(words, ensure_ascii=False, separators=(',', ':'))}\n".encode()

    def modules(self) -> dict[str, bytes]:
        """Return the modules of all pages by their names below the assets."""
        return {f"i18n/{page}-{self.code}.js": self.module(page) for page in _PARTS}


def read_dictionaries(folder: Path) -> list[Dictionary]:
    """Read all languages, English first. Raises `ValueError` naming the file that is no dictionary."""
    read = sorted((_read(path) for path in folder.glob("*.json")), key=lambda one: (one.code != FIRST, one.code))
    whole = read[0].parts
    return [read[0], *(_filled(one, whole) for one in read[1:])]


def _read(path: Path) -> Dictionary:
    names = {part for parts in _PARTS.values() for part in parts}
    try:
        given = json.loads(path.read_text())
        parts = {part: {str(key): str(text) for key, text in given[part].items()} for part in sorted(names)}
        found = Dictionary(path.stem, str(given["name"]), str(given["locale"]), parts)
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise ValueError(f"i18n/{path.name} is no dictionary: {type(error).__name__} {error}") from error
    if not _CODE.fullmatch(found.code):
        raise ValueError(f"i18n/{path.name}: a file is named after its language, such as fr.json")
    return found


def _filled(one: Dictionary, whole: dict[str, dict[str, str]]) -> Dictionary:
    missing = sum(len(words.keys() - one.parts[part].keys()) for part, words in whole.items())
    if missing:
        log.warning("words_missing", language=one.code, count=missing)
    return Dictionary(one.code, one.name, one.locale, {part: words | one.parts[part] for part, words in whole.items()})
