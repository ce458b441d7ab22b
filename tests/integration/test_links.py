"""What links open over HTTP: every state, the device test's report, the receipt; S5, S7, S12."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from signaling.api_feedback import ANSWERS
from signaling.api_links import REPORTS, STARTS, STARTS_WINDOW_S
from signaling.api_receipt import READINGS
from signaling.channels import MOVES
from signaling.http_messages import InvitationView, Receipt
from signaling.invitations import hash_code, mint_code
from tests.support.clinic import Clinic, clinic_settings, first_row, instant, open_clinic
from waiting_room.commands import Cancel, Invite, RenewLink
from waiting_room.model import Actor, PatientDetails, Role
from waiting_room.store import Links

OPERATOR = Actor("operator", Role.OPERATOR)
REPORT: dict[str, Any] = {
    "camera": "blocked",
    "microphone": "works",
    "speaker": "works",
    "network": "good",
    "in_app": False,
    "unsupported": False,
    "device": "phone",
    "system": "ios",
    "browser": "safari",
}


async def link(clinic: Clinic, code: str) -> tuple[str, str]:
    """Return the visit and the participant that a link is for."""
    taken = await clinic.redeem(code)
    return taken["visit"], taken["participant"]


async def report(clinic: Clinic, code: str, **changed: Any) -> tuple[int, dict[str, Any]]:
    return await clinic.post("/api/v1/invitations/readiness", {"code": code, "report": REPORT | changed})


async def receipt(clinic: Clinic, token: str) -> tuple[int, dict[str, Any]]:
    return await clinic.post("/api/v1/visits/receipt", {}, headers={"Authorization": f"Bearer {token}"})


@pytest.mark.parametrize(
    ("days", "state"), [(4, "early"), (2, "check_in"), (0, "open")], ids=["early", "check_in", "open"]
)
async def test_time_opens_check_in_and_then_the_room(clinic: Clinic, days: int, state: str) -> None:
    shown = await clinic.view(await clinic.book(start=timedelta(days=days), details=PatientDetails(language="es")))
    assert (shown["state"], shown["language"], shown["ask_birth_date"]) == (state, "es", False)
    assert InvitationView.model_validate(shown).model_dump(mode="json") == shown
    times = [instant(shown["visit"][name]) for name in ("check_in_opens_at", "opens_at", "starts_at", "ends_at")]
    assert times == sorted(times)


async def test_the_link_alone_asks_for_a_call_as_long_as_it_opens_something(clinic: Clinic) -> None:
    code = await clinic.book()
    for _ in range(2):
        assert await clinic.post("/api/v1/invitations/call", {"code": code}) == (200, {"callback_known": False})
    staff = await clinic.staff("sample.nurse")
    await staff.shows(lambda it: any(one["wish"] == "call" for row in it["queue"] for one in row["wishes"]), "the wish")
    days_before = await clinic.book(start=timedelta(days=4))
    assert (await clinic.post("/api/v1/invitations/call", {"code": days_before}))[1]["error"]["code"] == "link_ended"
    status, refused = await clinic.post("/api/v1/invitations/call", {"code": mint_code()})
    assert (status, refused["error"]["code"]) == (404, "invitation_unknown")


async def test_a_tap_before_the_room_is_open_begins_the_preparation(clinic: Clinic) -> None:
    code = await clinic.book(start=timedelta(days=2))
    token = (await clinic.redeem(code))["token"]
    wire = await clinic.connect("/visit", token)
    await wire.shows(lambda it: it["me"]["phase"] == "preparing", "preparing")
    assert (await clinic.view(code))["in_use"]


async def test_a_link_that_was_made_anew_leaves_the_old_one_dead(clinic: Clinic) -> None:
    code = await clinic.book()
    visit, participant = await link(clinic, code)
    renew = RenewLink(actor=OPERATOR, participant=participant)
    await clinic.server.visits.handle(visit, renew, Links(revoke=frozenset({participant})))
    shown = await clinic.view(code)
    assert (shown["state"], shown["visit"]["clinician"], shown["language"]) == ("rescheduled", None, None)
    for path, body in (("redeem", {"code": code}), ("readiness", {"code": code, "report": REPORT})):
        status, refused = await clinic.post(f"/api/v1/invitations/{path}", body)
        assert (status, refused["error"]["code"]) == (410, "link_ended")


async def test_a_cancelled_visit_is_told_before_what_became_of_the_link(clinic: Clinic) -> None:
    code = await clinic.book()
    visit, _ = await link(clinic, code)
    await clinic.server.visits.handle(visit, Cancel(actor=OPERATOR))
    assert (await clinic.view(code))["state"] == "cancelled"
    assert (await report(clinic, code))[0] == 410


async def test_a_visit_of_a_clinic_that_was_taken_out_has_ended_and_names_a_phone(tmp_path: Path) -> None:
    both = {"main": {"phone": "555-0111"}, "north": {"phone": "555-0122"}}
    async with open_clinic(clinic_settings(tmp_path, clinics=both)) as clinic:
        code = await clinic.book(clinic="north", provider=None)
        assert (await clinic.view(code))["clinic"]["phone"] == "555-0122"
    async with open_clinic(clinic_settings(tmp_path, clinics={"main": {"phone": "555-0111"}})) as clinic:
        shown = await clinic.view(code)
        assert (shown["state"], shown["clinic"]["phone"]) == ("ended", "555-0111")
        assert (await clinic.post("/api/v1/invitations/redeem", {"code": code}))[0] == 410


async def test_the_birth_date_is_asked_where_the_clinic_asks(tmp_path: Path) -> None:
    async with open_clinic(clinic_settings(tmp_path, clinics={"main": {"ask_birth_date": True}})) as clinic:
        known = await clinic.book(details=PatientDetails(birth_date=date(1961, 4, 30)))
        assert (await clinic.view(known))["ask_birth_date"]
        wire = await clinic.connect("/visit", (await clinic.redeem(known))["token"])
        await wire.shows(lambda it: it["me"]["identity"] == "asked", "asked")


async def test_the_device_that_arrives_stands_in_the_trail_by_its_class(clinic: Clinic) -> None:
    agent = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) canary-agent Mobile/15E148"
    code = await clinic.book()
    await clinic.post("/api/v1/invitations/redeem", {"code": code}, headers={"User-Agent": agent})
    entries = await clinic.server.store.entries()
    assert [one.device for one in entries if one.kind == "ParticipantArrived"] == ["phone"]
    assert "canary-agent" not in repr(entries)


async def test_a_device_test_is_judged_and_shown_to_staff(clinic: Clinic) -> None:
    code = await clinic.book(start=timedelta(hours=1))
    assert await report(clinic, code) == (200, {"verdict": "fair", "cause": "camera_blocked"})
    staff = await clinic.staff("sample.nurse")
    shown = await staff.shows(lambda it: it["queue"][0]["readiness"] is not None, "the verdict")
    assert (shown["queue"][0]["readiness"]["verdict"], shown["queue"][0]["readiness"]["device"]) == ("fair", "phone")


@pytest.mark.parametrize(
    "change",
    [{"camera": "canary"}, {"in_app": "yes"}, {"device": "watch"}, {"label": "FaceTime HD"}, {"network": None}],
)
async def test_a_report_of_another_shape_is_refused(clinic: Clinic, change: dict[str, Any]) -> None:
    status, body = await report(clinic, await clinic.book(), **change)
    assert (status, body["error"]["code"]) == (400, "bad_request")


async def test_reports_are_limited_for_each_link_by_itself(clinic: Clinic) -> None:
    code, other = await clinic.book(), await clinic.book()
    codes = [(await report(clinic, code))[0] for _ in range(REPORTS + 1)]
    assert codes == [200] * REPORTS + [429]
    assert (await report(clinic, other))[0] == 200
    assert (await clinic.view(code))["state"] == "open"


async def test_the_receipt_names_who_was_there_and_when(clinic: Clinic) -> None:
    code = await clinic.book()
    token = (await clinic.redeem(code))["token"]
    patient, provider = await clinic.connect("/visit", token), await clinic.staff()
    await patient.ok("waiting.join")
    status, before = await receipt(clinic, token)
    assert (status, before["people"], before["visit"]["started_at"]) == (200, [], None)

    await provider.ok("visit.admit", await first_row(provider) | {"confirmed": ["identity"]})
    _, during = await receipt(clinic, token)
    assert [(one["name"], one["role"], one["me"]) for one in during["people"]] == [
        ("Sample Patient", "patient", True),
        ("Dr. Sample Provider", "provider", False),
    ]
    assert all(one["times"][-1]["to"] is None for one in during["people"])
    assert (during["recorded"], during["media_server"]) == (False, "127.0.0.1")

    await provider.ok("visit.end", {"visit": provider.now["visit"]["id"]})
    _, after = await receipt(clinic, token)
    assert all(one["times"][-1]["to"] == after["visit"]["ended_at"] for one in after["people"])
    assert Receipt.model_validate(after).model_dump(mode="json") == after
    looked = [one for one in await clinic.server.store.entries() if one.kind == "VisitLookedAt"]
    assert [one.role for one in looked] == ["patient"] * 3


async def test_feedback_is_taken_of_a_visit_that_has_begun_and_of_those_who_may_still_ask(clinic: Clinic) -> None:
    async def told(token: str, given: object) -> tuple[int, str]:
        asked = {"answer": given}, {"Authorization": f"Bearer {token}"}
        status, body = await clinic.post("/api/v1/visits/feedback", asked[0], headers=asked[1])
        return status, body.get("error", {}).get("code", "")

    token = (await clinic.redeem(await clinic.book()))["token"]
    assert await told(token, "well") == (409, "wrong_state")
    patient, provider = await clinic.connect("/visit", token), await clinic.staff()
    await patient.ok("waiting.join")
    await provider.ok("visit.admit", await first_row(provider) | {"confirmed": ["identity"]})
    await provider.shows(lambda it: it["visit"] is not None, "in the visit")
    await provider.ok("visit.end", {"visit": provider.now["visit"]["id"]})
    assert await told(token, "trouble") == (200, "")
    assert await told(token, "canary") == (400, "bad_request")
    assert (await told("a.b.c", "well"))[0] == 401
    (kept,) = [one for one in await clinic.server.store.entries() if one.kind == "FeedbackGiven"]
    assert (kept.role, kept.facts["answer"]) == ("patient", "trouble")
    assert [await told(token, "well") for _ in range(ANSWERS)][-1] == (429, "too_many_attempts")


async def test_s5_a_receipt_is_for_participants_who_may_still_ask(clinic: Clinic) -> None:
    code, patient, provider = await clinic.in_visit()
    del patient
    assert (await clinic.post("/api/v1/visits/receipt", {}))[0] == 401
    assert (await receipt(clinic, "a.b.c"))[0] == 401
    body = {"username": "sample.provider", "password": "correct horse battery"}
    staff = (await clinic.post("/api/v1/staff/sign-in", body))[1]["token"]
    assert (await receipt(clinic, staff))[0] == 401

    first = (await clinic.redeem(code))["token"]
    second = (await clinic.redeem(code))["token"]
    status, refused = await receipt(clinic, first)
    assert (status, refused["error"]["code"]) == (410, "session_replaced")
    assert (await receipt(clinic, second))[0] == 200

    row = provider.now["queue"][0]
    await provider.ok("visit.remove", {"visit": row["visit"], "participant": row["patient"]["id"]})
    status, refused = await receipt(clinic, second)
    assert (status, refused["error"]["code"]) == (410, "removed")


async def test_s5_the_receipt_names_nobody_to_a_device_that_did_not_show_whose_it_is(tmp_path: Path) -> None:
    async with open_clinic(clinic_settings(tmp_path, clinics={"main": {"ask_birth_date": True}})) as clinic:
        code = await clinic.book(details=PatientDetails(birth_date=date(1961, 4, 30)))
        token = (await clinic.redeem(code))["token"]
        status, refused = await receipt(clinic, token)
        assert (status, refused["error"]["code"]) == (409, "identity_needed")

        patient, provider = await clinic.connect("/visit", token), await clinic.staff()
        for _ in range(5):
            await patient.refused("identity.confirm", {"birth_date": "1960-01-01"})
        await patient.ok("waiting.join")
        status, refused = await receipt(clinic, token)
        assert (status, refused["error"]["code"]) == (409, "identity_needed")

        await provider.ok("visit.admit", await first_row(provider) | {"confirmed": ["identity"]})
        status, shown = await receipt(clinic, token)
        assert (status, len(shown["people"])) == (200, 2)


async def test_a_guests_link_is_theirs_and_names_their_role(clinic: Clinic) -> None:
    visit, _ = await link(clinic, await clinic.book())
    nurse = Actor("sample-nurse", Role.NURSE, "Sample Nurse", clinic="main")
    invite = Invite(
        actor=nurse, participant="guest", role=Role.INTERPRETER, name="Sample Interpreter", lives=timedelta(minutes=5)
    )
    code = mint_code()
    await clinic.server.visits.handle(visit, invite, Links(add={hash_code(code): "guest"}))
    shown = await clinic.view(code)
    assert (shown["state"], shown["role"], shown["ask_birth_date"]) == ("open", "interpreter", False)
    assert (await clinic.redeem(code))["role"] == "interpreter"


async def test_s12_a_thousand_guesses_find_nothing_and_shut_nobody_out(clinic: Clinic) -> None:
    code = await clinic.book()
    statuses = [
        (await clinic.post("/api/v1/invitations/redeem", {"code": f"{number:022d}"}))[0] for number in range(1000)
    ]
    assert statuses[:30] == [404] * 30
    assert set(statuses[30:]) == {429}
    assert await clinic.redeem(code)


async def test_a_known_link_is_redeemed_so_many_times_a_minute_and_no_other_is_shut_out(clinic: Clinic) -> None:
    code, other = await clinic.book(), await clinic.book()
    for _ in range(STARTS):
        await clinic.redeem(code)
    before = await clinic.server.store.head()
    status, refused = await clinic.post("/api/v1/invitations/redeem", {"code": code})
    assert (status, refused["error"]["code"]) == (429, "too_many_attempts")
    assert 1 <= refused["error"]["retry_after_s"] <= STARTS_WINDOW_S
    assert await clinic.server.store.head() == before
    await clinic.redeem(other)


async def test_a_receipt_is_read_so_many_times_a_minute(clinic: Clinic) -> None:
    token = (await clinic.redeem(await clinic.book()))["token"]
    assert {(await receipt(clinic, token))[0] for _ in range(READINGS)} == {200}
    before = await clinic.server.store.head()
    status, refused = await receipt(clinic, token)
    assert (status, refused["error"]["code"]) == (429, "too_many_attempts")
    assert await clinic.server.store.head() == before


async def test_coming_and_going_for_ever_does_not_fill_the_trail(clinic: Clinic) -> None:
    patient = await clinic.patient(await clinic.book(), waiting=False)
    answers = [await patient.ask(name) for _ in range(MOVES) for name in ("waiting.join", "visit.leave")]
    assert ["ok" in one for one in answers] == [True] * MOVES + [False] * MOVES
    assert answers[-1]["error"]["code"] == "too_many_requests"
    assert await patient.ok("presence.check")
