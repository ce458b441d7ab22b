"""What the server looks at in a JPEG (ITU-T T.81 annex B): that it is one and how large; where it was taken is left out."""

from __future__ import annotations

import struct
from dataclasses import dataclass, field
from typing import Final

__all__ = ["Jpeg", "NotAJpeg", "read_jpeg"]

SOI: Final = b"\xff\xd8"
EOI: Final = b"\xff\xd9"
SOS: Final = 0xDA
MOST_PIXELS: Final = 100_000_000
"""More than phones make of 8 MB. A few bytes can claim 65535 x 65535, for which the clinician's page would want 16 GB."""

_FILL: Final = 0xFF
_FRAMES: Final = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
_APPLICATION: Final = frozenset(range(0xE0, 0xF0))
_COMMENT: Final = 0xFE
_KEPT: Final = frozenset({0xE0, 0xE2, 0xEE})
"""JFIF, the colour profile and Adobe's transform: without these the colours would be others. EXIF, XMP and the rest go."""


class NotAJpeg(Exception):
    """The bytes are no whole JPEG of one size that can be shown."""


@dataclass(frozen=True, slots=True)
class Jpeg:
    """A picture without what describes it; ``width`` and ``height`` in pixels."""

    width: int
    height: int
    data: bytes = field(repr=False)


def read_jpeg(data: bytes) -> Jpeg:
    """Return the picture without its metadata. Raises `NotAJpeg`."""
    if not (data.startswith(SOI) and data.endswith(EOI)):
        raise NotAJpeg
    kept, size, at = [SOI], None, len(SOI)
    while True:
        try:
            prefix, marker, length = struct.unpack_from(">BBH", data, at)
        except struct.error as error:
            raise NotAJpeg from error
        end = at + 2 + length
        if prefix != _FILL or length < struct.calcsize(">H") or end > len(data):
            raise NotAJpeg
        if marker in _FRAMES:
            if size is not None:
                # A decoder takes one of two sizes, and perhaps not the one that was judged.
                raise NotAJpeg
            size = _size(data[at + 4 : end])
        if marker in _KEPT or marker not in _APPLICATION | {_COMMENT}:
            kept.append(data[at:end])
        at = end
        if marker == SOS:
            break
    if size is None:
        raise NotAJpeg
    width, height = size
    return Jpeg(width, height, b"".join([*kept, data[at:]]))


def _size(frame: bytes) -> tuple[int, int]:
    try:
        _, height, width = struct.unpack_from(">BHH", frame)
    except struct.error as error:
        raise NotAJpeg from error
    if not 0 < width * height <= MOST_PIXELS:
        raise NotAJpeg
    return width, height
