"""Every screen, in both languages, as a machine can judge it: axe's rules for WCAG 2.2 AA, and nothing wider than the screen."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

from playwright.async_api import Browser, Page

from tests.support.browsers import PATIENT_NAME, PHONE, Journey, chromium, new_page, screen, sign_in
from tests.support.marks import PATIENT

_AXE: Final = Path(__file__).parents[2] / "node_modules" / "axe-core" / "axe.min.js"
_RULES: Final = ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa"]
_JUDGE: Final = """
async rules => (await axe.run(document, {runOnly: rules, resultTypes: ['violations']})).violations
  .map(({id, nodes}) => `${id} at ${nodes.map(node => node.target.join(' ')).join(' and ')}`)
"""
# What sticks out of the window at the side: the page itself, or something to read or tap in it.
_TOO_WIDE: Final = """
() => [...document.querySelectorAll('h1, h2, p, a, button, li, label, dt, dd, input')]
  .filter(one => one.checkVisibility() && !one.closest('.hidden') && one.getBoundingClientRect().right > innerWidth + 1)
  .map(one => `${one.tagName} "${one.textContent.trim().slice(0, 40)}"`)
  .concat(document.documentElement.scrollWidth > innerWidth ? ['the page'] : [])
"""
_NARROW: Final = 320
_SCARCE: Final = [("320 px", _NARROW, "100%"), ("text of 200 %", PHONE["width"], "200%")]


class Judge:
    """Collects what is wrong on all screens of a journey, so that one run tells it all."""

    def __init__(self) -> None:
        self.found: list[str] = []

    async def open(self, browser: Browser, address: str, **options: Any) -> Page:
        """Open a page that axe can be put into."""
        page = await new_page(browser, PHONE, bypass_csp=True, **options)
        await page.goto(address)
        return page

    async def axe(self, page: Page, where: str) -> None:
        """Run the rules on the page as it stands."""
        if not await page.evaluate("'axe' in window"):
            await page.evaluate(_AXE.read_text())
        language = await page.evaluate("document.documentElement.lang")
        self.found += [f"{where} ({language}): {one}" for one in await page.evaluate(_JUDGE, _RULES)]

    async def both(self, page: Page, where: str) -> None:
        """Run the rules in both languages; the page is left in the one it had."""
        for _ in range(2):
            await self.axe(page, where)
            await self.speak_the_other(page)

    async def fits(self, page: Page, where: str) -> None:
        """Look for what is cut off or must be scrolled to the side, on a narrow screen and with large text, in both languages."""
        for _ in range(2):
            for condition, width, size in _SCARCE:
                await page.set_viewport_size({"width": width, "height": PHONE["height"]})
                await page.evaluate("size => { document.documentElement.style.fontSize = size; }", size)
                self.found += [f"{where} at {condition}: {one}" for one in await page.evaluate(_TOO_WIDE)]
            await self.speak_the_other(page)
        await page.evaluate("() => { document.documentElement.style.fontSize = ''; }")
        await page.set_viewport_size({"width": PHONE["width"], "height": PHONE["height"]})

    @staticmethod
    async def speak_the_other(page: Page) -> None:
        """Tap the language."""
        language = await page.evaluate("document.documentElement.lang")
        await page.locator(".language").click()
        await page.wait_for_function("before => document.documentElement.lang !== before", arg=language)


async def test_a_visit_is_open_to_all(journey: Journey) -> None:
    judge = Judge()
    patient = await judge.open(journey.patient_browser, journey.demo.link())
    staff = await judge.open(journey.provider_browser, f"{journey.demo.base_url}/care")
    await screen(patient, "start")
    await screen(staff, "signin")
    await judge.both(staff, "signin")
    for at, button in (("start", "Start"), ("devices", "Join"), ("waiting", "")):
        await screen(patient, at)
        if at == "devices":
            await patient.get_by_role("button", name="Join", exact=True).wait_for()
        await judge.both(patient, at)
        await judge.fits(patient, at)
        if button:
            await patient.get_by_role("button", name=button, exact=True).click()

    await sign_in(staff, journey.demo.base_url, *journey.demo.staff())
    await staff.get_by_role("listitem").filter(has_text=PATIENT_NAME).wait_for()
    await judge.both(staff, "queue")
    await judge.fits(staff, "queue")
    await staff.get_by_role("listitem").filter(has_text=PATIENT_NAME).click()
    await screen(staff, "preview")
    await judge.both(staff, "preview")
    await judge.fits(staff, "preview")

    await staff.get_by_role("button", name="Admit", exact=True).click()
    await screen(patient, "visit")
    await screen(staff, "visit")
    for page, where in ((patient, "visit"), (staff, "visit of staff")):
        await page.locator("video.video-remote").wait_for()
        await judge.both(page, where)
        await judge.fits(page, where)
    for page, other in ((patient, staff), (staff, patient)):
        for name in ("Mute", "Camera"):
            await page.get_by_role("button", name=name, exact=True).click()
        await other.locator(".stage-words").wait_for()
    for page, where in ((patient, "visit without pictures"), (staff, "visit of staff without pictures")):
        await judge.both(page, where)
        await judge.fits(page, where)

    await staff.get_by_role("button", name="End for everyone").click()
    await judge.axe(staff, "question")
    await staff.keyboard.press("Escape")
    await patient.get_by_role("button", name="Leave", exact=True).click()
    await screen(patient, "ended")
    await judge.both(patient, "left")
    assert judge.found == []


async def test_dead_ends_are_open_to_all(journey: Journey, camera_folder: Path) -> None:
    judge = Judge()
    browser, demo = journey.patient_browser, journey.demo
    for address, at in (
        (demo.link("early"), "early"),
        (demo.link("past"), "expired"),
        (f"{demo.base_url}/v#AAAAAAAAAAAAAAAAAAAAAA", "error"),
    ):
        page = await judge.open(browser, address)
        await screen(page, at)
        await judge.both(page, at)
        await page.context.close()

    first = await judge.open(browser, demo.link())
    await first.get_by_role("button", name="Start", exact=True).click()
    await screen(first, "devices")
    second = await judge.open(browser, demo.link())
    await screen(second, "start")
    await judge.both(second, "start, open elsewhere")
    await second.get_by_role("button", name="Start", exact=True).click()
    await screen(first, "replaced")
    await judge.both(first, "replaced")

    async with chromium(PATIENT, camera_folder, deny=True) as barred:
        page = await judge.open(barred, demo.link("open", 1))
        await page.get_by_role("button", name="Start", exact=True).click()
        await page.get_by_role("button", name="Sound only", exact=True).wait_for()
        await judge.both(page, "blocked")
        await page.get_by_role("button", name="Sound only", exact=True).click()
        await page.get_by_role("button", name="Join and only listen", exact=True).click()
        await screen(page, "waiting")
        await page.reload()
        await page.get_by_role("button", name="Try again", exact=True).wait_for()
        await judge.both(page, "waiting, blocked")
    assert judge.found == []
