"""A visit whose media path has no IPv4 address: real browsers, and a server that is bound to and announces IPv6 alone."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import pytest
from playwright.async_api import Browser, Page

from tests.support.browsers import (
    DESKTOP,
    PATIENT_NAME,
    PROVIDER_NAME,
    WATCHED,
    new_page,
    screen,
    shows,
    sign_in,
    sounds,
)
from tests.support.clinic import PASSWORD, clinic_settings, open_clinic
from tests.support.host_address import host_address_ipv6
from tests.support.marks import PATIENT, PROVIDER

# Where the way in use leads to.
_PEER_ADDRESS: Final = """
async () => {
  const figures = await peers.at(-1).getStats();
  const pair = [...figures.values()].find(one => one.type === 'candidate-pair' && one.nominated);
  return figures.get(pair.remoteCandidateId).address;
}
"""


@pytest.mark.parametrize("bound", ["::", "the address itself"])
async def test_two_people_see_and_hear_each_other_over_ipv6(
    bound: str, tmp_path: Path, patient_browser: Browser, provider_browser: Browser
) -> None:
    with host_address_ipv6() as address:
        host = bound if bound == "::" else address
        async with open_clinic(clinic_settings(tmp_path, media_host=host, announced=[address])) as clinic:
            base_url = clinic.settings.base_url
            patient = await waits(patient_browser, f"{base_url}/v#{await clinic.book()}")
            staff = await new_page(provider_browser, DESKTOP, script=WATCHED)
            await sign_in(staff, base_url, "sample.provider", PASSWORD)
            await staff.get_by_role("listitem").filter(has_text=PATIENT_NAME).click()
            await staff.get_by_role("button", name="Admit", exact=True).click()
            await shows(patient, PROVIDER_NAME, PROVIDER)
            await shows(staff, PATIENT_NAME, PATIENT)
            await sounds(patient, PROVIDER_NAME, PROVIDER)
            await sounds(staff, PATIENT_NAME, PATIENT)
            for page in (patient, staff):
                assert (await page.evaluate(_PEER_ADDRESS)).strip("[]") == address
                await page.goto("about:blank")


async def waits(browser: Browser, link: str) -> Page:
    page = await new_page(browser, script=WATCHED)
    await page.goto(link)
    await page.get_by_role("button", name="Start", exact=True).click()
    await screen(page, "devices")
    await page.get_by_role("button", name="Join", exact=True).click()
    await screen(page, "waiting")
    return page
