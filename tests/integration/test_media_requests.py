"""What pages say and ask about their media, over real sockets."""

from __future__ import annotations

import asyncio
import time

from media import Source
from media.events import CloseReason
from media.publication import Publication
from tests.support.clinic import Clinic, Json

REPORT: Json = {
    "rtt_ms": 40,
    "freezes": 0,
    "frozen_ms": 0,
    "concealed": 0.01,
    "frames_per_s": 25,
    "height": 720,
    "limited": "none",
}


async def test_what_a_page_sends_is_told_to_the_other(clinic: Clinic) -> None:
    _, patient, provider = await clinic.in_visit()
    assert provider.now["visit"]["others"][0]["camera"] is None
    await patient.ok("media.devices", {"microphone": True, "camera": False, "screen": True, "paused": False})
    shown = await provider.shows(lambda it: it["visit"]["others"][0]["camera"] is False, "camera off")
    other = shown["visit"]["others"][0]
    assert [other[name] for name in ("microphone", "screen", "paused", "quality")] == [True, True, False, None]
    says = {"microphone": False, "camera": True, "screen": False, "paused": True}
    await provider.ok("media.devices", {"visit": shown["visit"]["id"], **says})
    told = await patient.shows(lambda it: it["others"][0]["microphone"] is False, "muted")
    assert (told["others"][0]["screen"], told["others"][0]["paused"]) == (False, True)


async def test_a_screen_is_offered_to_the_others_while_its_page_says_so(clinic: Clinic) -> None:
    _, patient, provider = await clinic.in_visit()
    visit, person = provider.now["visit"]["id"], patient.now["me"]["id"]
    endpoint = clinic.node._media_node.find_room(visit).find(person)
    endpoint.publications = {Source.SCREEN: Publication(person, "Sample Patient", Source.SCREEN, (1, 2))}
    shown = []
    for screen in (True, False, True):
        await patient.ok("media.devices", {"microphone": True, "camera": True, "screen": screen, "paused": False})
        shown.append(len(endpoint.shown))
    assert shown == [1, 0, 1]


async def test_what_a_page_measured_is_kept_with_its_present_transport(clinic: Clinic) -> None:
    _, patient, provider = await clinic.in_visit()
    visit, person = provider.now["visit"]["id"], patient.now["me"]["id"]
    await patient.ok("media.report", {"transport": "another", **REPORT})
    assert clinic.node.media.lines.report(visit, person) is None
    await patient.ok("media.report", {"transport": patient.now["media"]["transport"], **REPORT})
    kept = clinic.node.media.lines.report(visit, person)
    assert kept is not None
    assert (kept.rtt_ms, kept.limited) == (40, "none")
    own = {"transport": provider.now["visit"]["media"]["transport"], "visit": visit}
    await provider.ok("media.report", {**own, **REPORT, "rtt_ms": None})
    for bad in ({"concealed": 1.1}, {"limited": "x"}, {"freezes": -1}, {"height": 0.5}, {"rtt_ms": "40"}):
        assert await provider.refused("media.report", {**own, **REPORT, **bad}) == "bad_request"


async def test_another_way_for_a_transport_that_never_was_up_is_a_new_transport(clinic: Clinic) -> None:
    patient = await clinic.patient(await clinic.book())
    old = patient.now["media"]["transport"]
    await patient.ok("media.restart", {"transport": old, "keep": True})
    await patient.shows(lambda it: it["media"]["transport"] != old, "a new transport")


async def test_restarts_have_a_limit_of_their_own(clinic: Clinic) -> None:
    patient = await clinic.patient(await clinic.book())
    codes = []
    for _ in range(12):
        transport = patient.now["media"]["transport"]
        answer = await patient.ask("media.restart", {"transport": transport, "keep": False})
        codes.append(answer.get("error", {}).get("code"))
        await asyncio.sleep(0.02)
    assert codes[0] is None
    assert codes[-1] == "too_many_requests"


async def test_a_handshake_that_fails_again_is_not_repeated_at_once(clinic: Clinic) -> None:
    patient = await clinic.patient(await clinic.book())
    (room,) = clinic.node._media_node.rooms()
    (endpoint,) = room.endpoints
    transports = [endpoint.transport]
    for _ in range(2):
        endpoint.transport.close(CloseReason.DTLS_FAILED)
        transports.append(endpoint.transport)
    assert transports[0] is not transports[1]
    assert transports[1] is transports[2]
    clinic.node._media_node.now = lambda: time.monotonic() + 2
    await patient.shows(lambda it: it["media"]["transport"] not in [each.id for each in transports], "another one")
