"""Writes ``docs/screens.md``, in which the pictures are looked at."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from tests.browser.pictures.camera import OUT, ROOT

__all__ = ["write"]

PAGE: Final = ROOT / "docs" / "screens.md"
_PARTS: Final = {"patient": "The patient", "helper": "A helper", "test": "The test call", "care": "The care team"}
_LEAD: Final = """# Screens

Pictures of the real pages, made by `make screenshots` from a running server and real browsers, with drawn people before the
cameras. Each is there in English and Spanish at 390 and 1280 px; in English also at 320 and 768 px, dark, and with letters
twice as large: `docs/screenshots/NAME-LANGUAGE-LOOK.webp`.
"""


def write() -> None:
    """Name each screen once, with its picture on a phone and on a desktop."""
    names = sorted({file.name.rsplit("-en-", 1)[0] for file in OUT.glob("*-en-*.webp")})
    lines = [_LEAD]
    for prefix, title in _PARTS.items():
        lines += [f"## {title}", "", *_rows(name for name in names if name.startswith(f"{prefix}-")), ""]
    PAGE.write_text("\n".join(lines))


def _rows(names: Iterable[str]) -> Iterable[str]:
    yield "| | phone | desktop |"
    yield "|---|---|---|"
    for name in names:
        pictures = [_picture(name, "390", 180), _picture(name, "1280", 480)]
        yield f"| {name.split('-', 1)[1].replace('-', ' ')} | {' | '.join(pictures)} |"


def _picture(name: str, size: str, width: int) -> str:
    file = f"{name}-en-{size}.webp"
    return f'<img src="screenshots/{file}" width="{width}" alt="">' if (OUT / file).exists() else ""
