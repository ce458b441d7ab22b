"""Every row of the role table tried by every role, with commands that are really given to the domain.

Each attempt is made in a state in which the command would be granted to the right role, so a refusal says something about
the role alone.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Final

from tests.support.visits import (
    ANSWERS,
    COMPANION,
    FRONT_DESK,
    GUEST,
    HELPER,
    INTERPRETER,
    ITEMS,
    NOON,
    NURSE,
    OPERATOR,
    PATIENT,
    PROVIDER,
    Told,
    admit,
    arrive,
    birth_date,
    booked,
    clinic,
    connect,
    hand_over,
    invite,
    invite_helper,
    join,
    lose,
    reschedule,
)
from waiting_room import commands as do
from waiting_room.booking import Booking, book
from waiting_room.check_in_items import ItemState, WaiveReason
from waiting_room.contact_codes import CallReason, CallResult
from waiting_room.errors import Forbidden, ParticipantUnknown, WrongState
from waiting_room.model import CLOCK, Actor, Modality, Participant, ParticipantPhase, Role, VisitPhase, Wish
from waiting_room.readiness import DeviceReport
from waiting_room.roles import ROLE_TABLE, Action, allowed
from waiting_room.visit import sees

__all__ = ["ATTEMPTS", "BY_TABLE_ALONE", "PEOPLE", "granted", "matrix", "room"]

PEOPLE: Final = {
    one.role: one
    for one in (PATIENT, COMPANION, INTERPRETER, GUEST, HELPER, FRONT_DESK, NURSE, PROVIDER, OPERATOR, replace(CLOCK))
}
GUESTS: Final = (COMPANION, INTERPRETER, GUEST)
SOMEBODY_ELSE: Final = Actor("somebody else", Role.GUEST)


def room(actor: Actor, phase: VisitPhase = VisitPhase.OPEN, *, providers: tuple[Actor, ...] = (PROVIDER,)) -> Told:
    """A visit at noon with everybody who has a link in line; in progress, the patient and ``actor``, if they may, talk."""
    told = Told(booked(providers=providers))
    for guest in GUESTS:
        told.give(invite(guest))
    for who in (PATIENT, *GUESTS):
        for command in (arrive("s", who=who), connect("s", who=who), join("s", who=who)):
            told.give(command)
    told.give(invite_helper("s"))
    told.give(arrive("s", who=HELPER))
    told.give(connect("s", who=HELPER))
    if phase is VisitPhase.IN_PROGRESS:
        told.give(admit(actor if allowed(actor.role, Action.ADMIT) and sees(told.visit, actor) else NURSE, "s"))
    told.visit = replace(told.visit, check_in=(*ITEMS[:4], replace(ITEMS[4], state=ItemState.OPEN)))
    return told


Attempt = Callable[[Actor], tuple[Told, do.Command]]


def _in_line(make: Callable[[Actor], do.Command]) -> Attempt:
    return lambda actor: (room(actor), make(actor))


def _in_progress(make: Callable[[Actor], do.Command]) -> Attempt:
    return lambda actor: (room(actor, VisitPhase.IN_PROGRESS), make(actor))


def _held(make: Callable[[Actor], do.Command]) -> Attempt:
    def attempt(actor: Actor) -> tuple[Told, do.Command]:
        told = room(actor, VisitPhase.IN_PROGRESS)
        told.give(do.Hold(actor=NURSE, participant=PATIENT.id))
        return told, make(actor)

    return attempt


def _absent(make: Callable[[Actor], do.Command]) -> Attempt:
    """The patient is out of touch, as at a call back or a no-show."""

    def attempt(actor: Actor) -> tuple[Told, do.Command]:
        told = room(actor)
        told.give(lose("s"))
        return told, make(actor)

    return attempt


def _invited(make: Callable[[Actor], do.Command]) -> Attempt:
    def attempt(actor: Actor) -> tuple[Told, do.Command]:
        told = Told(replace(booked(), participants=(*booked().participants, Participant(HELPER.id, Role.HELPER, ""))))
        for guest in GUESTS:
            told.give(invite(guest))
        return told, make(actor)

    return attempt


def _written(make: Callable[[Actor], do.Command]) -> Attempt:
    """Everybody who has a link and the staff have written to each other."""

    def attempt(actor: Actor) -> tuple[Told, do.Command]:
        told = room(actor)
        for who in (PATIENT, *GUESTS):
            told.give(do.SendMessage(actor=NURSE, participant=who.id, message=f"to {who.id}", canned="soon"))
            own = do.SendMessage(actor=who, participant=who.id, session="s", message=f"by {who.id}", text="Hello")
            told.give(own)
        return told, make(actor)

    return attempt


def _other_thread(actor: Actor) -> Actor:
    return PATIENT if actor.role is not Role.PATIENT else INTERPRETER


def _modality(actor: Actor) -> do.NoteModality:
    return do.NoteModality(actor=actor, participant=actor.id, session="s", modality=Modality.AUDIO, reason="chosen")


def _answer(actor: Actor) -> do.AnswerCheckIn:
    return do.AnswerCheckIn(actor=actor, participant=actor.id, session="s", item="callback", answer=ANSWERS["callback"])


ATTEMPTS: Final[dict[Action, tuple[Attempt, ...]]] = {
    Action.ARRIVE: (_invited(lambda who: arrive("s", who=who)),),
    Action.JOIN_LINE: (_in_line(lambda who: join("s", who=who)),),
    Action.STAY: (
        _in_progress(lambda who: connect("s", who=who)),
        _in_progress(lambda who: lose("s", who=who)),
        _in_progress(_modality),
        _in_progress(lambda who: do.Leave(actor=who, participant=who.id, session="s")),
    ),
    Action.TEST_DEVICES: (
        _in_progress(lambda who: do.ReportReadiness(actor=who, participant=who.id, report=DeviceReport())),
    ),
    Action.ANSWER_CHECK_IN: (_in_line(_answer), _in_line(lambda who: birth_date(NOON.date(), "s", who=who))),
    Action.ASK_FOR_HELP: (
        _in_line(lambda who: do.AskFor(actor=who, participant=who.id, session="s", wish=Wish.COMPANION)),
    ),
    Action.INVITE_HELPER: (_in_line(lambda who: invite_helper("s", who)),),
    Action.WRITE_TO_STAFF: (
        _in_line(lambda who: do.SendMessage(actor=who, participant=who.id, session="s", message="m", text="Hello")),
        _written(
            lambda who: do.ReadMessages(actor=who, participant=who.id, session="s", message=f"to {who.id}", read=True)
        ),
    ),
    Action.MESSAGE_WAITING: (
        _in_line(
            lambda who: do.SendMessage(
                actor=who, participant=_other_thread(who).id, session="s", message="m", text="Hello"
            )
        ),
        _written(
            lambda who: do.ReadMessages(
                actor=who,
                participant=_other_thread(who).id,
                session="s",
                message=f"by {_other_thread(who).id}",
                read=True,
            )
        ),
    ),
    Action.MARK_LATE: (_in_line(lambda who: do.TellLate(actor=who, minutes=10)),),
    Action.CALL_BACK: (
        _absent(lambda who: do.RecordCall(actor=who, reason=CallReason.NOT_HERE, result=CallResult.NO_ANSWER)),
        _absent(lambda who: do.KeepNote(actor=who, text="Rang")),
    ),
    Action.WAIVE_CHECK_IN: (_in_line(lambda who: do.Waive(actor=who, item="insurance", reason=WaiveReason.URGENT)),),
    Action.MARK_NO_SHOW: (_absent(lambda who: do.MarkNoShow(actor=who)),),
    Action.ADMIT: (
        _in_line(lambda who: admit(who, "s")),
        _held(lambda who: admit(who, "s")),
        _held(lambda who: do.Enter(actor=who, session="another window")),
    ),
    Action.HOLD: (_in_progress(lambda who: do.Hold(actor=who, participant=PATIENT.id)),),
    Action.HAND_OVER: (_in_progress(lambda who: hand_over(PROVIDER if who != PROVIDER else NURSE, who)),),
    Action.RETURN_TO_WAITING: (
        _in_progress(lambda who: do.ReturnToWaiting(actor=who, participant=PATIENT.id)),
        _held(lambda who: do.ReturnToWaiting(actor=who, participant=PATIENT.id)),
    ),
    Action.REMOVE: (
        _in_line(lambda who: do.Remove(actor=who, participant=PATIENT.id)),
        _in_progress(lambda who: do.Remove(actor=who, participant=PATIENT.id)),
    ),
    Action.END: (_in_progress(lambda who: do.End(actor=who)),),
    Action.COMPLETE: (_absent(lambda who: do.Complete(actor=who)),),
    Action.INVITE: (
        _in_line(lambda who: invite(SOMEBODY_ELSE, who)),
        _in_progress(lambda who: invite(SOMEBODY_ELSE, who)),
    ),
    Action.RESCHEDULE: (_in_line(lambda who: reschedule(NOON + timedelta(days=1), who)),),
    Action.CANCEL: (_in_line(lambda who: do.Cancel(actor=who)),),
    Action.REPORT_CHECK_IN: (_in_line(lambda who: do.ReportCheckIn(actor=who, item="insurance", done=True)),),
    Action.TIME: (_in_line(lambda who: do.PassTime(actor=who)),),
}

BY_TABLE_ALONE: Final = frozenset({Action.READ_REPORTS, Action.EXPORT_AUDIT, Action.OPERATE})
"""What is not done to a visit: the command line and the API ask the table."""


def granted(action: Action, actor: Actor) -> bool:
    """Try every command of this row. All are granted or all refused; anything else is an error of the attempt."""
    if action in BY_TABLE_ALONE:
        return allowed(actor.role, action)
    if action is Action.SEE_QUEUE:
        return _sees_queue(actor)
    if action is Action.BE_IN_MEDIA:
        return _comes_into_media(actor)
    if action is Action.BOOK:
        return _books(actor)
    outcomes = {_try(action, attempt, actor) for attempt in ATTEMPTS[action]}
    assert len(outcomes) == 1, f"{action} is granted to {actor.role} by one command and refused by another"
    return outcomes.pop()


def _try(action: Action, attempt: Attempt, actor: Actor) -> bool:
    told, command = attempt(actor)
    try:
        told.give(command)
    except Forbidden:
        return False
    except (WrongState, ParticipantUnknown):
        # Staff write in the threads of others: of their own they have none.
        assert action is Action.WRITE_TO_STAFF, (action, actor)
        assert actor.role.staff
        return False
    return True


def _sees_queue(actor: Actor) -> bool:
    """Who sees the queue opens a row of it; the operator's look is the reading of an appointment over the API."""
    told = room(actor)
    seen = sees(told.visit, actor)
    try:
        told.give(do.Look(actor=actor))
    except Forbidden:
        assert not seen
    else:
        assert seen or actor.role is Role.OPERATOR
    return seen


def _comes_into_media(actor: Actor) -> bool:
    """Try every way into sound and picture: of those who came by a link only after staff have admitted them."""
    told = room(actor)
    own = [arrive("s", who=actor), connect("s", who=actor), join("s", who=actor), admit(actor, "s")]
    for command in (*own, do.Enter(actor=actor, session="s")):
        _give_quietly(told, command)
    if actor.role.by_link:
        assert not _inside(told, actor), "before anybody has admitted them"
        _give_quietly(told, admit(NURSE, "n", who=actor))
    elif not _inside(told, actor):
        told.give(admit(NURSE, "n"))
        told.give(do.Hold(actor=NURSE, participant=PATIENT.id))
        _give_quietly(told, do.Enter(actor=actor, session="s"))
    _give_quietly(told, do.Say(actor=actor, participant=actor.id, session="s", line="l", text="Hello"))
    assert bool(told.visit.chat) is _inside(told, actor), "who is in the visit writes in its chat, and nobody else"
    return _inside(told, actor)


def _give_quietly(told: Told, command: do.Command) -> None:
    try:
        told.give(command)
    except (Forbidden, WrongState, ParticipantUnknown):
        return


def _inside(told: Told, actor: Actor) -> bool:
    mine = told.visit.find(actor.id)
    return mine is not None and mine.phase is ParticipantPhase.IN_VISIT


def _books(actor: Actor) -> bool:
    patient = Participant("p", Role.PATIENT, "Sample Patient")
    told = room(actor)
    try:
        book(Booking("another", clinic(), patient, NOON, timedelta(minutes=30)), actor=actor, now=NOON)
    except Forbidden:
        assert not _try(Action.BOOK, lambda who: (told, do.RenewLink(actor=who, participant=PATIENT.id)), actor)
        return False
    assert _try(Action.BOOK, lambda who: (told, do.RenewLink(actor=who, participant=PATIENT.id)), actor)
    return True


def matrix() -> str:
    """Return what was tried as a Markdown table: rows × roles."""
    roles = list(PEOPLE)
    lines = [
        f"| {'':17} | {' | '.join(role.value for role in roles)} |",
        f"|{'-' * 19}|{'|'.join('-' * (len(role.value) + 2) for role in roles)}|",
    ]
    for action in ROLE_TABLE:
        refused = "–" if action in BY_TABLE_ALONE else "·"
        cells = (("✓" if granted(action, PEOPLE[role]) else refused).center(len(role.value)) for role in roles)
        lines.append(f"| {action.value:17} | {' | '.join(cells)} |")
    return "\n".join(lines)
