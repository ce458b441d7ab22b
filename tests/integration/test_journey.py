"""A visit over the wire, from the link to its end, with aiortc as both people's browser."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

from media import Negotiation, RemoteMedia
from tests.support.clinic import Clinic, Wire, first_row
from tests.support.webrtc import BLUE, RED, Marks, Participant, until


class WireEndpoint:
    """What `Participant` asks of an endpoint, answered from the snapshots of a page's socket."""

    def __init__(self, wire: Wire) -> None:
        self._wire = wire
        self._sent: set[asyncio.Task[Any]] = set()
        self._answered = ("", 0)

    def negotiation(self) -> Negotiation:
        media = self.media
        if media is None:
            return Negotiation("", 0, None, publish=False, mids={}, remote=())
        answered = self._answered == (media["transport"], media["revision"])
        remote = tuple(
            RemoteMedia(one["mid"], one["source"], one["participant"], one["name"]) for one in media["remote"]
        )
        return Negotiation(
            media["transport"],
            media["revision"],
            None if answered else media["sdp"],
            publish=media["publish"],
            mids=media["mids"],
            remote=remote,
        )

    @property
    def media(self) -> Any:
        now = self._wire.now
        return (now.get("visit") or {}).get("media") if self._wire.namespace == "/care" else now.get("media")

    def answer(self, transport: str, revision: int, sdp: str) -> bool:
        self._answered = (transport, revision)
        request = {"transport": transport, "revision": revision, "sdp": sdp}
        if self._wire.namespace == "/care":
            request["visit"] = self._wire.now["visit"]["id"]
        task = asyncio.get_running_loop().create_task(self._wire.ok("media.answer", request))
        self._sent.add(task)
        task.add_done_callback(self._sent.discard)
        return True


class Person:
    """A participant who keeps up with every offer."""

    def __init__(self, wire: Wire, marks: Marks) -> None:
        self.media: Any = Participant(WireEndpoint(wire), marks)  # type: ignore[arg-type]  # the two methods it uses
        self._task = asyncio.get_running_loop().create_task(self._follow())

    async def _follow(self) -> None:
        while True:
            await self.media.negotiate()
            await asyncio.sleep(0.02)

    async def close(self) -> None:
        self._task.cancel()
        await asyncio.gather(self._task, return_exceptions=True)
        await self.media.close()


async def test_each_sees_and_hears_the_other_and_after_the_end_nobody(clinic: Clinic) -> None:
    code = await clinic.book()
    patient_wire = await clinic.patient(code)
    patient = Person(patient_wire, RED)
    provider_wire = await clinic.staff()
    # The patient's transport is up while waiting, and nothing comes out of it.
    await until(lambda: patient.media.connection.connectionState == "connected", "the patient's transport")
    assert patient.media.seen == []
    await provider_wire.ok("visit.admit", await first_row(provider_wire))
    provider = Person(provider_wire, BLUE)
    try:
        await until(lambda: patient.media.sees(BLUE) and provider.media.sees(RED), "pictures")
        await until(lambda: patient.media.hears(BLUE) and provider.media.hears(RED), "sound")
        assert not patient.media.sees(RED)
        visit = provider_wire.now["visit"]["id"]
        await provider_wire.ok("visit.end", {"visit": visit})
        assert await patient_wire.said_goodbye() == "link_ended"
        await provider_wire.shows(lambda it: it["visit"] is None, "out of the visit")
        await asyncio.sleep(0.3)
        seen = len(patient.media.seen), len(provider.media.seen)
        await asyncio.sleep(0.5)
        assert (len(patient.media.seen), len(provider.media.seen)) == seen
    finally:
        await patient.close()
        await provider.close()
    assert (await clinic.view(code))["state"] == "ended"
    status, body = await clinic.post("/api/v1/invitations/redeem", {"code": code})
    assert (status, body["error"]["code"]) == (410, "link_ended")


async def test_a_patient_who_waits_is_sent_nobodys_media_whatever_they_send(clinic: Clinic) -> None:
    """Rule 1, tried over the wire: two patients wait, both send, neither is admitted, nothing is forwarded."""
    wires = [await clinic.patient(await clinic.book(patient=name)) for name in ("First Patient", "Second Patient")]
    people = [Person(wire, marks) for wire, marks in zip(wires, (RED, BLUE), strict=True)]
    try:
        await until(lambda: all(one.media.connection.connectionState == "connected" for one in people), "transports")
        await asyncio.sleep(1)
        metrics = await (await clinic.http.get(f"{clinic.settings.base_url}/metrics")).text()
        assert "video_visit_media_packets_forwarded_total 0.0" in metrics
        assert all(person.media.seen == [] and person.media.heard == [] for person in people)
        assert all(wire.now["media"]["publish"] is False for wire in wires)
        assert all(wire.now["media"]["remote"] == [] for wire in wires)
    finally:
        await asyncio.gather(*(person.close() for person in people))


async def test_a_patient_who_leaves_the_visit_gets_no_more_of_it(clinic: Clinic) -> None:
    _, patient_wire, provider_wire = await clinic.in_visit()
    patient, provider = Person(patient_wire, RED), Person(provider_wire, BLUE)
    try:
        await until(lambda: patient.media.sees(BLUE) and provider.media.sees(RED), "pictures")
        await patient_wire.ok("visit.leave")
        await patient_wire.shows(lambda it: it["me"]["phase"] == "left" and it["media"] is None, "left")
        assert patient_wire.now["others"] == []
        await asyncio.sleep(0.3)
        seen = len(patient.media.seen), len(provider.media.seen)
        await asyncio.sleep(0.5)
        assert (len(patient.media.seen), len(provider.media.seen)) == seen
    finally:
        await patient.close()
        await provider.close()


async def test_one_on_hold_neither_sees_nor_is_seen_until_admitted_again(clinic: Clinic) -> None:
    _, patient_wire, provider_wire = await clinic.in_visit()
    patient, provider = Person(patient_wire, RED), Person(provider_wire, BLUE)
    named = {"visit": provider_wire.now["visit"]["id"], "participant": patient_wire.now["me"]["id"]}
    try:
        await until(lambda: patient.media.sees(BLUE) and provider.media.sees(RED), "pictures")
        await provider_wire.ok("visit.hold", named)
        await patient_wire.shows(lambda it: it["me"]["phase"] == "on_hold", "on hold")
        await asyncio.sleep(0.3)
        seen = len(patient.media.seen), len(provider.media.seen)
        await asyncio.sleep(0.5)
        assert (len(patient.media.seen), len(provider.media.seen)) == seen
        await provider_wire.ok("visit.admit", named)
        await until(
            lambda: len(patient.media.seen) > seen[0] and len(provider.media.seen) > seen[1], "pictures once more"
        )
    finally:
        await patient.close()
        await provider.close()


async def test_another_way_is_offered_on_the_same_transport_and_the_media_go_on(clinic: Clinic) -> None:
    _, patient_wire, provider_wire = await clinic.in_visit()
    patient, provider = Person(patient_wire, RED), Person(provider_wire, BLUE)
    try:
        await until(lambda: patient.media.sees(BLUE) and provider.media.sees(RED), "pictures")
        before = patient_wire.now["media"]
        others = provider_wire.now["visit"]["media"]
        await patient_wire.ok("media.restart", {"transport": before["transport"], "keep": True})
        after = (await patient_wire.shows(lambda it: it["media"]["revision"] > before["revision"], "an offer"))["media"]
        assert after["transport"] == before["transport"]
        assert provider_wire.now["visit"]["media"] == others
        seen = len(patient.media.seen), len(provider.media.seen)
        await until(lambda: len(patient.media.seen) > seen[0] + 5 and len(provider.media.seen) > seen[1] + 5, "go on")
    finally:
        await patient.close()
        await provider.close()


async def test_the_room_opens_by_itself_when_the_window_begins(clinic: Clinic) -> None:
    code = await clinic.book(start=timedelta(minutes=30, seconds=2))
    assert (await clinic.view(code))["state"] == "check_in"
    provider = await clinic.staff()
    assert provider.now["queue"][0]["phase"] == "booked"
    await provider.shows(lambda it: it["queue"][0]["phase"] == "open", "the window opens")
    assert (await clinic.view(code))["state"] == "open"


def test_the_endpoint_of_the_wire_has_what_participants_use() -> None:
    assert isinstance(WireEndpoint(SimpleNamespace(now={}, namespace="/visit")).negotiation(), Negotiation)  # type: ignore[arg-type]
