"""The visit's state machine: ``handle_command(visit, command, now=…)`` gives the new state and what happened, or refuses.

Pure: time, identifiers and secrets come in as values. Whatever is due by ``now`` happens first, so a late knock never
revives an expired visit. A refused command changes nothing at all; what time alone brought about is found again next time.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any, Final

from waiting_room import admissions, arrivals, chat, closing, contact, helping, preparation
from waiting_room import commands as do
from waiting_room import events as ev
from waiting_room.admissions import MEDIA_PLACES, checks
from waiting_room.arrivals import BIRTH_DATE_TRIES, open_items
from waiting_room.changes import facts, own, wrong_state
from waiting_room.closing import OVERRUN_LIMIT, next_deadline
from waiting_room.errors import (
    Forbidden,
    LinkEnded,
    ParticipantRemoved,
    ParticipantUnknown,
    TooEarly,
    WaitingRoomError,
)
from waiting_room.helping_commands import InviteHelper
from waiting_room.model import Actor, Participant, ParticipantPhase, Role, Visit, VisitPhase
from waiting_room.outcome import Outcome
from waiting_room.roles import Action, allowed
from waiting_room.transitions import VISIT_TRANSITIONS

__all__ = [
    "BIRTH_DATE_TRIES",
    "MEDIA_PLACES",
    "OVERRUN_LIMIT",
    "Outcome",
    "action_of",
    "authorize",
    "checks",
    "handle_command",
    "may",
    "next_deadline",
    "open_items",
    "sees",
]


def handle_command(visit: Visit, command: do.Command, *, now: datetime) -> Outcome:
    """Decide. Raises a `WaitingRoomError` where the tables, the role or the state refuse."""
    due = closing.pass_time(visit, now)
    kind = type(command)
    _check_role(due.visit, command)
    if kind is do.PassTime:
        return due
    if (due.visit.phase, kind) not in VISIT_TRANSITIONS:
        raise _refusal(due.visit, command)
    done = _HANDLERS[kind](due.visit, command, now)
    return Outcome(done.visit, due.events + done.events)


def authorize(visit: Visit, participant_id: str, session: str) -> Participant:
    """Return the participant for whom this session may speak now; the server's state has the last word over any token."""
    participant = visit.find(participant_id)
    if participant is None:
        raise ParticipantUnknown
    if participant.phase is ParticipantPhase.REMOVED:
        raise ParticipantRemoved
    if visit.phase.final:
        raise LinkEnded
    return own(visit, participant_id, session)


def sees(visit: Visit, actor: Actor) -> bool:
    """Whether the visit stands in this person's queue.

    Staff see their own clinic: nurses and the front desk all of it, providers their own appointments, those handed over to them,
    those they are in, and the shared queue (no provider named).
    """
    if not actor.role.staff or actor.clinic != visit.clinic_id:
        return False
    if actor.role is not Role.PROVIDER or not visit.providers:
        return True
    mine = {one.id for one in visit.providers} | ({visit.handed_to.id} if visit.handed_to else set())
    return actor.id in mine or visit.find(actor.id) is not None


def may(visit: Visit, actor: Actor, *, now: datetime) -> tuple[str, ...]:
    """Return the staff requests (about the patient, where about somebody) that would be granted and change something now."""
    if not sees(visit, actor):
        return ()
    return tuple(name for name, command in _offered(visit, actor) if _would(visit, command, now))


def _offered(visit: Visit, actor: Actor) -> list[tuple[str, do.Command | type[do.Command]]]:
    """Return what could be asked. Where only tables decide, the kind of command is enough."""
    patient, mine = visit.patient.id, visit.find(actor.id)
    session = (mine.session if mine else None) or ""
    everything = frozenset({"identity", "licence"})
    offered: list[tuple[str, do.Command | type[do.Command]]] = [
        ("admit", do.Admit(actor=actor, participant=patient, session=session, confirmed=everything)),
        ("enter", do.Enter(actor=actor, session="")),
        ("leave", do.Leave(actor=actor, participant=actor.id, session=session)),
        ("hold", do.Hold(actor=actor, participant=patient)),
        ("return", do.ReturnToWaiting(actor=actor, participant=patient)),
        ("remove", do.Remove(actor=actor, participant=patient)),
        ("end", do.End(actor=actor)),
        ("no_show", do.MarkNoShow(actor=actor)),
        *((name, kind) for name, kind in _BY_TABLE.items()),
    ]
    if mine is not None and mine.phase is ParticipantPhase.IN_VISIT:
        offered.append(("hand_over", do.HandOver))
    if visit.patient.phase in _REACHED:
        offered.append(("message", do.SendMessage))
    if open_items(visit):
        offered.append(("waive", do.Waive))
    granted = []
    for name, command in offered:
        kind = command if isinstance(command, type) else type(command)
        if allowed(actor.role, action_of(kind, actor)) and (visit.phase, kind) in VISIT_TRANSITIONS:
            granted.append((name, command))
    return granted


_BY_TABLE: Final[dict[str, type[do.Command]]] = {
    "complete": do.Complete,
    "invite": do.Invite,
    "late": do.TellLate,
    "call": do.RecordCall,
    "reschedule": do.Reschedule,
    "cancel": do.Cancel,
}
_REACHED: Final = {
    ParticipantPhase.PREPARING,
    ParticipantPhase.ARRIVED,
    ParticipantPhase.WAITING,
    ParticipantPhase.ON_HOLD,
}


def _would(visit: Visit, command: do.Command | type[do.Command], now: datetime) -> bool:
    if isinstance(command, type):
        return not visit.phase.final or (command is do.RecordCall and not visit.purged)
    try:
        return bool(_HANDLERS[type(command)](visit, command, now).events)
    except WaitingRoomError:
        return False


# Checks that hold for every command.


def action_of(kind: type[do.Command], actor: Actor) -> Action:
    """Return the line of the role table that grants a command to this person: some are two lines in one."""
    if kind in {do.SendMessage, do.ReadMessages}:
        return Action.WRITE_TO_STAFF if actor.role.by_link else Action.MESSAGE_WAITING
    if kind is do.Look and actor.role is Role.OPERATOR:
        return Action.BOOK
    return kind.action


_OWN: Final = {
    Action.ARRIVE,
    Action.JOIN_LINE,
    Action.STAY,
    Action.BE_IN_MEDIA,
    Action.TEST_DEVICES,
    Action.ANSWER_CHECK_IN,
    Action.ASK_FOR_HELP,
    Action.INVITE_HELPER,
    Action.WRITE_TO_STAFF,
}
"""What people do for themselves alone."""


def _check_role(visit: Visit, command: do.Command) -> None:
    actor = command.actor
    action = action_of(type(command), actor)
    granted = allowed(actor.role, action)
    if actor.role.staff and not sees(visit, actor):
        granted = False
    if actor.role is Role.OPERATOR and actor.clinic not in {"", visit.clinic_id}:
        granted = False
    if action in _OWN and getattr(command, "participant", actor.id) != actor.id:
        granted = False
    who = visit.find(actor.id) if actor.role.by_link else None
    if who is not None and who.role is not actor.role:
        granted = False
    if not granted:
        raise Forbidden(role=actor.role, command=type(command).__name__)


def _refusal(visit: Visit, command: do.Command) -> WaitingRoomError:
    if command.actor.role.by_link:
        if visit.phase is VisitPhase.BOOKED:
            return TooEarly(opens_at=visit.opens_at.isoformat(), check_in_opens_at=visit.check_in_opens_at.isoformat())
        if visit.phase.final:
            return LinkEnded()
    return wrong_state(visit.phase, command)


def _look(visit: Visit, command: do.Look, now: datetime) -> Outcome:
    return Outcome(visit, (ev.VisitLookedAt(**facts(visit, command.actor, now)),))


_HANDLERS: Final[dict[type[do.Command], Callable[[Visit, Any, datetime], Outcome]]] = {
    do.Arrive: arrivals.arrive,
    do.JoinWaitingRoom: arrivals.join,
    do.Connect: arrivals.connect,
    do.LoseConnection: arrivals.lose,
    do.Leave: arrivals.leave,
    do.SignOff: arrivals.sign_off,
    do.NoteModality: arrivals.note_modality,
    do.ConfirmBirthDate: arrivals.confirm_birth_date,
    do.AnswerCheckIn: preparation.answer,
    do.ReportCheckIn: preparation.report_item,
    do.ReportReadiness: preparation.report_readiness,
    do.Waive: preparation.waive,
    do.Look: _look,
    do.Admit: admissions.admit,
    do.Enter: admissions.enter,
    do.Hold: admissions.hold,
    do.ReturnToWaiting: admissions.return_to_waiting,
    do.HandOver: admissions.hand_over,
    do.Remove: admissions.remove,
    do.Invite: admissions.invite,
    InviteHelper: helping.invite_helper,
    do.SendMessage: contact.send,
    do.ReadMessages: contact.read,
    do.Say: chat.say,
    do.TellLate: contact.tell_late,
    do.AskFor: contact.ask_for,
    do.RecordCall: contact.record_call,
    do.KeepNote: contact.keep_note,
    do.Reschedule: closing.reschedule,
    do.RenewLink: closing.renew_link,
    do.MarkNoShow: closing.mark_no_show,
    do.Complete: closing.complete,
    do.Cancel: closing.cancel,
    do.End: closing.end,
}
