"""What staff ask about a visit and its people, over the wire: granted to those who may, refused to all others."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from tests.support.clinic import Clinic, Json, Wire, code_of, first_row
from waiting_room.check_in_items import CheckInItem, ItemKind
from waiting_room.model import PatientDetails, Role

LOCATION = (CheckInItem("location", ItemKind.LOCATION),)
BORN = PatientDetails(birth_date=date(1961, 4, 30))


def row_of(staff: Wire) -> Json:
    row: Json = staff.now["queue"][0]
    return row


async def guest_of(clinic: Clinic, staff: Wire, role: str = "interpreter") -> tuple[Wire, Json]:
    """Invite somebody into the staff member's visit, and return them waiting with what was answered."""
    asked = {"visit": staff.now["visit"]["id"], "role": role, "name": "Sample Guest", "minutes": 30}
    invited = await staff.ok("visit.invite", asked)
    return await clinic.patient(code_of(invited["url"])), invited


async def test_hold_stops_sound_and_picture_and_admit_brings_them_back(clinic: Clinic) -> None:
    _, patient, provider = await clinic.in_visit()
    named = {"visit": provider.now["visit"]["id"], "participant": patient.now["me"]["id"]}
    transport = patient.now["media"]["transport"]
    await provider.ok("visit.hold", named)
    held = await patient.shows(lambda it: it["me"]["phase"] == "on_hold", "on hold")
    assert held["media"]["publish"] is False
    assert held["media"]["remote"] == []
    assert held["media"]["transport"] == transport
    assert [other["role"] for other in held["others"]] == ["provider"]
    shown = await provider.shows(lambda it: it["visit"]["others"][0]["phase"] == "on_hold", "on hold for staff")
    assert {"admit", "return"} <= set(shown["visit"]["may"])
    await provider.ok("visit.admit", named)
    back = await patient.shows(lambda it: it["me"]["phase"] == "in_visit", "back")
    assert back["media"]["publish"] is True


async def test_back_to_waiting_keeps_the_visit_and_its_people(clinic: Clinic) -> None:
    _, patient, provider = await clinic.in_visit()
    named = {"visit": provider.now["visit"]["id"], "participant": patient.now["me"]["id"]}
    await provider.ok("visit.return", named)
    waiting = await patient.shows(lambda it: it["me"]["phase"] == "waiting", "waiting again")
    assert waiting["others"] == []
    assert waiting["visit"]["phase"] == "in_progress"
    assert provider.now["visit"] is not None


async def test_a_nurse_rooms_the_patient_and_hands_over_with_nothing_asked_twice(clinic: Clinic) -> None:
    patient = await clinic.patient(await clinic.book(details=BORN))
    nurse, provider = await clinic.staff("sample.nurse"), await clinic.staff()
    named = await first_row(nurse)
    answer = await nurse.ask("visit.admit", named)
    assert (answer["error"]["code"], answer["error"]["checks"]) == ("confirmation_needed", "identity")
    await nurse.ok("visit.admit", named | {"confirmed": ["identity"]})
    await nurse.shows(lambda it: it["visit"] is not None, "in the visit")
    assert await nurse.refused("visit.hand_over", {"visit": named["visit"], "to": "sample.desk"}) == "account_unknown"
    assert await nurse.refused("visit.hand_over", {"visit": named["visit"], "to": "nobody"}) == "account_unknown"
    await nurse.ok("visit.hand_over", {"visit": named["visit"], "to": "sample.provider"})
    held = await patient.shows(lambda it: it["me"]["phase"] == "on_hold", "held")
    assert held["next"] == {"name": "Dr. Sample Provider", "role": "provider"}
    await nurse.shows(lambda it: it["visit"] is None, "the nurse is out")
    shown = await provider.shows(lambda it: it["queue"][0]["handed_to"], "the row says so")
    assert shown["queue"][0]["handed_to"]["name"] == "Dr. Sample Provider"
    assert shown["queue"][0]["checks"] == []
    await provider.ok("visit.admit", named)
    met = await patient.shows(lambda it: it["me"]["phase"] == "in_visit", "with the provider")
    assert (met["next"], [one["name"] for one in met["others"]]) == (None, ["Dr. Sample Provider"])


async def test_a_state_outside_the_providers_licences_must_be_confirmed(clinic: Clinic) -> None:
    await clinic.license("sample.provider", "NY", "NJ")
    patient = await clinic.patient(await clinic.book(check_in=LOCATION), waiting=False)
    await patient.ok("checkin.answer", {"item": "location", "answer": {"state": "CA", "address": "1 Sample Street"}})
    await patient.ok("waiting.join")
    nurse = await clinic.staff("sample.nurse")
    named = await first_row(nurse)
    await nurse.shows(lambda it: it["queue"][0]["checks"] == ["licence"], "the check")
    answer = await nurse.ask("visit.admit", named)
    assert (answer["error"]["code"], answer["error"]["checks"]) == ("confirmation_needed", "licence")
    await clinic.license("sample.provider", "NY", "CA")
    await nurse.ok("visit.admit", named)


async def test_a_licence_that_was_added_takes_the_warning_off_the_row(clinic: Clinic) -> None:
    await clinic.license("sample.provider", "NY")
    nurse = await clinic.staff("sample.nurse")
    patient = await clinic.patient(await clinic.book(check_in=LOCATION), waiting=False)
    await patient.ok("checkin.answer", {"item": "location", "answer": {"state": "CA", "address": "1 Sample Street"}})
    await nurse.shows(lambda it: it["queue"] and it["queue"][0]["checks"] == ["licence"], "the check")
    await clinic.license("sample.provider", "NY", "CA")
    await nurse.shows(lambda it: it["queue"][0]["checks"] == [], "no check any more")


async def test_a_guest_is_labelled_waits_and_needs_admission(clinic: Clinic) -> None:
    _, patient, provider = await clinic.in_visit()
    guest, invited = await guest_of(clinic, provider)
    assert guest.now["check_in"] is None
    assert guest.now["wait"] is None
    shown = await provider.shows(
        lambda it: [one["phase"] for one in it["queue"][0]["guests"]] == ["waiting"], "the guest"
    )
    row = shown["queue"][0]["guests"][0]
    assert (row["role"], row["phase"], row["id"]) == ("interpreter", "waiting", invited["participant"])
    named = {"visit": shown["queue"][0]["visit"], "participant": row["id"]}
    await provider.ok("visit.admit", named)
    await guest.shows(lambda it: it["me"]["phase"] == "in_visit", "admitted")
    assert {one["name"] for one in guest.now["others"]} == {patient.now["me"]["name"], "Dr. Sample Provider"}
    assert await guest.refused("wish.make", {"wish": "call"}) == "forbidden"
    assert await guest.refused("checkin.answer", {"item": "reason", "answer": {"text": "x"}}) == "forbidden"


async def test_five_people_are_in_a_visit_and_a_sixth_is_told_that_it_is_full(clinic: Clinic) -> None:
    _, patient, provider = await clinic.in_visit()
    visit = provider.now["visit"]["id"]
    for number in range(4):
        guest, invited = await guest_of(clinic, provider)
        named = {"visit": visit, "participant": invited["participant"]}
        if number < 3:
            await provider.ok("visit.admit", named)
            await guest.shows(lambda it: it["media"] and it["media"]["publish"], "admitted")
        else:
            assert await provider.refused("visit.admit", named) == "visit_full"
    await patient.shows(lambda it: len(it["others"]) == 4, "everybody")
    await provider.ok("visit.hold", {"visit": visit, "participant": patient.now["me"]["id"]})
    await provider.ok("visit.admit", named)


async def test_a_revoked_invitation_opens_nothing(clinic: Clinic) -> None:
    _, _, provider = await clinic.in_visit()
    guest, invited = await guest_of(clinic, provider, "companion")
    named = {"visit": provider.now["visit"]["id"], "participant": invited["participant"]}
    await provider.ok("visit.remove", named)
    assert await guest.said_goodbye() == "removed"
    status, _ = await clinic.post("/api/v1/invitations/redeem", {"code": code_of(invited["url"])})
    assert status == 410


async def test_a_visit_held_by_phone_is_completed(clinic: Clinic) -> None:
    patient = await clinic.patient(await clinic.book())
    provider = await clinic.staff()
    visit = (await first_row(provider))["visit"]
    await provider.ok(
        "call.record", {"visit": visit, "reason": "asked", "result": "visit_by_phone", "note": "Said yes"}
    )
    await provider.shows(lambda it: it["queue"][0]["patient"]["modality"] == "phone", "by phone")
    await provider.ok("visit.complete", {"visit": visit})
    assert await patient.said_goodbye() == "link_ended"
    await provider.shows(lambda it: it["queue"] == [], "off the list")


async def test_a_no_show_is_for_after_the_start_and_for_one_who_is_not_there(clinic: Clinic) -> None:
    early = await clinic.book(start=timedelta(minutes=10), patient="Early Patient")
    nurse = await clinic.staff("sample.nurse")
    visit = row_of(nurse)["visit"]
    assert "no_show" not in row_of(nurse)["may"]
    assert await nurse.refused("visit.no_show", {"visit": visit}) == "wrong_state"
    code = await clinic.book(start=-timedelta(minutes=5), patient="Absent Patient")
    shown = await nurse.shows(lambda it: "no_show" in it["queue"][0]["may"], "one who is absent")
    absent = shown["queue"][0]
    await nurse.ok("visit.no_show", {"visit": absent["visit"]})
    await nurse.shows(lambda it: len(it["queue"]) == 1, "off the list")
    assert (await clinic.view(code))["state"] == "ended"
    assert (await clinic.view(early))["state"] == "open"


async def test_a_row_offers_the_no_show_when_the_start_comes(clinic: Clinic) -> None:
    await clinic.book(start=timedelta(seconds=2))
    nurse = await clinic.staff("sample.nurse")
    assert "no_show" not in row_of(nurse)["may"]
    await nurse.shows(lambda it: "no_show" in it["queue"][0]["may"], "the start")


async def test_how_each_takes_part_is_kept_with_its_reason(clinic: Clinic) -> None:
    _, patient, provider = await clinic.in_visit()
    visit = provider.now["visit"]["id"]
    await patient.ok("media.devices", {"microphone": True, "camera": True, "screen": False, "paused": False})
    await provider.shows(lambda it: it["queue"][0]["patient"]["modality"] == "video", "video")
    await patient.ok("visit.modality", {"modality": "audio", "reason": "network"})
    await patient.ok("media.devices", {"microphone": True, "camera": False, "screen": False, "paused": False})
    await provider.shows(lambda it: it["queue"][0]["patient"]["modality"] == "audio", "audio")
    await provider.ok("visit.modality", {"visit": visit, "modality": "audio", "reason": "chosen"})
    changes = [
        (entry.facts["modality"], entry.facts["reason"])
        for entry in await clinic.server.store.entries(visit_id=visit)
        if entry.kind == "ModalityChanged"
    ]
    assert changes == [("video", "chosen"), ("audio", "network"), ("audio", "chosen")]


async def test_a_look_at_the_details_stands_in_the_trail(clinic: Clinic) -> None:
    await clinic.book()
    desk = await clinic.staff("sample.desk")
    await desk.ok("visit.look", {"visit": row_of(desk)["visit"]})
    looked = [one for one in await clinic.server.store.entries() if one.kind == "VisitLookedAt"]
    assert [(one.actor, one.role) for one in looked] == [("sample-desk", "front_desk")]


PER_VISIT: list[tuple[str, Json]] = [
    ("visit.admit", {"participant": "p"}),
    ("visit.enter", {}),
    ("visit.hold", {"participant": "p"}),
    ("visit.return", {"participant": "p"}),
    ("visit.hand_over", {"to": "sample.provider"}),
    ("visit.remove", {"participant": "p"}),
    ("visit.end", {}),
    ("visit.complete", {}),
]
BY_DESK_TOO: list[tuple[str, Json]] = [
    ("visit.look", {}),
    ("visit.no_show", {}),
    ("visit.invite", {"role": "guest", "name": "Sample Guest", "minutes": 30}),
    ("message.send", {"participant": "p", "canned": "soon"}),
    ("message.read", {"participant": "p", "message": "m", "read": True}),
    ("queue.late", {"minutes": 5}),
    ("call.record", {"reason": "asked", "result": "solved", "note": ""}),
    ("note.keep", {"text": "x"}),
    ("checkin.waive", {"item": "consent", "reason": "urgent", "note": ""}),
]


async def ask_about(staff: Wire, name: str, argument: Json, visit: str, participant: str) -> Any:
    asked = argument | {"visit": visit}
    return await staff.refused(name, asked | ({"participant": participant} if "participant" in asked else {}))


async def test_s23_the_front_desk_moves_nobody(clinic: Clinic) -> None:
    _, patient, provider = await clinic.in_visit()
    desk = await clinic.staff("sample.desk")
    visit, who = provider.now["visit"]["id"], patient.now["me"]["id"]
    for name, argument in PER_VISIT:
        assert await ask_about(desk, name, argument, visit, who) == "forbidden", name
    assert patient.now["me"]["phase"] == "in_visit"
    assert not {"admit", "end", "remove", "hold", "complete"} & set(row_of(desk)["may"])


@pytest.mark.parametrize("whose", ["other.provider", "second.nurse"])
async def test_s22_a_visit_that_is_not_ones_own_is_unknown_to_every_request(clinic: Clinic, whose: str) -> None:
    await clinic.hire("second.nurse", "Second Nurse", Role.NURSE, "second")
    _, patient, provider = await clinic.in_visit()
    other = await clinic.staff(whose)
    visit, who = provider.now["visit"]["id"], patient.now["me"]["id"]
    assert other.now["queue"] == []
    for name, argument in [*PER_VISIT, *BY_DESK_TOO]:
        asked = argument | ({"to": "second.nurse"} if "to" in argument and whose == "second.nurse" else {})
        assert await ask_about(other, name, asked, visit, who) == "visit_unknown", name
    assert await ask_about(other, "visit.leave", {}, visit, who) == "visit_unknown"
    assert patient.now["me"]["phase"] == "in_visit"


@pytest.mark.parametrize(("name", "argument"), [*PER_VISIT, *BY_DESK_TOO])
async def test_s23_a_patient_asks_none_of_what_staff_ask(clinic: Clinic, name: str, argument: Json) -> None:
    patient = await clinic.patient(await clinic.book())
    asked = argument | {"visit": patient.now["visit"]["id"]}
    if "participant" in asked:
        asked["participant"] = patient.now["me"]["id"]
    assert await patient.refused(name, asked) == "bad_request"
    assert patient.now["me"]["phase"] == "waiting"
