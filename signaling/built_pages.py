"""What a page loads: its modules joined into few files, if web_client/built is still the build of them, else each module by itself.

`make pages` builds. A changed module is seen at once, by a slower page; a page never runs other code than what lies beside it.
"""

from __future__ import annotations

import hashlib
import json
import re
from pathlib import Path
from typing import Final, TypedDict

__all__ = ["BUILT", "Joined", "join_styles", "joined_pages", "load_joined"]

BUILT: Final = "built"
_SOURCES: Final = ("js", "vendor")
_STYLE: Final = re.compile(r'<link rel="stylesheet" href="\{\{assets\}\}/([^"]+)">\n')
_PRELOAD: Final = re.compile(r'<link rel="modulepreload"[^>]*>\n')


class Joined(TypedDict):
    """What a page loads of built/."""

    scripts: dict[str, str]  # the page's own script -> the file in its place
    needed: list[str]  # what these import before the page can draw
    opened: list[str]  # what is needed only when something is opened


def joined_pages(root: Path) -> dict[str, Joined] | None:
    """Return each page's files of built/; None when these are not the build of the sources."""
    manifest = root / BUILT / "manifest.json"
    if not manifest.is_file():
        return None
    built = json.loads(manifest.read_text())
    return dict(built["pages"]) if built["sources"] == _digest(root) else None


def _digest(root: Path) -> str:
    """As web_client/build.mjs computes it."""
    digest = hashlib.sha256()
    paths = (path for folder in _SOURCES for path in (root / folder).rglob("*.js"))
    for name, path in sorted((path.relative_to(root).as_posix(), path) for path in paths):
        digest.update(name.encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()


def join_styles(template: str, name: str, root: Path) -> tuple[str, bytes]:
    """Return the page with one style sheet, ``name``, in place of its own, and that sheet: theirs, in their order."""
    sheets = [(root / sheet).read_bytes() for sheet in _STYLE.findall(template)]
    before, *others = _STYLE.split(template)[:: _STYLE.groups + 1]
    return f'{before}<link rel="stylesheet" href="{{{{assets}}}}/{name}">\n{"".join(others)}', b"".join(sheets)


def load_joined(template: str, page: Joined) -> str:
    """Return the page with its files of built/ in place of its modules."""
    for source, name in page["scripts"].items():
        template = template.replace(f'{{{{assets}}}}/{source}"', f'{{{{assets}}}}/{BUILT}/{name}"')
    needed = (f'<link rel="modulepreload" href="{{{{assets}}}}/{BUILT}/{name}">\n' for name in page["needed"])
    return _PRELOAD.sub("", template).replace("<script ", "".join(needed) + "<script ", 1)
