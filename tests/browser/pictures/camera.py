"""Takes one picture: of a page in one language and size, by the pages' own words."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from playwright.async_api import Browser, Locator, Page

from tests.support.browsers import DESKTOP, PHONE, frames, new_page, picture_of, screen
from tests.support.clinic import PASSWORD, Clinic

__all__ = ["LANGUAGES", "OUT", "SIZES", "Pictures", "words_of"]

ROOT: Final = Path(__file__).parents[3]
OUT: Final = ROOT / "docs" / "screenshots"
SIZES: Final = {"390": PHONE, "1280": DESKTOP}
LANGUAGES: Final = ("en", "es")


@dataclass(frozen=True)
class Look:
    """How else a page is seen: another width, dark, or with letters twice as large."""

    name: str
    width: int
    height: int
    dark: bool = False
    large: bool = False


#: In these the English pictures of a size are taken too, of the same page at the same moment: they cost no way of their own.
LOOKS: Final = {
    "390": (Look("320", 320, 568), Look("390-dark", 390, 844, dark=True), Look("390-large", 390, 844, large=True)),
    "1280": (Look("768", 768, 1024), Look("1280-dark", 1280, 800, dark=True)),
}

Words = dict[str, str]


def words_of(language: str) -> Words:
    """Return the pages' own words, so that the pictures follow them."""
    parts = json.loads((ROOT / "web_client" / "i18n" / f"{language}.json").read_text())
    return {key: text for part in ("all", "visit", "care", "test") for key, text in parts[part].items()}


@dataclass
class Pictures:
    """Takes the pictures of one language and size, from one clinic."""

    clinic: Clinic
    language: str
    width: str
    words: Words

    async def take(self, page: Page, name: str) -> None:
        """Write one picture, once the page is at rest and nothing is under the pointer."""
        await page.mouse.move(0, 0)
        await page.wait_for_timeout(400)
        await _write(page, f"{name}-{self.language}-{self.width}")
        if self.language == "en":
            for look in LOOKS[self.width]:
                await self._take_as(page, name, look)
            await _dress(page, Look("", SIZES[self.width]["width"], SIZES[self.width]["height"]))

    async def _take_as(self, page: Page, name: str, look: Look) -> None:
        """Write the page as it looks otherwise, and say when it can be pushed sideways then."""
        await _dress(page, look)
        await page.wait_for_timeout(150)
        await _write(page, f"{name}-en-{look.name}")
        wider = await page.evaluate("() => document.documentElement.scrollWidth - innerWidth")
        if wider > 0:
            print(f"{name}-en-{look.name}: {wider} px wider than the window")

    @asynccontextmanager
    async def page(
        self, browser: Browser, address: str, *, script: str = "", heard: bool = True, **options: Any
    ) -> AsyncIterator[Page]:
        """Open a page of the clinic in this language and size; the rest as for `new_page`."""
        locale = {"en": "en-US", "es": "es-US"}[self.language]
        allowed = ["camera", "microphone"]
        page = await new_page(
            browser, SIZES[self.width], script=script, heard=heard, locale=locale, permissions=allowed, **options
        )
        await page.goto(self.clinic.settings.base_url + address)
        yield page
        await page.context.close()

    def link(self, code: str) -> str:
        """The address of a patient's page in this language."""
        return f"/v?lang={self.language}#{code}"

    async def tap(self, where: Page | Locator, word: str) -> None:
        """Tap the button that carries this word in this language."""
        await where.get_by_role("button", name=self.words[word], exact=True).last.click()

    async def sign_in(self, page: Page, username: str) -> None:
        """Sign in at the care team's page."""
        await screen(page, "signin")
        await page.locator("input").first.fill(username)
        await page.locator("input[type=password]").fill(PASSWORD)
        await page.locator("button[type=submit]").click()
        await screen(page, "queue")

    async def wait(self, page: Page) -> None:
        """Go from the link into the waiting room: two taps."""
        await self.tap(page, "start.button")
        await screen(page, "devices")
        await self.tap(page, "devices.join")
        await screen(page, "waiting")

    async def moves(self, page: Page, *names: str) -> None:
        """Wait until the pictures of these names move."""
        for name in names:
            await picture_of(page, name).wait_for(state="attached")
            while await frames(page, name) < 30:
                await page.wait_for_timeout(100)

    def row(self, page: Page, name: str) -> Locator:
        """A patient's row in the list."""
        return page.get_by_role("listitem", name=re.compile(name)).first

    async def dialog(self, page: Page, word: str, name: str) -> None:
        """Open a dialog by its button, take it, and close it."""
        await self.tap(page, word)
        await page.get_by_role("dialog").wait_for()
        await self.take(page, name)
        await page.keyboard.press("Escape")
        await page.get_by_role("dialog").wait_for(state="detached")


async def _write(page: Page, name: str) -> None:
    browser = await page.context.new_cdp_session(page)
    # Playwright itself writes PNG and JPEG only, which weigh three times as much.
    taken = await browser.send("Page.captureScreenshot", {"format": "webp", "quality": 60})
    await browser.detach()
    (OUT / f"{name}.webp").write_bytes(base64.b64decode(taken["data"]))


async def _dress(page: Page, look: Look) -> None:
    await page.set_viewport_size({"width": look.width, "height": look.height})
    await page.emulate_media(color_scheme="dark" if look.dark else "light")
    # The browser's own setting, which media queries follow too.
    browser = await page.context.new_cdp_session(page)
    await browser.send("Page.setFontSizes", {"fontSizes": {"standard": 32 if look.large else 16}})
    await browser.detach()
