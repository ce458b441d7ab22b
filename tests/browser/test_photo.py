"""A photo at the full size of the camera goes from the patient to the provider, after a look and a tap, while the visit goes on."""

from __future__ import annotations

import asyncio
from pathlib import Path

from playwright.async_api import Browser

from tests.support.accessibility import Judge
from tests.support.browsers import (
    PATIENT_NAME,
    PROVIDER_NAME,
    Journey,
    chromium,
    expect,
    frames,
    screen,
    shows,
    sign_in,
)
from tests.support.demo_process import DemoProcess
from tests.support.firefox import FilmedInFirefox, firefox
from tests.support.marks import HEIGHT, PATIENT, WIDTH

# More than the 1280 x 720 that the visit asks for.
SENSOR = [3840, 2160]

_SIZE = "img => img.decode().then(() => [img.naturalWidth, img.naturalHeight])"
_IS_GONE = "url => fetch(url).then(() => false, () => true)"


async def test_the_provider_asks_and_sees_the_patients_photo_at_the_size_of_the_sensor(
    demo: DemoProcess, camera_folder: Path, provider_browser: Browser
) -> None:
    async with chromium(None, camera_folder) as phone:
        journey = Journey(demo, phone, provider_browser)
        patient, staff = await asyncio.gather(journey.wait(), journey.staff())
        await journey.admit(staff)
        await screen(patient, "visit")
        await staff.get_by_role("button", name="Ask for a photo").click()
        await expect(patient.get_by_text(f"{PROVIDER_NAME} asks for a photo.")).to_be_visible()
        await patient.get_by_role("button", name="Take a photo").click()
        panel = patient.get_by_role("region", name="Send a photo")
        await expect(panel.get_by_role("heading", name="Send a photo")).to_be_focused()
        await patient.wait_for_function("() => document.querySelector('.photo-finder').videoWidth > 0")
        shown = await frames(staff, PATIENT_NAME)
        await panel.get_by_role("button", name="Take photo").click()
        mine = panel.get_by_role("img", name="Your photo")
        assert await mine.evaluate(_SIZE) == SENSOR
        await expect(panel.get_by_role("heading", name="Send a photo")).to_be_focused()
        mine_url = await mine.get_attribute("src")
        await panel.get_by_role("button", name="Send", exact=True).click()
        await expect(patient.get_by_text("Your photo was sent.")).to_be_visible()
        await expect(panel).to_be_hidden()
        await patient.wait_for_function("() => document.activeElement.id.startsWith('opens-')")
        assert await patient.evaluate(_IS_GONE, mine_url)
        await expect(staff.locator(".banner")).to_contain_text(f"Photo from {PATIENT_NAME}")
        await staff.locator(".banner").get_by_role("button", name="Show").click()
        dialog = staff.get_by_role("dialog", name=f"Photo from {PATIENT_NAME}")
        photo = dialog.get_by_role("img", name=f"Photo from {PATIENT_NAME}")
        assert await photo.evaluate(_SIZE) == SENSOR
        await dialog.get_by_role("button", name="Full size").click()
        assert await photo.evaluate("img => img.clientWidth") == SENSOR[0]
        async with staff.expect_download() as download:
            await dialog.get_by_role("link", name="Download").click()
        name = (await download.value).suggested_filename
        assert name.startswith("photo-")
        assert "Sample" not in name
        assert Path(await (await download.value).path()).read_bytes().startswith(b"\xff\xd8\xff")
        url = await photo.get_attribute("src")
        await dialog.get_by_role("button", name="Close").click()
        await expect(dialog).to_be_hidden()
        assert await staff.evaluate(_IS_GONE, url)
        await expect(staff.locator(".banner")).to_be_empty()
        assert await frames(staff, PATIENT_NAME) > shown, "the visit's picture goes on"


async def test_a_photo_of_the_devices_own_is_sent_the_same_way_and_one_on_hold_sends_none(
    journey: Journey, tmp_path: Path
) -> None:
    patient, staff = await journey.together()
    await patient.get_by_role("button", name="More", exact=True).click()
    await patient.get_by_role("button", name="Send a photo").click()
    panel = patient.get_by_role("region", name="Send a photo")
    picture = tmp_path / "rash.png"
    await patient.screenshot(path=picture)
    await panel.get_by_label("Choose a photo").set_input_files(picture)
    await expect(panel.get_by_role("img", name="Your photo")).to_be_visible()
    await staff.get_by_role("button", name="Hold").click()
    await expect(panel).to_be_hidden()


async def test_where_the_browser_takes_no_photos_the_picture_as_it_is_goes(
    demo: DemoProcess, provider_browser: Browser, tmp_path: Path
) -> None:
    async with firefox(tmp_path) as phone:
        journey = Journey(demo, FilmedInFirefox(phone, PATIENT), provider_browser)
        patient, staff = await journey.together()
        await staff.get_by_role("button", name="Ask for a photo").click()
        for name in ("Take a photo", "Take photo", "Send"):
            await patient.get_by_role("button", name=name, exact=True).click()
        await staff.locator(".photo-news").get_by_role("button").click()
        assert await staff.get_by_role("dialog").get_by_role("img").evaluate(_SIZE) == [WIDTH, HEIGHT]
        await shows(staff, PATIENT_NAME, PATIENT)


async def test_a_photo_is_open_to_all(journey: Journey) -> None:
    judge = Judge()
    patient = await judge.open(journey.patient_browser, journey.demo.link())
    staff = await judge.open(journey.provider_browser, f"{journey.demo.base_url}/care")
    await patient.get_by_role("button", name="Start", exact=True).click()
    await patient.get_by_role("button", name="Join", exact=True).click()
    await sign_in(staff, journey.demo.base_url, *journey.demo.staff())
    await journey.admit(staff)
    await staff.get_by_role("button", name="Ask for a photo").click()
    await judge.axe(staff, "asked for")
    await patient.get_by_role("button", name="Take a photo").wait_for()
    await judge.both(patient, "asked")
    await judge.fits(patient, "asked")
    await patient.get_by_role("button", name="Take a photo").click()
    for at, button in (("aiming", "Take photo"), ("looking at it", "Send")):
        await patient.get_by_role("button", name=button, exact=True).wait_for()
        await judge.both(patient, at)
        await judge.fits(patient, at)
        await patient.get_by_role("button", name=button, exact=True).click()
    await staff.locator(".photo-news").wait_for()
    await judge.both(staff, "news of a photo")
    await judge.fits(staff, "news of a photo")
    await staff.locator(".photo-news").get_by_role("button").click()
    await staff.get_by_role("dialog").get_by_role("img").wait_for()
    await judge.axe(staff, "a photo")
    await judge.fits_as_it_is(staff, "a photo")
    await staff.get_by_role("button", name="Full size").click()
    await judge.axe(staff, "a photo at full size")
    await judge.fits_as_it_is(staff, "a photo at full size")
    assert judge.found == []
