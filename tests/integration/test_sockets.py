"""What a client may cost and what it may pretend: S16–S21 on raw sockets, and the private methods of python-socketio in use."""

from __future__ import annotations

import asyncio
import itertools
import json
import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import aiohttp
import pytest
import socketio

from signaling import sockets
from tests.support.clinic import PASSWORD, Clinic, first_row
from tests.support.webrtc import until


@asynccontextmanager
async def raw(clinic: Clinic) -> AsyncIterator[aiohttp.ClientWebSocketResponse]:
    """A WebSocket that speaks Engine.IO by hand."""
    address = clinic.settings.base_url + "/socket.io/?EIO=4&transport=websocket"
    async with aiohttp.ClientSession() as http, http.ws_connect(address, origin=clinic.settings.base_url) as ws:
        assert (await ws.receive_str()).startswith("0")
        yield ws


async def connected(ws: aiohttp.ClientWebSocketResponse, token: str) -> None:
    await ws.send_str("40/visit," + json.dumps({"token": token}))
    while not (await ws.receive_str()).startswith("40/visit"):
        pass


async def ended(ws: aiohttp.ClientWebSocketResponse, *, within_s: float = 3) -> bool:
    """Whether the server ends this socket, however much it still says."""
    try:
        async with asyncio.timeout(within_s):
            while (await ws.receive()).type not in {
                aiohttp.WSMsgType.CLOSE,
                aiohttp.WSMsgType.CLOSED,
                aiohttp.WSMsgType.ERROR,
            }:
                pass
    except TimeoutError:
        return False
    return True


@pytest.mark.parametrize(
    "name", ["_handle_eio_connect", "_handle_eio_message", "_handle_eio_disconnect", "_handle_event"]
)
def test_the_private_methods_that_are_overridden_are_there(name: str) -> None:
    assert callable(getattr(socketio.AsyncServer, name))


async def test_s16_the_names_of_the_connections_life_are_not_a_clients_to_use(clinic: Clinic) -> None:
    code = await clinic.book()
    token = (await clinic.redeem(code))["token"]
    async with raw(clinic) as ws:
        await connected(ws, token)
        await ws.send_str("42/visit,1" + json.dumps(["waiting.join", {}]))
        for number, event in enumerate(["connect", "disconnect", "connect_error"], 10):
            await ws.send_str(f"42/visit,{number}" + json.dumps([event, {}, {"token": token}]))
        refused: dict[str, Any] = {}
        async with asyncio.timeout(5):
            while len(refused) < 3:
                said = await ws.receive_str()
                if said.startswith("43/visit,1") and "bad_request" in said:
                    refused[said[9:11]] = said
        staff = await clinic.staff()
        assert staff.now["queue"][0]["patient"]["connected"]
        metrics = await (await clinic.http.get(f"{clinic.settings.base_url}/metrics")).text()
        assert "video_visit_screens 2.0" in metrics


@pytest.mark.parametrize(
    "frame",
    [
        "4",
        "49",
        "4x",
        "42/visit,",
        "42/visit,{}",
        "42/visit,[",
        '42["waiting.join"',
        "4" + "[" * 3000,
        '451-/visit,["x"]',
        "46",
        "44{}",
    ],
)
async def test_s18_s19_a_frame_that_is_no_packet_ends_that_socket_alone(clinic: Clinic, frame: str) -> None:
    patient = await clinic.patient(await clinic.book())
    async with raw(clinic) as ws:
        await connected(ws, (await clinic.redeem(await clinic.book()))["token"])
        await ws.send_str(frame)
        assert await ended(ws)
    assert await patient.ok("presence.check")


async def test_s18_a_binary_frame_ends_the_socket(clinic: Clinic) -> None:
    async with raw(clinic) as ws:
        await connected(ws, (await clinic.redeem(await clinic.book()))["token"])
        await ws.send_bytes(b"\x04")
        assert await ended(ws)


async def test_s20_a_flood_of_frames_ends_that_socket_alone(clinic: Clinic) -> None:
    patient = await clinic.patient(await clinic.book())
    async with raw(clinic) as ws:
        await connected(ws, (await clinic.redeem(await clinic.book()))["token"])
        for number in range(1000):
            await ws.send_str(f"42/visit,{number}" + json.dumps(["presence.check", {}]))
        assert await ended(ws, within_s=10)
    assert await patient.ok("presence.check")


async def test_s25_a_socket_that_never_presents_a_token_is_ended(
    clinic: Clinic, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sockets, "CONNECT_WITHIN_S", 0.2)
    async with raw(clinic) as ws:
        assert await ended(ws)
    async with raw(clinic) as ws:
        await ws.send_str('40/visit,{"token": "wrong"}')
        assert await ended(ws)
    async with raw(clinic) as ws:
        await connected(ws, (await clinic.redeem(await clinic.book()))["token"])
        assert not await ended(ws, within_s=0.6)


async def test_a_client_that_ignores_goodbye_is_ended(clinic: Clinic, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sockets, "CONNECT_WITHIN_S", 0.2)
    code = await clinic.book()
    async with raw(clinic) as ws:
        await connected(ws, (await clinic.redeem(code))["token"])
        await clinic.redeem(code)
        assert await ended(ws)


async def test_s21_a_client_that_reads_nothing_is_ended_and_its_queue_is_bounded(
    clinic: Clinic, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sockets, "UNREAD", 3)
    staff = await clinic.staff()
    socket = staff.socket.eio.ws
    # Stop reading: the server's buffers and queue fill up.
    socket._response.connection.transport.pause_reading()
    nurse = await clinic.staff("sample.nurse")
    for number in range(60):
        await clinic.book(patient=f"Patient {number}")
    shown = await nurse.shows(lambda it: len(it["queue"]) == 60, "the list")
    visits = itertools.cycle(row["visit"] for row in shown["queue"])
    async with asyncio.timeout(60):
        while "video_visit_screens 2.0" in await (await clinic.http.get(f"{clinic.settings.base_url}/metrics")).text():
            for visit in itertools.islice(visits, 8):
                # Chance does not compress.
                await nurse.ok("note.keep", {"visit": visit, "text": secrets.token_hex(490)})
            await asyncio.sleep(0.3)
    assert await nurse.ok("staff.list")


async def test_many_connects_with_one_token_leave_one_screen(clinic: Clinic) -> None:
    token = (await clinic.redeem(await clinic.book()))["token"]
    wires = await asyncio.gather(*(clinic.connect("/visit", token) for _ in range(6)))
    await until(lambda: sum(wire.socket.connected and not wire.byes for wire in wires) == 1, "one is left")


async def test_one_window_too_many_does_not_admit_two_patients(clinic: Clinic) -> None:
    first, second = await clinic.staff(), await clinic.staff()
    await clinic.patient(await clinic.book(patient="First Patient"))
    await clinic.patient(await clinic.book(patient="Second Patient"))
    shown = await first.shows(lambda it: sum("admit" in row["may"] for row in it["queue"]) == 2, "two to admit")
    named = [{"visit": row["visit"], "participant": row["patient"]["id"]} for row in shown["queue"]]
    answers = await asyncio.gather(first.ask("visit.admit", named[0]), second.ask("visit.admit", named[1]))
    assert sorted(str(answer.get("error", {}).get("code")) for answer in answers) == ["None", "busy_elsewhere"]


async def test_a_replaced_device_that_had_left_sees_and_touches_nothing(clinic: Clinic) -> None:
    code = await clinic.book()
    phone = await clinic.patient(code)
    await phone.ok("visit.leave")
    tablet = await clinic.patient(code)
    assert await phone.said_goodbye() == "replaced"
    staff = await clinic.staff()
    await staff.ok("visit.admit", await first_row(staff))
    await tablet.shows(lambda it: it["me"]["phase"] == "in_visit", "admitted")
    assert not any(shown["me"]["phase"] == "in_visit" for shown in phone.snapshots)


async def test_a_patient_is_told_whether_anybody_of_staff_is_there(clinic: Clinic) -> None:
    patient = await clinic.patient(await clinic.book())
    assert patient.now["staff_present"] is False
    other = await clinic.staff("other.provider")
    await asyncio.sleep(0.2)
    assert patient.now["staff_present"] is False
    nurse = await clinic.staff("sample.nurse")
    await patient.shows(lambda it: it["staff_present"], "somebody is there")
    await nurse.close()
    await patient.shows(lambda it: not it["staff_present"], "nobody is there")
    await other.close()


async def test_a_session_that_runs_out_is_noted_as_lost(clinic: Clinic) -> None:
    _, patient, provider = await clinic.in_visit()
    assert provider.now["visit"]
    # As the clock would: the provider's session is out of date.
    live = clinic.server.visits.live()[0]
    session = next(one.session for one in live.participants if one.id == "sample-provider")
    clinic.node.screens.dismiss(session, "session_expired")
    assert await provider.said_goodbye() == "session_expired"
    await patient.shows(lambda it: it["others"] and not it["others"][0]["connected"], "the other is lost")


@pytest.mark.parametrize("namespace", ["/visit", "/care"])
async def test_s57_a_node_that_goes_down_opens_no_screen_and_redeems_no_link(clinic: Clinic, namespace: str) -> None:
    code = await clinic.book()
    token = (await clinic.redeem(code))["token"]
    if namespace == "/care":
        asked = {"username": "sample.nurse", "password": PASSWORD}
        token = (await clinic.post("/api/v1/staff/sign-in", asked))[1]["token"]
    await clinic.node.screens.dismiss_all("draining")
    wire = await clinic.connect(namespace, token)
    assert wire.refusal is not None
    assert wire.refusal["data"]["code"] == "draining"
    status, body = await clinic.post("/api/v1/invitations/redeem", {"code": code})
    assert (status, body["error"]["code"]) == (503, "draining")


async def test_a_connect_that_crashes_leaves_nothing_behind(clinic: Clinic, monkeypatch: pytest.MonkeyPatch) -> None:
    token = (await clinic.redeem(await clinic.book()))["token"]

    async def crash(*_: object) -> None:
        raise RuntimeError("defect")

    with monkeypatch.context() as broken:
        broken.setattr(clinic.server.visits, "handle", crash)
        wire = await clinic.connect("/visit", token)
    assert wire.refusal is not None
    assert wire.refusal["data"]["code"] == "internal"
    assert len(clinic.node.screens) == 0
    again = await clinic.connect("/visit", token)
    await again.ok("waiting.join")
