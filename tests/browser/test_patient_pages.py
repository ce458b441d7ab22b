"""The patient's other screens: links that are early, over, used elsewhere; devices that are missing; languages."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import urlsplit

import pytest

from tests.support.browsers import PATIENT_NAME, Journey, chromium, expect, new_page, screen
from tests.support.marks import PATIENT


async def test_from_the_link_to_the_waiting_room_are_two_taps(journey: Journey) -> None:
    page = await new_page(journey.patient_browser)
    await page.goto(journey.demo.link())
    await page.evaluate("window.taps = 0; addEventListener('click', () => window.taps++, true)")
    await page.get_by_role("button", name="Start", exact=True).click()
    await page.get_by_role("button", name="Join", exact=True).click()
    await screen(page, "waiting")
    assert await page.evaluate("window.taps") == 2


async def test_opening_the_link_does_not_arrive(journey: Journey) -> None:
    page = await new_page(journey.patient_browser)
    await page.goto(journey.demo.link())
    await screen(page, "start")
    staff = await journey.staff()
    await expect(staff.get_by_role("listitem").filter(has_text=PATIENT_NAME)).to_contain_text("not here yet")


@pytest.mark.parametrize(("state", "shown"), [("early", "early"), ("past", "expired")])
async def test_a_link_out_of_its_time_says_so(journey: Journey, state: str, shown: str) -> None:
    page = await new_page(journey.patient_browser)
    await page.goto(journey.demo.link(state))
    await screen(page, shown)
    await expect(page.get_by_role("link", name="Get help 555-0100")).to_be_visible()
    await expect(page.get_by_role("button", name="Start", exact=True)).to_have_count(0)


@pytest.mark.parametrize("fragment", ["#AAAAAAAAAAAAAAAAAAAAAA", "#nonsense", ""])
async def test_an_unknown_link_says_whom_to_call(journey: Journey, fragment: str) -> None:
    page = await new_page(journey.patient_browser)
    await page.goto(f"{journey.demo.base_url}/v{fragment}")
    await screen(page, "error")
    if fragment:
        await expect(page.get_by_role("link", name="Get help 555-0100")).to_be_visible()


async def test_another_device_takes_over_after_a_tap_and_the_first_is_told(journey: Journey) -> None:
    phone = await journey.wait()
    tablet = await new_page(journey.patient_browser)
    await tablet.goto(journey.demo.link())
    await screen(tablet, "start")
    assert await phone.evaluate("window.__visit.screen") == "waiting"
    await tablet.get_by_role("button", name="Start", exact=True).click()
    await screen(phone, "replaced")
    await phone.get_by_role("button", name="Try again", exact=True).click()
    await screen(tablet, "replaced")


async def test_the_whole_journey_speaks_spanish(journey: Journey) -> None:
    page = await new_page(journey.patient_browser, locale="es-MX")
    await page.goto(journey.demo.link())
    await screen(page, "start")
    assert await page.evaluate("document.documentElement.lang") == "es"
    await page.get_by_role("button", name="Empezar", exact=True).click()
    await page.get_by_role("button", name="Entrar", exact=True).click()
    await screen(page, "waiting")
    await expect(page.get_by_role("heading", level=1)).to_contain_text("sala de espera")
    await page.get_by_role("button", name="English").click()
    await expect(page.get_by_role("heading", level=1)).to_contain_text("waiting room")


async def test_a_blocked_camera_has_its_own_words_and_a_way_on(journey: Journey, camera_folder: Path) -> None:
    async with chromium(PATIENT, camera_folder, deny=True) as browser:
        page = await new_page(browser)
        await page.goto(journey.demo.link())
        await page.get_by_role("button", name="Start", exact=True).click()
        await screen(page, "devices")
        await expect(page.get_by_text("blocked").first).to_be_visible()
        await expect(page.get_by_role("button", name="Try again", exact=True)).to_be_visible()


async def test_no_third_party_is_asked_and_no_code_leaves_in_an_address(journey: Journey) -> None:
    """S50, and S13 for the pages: the code stays in the fragment."""
    page = await new_page(journey.patient_browser)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url + request.headers.get("referer", "")))
    link = journey.demo.link()
    await page.goto(link)
    await page.get_by_role("button", name="Start", exact=True).click()
    await page.get_by_role("button", name="Join", exact=True).click()
    await screen(page, "waiting")
    hosts = {urlsplit(address).netloc for address in asked if address.startswith("http")}
    assert hosts == {urlsplit(link).netloc}
    code = link.partition("#")[2]
    # Playwright shows the page's own address with its fragment; the server's side of it is tested by the log's canaries.
    assert not any(code in address for address in asked if address != link)
