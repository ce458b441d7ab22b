"""Every row of the role table × every role, against the product's own table, which is written down here a second time."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Final

import pytest

from tests.support.generated_docs import ROLES
from tests.support.role_matrix import ATTEMPTS, BY_TABLE_ALONE, PEOPLE, granted, matrix, room
from tests.support.visits import (
    FAR_NURSE,
    FRONT_DESK,
    NOON,
    NURSE,
    OPERATOR,
    OTHER_PROVIDER,
    PATIENT,
    PROVIDER,
    STRANGER,
    Told,
    admit,
    arrive,
    booked,
    waiting,
)
from waiting_room import commands as do
from waiting_room.errors import Forbidden, ParticipantUnknown
from waiting_room.helping_commands import InviteHelper
from waiting_room.model import CLOCK, Actor, Role, Wish
from waiting_room.roles import ROLE_TABLE, Action, allowed
from waiting_room.visit import may, sees

A = Action
COLUMNS: Final = (
    (Role.PATIENT,),
    (Role.COMPANION,),
    (Role.INTERPRETER, Role.GUEST),
    (Role.HELPER,),
    (Role.FRONT_DESK,),
    (Role.NURSE,),
    (Role.PROVIDER,),
    (Role.OPERATOR,),
)
NO: Final = {"–", "never"}

# What people may do, in the product's rows: patient | companion | interpreter, guest clinician | helper | front desk | nurse
# | provider | operator.
PRODUCT: Final = {
    (A.TEST_DEVICES,): "yes | helps | device test | device test | – | device test | device test | –",
    (A.ANSWER_CHECK_IN,): "yes | helps | – | helps | – | – | – | –",
    (A.SEE_QUEUE,): "– | – | – | – | yes | yes | own patients + shared | –",
    (A.MESSAGE_WAITING, A.MARK_LATE, A.CALL_BACK): "– | – | – | – | yes | yes | yes | –",
    (A.ADMIT, A.HOLD, A.HAND_OVER, A.RETURN_TO_WAITING, A.REMOVE): "– | – | – | – | – | yes | yes | –",
    (A.BE_IN_MEDIA,): "after Admit | after Admit | after Admit | never | never | yes | yes | never",
    (A.END,): "– | – | – | – | – | yes | yes | –",
    (A.INVITE,): "– | – | – | – | yes | yes | yes | –",
    (A.ASK_FOR_HELP, A.INVITE_HELPER): "asks | – | – | – | – | – | – | –",
    (A.BOOK, A.RESCHEDULE, A.CANCEL): "– | – | – | – | yes | – | – | API",
    (A.EXPORT_AUDIT, A.OPERATE): "– | – | – | – | – | – | – | yes",
    # What the product says elsewhere than in its table.
    (A.ARRIVE,): "yes | yes | yes | yes | – | – | – | –",
    (A.JOIN_LINE, A.WRITE_TO_STAFF): "yes | yes | yes | – | – | – | – | –",
    (A.STAY,): "yes | yes | yes | yes | – | yes | yes | –",
    (A.WAIVE_CHECK_IN,): "– | – | – | – | yes | yes | yes | –",
    (A.MARK_NO_SHOW,): "– | – | – | – | yes | yes | yes | API",
    (A.COMPLETE,): "– | – | – | – | – | yes | yes | API",
    (A.REPORT_CHECK_IN,): "– | – | – | – | – | – | – | API",
    (A.READ_REPORTS,): "– | – | – | – | – | – | – | yes",
    (A.TIME,): "– | – | – | – | – | – | – | –",
}


def wanted() -> dict[Action, set[Role]]:
    """The product's table, by action."""
    found: dict[Action, set[Role]] = {A.TIME: {Role.CLOCK}}
    for actions, row in PRODUCT.items():
        cells = [cell.strip() for cell in row.split("|")]
        roles = {role for cell, column in zip(cells, COLUMNS, strict=True) if cell not in NO for role in column}
        for action in actions:
            found.setdefault(action, set()).update(roles)
    return found


WANTED: Final = wanted()


def test_every_row_is_in_the_products_table() -> None:
    assert set(WANTED) == set(ROLE_TABLE) == set(Action)
    assert set(PEOPLE) == set(Role)


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("action", Action)
def test_a_role_is_granted_what_the_product_says_and_refused_the_rest(action: Action, role: Role) -> None:
    assert granted(action, PEOPLE[role]) is (role in WANTED[action])


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("action", Action)
def test_the_table_says_what_the_product_says(action: Action, role: Role) -> None:
    assert allowed(role, action) is (role in WANTED[action])


def test_every_command_was_tried() -> None:
    tried = {type(attempt(NURSE)[1]) for attempts in ATTEMPTS.values() for attempt in attempts}
    tried |= {do.Look, do.RenewLink, do.Say}  # tried with the queue, with booking and with the media
    # Given by the server for a staff member whose session ended: tried below.
    asked = {getattr(do, name) for name in do.__all__ if name != "Command"}
    assert tried | {do.SignOff} == asked | {InviteHelper}
    assert set(ATTEMPTS) | BY_TABLE_ALONE | {A.SEE_QUEUE, A.BE_IN_MEDIA, A.BOOK} == set(Action)


def test_the_matrix_in_the_docs_is_what_was_tried() -> None:
    tried = matrix()
    print(f"\n{tried}\n✓ granted   · given and refused   – refused by the table, nothing to be given to a visit")
    assert tried in ROLES.read_text()


@pytest.mark.parametrize("role", Role)
def test_only_clinicians_sign_off_from_a_visit(role: Role) -> None:
    told = room(PEOPLE[role])
    signed_off = do.SignOff(actor=PEOPLE[role])
    if role in {Role.NURSE, Role.PROVIDER}:
        assert told.give(signed_off) == ()
    else:
        assert isinstance(told.refused(signed_off), Forbidden)


# Whose visit it is.

STAFF_ROWS: Final = [
    (action, attempt)
    for action, attempts in ATTEMPTS.items()
    for attempt in attempts
    if ROLE_TABLE[action] & {Role.FRONT_DESK, Role.NURSE, Role.PROVIDER} and action not in {A.STAY, A.TEST_DEVICES}
]
STRANGERS: Final = [
    OTHER_PROVIDER,
    FAR_NURSE,
    replace(PROVIDER, clinic="branch"),
    replace(FRONT_DESK, clinic="branch"),
    replace(NURSE, clinic=""),
    replace(OPERATOR, clinic="branch"),
]


@pytest.mark.parametrize("stranger", STRANGERS, ids=lambda one: f"{one.role}-{one.id}-{one.clinic or 'nowhere'}")
def test_other_providers_and_other_clinics_are_refused_everything(stranger: Actor) -> None:
    for _, attempt in STAFF_ROWS:
        told, command = attempt(NURSE)
        assert isinstance(told.refused(replace(command, actor=stranger)), Forbidden), type(command)
    told = room(NURSE)
    assert isinstance(told.refused(do.Look(actor=stranger)), Forbidden)
    assert not sees(told.visit, stranger)
    assert may(told.visit, stranger, now=NOON) == ()


@pytest.mark.parametrize("who", [PROVIDER, OTHER_PROVIDER])
def test_providers_share_the_queue_of_those_whom_nobody_is_named_for(who: Actor) -> None:
    told = waiting(booked(providers=()))
    assert sees(told.visit, who)
    assert "admit" in may(told.visit, who, now=NOON)
    told.give(admit(who, "w"))


def test_each_of_several_named_providers_has_the_patient() -> None:
    visit = booked(providers=(PROVIDER, OTHER_PROVIDER))
    assert sees(visit, PROVIDER)
    assert sees(visit, OTHER_PROVIDER)


def test_providers_see_their_own_visits_nurses_and_the_front_desk_all() -> None:
    people = (PROVIDER, OTHER_PROVIDER, NURSE, FRONT_DESK, FAR_NURSE, PATIENT, OPERATOR, CLOCK)
    assert [sees(booked(), who) for who in people] == [True, False, True, True, False, False, False, False]


def test_nobody_acts_in_a_role_that_is_not_theirs_in_the_visit() -> None:
    told = room(PATIENT)
    for who in PEOPLE.values():
        if who.role.by_link and who.role is not Role.PATIENT:
            pretended = do.AskFor(
                actor=replace(who, role=Role.PATIENT), participant=who.id, session="s", wish=Wish.CALL
            )
            assert isinstance(told.refused(pretended), Forbidden)


def test_a_stranger_with_a_link_elsewhere_is_nobody_here() -> None:
    told = Told(booked())
    assert isinstance(told.refused(arrive(who=STRANGER)), ParticipantUnknown)
    assert isinstance(told.refused(replace(arrive(), actor=STRANGER)), Forbidden)


def test_a_refusal_names_the_role_and_the_command_and_no_person() -> None:
    refusal = room(FRONT_DESK).refused(do.End(actor=FRONT_DESK), after=timedelta(minutes=1))
    assert refusal.facts == {"role": "front_desk", "command": "End"}
