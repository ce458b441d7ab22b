"""Words, calls, notes, waived items and lists, over the wire."""

from __future__ import annotations

from datetime import timedelta

from tests.support.clinic import Clinic, first_row
from waiting_room.check_in_items import CheckInItem, ItemKind

CONSENT = (CheckInItem("consent", ItemKind.CONSENT),)


async def test_a_message_arrives_and_what_became_of_it_is_shown(clinic: Clinic) -> None:
    patient = await clinic.patient(await clinic.book())
    nurse = await clinic.staff("sample.nurse")
    named = await first_row(nurse)
    await nurse.ok("message.send", named | {"canned": "soon"})
    shown = await patient.shows(lambda it: it["messages"], "the message")
    message = shown["messages"][0]
    assert (message["mine"], message["name"], message["canned"], message["text"]) == (False, "Sample Nurse", "soon", "")
    await patient.ok("message.read", {"message": message["id"], "read": False})
    await nurse.shows(lambda it: any(one["delivered"] for one in it["queue"][0]["messages"]), "delivered")
    await patient.ok("message.read", {"message": message["id"], "read": True})
    await nurse.shows(lambda it: any(one["read"] for one in it["queue"][0]["messages"]), "read")
    await patient.ok("message.send", {"text": "Thank you"})
    shown = await nurse.shows(lambda it: len(it["queue"][0]["messages"]) == 2, "the answer")
    answer = shown["queue"][0]["messages"][1]
    assert (answer["from_staff"], answer["text"]) == (False, "Thank you")
    await nurse.ok("message.read", named | {"message": answer["id"], "read": True})
    await patient.shows(lambda it: it["messages"][1]["read"], "read by staff")


async def test_a_message_that_cannot_be_kept_is_refused(clinic: Clinic) -> None:
    patient = await clinic.patient(await clinic.book())
    nurse = await clinic.staff("sample.nurse")
    named = await first_row(nurse)
    assert await patient.refused("message.send", {"text": "x" * 501}) == "invalid_text"
    assert await patient.refused("message.send", {"text": "a\u202eb"}) == "invalid_text"
    assert await nurse.refused("message.send", named | {"text": " "}) == "invalid_text"
    assert await nurse.refused("message.send", named) == "bad_request"
    assert await patient.refused("message.read", {"message": "nothing", "read": True}) == "message_unknown"
    assert patient.now["messages"] == []


async def test_running_late_tells_all_of_ones_own_who_wait_or_come_soon(clinic: Clinic) -> None:
    mine = await clinic.patient(await clinic.book())
    await clinic.book(start=timedelta(minutes=90), patient="Soon")
    await clinic.book(start=timedelta(minutes=150), patient="Later")
    others = await clinic.patient(await clinic.book(provider="other.provider", patient="Another"))
    shared = await clinic.patient(await clinic.book(provider=None, patient="Shared"))
    provider, nurse = await clinic.staff(), await clinic.staff("sample.nurse")
    assert await provider.ok("queue.late", {"minutes": 15}) == {"told": 2}
    await mine.shows(lambda it: it["visit"]["late_minutes"] == 15, "late")
    assert (others.now["visit"]["late_minutes"], shared.now["visit"]["late_minutes"]) == (None, None)
    assert await nurse.ok("queue.late", {"minutes": 20}) == {"told": 4}
    await others.shows(lambda it: it["visit"]["late_minutes"] == 20, "late too")
    assert await nurse.ok("queue.late", {"minutes": 0, "visit": mine.now["visit"]["id"]}) == {"told": 1}
    await mine.shows(lambda it: it["visit"]["late_minutes"] is None, "taken back")
    assert await nurse.ok("queue.late", {"minutes": 0}) == {"told": 3}
    assert await nurse.ok("queue.late", {"minutes": 10, "provider": "other-provider"}) == {"told": 1}
    await others.shows(lambda it: it["visit"]["late_minutes"] == 10, "the one provider's patient")
    assert mine.now["visit"]["late_minutes"] is None
    assert await nurse.refused("queue.late", {"minutes": 241, "visit": mine.now["visit"]["id"]}) == "invalid_text"


async def test_the_patients_own_words_and_number_stand_in_the_row_and_the_page_knows_whether_there_is_one(
    clinic: Clinic,
) -> None:
    patient, nurse = (
        await clinic.patient(await clinic.book(check_in=None), waiting=False),
        await clinic.staff("sample.nurse"),
    )
    await patient.shows(lambda it: it["visit"]["callback_known"] is False, "no number yet")
    await patient.ok("checkin.answer", {"item": "reason", "answer": {"text": "My knee"}})
    await patient.ok("checkin.answer", {"item": "callback", "answer": {"phone": "555-0142"}})
    await patient.shows(lambda it: it["visit"]["callback_known"] is True, "a number")
    shown = await nurse.shows(lambda it: it["queue"] and it["queue"][0]["patient"]["phone"], "the number")
    assert (shown["queue"][0]["patient"]["phone"], shown["queue"][0]["reason"]) == ("555-0142", "My knee")


async def test_a_wish_for_a_call_is_on_the_list_at_once_and_a_call_answers_it(clinic: Clinic) -> None:
    patient = await clinic.patient(await clinic.book())
    desk = await clinic.staff("sample.desk")
    await patient.ok("wish.make", {"wish": "call"})
    shown = await desk.shows(lambda it: it["queue"] and it["queue"][0]["wishes"], "the wish")
    assert [one["wish"] for one in shown["queue"][0]["wishes"]] == ["call"]
    await patient.shows(lambda it: it["wishes"] == ["call"], "the patient sees it, too")
    call = {"visit": shown["queue"][0]["visit"], "reason": "asked", "result": "solved", "note": "Allowed the camera"}
    await desk.ok("call.record", call)
    shown = await desk.shows(lambda it: it["queue"][0]["calls"], "the call")
    assert shown["queue"][0]["wishes"] == []
    assert shown["queue"][0]["calls"][0]["note"] == "Allowed the camera"
    await patient.shows(lambda it: it["wishes"] == [], "answered")


async def test_a_note_replaces_the_former_one(clinic: Clinic) -> None:
    await clinic.book()
    desk, nurse = await clinic.staff("sample.desk"), await clinic.staff("sample.nurse")
    visit = desk.now["queue"][0]["visit"]
    await desk.ok("note.keep", {"visit": visit, "text": "Speaks slowly"})
    await nurse.shows(lambda it: it["queue"][0]["note"] == "Speaks slowly", "the note")
    await nurse.ok("note.keep", {"visit": visit, "text": "Hears badly"})
    await desk.shows(lambda it: it["queue"][0]["note"] == "Hears badly", "the newer note")


async def test_a_waived_item_opens_the_waiting_room(clinic: Clinic) -> None:
    patient = await clinic.patient(await clinic.book(check_in=CONSENT), waiting=False)
    desk = await clinic.staff("sample.desk")
    row = desk.now["queue"][0]
    assert "waive" in row["may"]
    assert await patient.refused("waiting.join") == "check_in_incomplete"
    waive = {"visit": row["visit"], "item": "consent", "reason": "answered_by_phone", "note": "Read to her"}
    assert await desk.refused("checkin.waive", waive | {"item": "reason"}) == "item_unknown"
    await desk.ok("checkin.waive", waive)
    await patient.shows(lambda it: it["check_in"]["items"][0]["state"] == "waived", "waived")
    await patient.ok("waiting.join")
    await desk.shows(lambda it: it["queue"][0]["check_in"]["complete"], "complete")


async def test_the_call_list_has_those_who_need_help_first(clinic: Clinic) -> None:
    works = {"camera": "works", "microphone": "works", "speaker": "works", "network": "good"}
    found = {"in_app": False, "unsupported": False, "device": "phone", "system": "ios", "browser": "safari"}
    tomorrow = timedelta(days=1)
    good = await clinic.book(start=tomorrow, patient="Good")
    await clinic.book(start=tomorrow + timedelta(minutes=1), patient="Untested")
    blocked = await clinic.book(start=tomorrow + timedelta(minutes=2), patient="Blocked")
    for code, camera in ((good, "works"), (blocked, "blocked")):
        report = works | found | {"camera": camera}
        assert (await clinic.post("/api/v1/invitations/readiness", {"code": code, "report": report}))[0] == 200
    desk, other = await clinic.staff("sample.desk"), await clinic.staff("other.provider")
    day = (clinic.node.clock() + tomorrow).date().isoformat()
    listed = await desk.ok("readiness.list", {"day": day})
    assert [row["patient"]["name"] for row in listed["rows"]] == ["Blocked", "Untested", "Good"]
    assert (listed["total"], listed["ready"], listed["untested"]) == (3, 1, 1)
    assert listed["rows"][0]["readiness"]["cause"] == "camera_blocked"
    assert listed["rows"][0]["readiness"]["system"] == "ios"
    assert (await other.ok("readiness.list", {"day": day}))["total"] == 0
    assert await desk.refused("readiness.list", {"day": "tomorrow"}) == "bad_request"
    counted = [one for one in await clinic.server.store.entries() if one.kind == "AppointmentsListed"]
    assert [(one.actor, one.facts["count"]) for one in counted] == [("sample-desk", "3"), ("other-provider", "0")]
    assert counted[0].facts["query"] == f"clinic=main day={day}"
    assert counted[0].facts["visits"].split() == [row["visit"] for row in listed["rows"]]
    visit = listed["rows"][0]["visit"]
    await desk.ok("call.record", {"visit": visit, "reason": "readiness", "result": "voicemail", "note": ""})
    again = await desk.ok("readiness.list", {"day": day})
    assert again["rows"][0]["calls"][0]["result"] == "voicemail"


async def test_colleagues_to_hand_over_to_are_named_with_who_is_here(clinic: Clinic) -> None:
    nurse = await clinic.staff("sample.nurse")
    await clinic.staff()
    listed = (await nurse.ok("staff.list"))["staff"]
    assert {one["username"]: one["here"] for one in listed} == {"other.provider": False, "sample.provider": True}


async def test_one_who_does_something_is_noted_as_active(clinic: Clinic) -> None:
    nurse = await clinic.staff("sample.nurse")
    assert await nurse.ok("presence.active") == {}


async def test_opening_the_queue_is_in_the_trail_before_anything_is_shown(clinic: Clinic) -> None:
    await clinic.book()
    await clinic.book(provider="other.provider")
    await clinic.staff("sample.provider")
    await clinic.staff("sample.desk")
    shown = [one for one in await clinic.server.store.entries() if one.kind == "QueueShown"]
    day = clinic.node.clock().date().isoformat()
    assert [(one.actor, one.facts["scope"], one.facts["count"]) for one in shown] == [
        ("sample-provider", "own", "1"),
        ("sample-desk", "all", "2"),
    ]
    assert {(one.visit, one.facts["clinic"], one.facts["day"]) for one in shown} == {("", "main", day)}
