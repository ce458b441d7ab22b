"""Makes the pictures in ``docs/screenshots`` from the real pages: every screen, at phone and desktop size, in both languages.

In English also on the smallest phone, on a tablet, dark, and with letters twice as large. What is wider than its window is
printed.
"""

from __future__ import annotations

import asyncio
import itertools
import shutil
import sys
import tempfile
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any, Final

from playwright.async_api import Browser, Error

from signaling.logs import configure_logging
from tests.browser.pictures import company, ends, gallery, journey, troubles
from tests.browser.pictures.camera import LANGUAGES, OUT, SIZES, Pictures, words_of
from tests.support.browsers import chromium
from tests.support.clinic import clinic_settings, open_clinic
from tests.support.portraits import CLINICIAN, INTERPRETER, SITTER

_ASKING: Final[dict[str, Any]] = {"main": {"ask_birth_date": True, "show_position": True}}

Part = Callable[[Pictures], Awaitable[None]]


async def main() -> None:
    """Write all pictures anew, each part, language and size in a clinic of its own; or those of ``PART LANGUAGE SIZE`` alone."""
    wanted = set(sys.argv[1:])
    if not wanted:
        shutil.rmtree(OUT, ignore_errors=True)
    OUT.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        async with (
            chromium(SITTER, folder) as patients,
            chromium(CLINICIAN, folder) as clinicians,
            chromium(INTERPRETER, folder) as guests,
        ):
            parts = _parts(folder, patients, clinicians, guests)
            for (name, (part, rules)), language, width in itertools.product(parts.items(), LANGUAGES, SIZES):
                if not wanted <= {name, language, width}:
                    continue
                for attempt in (1, 2):
                    settings = clinic_settings(folder / f"{name}-{language}-{width}-{attempt}", **rules)
                    try:
                        async with open_clinic(settings) as clinic:
                            await part(Pictures(clinic, language, width, words_of(language)))
                        break
                    except Error as error:
                        # A machine that others use too lets a condition come too late now and then.
                        print(f"{name}, {language}, {width}: {error}")
                        if attempt == 2:
                            raise
                        await _close_pages(patients, clinicians, guests)
    gallery.write()


def _parts(
    folder: Path, patients: Browser, clinicians: Browser, guests: Browser
) -> dict[str, tuple[Part, dict[str, Any]]]:
    async def at_the_door(pictures: Pictures) -> None:
        await ends.dead_ends(pictures, patients)
        await ends.replaced(pictures, patients)
        await troubles.blocked(pictures, folder)
        await troubles.devices(pictures, patients)
        await troubles.no_sound(pictures, patients)
        await troubles.test_call(pictures, patients)

    async def together(pictures: Pictures) -> None:
        await company.company(pictures, patients, clinicians, guests)

    async def whole_way(pictures: Pictures) -> None:
        await pictures.clinic.license("sample.provider", "NY")
        await journey.visit(pictures, patients, clinicians)
        await journey.desk(pictures, clinicians)

    return {
        "door": (at_the_door, {}),
        "together": (together, {}),
        "way": (whole_way, {"clinics": _ASKING}),
    }


async def _close_pages(*browsers: Browser) -> None:
    for browser in browsers:
        for context in browser.contexts:
            await context.close()


if __name__ == "__main__":
    configure_logging("console", "error")
    asyncio.run(main())
