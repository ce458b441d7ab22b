"""What a patient's page asks: identity, check-in, the line, words; and what it is shown in each state."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.support.clinic import Clinic, Wire, clinic_settings, first_row, open_clinic
from waiting_room.check_in_items import CheckInItem, ItemKind
from waiting_room.model import PatientDetails

ITEMS = tuple(CheckInItem(kind, ItemKind(kind)) for kind in ("location", "callback", "consent"))
BORN = PatientDetails(birth_date=date(1961, 4, 30), language="es", phone="555-0199", interpreter=True)
ANSWERS: dict[str, dict[str, str]] = {
    "location": {"state": "NY", "address": "1 Sample Street"},
    "callback": {"phone": "555-0142"},
    "consent": {"version": "1", "language": "es"},
}


async def answer_all(patient: Wire) -> None:
    for item, answer in ANSWERS.items():
        await patient.ok("checkin.answer", {"item": item, "answer": answer})


async def asking(tmp_path: Path) -> Any:
    """A clinic that asks for the date of birth and shows the position in line."""
    clinic = {"ask_birth_date": True, "show_position": True}
    return open_clinic(clinic_settings(tmp_path, clinics={"main": clinic}))


async def test_check_in_is_saved_as_it_goes_and_gates_the_waiting_room(clinic: Clinic) -> None:
    code = await clinic.book(check_in=ITEMS, details=BORN)
    patient, desk = await clinic.patient(code, waiting=False), await clinic.staff("sample.desk")
    answer = await patient.ask("waiting.join")
    assert (answer["error"]["code"], answer["error"]["items"]) == ("check_in_incomplete", "location,callback,consent")
    assert desk.now["queue"][0]["patient"]["phone"] == "555-0199"
    bad = await patient.ask("checkin.answer", {"item": "location", "answer": {"state": "ZZ", "address": "x"}})
    assert (bad["error"]["code"], bad["error"]["field"]) == ("invalid_answer", "state")
    assert await patient.refused("checkin.answer", {"item": "reason", "answer": {"text": "x"}}) == "item_unknown"
    await answer_all(patient)
    shown = await desk.shows(lambda it: it["queue"][0]["check_in"]["complete"], "complete")
    row = shown["queue"][0]
    assert (row["patient"]["phone"], row["patient"]["language"], row["patient"]["interpreter"]) == (
        "555-0142",
        "es",
        True,
    )
    again = await clinic.patient(code)
    assert [item["state"] for item in again.now["check_in"]["items"]] == ["done"] * 3
    assert again.now["check_in"]["items"][0]["answer"] == ANSWERS["location"]
    await again.ok("checkin.answer", {"item": "callback", "answer": {"phone": "555-0143"}})
    await desk.shows(lambda it: it["queue"][0]["patient"]["phone"] == "555-0143", "another number")


async def test_check_in_opens_days_before_and_the_room_does_not(clinic: Clinic) -> None:
    patient = await clinic.patient(await clinic.book(start=timedelta(days=2), check_in=ITEMS), waiting=False)
    shown = await patient.shows(bool, "a snapshot")
    assert (shown["me"]["phase"], shown["visit"]["phase"], shown["media"]) == ("preparing", "booked", None)
    await answer_all(patient)
    await patient.shows(lambda it: it["check_in"]["complete"], "complete")
    answer = await patient.ask("waiting.join")
    assert (answer["error"]["code"], "opens_at" in answer["error"]) == ("too_early", True)
    staff = await clinic.staff("sample.nurse")
    assert staff.now["queue"] == []
    assert patient.now["staff_present"] is False


async def test_who_owes_the_date_of_birth_is_shown_nothing_personal(tmp_path: Path) -> None:
    async with await asking(tmp_path) as clinic:
        code = await clinic.book(check_in=ITEMS, details=BORN)
        patient = await clinic.patient(code, waiting=False)
        shown = await patient.shows(bool, "a snapshot")
        assert (shown["me"]["identity"], shown["me"]["name"], shown["check_in"]["items"]) == ("asked", "", [])
        assert await patient.refused("waiting.join") == "identity_needed"
        assert await patient.refused("checkin.answer", {"item": "callback", "answer": {"phone": "555-0142"}}) == (
            "identity_needed"
        )
        assert await patient.refused("message.send", {"text": "Hello"}) == "identity_needed"
        wrong = await patient.ask("identity.confirm", {"birth_date": "1961-04-29"})
        assert (wrong["error"]["code"], wrong["error"]["tries_left"]) == ("birth_date_wrong", 4)
        await patient.ok("identity.confirm", {"birth_date": "1961-04-30"})
        known = await patient.shows(lambda it: it["me"]["identity"] == "confirmed", "confirmed")
        assert (known["me"]["name"], len(known["check_in"]["items"])) == ("Sample Patient", 3)


async def test_five_wrong_dates_lock_nobody_out_and_show_nothing_that_was_answered(tmp_path: Path) -> None:
    async with await asking(tmp_path) as clinic:
        code = await clinic.book(check_in=ITEMS, details=BORN)
        patient = await clinic.patient(code, waiting=False)
        await patient.ok("identity.confirm", {"birth_date": "1961-04-30"})
        await answer_all(patient)
        finder = await clinic.patient(code, waiting=False)
        for left in (4, 3, 2, 1, 0):
            wrong = await finder.ask("identity.confirm", {"birth_date": "1960-01-01"})
            assert wrong["error"]["tries_left"] == left
        shown = await finder.shows(lambda it: it["me"]["identity"] == "staff_checks", "staff check")
        assert [item["answer"] for item in shown["check_in"]["items"]] == [{}, {}, {}]
        await finder.ok("waiting.join")
        nurse = await clinic.staff("sample.nurse")
        named = await first_row(nurse)
        assert await nurse.refused("visit.admit", named) == "confirmation_needed"
        await nurse.ok("visit.admit", named | {"confirmed": ["identity"]})


async def test_a_patient_is_told_an_honest_wait_and_the_position_where_the_clinic_allows_it(tmp_path: Path) -> None:
    async with await asking(tmp_path) as clinic:
        first = await clinic.patient(await clinic.book(details=BORN), waiting=False)
        second = await clinic.patient(await clinic.book(start=timedelta(minutes=1), details=BORN), waiting=False)
        for one in (first, second):
            await one.ok("identity.confirm", {"birth_date": "1961-04-30"})
            await one.ok("waiting.join")
        shown = await second.shows(lambda it: it["wait"] and it["wait"]["ahead"] == 1, "one is before")
        assert 0 <= shown["wait"]["low"] < shown["wait"]["high"]
        answer = await second.ok("presence.check")
        assert answer["wait"]["ahead"] == 1


async def test_the_position_is_not_told_where_the_clinic_does_not_allow_it(clinic: Clinic) -> None:
    patient = await clinic.patient(await clinic.book())
    shown = await patient.shows(lambda it: it["wait"], "the wait")
    assert shown["wait"]["ahead"] is None
    assert (await patient.ok("presence.check"))["wait"]["high"] > 0
    await patient.ok("visit.leave")
    assert (await patient.ok("presence.check"))["wait"] is None


async def test_leaving_is_not_ending(clinic: Clinic) -> None:
    patient = await clinic.patient(await clinic.book())
    await patient.ok("visit.leave")
    await patient.shows(lambda it: it["me"]["phase"] == "left" and it["media"] is None, "left")
    await patient.ok("waiting.join")
    await patient.shows(lambda it: it["me"]["phase"] == "waiting", "back in line")


@pytest.mark.parametrize(
    ("name", "argument"),
    [
        ("identity.confirm", {"birth_date": "1961-04-30"}),
        ("checkin.answer", {"item": "callback", "answer": {"phone": "555-0142"}}),
        ("message.send", {"text": "Hello"}),
        ("message.read", {"message": "m", "read": True}),
        ("wish.make", {"wish": "call"}),
        ("visit.modality", {"modality": "audio", "reason": "chosen"}),
    ],
)
async def test_s16_s22_a_request_with_anothers_id_or_after_goodbye_does_nothing(
    clinic: Clinic, name: str, argument: dict[str, Any]
) -> None:
    patient = await clinic.patient(await clinic.book())
    assert await patient.refused(name, argument | {"visit": patient.now["visit"]["id"]}) == "bad_request"
    assert await patient.refused(name, argument | {"participant": patient.now["me"]["id"]}) == "bad_request"
    namespace = clinic.node.sockets._server.namespace_handlers["/visit"]
    screen, _ = next(iter(namespace._open.values()))
    # Between the farewell and the end of the socket.
    clinic.node.screens.dismiss(screen.session, "removed")
    answer = await namespace._channel.request(screen, name, argument)
    assert answer["error"]["code"] == "unauthorized"
