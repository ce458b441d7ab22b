"""Takes the pictures in ``docs/screenshots``: a page of one language and size, by the pages' own words."""

from __future__ import annotations

import json
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from playwright.async_api import Browser, Locator, Page

from tests.support.browsers import DESKTOP, PHONE, frames, new_page, picture_of, screen
from tests.support.clinic import PASSWORD, Clinic

__all__ = ["LANGUAGES", "OUT", "SIZES", "Pictures", "words_of"]

ROOT: Final = Path(__file__).parents[2]
OUT: Final = ROOT / "docs" / "screenshots"
SIZES: Final = {"390": PHONE, "1280": DESKTOP}
LANGUAGES: Final = ("en", "es")

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
        """Write one picture, once the page is at rest."""
        await page.wait_for_timeout(400)
        await page.screenshot(path=OUT / f"{name}-{self.language}-{self.width}.png")

    @asynccontextmanager
    async def page(
        self, browser: Browser, address: str, *, script: str = "", heard: bool = True
    ) -> AsyncIterator[Page]:
        """Open a page of the clinic in this language and size; the rest as for `new_page`."""
        locale = {"en": "en-US", "es": "es-US"}[self.language]
        allowed = ["camera", "microphone"]
        page = await new_page(
            browser, SIZES[self.width], script=script, heard=heard, locale=locale, permissions=allowed
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
