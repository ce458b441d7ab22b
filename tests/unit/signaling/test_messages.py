"""The examples in ``tests/wire`` are read here and by the pages' tests: neither side can move alone."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from pydantic import BaseModel, ValidationError

from signaling import care_messages, http_messages, messages, requests, test_messages

WIRE = Path(__file__).parents[2] / "wire"
MODELS: dict[str, type[BaseModel]] = {
    "call_list": care_messages.CallList,
    "colleagues": care_messages.ColleagueList,
    "invitation_view": http_messages.InvitationView,
    "invited": care_messages.Invited,
    "media": messages.MediaState,
    "presence": messages.Presence,
    "receipt": http_messages.Receipt,
    "redeemed": http_messages.Redeemed,
    "signed_in": http_messages.SignedIn,
    "snapshot_care": care_messages.CareSnapshot,
    "snapshot_care_change": care_messages.CareSnapshot,
    "snapshot_test": test_messages.EchoSnapshot,
    "snapshot_visit": messages.VisitSnapshot,
    "snapshot_waiting": messages.VisitSnapshot,
    "test_verdict": test_messages.EchoVerdict,
}


def example(name: str) -> Any:
    return json.loads((WIRE / f"{name}.json").read_text())


def test_every_example_has_its_model() -> None:
    assert {path.stem for path in WIRE.glob("*.json")} == set(MODELS)


@pytest.mark.parametrize("name", sorted(MODELS))
def test_an_example_comes_back_to_the_letter(name: str) -> None:
    wire = example(name)
    assert MODELS[name].model_validate(wire).model_dump(mode="json") == wire


@pytest.mark.parametrize("number", [0, 1])
def test_a_row_comes_back_to_the_letter(number: int) -> None:
    wire = example("snapshot_care")["queue"]["rows"][number]
    assert care_messages.QueueRow.model_validate(wire).model_dump(mode="json") == wire


@pytest.mark.parametrize(
    ("model", "argument"),
    [
        (requests.RestartRequest, {"transport": "t", "more": 1}),
        (requests.RestartRequest, {"transport": "a b"}),
        (requests.BirthDateRequest, {"birth_date": "1961-02-30"}),
        (requests.BirthDateRequest, {"birth_date": 0}),
        (requests.BirthDateRequest, {"birth_date": "1961-04-30T00:00:00"}),
        (requests.ItemRequest, {"item": "location", "answer": {"state": 1}}),
        (requests.ItemRequest, {"item": "../x", "answer": {}}),
        (requests.ItemRequest, {"item": "reason", "answer": {f"f{number}": "" for number in range(9)}}),
        (requests.MessageRequest, {"text": "x" * 5000}),
        (requests.WishRequest, {"wish": "coffee"}),
        (requests.ModalityRequest, {"modality": "phone", "reason": "chosen"}),
        (requests.AdmitRequest, {"visit": "v", "participant": "p", "confirmed": "identity"}),
        (requests.CareMessageRequest, {"visit": "v", "participant": "p"}),
        (requests.CareMessageRequest, {"visit": "v", "participant": "p", "text": "x", "canned": "soon"}),
        (requests.CareMessageRequest, {"visit": "v", "participant": "p", "canned": "hello"}),
        (requests.InviteRequest, {"visit": "v", "role": "patient", "name": "x", "minutes": 60}),
        (requests.InviteRequest, {"visit": "v", "role": "guest", "name": "x", "minutes": 61}),
        (requests.LateRequest, {"minutes": -1}),
        (requests.LateRequest, {"minutes": "5"}),
        (requests.CallRequest, {"visit": "v", "reason": "bored", "result": "solved"}),
        (requests.WaiveRequest, {"visit": "v", "item": "consent", "reason": ""}),
        (requests.DayRequest, {"day": "tomorrow"}),
    ],
)
def test_a_request_of_another_shape_is_refused(model: type[BaseModel], argument: object) -> None:
    with pytest.raises(ValidationError):
        model.model_validate(argument)


@pytest.mark.parametrize(
    ("model", "argument"),
    [
        (requests.BirthDateRequest, {"birth_date": "1961-04-30"}),
        (requests.ItemRequest, {"item": "location", "answer": {"state": "NY", "address": "1 Sample Street"}}),
        (requests.WishRequest, {"wish": "call"}),
        (requests.CareMessageRequest, {"visit": "v", "participant": "p", "canned": "soon"}),
        (requests.CallRequest, {"visit": "v", "reason": "asked", "result": "no_answer", "note": ""}),
        (requests.WaiveRequest, {"visit": "v", "item": "consent", "reason": "urgent", "note": ""}),
        (requests.LateRequest, {"minutes": 15}),
        (requests.DayRequest, {"day": "2026-11-23"}),
    ],
)
def test_a_request_in_the_wires_form_is_taken(model: type[BaseModel], argument: object) -> None:
    assert model.model_validate(argument)


@pytest.mark.parametrize(
    "name",
    ["snapshot_visit", "snapshot_waiting", "snapshot_care", "redeemed", "signed_in", "media", "receipt", "invited"],
)
def test_no_name_token_or_sdp_shows_in_a_repr(name: str) -> None:
    shown = repr(MODELS[name].model_validate(example(name)))
    for secret in ("Sample Patient", "Dr. Sample Provider", "Sample Nurse", "eyJ", "v=0", "555-0142", "1961", "/v#"):
        assert secret not in shown


def test_no_name_shows_in_a_rows_repr() -> None:
    shown = repr(care_messages.QueueRow.model_validate(example("snapshot_care")["queue"]["rows"][0]))
    for secret in ("Sample Patient", "Sample Nurse", "Sample Interpreter", "555-0142", "1961", "right place", "Albany"):
        assert secret not in shown
