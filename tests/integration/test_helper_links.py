"""A helper's link opens the device test and the check-in, and nothing else: S5, S7, S22, S23."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

from signaling.visit_channel import HELPER_LINKS
from tests.support.clinic import Clinic, clinic_settings, open_clinic
from waiting_room.commands import Remove
from waiting_room.model import Actor, PatientDetails, Role

REPORT: dict[str, Any] = {
    "camera": "works",
    "microphone": "works",
    "speaker": "works",
    "network": "good",
    "in_app": False,
    "unsupported": False,
    "device": "phone",
    "system": "ios",
    "browser": "safari",
}
FORBIDDEN: dict[str, dict[str, Any]] = {
    "waiting.join": {},
    "helper.invite": {},
    "message.send": {"text": "Hello"},
    "message.read": {"message": "m", "read": True},
    "chat.say": {"key": "k", "text": "Hello"},
    "captions.say": {"text": "Hello"},
    "wish.make": {"wish": "call"},
    "visit.modality": {"modality": "audio", "reason": "chosen"},
    "media.answer": {"transport": "t", "revision": 1, "sdp": "v=0"},
    "media.restart": {"transport": "t", "keep": False},
    "media.devices": {"microphone": True, "camera": True, "screen": False, "paused": False},
}
HOME = {"item": "location", "answer": {"state": "NY", "address": "1 Sample Street"}}


async def helper_code(patient: Any) -> str:
    """Let the patient's page make a link, and return its code."""
    return str((await patient.ok("helper.invite"))["url"]).partition("#")[2]


async def test_a_helper_answers_and_is_refused_all_else(clinic: Clinic) -> None:
    code = await clinic.book(check_in=None)
    patient = await clinic.patient(code, waiting=False)
    shown = await clinic.view(given := await helper_code(patient))
    assert (shown["role"], shown["visit"]["clinician"], shown["in_use"]) == ("helper", None, False)
    taken = await clinic.redeem(given)
    helper = await clinic.connect("/visit", taken["token"])
    seen = await helper.shows(lambda it: it["check_in"] is not None, "check-in")
    assert (seen["me"]["phase"], seen["visit"]["clinician"], seen["staff_present"]) == ("preparing", None, False)
    assert (seen["wait"], seen["messages"], seen["wishes"], seen["others"]) == (None, [], [], [])

    await helper.ok("checkin.answer", HOME)
    assert await helper.refused(
        "checkin.answer", {"item": "consent", "answer": {"version": "1", "language": "en"}}
    ) == ("item_unknown")
    done = await helper.shows(lambda it: it["check_in"]["items"][0]["state"] == "done", "done")
    assert all(item["answer"] == {} for item in done["check_in"]["items"])
    await patient.shows(lambda it: it["check_in"]["items"][0]["answer"] == HOME["answer"], "the helper's answer")
    assert patient.now["me"]["phase"] == "arrived", "the patient's device stays the patient's"

    for name, argument in FORBIDDEN.items():
        assert await helper.refused(name, argument) == "forbidden", name
    bearer = {"Authorization": f"Bearer {taken['token']}"}
    for path, body in (("receipt", {}), ("feedback", {"answer": "well"})):
        status, refused = await clinic.post(f"/api/v1/visits/{path}", body, headers=bearer)
        assert (status, refused["error"]["code"]) == (403, "forbidden")
    photo = {"Content-Type": "image/jpeg", **bearer}
    async with clinic.http.post(
        f"{clinic.settings.base_url}/api/v1/visits/photos", data=b"jpeg", headers=photo
    ) as answer:
        assert (answer.status, (await answer.json())["error"]["code"]) == (403, "forbidden")


async def test_a_helpers_device_test_is_not_taken_for_the_patients(clinic: Clinic) -> None:
    patient = await clinic.patient(await clinic.book(), waiting=False)
    given = await helper_code(patient)
    status, _ = await clinic.post("/api/v1/invitations/readiness", {"code": given, "report": REPORT})
    assert status == 200
    assert (await clinic.server.visits.load(patient.now["visit"]["id"])).readiness is None


async def test_a_new_link_a_removal_and_the_end_each_close_the_helpers_page(clinic: Clinic) -> None:
    patient = await clinic.patient(await clinic.book(), waiting=False)
    first = await clinic.connect("/visit", (await clinic.redeem(old := await helper_code(patient)))["token"])
    given = await helper_code(patient)
    assert await first.said_goodbye() == "link_ended"
    assert (await clinic.view(old))["state"] == "rescheduled"
    taken = await clinic.redeem(given)
    second = await clinic.connect("/visit", taken["token"])
    nurse = Actor("nurse", Role.NURSE, clinic="main")
    await clinic.server.visits.handle(taken["visit"], Remove(actor=nurse, participant=taken["participant"]))
    assert await second.said_goodbye() == "removed"
    assert (await clinic.view(given))["state"] == "ended"
    assert await patient.refused("helper.invite") == "wrong_state"


async def test_links_for_helpers_are_made_a_few_times_only(clinic: Clinic) -> None:
    patient = await clinic.patient(await clinic.book(), waiting=False)
    for _ in range(HELPER_LINKS):
        await helper_code(patient)
    assert await patient.refused("helper.invite") == "too_many_requests"


async def test_a_helper_gives_the_date_of_birth_first(tmp_path: Path) -> None:
    born = date(1958, 4, 2)
    async with open_clinic(clinic_settings(tmp_path, clinics={"main": {"ask_birth_date": True}})) as clinic:
        code = await clinic.book(check_in=None, details=PatientDetails(birth_date=born))
        patient = await clinic.patient(code, waiting=False)
        assert await patient.refused("helper.invite") == "identity_needed"
        await patient.ok("identity.confirm", {"birth_date": born.isoformat()})
        given = await helper_code(patient)
        assert (await clinic.view(given))["ask_birth_date"]
        helper = await clinic.connect("/visit", (await clinic.redeem(given))["token"])
        await helper.shows(lambda it: it["check_in"]["items"] == [], "nothing before the date")
        assert await helper.refused("checkin.answer", HOME) == "identity_needed"
        await helper.ok("identity.confirm", {"birth_date": born.isoformat()})
        await helper.ok("checkin.answer", HOME)
