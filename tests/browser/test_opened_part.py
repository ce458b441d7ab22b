"""What is needed only when it is opened comes apart: an ordinary visit goes without, and nobody who opens it is left in silence."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path

from playwright.async_api import Page, Route

import web_client
from signaling.built_pages import BUILT, joined_pages
from tests.support.browsers import Journey, expect, new_page, screen

_ROOT = Path(web_client.root())
# The part is one file of built/, or begins with its own module when the page's modules are not joined.
_NAMES = (
    json.loads((_ROOT / BUILT / "manifest.json").read_text())["pages"]["patient"]["opened"]
    if joined_pages(_ROOT)
    else []
) or ["opened.js"]
_PART = f"**/{_NAMES[0]}"


class Refusal:
    """The network gives everything but that part, as long as it is on."""

    def __init__(self) -> None:
        self.on = True
        self.asked = asyncio.Event()

    async def __call__(self, route: Route) -> None:
        self.asked.set()
        await (route.abort() if self.on else route.continue_())


async def _waiting(journey: Journey, refusal: Refusal | None = None) -> Page:
    page = await new_page(journey.patient_browser)
    if refusal is not None:
        await page.route(_PART, refusal)
    await page.goto(journey.demo.link())
    await page.get_by_role("button", name="Start", exact=True).click()
    await screen(page, "devices")
    await page.get_by_role("button", name="Join", exact=True).click()
    await screen(page, "waiting")
    return page


async def _in_visit(journey: Journey, patient: Page) -> Page:
    staff = await journey.staff()
    await journey.admit(staff)
    await screen(patient, "visit")
    return staff


async def test_an_ordinary_visit_goes_from_the_link_to_its_end_without_it(journey: Journey) -> None:
    refusal = Refusal()
    patient = await _waiting(journey, refusal)
    scripts: list[str] = []
    patient.on("request", lambda request: scripts.append(request.url) if request.resource_type == "script" else None)
    staff = await _in_visit(journey, patient)
    await staff.get_by_role("button", name="End for everyone", exact=True).click()
    await staff.get_by_role("dialog").get_by_role("button", name="End for everyone", exact=True).click()
    await screen(patient, "ended")
    await asyncio.wait_for(refusal.asked.wait(), 15)
    assert [url for url in scripts if not url.endswith(_NAMES[0])] == []


async def test_a_panel_whose_part_does_not_come_says_so_and_opens_at_the_next_tap(journey: Journey) -> None:
    refusal = Refusal()
    patient = await _waiting(journey, refusal)
    await _in_visit(journey, patient)
    await patient.get_by_role("button", name="Chat", exact=True).click()
    panel = patient.get_by_role("region", name="Chat", exact=True)
    await expect(panel.get_by_role("status")).to_have_text(
        "This part did not load. Check your internet. Then try again."
    )
    await expect(panel.get_by_role("heading", name="Chat")).to_be_focused()
    refusal.on = False
    await panel.get_by_role("button", name="Try again").click()
    await expect(panel.get_by_label("Your message")).to_be_visible()
    await expect(panel.get_by_role("heading", name="Chat")).to_be_focused()
    await patient.get_by_role("button", name="More", exact=True).click()
    await expect(patient.get_by_role("region", name="More").get_by_role("button", name="Large text")).to_be_visible()


async def test_what_is_opened_while_the_line_is_down_has_come_before(journey: Journey) -> None:
    page = await new_page(journey.patient_browser)
    come = asyncio.Event()
    page.on("requestfinished", lambda request: come.set() if request.url.endswith(_NAMES[0]) else None)
    await page.goto(journey.demo.link())
    await page.get_by_role("button", name="Start", exact=True).click()
    await page.get_by_role("button", name="Join", exact=True).click()
    await screen(page, "waiting")
    await asyncio.wait_for(come.wait(), 30)
    await _in_visit(journey, page)
    await page.context.set_offline(True)
    await page.get_by_role("button", name="Chat", exact=True).click()
    await expect(page.get_by_label("Your message")).to_be_visible()
    await page.get_by_role("button", name="More", exact=True).click()
    await page.get_by_role("region", name="More").get_by_role("button", name="Send a photo").click()
    await expect(
        page.get_by_role("region", name="Send a photo").get_by_role("button", name="Take photo")
    ).to_be_visible()
