"""The namespace of test calls, as pages without and with a session meet it."""

from __future__ import annotations

import time
from datetime import timedelta
from typing import Any

import pytest

from media.events import CloseReason
from tests.support.clinic import PASSWORD, Clinic, Wire, first_row
from tests.support.webrtc import until


async def call(clinic: Clinic, token: object = "") -> Wire:
    wire = await clinic.connect("/test", token)
    assert wire.refusal is None, wire.refusal
    await wire.shows(lambda it: it["media"]["sdp"] is not None, "the offer")
    return wire


async def refused(clinic: Clinic, token: object = "") -> dict[str, Any]:
    wire = await clinic.connect("/test", token)
    assert wire.refusal is not None
    return dict(wire.refusal["data"])


async def figure(clinic: Clinic, name: str) -> float:
    async with clinic.http.get(f"{clinic.settings.base_url}/metrics") as answer:
        lines = (await answer.text()).splitlines()
    return next((float(line.rpartition(" ")[2]) for line in lines if line.startswith(f"{name} ")), 0.0)


def open_calls(clinic: Clinic) -> int:
    return int(clinic.node._media_node.stats().test_calls)


async def test_anybody_may_try_a_call_and_is_offered_their_own_media(clinic: Clinic) -> None:
    wire = await call(clinic)
    media = wire.now["media"]
    assert {(one["source"], one["participant"]) for one in media["remote"]} == {
        ("camera", "echo"), ("audio", "echo-sound"), ("audio", "prompt")
    }  # fmt: skip
    assert media["publish"]
    assert media["ice_servers"] == []
    assert 55 < wire.now["ends_in_s"] <= 60
    assert wire.now["uplink"] is None
    await wire.shows(lambda it: it["ends_in_s"] < 59.2, "a snapshot each second")


async def test_a_session_may_call_before_the_join_window(clinic: Clinic) -> None:
    code = await clinic.book(start=timedelta(days=2))
    token = (await clinic.redeem(code))["token"]
    await call(clinic, token)
    assert (await clinic.view(code))["state"] == "check_in"


async def test_s5_a_test_call_gives_no_right_to_anything(clinic: Clinic) -> None:
    wire = await call(clinic)
    for name in ("waiting.join", "visit.leave", "message.send", "presence.check", "visit.admit", "test.stop"):
        assert await wire.refused(name) == "bad_request"
    assert set(wire.now) == {"version", "server_time", "media", "ends_in_s", "uplink"}
    for proof in ("", wire.now["media"]["transport"]):
        assert (await clinic.connect("/visit", proof)).refusal["data"]["code"] == "unauthorized"  # type: ignore[index]


async def test_a_token_that_opens_nothing_opens_no_test_call(clinic: Clinic) -> None:
    assert (await refused(clinic, "nonsense"))["code"] == "unauthorized"
    _, staff = await clinic.post("/api/v1/staff/sign-in", {"username": "sample.nurse", "password": PASSWORD})
    assert (await refused(clinic, staff["token"]))["code"] == "unauthorized"
    code, _, provider = await clinic.in_visit()
    token = (await clinic.redeem(code))["token"]
    await provider.ok("visit.end", {"visit": provider.now["visit"]["id"]})
    assert (await refused(clinic, token))["code"] == "link_ended"
    assert open_calls(clinic) == 0


async def test_a_session_that_is_revoked_loses_its_test_call_too(clinic: Clinic) -> None:
    code = await clinic.book()
    token = (await clinic.redeem(code))["token"]
    patient = await clinic.connect("/visit", token)
    await patient.ok("waiting.join")
    wire = await call(clinic, token)
    provider = await clinic.staff()
    row = await first_row(provider)
    await provider.ok("visit.remove", row)
    assert await wire.said_goodbye() == "removed"
    await until(lambda: open_calls(clinic) == 0, "closed", within_s=1)


async def test_a_second_page_of_a_session_takes_the_test_call_over(clinic: Clinic) -> None:
    token = (await clinic.redeem(await clinic.book()))["token"]
    first = await call(clinic, token)
    await call(clinic, token)
    assert await first.said_goodbye() == "replaced"
    await until(lambda: open_calls(clinic) == 1, "the first is closed", within_s=1)


async def test_two_at_once_from_one_address_and_a_participant_is_counted_apart(clinic: Clinic) -> None:
    first, _ = await call(clinic), await call(clinic)
    assert await refused(clinic) == {"code": "too_many_requests", "retry_after_s": 15}
    await call(clinic, (await clinic.redeem(await clinic.book()))["token"])
    await first.close()
    await until(lambda: open_calls(clinic) == 2, "closed", within_s=1)
    await call(clinic)


async def test_the_seventh_in_a_minute_is_told_when_to_come_again(clinic: Clinic) -> None:
    for _ in range(6):
        wire = await call(clinic)
        await wire.close()
        await until(lambda: open_calls(clinic) == 0, "closed", within_s=1)
    said = await refused(clinic)
    assert said["code"] == "too_many_requests"
    assert 1 <= said["retry_after_s"] <= 60


async def test_it_ends_with_its_socket_and_is_counted_by_its_verdict(clinic: Clinic) -> None:
    wire = await call(clinic)
    unmeasured = {"loss": None, "jitter_ms": None, "kbps": None, "rtt_ms": 20.0, "frames_per_s": None}
    answer = await wire.ok("test.report", unmeasured)
    assert answer == {"verdict": "untested", "worst": None, "uplink": None, "downlink_loss": None}
    assert await figure(clinic, "video_visit_media_test_calls") == 1
    await wire.close()
    await until(lambda: open_calls(clinic) == 0, "closed", within_s=1)
    assert await figure(clinic, "video_visit_media_test_calls") == 0
    assert await figure(clinic, 'video_visit_test_calls_total{verdict="untested"}') == 1


async def test_after_a_minute_it_is_over(clinic: Clinic) -> None:
    wire = await call(clinic)
    clinic.node._media_node.now = lambda: time.monotonic() + 60
    assert await wire.said_goodbye() == "over"
    assert open_calls(clinic) == 0


async def test_it_is_told_when_the_node_goes_down(clinic: Clinic) -> None:
    wire = await call(clinic)
    await clinic.node.echo_screens.dismiss_all("draining")
    assert await wire.said_goodbye() == "draining"
    assert (await refused(clinic))["code"] == "draining"


async def test_restarts_are_few(clinic: Clinic) -> None:
    wire = await call(clinic)
    for _ in range(3):
        before = wire.now["media"]["transport"]
        await wire.ok("media.restart", {"transport": before, "keep": False})
        await wire.shows(lambda it, before=before: it["media"]["transport"] != before, "another transport")  # type: ignore[misc]
    assert (
        await wire.refused("media.restart", {"transport": wire.now["media"]["transport"], "keep": False})
        == "too_many_requests"
    )


async def test_a_handshake_that_fails_again_is_not_repeated_at_once(clinic: Clinic) -> None:
    wire = await call(clinic)
    (echo,) = clinic.node._media_node._test_calls.values()
    told = []
    for _ in range(3):
        told.append(echo.negotiation().transport)
        echo._endpoint.transport.close(CloseReason.DTLS_FAILED)
    assert told[0] != told[1] == told[2]
    clinic.node._media_node.now = lambda: time.monotonic() + 2
    await wire.shows(lambda it: it["media"]["transport"] not in told, "another transport")


async def test_a_transport_that_was_never_connected_can_not_be_kept(clinic: Clinic) -> None:
    wire = await call(clinic)
    before = wire.now["media"]["transport"]
    await wire.ok("media.restart", {"transport": before, "keep": True})
    await wire.shows(lambda it: it["media"]["transport"] != before, "another transport")


@pytest.mark.parametrize("sdp", ["v=0", "x" * 40_000])
async def test_an_answer_that_is_none_is_refused(clinic: Clinic, sdp: str) -> None:
    wire = await call(clinic)
    media = wire.now["media"]
    answer = {"transport": media["transport"], "revision": media["revision"], "sdp": sdp}
    assert await wire.refused("media.answer", answer) == "bad_sdp"
    assert await wire.ok("media.answer", answer | {"revision": 99}) == {"stale": True}
