"""A participant's line, from packets on the wire to the other's screen and to operators' figures."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from loadtests.session_description import LocalSide, write_answer
from tests.support.clinic import Clinic, Json, Wire, clinic_settings, open_clinic
from tests.support.webrtc import RawPeer, until
from tests.unit.media.doubles import rtp

REPORT: Json = {"rtt_ms": 20, "freezes": 1, "frozen_ms": 700, "concealed": 0.0, "frames_per_s": 20, "height": 480}


@pytest.fixture
async def clinic(tmp_path: Path) -> AsyncIterator[Clinic]:
    async with open_clinic(clinic_settings(tmp_path)) as clinic:
        yield clinic


async def connect(clinic: Clinic, wire: Wire, first_ssrc: int, named: Json) -> tuple[RawPeer, Json]:
    """Answer until the offer stands, and shake hands."""

    def media() -> Json:
        return dict(wire.now["media"] if not named else wire.now["visit"]["media"])

    peer = RawPeer(clinic.server.media_port)
    local = LocalSide(
        fingerprint=peer.fingerprint,
        ufrag="load",
        password="password-of-22-characters",
        audio_ssrc=first_ssrc,
        video_ssrcs=(first_ssrc + 1, first_ssrc + 2),
        address=("127.0.0.1", 9),
    )
    stale = True
    while stale:
        wanted = media()
        sdp = write_answer(wanted["sdp"], local)
        answer = {"transport": wanted["transport"], "revision": wanted["revision"], "sdp": sdp}
        stale = (await wire.ok("media.answer", named | answer)).get("stale", False)
    assert await peer.connect(wanted["sdp"])
    return peer, wanted


async def test_a_lossy_line_shows_on_both_screens_and_in_the_figures(clinic: Clinic) -> None:
    _, patient, provider = await clinic.in_visit()
    visit = {"visit": provider.now["visit"]["id"]}
    peer, wanted = await connect(clinic, patient, 100, {})
    await patient.ok("media.report", {"transport": wanted["transport"], "limited": "network"} | REPORT)
    number = 0
    assert patient.now["media"]["quality"] is None

    async def send() -> bool:
        """One packet in five never comes."""
        nonlocal number
        for _ in range(5):
            number += 1
            if number % 5:
                peer.send_rtp(rtp(100, number))
        return bool(patient.now["media"]["quality"] == "poor")

    async with asyncio.timeout(15):
        while not await send():
            await asyncio.sleep(0.1)
    await provider.shows(lambda it: it["visit"]["others"][0]["quality"] == "poor", "the other's sign")
    async with clinic.http.get(f"{clinic.settings.base_url}/metrics") as answer:
        text = await answer.text()
    assert 'video_visit_visits_by_worst_line{quality="poor"} 1.0' in text
    assert "video_visit_freezes_total 1.0" in text
    for private in (visit["visit"], patient.now["me"]["id"], "Sample Patient"):
        assert private not in text
    await peer.close()


async def test_a_report_on_another_transport_is_nobodys(clinic: Clinic) -> None:
    _, patient, _ = await clinic.in_visit()
    await patient.ok("media.report", {"transport": "another", "limited": "none"} | REPORT)
    async with clinic.http.get(f"{clinic.settings.base_url}/metrics") as answer:
        assert "video_visit_freezes_total 0.0" in await answer.text()
    await until(lambda: patient.now["media"]["quality"] is None, "nothing is known")
