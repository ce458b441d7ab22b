from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.support.visits import NOON, NURSE, OPERATOR, PROVIDER
from waiting_room.booking import Booking, Rules, book
from waiting_room.errors import InvalidBooking
from waiting_room.model import Actor, Participant, Role
from waiting_room.visit import next_deadline

GOOD = Booking("visit", Participant("p", Role.PATIENT, "Sample Patient"), PROVIDER, NOON, timedelta(minutes=30))


def refused(booking: Booking) -> dict[str, str]:
    with pytest.raises(InvalidBooking) as error:
        book(booking, Rules(), actor=OPERATOR, now=NOON)
    return error.value.facts


def test_the_rules_set_window_and_expiry() -> None:
    rules = Rules(join_window=timedelta(minutes=15), link_lives=timedelta(minutes=5), grace=timedelta(minutes=2))
    visit = book(GOOD, rules, actor=OPERATOR, now=NOON - timedelta(days=2)).visit
    assert visit.opens_at == NOON - timedelta(minutes=15)
    assert visit.expires_at == NOON + timedelta(minutes=35)
    assert next_deadline(visit) == visit.opens_at


@pytest.mark.parametrize("name", ["", "   ", "x" * 121, "Sample\nPatient", "Sample \u202egnorw", "a\x00b"])
def test_a_name_that_cannot_be_shown_safely_is_refused(name: str) -> None:
    assert refused(replace(GOOD, patient=Participant("p", Role.PATIENT, name)))["field"] == "patient"


@pytest.mark.parametrize("name", ["José Ñandú", "李 小龍", "O'Neill-Smith", "<b>Bold</b>"])
def test_names_of_all_scripts_are_taken(name: str) -> None:
    assert book(replace(GOOD, patient=Participant("p", Role.PATIENT, name)), Rules(), actor=OPERATOR, now=NOON)


@pytest.mark.parametrize("minutes", [0, 4, 481, -30])
def test_a_length_out_of_bounds_is_refused(minutes: int) -> None:
    assert refused(replace(GOOD, length=timedelta(minutes=minutes)))["field"] == "minutes"


def test_a_slot_that_is_over_is_refused() -> None:
    assert refused(replace(GOOD, starts_at=NOON - timedelta(minutes=30)))["field"] == "start"


@pytest.mark.parametrize("who", [NURSE, Actor("x", Role.FRONT_DESK)])
def test_only_providers_have_appointments(who: Actor) -> None:
    assert refused(replace(GOOD, provider=who))["field"] == "provider"


def test_a_reason_is_bounded() -> None:
    assert refused(replace(GOOD, reason="x" * 501))["field"] == "reason"
