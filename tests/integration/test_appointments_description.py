"""The appointments interface answers as its OpenAPI description says."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from openapi_schema_validator import OAS31Validator, oas31_format_checker
from openapi_spec_validator import validate

from signaling.reports import REPORTS
from signaling.rest.table import PREFIX, ROUTES
from tests.support.front_office import FrontOffice, wanted
from waiting_room.commands import Admit, Arrive, Connect, JoinWaitingRoom, RecordCall, ReportReadiness
from waiting_room.contact_codes import CallReason, CallResult
from waiting_room.model import Actor, Role
from waiting_room.readiness import DeviceReport, Part


async def test_the_description_is_valid_and_names_what_is_served(office: FrontOffice) -> None:
    answer = await office.ask("GET", "/openapi.json", token="")
    assert answer.status == 200
    validate(answer.json)
    described = {(method.upper(), PREFIX + path) for path, told in answer.json["paths"].items() for method in told}
    assert office.client is not None
    app = office.client.app
    assert app is not None
    served = {(route.method, route.resource.canonical) for route in app.router.routes() if route.resource}
    assert {one for one in served if one[0] != "HEAD"} == described


async def test_a_real_answer_of_each_request_is_as_described(office: FrontOffice) -> None:
    description = (await office.ask("GET", "/openapi.json", token="")).json
    office.seconds = 1e6
    booked = await lived_through(office)
    asked: list[tuple[str, dict[str, str], Any]] = [
        ("book", {}, wanted()),
        ("list_appointments", {}, None),
        ("read", {"id": booked}, None),
        ("attendance", {"id": booked}, None),
        ("clinics_list", {}, None),
        ("complete", {"id": booked}, {}),
        *(("report", {"report": name}, None) for name in REPORTS),
    ]
    for name in ("reschedule", "cancel", "renew_link", "report_check_in", "waive_check_in"):
        body = {
            "reschedule": {"starts_at": "2026-11-24T09:00"},
            "report_check_in": {"state": "done"},
            "waive_check_in": {"reason": "other", "note": ""},
        }.get(name, {})
        key = "forms" if name == "report_check_in" else "consent"
        asked.append((name, {"id": (await office.book())["id"], "key": key}, body))
    missed = (await office.book())["id"]
    office.now += timedelta(minutes=45)
    office.seconds += 60
    asked.append(("no_show", {"id": missed}, {}))
    nurse = await office.sign_in("sample.nurse")
    for name, path, body in asked:
        route = next(one for one in ROUTES if one.name == name)
        params = {"from": "2026-11-01", "to": "2026-11-30"} if name == "report" else None
        starts = {"starts_at": "2026-11-23T11:00"} if name == "book" else {}
        answer = await office.ask(
            route.method,
            route.path.format(**path),
            body | starts if body is not None else None,
            token=nurse if name in {"waive_check_in", "complete"} else None,
            params=params,
        )
        told = description["paths"][route.path][route.method.lower()]["responses"][str(answer.status)]
        assert answer.status == route.status, (name, answer.text)
        ((content_type, content),) = told["content"].items()
        assert answer.headers["Content-Type"].startswith(content_type)
        if answer.json is not None:
            schema = {**content["schema"], "components": description["components"]}
            validator = OAS31Validator(schema, format_checker=oas31_format_checker)
            validator.validate(answer.json)
    assert {one[0] for one in asked} == {route.name for route in ROUTES}


async def test_every_refusal_has_its_schema(office: FrontOffice) -> None:
    description = (await office.ask("GET", "/openapi.json", token="")).json
    schema = {"$ref": "#/components/schemas/ErrorAnswer", "components": description["components"]}
    validator = OAS31Validator(schema)
    for answer in (
        await office.ask("GET", "/appointments", token=""),
        await office.ask("GET", "/appointments/none"),
        await office.ask("POST", "/appointments", {}),
        await office.ask("POST", "/appointments", wanted(providers=["nobody"])),
        await office.ask("GET", "/reports/everything", params={"from": "2026-11-01", "to": "2026-11-30"}),
        await office.ask("GET", "/reports/waits", params={"from": "2026-11-30", "to": "2026-11-01"}),
        await office.ask("GET", "/reports/waits", params={"from": "2024-11-30", "to": "2026-11-01"}),
    ):
        assert answer.status >= 400
        validator.validate(answer.json)


async def test_the_examples_are_granted(office: FrontOffice) -> None:
    description = (await office.ask("GET", "/openapi.json", token="")).json
    schemas = description["components"]["schemas"]
    for name in ("BookRequest", "RescheduleRequest", "CheckInReport", "WaiveRequest"):
        (example,) = schemas[name]["examples"]
        OAS31Validator({**schemas[name], "components": description["components"]}).validate(example)
    example = schemas["BookRequest"]["examples"][0]
    answer = await office.ask("POST", "/appointments", example | {"clinic": "main"})
    assert answer.status == 201, answer.text


async def lived_through(office: FrontOffice) -> str:
    """A visit with everything that an answer can hold."""
    booked = (await office.book(kind="plain"))["id"]
    office.now += timedelta(minutes=90)
    visit = await office.visits.load(booked)
    patient = Actor(visit.patient.id, Role.PATIENT, clinic="main")
    provider = Actor("sample-provider", Role.PROVIDER, "Dr. Sample Provider", "main")
    report = DeviceReport(camera=Part.BLOCKED, microphone=Part.WORKS)
    for command in (
        ReportReadiness(actor=patient, participant=patient.id, report=report),
        Arrive(actor=patient, participant=patient.id, session="phone"),
        Connect(actor=patient, participant=patient.id, session="phone"),
        JoinWaitingRoom(actor=patient, participant=patient.id, session="phone"),
        RecordCall(actor=provider, reason=CallReason.ASKED, result=CallResult.SOLVED, note="rang"),
        Admit(
            actor=provider,
            participant=patient.id,
            session="window",
            confirmed=frozenset({"identity"}),
        ),
    ):
        await office.visits.handle(booked, command)
        office.now += timedelta(minutes=1)
    return str(booked)


async def test_attendance_is_told_from_the_trail(office: FrontOffice) -> None:
    booked = await lived_through(office)
    sheet = (await office.ask("GET", f"/appointments/{booked}/attendance")).json
    patient, provider = sheet["people"]
    assert (patient["role"], patient["waited_minutes"], patient["modality"]) == ("patient", 2.0, None)
    assert patient["times"] == [{"from": "2026-11-23T14:35:00.000Z", "to": None}]
    assert (provider["id"], provider["name"]) == ("sample-provider", "Dr. Sample Provider")
    read = (await office.ask("GET", f"/appointments/{booked}")).json
    assert (read["readiness"]["cause"], read["calls"][0]["by"]) == ("camera_blocked", "sample.provider")
    assert read["calls"][0]["note"] == ""  # what staff note is for staff


async def test_the_description_says_who_may_waive_and_when_to_try_again(office: FrontOffice) -> None:
    description = (await office.ask("GET", "/openapi.json", token="")).json
    waive = description["paths"]["/appointments/{id}/check-in/{key}/waive"]["post"]
    assert "no API token may" in waive["description"]
    assert "retry_after_s" in description["info"]["description"]
