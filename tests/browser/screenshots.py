"""Makes the pictures in ``docs/screenshots`` from the real pages: every screen, at phone and desktop size, in both languages."""

from __future__ import annotations

import asyncio
import itertools
import json
import re
import shutil
import subprocess
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any, Final

from playwright.async_api import Browser, Locator, Page

from signaling.logs import configure_logging
from tests.support.browsers import DESKTOP, PATIENT_NAME, PHONE, PROVIDER_NAME, chromium, frames, new_page, screen
from tests.support.clinic import PASSWORD, Clinic, clinic_settings, open_clinic
from tests.support.portraits import CLINICIAN, SITTER
from waiting_room.model import PatientDetails

ROOT: Final = Path(__file__).parents[2]
OUT: Final = ROOT / "docs" / "screenshots"
SIZES: Final = {"390": PHONE, "1280": DESKTOP}
LANGUAGES: Final = ("en", "es")
BORN: Final = date(1961, 4, 30)

Words = dict[str, str]


def words_of(language: str) -> Words:
    """Return the pages' own words, so that the pictures follow them."""
    merge = ";".join(
        f"Object.assign(words, (await import('./web_client/i18n/{name}.js')).default)"
        for name in (language, f"care-{language}")
    )
    script = f"const words = {{}}; {merge}; console.log(JSON.stringify(words))"
    read = subprocess.run(
        ["node", "--input-type=module", "-e", script], cwd=ROOT, check=True, capture_output=True, text=True
    )
    return dict(json.loads(read.stdout))


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
    async def page(self, browser: Browser, address: str) -> AsyncIterator[Page]:
        """Open a page in this language and size."""
        locale = {"en": "en-US", "es": "es-US"}[self.language]
        page = await new_page(browser, SIZES[self.width], locale=locale, permissions=["camera", "microphone"])
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


async def dead_ends(pictures: Pictures, patients: Browser) -> None:
    """The pages of links that open nothing (any more, or yet)."""
    clinic = pictures.clinic
    past = await clinic.book(start=-timedelta(days=1), now=clinic.node.clock() - timedelta(days=2))
    early = await clinic.book(start=timedelta(days=5))
    for code, name in ((early, "early"), (past, "expired"), ("A" * 22, "error")):
        async with pictures.page(patients, pictures.link(code)) as page:
            await screen(page, name)
            await pictures.take(page, f"patient-{name}")


async def replaced_and_blocked(pictures: Pictures, patients: Browser, folder: Path) -> None:
    """Two phones on one link, and a camera that is blocked."""
    link = pictures.link(await pictures.clinic.book(patient="Late Patient", start=timedelta(minutes=25)))
    async with pictures.page(patients, link) as first:
        await pictures.tap(first, "start.button")
        await screen(first, "devices")
        async with pictures.page(patients, link) as second:
            await screen(second, "start")
            await pictures.take(second, "patient-in-use")
            await pictures.tap(second, "start.button")
            await screen(first, "replaced")
            await pictures.take(first, "patient-replaced")
    async with chromium(None, folder, deny=True) as browser:
        page = await new_page(browser, SIZES[pictures.width])
        await page.goto(pictures.clinic.settings.base_url + link)
        await pictures.tap(page, "start.button")
        await screen(page, "devices")
        await page.wait_for_timeout(1000)
        await pictures.take(page, "patient-blocked")


async def check_in(pictures: Pictures, page: Page) -> None:
    """From the link through the date of birth and the questions into the line."""
    await screen(page, "start")
    await pictures.take(page, "patient-start")
    await pictures.tap(page, "start.button")
    await screen(page, "confirm")
    await pictures.take(page, "patient-confirm")
    for field, value in (("month", BORN.month), ("day", BORN.day), ("year", BORN.year)):
        await page.get_by_label(pictures.words[f"confirm.{field}"], exact=True).fill(str(value))
    await page.locator("button[type=submit]").click()
    await screen(page, "devices")
    await page.wait_for_timeout(1200)
    await pictures.take(page, "patient-devices")
    await page.locator("button.primary").last.click()
    await screen(page, "checkin")
    await page.get_by_label(pictures.words["checkin.location.state"], exact=True).select_option(value="NJ")
    await page.get_by_label(pictures.words["checkin.location.address"]).fill("1 Sample Street, Newark")
    await pictures.take(page, "patient-check-in-location")
    await page.locator("button[type=submit]").click()
    phone = page.get_by_label(pictures.words["checkin.callback.phone"])
    await phone.fill("555-0142")
    await pictures.take(page, "patient-check-in-callback")
    await page.keyboard.press("Enter")
    await page.get_by_text(pictures.words["checkin.consent.lead"]).wait_for()
    await pictures.take(page, "patient-check-in-consent")
    await pictures.tap(page, "checkin.consent.agree")
    await page.get_by_label(pictures.words["checkin.reason.text"]).fill("My knee hurts when I walk.")
    await pictures.take(page, "patient-check-in-reason")
    await page.locator("button[type=submit]").click()
    await page.get_by_text(pictures.words["checkin.ready.title"]).wait_for()
    await pictures.take(page, "patient-ready")
    await pictures.tap(page, "devices.join")
    await screen(page, "waiting")


async def desk(pictures: Pictures, clinicians: Browser) -> None:
    """The front desk's booking."""
    async with pictures.page(clinicians, "/care") as page:
        await pictures.sign_in(page, "sample.desk")
        await pictures.dialog(page, "book.open", "care-book")


async def visit(pictures: Pictures, patients: Browser, clinicians: Browser) -> None:
    """One patient's whole way, and what the nurse and the provider see of it."""
    clinic = pictures.clinic
    born = PatientDetails(birth_date=BORN, language=pictures.language, phone="555-0142", interpreter=True)
    code = await clinic.book(patient=PATIENT_NAME, details=born, check_in=None, reason="")
    other = PatientDetails(birth_date=BORN, phone="555-0143")
    await clinic.book(
        patient="Second Patient", start=timedelta(minutes=15), details=other, reason="Medication review", provider=None
    )
    await clinic.book(patient="Tomorrow Patient", start=timedelta(days=1), details=other, reason="Annual check")
    async with (
        pictures.page(patients, pictures.link(code)) as patient,
        pictures.page(clinicians, "/care") as staff,
    ):
        await pictures.take(staff, "care-signin")
        await pictures.sign_in(staff, "sample.provider")
        await check_in(pictures, patient)
        await pictures.row(staff, PATIENT_NAME).click()
        await screen(staff, "preview")
        await staff.get_by_role("button", name=pictures.words["canned.soon"], exact=True).first.click()
        await patient.locator(".message").first.wait_for()
        await patient.wait_for_timeout(2500)
        await pictures.take(patient, "patient-waiting")
        await staff.get_by_role("heading", name=PATIENT_NAME, level=1).scroll_into_view_if_needed()
        await pictures.take(staff, "care-preview")
        await pictures.dialog(staff, "call.invite", "care-invite")
        await pictures.dialog(staff, "call.phone", "care-call")
        if pictures.width == "390":
            await pictures.tap(staff, "preview.back")
        await pictures.take(staff, "care-queue")
        await pictures.dialog(staff, "late.open", "care-late")
        await pictures.tap(staff, "readiness.open")
        await pictures.take(staff, "care-readiness")
        await pictures.tap(staff, "preview.back")
        await pictures.row(staff, PATIENT_NAME).click()
        await pictures.tap(staff, "preview.admit")
        question = staff.get_by_role("dialog")
        await question.wait_for()
        await pictures.take(staff, "care-admit")
        await pictures.tap(question, "preview.admit")
        await screen(patient, "visit")
        for page, name in ((patient, PROVIDER_NAME), (staff, PATIENT_NAME)):
            while await frames(page, name) < 30:
                await asyncio.sleep(0.1)
        await pictures.take(patient, "patient-visit")
        await pictures.take(staff, "care-visit")
        await pictures.dialog(staff, "call.handOver", "care-hand-over")
        await pictures.tap(staff, "call.hold")
        await staff.wait_for_timeout(600)
        await pictures.take(patient, "patient-on-hold")
        await staff.get_by_role("button", name=pictures.words["call.end"], exact=True).first.click()
        await pictures.take(staff, "care-end")
        await pictures.tap(staff, "ask.endYes")
        await screen(patient, "ended")
        await patient.locator("details summary").first.click()
        await pictures.take(patient, "patient-ended")


async def main() -> None:
    """Write all pictures anew, each language and size in clinics of its own."""
    shutil.rmtree(OUT, ignore_errors=True)
    OUT.mkdir(parents=True)
    rules: dict[str, Any] = {"ask_birth_date": True, "show_position": True}
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        async with chromium(SITTER, folder) as patients, chromium(CLINICIAN, folder) as clinicians:
            for language, width in itertools.product(LANGUAGES, SIZES):
                words = words_of(language)
                plain = clinic_settings(folder / f"plain-{language}-{width}")
                async with open_clinic(plain) as clinic:
                    pictures = Pictures(clinic, language, width, words)
                    await dead_ends(pictures, patients)
                    await replaced_and_blocked(pictures, patients, folder)
                asking = clinic_settings(folder / f"asking-{language}-{width}", clinics={"main": rules})
                async with open_clinic(asking) as clinic:
                    await clinic.license("sample.provider", "NY")
                    pictures = Pictures(clinic, language, width, words)
                    await visit(pictures, patients, clinicians)
                    await desk(pictures, clinicians)


if __name__ == "__main__":
    configure_logging("console", "error")
    asyncio.run(main())
