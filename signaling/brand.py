"""A clinic's own look: one colour and a logo, held to what every screen can bear."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Final

__all__ = ["Logo", "contrast", "logo_file", "read_logo", "readable_color"]

LEAST_CONTRAST: Final = 7.0
"""Of white words on the colour: WCAG 2.2, 1.4.6 (AAA). The pages' dark colours are mixed from it and keep as much."""

LINEAR_UNTIL: Final = 0.04045
LARGEST_LOGO: Final = 100_000
_PROLOG: Final = re.compile(rb"\A(?:\s+|<\?.*?\?>|<!--.*?-->|<!DOCTYPE[^>\[]*>)*", re.DOTALL)
"""What may stand before an SVG's own tag (XML 1.0, section 2.8): drawing programs put comments and a DOCTYPE there."""

_SIGNATURES: Final = {b"\x89PNG\r\n\x1a\n": "image/png", b"\xff\xd8\xff": "image/jpeg", b"<svg": "image/svg+xml"}


def readable_color(value: str) -> str:
    """Return the colour in lower case. Raises `ValueError` where white words on it would be hard to read."""
    against_white = contrast(value, "#ffffff")
    if against_white < LEAST_CONTRAST:
        raise ValueError(f"white on it has a contrast of {against_white:.1f}:1, it needs {LEAST_CONTRAST:.0f}:1")
    return value.lower()


def contrast(one: str, other: str) -> float:
    """Return the contrast of two colours ``#rrggbb``, 1 to 21 (WCAG 2.2, contrast ratio)."""
    dark, light = sorted((_luminance(one), _luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def _luminance(color: str) -> float:
    red, green, blue = (int(color[at : at + 2], 16) / 255 for at in (1, 3, 5))
    return 0.2126 * _linear(red) + 0.7152 * _linear(green) + 0.0722 * _linear(blue)


def _linear(channel: float) -> float:
    return channel / 12.92 if channel <= LINEAR_UNTIL else float(((channel + 0.055) / 1.055) ** 2.4)


@dataclass(frozen=True, slots=True)
class Logo:
    """A logo as it is served; the address changes with the content."""

    content_type: str
    body: bytes

    @property
    def address(self) -> str:
        """Where it is, below the server's own address."""
        return f"/logo/{hashlib.sha256(self.body).hexdigest()[:16]}"


def logo_file(path: Path) -> Path:
    """Return the path. Raises `ValueError` where it is no logo that can be shown."""
    read_logo(path)
    return path


def read_logo(path: Path) -> Logo:
    """Read an SVG, PNG or JPEG. Raises `ValueError`."""
    try:
        body = path.read_bytes()
    except OSError as error:
        raise ValueError(f"cannot be read: {error.strerror}") from error
    if len(body) > LARGEST_LOGO:
        raise ValueError(f"has {len(body)} bytes; {LARGEST_LOGO} is the most")
    start = _PROLOG.sub(b"", body.removeprefix(b"\xef\xbb\xbf"), count=1)
    for signature, content_type in _SIGNATURES.items():
        if start.startswith(signature):
            return Logo(content_type, body)
    raise ValueError("must be an SVG, PNG or JPEG")
