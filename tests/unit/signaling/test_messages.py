"""The examples in ``tests/wire`` are read here and by the pages' tests: neither side can move alone."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from pydantic import BaseModel, ValidationError

from signaling import messages

WIRE = Path(__file__).parents[2] / "wire"
MODELS: dict[str, type[BaseModel]] = {
    "invitation_view": messages.InvitationView,
    "media": messages.MediaState,
    "redeemed": messages.Redeemed,
    "signed_in": messages.SignedIn,
    "snapshot_care": messages.CareSnapshot,
    "snapshot_visit": messages.VisitSnapshot,
}


def example(name: str) -> Any:
    return json.loads((WIRE / f"{name}.json").read_text())


def test_every_example_has_its_model() -> None:
    assert {path.stem for path in WIRE.glob("*.json")} == set(MODELS)


@pytest.mark.parametrize("name", sorted(MODELS))
def test_an_example_comes_back_to_the_letter(name: str) -> None:
    wire = example(name)
    assert MODELS[name].model_validate(wire).model_dump(mode="json") == wire


def test_a_request_with_an_unknown_field_is_refused() -> None:
    with pytest.raises(ValidationError):
        messages.RestartRequest.model_validate({"transport": "t", "more": 1})


@pytest.mark.parametrize("name", ["snapshot_visit", "snapshot_care", "redeemed", "signed_in", "media"])
def test_no_name_token_or_sdp_shows_in_a_repr(name: str) -> None:
    shown = repr(MODELS[name].model_validate(example(name)))
    for secret in ("Sample Patient", "Dr. Sample Provider", "eyJ", "v=0"):
        assert secret not in shown
