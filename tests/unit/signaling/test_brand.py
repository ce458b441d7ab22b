"""A clinic's colour and logo: what every screen can bear, and nothing else."""

from __future__ import annotations

from pathlib import Path

import pytest

from signaling.brand import contrast, read_logo, readable_color
from signaling.clinics import Clinics
from signaling.settings import SettingsInvalid, load_settings

SVG = b'<?xml version="1.0"?>\n<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 8 8"><path d="M0 0h8v8z"/></svg>'


def mixed(color: str, share: float, other: tuple[int, int, int]) -> str:
    """As CSS does with `color-mix(in srgb, ...)`."""
    channels = [int(color[at : at + 2], 16) for at in (1, 3, 5)]
    return "#" + "".join(
        f"{round(share * one + (1 - share) * two):02x}" for one, two in zip(channels, other, strict=True)
    )


def test_contrast_is_that_of_the_guidelines() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize("color", ["#ffb300", "#767676", "#00aaff"])
def test_a_colour_on_which_words_are_hard_to_read_is_refused(color: str) -> None:
    with pytest.raises(ValueError, match="contrast"):
        readable_color(color)


@pytest.mark.parametrize("color", ["#0B5A6B", "#000000", "#7a0019", "#003da5", "#595959", "#00573d"])
def test_a_dark_page_keeps_the_contrast(color: str) -> None:
    told = readable_color(color)
    on_dark = mixed(told, 0.35, (255, 255, 255))
    assert contrast(on_dark, "#101b1f") >= 7
    assert contrast(on_dark, "#06242b") >= 6.5


def test_a_logo_is_told_by_its_content(tmp_path: Path) -> None:
    for name, content, kind in [("a", SVG, "image/svg+xml"), ("b", b"\x89PNG\r\n\x1a\n...", "image/png")]:
        path = tmp_path / name
        path.write_bytes(content)
        assert read_logo(path).content_type == kind
    (tmp_path / "page.svg").write_bytes(b"<html><script>1</script></html>")
    (tmp_path / "large.svg").write_bytes(SVG + b" " * 100_000)
    for name, why in [("page.svg", "SVG, PNG or JPEG"), ("large.svg", "bytes"), ("none.svg", "cannot be read")]:
        with pytest.raises(ValueError, match=why):
            read_logo(tmp_path / name)


@pytest.mark.parametrize(
    "before",
    [
        b'<?xml version="1.0"?>\n<!-- Created with a drawing program > -->\n',
        b'\xef\xbb\xbf<?xml version="1.0"?>\r\n<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "svg11.dtd">\r\n',
    ],
)
def test_a_logo_is_taken_as_drawing_programs_write_it(tmp_path: Path, before: bytes) -> None:
    (tmp_path / "logo").write_bytes(before + SVG)
    assert read_logo(tmp_path / "logo").content_type == "image/svg+xml"


def test_each_clinic_wears_its_own(tmp_path: Path) -> None:
    (tmp_path / "logo.svg").write_bytes(SVG)
    told = {"main": {"brand_color": "#7A0019", "logo": str(tmp_path / "logo.svg")}, "second": {}}
    clinics = Clinics(load_settings(clinics=told))
    main, second = clinics.card("main"), clinics.card("second")
    assert (main.color, second.color, second.logo) == ("#7a0019", None, None)
    assert [logo.address for logo in clinics.logos] == [main.logo]


@pytest.mark.parametrize("look", [{"brand_color": "#ffb300"}, {"brand_color": "teal"}, {"logo": "no-such.svg"}])
def test_a_look_that_does_not_work_stops_the_start_with_its_name(look: dict[str, str]) -> None:
    with pytest.raises(SettingsInvalid, match="clinics.main"):
        load_settings(clinics={"main": look})
