from __future__ import annotations

import pytest

from signaling.content_coding import choose_coding

OFFERED = ("br", "gzip")


@pytest.mark.parametrize(
    ("field", "chosen"),
    [
        ("gzip, deflate, br, zstd", "br"),
        ("gzip, deflate", "gzip"),
        ("GZip", "gzip"),
        ("x-gzip", "gzip"),
        ("br;q=0, gzip", "gzip"),
        ("br;q=0.0,gzip;q=0", "identity"),
        ("br; q=0.5, gzip; q=0.8", "gzip"),
        ("br;q=0.8, gzip;q=0.8", "br"),
        ("*", "br"),
        ("*;q=0.2, br;q=0", "gzip"),
        ("*;q=0", "identity"),
        ("identity", "identity"),
        ("identity, br;q=0.5", "identity"),
        ("identity;q=0.5, br;q=0.5", "br"),
        ("identity;q=0, *;q=0", "identity"),
        ("deflate, zstd", "identity"),
        ("br;q=x, gzip", "gzip"),
        ("br;q=nan, gzip;q=2", "identity"),
        ("brotli, not-gzip", "identity"),
        (" , ;q=1,", "identity"),
        ("", "identity"),
    ],
)
def test_the_form_that_is_wanted_most_is_chosen(field: str, chosen: str) -> None:
    assert choose_coding([field], OFFERED) == chosen


def test_several_lines_are_one_list_and_no_line_wants_nothing() -> None:
    assert choose_coding(["gzip", "br"], OFFERED) == "br"
    assert choose_coding([], OFFERED) == "identity"


def test_what_is_not_offered_is_not_chosen() -> None:
    assert choose_coding(["br"], ()) == "identity"
    assert choose_coding(["br, gzip;q=0.1"], ("gzip",)) == "gzip"
