"""The way in and out: arrive, be confirmed, wait, stay in touch, leave."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Final

from waiting_room import commands as do
from waiting_room import events as ev
from waiting_room.changes import facts, find, is_guest, out, own, step, with_participant
from waiting_room.check_in_items import ItemState
from waiting_room.errors import CheckInIncomplete, Forbidden, IdentityNeeded, LinkEnded, TooEarly
from waiting_room.model import Identity, Participant, ParticipantPhase, Role, Visit, VisitPhase
from waiting_room.outcome import Outcome

__all__ = [
    "BIRTH_DATE_TRIES",
    "arrive",
    "confirm_birth_date",
    "connect",
    "expire_guest_link",
    "join",
    "leave",
    "lose",
    "note_modality",
    "open_items",
    "sign_off",
    "tap_by_doing",
]

BIRTH_DATE_TRIES: Final = 5
"""Wrong dates that a link bears. Then staff ask at admission: guessing gains nothing, and nobody is locked out."""


def open_items(visit: Visit) -> tuple[str, ...]:
    """Return the keys of the check-in items that keep the waiting room shut."""
    return tuple(item.key for item in visit.check_in if item.state is ItemState.OPEN)


def arrive(visit: Visit, command: do.Arrive, now: datetime) -> Outcome:
    """Take the tap on Start."""
    before = find(visit, command.participant)
    phase = step(before, command)
    _check_link(before, command.session, now)
    if visit.phase is VisitPhase.BOOKED or before.role is Role.HELPER:
        # A helper never comes to the visit, so is never more than preparing.
        phase = _begin(visit, now)
    same = before.session == command.session
    if phase is before.phase and same:
        return Outcome(visit)
    identity = before.identity if same else _identity(visit, before, ask=command.ask_birth_date)
    known = facts(visit, command.actor, now)
    events: list[ev.Event] = []
    if before.session is not None and not same:
        events.append(ev.DeviceReplaced(**known, participant=before.id, old_session=before.session))
    if phase is not before.phase or before.session is None:
        begun = ev.PreparationBegun if phase is ParticipantPhase.PREPARING else ev.ParticipantArrived
        events.append(begun(**known, participant=before.id))
    if phase is ParticipantPhase.IN_VISIT and (is_guest(before) or replace(before, identity=identity).unproven):
        # Whoever found the link must not be in the picture by a tap: the place is kept, staff let the device in.
        phase = ParticipantPhase.ON_HOLD
        events.append(ev.ParticipantHeld(**known, participant=before.id))
    after = replace(
        before,
        phase=phase,
        session=command.session,
        session_since=before.session_since if same else now,
        identity=identity,
        # Until its socket connects, the new device counts as lost: one that never does must not hold the place for ever.
        lost_at=now if phase.present else None,
        arrived_at=(before.arrived_at or now) if phase.present else before.arrived_at,
        left_at=None,
    )
    checked = visit.staff_checked and (same or identity is not Identity.STAFF_CHECKS or before.role is Role.HELPER)
    return Outcome(replace(with_participant(visit, after), staff_checked=checked), tuple(events))


def _begin(visit: Visit, now: datetime) -> ParticipantPhase:
    """Return the phase of one who taps Start before the room is open."""
    if now < visit.check_in_opens_at:
        raise TooEarly(opens_at=visit.opens_at.isoformat(), check_in_opens_at=visit.check_in_opens_at.isoformat())
    return ParticipantPhase.PREPARING


def _identity(visit: Visit, before: Participant, *, ask: bool) -> Identity:
    """Every device is asked anew: whoever finds the link on another one has still to know the date."""
    if before.identity is Identity.STAFF_CHECKS or before.wrong_dates >= BIRTH_DATE_TRIES:
        # The link bears no more guesses, also where staff have confirmed the device before.
        return Identity.STAFF_CHECKS
    asked = ask and before.role in {Role.PATIENT, Role.HELPER} and visit.details.birth_date is not None
    return Identity.ASKED if asked else Identity.NOT_ASKED


def _check_link(participant: Participant, session: str, now: datetime) -> None:
    """A guest's link lets in for its time only; the device that is there by then stays, and no other comes."""
    if participant.link_spent(now) and participant.session != session:
        raise LinkEnded


def tap_by_doing(visit: Visit, who: Participant, command: do.Command, now: datetime) -> Outcome:
    """Let one who prepares arrive once the room is open: whoever goes on with the check-in there has come, without a tap."""
    if who.phase is not ParticipantPhase.PREPARING or visit.phase is VisitPhase.BOOKED or who.role is Role.HELPER:
        return Outcome(visit)
    after = replace(who, phase=ParticipantPhase.ARRIVED, arrived_at=who.arrived_at or now, lost_at=None, left_at=None)
    arrived = ev.ParticipantArrived(**facts(visit, command.actor, now), participant=who.id)
    return Outcome(with_participant(visit, after), (arrived,))


def confirm_birth_date(visit: Visit, command: do.ConfirmBirthDate, now: datetime) -> Outcome:
    """Compare. A wrong date is counted, and told by the state: the identity is then still ``asked``, or staff's to check."""
    came = tap_by_doing(visit, own(visit, command.participant, command.session), command, now)
    visit, before = came.visit, find(came.visit, command.participant)
    if before.identity is not Identity.ASKED:
        return came
    known = facts(visit, command.actor, now)
    if command.birth_date == visit.details.birth_date:
        confirmed = replace(before, identity=Identity.CONFIRMED)
        told = ev.IdentityConfirmed(**known, participant=before.id)
        return Outcome(with_participant(visit, confirmed), (*came.events, told))
    wrong = before.wrong_dates + 1
    left = max(0, BIRTH_DATE_TRIES - wrong)
    after = replace(before, wrong_dates=wrong, identity=Identity.ASKED if left else Identity.STAFF_CHECKS)
    mismatched = ev.IdentityMismatched(**known, participant=before.id, tries_left=left)
    # What staff checked on another device says nothing of this one.
    checked = visit.staff_checked and (left > 0 or before.role is Role.HELPER)
    return Outcome(replace(with_participant(visit, after), staff_checked=checked), (*came.events, mismatched))


def join(visit: Visit, command: do.JoinWaitingRoom, now: datetime) -> Outcome:
    """Into the line."""
    before = own(visit, command.participant, command.session)
    phase = step(before, command)
    if phase is before.phase:
        return Outcome(visit)
    if before.role is Role.PATIENT:
        if before.identity is Identity.ASKED:
            raise IdentityNeeded
        if still_open := open_items(visit):
            raise CheckInIncomplete(items=",".join(still_open))
    after = replace(
        before, phase=phase, waiting_since=now, arrived_at=before.arrived_at or now, left_at=None, lost_at=None
    )
    waiting = ev.ParticipantWaiting(**facts(visit, command.actor, now), participant=before.id)
    return Outcome(with_participant(visit, after), (waiting,))


def connect(visit: Visit, command: do.Connect, now: datetime) -> Outcome:
    """In touch (again)."""
    before = own(visit, command.participant, command.session)
    step(before, command)
    if before.lost_at is None or not before.phase.present:
        return Outcome(visit)
    restored = ev.ConnectionRestored(**facts(visit, command.actor, now), participant=before.id)
    return Outcome(with_participant(visit, replace(before, lost_at=None)), (restored,))


def lose(visit: Visit, command: do.LoseConnection, now: datetime) -> Outcome:
    """Out of touch. News of a device that does not speak any more change nothing."""
    before = find(visit, command.participant)
    if before.session != command.session or not before.connected:
        return Outcome(visit)
    step(before, command)
    lost = ev.ConnectionLost(**facts(visit, command.actor, now), participant=before.id)
    return Outcome(with_participant(visit, replace(before, lost_at=now)), (lost,))


def leave(visit: Visit, command: do.Leave, now: datetime) -> Outcome:
    """Out, of one's own will."""
    before = own(visit, command.participant, command.session)
    if step(before, command) is before.phase:
        return Outcome(visit)
    return out(visit, before, ev.LeaveReason.OWN_WILL, command.actor, now)


def sign_off(visit: Visit, command: do.SignOff, now: datetime) -> Outcome:
    """The staff member's sessions ended."""
    if not command.actor.role.staff:
        raise Forbidden(role=command.actor.role, command="SignOff")
    mine = visit.find(command.actor.id)
    if mine is None or not mine.phase.present:
        return Outcome(visit)
    gone = out(visit, mine, ev.LeaveReason.SIGNED_OFF, command.actor, now)
    return Outcome(with_participant(gone.visit, replace(find(gone.visit, mine.id), session=None)), gone.events)


def note_modality(visit: Visit, command: do.NoteModality, now: datetime) -> Outcome:
    """Keep how somebody takes part, while they are in the visit."""
    before = own(visit, command.participant, command.session)
    if before.phase is not ParticipantPhase.IN_VISIT or before.modality is command.modality:
        return Outcome(visit)
    known = facts(visit, command.actor, now)
    changed = ev.ModalityChanged(**known, participant=before.id, modality=command.modality, reason=command.reason)
    return Outcome(with_participant(visit, replace(before, modality=command.modality)), (changed,))


def expire_guest_link(visit: Visit, guest: Participant, now: datetime) -> Outcome:
    """End what a guest's link opened, once its time is over and nobody is there on it."""
    gone = guest.phase is ParticipantPhase.REMOVED or (guest.phase is ParticipantPhase.LEFT and guest.session is None)
    if not is_guest(guest) or not guest.link_spent(now) or guest.phase.present or gone:
        return Outcome(visit)
    left = out(visit, guest, ev.LeaveReason.LINK_EXPIRED, do.PassTime().actor, now)
    return Outcome(with_participant(left.visit, replace(find(left.visit, guest.id), session=None)), left.events)
