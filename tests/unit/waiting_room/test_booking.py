from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from tests.support.visits import (
    BORN,
    FRONT_DESK,
    ITEMS,
    NOON,
    NURSE,
    OPERATOR,
    PATIENT,
    PROVIDER,
    clinic,
)
from waiting_room.booking import Booking, book
from waiting_room.check_in_items import CheckInItem, ItemKind, ItemState
from waiting_room.clinic import Rules
from waiting_room.errors import Forbidden, InvalidBooking
from waiting_room.events import VisitBooked
from waiting_room.model import Actor, Participant, PatientDetails, Provider, Role, Visit
from waiting_room.visit import next_deadline

DAY = timedelta(days=1)
GOOD = Booking("visit", clinic(), Participant("p", Role.PATIENT, "Sample Patient"), NOON, timedelta(minutes=30))


def made(booking: Booking) -> Visit:
    return book(booking, actor=OPERATOR, now=NOON - DAY).visit


def refused(booking: Booking) -> str:
    with pytest.raises(InvalidBooking) as error:
        book(booking, actor=OPERATOR, now=NOON)
    assert error.value.facts["reason"]
    return error.value.facts["field"]


def test_the_clinics_rules_set_windows_expiry_and_grace() -> None:
    rules = Rules(
        join_window=timedelta(minutes=15),
        check_in_window=2 * DAY,
        link_lives=timedelta(minutes=5),
        grace=timedelta(minutes=2),
    )
    visit = made(replace(GOOD, clinic=clinic(rules=rules)))
    assert visit.opens_at == NOON - timedelta(minutes=15)
    assert visit.check_in_opens_at == NOON - 2 * DAY
    assert visit.expires_at == NOON + timedelta(minutes=35)
    assert visit.grace == timedelta(minutes=2)
    assert next_deadline(visit) == visit.opens_at


def test_check_in_never_opens_later_than_the_room() -> None:
    times = Rules(join_window=timedelta(hours=2), check_in_window=timedelta(minutes=10)).times(NOON, NOON)
    assert times["check_in_opens_at"] == times["opens_at"]


def test_a_booking_is_one_event_by_the_one_who_booked() -> None:
    by = replace(FRONT_DESK, device="desktop")
    (event,) = book(GOOD, actor=by, now=NOON).events
    assert event == VisitBooked(visit="visit", at=NOON, actor="desk", role=Role.FRONT_DESK, device="desktop")


@pytest.mark.parametrize("who", [PATIENT, NURSE, PROVIDER, Actor("desk", Role.FRONT_DESK, clinic="branch")])
def test_only_the_clinics_front_desk_and_the_api_book(who: Actor) -> None:
    with pytest.raises(Forbidden):
        book(GOOD, actor=who, now=NOON)


def test_an_api_token_of_one_clinic_books_there_alone() -> None:
    token = Actor("token", Role.OPERATOR, clinic="branch")
    with pytest.raises(Forbidden):
        book(GOOD, actor=token, now=NOON)
    assert book(replace(GOOD, clinic=clinic("branch")), actor=token, now=NOON)


def test_staff_of_no_clinic_book_nowhere() -> None:
    with pytest.raises(Forbidden):
        book(GOOD, actor=Actor("desk", Role.FRONT_DESK), now=NOON)


@pytest.mark.parametrize("name", ["", "   ", "x" * 121, "Sample\nPatient", "Sample \u202egnorw", "a\x00b"])
def test_a_name_that_cannot_be_shown_safely_is_refused(name: str) -> None:
    assert refused(replace(GOOD, patient=Participant("p", Role.PATIENT, name))) == "patient.name"


@pytest.mark.parametrize("name", ["José Ñandú", "李 小龍", "O'Neill-Smith", "<b>Bold</b>"])
def test_names_of_all_scripts_are_taken(name: str) -> None:
    assert made(replace(GOOD, patient=Participant("p", Role.PATIENT, name))).patient.name == name


@pytest.mark.parametrize("minutes", [0, 4, 481, -30])
def test_a_length_out_of_bounds_is_refused(minutes: int) -> None:
    assert refused(replace(GOOD, length=timedelta(minutes=minutes))) == "minutes"


def test_a_slot_that_is_over_or_too_far_is_refused() -> None:
    assert refused(replace(GOOD, starts_at=NOON - timedelta(minutes=30))) == "start"
    assert refused(replace(GOOD, starts_at=NOON + 731 * DAY)) == "start"


def test_a_visit_that_has_begun_can_still_be_booked() -> None:
    assert book(replace(GOOD, starts_at=NOON - timedelta(minutes=10)), actor=OPERATOR, now=NOON)


@pytest.mark.parametrize("reason", ["x" * 501, "a\x00b"])
def test_a_reason_is_bounded(reason: str) -> None:
    assert refused(replace(GOOD, reason=reason)) == "reason"


@pytest.mark.parametrize(
    ("field", "details"),
    [
        ("patient.birth_date", PatientDetails(birth_date=NOON.date() + DAY)),
        ("patient.birth_date", PatientDetails(birth_date=date(1879, 12, 31))),
        ("patient.language", PatientDetails(language="English")),
        ("patient.phone", PatientDetails(phone="call me")),
        ("patient.phone", PatientDetails(phone="(((((((((")),
        ("patient.phone", PatientDetails(phone="12")),
        ("patient.email", PatientDetails(email="nobody")),
        ("patient.email", PatientDetails(email="a@b@c.example")),
        ("patient.phone", PatientDetails(sms_opt_in=True)),
    ],
)
def test_details_that_cannot_be_right_are_refused(field: str, details: PatientDetails) -> None:
    assert refused(replace(GOOD, details=details)) == field


@pytest.mark.parametrize(
    "phone", ["555-0142", "+1 212 555 0142", "(212) 555-0142", "+1 (212) 555-0142", "2125550142 x12"]
)
def test_phone_numbers_are_taken_as_people_write_them(phone: str) -> None:
    assert made(replace(GOOD, details=PatientDetails(phone=phone))).details.phone == phone


def test_a_clinic_that_asks_for_the_birth_date_needs_to_know_it() -> None:
    asking = replace(GOOD, clinic=clinic(ask_birth_date=True))
    assert refused(asking) == "patient.birth_date"
    assert made(replace(asking, details=PatientDetails(birth_date=BORN)))


def test_providers_are_few_and_none_is_named_twice() -> None:
    one = Provider("a", "Dr. A")
    assert refused(replace(GOOD, providers=(one, one))) == "providers"
    assert refused(replace(GOOD, providers=tuple(Provider(str(n), "Dr.") for n in range(6)))) == "providers"
    assert made(replace(GOOD, providers=tuple(Provider(str(n), "Dr.") for n in range(5))))


def test_the_kind_of_appointment_brings_its_items() -> None:
    assert [item.key for item in made(replace(GOOD, clinic=clinic(kinds={"video": ITEMS}))).check_in] == [
        "location",
        "callback",
        "consent",
        "reason",
        "insurance",
    ]
    assert refused(replace(GOOD, kind="operation")) == "kind"


def test_items_given_with_the_booking_take_the_place_of_the_kinds() -> None:
    booking = replace(GOOD, clinic=clinic(kinds={"video": ITEMS}), check_in=ITEMS[:1])
    assert [item.key for item in made(booking).check_in] == ["location"]
    assert made(replace(booking, check_in=())).check_in == ()


@pytest.mark.parametrize(
    "items",
    [
        ITEMS[:1] * 2,
        (CheckInItem("Not a key", ItemKind.EXTERNAL),),
        tuple(CheckInItem(f"item{n}", ItemKind.EXTERNAL) for n in range(13)),
    ],
)
def test_items_without_keys_of_their_own_are_refused(items: tuple[CheckInItem, ...]) -> None:
    assert refused(replace(GOOD, check_in=items)) == "check_in"


def test_a_reason_that_was_booked_is_not_asked_again() -> None:
    (item,) = made(replace(GOOD, check_in=ITEMS[3:4], reason="Knee")).check_in
    assert (item.state, item.answer) == (ItemState.DONE, {"text": "Knee"})


@pytest.mark.parametrize("reason", ["", "   "])
def test_an_empty_reason_is_asked(reason: str) -> None:
    (item,) = made(replace(GOOD, check_in=ITEMS[3:4], reason=reason)).check_in
    assert item.state is ItemState.OPEN
