"""JPEGs by the byte: no picture can be made of them, but what a server looks at is right."""

from __future__ import annotations

import struct

__all__ = ["jpeg", "segment"]


def segment(marker: int, content: bytes) -> bytes:
    """Return a segment: marker, length, content."""
    return struct.pack(">BBH", 0xFF, marker, len(content) + 2) + content


def jpeg(*segments: bytes, size: tuple[int, int] = (4032, 3024), scan: bytes = b"scan", frame: int = 0xC0) -> bytes:
    """Return a JPEG of this size, with these segments before the frame."""
    width, height = size
    header = segment(frame, struct.pack(">BHHB", 8, height, width, 1) + b"\x01\x11\x00")
    start = segment(0xDA, b"\x01\x01\x00\x00\x3f\x00")
    return b"".join([b"\xff\xd8", *segments, header, start, scan, b"\xff\xd9"])
