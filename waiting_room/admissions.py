"""Staff and who may be seen and heard: admit, hold, hand over, send back, remove, invite."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from waiting_room import commands as do
from waiting_room import events as ev
from waiting_room.changes import facts, find, is_guest, out, step, with_participant, wrong_state
from waiting_room.check_in_items import ItemKind, ItemState
from waiting_room.errors import (
    AlreadyAdmitted,
    ConfirmationNeeded,
    Forbidden,
    InvalidText,
    TooMany,
    VisitFull,
    WrongState,
)
from waiting_room.model import (
    Actor,
    Identity,
    Participant,
    ParticipantPhase,
    Role,
    Visit,
    VisitPhase,
    Wish,
)
from waiting_room.outcome import Outcome
from waiting_room.text import check_text

__all__ = [
    "MEDIA_PLACES",
    "admit",
    "checks",
    "enter",
    "hand_over",
    "hold",
    "invite",
    "remove",
    "return_to_waiting",
]

MEDIA_PLACES: Final = 5
"""How many people a visit's media holds."""

MOST_GUESTS: Final = 6
MOST_INVITED: Final = 20
"""Guests of a visit that ever were: those who are out or removed stay in it, for the trail's sake."""

MOST_PROVIDERS: Final = 5
NAME_LENGTH: Final = 120
SHORTEST_LINK: Final = timedelta(minutes=5)
LONGEST_LINK: Final = timedelta(minutes=60)
_WISHES: Final = {Role.COMPANION: Wish.COMPANION, Role.INTERPRETER: Wish.INTERPRETER}


def checks(visit: Visit, licences: frozenset[str]) -> tuple[str, ...]:
    """Return what staff have to confirm before they admit the patient, who may be treated in the states of ``licences``."""
    asked = []
    unknown = visit.patient.identity is Identity.STAFF_CHECKS
    if not visit.staff_checked and (visit.details.birth_date is not None or unknown):
        asked.append("identity")
    state = next((item.answer.get("state") for item in visit.check_in if _tells_location(item.kind, item.state)), None)
    if licences and state and state not in licences and not visit.licence_checked:
        asked.append("licence")
    return tuple(asked)


def _tells_location(kind: ItemKind, state: ItemState) -> bool:
    return kind is ItemKind.LOCATION and state is ItemState.DONE


def admit(visit: Visit, command: do.Admit, now: datetime) -> Outcome:
    """Let the participant in, and the staff member with them; not a device that still owes the date of birth."""
    before = find(visit, command.participant)
    if not before.role.by_link or before.role is Role.HELPER:
        raise Forbidden(role=command.actor.role, command="Admit")
    phase = step(before, command)
    if phase is before.phase:
        mine = visit.find(command.actor.id)
        if mine is None or mine.phase is not ParticipantPhase.IN_VISIT:
            raise AlreadyAdmitted(by=before.admitted_by or "")
        return Outcome(visit)
    if before.role is Role.PATIENT and before.identity is Identity.ASKED:
        raise wrong_state(before.identity, command)
    asked = checks(visit, command.licences) if before.role is Role.PATIENT else ()
    if missing := [one for one in asked if one not in command.confirmed]:
        raise ConfirmationNeeded(checks=",".join(missing))
    entered = _take_place(visit, command.actor, command.session, now, beside=before.id)
    known = facts(visit, command.actor, now)
    events: list[ev.Event] = []
    if visit.phase is VisitPhase.OPEN:
        events.append(ev.VisitStarted(**known))
    events.append(ev.ParticipantAdmitted(**known, participant=before.id, confirmed=",".join(asked)))
    admitted = replace(
        before,
        phase=phase,
        identity=Identity.CONFIRMED if before.identity is Identity.STAFF_CHECKS else before.identity,
        admitted_at=now,
        admitted_by=command.actor.id,
        waiting_since=None,
        left_at=None,
    )
    after = replace(
        with_participant(entered.visit, admitted), phase=VisitPhase.IN_PROGRESS, started_at=visit.started_at or now
    )
    if before.role is Role.PATIENT:
        after = replace(
            after,
            handed_to=None,
            staff_checked=after.staff_checked or "identity" in asked,
            licence_checked=after.licence_checked or "licence" in asked,
        )
    return Outcome(after, (*events, *entered.events))


def enter(visit: Visit, command: do.Enter, now: datetime) -> Outcome:
    """Go (back) into a visit in progress."""
    return _take_place(visit, command.actor, command.session, now)


def _take_place(visit: Visit, actor: Actor, session: str, now: datetime, beside: str | None = None) -> Outcome:
    """Put a staff member into the visit, on the window named by ``session``; in a full one colleagues out of touch make room."""
    known = facts(visit, actor, now)
    mine = visit.find(actor.id) or Participant(id=actor.id, role=actor.role, name=actor.name)
    others = [one for one in visit.in_media if one.id not in {actor.id, beside}]
    already = mine.phase is ParticipantPhase.IN_VISIT and mine.session == session and mine.lost_at is None
    if already and beside is None:
        return Outcome(visit)
    if mine.phase is ParticipantPhase.REMOVED:
        raise WrongState(state=mine.phase, command="Enter", role=actor.role)
    events: list[ev.Event] = []
    for one in _making_room(others, len(others) + 1 + (beside is not None) - MEDIA_PLACES):
        made_room = out(visit, one, ev.LeaveReason.MADE_ROOM, actor, now)
        visit = made_room.visit
        events.extend(made_room.events)
    if already:
        return Outcome(visit, tuple(events))
    if mine.phase is not ParticipantPhase.IN_VISIT:
        events.append(ev.ParticipantEntered(**known, participant=mine.id))
    elif mine.session is not None and mine.session != session:
        events.append(ev.DeviceReplaced(**known, participant=mine.id, old_session=mine.session))
    else:
        events.append(ev.ConnectionRestored(**known, participant=mine.id))
    after = replace(mine, phase=ParticipantPhase.IN_VISIT, session=session, lost_at=None, left_at=None)
    after = replace(after, arrived_at=mine.arrived_at or now, admitted_at=now)
    return Outcome(with_participant(visit, after), tuple(events))


def _making_room(others: list[Participant], needed: int) -> list[Participant]:
    """Return who goes out for those who come: colleagues out of touch, the longest first. Raises `VisitFull`."""
    lost = {one.id: one.lost_at for one in others if not one.role.by_link and one.lost_at is not None}
    if needed > len(lost):
        raise VisitFull
    return sorted((one for one in others if one.id in lost), key=lambda one: lost[one.id])[: max(0, needed)]


def hold(visit: Visit, command: do.Hold, now: datetime) -> Outcome:
    """Stop a participant's sound and picture, and keep the place."""
    before = _by_link(visit, command.participant, command)
    if step(before, command) is before.phase:
        return Outcome(visit)
    return _held(visit, before, command.actor, now)


def _held(visit: Visit, who: Participant, actor: Actor, now: datetime) -> Outcome:
    after = replace(who, phase=ParticipantPhase.ON_HOLD, waiting_since=now)
    held = ev.ParticipantHeld(**facts(visit, actor, now), participant=who.id)
    return Outcome(with_participant(visit, after), (held,))


def return_to_waiting(visit: Visit, command: do.ReturnToWaiting, now: datetime) -> Outcome:
    """Back in line; nothing that was checked is asked again, but the licence: another clinician may take over."""
    before = _by_link(visit, command.participant, command)
    phase = step(before, command)
    if phase is before.phase:
        return Outcome(visit)
    after = with_participant(visit, replace(before, phase=phase, waiting_since=now))
    if before.role is Role.PATIENT:
        after = replace(after, handed_to=None, licence_checked=False)
    returned = ev.ParticipantReturned(**facts(visit, command.actor, now), participant=before.id)
    return Outcome(after, (returned,))


def hand_over(visit: Visit, command: do.HandOver, now: datetime) -> Outcome:
    """The one who asks goes out, those who came by a link are held for the colleague."""
    actor = command.actor
    mine = visit.find(actor.id)
    if mine is None or mine.phase is not ParticipantPhase.IN_VISIT:
        raise wrong_state(mine.phase if mine else ParticipantPhase.INVITED, command)
    if command.to.id == actor.id or command.to_role not in {Role.NURSE, Role.PROVIDER}:
        raise Forbidden(role=actor.role, command="HandOver")
    gone = out(visit, mine, ev.LeaveReason.HANDED_OVER, actor, now)
    visit, events = gone.visit, [*gone.events]
    for one in visit.in_media:
        if one.role.by_link:
            held = _held(visit, one, actor, now)
            visit = held.visit
            events.extend(held.events)
    providers = visit.providers
    if command.to_role is Role.PROVIDER:
        rest = tuple(one for one in providers if one.id != command.to.id)
        providers = (command.to, *rest)[:MOST_PROVIDERS]
    events.append(ev.PatientHandedOver(**facts(visit, actor, now), to=command.to.id))
    after = replace(visit, handed_to=command.to, providers=providers, licence_checked=False)
    return Outcome(after, tuple(events))


def remove(visit: Visit, command: do.Remove, now: datetime) -> Outcome:
    """Out for good."""
    before = _by_link(visit, command.participant, command)
    phase = step(before, command)
    if phase is before.phase:
        return Outcome(visit)
    after = replace(before, phase=phase, left_at=now, lost_at=None, waiting_since=None)
    removed = ev.ParticipantRemovedByStaff(**facts(visit, command.actor, now), participant=before.id)
    return Outcome(with_participant(visit, after), (removed,))


def invite(visit: Visit, command: do.Invite, now: datetime) -> Outcome:
    """Make room for a guest, whose link lives for its time only. The guest still needs `Admit`."""
    if command.role not in {Role.COMPANION, Role.INTERPRETER, Role.GUEST}:
        raise InvalidText(field="role", reason="must be companion, interpreter or guest")
    if not SHORTEST_LINK <= command.lives <= LONGEST_LINK:
        raise InvalidText(field="minutes", reason="must lie between 5 and 60")
    check_text(InvalidText, "name", command.name, NAME_LENGTH)
    if (taken := visit.find(command.participant)) is not None:
        raise wrong_state(taken.phase, command)
    ever = [one for one in visit.participants if is_guest(one) and one.role is not Role.HELPER]
    guests = [one for one in ever if one.phase is not ParticipantPhase.REMOVED]
    may_come = [one for one in guests if one.phase.present or not one.link_spent(now)]
    if len(may_come) >= MOST_GUESTS or len(ever) >= MOST_INVITED:
        raise TooMany(what="guests")
    guest = Participant(
        id=command.participant,
        role=command.role,
        name=command.name,
        invited_by=command.actor.id,
        link_expires_at=now + command.lives,
    )
    wish = _WISHES.get(command.role)
    wishes = tuple(one for one in visit.wishes if one[0] is not wish)
    invited = ev.GuestInvited(
        **facts(visit, command.actor, now),
        participant=guest.id,
        guest_role=guest.role,
        expires_at=now + command.lives,
    )
    return Outcome(replace(with_participant(visit, guest), wishes=wishes), (invited,))


def _by_link(visit: Visit, participant_id: str, command: do.Command) -> Participant:
    """Return a participant who came by a link: colleagues are neither held nor removed."""
    participant = find(visit, participant_id)
    if not participant.role.by_link:
        raise Forbidden(role=command.actor.role, command=type(command).__name__)
    return participant
