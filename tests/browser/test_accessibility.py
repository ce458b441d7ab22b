"""Every screen, in both languages, as a machine can judge it: axe's rules for WCAG 2.2 AA, and nothing wider than the screen."""

from __future__ import annotations

from pathlib import Path

from tests.support.accessibility import Judge
from tests.support.browsers import PATIENT_NAME, Journey, chromium, screen, sign_in
from tests.support.marks import PATIENT


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
        page = await judge.open(barred, demo.link("open", 2))
        await page.get_by_role("button", name="Start", exact=True).click()
        await page.get_by_role("button", name="Sound only", exact=True).wait_for()
        await judge.both(page, "blocked")
        await page.get_by_role("button", name="Sound only", exact=True).click()
        await page.get_by_role("button", name="Join and only listen", exact=True).click()
        await screen(page, "waiting")
        await page.get_by_role("button", name="Try again", exact=True).wait_for()
        await page.reload()
        await page.get_by_role("button", name="Try again", exact=True).wait_for()
        await judge.both(page, "waiting, blocked")
    assert judge.found == []
