"""The staff's list over the wire: whole at first, then what changed, and only what is theirs."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from signaling import care_queue
from tests.support.clinic import Clinic, clinic_settings, first_row, open_clinic
from tests.support.webrtc import until
from waiting_room.model import Role


async def test_only_the_row_that_changed_is_sent_again(clinic: Clinic) -> None:
    for number in range(3):
        await clinic.book(start=timedelta(minutes=number), patient=f"Patient {number}")
    nurse = await clinic.staff("sample.nurse")
    first = nurse.snapshots[0]["changes"]
    assert (first["full"], len(first["rows"]), first["gone"]) == (True, 3, [])
    before = len(nurse.snapshots)
    visit = nurse.now["queue"][1]["visit"]
    await nurse.ok("note.keep", {"visit": visit, "text": "Speaks slowly"})
    await nurse.shows(lambda it: it["queue"][1]["note"] == "Speaks slowly", "the note")
    sent = [shown["changes"] for shown in nurse.snapshots[before:]]
    assert [row["visit"] for one in sent for row in one["rows"]] == [visit]
    assert not any(one["full"] for one in sent)


async def test_a_visit_that_is_over_goes_and_comes_to_nobody_who_never_had_it(clinic: Clinic) -> None:
    await clinic.patient(await clinic.book())
    nurse, other = await clinic.staff("sample.nurse"), await clinic.staff("other.provider")
    named = await first_row(nurse)
    drawn = len(other.snapshots)
    await nurse.ok("visit.complete", {"visit": named["visit"]})
    shown = await nurse.shows(lambda it: it["queue"] == [], "gone")
    assert shown["changes"]["gone"] == [named["visit"]]
    assert len(other.snapshots) == drawn


async def test_a_patient_who_is_handed_over_appears_at_the_colleagues(clinic: Clinic) -> None:
    _, _, provider = await clinic.in_visit()
    other = await clinic.staff("other.provider")
    assert other.now["queue"] == []
    await provider.ok("visit.hand_over", {"visit": provider.now["visit"]["id"], "to": "other.provider"})
    shown = await other.shows(lambda it: it["queue"], "the patient")
    assert "admit" in shown["queue"][0]["may"]


async def test_each_clinic_has_its_own_list_card_and_day(tmp_path: Path) -> None:
    clinics = {
        "main": {},
        "second": {
            "name": "Second Clinic",
            "amber_minutes": 3,
            "red_minutes": 7,
            "emergency_phones": {"NV": "555-0190"},
        },
    }
    async with open_clinic(clinic_settings(tmp_path, clinics=clinics)) as clinic:
        await clinic.hire("second.nurse", "Second Nurse", Role.NURSE, "second")
        mine, theirs = await clinic.staff("sample.nurse"), await clinic.staff("second.nurse")
        await clinic.book(clinic="second", provider=None, patient="Second Patient")
        shown = await theirs.shows(lambda it: it["queue"], "their row")
        assert shown["clinic"]["name"] == "Second Clinic"
        assert (shown["clinic"]["amber_minutes"], shown["clinic"]["red_minutes"]) == (3, 7)
        assert shown["clinic"]["emergency_phones"] == {"NV": "555-0190"}
        assert shown["idle_after_s"] == 900
        await clinic.book(provider=None, patient="First Patient")
        await mine.shows(lambda it: [row["patient"]["name"] for row in it["queue"]] == ["First Patient"], "my row")
        assert len(theirs.now["queue"]) == 1


async def test_at_midnight_the_next_day_is_sent_whole(clinic: Clinic) -> None:
    await clinic.book(start=timedelta(hours=25), patient="Tomorrow's")
    nurse = await clinic.staff("sample.nurse")
    assert nurse.now["queue"] == []
    day = clinic.node.care._tomorrows["main"]
    clock = clinic.node.care._clock
    # As time would: midnight is past.
    clinic.node.care._clock = lambda: max(clock(), day + timedelta(hours=2))
    shown = await nurse.shows(lambda it: it["queue"], "the next day's")
    assert shown["changes"]["full"]


async def test_a_long_list_comes_in_portions(clinic: Clinic, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(care_queue, "PORTION", 2)
    for number in range(5):
        await clinic.book(start=timedelta(minutes=number), patient=f"Patient {number}")
    nurse = await clinic.staff("sample.nurse")
    await until(lambda: len(nurse.rows) == 5, "all rows")
    assert [len(shown["changes"]["rows"]) for shown in nurse.snapshots[:3]] == [2, 2, 1]
    assert [shown["changes"]["full"] for shown in nurse.snapshots[:3]] == [True, False, False]


async def test_somebody_of_the_staff_is_here_only_for_those_in_the_list(clinic: Clinic) -> None:
    # Not at its start: that is drawn once more when the clock passes it.
    patient = await clinic.patient(await clinic.book(start=timedelta(minutes=5)))
    await clinic.staff("other.provider")
    desk = await clinic.staff("sample.desk")
    await patient.shows(lambda it: it["staff_present"], "somebody is here")
    drawn = len(patient.snapshots)
    nurse = await clinic.staff("sample.nurse")
    await nurse.close()
    await desk.close()
    await patient.shows(lambda it: not it["staff_present"], "nobody is here")
    assert len(patient.snapshots) == drawn + 1
