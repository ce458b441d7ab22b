"""What staff have at hand in the visit: other devices and sizes, the emergency card, help with a device of their own."""

from __future__ import annotations

from typing import Final

from tests.support.accessibility import Judge
from tests.support.browsers import PATIENT_NAME, Journey, expect, screen, sign_in

# What the browser of a person says who has tapped "Block".
_BLOCKED: Final = """
navigator.mediaDevices.getUserMedia = async () => { throw new DOMException('Permission denied', 'NotAllowedError'); };
"""


# Leave and End stand side by side, apart from what only switches something, and each is as large as a finger.
_ORDERLY: Final = """
() => {
  const boxes = all => [...document.querySelectorAll(all)].map(one => one.getBoundingClientRect()).filter(one => one.width > 0);
  const [switches, out] = [boxes('.controls > .control'), boxes('.controls-out > .control')];
  const row = all => new Set(all.map(one => one.top)).size === 1 && all.every(one => one.height >= 48 && one.right <= innerWidth);
  return switches.length === 4 && out.length === 2 && row(switches) && row(out) && out[0].top >= switches[0].bottom;
}
"""


async def test_more_and_the_card_are_at_hand_in_the_visit_also_when_the_line_is_down(journey: Journey) -> None:
    judge = Judge()
    patient = await journey.wait()
    staff = await judge.open(journey.provider_browser, f"{journey.demo.base_url}/care")
    await sign_in(staff, journey.demo.base_url, *journey.demo.staff())
    await journey.admit(staff)
    await screen(patient, "visit")
    for width in (320, 390):
        await staff.set_viewport_size({"width": width, "height": 844})
        await staff.wait_for_function(_ORDERLY)
    await expect(staff.locator(".lines")).to_contain_text(PATIENT_NAME)

    more = staff.get_by_role("button", name="More", exact=True)
    panel = staff.get_by_role("region", name="More")
    await more.press("Enter")
    await expect(panel.get_by_role("heading", name="More")).to_be_focused()
    await judge.both(staff, "visit, More")
    await judge.fits(staff, "visit, More")
    await panel.get_by_role("button", name="Large text").click()
    assert await staff.evaluate("getComputedStyle(document.documentElement).fontSize") == "24px"
    await panel.get_by_role("button", name="Large text").click()
    await panel.get_by_role("button", name="Full screen").click()
    await staff.wait_for_function("() => document.fullscreenElement !== null")
    await staff.evaluate("document.exitFullscreen()")
    await staff.keyboard.press("Escape")
    await expect(more).to_be_focused()

    await journey.demo.kill()
    await expect(staff.get_by_text("The connection is lost.")).to_be_visible()
    await staff.keyboard.press("e")
    card = staff.get_by_role("dialog")
    await expect(card.get_by_role("heading", name=f"Emergency: {PATIENT_NAME}")).to_be_focused()
    await expect(card.get_by_text("The line is down. This is what was last known.")).to_be_visible()
    await expect(card.locator(".card-place")).to_contain_text("Ask: where are you right now?")
    await expect(card.get_by_role("link", name="911")).to_have_attribute("href", "tel:911")
    await judge.axe(staff, "card, line down")
    assert not judge.found, "\n".join(judge.found)


async def test_a_camera_that_is_blocked_is_told_with_the_steps_of_this_browser(journey: Journey) -> None:
    await journey.wait()
    journey.script = _BLOCKED
    staff = await journey.staff()
    await journey.admit(staff)
    banner = staff.locator(".call-bar .banner")
    await expect(banner.get_by_text("Your camera and microphone are blocked")).to_be_visible()
    await expect(banner.get_by_role("listitem")).to_have_count(3)
    await expect(banner.get_by_text("Click the icon at the left of the address.")).to_be_visible()
    await expect(banner.get_by_role("button", name="Try again")).to_be_visible()
