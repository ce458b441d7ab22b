"""The patient's other screens: links that are early, over, used elsewhere; devices that are missing; languages."""

from __future__ import annotations

import asyncio
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.async_api import Browser, Page, Route

from tests.support.browsers import (
    PATIENT_NAME,
    PROVIDER_NAME,
    Journey,
    chromium,
    expect,
    hears,
    new_page,
    screen,
    sees,
    sign_in,
)
from tests.support.clinic import PASSWORD, clinic_settings, open_clinic
from tests.support.marks import PATIENT, PROVIDER
from waiting_room.errors import StoreFailed


async def test_from_the_link_to_the_waiting_room_are_two_taps_on_a_device_that_was_heard(journey: Journey) -> None:
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


async def test_a_link_whose_time_is_over_says_so(journey: Journey) -> None:
    page = await new_page(journey.patient_browser)
    await page.goto(journey.demo.link("past"))
    await screen(page, "expired")
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
    # Whoever gets no further than the door, or was put out, can ask for a call all the same.
    await tablet.get_by_role("button", name="Call me", exact=True).click()
    await expect(tablet.get_by_role("status").filter(has_text="Staff know that you asked.")).to_be_visible()
    await expect(phone.get_by_role("status").filter(has_text="Staff know that you asked.")).to_be_visible()
    await tablet.get_by_role("button", name="Start", exact=True).click()
    await screen(phone, "replaced")
    await expect(phone.get_by_role("button", name="Call me", exact=True)).to_be_visible()
    await phone.get_by_role("button", name="Try again", exact=True).click()
    await screen(tablet, "replaced")


async def test_the_whole_journey_speaks_spanish(journey: Journey) -> None:
    page = await new_page(journey.patient_browser)
    await page.goto(journey.demo.link().replace("/v#", "/v?lang=es#"))
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


@pytest.mark.parametrize("who", ["patient", "staff"])
async def test_a_reload_keeps_mute_and_camera_off(journey: Journey, who: str) -> None:
    patient, staff = await journey.together()
    mine, other = (patient, staff) if who == "patient" else (staff, patient)
    name, person = (PATIENT_NAME, PATIENT) if who == "patient" else (PROVIDER_NAME, PROVIDER)
    for button in ("Mute", "Camera"):
        await mine.get_by_role("button", name=button, exact=True).click()
    await expect(other.get_by_text(f"{name}’s camera is off.")).to_be_visible()
    await expect(other.get_by_text(f"{name} is muted")).to_be_visible()
    await mine.reload()
    await screen(mine, "visit")
    await expect(mine.get_by_role("button", name="Mute", exact=True)).to_have_attribute("aria-pressed", "true")
    await expect(mine.get_by_role("button", name="Camera", exact=True)).to_have_attribute("aria-pressed", "false")
    await mine.wait_for_function("() => window.__visit.connection === 'connected'")
    await expect(other.get_by_text(f"{name}’s camera is off.")).to_be_visible()
    for _ in range(4):
        assert not await hears(other, name, person)
        assert not await sees(other, name, person)
    for button in ("Mute", "Camera"):
        await mine.get_by_role("button", name=button, exact=True).click()
    await journey.see_each_other(patient, staff)


async def test_a_camera_that_is_asked_for_later_leaves_the_microphone_on(journey: Journey) -> None:
    page = await new_page(journey.patient_browser)
    await page.add_init_script(_CAMERA_REFUSED)
    await page.goto(journey.demo.link())
    await page.get_by_role("button", name="Start", exact=True).click()
    await expect(page.get_by_role("heading", name="Your camera is blocked")).to_be_visible()
    await page.get_by_role("button", name="Sound only", exact=True).click()
    await page.get_by_role("button", name="Join", exact=True).click()
    await screen(page, "waiting")
    await page.reload()
    await screen(page, "waiting")
    staff = await journey.staff()
    await journey.admit(staff)
    await expect(staff.get_by_text(f"{PATIENT_NAME}’s camera is off.")).to_be_visible()
    async with asyncio.timeout(10):
        while not await hears(staff, PATIENT_NAME, PATIENT):
            await asyncio.sleep(0.1)
    await page.get_by_role("button", name="Camera", exact=True).click()
    await expect(page.get_by_role("heading", name="Your camera is blocked")).to_be_visible()
    assert await hears(staff, PATIENT_NAME, PATIENT)
    await page.evaluate("window.refused = false")
    await page.get_by_role("button", name="Camera", exact=True).click()
    await journey.see_each_other(page, staff)
    assert await hears(staff, PATIENT_NAME, PATIENT)


# The browser's own answer to a camera that was blocked for this site, the microphone being allowed.
_CAMERA_REFUSED = """
window.refused = true;
const open = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
navigator.mediaDevices.getUserMedia = async wanted => {
  if (wanted.video && window.refused) throw new DOMException('Permission denied', 'NotAllowedError');
  return open(wanted);
};
"""


async def test_a_duplicated_tab_takes_nothing_over(journey: Journey) -> None:
    patient, staff = await journey.together()
    copy = await _duplicate(patient)
    await screen(copy, "start")
    await expect(copy.get_by_text("open on another phone, computer or tab")).to_be_visible()
    assert await patient.evaluate("window.__visit.screen") == "visit"
    await journey.see_each_other(patient, staff)
    await patient.reload()
    await screen(patient, "visit")
    await copy.get_by_role("button", name="Start", exact=True).click()
    await screen(copy, "visit")
    await screen(patient, "replaced")
    await copy.reload()
    await screen(copy, "visit")


async def test_a_duplicated_tab_of_staff_signs_in_anew(journey: Journey) -> None:
    staff = await journey.staff()
    copy = await _duplicate(staff)
    await screen(copy, "signin")
    await copy.reload()
    await screen(copy, "signin")
    await staff.reload()
    await screen(staff, "queue")


async def _duplicate(page: Page) -> Page:
    """Open the page's address in a tab that begins with a copy of its storage, as the browser's own Duplicate does."""
    async with page.expect_popup() as opened:
        await page.evaluate("() => { open(location.href); }")
    return await opened.value


async def test_a_language_that_does_not_come_leaves_the_page_alive(journey: Journey) -> None:
    page = await new_page(journey.patient_browser)
    tries = 0

    async def refuse(route: Route) -> None:
        nonlocal tries
        tries += 1
        await (route.abort() if tries <= 2 else route.continue_())

    await page.route("**/i18n/patient-es.js*", refuse)
    await page.goto(journey.demo.link())
    await screen(page, "start")
    await page.get_by_role("button", name="Español").click()
    await expect(page.get_by_role("button", name="Start", exact=True)).to_be_visible()
    await expect(page.get_by_role("button", name="Empezar", exact=True)).to_be_visible()


async def test_a_dictionary_that_fails_once_leaves_a_number_to_call_and_comes_again(journey: Journey) -> None:
    page = await new_page(journey.patient_browser)
    held = asyncio.Event()

    async def refuse_once(route: Route) -> None:
        if held.is_set():
            await route.continue_()
        else:
            held.set()
            await route.abort()

    await page.route("**/i18n/patient-en.js*", refuse_once)
    await page.goto(journey.demo.link())
    await expect(page.get_by_role("link", name="555-0100")).to_be_visible()
    await expect(page.get_by_role("button", name="Start", exact=True)).to_be_visible()


async def test_a_part_of_the_page_that_is_no_longer_there_comes_with_a_new_page(journey: Journey) -> None:
    page = await new_page(journey.patient_browser)
    first = await (await page.request.get(f"{journey.demo.base_url}/v")).text()
    opened: list[str] = []
    page.on("request", lambda request: opened.append(request.url) if request.is_navigation_request() else None)

    async def refuse_what_comes_later(route: Route) -> None:
        known = route.request.url.rpartition("/")[2] in first or "/i18n/" in route.request.url
        await (route.continue_() if known or len(opened) > 1 else route.fulfill(status=404))

    await page.route("**/*.js", refuse_what_comes_later)
    await page.goto(journey.demo.link())
    async with asyncio.timeout(15):
        while len(opened) < 2:
            await asyncio.sleep(0.1)
    await page.get_by_role("button", name="Start", exact=True).click()
    await expect(page.get_by_role("button", name="Join", exact=True)).to_be_visible()
    assert len(opened) == 2


async def test_what_loads_behind_the_first_screen_leaves_the_focus_where_it_is(journey: Journey) -> None:
    page = await new_page(journey.patient_browser)
    first = await (await page.request.get(f"{journey.demo.base_url}/v")).text()
    focused = asyncio.Event()

    async def hold_what_comes_later(route: Route) -> None:
        if route.request.url.rpartition("/")[2] not in first and "/i18n/" not in route.request.url:
            await focused.wait()
        await route.continue_()

    await page.route("**/*.js", hold_what_comes_later)
    await page.goto(journey.demo.link())
    button = page.get_by_role("button", name="Start", exact=True)
    await button.focus()
    focused.set()
    await page.wait_for_load_state("networkidle")
    await page.evaluate("() => new Promise(drawn => requestAnimationFrame(() => requestAnimationFrame(drawn)))")
    await expect(button).to_be_focused()


async def test_a_server_out_of_reach_is_said_with_a_way_on(journey: Journey) -> None:
    page = await new_page(journey.patient_browser, script=_NO_SOCKETS)
    await page.goto(journey.demo.link())
    await page.get_by_role("button", name="Start", exact=True).click()
    await page.get_by_role("button", name="Join", exact=True).click()
    await expect(page.get_by_role("alert").filter(has_text="can not reach")).to_be_visible(timeout=9000)
    await expect(page.get_by_role("link", name="Call 555-0100")).to_be_visible()
    await page.evaluate("window.barred = false")
    await page.get_by_role("button", name="Try again", exact=True).click()
    await screen(page, "waiting")


# A network that lets pages through and no WebSocket.
_NO_SOCKETS = """
window.barred = true;
const Open = WebSocket;
window.WebSocket = class extends Open {
  constructor(address, ...more) {
    super(window.barred ? 'ws://127.0.0.1:9' : address, ...more);
  }
};
"""


async def test_a_store_that_fails_for_a_while_ends_nobodys_session(
    patient_browser: Browser, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with open_clinic(clinic_settings(tmp_path)) as clinic:
        patient, staff = await new_page(patient_browser), await new_page(patient_browser)
        await patient.goto(f"{clinic.settings.base_url}/v#{await clinic.book()}")
        await patient.get_by_role("button", name="Start", exact=True).click()
        await patient.get_by_role("button", name="Join", exact=True).click()
        await screen(patient, "waiting")
        await sign_in(staff, clinic.settings.base_url, "sample.provider", PASSWORD)
        asked: list[str] = []
        patient.on("request", lambda request: asked.append(request.url))

        async def fail(_: str) -> None:
            raise StoreFailed(reason="disk full")

        with monkeypatch.context() as broken:
            broken.setattr(clinic.server.store, "load", fail)
            broken.setattr(clinic.server.store, "find_staff", fail)
            await clinic.drop_every_socket()
            # Long enough for several refused attempts.
            await patient.wait_for_timeout(2500)
            assert await patient.evaluate("window.__visit.screen") == "waiting"
            assert await staff.evaluate("window.__visit.screen") == "queue"
            assert await patient.evaluate("window.__visit.connection") != "connected"
        nurse = await clinic.staff("sample.nurse")
        await nurse.shows(lambda it: it["queue"][0]["patient"]["connected"], "the patient is back")
        assert await staff.evaluate("window.__visit.screen") == "queue"
        # With the session it had, not with a new one: the device was not replaced by itself.
        assert not [address for address in asked if address.endswith("/redeem")]
