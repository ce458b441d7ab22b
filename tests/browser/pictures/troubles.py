"""What stops a patient at the door of the visit: the camera, the microphone, the app, the network."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from playwright.async_api import Browser

from tests.browser.pictures.camera import SIZES, Pictures
from tests.support.browsers import chromium, new_page, screen
from tests.support.troubles import FACEBOOK, NO_MEDIA, SILENT, asks_fail


async def devices(pictures: Pictures, patients: Browser) -> None:
    """Each trouble with a camera or a microphone that a script can make."""
    link = pictures.link(await pictures.clinic.book(patient="Troubled Patient"))
    troubles: list[tuple[str, str, str, dict[str, Any]]] = [
        ("barred", asks_fail("NotAllowedError", "Permission denied by system"), "problem.blocked_system.title", {}),
        ("no-camera", asks_fail("NotFoundError", kinds="video"), "problem.no_camera.title", {}),
        ("camera-taken", asks_fail("NotReadableError", kinds="video"), "problem.busy.title", {}),
        ("no-microphone", asks_fail("NotFoundError", kinds="audio"), "problem.no_microphone.title", {}),
        ("not-heard", SILENT, "devices.silent", {}),
        (
            "in-app",
            asks_fail("NotAllowedError", "Permission denied"),
            "problem.unsupported.title",
            {"user_agent": FACEBOOK},
        ),
    ]
    for name, script, words, options in troubles:
        async with pictures.page(patients, link, script=script, **options) as page:
            await pictures.tap(page, "start.button")
            await page.get_by_text(pictures.words[words]).first.wait_for()
            await pictures.take(page, f"patient-{name}")


async def no_sound(pictures: Pictures, patients: Browser) -> None:
    """A speaker that nobody hears."""
    link = pictures.link(await pictures.clinic.book(patient="Troubled Patient"))
    async with pictures.page(patients, link, heard=False) as page:
        await pictures.tap(page, "start.button")
        await pictures.tap(page, "goOn")
        await pictures.tap(page, "sound.no")
        await page.get_by_text(pictures.words["sound.silent"]).wait_for()
        await pictures.take(page, "patient-sound-silent")


async def blocked(pictures: Pictures, folder: Path) -> None:
    """A camera that somebody forbade."""
    link = pictures.link(await pictures.clinic.book(patient="Troubled Patient"))
    async with chromium(None, folder, deny=True) as browser:
        page = await new_page(browser, SIZES[pictures.width])
        await page.goto(pictures.clinic.settings.base_url + link)
        await pictures.tap(page, "start.button")
        await screen(page, "devices")
        await page.wait_for_timeout(1000)
        await pictures.take(page, "patient-blocked")


async def test_call(pictures: Pictures, patients: Browser) -> None:
    """A test call on a good line, and on one that lets no media through."""
    address = f"/test?lang={pictures.language}"
    async with pictures.page(patients, address) as page:
        await screen(page, "start")
        await pictures.take(page, "test-start")
        await pictures.tap(page, "start.button")
        await screen(page, "sound")
        await pictures.moves(page, pictures.words["test.picture"])
        await pictures.take(page, "test-running")
        await screen(page, "ended")
        await pictures.take(page, "test-good")
    async with pictures.page(patients, address, script=NO_MEDIA) as page:
        await pictures.tap(page, "start.button")
        await page.get_by_text(pictures.words["test.blocked.title"]).wait_for()
        await pictures.take(page, "test-blocked")
