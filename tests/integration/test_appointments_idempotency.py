"""A create that is sent again books once."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from pathlib import Path

import pytest

from tests.support.front_office import FrontOffice, code_of, opens, wanted

KEY = "5f0d0c5e-8f6f-4f0e-9d53-6a2f7f0f6a11"


async def test_a_retried_create_makes_one_appointment_and_gives_the_same_link(office: FrontOffice) -> None:
    headers = {"Idempotency-Key": KEY}
    first = await office.book(headers=headers)
    office.now += timedelta(hours=23)  # by now the slot is over
    again = await office.ask("POST", "/appointments", wanted(), headers=headers)
    assert (again.status, again.json) == (201, first)
    assert len((await office.ask("GET", "/appointments")).json["appointments"]) == 1


async def test_two_creates_at_once_make_one_appointment(office: FrontOffice) -> None:
    answers = await asyncio.gather(
        *(office.ask("POST", "/appointments", wanted(), headers={"Idempotency-Key": KEY}) for _ in range(5))
    )
    assert {answer.status for answer in answers} == {201}
    assert len({answer.text for answer in answers}) == 1
    assert len((await office.ask("GET", "/appointments")).json["appointments"]) == 1
    assert await opens(office, answers[0].json)


async def test_a_key_is_for_one_request_of_one_caller(office: FrontOffice) -> None:
    headers = {"Idempotency-Key": KEY}
    first = await office.book(headers=headers)
    other = await office.ask("POST", "/appointments", wanted(minutes=60), headers=headers)
    assert (other.status, other.code) == (422, "idempotency_key_reused")
    by_another = await office.book(headers=headers, token=await office.token())
    assert by_another["id"] != first["id"]


async def test_a_refused_create_uses_no_key_up(office: FrontOffice) -> None:
    headers = {"Idempotency-Key": KEY}
    refused = await office.ask("POST", "/appointments", wanted(providers=["nobody"]), headers=headers)
    assert refused.status == 422
    await office.book(headers=headers)


@pytest.mark.parametrize("key", ["short", "x" * 129, "with space in the middle"])
async def test_a_key_that_could_be_guessed_is_refused(office: FrontOffice, key: str) -> None:
    answer = await office.ask("POST", "/appointments", wanted(), headers={"Idempotency-Key": key})
    assert (answer.status, answer.json["error"]["field"]) == (400, "Idempotency-Key")


async def test_the_kept_answer_shows_nothing(office: FrontOffice, tmp_path: Path) -> None:
    booked = await office.book(headers={"Idempotency-Key": KEY}, external_id="", reason="")
    written = b"".join(path.read_bytes() for path in tmp_path.glob("store.sqlite3*"))
    assert code_of(booked).encode() not in written
    assert KEY.encode() not in written
