"""The appointments interface: booking and its links, time zones, changing and reading."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from tests.support.front_office import FrontOffice, Json, opens, wanted

# Booking.


async def test_what_was_asked_for_is_booked_and_read_back(office: FrontOffice) -> None:
    booked = await office.book(external_id="portal-1", minutes=45)
    read = (await office.ask("GET", f"/appointments/{booked['id']}")).json
    assert {name: value for name, value in booked.items() if name != "links"} == read
    assert read | {"id": ""} == {
        "id": "",
        "external_id": "portal-1",
        "clinic": "main",
        "kind": "video",
        "state": "booked",
        "starts_at": "2026-11-23T14:30:00.000Z",
        "ends_at": "2026-11-23T15:15:00.000Z",
        "minutes": 45,
        "time_zone": "America/New_York",
        "opens_at": "2026-11-23T14:00:00.000Z",
        "check_in_opens_at": "2026-11-20T14:30:00.000Z",
        "expires_at": "2026-11-23T16:15:00.000Z",
        "providers": ["sample.provider"],
        "patient": {
            "name": "Sample Patient",
            "birth_date": "1961-04-30",
            "language": "es",
            "time_zone": "",
            "phone": "555-0142",
            "email": "",
            "sms_opt_in": False,
            "interpreter": False,
        },
        "reason": "Follow-up",
        "check_in": [
            {"key": "location", "kind": "location", "state": "open", "title": {}, "url": "", "answer": {}},
            {"key": "consent", "kind": "consent", "state": "open", "title": {}, "url": "", "answer": {}},
            {
                "key": "forms",
                "kind": "external",
                "state": "open",
                "title": {"en": "Forms"},
                "url": "https://portal.example/f",
                "answer": {},
            },
        ],
        "readiness": None,
        "late_minutes": None,
        "calls": [],
        "note": "",
    }
    assert await opens(office, booked)


async def test_check_in_items_can_be_given_with_the_appointment(office: FrontOffice) -> None:
    item = {"key": "copayment", "kind": "external", "title": {"en": "Co-payment"}, "url": "https://portal.example/pay"}
    booked = await office.book(check_in=[item])
    assert [one["key"] for one in booked["check_in"]] == ["copayment"]
    assert (await office.book(check_in=[]))["check_in"] == []
    assert (await office.book(kind="plain"))["check_in"] == []


@pytest.mark.parametrize(
    ("changed", "status", "code", "field"),
    [
        ({"starts_at": "2026-11-22T09:30"}, 422, "invalid_booking", "starts_at"),
        ({"starts_at": "soon"}, 422, "invalid_booking", "starts_at"),
        ({"starts_at": "2029-01-01T09:30"}, 422, "invalid_booking", "starts_at"),
        ({"time_zone": "Mars/Olympus"}, 422, "invalid_booking", "time_zone"),
        ({"providers": ["nobody"]}, 422, "invalid_booking", "providers"),
        ({"providers": ["sample.nurse"]}, 422, "invalid_booking", "providers"),
        ({"providers": ["north.provider"]}, 422, "invalid_booking", "providers"),
        ({"providers": ["sample.provider", "sample.provider"]}, 422, "invalid_booking", "providers"),
        ({"kind": "surgery"}, 422, "invalid_booking", "kind"),
        ({"patient": {"name": "N", "phone": "call me"}}, 422, "invalid_booking", "patient.phone"),
        ({"patient": {"name": "N", "time_zone": "EDT5"}}, 422, "invalid_booking", "patient.time_zone"),
        ({"patient": {"name": " "}}, 422, "invalid_booking", "patient.name"),
        ({"patient": {"name": "evil\u202e"}}, 422, "invalid_booking", "patient.name"),
        ({"clinic": ...}, 422, "invalid_booking", "clinic"),
        ({"clinic": "south"}, 404, "clinic_unknown", None),
        ({"patient": {"name": "N", "birth_date": "yesterday"}}, 400, "bad_request", "patient.birth_date"),
        ({"patient": {}}, 400, "bad_request", "patient.name"),
        ({"patient": {"name": "N", "shoe_size": 44}}, 400, "bad_request", "patient.shoe_size"),
        ({"minutes": "30"}, 400, "bad_request", "minutes"),
        ({"starts_at": ...}, 400, "bad_request", "starts_at"),
        ({"fold": 2}, 400, "bad_request", "fold"),
        (
            {"check_in": [{"key": "x", "kind": "external", "url": "javascript:alert(1)"}]},
            400,
            "bad_request",
            "check_in.0.url",
        ),
    ],
)
async def test_what_is_wrong_is_named(
    office: FrontOffice, changed: Json, status: int, code: str, field: str | None
) -> None:
    answer = await office.ask("POST", "/appointments", wanted(**changed))
    assert (answer.status, answer.code, answer.json["error"].get("field")) == (status, code, field)
    assert (await office.ask("GET", "/appointments")).json["appointments"] == []


async def test_a_body_that_is_no_json_is_refused(office: FrontOffice) -> None:
    for data, content_type in ((b"{", "application/json"), (b"{}", "text/plain")):
        answer = await office.ask("POST", "/appointments", headers={"Content-Type": content_type}, data=data)
        assert (answer.status, answer.code) == (400, "bad_request")


# Time.


@pytest.mark.parametrize(
    ("asked", "starts_at"),
    [
        ({"starts_at": "2027-03-14T01:30"}, "2027-03-14T06:30:00.000Z"),
        ({"starts_at": "2027-03-14T03:30"}, "2027-03-14T07:30:00.000Z"),
        ({"starts_at": "2027-11-07T01:30", "fold": 0}, "2027-11-07T05:30:00.000Z"),
        ({"starts_at": "2027-11-07T01:30", "fold": 1}, "2027-11-07T06:30:00.000Z"),
        ({"starts_at": "2027-11-07T01:30-05:00"}, "2027-11-07T06:30:00.000Z"),
        ({"starts_at": "2027-07-01T09:30", "time_zone": "America/Phoenix"}, "2027-07-01T16:30:00.000Z"),
    ],
)
async def test_local_times_are_those_of_the_clinic_or_of_the_zone_given(
    office: FrontOffice, asked: Json, starts_at: str
) -> None:
    assert (await office.book(**asked))["starts_at"] == starts_at


@pytest.mark.parametrize("starts_at", ["2027-03-14T02:30", "2027-11-07T01:30"])
async def test_skipped_and_doubled_hours_are_not_guessed(office: FrontOffice, starts_at: str) -> None:
    answer = await office.ask("POST", "/appointments", wanted(starts_at=starts_at))
    assert (answer.status, answer.json["error"]["field"]) == (422, "starts_at")


async def test_minutes_are_minutes_across_a_change_of_the_clocks(office: FrontOffice) -> None:
    booked = await office.book(starts_at="2027-03-14T01:45", minutes=30)
    assert booked["ends_at"] == "2027-03-14T07:15:00.000Z"
    booked = await office.book(starts_at="2027-11-07T01:45-04:00", minutes=30)
    assert booked["ends_at"] == "2027-11-07T06:15:00.000Z"
    assert booked["minutes"] == 30


async def test_a_day_is_the_clinics_however_long_it_lasts(office: FrontOffice) -> None:
    for starts_at in (
        *("2027-03-13T23:30", "2027-03-14T00:00", "2027-03-14T23:30", "2027-03-15T00:00"),
        *("2027-11-06T23:59", "2027-11-07T00:00", "2027-11-07T23:45", "2027-11-08T00:00"),
    ):
        await office.book(starts_at=starts_at)

    async def listed(day: str) -> list[str]:
        answer = await office.ask("GET", "/appointments", params={"day": day, "clinic": "main"})
        return [one["starts_at"] for one in answer.json["appointments"]]

    assert await listed("2027-03-14") == ["2027-03-14T05:00:00.000Z", "2027-03-15T03:30:00.000Z"]
    assert await listed("2027-11-07") == ["2027-11-07T04:00:00.000Z", "2027-11-08T04:45:00.000Z"]


# Changing.


async def test_a_moved_appointment_has_a_new_link_and_the_old_one_is_dead(office: FrontOffice) -> None:
    booked = await office.book()
    moved = await office.ask(
        "POST", f"/appointments/{booked['id']}/reschedule", {"starts_at": "2026-11-24T09:00", "minutes": 60}
    )
    assert moved.status == 200
    assert (moved.json["starts_at"], moved.json["minutes"]) == ("2026-11-24T14:00:00.000Z", 60)
    assert moved.json["opens_at"] == "2026-11-24T13:30:00.000Z"
    assert not await opens(office, booked)
    assert await opens(office, moved.json)
    kept = await office.ask(
        "POST",
        f"/appointments/{booked['id']}/reschedule",
        {"starts_at": "2026-11-25T09:00", "providers": ["other.provider"]},
    )
    assert (kept.json["minutes"], kept.json["providers"]) == (60, ["other.provider"])
    assert not await opens(office, moved.json)


async def test_a_renewed_link_replaces_the_old_one(office: FrontOffice) -> None:
    booked = await office.book()
    renewed = await office.ask("POST", f"/appointments/{booked['id']}/link", {})
    assert renewed.status == 200
    assert not await opens(office, booked)
    assert await opens(office, renewed.json)


async def test_cancel_complete_and_no_show(office: FrontOffice) -> None:
    cancelled, kept, missed = [await office.book() for _ in range(3)]
    assert (await office.ask("POST", f"/appointments/{cancelled['id']}/cancel")).json["state"] == "cancelled"
    assert (await office.ask("POST", f"/appointments/{kept['id']}/complete", {})).json["state"] == "ended"
    early = await office.ask("POST", f"/appointments/{missed['id']}/no-show")
    assert (early.status, early.code) == (409, "wrong_state")
    office.now += timedelta(minutes=100)
    assert (await office.ask("POST", f"/appointments/{missed['id']}/no-show")).json["state"] == "no_show"
    dead = await office.ask("POST", f"/appointments/{cancelled['id']}/link")
    assert (dead.status, dead.code) == (409, "wrong_state")
    again = await office.ask("POST", f"/appointments/{cancelled['id']}/cancel")
    assert again.json["state"] == "cancelled"


async def test_the_portal_reports_its_own_items_and_no_others(office: FrontOffice) -> None:
    booked = await office.book()
    at = f"/appointments/{booked['id']}/check-in"

    def forms(answer: Json) -> str:
        return str(next(item["state"] for item in answer["check_in"] if item["key"] == "forms"))

    assert forms((await office.ask("PUT", f"{at}/forms", {"state": "done"})).json) == "done"
    assert forms((await office.ask("PUT", f"{at}/forms", {"state": "open"})).json) == "open"
    for key in ("location", "nothing"):
        answer = await office.ask("PUT", f"{at}/{key}", {"state": "done"})
        assert (answer.status, answer.code) == (404, "item_unknown")
    assert (await office.ask("PUT", f"{at}/forms", {"state": "maybe"})).status == 400


async def test_staff_waive_under_their_own_name_and_a_program_does_not(office: FrontOffice) -> None:
    booked = await office.book()
    at = f"/appointments/{booked['id']}/check-in/location/waive"
    body = {"reason": "answered_by_phone", "note": "at home"}
    assert (await office.ask("POST", at, body)).code == "forbidden"
    waived = await office.ask("POST", at, body, token=await office.sign_in("sample.nurse"))
    assert waived.status == 200
    assert waived.json["check_in"][0]["state"] == "waived"
    trail = await office.store.entries(visit_id=booked["id"])
    entry = next(one for one in trail if one.kind == "CheckInWaived")
    assert (entry.actor, entry.device, entry.facts["reason"]) == ("sample-nurse", "desktop", "answered_by_phone")


# Reading.


async def test_lists_go_on_where_the_page_before_ended(office: FrontOffice) -> None:
    made = [(await office.book(starts_at=f"2026-11-23T{9 + n // 2:02}:30"))["id"] for n in range(7)]
    seen, cursor = [], None
    while True:
        params = {"limit": "3"} | ({"cursor": cursor} if cursor else {})
        page = (await office.ask("GET", "/appointments", params=params)).json
        seen += [one["id"] for one in page["appointments"]]
        cursor = page["next"]
        if cursor is None:
            break
    assert sorted(seen) == sorted(made)
    assert len(seen) == 7


async def test_lists_are_narrowed_by_provider_and_state(office: FrontOffice) -> None:
    mine, other = await office.book(), await office.book(providers=["other.provider"])
    shared = await office.book(providers=[])
    await office.ask("POST", f"/appointments/{other['id']}/cancel")

    async def ids(**params: Any) -> set[str]:
        answer = await office.ask("GET", "/appointments", params=params)
        return {one["id"] for one in answer.json["appointments"]}

    assert await ids(provider="sample.provider") == {mine["id"]}
    assert await ids(state="cancelled") == {other["id"]}
    assert await ids(state=["booked", "cancelled"]) == {mine["id"], other["id"], shared["id"]}
    assert (await office.ask("GET", "/appointments", params={"provider": "nobody"})).code == "account_unknown"


@pytest.mark.parametrize(
    "params",
    [
        {"day": "2026-13-01", "clinic": "main"},
        {"day": "9999-12-31", "clinic": "main"},
        {"day": "2026-11-23"},
        {"state": "gone"},
        {"limit": "0"},
        {"limit": "1000"},
        {"cursor": "!!!"},
        {"cursor": "WzEsMl0"},
        {"sort": "name"},
        [("day", "2026-11-23"), ("day", "2026-11-24")],
    ],
)
async def test_parameters_that_are_wrong_are_named(office: FrontOffice, params: Any) -> None:
    answer = await office.ask("GET", "/appointments", params=params)
    assert (answer.status, answer.code) == (400, "bad_request")
    assert answer.json["error"]["field"]


async def test_every_read_is_in_the_trail(office: FrontOffice) -> None:
    booked = await office.book()
    await office.ask("GET", f"/appointments/{booked['id']}")
    await office.ask("GET", f"/appointments/{booked['id']}/attendance")
    await office.ask("GET", "/appointments")
    await office.ask("GET", "/reports/waits", params={"from": "2026-11-01", "to": "2026-11-30"})
    trail = await office.store.entries()
    read = [(one.kind, one.role, one.device) for one in trail if one.kind not in {"ApiTokenChanged", "VisitBooked"}]
    by = ("operator", "api")
    assert read == [
        ("VisitLookedAt", *by),
        ("VisitLookedAt", *by),
        ("AppointmentsListed", *by),
        ("ReportMade", *by),
    ]
    token = next(one.facts["token"] for one in trail if one.kind == "ApiTokenChanged")
    assert {one.actor for one in trail if one.device == "api"} == {token}


async def test_the_trail_says_what_was_asked_and_which_appointments_were_shown(office: FrontOffice) -> None:
    first, _ = await office.book(), await office.book(clinic="north", providers=[])
    desk = await office.sign_in("sample.desk")
    day = str(first["starts_at"])[:10]
    asked = {"day": day, "state": "booked", "provider": "sample.provider"}
    shown = (await office.ask("GET", "/appointments", token=desk, params=asked)).json["appointments"]
    await office.ask("GET", "/appointments")
    by_desk, by_token = [one for one in await office.store.entries() if one.kind == "AppointmentsListed"]
    account = await office.store.find_staff("sample.provider")
    assert account is not None
    assert by_desk.facts["query"] == f"clinic=main day={day} provider={account.id} state=booked"
    assert by_desk.facts["visits"].split() == [one["id"] for one in shown]
    assert (by_token.facts["query"], by_token.facts["count"]) == ("", "2")
    assert first["id"] in by_token.facts["visits"].split()


async def test_clinics_are_the_callers(office: FrontOffice) -> None:
    assert [one["id"] for one in (await office.ask("GET", "/clinics")).json["clinics"]] == ["main", "north"]
    restricted = await office.token(clinic="north")
    (north,) = (await office.ask("GET", "/clinics", token=restricted)).json["clinics"]
    assert (north["name"], north["time_zone"]) == ("North Clinic", "America/Los_Angeles")
    main = (await office.ask("GET", "/clinics", token=await office.sign_in("sample.desk"))).json["clinics"][0]
    assert main["kinds"] == [
        {"kind": "video", "check_in": ["location", "consent", "forms"]},
        {"kind": "plain", "check_in": []},
    ]
