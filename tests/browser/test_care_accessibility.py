"""The care team's dialogs and lists in both languages, as a machine can judge them."""

from __future__ import annotations

from typing import Final

from playwright.async_api import Page

from tests.support.accessibility import Judge
from tests.support.browsers import PATIENT_NAME, Journey, screen, sign_in

# The buttons that open a dialog, by language.
_AT_THE_DESK: Final = {
    "en": [
        "Running late",
        "New appointment",
        "Call phone",
        "Tell of a delay",
        "Reschedule",
        "Cancel appointment",
        "Change password",
        "Keyboard",
        "Emergency card",
    ],
    "es": [
        *("Voy tarde", "Nueva cita", "Llamar al teléfono", "Avisar demora", "Cambiar la hora", "Cancelar la cita"),
        *("Cambiar la contraseña", "Teclado", "Ficha de emergencia"),
    ],
}
_OF_A_NURSE: Final = {
    "en": ["Invite", "Completed by phone", "Remove", "Waive"],
    "es": ["Invitar", "Hecha por teléfono", "Retirar", "No pedir"],
}
_IN_THE_VISIT: Final = {
    "en": ["Hand over", "End for everyone", "Emergency card"],
    "es": ["Pasar a otro", "Terminar para todos", "Ficha de emergencia"],
}
_READINESS: Final = {"en": "Readiness", "es": "Preparación"}


async def _dialogs(judge: Judge, page: Page, names: dict[str, list[str]]) -> None:
    """Open each dialog in both languages and close it again."""
    for language in ("en", "es"):
        for name in names[language]:
            # On a phone the list is behind the open patient.
            if not await page.get_by_role("button", name=name, exact=True).count():
                await page.locator(".detail-back").click()
            await page.get_by_role("button", name=name, exact=True).first.click()
            await page.get_by_role("dialog").wait_for()
            await judge.axe(page, f"dialog {name}")
            await judge.fits_as_it_is(page, f"dialog {name}")
            await page.keyboard.press("Escape")
            await page.get_by_role("dialog").wait_for(state="hidden")
            if await page.evaluate("window.__visit.screen") == "queue":
                await page.get_by_role("listitem").filter(has_text="Second Patient").get_by_role("button").click()
        await judge.speak_the_other(page)


async def test_the_desk_is_open_to_all(journey: Journey) -> None:
    judge = Judge()
    desk = await judge.open(journey.provider_browser, f"{journey.demo.base_url}/care")
    await sign_in(desk, journey.demo.base_url, *journey.demo.staff("front_desk"))
    await desk.get_by_role("listitem").filter(has_text="Second Patient").get_by_role("button").click()
    await judge.both(desk, "preview of the desk")
    await judge.fits(desk, "preview of the desk")
    await _dialogs(judge, desk, _AT_THE_DESK)
    await desk.locator(".detail-back").click()
    await desk.get_by_role("button", name=_READINESS["en"], exact=True).click()
    await desk.get_by_role("heading", level=1).wait_for()
    await desk.locator("#readiness-day").fill(await desk.evaluate("new Date().toISOString().slice(0, 10)"))
    await desk.locator(".calling-list").wait_for()
    await judge.both(desk, "call list")
    await judge.fits(desk, "call list")
    assert not judge.found, "\n".join(judge.found)


async def test_a_nurses_dialogs_and_the_visit_are_open_to_all(journey: Journey) -> None:
    judge = Judge()
    patient = await journey.wait()
    nurse = await judge.open(journey.provider_browser, f"{journey.demo.base_url}/care")
    await sign_in(nurse, journey.demo.base_url, *journey.demo.staff("nurse"))
    await nurse.get_by_role("listitem").filter(has_text="Second Patient").get_by_role("button").click()
    await _dialogs(judge, nurse, _OF_A_NURSE)
    await nurse.locator(".detail-back").click()
    await nurse.get_by_role("listitem").filter(has_text=PATIENT_NAME).get_by_role("button").click()
    await nurse.get_by_role("button", name="Soon", exact=True).click()
    await nurse.locator(".message").wait_for()
    await judge.both(nurse, "preview with messages")
    await judge.fits(nurse, "preview with messages")
    await nurse.get_by_role("button", name="Admit", exact=True).click()
    await screen(nurse, "visit")
    await screen(patient, "visit")
    await nurse.get_by_role("button", name="Hold", exact=True).click()
    await nurse.get_by_role("button", name="Take off hold", exact=True).wait_for()
    await judge.both(nurse, "visit, patient on hold")
    await judge.fits(nurse, "visit, patient on hold")
    await _dialogs(judge, nurse, _IN_THE_VISIT)
    assert not judge.found, "\n".join(judge.found)
