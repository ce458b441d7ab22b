"""The waiting room over the wire: who may do what, who hears of it, and what a link opens."""

from __future__ import annotations

import asyncio
import os
import sys
from datetime import datetime, timedelta

import pytest

from signaling.appointments import Appointments, Asked
from signaling.clinics import Clinics
from signaling.data_folder import DATABASE
from signaling.visits import Visits
from tests.support.clinic import PASSWORD, Clinic, clinic_settings, first_row, instant, open_clinic
from tests.support.webrtc import until
from waiting_room.errors import StoreFailed
from waiting_room.sqlite_store import SqliteStore
from waiting_room.store import Versioned


async def test_looking_at_a_link_changes_nothing(clinic: Clinic) -> None:
    """S10: mail scanners open links, and some run scripts."""
    code = await clinic.book()
    for _ in range(20):
        shown = await clinic.view(code)
    assert (shown["state"], shown["in_use"], shown["visit"]["clinician"]) == ("open", False, "Dr. Sample Provider")
    staff = await clinic.staff()
    assert staff.now["queue"][0]["patient"]["phase"] == "invited"


async def test_a_link_shows_no_clinician_once_it_is_over(clinic: Clinic) -> None:
    code, _, provider = await clinic.in_visit()
    await provider.ok("visit.end", {"visit": provider.now["visit"]["id"]})
    shown = await clinic.view(code)
    assert (shown["state"], shown["visit"]["clinician"]) == ("ended", None)


async def test_too_early_names_the_time_and_changes_nothing(clinic: Clinic) -> None:
    code = await clinic.book(start=timedelta(days=4))
    status, body = await clinic.post("/api/v1/invitations/redeem", {"code": code})
    assert (status, body["error"]["code"]) == (409, "too_early")
    shown = (await clinic.view(code))["visit"]
    for time in ("opens_at", "check_in_opens_at"):
        assert instant(body["error"][time]) == instant(shown[time])


@pytest.mark.parametrize("code", ["x", "A" * 22, "../../etc/passwd", "é" * 22])
async def test_an_unknown_code_names_the_clinic_and_nothing_else(clinic: Clinic, code: str) -> None:
    for path in ("view", "redeem"):
        status, body = await clinic.post(f"/api/v1/invitations/{path}", {"code": code})
        assert (status, body["error"]["code"]) == (404, "invitation_unknown")
        assert body["error"]["clinic"]["phone"] == "555-0100"


async def test_s12_guessing_is_throttled_and_the_true_patient_still_gets_in(clinic: Clinic) -> None:
    code = await clinic.book()
    answers = [await clinic.post("/api/v1/invitations/view", {"code": f"{number:022d}"}) for number in range(60)]
    assert answers[0][0] == 404
    assert answers[-1][0] == 429
    assert answers[-1][1]["error"]["retry_after_s"] > 0
    assert (await clinic.view(code))["state"] == "open"
    assert await clinic.redeem(code)


async def test_staff_see_at_once_who_waits(clinic: Clinic) -> None:
    staff = await clinic.staff("sample.nurse")
    patient = await clinic.patient(await clinic.book())
    shown = await staff.shows(lambda it: it["queue"] and it["queue"][0]["patient"]["phase"] == "waiting", "waiting")
    row = shown["queue"][0]
    assert row["patient"]["connected"]
    assert instant(row["patient"]["waiting_since"]) <= instant(shown["server_time"])
    assert set(row["may"]) == {"admit", "remove", "complete", "invite", "late", "call", "message"}
    assert patient.now["others"] == []


async def test_s23_a_patient_cannot_do_what_staff_do(clinic: Clinic) -> None:
    patient = await clinic.patient(await clinic.book())
    visit, me = patient.now["visit"]["id"], patient.now["me"]["id"]
    for request in ("visit.admit", "visit.enter", "visit.remove", "visit.end"):
        assert await patient.refused(request, {"visit": visit, "participant": me}) == "bad_request"
    assert patient.now["me"]["phase"] == "waiting"


async def test_s22_identifiers_in_a_patients_payload_are_refused(clinic: Clinic) -> None:
    first, second = await clinic.patient(await clinic.book()), await clinic.patient(await clinic.book())
    stolen = {"visit": second.now["visit"]["id"], "participant": second.now["me"]["id"]}
    assert await first.refused("visit.leave", stolen) == "bad_request"
    assert await first.refused("media.restart", {"transport": "x", "keep": False, **stolen}) == "bad_request"
    assert second.now["me"]["phase"] == "waiting"


@pytest.mark.parametrize(("username", "code"), [("sample.desk", "forbidden"), ("other.provider", "visit_unknown")])
async def test_admission_is_for_those_who_may(clinic: Clinic, username: str, code: str) -> None:
    provider = await clinic.staff()
    patient = await clinic.patient(await clinic.book())
    named = await first_row(provider)
    other = await clinic.staff(username)
    assert await other.refused("visit.admit", named) == code
    assert await other.refused("visit.end", {"visit": named["visit"]}) == code
    assert patient.now["me"]["phase"] == "waiting"
    if username == "other.provider":
        assert other.now["queue"] == []


async def test_of_two_simultaneous_admissions_one_wins(clinic: Clinic) -> None:
    patient = await clinic.patient(await clinic.book())
    provider, nurse = await clinic.staff(), await clinic.staff("sample.nurse")
    named = await first_row(nurse)
    answers = await asyncio.gather(provider.ask("visit.admit", named), nurse.ask("visit.admit", named))
    lost = [answer["error"] for answer in answers if "error" in answer]
    assert [error["code"] for error in lost] == ["already_admitted"]
    assert lost[0]["by"] in {"Dr. Sample Provider", "Sample Nurse"}
    shown = await patient.shows(lambda it: it["me"]["phase"] == "in_visit", "admitted")
    assert len(shown["others"]) == 1


async def test_s11_another_device_takes_over_and_the_first_is_told(clinic: Clinic) -> None:
    code = await clinic.book()
    phone = await clinic.patient(code)
    assert (await clinic.view(code))["in_use"]
    tablet = await clinic.patient(code, waiting=False)
    assert await phone.said_goodbye() == "replaced"
    assert (await tablet.shows(bool, "a snapshot"))["me"]["phase"] == "waiting"


async def test_the_token_of_a_replaced_device_opens_nothing(clinic: Clinic) -> None:
    code = await clinic.book()
    old = (await clinic.redeem(code))["token"]
    await clinic.redeem(code)
    wire = await clinic.connect("/visit", old)
    assert wire.refusal is not None
    assert wire.refusal["data"]["code"] == "session_replaced"


async def test_a_copied_tab_with_the_same_token_replaces_the_first(clinic: Clinic) -> None:
    token = (await clinic.redeem(await clinic.book()))["token"]
    first = await clinic.connect("/visit", token)
    second = await clinic.connect("/visit", token)
    assert await first.said_goodbye() == "replaced"
    await second.ok("waiting.join")


async def test_one_who_drops_out_keeps_the_place_and_staff_see_it(clinic: Clinic) -> None:
    code = await clinic.book()
    redeemed = await clinic.redeem(code)
    patient = await clinic.connect("/visit", redeemed["token"])
    await patient.ok("waiting.join")
    staff = await clinic.staff()
    since = (await staff.shows(lambda it: it["queue"][0]["patient"]["connected"], "there"))["queue"][0]["patient"][
        "waiting_since"
    ]
    await patient.close()
    gone = await staff.shows(lambda it: not it["queue"][0]["patient"]["connected"], "gone")
    assert gone["queue"][0]["patient"]["phase"] == "waiting"
    assert gone["queue"][0]["patient"]["lost_at"]
    again = await clinic.connect("/visit", redeemed["token"])
    back = await staff.shows(lambda it: it["queue"][0]["patient"]["connected"], "back")
    assert back["queue"][0]["patient"]["waiting_since"] == since
    assert (await again.shows(bool, "a snapshot"))["me"]["phase"] == "waiting"


async def test_the_sign_of_life_is_true(clinic: Clinic) -> None:
    patient = await clinic.patient(await clinic.book())
    assert instant((await patient.ok("presence.check"))["server_time"])


async def test_s7_the_removed_are_out_within_two_seconds_and_for_good(clinic: Clinic) -> None:
    code, patient, provider = await clinic.in_visit()
    visit = provider.now["visit"]
    await provider.ok("visit.remove", {"visit": visit["id"], "participant": visit["others"][0]["id"]})
    async with asyncio.timeout(2):
        assert await patient.said_goodbye() == "removed"
    assert (await clinic.view(code))["state"] == "ended"
    status, body = await clinic.post("/api/v1/invitations/redeem", {"code": code})
    assert (status, body["error"]["code"]) == (410, "link_ended")


async def test_s7_after_the_end_a_token_that_is_still_in_date_opens_nothing(clinic: Clinic) -> None:
    token = (await clinic.redeem(await clinic.book()))["token"]
    patient = await clinic.connect("/visit", token)
    await patient.ok("waiting.join")
    provider = await clinic.staff()
    named = await first_row(provider)
    await provider.ok("visit.admit", named)
    await provider.ok("visit.end", {"visit": named["visit"]})
    async with asyncio.timeout(2):
        assert await patient.said_goodbye() == "link_ended"
    wire = await clinic.connect("/visit", token)
    assert wire.refusal is not None
    assert wire.refusal["data"]["code"] == "link_ended"


async def test_ending_twice_is_harmless(clinic: Clinic) -> None:
    _, _, provider = await clinic.in_visit()
    visit = provider.now["visit"]["id"]
    await provider.ok("visit.end", {"visit": visit})
    await provider.ok("visit.end", {"visit": visit})


async def test_a_provider_who_leaves_can_go_back_and_the_patient_stays(clinic: Clinic) -> None:
    _, patient, provider = await clinic.in_visit()
    visit = provider.now["visit"]["id"]
    await provider.ok("visit.leave", {"visit": visit})
    shown = await provider.shows(lambda it: it["visit"] is None, "out")
    assert "enter" in shown["queue"][0]["may"]
    await patient.shows(lambda it: it["others"] == [], "alone")
    await provider.ok("visit.enter", {"visit": visit})
    await patient.shows(lambda it: len(it["others"]) == 1, "together again")


async def test_another_window_of_the_same_person_takes_the_media_over(clinic: Clinic) -> None:
    _, patient, provider = await clinic.in_visit()
    second = await clinic.staff()
    shown = await second.shows(lambda it: it["visit"] is not None, "in the visit")
    assert (shown["visit"]["elsewhere"], shown["visit"]["media"]) == (True, None)
    visit = shown["visit"]["id"]
    transport = provider.now["visit"]["media"]["transport"]
    assert await second.refused("media.restart", {"visit": visit, "transport": transport, "keep": False}) == "no_media"
    await second.ok("visit.enter", {"visit": visit})
    moved = await second.shows(lambda it: not it["visit"]["elsewhere"] and it["visit"]["media"], "the media")
    assert moved["visit"]["media"]["transport"] != transport
    await provider.shows(lambda it: it["visit"]["elsewhere"], "the first window is told")
    assert patient.now["me"]["phase"] == "in_visit"


async def test_nobody_is_in_two_visits_at_once(clinic: Clinic) -> None:
    _, _, provider = await clinic.in_visit()
    await clinic.patient(await clinic.book(patient="Second Patient"))
    named = await first_row(provider)
    assert await provider.refused("visit.admit", named) == "busy_elsewhere"


async def test_a_reload_gets_a_new_transport_on_request(clinic: Clinic) -> None:
    _, patient, _ = await clinic.in_visit()
    old = patient.now["media"]["transport"]
    await patient.ok("media.restart", {"transport": old, "keep": False})
    await patient.shows(lambda it: it["media"]["transport"] != old and it["media"]["sdp"], "a new offer")
    await patient.ok("media.restart", {"transport": old, "keep": False})
    new = patient.now["media"]["transport"]
    assert patient.now["media"]["transport"] == new


async def test_a_bad_answer_is_refused_with_a_reason(clinic: Clinic) -> None:
    patient = await clinic.patient(await clinic.book())
    media = (await patient.shows(lambda it: it["media"], "an offer"))["media"]
    answer = await patient.ask(
        "media.answer", {"transport": media["transport"], "revision": 1, "sdp": "v=0\r\nnonsense"}
    )
    assert answer["error"]["code"] == "bad_sdp"
    assert answer["error"]["reason"]
    stale = await patient.ok("media.answer", {"transport": "gone", "revision": 1, "sdp": "v=0"})
    assert stale == {"stale": True}


async def test_an_appointment_made_by_another_process_appears(clinic: Clinic) -> None:
    staff = await clinic.staff()
    environment = {
        "VIDEO_VISIT_DATA_DIR": str(clinic.settings.data_dir),
        "VIDEO_VISIT_BASE_URL": clinic.settings.base_url,
    }
    printed = await _command(
        *("appointment", "create", "--patient", "Booked Elsewhere", "--provider", "sample.provider"),
        *("--start", "now", "--minutes", "30"),
        environment=environment,
    )
    shown = await staff.shows(
        lambda it: any(row["patient"]["name"] == "Booked Elsewhere" for row in it["queue"]), "the row"
    )
    assert len(shown["queue"]) == 1
    assert (await clinic.view(printed.strip().partition("#")[2]))["state"] == "open"


async def _command(*arguments: str, environment: dict[str, str]) -> str:
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "signaling", *arguments), stdout=asyncio.subprocess.PIPE, env=os.environ | environment
    )
    out, _ = await process.communicate()
    assert process.returncode == 0
    return out.decode()


async def test_sign_in_refuses_alike_whatever_was_wrong(clinic: Clinic) -> None:
    for username, password in (("sample.provider", "wrong"), ("nobody", PASSWORD), ("sample.provider", "x" * 200)):
        status, body = await clinic.post("/api/v1/staff/sign-in", {"username": username, "password": password})
        assert (status, body["error"]["code"]) == (401, "sign_in_failed")


async def test_password_guessing_is_slowed_for_the_guesser_alone(clinic: Clinic) -> None:
    for _ in range(11):
        status, body = await clinic.post("/api/v1/staff/sign-in", {"username": "sample.nurse", "password": "guess"})
    assert (status, body["error"]["code"]) == (429, "too_many_attempts")
    assert await clinic.staff("sample.provider")


async def test_many_passwords_at_once_are_limited_like_one_after_the_other(clinic: Clinic) -> None:
    guess = {"username": "sample.nurse", "password": "guess"}
    answers = await asyncio.gather(*(clinic.post("/api/v1/staff/sign-in", guess) for _ in range(40)))
    assert sum(status == 401 for status, _ in answers) <= 10
    assert sum(status == 429 for status, _ in answers) >= 30


async def test_a_reload_of_the_board_that_fails_is_tried_again(clinic: Clinic, monkeypatch: pytest.MonkeyPatch) -> None:
    kept = clinic.server.store.list_live
    failing = True

    async def list_live(until: datetime) -> list[Versioned]:
        if failing:
            raise StoreFailed(reason="busy")
        return await kept(until)

    monkeypatch.setattr(clinic.server.store, "list_live", list_live)
    other = await SqliteStore.open(clinic.settings.data_dir / DATABASE)
    visits = Visits(other, clock=clinic.node.clock, listener=lambda _visit, _events: None)
    appointments = Appointments(visits, other, Clinics(clinic.settings), clinic.settings.base_url, clinic.node.clock)
    # Not due yet: a visit whose window has come is found by its deadline, too.
    later = clinic.node.clock() + timedelta(hours=1)
    await appointments.book(Asked(clinic="main", patient="Late Row", starts_at=later))
    await asyncio.sleep(1.5)
    assert clinic.server.visits.live() == []
    failing = False
    await until(lambda: len(clinic.server.visits.live()) == 1, "the visit")
    await other.close()


async def test_a_new_server_knows_who_was_there(tmp_path_factory: pytest.TempPathFactory) -> None:
    settings = clinic_settings(tmp_path_factory.mktemp("clinic"))
    async with open_clinic(settings) as first:
        code = await first.book()
        redeemed = await first.redeem(code)
        patient = await first.connect("/visit", redeemed["token"])
        await patient.ok("waiting.join")
    async with open_clinic(settings) as second:
        staff = await second.staff()
        assert staff.now["queue"][0]["patient"]["phase"] == "waiting"
        assert not staff.now["queue"][0]["patient"]["connected"]
        again = await second.connect("/visit", redeemed["token"])
        shown = await again.shows(lambda it: it["media"] is not None, "an offer")
        assert shown["me"]["phase"] == "waiting"
        assert shown["media"]["sdp"]
