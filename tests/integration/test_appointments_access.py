"""Who may ask what of the appointments interface, and how often."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from signaling.rest.table import ROUTES
from tests.support.front_office import FrontOffice, wanted


async def test_nobody_without_a_token(office: FrontOffice) -> None:
    expired, good = await office.token(days=0.01), await office.token()
    session = await office.sign_in("sample.desk")
    office.now += timedelta(minutes=16)
    for token in ("", "x", expired, good[:-3], good + "x", session):
        answer = await office.ask("GET", "/appointments", token=token)
        assert (answer.status, answer.code) == (401, "unauthorized"), token
    assert (await office.ask("GET", "/appointments", token=good)).status == 200
    basic = await office.ask("GET", "/appointments", token="", headers={"Authorization": "Basic eDp5"})
    assert basic.status == 401


async def test_a_revoked_token_opens_nothing_at_once(office: FrontOffice) -> None:
    token = await office.token()
    assert (await office.ask("GET", "/clinics", token=token)).status == 200
    await office.store.revoke_token(office.tokens.verify(token, "api").subject, office.now, [])
    assert (await office.ask("GET", "/clinics", token=token)).status == 401


@pytest.mark.parametrize("route", ROUTES, ids=lambda route: route.name)
async def test_every_request_needs_its_scope(office: FrontOffice, route: Any) -> None:
    booked = await office.book()
    path = route.path.format(id=booked["id"], key="forms", report="waits")
    others = await office.token(scopes=frozenset({"appointments:read", "appointments:write"} - {route.scope}))
    answer = await office.ask(route.method, path, {} if route.asks else None, token=others)
    assert (answer.status, answer.code) == (403, "forbidden")
    assert (await office.ask(route.method, path, {} if route.asks else None, token="")).status == 401


@pytest.mark.parametrize(
    ("username", "granted"),
    [
        (
            "sample.desk",
            {"book", "list_appointments", "read", "reschedule", "cancel", "renew_link", "no_show", "waive_check_in"},
        ),
        ("sample.nurse", {"list_appointments", "read", "no_show", "complete", "waive_check_in"}),
        ("sample.provider", {"list_appointments", "read", "no_show", "complete", "waive_check_in"}),
    ],
)
async def test_staff_do_what_their_role_may(office: FrontOffice, username: str, granted: set[str]) -> None:
    token = await office.sign_in(username)
    bodies = {
        "book": wanted(),
        "reschedule": {"starts_at": "2026-11-24T09:00"},
        "report_check_in": {"state": "done"},
        "waive_check_in": {"reason": "urgent"},
    }
    allowed = set()
    for route in ROUTES:
        booked = await office.book()
        path = route.path.format(id=booked["id"], key="forms" if route.method == "PUT" else "location", report="waits")
        params = {"from": "2026-11-01", "to": "2026-11-30"} if route.name == "report" else None
        body = bodies.get(route.name, {}) if route.asks else None
        answer = await office.ask(route.method, path, body, token=token, params=params)
        # A no-show is too early here: the state refuses it, not the role.
        if answer.status < 300 or answer.code == "wrong_state":
            allowed.add(route.name)
        else:
            assert answer.code == "forbidden", (route.name, answer.text)
    assert allowed == granted | {"attendance", "clinics_list"}


async def test_another_clinics_visit_is_unknown(office: FrontOffice) -> None:
    booked = await office.book()
    strangers = [await office.token(clinic="north"), await office.sign_in("north.desk")]
    for token in strangers:
        for method, path, body in (
            ("GET", "", None),
            ("GET", "/attendance", None),
            ("POST", "/cancel", {}),
            ("POST", "/link", {}),
            ("POST", "/reschedule", {"starts_at": "2026-11-24T09:00"}),
        ):
            answer = await office.ask(method, f"/appointments/{booked['id']}{path}", body, token=token)
            assert (answer.status, answer.code) == (404, "visit_unknown"), (method, path)
        assert (await office.ask("GET", "/appointments", token=token)).json["appointments"] == []
        other = await office.ask("GET", "/appointments", token=token, params={"clinic": "main"})
        assert (other.status, other.code) == (404, "clinic_unknown")
        assert (await office.ask("POST", "/appointments", wanted(), token=token)).code == "clinic_unknown"
    assert (await office.ask("GET", "/appointments/nothing")).code == "visit_unknown"


async def test_a_provider_reads_their_own_and_the_shared_queue(office: FrontOffice) -> None:
    mine, other = await office.book(), await office.book(providers=["other.provider"])
    shared = await office.book(providers=[])
    token = await office.sign_in("sample.provider")
    listed = (await office.ask("GET", "/appointments", token=token)).json["appointments"]
    assert {one["id"] for one in listed} == {mine["id"], shared["id"]}
    assert (await office.ask("GET", f"/appointments/{other['id']}", token=token)).code == "visit_unknown"


async def test_a_front_desk_books_in_its_own_clinic_without_naming_it(office: FrontOffice) -> None:
    booked = await office.book(clinic=..., token=await office.sign_in("sample.desk"))
    assert booked["clinic"] == "main"
    entry = (await office.store.entries(visit_id=booked["id"]))[0]
    assert (entry.kind, entry.actor, entry.role) == ("VisitBooked", "sample-desk", "front_desk")


async def test_one_caller_is_limited_and_the_others_are_not(office: FrontOffice) -> None:
    one, other = await office.token(), await office.token()
    statuses = [(await office.ask("GET", "/clinics", token=one)).status for _ in range(105)]
    assert statuses == [200] * 100 + [429] * 5
    refused = await office.ask("GET", "/clinics", token=one)
    assert (refused.code, refused.headers["Retry-After"]) == ("too_many_requests", "1")
    assert (await office.ask("GET", "/clinics", token=other)).status == 200
    office.seconds += 1
    assert [(await office.ask("GET", "/clinics", token=one)).status for _ in range(21)] == [200] * 20 + [429]
