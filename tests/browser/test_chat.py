"""Chat and captions in a visit: written on one page, read on the other, still there after a reload, and gone with the visit."""

from __future__ import annotations

import asyncio
import sqlite3
from contextlib import closing

from tests.support.accessibility import Judge
from tests.support.browsers import PATIENT_NAME, Journey, expect, screen, sign_in
from tests.support.demo_process import DemoProcess

_WRITTEN = "My knee hurts at http://example.test/canary-chat"
_TYPED = "Canary caption: take one a day."
# A line that carries nothing from this page, and no other one instead.
_MUTE = """
const send = WebSocket.prototype.send;
WebSocket.prototype.send = function (data) { if (!window.silent) send.call(this, data); };
window.WebSocket = class extends WebSocket {
  constructor(...how) {
    super(...how);
    if (window.silent) this.close();
  }
};
"""


def kept(demo: DemoProcess, text: str) -> bool:
    """Whether the store holds the text in any of its rows, or the server's log has it."""
    (file,) = demo.data.glob("*.sqlite3")
    with closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True)) as db:
        return any(text in line for line in db.iterdump()) or text in demo.log.read_text()


async def test_what_is_written_in_a_visit_is_read_by_all_and_gone_with_it(journey: Journey) -> None:
    judge = Judge()
    patient = await judge.open(journey.patient_browser, journey.demo.link(), script=_MUTE)
    await patient.get_by_role("button", name="Start", exact=True).click()
    await screen(patient, "devices")
    await patient.get_by_role("button", name="Join", exact=True).click()
    await screen(patient, "waiting")
    staff = await judge.open(journey.provider_browser, f"{journey.demo.base_url}/care")
    await sign_in(staff, journey.demo.base_url, *journey.demo.staff())
    await journey.admit(staff)
    await screen(patient, "visit")

    await patient.get_by_role("button", name="Chat", exact=True).click()
    await patient.get_by_label("Your message").fill(_WRITTEN)
    await patient.get_by_label("Your message").press("Enter")
    await expect(staff.get_by_role("status").filter(has_text=f"New message from {PATIENT_NAME}")).to_have_count(1)
    button = staff.get_by_role("button", name="Chat", exact=True)
    await expect(button).to_have_accessible_description("1 new message")
    await button.click()
    lines = staff.get_by_role("region", name="Messages")
    await expect(lines.get_by_role("listitem")).to_contain_text(_WRITTEN)
    await expect(lines.get_by_role("link")).to_have_count(0)
    await expect(button).to_have_accessible_description("")
    await staff.get_by_label("Your message").fill("Which one?")
    await staff.get_by_role("button", name="Send", exact=True).click()
    read = patient.get_by_role("region", name="Messages").get_by_role("listitem")
    await expect(read).to_have_count(2)
    await expect(read.last).to_contain_text("Which one?")

    await staff.get_by_role("button", name="Type captions").click()
    await staff.get_by_label("Captions for all").fill(_TYPED)
    await staff.get_by_label("Captions for all").press("Enter")
    captions = patient.get_by_role("region", name="Captions")
    await expect(captions).to_contain_text(_TYPED)
    for page, where in ((patient, "chat"), (staff, "chat of staff")):
        await judge.both(page, where)
        await judge.fits(page, where)
    assert judge.found == []
    assert await asyncio.to_thread(kept, journey.demo, "canary-chat")
    assert not await asyncio.to_thread(kept, journey.demo, "Canary caption")

    await patient.get_by_label("Your message").fill("It began on")
    await patient.reload()
    await screen(patient, "visit")
    again = patient.get_by_role("button", name="Chat", exact=True)
    await expect(again).to_have_accessible_description("")
    await again.click()
    await expect(read).to_have_count(2)
    await expect(patient.get_by_label("Your message")).to_have_value("It began on")

    await patient.evaluate("window.silent = true")
    await patient.get_by_label("Your message").fill("It began on Monday.")
    await patient.get_by_label("Your message").press("Enter")
    await expect(read.last).to_contain_text("Not sent")
    await read.last.get_by_role("button", name="Try again").click()
    await expect(read.last).to_contain_text("It began on Monday.")
    await judge.both(patient, "chat, not sent")
    await judge.fits(patient, "chat, not sent")
    assert judge.found == []
    await patient.evaluate("window.silent = false")
    await expect(lines.get_by_role("listitem").filter(has_text="It began on Monday.")).to_have_count(1)
    await expect(read.last).not_to_contain_text("Not sent")

    await staff.get_by_role("button", name="End for everyone").click()
    await staff.get_by_role("dialog").get_by_role("button", name="End for everyone").click()
    await screen(patient, "ended")
    assert await patient.evaluate("sessionStorage.getItem('visit.talk')") is None
    assert await staff.evaluate("sessionStorage.getItem('visit.talk')") is None
    assert not await asyncio.to_thread(kept, journey.demo, "canary-chat")


async def test_a_message_that_is_written_while_the_server_is_dead_arrives_once_when_it_is_back(
    journey: Journey,
) -> None:
    patient, staff = await journey.together()
    for page in (patient, staff):
        await page.get_by_role("button", name="Chat", exact=True).click()
    lines = staff.get_by_role("region", name="Messages").get_by_role("listitem")
    field = patient.get_by_label("Your message")
    await field.fill("Before the fall.")
    await field.press("Enter")
    await expect(lines).to_have_count(1)
    await journey.demo.kill()
    await expect(patient.get_by_text("We lost the connection.")).to_be_visible()
    await field.fill("In the middle of it.")
    await field.press("Enter")
    await expect(patient.get_by_text("Your message goes out when it is back.")).to_be_visible()
    await journey.demo.start()
    await expect(lines.last).to_contain_text("In the middle of it.", timeout=30_000)
    await expect(lines).to_have_count(2)
    await expect(lines.first).to_contain_text("Before the fall.")
    mine = patient.get_by_role("region", name="Messages").get_by_role("listitem")
    await expect(mine).to_have_count(2)
    await expect(mine.last).not_to_contain_text("Not sent")
