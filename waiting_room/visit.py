"""The visit's state machine: ``handle_command(visit, command, now=…)`` gives the new state and what happened, or refuses.

Pure: time, identifiers and secrets come in as values. Whatever is due by ``now`` happens first, so a late knock never
revives an expired visit. A refused command changes nothing at all; what time alone brought about is found again next time.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Final

from waiting_room import commands as do
from waiting_room import events as ev
from waiting_room.errors import (
    AlreadyAdmitted,
    Forbidden,
    LinkEnded,
    ParticipantRemoved,
    ParticipantUnknown,
    SessionReplaced,
    TooEarly,
    VisitFull,
    WaitingRoomError,
    WrongState,
)
from waiting_room.model import Actor, Participant, ParticipantPhase, Role, Visit, VisitPhase
from waiting_room.transitions import PARTICIPANT_TRANSITIONS, PERMISSIONS, VISIT_TRANSITIONS

__all__ = ["MEDIA_PLACES", "OVERRUN_LIMIT", "Outcome", "authorize", "handle_command", "may", "next_deadline", "sees"]

MEDIA_PLACES: Final = 2
"""How many people a visit's media holds."""

OVERRUN_LIMIT: Final = timedelta(hours=12)
"""A visit whose link should have expired ends at last, even under people who are still there."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """The state after a command, and what happened; no event means nothing changed."""

    visit: Visit
    events: tuple[ev.Event, ...] = ()


def handle_command(visit: Visit, command: do.Command, *, now: datetime) -> Outcome:
    """Decide. Raises a `WaitingRoomError` where the tables, the role or the state refuse."""
    due = _pass_time(visit, now)
    kind = type(command)
    if kind is do.PassTime:
        return due
    _check_role(due.visit, command)
    if (due.visit.phase, kind) not in VISIT_TRANSITIONS:
        raise _refusal(due.visit, command)
    done = _HANDLERS[kind](due.visit, command, now)
    return Outcome(done.visit, due.events + done.events)


def next_deadline(visit: Visit) -> datetime | None:
    """Return when `PassTime` will next change something if nobody acts, or None when it never will."""
    if visit.phase.final:
        return None
    if visit.phase is VisitPhase.BOOKED:
        return visit.opens_at
    places = [one.lost_at + visit.grace for one in visit.participants if one.phase.present and one.lost_at is not None]
    return min([*places, _expiry(visit)])


def authorize(visit: Visit, participant_id: str, session: str) -> Participant:
    """Return the participant for whom this session may speak now; the server's state has the last word over any token."""
    participant = _find(visit, participant_id)
    if participant.phase is ParticipantPhase.REMOVED:
        raise ParticipantRemoved
    if visit.phase.final:
        raise LinkEnded
    if participant.session != session:
        raise SessionReplaced
    return participant


def may(visit: Visit, actor: Actor, *, now: datetime) -> tuple[type[do.Command], ...]:
    """Return the staff commands (about the patient, where about somebody) that would change something now."""
    patient, session = visit.patient.id, ""
    mine = visit.find(actor.id)
    offered: tuple[do.Command, ...] = (
        do.Admit(actor=actor, participant=patient, session=session),
        do.Enter(actor=actor, session=session),
        do.Leave(actor=actor, participant=actor.id, session=(mine.session if mine else None) or ""),
        do.Remove(actor=actor, participant=patient),
        do.End(actor=actor),
    )
    return tuple(type(command) for command in offered if _changes(visit, command, now))


def sees(visit: Visit, actor: Actor) -> bool:
    """Whether the visit stands in this person's queue: providers see their own, nurses and the front desk all."""
    if actor.role is Role.PROVIDER:
        return actor.id == visit.provider_id
    return actor.role in {Role.NURSE, Role.FRONT_DESK}


def _changes(visit: Visit, command: do.Command, now: datetime) -> bool:
    try:
        return bool(handle_command(visit, command, now=now).events)
    except WaitingRoomError:
        return False


# Checks that hold for every command.


def _check_role(visit: Visit, command: do.Command) -> None:
    actor = command.actor
    allowed = actor.role in PERMISSIONS[type(command)]
    if actor.role is Role.PROVIDER and not sees(visit, actor):
        allowed = False
    if actor.role.by_link and getattr(command, "participant", None) != actor.id:
        allowed = False
    if not allowed:
        raise Forbidden(role=actor.role, command=type(command).__name__)


def _refusal(visit: Visit, command: do.Command) -> WaitingRoomError:
    if command.actor.role.by_link:
        if visit.phase is VisitPhase.BOOKED:
            return TooEarly(opens_at=visit.opens_at.isoformat())
        return LinkEnded()
    return WrongState(state=visit.phase, command=type(command).__name__, role=command.actor.role)


def _find(visit: Visit, participant_id: str) -> Participant:
    participant = visit.find(participant_id)
    if participant is None:
        raise ParticipantUnknown
    return participant


def _step(participant: Participant, command: do.Command) -> ParticipantPhase:
    """Look the participant's next phase up."""
    if participant.phase is ParticipantPhase.REMOVED and command.actor.role.by_link:
        raise ParticipantRemoved
    phase = PARTICIPANT_TRANSITIONS.get((participant.phase, type(command)))
    if phase is None:
        raise WrongState(state=participant.phase, command=type(command).__name__, role=command.actor.role)
    return phase


def _own_session(participant: Participant, session: str) -> None:
    if participant.session != session:
        raise SessionReplaced


# State in, state out.


def _with(visit: Visit, participant: Participant) -> Visit:
    """Return the visit with this participant put in the place of the one with the same id, or added."""
    if visit.find(participant.id) is None:
        return replace(visit, participants=(*visit.participants, participant))
    kept = tuple(participant if one.id == participant.id else one for one in visit.participants)
    return replace(visit, participants=kept)


def _facts(visit: Visit, actor: Actor, now: datetime) -> dict[str, Any]:
    return {"visit": visit.id, "at": now, "actor": actor.id, "role": actor.role}


def _arrive(visit: Visit, command: do.Arrive, now: datetime) -> Outcome:
    before = _find(visit, command.participant)
    phase = _step(before, command)
    if phase is before.phase and before.session == command.session:
        return Outcome(visit)
    facts = _facts(visit, command.actor, now)
    events: list[ev.Event] = []
    if before.session is not None:
        events.append(ev.DeviceReplaced(**facts, participant=before.id, old_session=before.session))
    if phase is not before.phase:
        events.append(ev.ParticipantArrived(**facts, participant=before.id))
    # Until its socket connects, the new device counts as lost: one that never does must not hold the place for ever.
    after = replace(
        before, phase=phase, session=command.session, lost_at=now, arrived_at=before.arrived_at or now, left_at=None
    )
    return Outcome(_with(visit, after), tuple(events))


def _join(visit: Visit, command: do.JoinWaitingRoom, now: datetime) -> Outcome:
    before = _find(visit, command.participant)
    phase = _step(before, command)
    _own_session(before, command.session)
    if phase is before.phase:
        return Outcome(visit)
    after = replace(before, phase=phase, waiting_since=now, left_at=None, lost_at=None)
    waiting = ev.ParticipantWaiting(**_facts(visit, command.actor, now), participant=before.id)
    return Outcome(_with(visit, after), (waiting,))


def _connect(visit: Visit, command: do.Connect, now: datetime) -> Outcome:
    before = _find(visit, command.participant)
    _step(before, command)
    _own_session(before, command.session)
    if before.lost_at is None or not before.phase.present:
        return Outcome(visit)
    restored = ev.ConnectionRestored(**_facts(visit, command.actor, now), participant=before.id)
    return Outcome(_with(visit, replace(before, lost_at=None)), (restored,))


def _lose(visit: Visit, command: do.LoseConnection, now: datetime) -> Outcome:
    before = _find(visit, command.participant)
    if before.session != command.session or not before.connected:
        return Outcome(visit)
    _step(before, command)
    lost = ev.ConnectionLost(**_facts(visit, command.actor, now), participant=before.id)
    return Outcome(_with(visit, replace(before, lost_at=now)), (lost,))


def _leave(visit: Visit, command: do.Leave, now: datetime) -> Outcome:
    if command.participant != command.actor.id:
        raise Forbidden(role=command.actor.role, command="Leave")
    before = _find(visit, command.participant)
    phase = _step(before, command)
    _own_session(before, command.session)
    if phase is before.phase:
        return Outcome(visit)
    return _out(visit, before, ev.LeaveReason.OWN_WILL, command.actor, now)


def _out(visit: Visit, who: Participant, reason: ev.LeaveReason, actor: Actor, now: datetime) -> Outcome:
    after = replace(who, phase=ParticipantPhase.LEFT, left_at=now, lost_at=None, waiting_since=None)
    left = ev.ParticipantLeft(**_facts(visit, actor, now), participant=who.id, reason=reason)
    return Outcome(_with(visit, after), (left,))


def _admit(visit: Visit, command: do.Admit, now: datetime) -> Outcome:
    before = _find(visit, command.participant)
    if not before.role.by_link:
        raise Forbidden(role=command.actor.role, command="Admit")
    phase = _step(before, command)
    if phase is before.phase:
        mine = visit.find(command.actor.id)
        if mine is None or mine.phase is not ParticipantPhase.IN_VISIT:
            raise AlreadyAdmitted(by=before.admitted_by or "")
        return Outcome(visit)
    entered = _take_place(visit, command.actor, command.session, now, beside=before.id)
    facts = _facts(visit, command.actor, now)
    events: list[ev.Event] = []
    if visit.phase is not VisitPhase.IN_PROGRESS:
        events.append(ev.VisitStarted(**facts))
    admitted = replace(before, phase=phase, admitted_at=now, admitted_by=command.actor.id)
    after = replace(_with(entered.visit, admitted), phase=VisitPhase.IN_PROGRESS, started_at=visit.started_at or now)
    events.append(ev.ParticipantAdmitted(**facts, participant=before.id))
    return Outcome(after, (*events, *entered.events))


def _enter(visit: Visit, command: do.Enter, now: datetime) -> Outcome:
    return _take_place(visit, command.actor, command.session, now)


def _take_place(visit: Visit, actor: Actor, session: str, now: datetime, beside: str | None = None) -> Outcome:
    """Put a staff member into the visit, on the window named by ``session``; colleagues out of touch make room."""
    facts = _facts(visit, actor, now)
    mine = visit.find(actor.id) or Participant(id=actor.id, role=actor.role, name=actor.name)
    if mine.phase is ParticipantPhase.IN_VISIT and mine.session == session and mine.lost_at is None:
        return Outcome(visit)
    if mine.phase is ParticipantPhase.REMOVED:
        raise WrongState(state=mine.phase, command="Enter", role=actor.role)
    events: list[ev.Event] = []
    others = [one for one in visit.in_media if one.id not in {actor.id, beside}]
    gone = [one for one in others if not one.role.by_link and one.lost_at is not None]
    if len(others) - len(gone) + 1 + (beside is not None) > MEDIA_PLACES:
        raise VisitFull
    for one in gone:
        out = _out(visit, one, ev.LeaveReason.MADE_ROOM, actor, now)
        visit = out.visit
        events.extend(out.events)
    if mine.phase is not ParticipantPhase.IN_VISIT:
        events.append(ev.ParticipantEntered(**facts, participant=mine.id))
    elif mine.session is not None and mine.session != session:
        events.append(ev.DeviceReplaced(**facts, participant=mine.id, old_session=mine.session))
    else:
        events.append(ev.ConnectionRestored(**facts, participant=mine.id))
    after = replace(mine, phase=ParticipantPhase.IN_VISIT, session=session, lost_at=None, left_at=None)
    after = replace(after, arrived_at=mine.arrived_at or now, admitted_at=now)
    return Outcome(_with(visit, after), tuple(events))


def _remove(visit: Visit, command: do.Remove, now: datetime) -> Outcome:
    before = _find(visit, command.participant)
    if not before.role.by_link:
        raise Forbidden(role=command.actor.role, command="Remove")
    phase = _step(before, command)
    if phase is before.phase:
        return Outcome(visit)
    after = replace(before, phase=phase, left_at=now, lost_at=None, waiting_since=None)
    removed = ev.ParticipantRemovedByStaff(**_facts(visit, command.actor, now), participant=before.id)
    return Outcome(_with(visit, after), (removed,))


def _end(visit: Visit, command: do.End, now: datetime) -> Outcome:
    if visit.phase.final:
        return Outcome(visit)
    return _finish(visit, VisitPhase.ENDED, ev.EndReason.STAFF, command.actor, now)


def _finish(visit: Visit, phase: VisitPhase, reason: ev.EndReason, actor: Actor, now: datetime) -> Outcome:
    after = replace(_all_out(visit, now), phase=phase, ended_at=now)
    return Outcome(after, (ev.VisitEnded(**_facts(visit, actor, now), reason=reason),))


def _all_out(visit: Visit, now: datetime) -> Visit:
    gone = tuple(
        replace(one, phase=ParticipantPhase.LEFT, left_at=now, lost_at=None) if one.phase.present else one
        for one in visit.participants
    )
    return replace(visit, participants=gone)


def _cancel(visit: Visit, command: do.Cancel, now: datetime) -> Outcome:
    after = replace(_all_out(visit, now), phase=VisitPhase.CANCELLED, ended_at=now)
    return Outcome(after, (ev.VisitCancelled(**_facts(visit, command.actor, now)),))


# Time's own steps.


def _expiry(visit: Visit) -> datetime:
    """When the link dies: not under somebody who is there, and not sooner than one who just left may come back."""
    if any(one.phase.present for one in visit.participants):
        return visit.expires_at + OVERRUN_LIMIT
    last_left = [one.left_at + visit.grace for one in visit.participants if one.left_at is not None]
    return min(max([visit.expires_at, *last_left]), visit.expires_at + OVERRUN_LIMIT)


def _pass_time(visit: Visit, now: datetime) -> Outcome:
    events: list[ev.Event] = []
    clock = do.PassTime().actor
    if visit.phase is VisitPhase.BOOKED and now >= visit.opens_at:
        visit = replace(visit, phase=VisitPhase.OPEN)
        events.append(ev.VisitOpened(**_facts(visit, clock, now)))
    if visit.phase in {VisitPhase.OPEN, VisitPhase.IN_PROGRESS}:
        for one in visit.participants:
            if one.phase.present and one.lost_at is not None and now >= one.lost_at + visit.grace:
                out = _out(visit, one, ev.LeaveReason.GRACE_OVER, clock, one.lost_at + visit.grace)
                visit = out.visit
                events.extend(out.events)
        if now >= _expiry(visit):
            came = visit.patient.arrived_at is not None
            phase, reason = (
                (VisitPhase.ENDED, ev.EndReason.EXPIRED) if came else (VisitPhase.NO_SHOW, ev.EndReason.NO_SHOW)
            )
            done = _finish(visit, phase, reason, clock, now)
            visit = done.visit
            events.extend(done.events)
    return Outcome(visit, tuple(events))


_HANDLERS: Final[dict[type[do.Command], Callable[[Visit, Any, datetime], Outcome]]] = {
    do.Arrive: _arrive,
    do.JoinWaitingRoom: _join,
    do.Connect: _connect,
    do.LoseConnection: _lose,
    do.Leave: _leave,
    do.Admit: _admit,
    do.Enter: _enter,
    do.Remove: _remove,
    do.End: _end,
    do.Cancel: _cancel,
}
