"""A language is one file: put beside the others, it is offered, and the pages speak it."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

import pytest
from playwright.async_api import Browser, Page

import web_client
from tests.support.browsers import expect, new_page, screen
from tests.support.clinic import PASSWORD, clinic_settings, open_clinic
from waiting_room.model import PatientDetails


@pytest.fixture
def french(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """English with a mark before each text, so that it is seen what is said in another language."""
    copy = tmp_path / "web_client"
    shutil.copytree(web_client.root(), copy)
    english = json.loads((copy / "i18n" / "en.json").read_text())
    words = {
        part: {key: f"»{text}" for key, text in texts.items()}
        for part, texts in english.items()
        if isinstance(texts, dict)
    }
    (copy / "i18n" / "fr.json").write_text(json.dumps({"name": "Français", "locale": "fr-FR", **words}))
    monkeypatch.setattr(web_client, "root", lambda: copy)


async def unmarked(page: Page) -> list[str]:
    """What the page says without the mark."""
    said = await page.locator("h1, h2, button, label, main p, footer p, footer a").all_inner_texts()
    return [text for text in said if re.search(r"\w", text) and "»" not in text]


@pytest.mark.usefixtures("french")
async def test_a_third_file_is_a_third_language(
    tmp_path: Path, patient_browser: Browser, provider_browser: Browser
) -> None:
    hours = {"main": {"support_hours": {"en": "Monday to Friday, 8 to 5"}}}
    async with open_clinic(clinic_settings(tmp_path / "clinic", clinics=hours)) as clinic:
        base = clinic.settings.base_url
        page = await new_page(patient_browser, {"width": 320, "height": 568})
        await page.goto(f"{base}/v#{await clinic.book()}")
        await screen(page, "start")
        await page.get_by_role("combobox", name="Language").select_option(label="Français")
        await expect(page.get_by_role("button", name="»Start", exact=True)).to_be_visible()
        assert await page.evaluate("document.documentElement.lang") == "fr"
        assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        assert await unmarked(page) == []
        booked = await new_page(patient_browser)
        await booked.goto(f"{base}/v#{await clinic.book(details=PatientDetails(language='fr'))}")
        await expect(booked.get_by_role("button", name="»Start", exact=True)).to_be_visible()
        staff = await new_page(provider_browser, locale="fr-FR")
        await staff.goto(f"{base}/care")
        await staff.get_by_label("»Username").fill("sample.provider")
        await staff.get_by_label("»Password").fill(PASSWORD)
        await staff.get_by_role("button", name="»Sign in").click()
        await screen(staff, "queue")
        assert await unmarked(staff) == []
