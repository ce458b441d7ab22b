"""Makes the pictures in ``docs/screenshots`` from the real pages: every screen, at phone and desktop size, in both languages."""

from __future__ import annotations

import asyncio
import shutil
import tempfile
from pathlib import Path
from typing import Final

from playwright.async_api import Browser, Page

from tests.support.browsers import (
    DESKTOP,
    PATIENT_NAME,
    PHONE,
    PROVIDER_NAME,
    chromium,
    frames,
    new_page,
    screen,
)
from tests.support.demo_process import DemoProcess
from tests.support.portraits import CLINICIAN, SITTER

OUT: Final = Path(__file__).parents[2] / "docs" / "screenshots"
SIZES: Final = {"390": PHONE, "1280": DESKTOP}
WORDS: Final = {
    "en": {"start": "Start", "join": "Join", "leave": "Leave", "admit": "Admit", "end": "End for everyone"},
    "es": {"start": "Empezar", "join": "Entrar", "leave": "Salir", "admit": "Admitir", "end": "Terminar para todos"},
}


class Pictures:
    """Takes the pictures of one language and size."""

    def __init__(self, demo: DemoProcess, language: str, width: str) -> None:
        self._demo = demo
        self._language = language
        self._width = width
        self._words = WORDS[language]

    async def take(self, page: Page, name: str) -> None:
        """Write one picture, once the page is at rest."""
        await page.wait_for_timeout(400)
        await page.screenshot(path=OUT / f"{name}-{self._language}-{self._width}.png")

    async def page(self, browser: Browser) -> Page:
        """Open a page in this language and size."""
        locale = {"en": "en-US", "es": "es-US"}[self._language]
        return await new_page(browser, SIZES[self._width], locale=locale, permissions=["camera", "microphone"])

    async def tap(self, page: Page, word: str) -> None:
        """Tap the button that carries this word in this language."""
        await page.get_by_role("button", name=self._words[word], exact=True).last.click()

    async def all(self, patients: Browser, clinicians: Browser) -> None:
        """Go through a visit and the pages around it."""
        await self.dead_ends(patients)
        staff = await self.page(clinicians)
        await staff.goto(f"{self._demo.base_url}/care")
        await screen(staff, "signin")
        await self.take(staff, "care-signin")
        username, password = self._demo.staff()
        await staff.locator("input").first.fill(username)
        await staff.locator("input[type=password]").fill(password)
        await staff.locator("button[type=submit]").click()
        await screen(staff, "queue")

        patient = await self.page(patients)
        await patient.goto(self._demo.link())
        await screen(patient, "start")
        await self.take(patient, "patient-start")
        await self.tap(patient, "start")
        await screen(patient, "devices")
        await patient.wait_for_timeout(1200)
        await self.take(patient, "patient-devices")
        await self.tap(patient, "join")
        await screen(patient, "waiting")
        await self.take(patient, "patient-waiting")

        row = staff.get_by_role("listitem").filter(has_text=PATIENT_NAME)
        await row.wait_for()
        await self.take(staff, "care-queue")
        await row.click()
        await screen(staff, "preview")
        await self.take(staff, "care-preview")
        await self.tap(staff, "admit")
        await screen(patient, "visit")
        for page, name in ((patient, PROVIDER_NAME), (staff, PATIENT_NAME)):
            while await frames(page, name) < 30:
                await asyncio.sleep(0.1)
        await self.take(patient, "patient-visit")
        await self.take(staff, "care-visit")
        await staff.get_by_role("button", name=self._words["end"], exact=True).first.click()
        await self.take(staff, "care-end")
        await self.tap(staff, "end")
        await screen(patient, "ended")
        await self.take(patient, "patient-ended")
        await patient.context.close()
        await staff.context.close()

    async def dead_ends(self, patients: Browser) -> None:
        """The pages of links that open nothing (any more, or yet)."""
        for state, name in (("early", "early"), ("past", "expired")):
            page = await self.page(patients)
            await page.goto(self._demo.link(state))
            await screen(page, name)
            await self.take(page, f"patient-{name}")
            await page.context.close()
        page = await self.page(patients)
        await page.goto(f"{self._demo.base_url}/v#AAAAAAAAAAAAAAAAAAAAAA")
        await screen(page, "error")
        await self.take(page, "patient-error")
        await page.context.close()

    async def replaced_and_blocked(self, patients: Browser, folder: Path) -> None:
        """Two phones on one link, and a camera that is blocked."""
        first = await self.page(patients)
        await first.goto(self._demo.link("open", 1))
        await self.tap(first, "start")
        await screen(first, "devices")
        second = await self.page(patients)
        await second.goto(self._demo.link("open", 1))
        await screen(second, "start")
        await self.take(second, "patient-in-use")
        await self.tap(second, "start")
        await screen(first, "replaced")
        await self.take(first, "patient-replaced")
        await first.context.close()
        await second.context.close()
        async with chromium(None, folder, deny=True) as browser:
            page = await new_page(browser, SIZES[self._width], locale={"en": "en-US", "es": "es-US"}[self._language])
            await page.goto(self._demo.link("open", 1))
            await self.tap(page, "start")
            await screen(page, "devices")
            await page.wait_for_timeout(1000)
            await self.take(page, "patient-blocked")


async def main() -> None:
    """Write all pictures anew."""
    shutil.rmtree(OUT, ignore_errors=True)
    OUT.mkdir(parents=True)
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        async with chromium(SITTER, folder) as patients, chromium(CLINICIAN, folder) as clinicians:
            for language in WORDS:
                for width in SIZES:
                    demo = DemoProcess(folder / f"{language}{width}")
                    await demo.start()
                    try:
                        pictures = Pictures(demo, language, width)
                        await pictures.replaced_and_blocked(patients, folder)
                        await pictures.all(patients, clinicians)
                    finally:
                        await demo.stop()


if __name__ == "__main__":
    asyncio.run(main())
