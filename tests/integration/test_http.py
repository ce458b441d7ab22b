"""The HTTP edge: headers, errors, methods, origins; S13, S14–S17, S19, S26–S28, S47."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest
from multidict import CIMultiDict

from tests.support.clinic import Clinic, clinic_settings, open_clinic
from waiting_room.errors import StoreFailed

PAGES = ("/v", "/care")
LINK_PATHS = tuple(f"/api/v1/invitations/{name}" for name in ("view", "redeem", "readiness"))


async def fetch(clinic: Clinic, path: str, method: str = "GET", **options: Any) -> tuple[int, dict[str, str], str]:
    async with clinic.http.request(method, clinic.settings.base_url + path, allow_redirects=False, **options) as answer:
        return answer.status, dict(answer.headers), await answer.text()


@pytest.mark.parametrize("path", [*PAGES, "/", "/healthz", "/nothing", "/api/v1/invitations/view"])
async def test_s47_every_answer_carries_the_security_headers(clinic: Clinic, path: str) -> None:
    _, headers, _ = await fetch(clinic, path)
    policy = headers["Content-Security-Policy"]
    for directive in (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "frame-ancestors 'none'",
        "base-uri 'none'",
        "require-trusted-types-for 'script'",
        "trusted-types lit-html",
    ):
        assert directive in policy
    assert f"connect-src 'self' ws{clinic.settings.base_url.removeprefix('http')}" in policy
    assert "unsafe" not in policy
    assert headers["Referrer-Policy"] == "no-referrer"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Permissions-Policy"] == "camera=(self), microphone=(self), display-capture=(self)"
    assert "aiohttp" not in headers.get("Server", "")


async def test_pages_are_kept_by_nobody_and_assets_for_ever(clinic: Clinic) -> None:
    for path in PAGES:
        status, headers, page = await fetch(clinic, path)
        assert (status, headers["Cache-Control"]) == (200, "no-store")
        assert "{{" not in page
        asset = next(part for part in page.split('"') if part.startswith("/assets/"))
        status, headers, _ = await fetch(clinic, asset)
        assert (status, headers["Cache-Control"]) == (200, "public, max-age=31536000, immutable")


@pytest.mark.parametrize("name", ["../signaling/tokens.py", "%2e%2e/pyproject.toml", "js/nothing.js", "__init__.py"])
async def test_only_the_clients_files_are_served(clinic: Clinic, name: str) -> None:
    _, _, page = await fetch(clinic, "/care")
    prefix = "/".join(next(part for part in page.split('"') if part.startswith("/assets/")).split("/")[:3])
    status, _, body = await fetch(clinic, f"{prefix}/{name}")
    assert status == 404
    assert json.loads(body)["error"]["code"] == "not_found"


async def test_a_page_names_the_clinic_before_anything_is_asked(tmp_path_factory: pytest.TempPathFactory) -> None:
    clinics = {"south": {"name": 'Clinic "<b>" & Sons', "phone": "555-0199"}, "north": {"name": "North"}}
    async with open_clinic(clinic_settings(tmp_path_factory.mktemp("c"), clinics=clinics)) as running:
        _, _, page = await fetch(running, "/care")
    assert 'data-clinic-name="Clinic &quot;&lt;b&gt;&quot; &amp; Sons"' in page
    assert 'data-clinic-phone="555-0199"' in page


async def test_a_clinics_logo_is_where_its_card_says_and_runs_nothing(tmp_path: Path) -> None:
    logo = tmp_path / "logo.svg"
    logo.write_text('<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>')
    look = {"brand_color": "#7a0019", "logo": str(logo)}
    async with open_clinic(clinic_settings(tmp_path, clinics={"main": look})) as running:
        card = (await running.view(await running.book()))["clinic"]
        status, headers, body = await fetch(running, card["logo"])
        _, _, page = await fetch(running, "/care")
        missing, _, _ = await fetch(running, "/logo/0123456789abcdef")
    assert (status, missing, body) == (200, 404, logo.read_text())
    assert headers["Content-Type"] == "image/svg+xml"
    assert "script-src 'self'" in headers["Content-Security-Policy"]
    assert f'data-clinic-color="#7a0019" data-clinic-logo="{card["logo"]}"' in page


@pytest.mark.parametrize(
    ("path", "method"), [("/v", "POST"), ("/api/v1/invitations/view", "GET"), ("/metrics", "DELETE")]
)
async def test_s28_unused_methods_are_refused(clinic: Clinic, path: str, method: str) -> None:
    status, _, body = await fetch(clinic, path, method)
    assert (status, json.loads(body)["error"]["code"]) == (405, "method_not_allowed")


@pytest.mark.parametrize(
    "body",
    [b"", b"{", b"[]", b"null", b'{"code": 7}', b'{"code": "x", "more": 1}', b'{"code": null}', b"\xff\xfe", b"[" * 5000,
     b'{"code": "' + b"x" * 65 + b'"}'],
)  # fmt: skip
async def test_a_body_of_another_shape_is_a_bad_request(clinic: Clinic, body: bytes) -> None:
    for path in (*LINK_PATHS, "/api/v1/staff/sign-in"):
        status, headers, text = await fetch(
            clinic, path, "POST", data=body, headers={"Content-Type": "application/json"}
        )
        assert (status, json.loads(text)["error"]["code"]) == (400, "bad_request")
        assert headers["Cache-Control"] == "no-store"


async def test_a_form_of_another_site_is_refused(clinic: Clinic) -> None:
    status, _, _ = await fetch(clinic, "/api/v1/invitations/redeem", "POST", data={"code": await clinic.book()})
    assert status == 400


async def test_s25_a_large_body_is_refused(clinic: Clinic) -> None:
    status, _, body = await fetch(clinic, "/api/v1/invitations/view", "POST", json={"code": "x" * 100_000})
    assert (status, json.loads(body)["error"]["code"]) == (413, "too_large")


async def test_s27_a_failure_inside_shows_nothing_of_the_inside(
    clinic: Clinic, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def fail(*_: object) -> None:
        raise RuntimeError("canary-inner-detail")

    monkeypatch.setattr(clinic.server.store, "find_invitation", fail)
    status, _, body = await fetch(clinic, "/api/v1/invitations/view", "POST", json={"code": "A" * 22})
    assert (status, json.loads(body)["error"]["code"]) == (500, "internal")
    assert "canary" not in body
    assert "Traceback" not in body
    assert (await fetch(clinic, "/healthz"))[0] == 200


async def test_a_store_that_fails_is_said_and_readiness_follows(
    clinic: Clinic, monkeypatch: pytest.MonkeyPatch
) -> None:
    code = await clinic.book()

    async def fail(*_: object) -> None:
        raise StoreFailed(reason="disk full")

    monkeypatch.setattr(clinic.server.store, "commit", fail)
    status, body = await clinic.post("/api/v1/invitations/redeem", {"code": code})
    assert (status, body["error"]["code"]) == (503, "storage_failed")
    assert json.loads((await fetch(clinic, "/readyz"))[2]) == {"status": "ok"}
    monkeypatch.setattr(clinic.server.store, "due", fail)
    status, _, text = await fetch(clinic, "/readyz")
    assert (status, json.loads(text)) == (503, {"status": "failing", "failing": ["store"]})


async def test_s26_a_forged_forwarding_header_does_not_hide_the_guesser(clinic: Clinic) -> None:
    for number in range(31):
        status, _ = await clinic.post(
            "/api/v1/invitations/view", {"code": f"{number:022d}"}, headers={"X-Forwarded-For": f"192.0.2.{number}"}
        )
    assert status == 429


async def test_s26_behind_a_configured_proxy_the_header_counts(tmp_path_factory: pytest.TempPathFactory) -> None:
    settings = clinic_settings(tmp_path_factory.mktemp("c"), trusted_proxies=["127.0.0.1"])
    async with open_clinic(settings) as clinic:
        for number in range(40):
            headers = {"X-Forwarded-For": f"203.0.113.9, 192.0.2.{number}"}
            status, _ = await clinic.post("/api/v1/invitations/view", {"code": f"{number:022d}"}, headers=headers)
            assert status == 404


async def test_s26_a_line_of_the_callers_own_above_the_proxys_does_not_count(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    settings = clinic_settings(tmp_path_factory.mktemp("c"), trusted_proxies=["127.0.0.1"])
    async with open_clinic(settings) as clinic:
        for number in range(31):
            headers = CIMultiDict([("X-Forwarded-For", f"192.0.2.{number}"), ("X-Forwarded-For", "203.0.113.9")])
            status, _ = await clinic.post("/api/v1/invitations/view", {"code": f"{number:022d}"}, headers=headers)
        assert status == 429


@pytest.mark.parametrize(
    "origin", ["https://attacker.test", "null", "http://127.0.0.1", "http://127.0.0.1.attacker.test", ""]
)
async def test_s14_a_foreign_origin_opens_no_socket(clinic: Clinic, origin: str) -> None:
    token = (await clinic.redeem(await clinic.book()))["token"]
    wire = await clinic.connect("/visit", token, headers={"Origin": origin or "http://localhost:1"})
    assert wire.refusal is not None
    assert wire.snapshots == []


@pytest.mark.parametrize("token", [None, "", "x", 7, ["x"], "a.b.c", "x" * 5000])
async def test_s15_s16_without_a_token_a_socket_gets_nothing(clinic: Clinic, token: object) -> None:
    for namespace in ("/visit", "/care"):
        wire = await clinic.connect(namespace, token)
        assert wire.refusal is not None
        assert wire.refusal["data"]["code"] == "unauthorized"
        assert wire.snapshots == []


async def test_other_namespaces_and_polling_are_closed(clinic: Clinic) -> None:
    token = (await clinic.redeem(await clinic.book()))["token"]
    assert (await clinic.connect("/", token)).refusal is not None
    assert (await clinic.connect("/admin", token)).refusal is not None
    status, _, _ = await fetch(clinic, "/socket.io/?EIO=4&transport=polling")
    assert status == 400


async def test_a_patients_token_opens_no_staff_screen(clinic: Clinic) -> None:
    token = (await clinic.redeem(await clinic.book()))["token"]
    wire = await clinic.connect("/care", token)
    assert wire.refusal is not None


async def test_s19_requests_of_another_shape_are_refused_and_the_socket_lives(clinic: Clinic) -> None:
    patient = await clinic.patient(await clinic.book())
    shapes: list[object] = [None, [], "x", 7, {"x": 1}, {"transport": 1, "revision": "1", "sdp": None}]
    for argument in shapes:
        answer = await patient.socket.call("media.answer", argument, namespace="/visit", timeout=5)
        assert answer["error"]["code"] == "bad_request"
    for event in ("nothing", "connect_error", "waiting.join.x", "__class__"):
        assert await patient.refused(event) == "bad_request"
    assert await patient.ok("presence.check")


async def test_s19_a_frame_over_64_kb_closes_that_socket_alone(clinic: Clinic) -> None:
    patient, other = await clinic.patient(await clinic.book()), await clinic.staff()
    await patient.socket.emit(
        "media.answer", {"transport": "t", "revision": 1, "sdp": "x" * 70_000}, namespace="/visit"
    )
    async with asyncio.timeout(5):
        while patient.socket.connected:
            await asyncio.sleep(0.02)
    await other.shows(lambda it: not it["queue"][0]["patient"]["connected"], "the others live on")


async def test_s20_a_flood_of_requests_is_limited(clinic: Clinic) -> None:
    patient = await clinic.patient(await clinic.book())
    answers = await asyncio.gather(*(patient.ask("presence.check") for _ in range(120)))
    assert {answer["error"]["code"] for answer in answers if "error" in answer} == {"too_many_requests"}
    assert "ok" in answers[0]


async def test_metrics_count_and_name_nobody(clinic: Clinic) -> None:
    await clinic.in_visit()
    _, headers, text = await fetch(clinic, "/metrics")
    assert headers["Content-Type"].startswith("text/plain")
    assert 'video_visit_visits{phase="in_progress"} 1.0' in text
    assert 'video_visit_events_total{kind="ParticipantAdmitted"} 1.0' in text
    assert "Sample" not in text


async def test_s27_the_server_survives_a_broken_request_line(clinic: Clinic) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", clinic.server.port)
    writer.write(b"GET /v HTTP/1.1\r\nHost: a\r\nHost: b\r\nTransfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n")
    answer = await asyncio.wait_for(reader.read(200), 5)
    assert b" 400 " in answer.split(b"\r\n")[0]
    writer.close()
    await writer.wait_closed()
    assert (await fetch(clinic, "/healthz"))[0] == 200
