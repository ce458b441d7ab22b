"""Each page in each of its states, in both languages, light and dark, narrow and with letters twice as large."""

from __future__ import annotations

import pytest
from playwright.async_api import Browser

from tests.support.browsers import DESKTOP, PHONE
from tests.support.demo_process import DemoProcess
from tests.support.every_state import Gallery

_ADDRESSES = {"patient": "/v#sample", "care": "/care", "test": "/test"}
# So high that nothing lies half below the bar at the foot: axe takes what is covered for too small.
_PHONE = PHONE | {"height": 1800}


@pytest.mark.parametrize(("name", "viewport"), [("patient", _PHONE), ("care", DESKTOP), ("test", _PHONE)])
async def test_no_rule_of_axe_is_broken_in_any_state_and_language(
    demo: DemoProcess, patient_browser: Browser, name: str, viewport: dict[str, int]
) -> None:
    gallery = await Gallery.open(patient_browser, demo.base_url + _ADDRESSES[name], name, viewport)
    found = await gallery.judge("axe")
    await gallery.page.emulate_media(color_scheme="dark")
    found += [f"dark: {one}" for one in await gallery.judge("contrast", languages=("en",))]
    print(f"{name}: {len(gallery.names)} states, 2 languages, light and dark")
    assert not found, "\n".join(found)


@pytest.mark.parametrize(("name", "least_px"), [("patient", 44), ("care", 24), ("test", 44)])
async def test_every_state_is_whole_fits_and_can_be_tapped(
    demo: DemoProcess, patient_browser: Browser, name: str, least_px: int
) -> None:
    gallery = await Gallery.open(patient_browser, demo.base_url + _ADDRESSES[name], name, PHONE)
    found = await gallery.judge("read", least_px=least_px)
    await gallery.page.set_viewport_size({"width": 320, "height": 568})
    found += [f"320 px: {one}" for one in await gallery.judge("wide")]
    await gallery.page.set_viewport_size({"width": PHONE["width"], "height": PHONE["height"]})
    await gallery.page.evaluate("() => { document.documentElement.style.fontSize = '200%'; }")
    found += [f"text of 200 %: {one}" for one in await gallery.judge("wide")]
    assert not found, "\n".join(found)
