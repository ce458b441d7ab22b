"""Check-in and the device test: what gates the waiting room, and what staff read before they admit."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Final

from waiting_room import commands as do
from waiting_room import events as ev
from waiting_room.arrivals import tap_by_doing
from waiting_room.changes import facts, find, own, wrong_state
from waiting_room.check_in_items import CheckInItem, ItemKind, ItemState, validate_answer
from waiting_room.errors import IdentityNeeded, InvalidText, ItemUnknown, LinkEnded, ParticipantRemoved
from waiting_room.helping import owes_birth_date
from waiting_room.model import ParticipantPhase, Role, Visit
from waiting_room.outcome import Outcome
from waiting_room.readiness import judge
from waiting_room.text import check_text

__all__ = ["answer", "report_item", "report_readiness", "waive"]

NOTE_LENGTH: Final = 500


def answer(visit: Visit, command: do.AnswerCheckIn, now: datetime) -> Outcome:
    """Keep an answer; it may be given anew until the visit is over."""
    who = own(visit, command.participant, command.session)
    if owes_birth_date(visit, who):
        raise IdentityNeeded
    item = _find(visit, command.item)
    if item.kind is ItemKind.EXTERNAL or (item.kind is ItemKind.CONSENT and command.actor.role is not Role.PATIENT):
        # The portal reports the one; to the other the patient alone can say yes.
        raise ItemUnknown
    given = validate_answer(item.kind, command.answer)
    came = tap_by_doing(visit, who, command, now)
    visit = came.visit
    if item.state is ItemState.DONE and given == item.answer:
        return came
    done = replace(item, state=ItemState.DONE, answer=given, at=now, by=command.actor.id, waive_reason=None, note="")
    after = _put(visit, done)
    if item.kind is ItemKind.LOCATION:
        after = replace(after, licence_checked=False)
    answered = ev.CheckInAnswered(**facts(visit, command.actor, now), item=item.key, version=given.get("version", ""))
    return Outcome(after, (*came.events, answered))


def report_item(visit: Visit, command: do.ReportCheckIn, now: datetime) -> Outcome:
    """Take the portal's word on one of its own items."""
    item = _find(visit, command.item)
    if item.kind is not ItemKind.EXTERNAL:
        raise ItemUnknown
    state = ItemState.DONE if command.done else ItemState.OPEN
    if item.state is state or (item.state is ItemState.WAIVED and not command.done):
        # A portal that repeats "still open" does not take back what staff have waived.
        return Outcome(visit)
    after = _put(visit, replace(item, state=state, at=now, by=command.actor.id, waive_reason=None, note=""))
    reported = ev.CheckInReported(**facts(visit, command.actor, now), item=item.key, done=command.done)
    return Outcome(after, (reported,))


def waive(visit: Visit, command: do.Waive, now: datetime) -> Outcome:
    """Let the patient in without an item."""
    item = _find(visit, command.item)
    check_text(InvalidText, "note", command.note, NOTE_LENGTH, required=False, lines=True)
    if item.state is ItemState.WAIVED:
        return Outcome(visit)
    if item.state is ItemState.DONE:
        raise wrong_state(item.state, command)
    after = replace(
        item, state=ItemState.WAIVED, at=now, by=command.actor.id, waive_reason=command.reason, note=command.note
    )
    waived = ev.CheckInWaived(**facts(visit, command.actor, now), item=item.key, reason=command.reason)
    return Outcome(_put(visit, after), (waived,))


def report_readiness(visit: Visit, command: do.ReportReadiness, now: datetime) -> Outcome:
    """Keep the newest verdict on the patient's device; a guest's goes into the trail alone."""
    who = find(visit, command.participant)
    if who.phase is ParticipantPhase.REMOVED:
        raise ParticipantRemoved
    if who.link_spent(now):
        raise LinkEnded
    found = judge(command.report, at=now)
    after = replace(visit, readiness=found) if who.role is Role.PATIENT else visit
    reported = ev.ReadinessReported(
        **facts(visit, command.actor, now), participant=who.id, verdict=found.verdict, cause=found.cause
    )
    return Outcome(after, (reported,))


def _find(visit: Visit, key: str) -> CheckInItem:
    item = next((one for one in visit.check_in if one.key == key), None)
    if item is None:
        raise ItemUnknown
    return item


def _put(visit: Visit, item: CheckInItem) -> Visit:
    return replace(visit, check_in=tuple(item if one.key == item.key else one for one in visit.check_in))
