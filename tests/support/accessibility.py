"""What a machine can judge of a screen: axe's rules for WCAG 2.2 AA, and that nothing is wider than the screen."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

from playwright.async_api import Page

from tests.support.browsers import PHONE, Device, new_page

__all__ = ["AXE", "RULES", "TOO_WIDE", "Judge"]

AXE: Final = Path(__file__).parents[2] / "node_modules" / "axe-core" / "axe.min.js"
RULES: Final = ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa"]
_JUDGE: Final = """
async rules => (await axe.run(document, {runOnly: rules, resultTypes: ['violations']})).violations
  .map(({id, nodes}) => `${id} at ${nodes.map(node => node.target.join(' ')).join(' and ')}`)
"""
# What sticks out of the window at the side: the page itself, or something to read or tap in it.
TOO_WIDE: Final = """
() => [...document.querySelectorAll('h1, h2, p, a, button, li, label, dt, dd, input')]
  .filter(one => one.checkVisibility() && !one.closest('.hidden') && one.getBoundingClientRect().right > innerWidth + 1)
  .map(one => `${one.tagName} "${one.textContent.trim().slice(0, 40)}"`)
  .concat(document.documentElement.scrollWidth > innerWidth ? ['the page'] : [])
"""
# What has only just appeared is not read to anybody: a live region is there before its words are.
_ABSENT: Final = """
() => [...document.querySelectorAll('[role=status], [role=alert]')]
  .filter(one => getComputedStyle(one).display === 'none' && !one.closest('dialog:not([open]), details:not([open])'))
  .map(one => `${one.className || one.parentElement.className}`)
"""
_NARROW: Final = 320
_SCARCE: Final = [("320 px", _NARROW, "100%"), ("text of 200 %", PHONE["width"], "200%")]


class Judge:
    """Collects what is wrong on all screens of a journey, so that one run tells it all."""

    def __init__(self) -> None:
        self.found: list[str] = []

    async def open(self, browser: Device, address: str, **options: Any) -> Page:
        """Open a page that axe can be put into."""
        page = await new_page(browser, PHONE, bypass_csp=True, **options)
        await page.goto(address)
        return page

    async def axe(self, page: Page, where: str) -> None:
        """Run the rules on the page as it stands."""
        if not await page.evaluate("'axe' in window"):
            await page.evaluate(AXE.read_text())
        language = await page.evaluate("document.documentElement.lang")
        self.found += [f"{where} ({language}): {one}" for one in await page.evaluate(_JUDGE, RULES)]
        self.found += [f"{where}: no live region at {one}" for one in await page.evaluate(_ABSENT)]

    async def both(self, page: Page, where: str) -> None:
        """Run the rules in both languages; the page is left in the one it had."""
        for _ in range(2):
            await self.axe(page, where)
            await self.speak_the_other(page)

    async def fits(self, page: Page, where: str) -> None:
        """Look for what is cut off or must be scrolled to the side, on a narrow screen and with large text, in both languages."""
        for _ in range(2):
            await self.fits_as_it_is(page, where)
            await self.speak_the_other(page)

    async def fits_as_it_is(self, page: Page, where: str) -> None:
        """Look for it in the page's language alone."""
        for condition, width, size in _SCARCE:
            await page.set_viewport_size({"width": width, "height": PHONE["height"]})
            await page.evaluate("size => { document.documentElement.style.fontSize = size; }", size)
            self.found += [f"{where} at {condition}: {one}" for one in await page.evaluate(TOO_WIDE)]
        await page.evaluate("() => { document.documentElement.style.fontSize = ''; }")
        await page.set_viewport_size({"width": PHONE["width"], "height": PHONE["height"]})

    @staticmethod
    async def speak_the_other(page: Page) -> None:
        """Tap the language."""
        language = await page.evaluate("document.documentElement.lang")
        await page.locator(".language[lang]").click()
        await page.wait_for_function("before => document.documentElement.lang !== before", arg=language)
