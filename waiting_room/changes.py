"""What every handler of a command needs: state in, state out, and the checks that several of them make."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

from waiting_room import commands as do
from waiting_room import events as ev
from waiting_room.errors import LinkEnded, ParticipantRemoved, ParticipantUnknown, SessionReplaced, WrongState
from waiting_room.model import Actor, Participant, ParticipantPhase, Role, Visit, VisitPhase
from waiting_room.outcome import Outcome
from waiting_room.transitions import PARTICIPANT_TRANSITIONS

__all__ = ["all_out", "facts", "find", "finish", "is_guest", "out", "own", "step", "with_participant", "wrong_state"]


def facts(visit: Visit, actor: Actor, now: datetime) -> dict[str, Any]:
    """Return what every event carries."""
    return {"visit": visit.id, "at": now, "actor": actor.id, "role": actor.role, "device": actor.device}


def find(visit: Visit, participant_id: str) -> Participant:
    """Return the participant, or raise `ParticipantUnknown`."""
    participant = visit.find(participant_id)
    if participant is None:
        raise ParticipantUnknown
    return participant


def own(visit: Visit, participant_id: str, session: str) -> Participant:
    """Return the participant for whom this session speaks. Raises `SessionReplaced`, `LinkEnded` or `ParticipantRemoved`."""
    participant = find(visit, participant_id)
    if participant.phase is ParticipantPhase.REMOVED:
        raise ParticipantRemoved
    if participant.session is None:
        # The link was renewed, rescheduled or ran out, and nobody has opened the new one yet.
        raise LinkEnded
    if participant.session != session:
        raise SessionReplaced
    return participant


def step(participant: Participant, command: do.Command) -> ParticipantPhase:
    """Look the participant's next phase up."""
    if participant.phase is ParticipantPhase.REMOVED and command.actor.role.by_link:
        raise ParticipantRemoved
    phase = PARTICIPANT_TRANSITIONS.get((participant.phase, type(command)))
    if phase is None:
        raise wrong_state(participant.phase, command)
    return phase


def wrong_state(state: str, command: do.Command) -> WrongState:
    """Return the refusal of a command that this state does not know."""
    return WrongState(state=state, command=type(command).__name__, role=command.actor.role)


def with_participant(visit: Visit, participant: Participant) -> Visit:
    """Return the visit with this participant put in the place of the one with the same id, or added."""
    if visit.find(participant.id) is None:
        return replace(visit, participants=(*visit.participants, participant))
    kept = tuple(participant if one.id == participant.id else one for one in visit.participants)
    return replace(visit, participants=kept)


def out(visit: Visit, who: Participant, reason: ev.LeaveReason, actor: Actor, now: datetime) -> Outcome:
    """Let a participant go; they may come back while the visit is open."""
    after = replace(who, phase=ParticipantPhase.LEFT, left_at=now, lost_at=None, waiting_since=None)
    left = ev.ParticipantLeft(**facts(visit, actor, now), participant=who.id, reason=reason)
    return Outcome(with_participant(visit, after), (left,))


def all_out(visit: Visit, now: datetime) -> Visit:
    """Return the visit with nobody in it, and with nothing left that was said for its duration only."""
    gone = tuple(
        replace(one, phase=ParticipantPhase.LEFT, left_at=now, lost_at=None, waiting_since=None)
        if one.phase.present
        else one
        for one in visit.participants
    )
    return replace(visit, participants=gone, messages=(), chat=(), wishes=(), handed_to=None, late=None)


def finish(visit: Visit, phase: VisitPhase, reason: ev.EndReason, actor: Actor, now: datetime) -> Outcome:
    """End the visit for good."""
    after = replace(all_out(visit, now), phase=phase, ended_at=now)
    return Outcome(after, (ev.VisitEnded(**facts(visit, actor, now), reason=reason),))


def is_guest(participant: Participant) -> bool:
    """Whether staff invited this person, with a link that runs out by itself."""
    return participant.role.by_link and participant.role is not Role.PATIENT
