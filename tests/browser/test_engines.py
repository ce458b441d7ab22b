"""A visit in every pairing of engines: who sees and hears whom, and how it goes on after what happens to a line."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Final

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page

from tests.support.browsers import (
    DESKTOP,
    GUEST_NAME,
    PATIENT_NAME,
    PROVIDER_NAME,
    WATCHED,
    Journey,
    chromium,
    expect,
    frames,
    hears,
    picture_of,
    screen,
    sees,
    shows,
    sounds,
)
from tests.support.demo_process import DemoProcess
from tests.support.firefox import FilmedInFirefox, firefox
from tests.support.host_address import host_address
from tests.support.marks import GUEST, PATIENT, PROVIDER, SCREEN, Person

# The browsers live as long as this module: Firefox takes seconds to start.
pytestmark = pytest.mark.asyncio(loop_scope="module")
module_fixture = pytest_asyncio.fixture(scope="module", loop_scope="module")

# What Chromium's own test screen shows in its corners.
TEST_SCREEN: Final = Person(grid=((0, 135, 0),) * 4, hertz=0)

_UFRAG: Final = "() => /ice-ufrag:(\\S+)/.exec(peers.at(-1).remoteDescription.sdp)[1]"

# The format of sound that was agreed on first, and the codec of the pictures that go out. Chromium's figures call RED Opus.
_SENDS: Final = """
async ([audio, camera]) => {
  const peer = peers.at(-1), figures = [...(await peer.getStats()).values()];
  const sent = figures.find(one => one.type === 'outbound-rtp' && one.kind === 'video' && one.framesPerSecond > 0);
  const sound = peer.getSenders().find(one => one.track?.kind === 'audio').getParameters().codecs[0];
  return sound.mimeType === audio && figures.find(one => one.id === sent?.codecId)?.mimeType === camera;
}
"""


@module_fixture
async def chromiums(camera_folder: Path) -> AsyncIterator[tuple[Browser, Browser]]:
    """The patient's and the provider's: each has one person before the camera."""
    async with chromium(PATIENT, camera_folder) as patients, chromium(PROVIDER, camera_folder) as providers:
        yield patients, providers


@module_fixture
async def one_firefox(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Browser]:
    with host_address():
        async with firefox(tmp_path_factory.mktemp("firefox")) as browser:
            yield browser


@pytest.fixture
def environment(request: pytest.FixtureRequest) -> dict[str, str]:
    """Settings of the server, where they are not the demo's own."""
    return dict(getattr(request, "param", {}))


@pytest_asyncio.fixture(
    loop_scope="module",
    params=[(a, b) for a in ("chromium", "firefox") for b in ("chromium", "firefox")],
    ids="-".join,
)
async def journey(
    request: pytest.FixtureRequest,
    tmp_path: Path,
    environment: dict[str, str],
    chromiums: tuple[Browser, Browser],
    one_firefox: Browser,
) -> AsyncIterator[Journey]:
    """A server, and a patient and a provider with the engines of the pairing."""
    patients_chromium, providers_chromium = chromiums
    patient, provider = request.param
    demo = DemoProcess(tmp_path / "demo", environment={**os.environ, **environment})
    await demo.start()
    yield Journey(
        demo,
        FilmedInFirefox(one_firefox, PATIENT) if patient == "firefox" else patients_chromium,
        FilmedInFirefox(one_firefox, PROVIDER) if provider == "firefox" else providers_chromium,
    )
    for browser in (*chromiums, one_firefox):
        for context in browser.contexts:
            await context.close()
    await demo.kill()


async def test_each_sees_and_hears_the_other_and_not_themselves(journey: Journey) -> None:
    patient, staff = await journey.together()
    await sounds(patient, PROVIDER_NAME, PROVIDER)
    await sounds(staff, PATIENT_NAME, PATIENT)
    assert not await sees(patient, PROVIDER_NAME, PATIENT)
    assert not await sees(staff, PATIENT_NAME, PROVIDER)
    assert not await hears(patient, PROVIDER_NAME, PATIENT)
    assert not await hears(staff, PATIENT_NAME, PROVIDER)
    probe = await patient.evaluate("({...window.__visit, stats: {...window.__visit.stats}})")
    assert (probe["screen"], probe["language"], probe["connection"]) == ("visit", "en", "connected")
    assert probe["stats"]["framesDecoded"] > 0


async def test_a_reload_comes_back_into_the_visit_by_itself(journey: Journey) -> None:
    patient, staff = await journey.together()
    for page in (patient, staff):
        await page.reload()
        await screen(patient, "visit")
        await screen(staff, "visit")
        await journey.see_each_other(patient, staff)


async def test_a_killed_server_comes_back_and_so_does_the_visit(journey: Journey) -> None:
    patient, staff = await journey.together()
    await journey.demo.kill()
    await asyncio.sleep(1)
    await journey.demo.start()
    await journey.see_each_other(patient, staff, within_s=30)
    assert await patient.evaluate("window.__visit.screen") == "visit"


@pytest.mark.parametrize("journey", [("firefox", "firefox")], ids="-".join, indirect=True)
async def test_off_hold_the_picture_and_the_sound_are_back(journey: Journey) -> None:
    patient, staff = await journey.together()
    await staff.get_by_role("button", name="Hold", exact=True).click()
    await expect(picture_of(patient, PROVIDER_NAME)).to_have_count(0)
    await staff.get_by_role("button", name="Take off hold", exact=True).click()
    await journey.see_each_other(patient, staff)
    await sounds(patient, PROVIDER_NAME, PROVIDER)
    await sounds(staff, PATIENT_NAME, PATIENT)


# How many cameras shine: one does for as long as a track of it is live, also one that is switched off.
_LIGHTS: Final = """
const given = [];
window.lights = () => given.filter(({kind, readyState}) => kind === 'video' && readyState === 'live').length;
const open = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
navigator.mediaDevices.getUserMedia = async wanted => {
  const stream = await open(wanted);
  given.push(...stream.getTracks());
  return stream;
};
"""


async def test_mute_and_camera_are_the_persons_own(journey: Journey) -> None:
    journey.script = _LIGHTS
    patient, staff = await journey.together()
    await patient.get_by_role("button", name="Mute", exact=True).click()
    await asyncio.sleep(0.7)
    assert not await hears(staff, PATIENT_NAME, PATIENT)
    await patient.get_by_role("button", name="Mute", exact=True).click()
    await sounds(staff, PATIENT_NAME, PATIENT)
    await patient.get_by_role("button", name="Camera", exact=True).click()
    await asyncio.sleep(0.7)
    stopped = await frames(staff, PATIENT_NAME)
    await asyncio.sleep(0.7)
    assert await frames(staff, PATIENT_NAME) - stopped <= 2
    assert await patient.evaluate("window.lights()") == 0, "a camera that is off is dark"
    await patient.get_by_role("button", name="Camera", exact=True).click()
    await journey.see_each_other(patient, staff)
    assert await patient.evaluate("window.lights()") == 1
    await sounds(staff, PATIENT_NAME, PATIENT)


async def test_a_shared_screen_is_seen_whole_beside_the_person(journey: Journey) -> None:
    journey.script = WATCHED
    patient, staff = await journey.wait(viewport=DESKTOP), await journey.staff()
    await journey.admit(staff)
    await journey.see_each_other(patient, staff)
    for page, other, name, person, device in (
        (staff, patient, PROVIDER_NAME, PROVIDER, journey.provider_browser),
        (patient, staff, PATIENT_NAME, PATIENT, journey.patient_browser),
    ):
        await page.get_by_role("button", name="Share screen", exact=True).click()
        await expect(page.get_by_role("button", name="Share screen", exact=True)).to_have_attribute(
            "aria-pressed", "true"
        )
        shared = f"{name}’s screen"
        await shows(other, shared, SCREEN if isinstance(device, FilmedInFirefox) else TEST_SCREEN)
        await shows(other, name, person)
        boxes = [await picture_of(other, one).bounding_box() for one in (shared, name)]
        assert boxes[0] is not None
        assert boxes[1] is not None
        assert boxes[0]["width"] * boxes[0]["height"] > 4 * boxes[1]["width"] * boxes[1]["height"]
        if page is staff:
            await page.get_by_role("button", name="Share screen", exact=True).click()
        else:
            # The browser's own bar ends it: the page learns of it by the track's event alone.
            await page.evaluate("shared.dispatchEvent(new Event('ended'))")
        await expect(picture_of(other, shared)).to_have_count(0)
        await expect(page.get_by_role("button", name="Share screen", exact=True)).to_have_attribute(
            "aria-pressed", "false"
        )
        assert await page.evaluate("shared.readyState") == "ended"
        await shows(other, name, person)


async def test_another_network_gets_another_way_on_the_same_transport(journey: Journey) -> None:
    journey.script = WATCHED
    patient, staff = await journey.together()
    before, peers = await patient.evaluate(_UFRAG), await patient.evaluate("peers.length")
    await patient.evaluate("dispatchEvent(new Event('online'))")
    await patient.wait_for_function(f"before => ({_UFRAG})() !== before", arg=before)
    await journey.see_each_other(patient, staff)
    assert await patient.evaluate("peers.length") == peers
    assert await patient.evaluate("peers.at(-1).connectionState") == "connected"


async def hear_each_other(patient: Page, staff: Page, guest: Page) -> None:
    heard = {patient: (PATIENT_NAME, PATIENT), staff: (PROVIDER_NAME, PROVIDER), guest: (GUEST_NAME, GUEST)}
    for page in heard:
        for other, (name, person) in heard.items():
            if other is not page:
                await sounds(page, name, person)


@pytest.mark.parametrize("journey", [("firefox", "chromium")], ids="-".join, indirect=True)
async def test_three_in_two_engines_see_and_hear_each_other(journey: Journey, one_firefox: Browser) -> None:
    await hear_each_other(*await journey.three(FilmedInFirefox(one_firefox, GUEST)))


@pytest.mark.parametrize("journey", [("chromium", "chromium")], ids="-".join, indirect=True)
@pytest.mark.parametrize("environment", [{"VIDEO_VISIT_VIDEO_CODECS": '["h264", "vp8"]'}], ids=["h264"], indirect=True)
async def test_what_is_sent_is_what_everybody_there_can_read(journey: Journey, one_firefox: Browser) -> None:
    """Debian's Firefox has neither H.264 nor RED."""
    journey.script = WATCHED
    patient, staff = await journey.together()
    for page in (patient, staff):
        await page.wait_for_function(_SENDS, arg=["audio/red", "video/H264"])
    guest = await journey.joined_by(staff, FilmedInFirefox(one_firefox, GUEST))
    await journey.all_see_each_other(patient, staff, guest)
    await hear_each_other(patient, staff, guest)
    for page in (patient, staff):
        await page.wait_for_function(_SENDS, arg=["audio/opus", "video/VP8"])
    await guest.get_by_role("button", name="Leave", exact=True).click()
    for page in (patient, staff):
        await page.wait_for_function(_SENDS, arg=["audio/red", "video/H264"])
    await journey.see_each_other(patient, staff)
