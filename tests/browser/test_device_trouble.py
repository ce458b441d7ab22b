"""Each trouble with a camera or a microphone, in its own words, and the way on from there without help."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Final

import pytest

from tests.support.browsers import PATIENT_NAME, Journey, expect, new_page, screen, sounds
from tests.support.marks import PATIENT
from tests.support.troubles import FACEBOOK, SILENT, asks_fail

_INSECURE: Final = """
Object.defineProperty(navigator, 'mediaDevices', {value: undefined});
Object.defineProperty(window, 'isSecureContext', {value: false});
"""


@dataclass(frozen=True)
class _Trouble:
    script: str
    says: tuple[str, ...]
    ways: tuple[str, ...]
    options: dict[str, Any] = field(default_factory=dict)


_NOBODY_HEARS: Final = ("Sound only", "Join and only listen")
_TROUBLES: Final = (
    _Trouble(
        asks_fail("NotAllowedError", "Permission denied"),
        ("Your camera and microphone are blocked", "Turn on Camera and Microphone."),
        _NOBODY_HEARS,
    ),
    _Trouble(
        asks_fail("NotAllowedError", "Permission denied by system"),
        ("This browser may not use your camera or microphone", "Find Privacy."),
        _NOBODY_HEARS,
    ),
    _Trouble(
        asks_fail("NotReadableError", kinds="video"),
        ("Another app is using your camera or microphone", "Close other apps that use video or calls."),
        ("Sound only", "Join"),
    ),
    _Trouble(asks_fail("NotFoundError", kinds="video"), ("We did not find a camera",), ("Sound only", "Join")),
    _Trouble(asks_fail("NotFoundError", kinds="audio"), ("We did not find a microphone",), ("Join",)),
    _Trouble(asks_fail("NotFoundError"), ("We did not find a camera or a microphone",), ("Sound only", "Join")),
    _Trouble(SILENT, ("We can not hear you yet.",), ("Join",)),
    _Trouble(_INSECURE, ("This page is not safe to use your camera",), _NOBODY_HEARS),
    _Trouble(
        asks_fail("NotAllowedError", "Permission denied"),
        ("This app can not use your camera", "You are in the Facebook app.", "Open Safari and paste it."),
        ("Copy the link",),
        {"user_agent": FACEBOOK},
    ),
)


async def test_each_trouble_with_a_device_has_its_words_and_a_way_on(journey: Journey) -> None:
    for trouble in _TROUBLES:
        page = await new_page(journey.patient_browser, script=trouble.script, **trouble.options)
        await page.goto(journey.demo.link())
        await page.get_by_role("button", name="Start", exact=True).click()
        await screen(page, "devices")
        for words in trouble.says:
            # A microphone is given 8 s to be heard.
            await expect(page.get_by_text(words).first).to_be_visible(timeout=12_000)
        *taps, way_on = (page.get_by_role("button", name=name, exact=True) for name in trouble.ways)
        for button in taps:
            await button.click()
        # Nobody joins here: the next device would find the place in line taken, and skip the check.
        await expect(way_on).to_be_enabled()
        # A button that goes with its tap takes the focus with it otherwise.
        assert await page.evaluate("document.activeElement !== document.body")
        await page.context.close()


@pytest.mark.parametrize("answer", ["NotReadableError", "NotFoundError"])
async def test_with_no_camera_or_one_in_use_the_visit_goes_by_sound(journey: Journey, answer: str) -> None:
    page = await new_page(journey.patient_browser, script=asks_fail(answer, kinds="video"))
    await page.goto(journey.demo.link())
    for name in ("Start", "Sound only", "Join"):
        await page.get_by_role("button", name=name, exact=True).click()
    await screen(page, "waiting")
    staff = await journey.staff()
    await journey.admit(staff)
    await screen(page, "visit")
    await sounds(staff, PATIENT_NAME, PATIENT)
    await expect(staff.get_by_text(f"{PATIENT_NAME}’s camera is off.")).to_be_visible()


async def test_a_link_that_an_app_does_not_let_be_copied_is_shown(journey: Journey) -> None:
    barred = (
        asks_fail("NotAllowedError", "Permission denied")
        + "Object.defineProperty(navigator, 'clipboard', {value: undefined});"
    )
    page = await new_page(journey.patient_browser, script=barred, user_agent=FACEBOOK)
    await page.goto(journey.demo.link())
    for name in ("Start", "Copy the link"):
        await page.get_by_role("button", name=name, exact=True).click()
    await expect(page.get_by_text("We could not copy the link.")).to_be_visible()
    await expect(page.get_by_label("The link")).to_have_value(page.url)
    await page.set_viewport_size({"width": 320, "height": 640})
    assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth")
