from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from signaling.jpeg import NotAJpeg, read_jpeg
from tests.support.photos import jpeg, segment

JFIF, PROFILE, EXIF, XMP, COMMENT = 0xE0, 0xE2, 0xE1, 0xE1, 0xFE


def test_a_phones_largest_picture_is_taken() -> None:
    assert read_jpeg(jpeg(size=(9280, 6920))).width == 9280


@pytest.mark.parametrize("frame", [0xC0, 0xC1, 0xC2])
def test_the_size_is_the_frames(frame: int) -> None:
    read = read_jpeg(jpeg(size=(4032, 3024), frame=frame))
    assert (read.width, read.height) == (4032, 3024)


def test_a_table_is_not_taken_for_a_frame() -> None:
    read = read_jpeg(jpeg(segment(0xC4, b"\x00\x00\x01\x00\x02"), size=(640, 480)))
    assert (read.width, read.height) == (640, 480)


def test_where_it_was_taken_and_by_what_is_left_out_and_the_rest_stays_as_it_is() -> None:
    table = segment(0xDB, b"table")
    kept = (segment(JFIF, b"JFIF"), segment(PROFILE, b"ICC"), table)
    told = (segment(EXIF, b"Exif: 42.65 N"), segment(XMP, b"xmp"), segment(0xED, b"IPTC"), segment(COMMENT, b"words"))
    assert read_jpeg(jpeg(*told, *kept, scan=b"picture \xff\xd9 ")).data == jpeg(*kept, scan=b"picture \xff\xd9 ")


WHOLE = jpeg(segment(JFIF, b"JFIF"))


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\x89PNG\r\n\x1a\n",
        b"\xff\xd8\xff\xd9",
        WHOLE[:-1],
        b" " + WHOLE,
        jpeg(size=(0, 480)),
        jpeg(size=(640, 0)),
        jpeg(size=(65535, 65535)),
        jpeg(segment(0xC0, b"\x08\xff\xff\xff\xff")),
        jpeg(segment(0xC0, b"\x08\x00\x10\x00\x10"), size=(640, 480)),
        WHOLE.replace(b"\xff\xc0", b"\xff\xc4"),
        b"\xff\xd8" + segment(0xC0, b"\x08")[:6] + b"\xff\xd9",
        b"\xff\xd8\xff\xe0\x00\x00" + WHOLE[2:],
        b"\xff\xd8\xff\xe0\xff\xff" + WHOLE[2:],
    ],
)
def test_what_is_no_jpeg_with_a_size_is_refused(data: bytes) -> None:
    with pytest.raises(NotAJpeg):
        read_jpeg(data)


@given(st.integers(0, len(WHOLE) - 1), st.binary(max_size=6))
def test_whatever_stands_in_it_is_read_or_refused(at: int, put: bytes) -> None:
    try:
        read = read_jpeg(WHOLE[:at] + put + WHOLE[at + len(put) :])
    except NotAJpeg:
        return
    assert 0 < read.width < 65536
    assert 0 < read.height < 65536
