"""The appointment's own life: another time, another link, the end, and what time alone brings about."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from waiting_room import commands as do
from waiting_room import events as ev
from waiting_room.arrivals import expire_guest_link
from waiting_room.booking import check_providers, check_slot
from waiting_room.changes import all_out, facts, find, finish, is_guest, out, with_participant, wrong_state
from waiting_room.check_in_items import CheckInItem, ItemKind, ItemState
from waiting_room.errors import Forbidden
from waiting_room.model import Identity, Modality, Participant, ParticipantPhase, Visit, VisitPhase
from waiting_room.outcome import Outcome
from waiting_room.roles import Action, allowed

__all__ = [
    "OVERRUN_LIMIT",
    "cancel",
    "complete",
    "end",
    "mark_no_show",
    "next_deadline",
    "pass_time",
    "renew_link",
    "reschedule",
]

OVERRUN_LIMIT: Final = timedelta(hours=12)
"""A visit whose link should have expired ends at last, even under people who are still there."""


def end(visit: Visit, command: do.End, now: datetime) -> Outcome:
    """Over for everyone."""
    if visit.phase.final:
        return Outcome(visit)
    return finish(visit, VisitPhase.ENDED, ev.EndReason.STAFF, command.actor, now)


def complete(visit: Visit, command: do.Complete, now: datetime) -> Outcome:
    """Kept, if need be by phone. Who may not end a visit for all does not complete it under those who are in it."""
    if visit.phase.final:
        return Outcome(visit)
    inside = any(one.phase in {ParticipantPhase.IN_VISIT, ParticipantPhase.ON_HOLD} for one in visit.participants)
    if inside and not allowed(command.actor.role, Action.END):
        raise wrong_state(visit.phase, command)
    return finish(visit, VisitPhase.ENDED, ev.EndReason.COMPLETED, command.actor, now)


def mark_no_show(visit: Visit, command: do.MarkNoShow, now: datetime) -> Outcome:
    """The patient did not come."""
    if visit.phase.final:
        return Outcome(visit)
    if now < visit.starts_at or visit.patient.connected:
        raise wrong_state(visit.patient.phase, command)
    return finish(visit, VisitPhase.NO_SHOW, ev.EndReason.NO_SHOW, command.actor, now)


def cancel(visit: Visit, command: do.Cancel, now: datetime) -> Outcome:
    """It will not take place."""
    if visit.phase.final:
        return Outcome(visit)
    after = replace(all_out(visit, now), phase=VisitPhase.CANCELLED, ended_at=now)
    return Outcome(after, (ev.VisitCancelled(**facts(visit, command.actor, now)),))


def reschedule(visit: Visit, command: do.Reschedule, now: datetime) -> Outcome:
    """Another time: nobody is there yet, guests' links are dead, and where the patient will be is asked anew."""
    check_slot(command.starts_at, command.ends_at - command.starts_at, now=now)
    providers = visit.providers if command.providers is None else command.providers
    check_providers(providers)
    people = tuple(_dismissed(one, now) for one in visit.participants if one.role.by_link)
    after = replace(
        all_out(visit, now),
        phase=VisitPhase.BOOKED,
        participants=people,
        providers=providers,
        starts_at=command.starts_at,
        ends_at=command.ends_at,
        opens_at=command.opens_at,
        check_in_opens_at=command.check_in_opens_at,
        expires_at=command.expires_at,
        check_in=tuple(_asked_anew(item) for item in visit.check_in),
    )
    moved = ev.VisitRescheduled(**facts(visit, command.actor, now), starts_at=command.starts_at)
    return Outcome(after, (moved,))


def _dismissed(participant: Participant, now: datetime) -> Participant:
    if is_guest(participant):
        if participant.phase is ParticipantPhase.REMOVED:
            return participant
        gone = replace(participant, phase=ParticipantPhase.LEFT, left_at=now, lost_at=None, waiting_since=None)
        return replace(gone, session=None, link_expires_at=now)
    return Participant(id=participant.id, role=participant.role, name=participant.name)


def _asked_anew(item: CheckInItem) -> CheckInItem:
    if item.kind is not ItemKind.LOCATION:
        return item
    return replace(item, state=ItemState.OPEN, answer={}, at=None, by="", waive_reason=None, note="")


def renew_link(visit: Visit, command: do.RenewLink, now: datetime) -> Outcome:
    """Make what the old link opened worthless; the place in line is kept for the grace period.

    Guesses were made with the old link: the new one begins without them.
    """
    before = find(visit, command.participant)
    if not before.role.by_link or before.phase is ParticipantPhase.REMOVED:
        raise Forbidden(role=command.actor.role, command="RenewLink")
    lost_at = (before.lost_at or now) if before.phase.present else None
    after = replace(before, session=None, lost_at=lost_at, identity=Identity.NOT_ASKED, wrong_dates=0)
    renewed = ev.LinkRenewed(**facts(visit, command.actor, now), participant=before.id)
    return Outcome(with_participant(visit, after), (renewed,))


# Time's own steps.


def next_deadline(visit: Visit) -> datetime | None:
    """Return when `PassTime` will next change something if nobody acts, or None when it never will."""
    if visit.phase.final:
        return None
    times = [one.lost_at + visit.grace for one in visit.participants if one.phase.present and one.lost_at is not None]
    times += [
        one.link_expires_at
        for one in visit.participants
        if one.link_expires_at is not None
        and not one.phase.present
        and one.phase is not ParticipantPhase.REMOVED
        and not (one.phase is ParticipantPhase.LEFT and one.session is None)
    ]
    return min([*times, visit.opens_at if visit.phase is VisitPhase.BOOKED else _expiry(visit)])


def pass_time(visit: Visit, now: datetime) -> Outcome:
    """Let what is due by now happen."""
    events: list[ev.Event] = []
    clock = do.PassTime().actor
    if visit.phase is VisitPhase.BOOKED and now >= visit.opens_at:
        visit = replace(visit, phase=VisitPhase.OPEN)
        events.append(ev.VisitOpened(**facts(visit, clock, now)))
    for one in () if visit.phase.final else visit.participants:
        if one.phase.present and one.lost_at is not None and now >= one.lost_at + visit.grace:
            gone = out(visit, one, ev.LeaveReason.GRACE_OVER, clock, one.lost_at + visit.grace)
            visit = gone.visit
            events.extend(gone.events)
        expired = expire_guest_link(visit, find(visit, one.id), now)
        visit = expired.visit
        events.extend(expired.events)
    if visit.phase in {VisitPhase.OPEN, VisitPhase.IN_PROGRESS} and now >= _expiry(visit):
        came = visit.patient.arrived_at is not None or visit.patient.modality is Modality.PHONE
        phase, reason = (VisitPhase.ENDED, ev.EndReason.EXPIRED) if came else (VisitPhase.NO_SHOW, ev.EndReason.NO_SHOW)
        done = finish(visit, phase, reason, clock, now)
        visit = done.visit
        events.extend(done.events)
    return Outcome(visit, tuple(events))


def _expiry(visit: Visit) -> datetime:
    """When the link dies: not under somebody who is there, and not sooner than one who just left may come back."""
    if any(one.phase.present for one in visit.participants):
        return visit.expires_at + OVERRUN_LIMIT
    last_left = [one.left_at + visit.grace for one in visit.participants if one.left_at is not None]
    return min(max([visit.expires_at, *last_left]), visit.expires_at + OVERRUN_LIMIT)
