"""A microphone and a camera that die behind live tracks, as after a phone call on an iPhone, in a real visit: both come back."""

from __future__ import annotations

import asyncio
from typing import Final

from playwright.async_api import Page

from tests.support.browsers import PATIENT_NAME, PROVIDER_NAME, Journey, expect, frames, hears, screen, shows, sounds
from tests.support.marks import PATIENT, PROVIDER, Person

# Each track goes through a gate: `die()` shuts those that are open, `barren` shuts what comes later, too. Behind a shut gate a
# track is live, unmuted, and gives exact silence or no frame.
_GATED: Final = """
window.gates = [];
window.barren = false;
window.asked = [];
window.die = () => gates.splice(0).forEach(shut => shut());
window.hide = hidden => {
  Object.defineProperty(document, 'visibilityState', {value: hidden ? 'hidden' : 'visible', configurable: true});
  document.dispatchEvent(new Event('visibilitychange'));
};
const open = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
navigator.mediaDevices.getUserMedia = async wanted => {
  asked.push(Object.keys(wanted).join());
  const given = await open(wanted);
  const through = given.getTracks().map(track => {
    if (track.kind === 'audio') {
      const context = new AudioContext();
      const source = context.createMediaStreamSource(new MediaStream([track]));
      const out = context.createMediaStreamDestination();
      if (!barren) source.connect(out);
      gates.push(() => source.disconnect());
      return out.stream.getAudioTracks()[0];
    }
    const made = new MediaStreamTrackGenerator({kind: 'video'});
    let shut = barren;
    gates.push(() => { shut = true; });
    const gate = new TransformStream({transform: (frame, next) => shut ? frame.close() : next.enqueue(frame)});
    new MediaStreamTrackProcessor({track}).readable.pipeThrough(gate).pipeTo(made.writable).catch(() => {});
    return made;
  });
  return new MediaStream(through);
};
"""


async def _is_dead(page: Page, name: str, person: Person) -> None:
    """Wait until no new frame comes and nothing is heard."""
    async with asyncio.timeout(10):
        while True:
            before = await frames(page, name)
            heard = await hears(page, name, person)
            await asyncio.sleep(0.5)
            if not heard and await frames(page, name) == before:
                return


async def _talk(journey: Journey) -> tuple[Page, Page]:
    """A visit in which each page has seen its own devices give something."""
    journey.script = _GATED
    pages = await journey.together()
    await asyncio.sleep(4)
    return pages


async def test_after_a_phone_call_the_microphone_and_the_camera_come_back_by_themselves(journey: Journey) -> None:
    patient, staff = await _talk(journey)
    asked = await patient.evaluate("asked.length")
    await patient.evaluate("hide(true); die()")
    await _is_dead(staff, PATIENT_NAME, PATIENT)
    await asyncio.sleep(5)
    assert await patient.evaluate("asked.length") == asked, "nothing is asked for while nobody looks"
    await patient.evaluate("hide(false)")
    await shows(staff, PATIENT_NAME, PATIENT, within_s=20)
    await sounds(staff, PATIENT_NAME, PATIENT)
    assert sorted(await patient.evaluate(f"asked.slice({asked})")) == ["audio", "video"]
    await expect(patient.get_by_text("stopped")).to_have_count(0)


async def test_what_stays_dead_is_told_and_one_button_brings_it_back(journey: Journey) -> None:
    patient, staff = await _talk(journey)
    await patient.get_by_role("button", name="Mute", exact=True).click()
    await patient.evaluate("barren = true; hide(true); die(); hide(false)")
    button = patient.get_by_role("button", name="Turn it back on", exact=True)
    await button.wait_for(timeout=25_000)
    assert "audio" not in (await patient.evaluate("asked"))[1:], "a microphone that is muted is left alone"
    await expect(staff.get_by_text(f"{PATIENT_NAME}’s camera is off.")).to_be_visible()
    await patient.evaluate("barren = false")
    await button.click()
    await shows(staff, PATIENT_NAME, PATIENT, within_s=20)
    await expect(button).to_have_count(0)
    await patient.get_by_role("button", name="Mute", exact=True).click()
    await sounds(staff, PATIENT_NAME, PATIENT)


async def test_on_the_care_teams_side_they_come_back_too(journey: Journey) -> None:
    patient, staff = await _talk(journey)
    await staff.evaluate("hide(true); die(); setTimeout(() => hide(false), 500)")
    await staff.wait_for_function("() => asked.length === 3", timeout=20_000)
    await shows(patient, PROVIDER_NAME, PROVIDER, within_s=20)
    await sounds(patient, PROVIDER_NAME, PROVIDER)


# A line that a sleep has cut: it says that it is open, and carries nothing either way.
_SEVERABLE: Final = """
window.lines = [];
window.sever = () => lines.forEach(line => { line.severed = true; });
window.WebSocket = class extends WebSocket {
  constructor(...given) {
    super(...given);
    lines.push(this);
    this.addEventListener('message', event => this.severed && event.stopImmediatePropagation());
  }
  send(data) { if (!this.severed) super.send(data); }
};
"""


async def test_a_page_that_slept_finds_its_dead_line_at_once_and_makes_another(journey: Journey) -> None:
    journey.script = _GATED + _SEVERABLE
    patient, staff = await asyncio.gather(journey.wait(), journey.staff())
    for page in (patient, staff):
        await page.evaluate("hide(true); sever(); hide(false)")
        # Without a question of its own a page waits for the server's next ping to be late: 10 s and more.
        await page.wait_for_function("() => lines.length > 1 && __visit.connection === 'connected'", timeout=9000)
    await journey.admit(staff)
    await shows(staff, PATIENT_NAME, PATIENT)


async def test_back_and_forward_lead_into_the_visit_again(journey: Journey) -> None:
    patient, staff = await journey.together()
    await patient.go_back()
    assert await patient.evaluate("typeof window.__visit") == "undefined"
    await expect(staff.get_by_text("lost the connection").first).to_be_visible()
    await patient.go_forward()
    await screen(patient, "visit")
    await journey.see_each_other(patient, staff)
