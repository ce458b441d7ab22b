"""Words between the waiting room and the staff: messages, late notices, wishes, calls, notes."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Final

from waiting_room import commands as do
from waiting_room import events as ev
from waiting_room.changes import facts, find, own, with_participant, wrong_state
from waiting_room.contact_codes import CallResult
from waiting_room.errors import IdentityNeeded, InvalidText, MessageUnknown, ParticipantRemoved, TooMany
from waiting_room.model import (
    CallRecord,
    Identity,
    LateNotice,
    Message,
    Modality,
    Participant,
    ParticipantPhase,
    Visit,
    Wish,
)
from waiting_room.outcome import Outcome
from waiting_room.roles import Action, allowed
from waiting_room.text import check_text

__all__ = ["CANNED", "ask_for", "keep_note", "read", "record_call", "send", "tell_late"]

CANNED: Final = frozenset({"soon", "late", "check_sound", "call_you", "stay", "ready"})
"""Ready sentences by name; the pages hold the words in each language."""

TEXT_LENGTH: Final = 500
NOTE_LENGTH: Final = 1000
MOST_MESSAGES: Final = 50
"""From each side of a thread: who writes without end leaves the others their room."""

MOST_CALLS: Final = 20
MOST_LATE_MINUTES: Final = 240
_READS: Final = {
    ParticipantPhase.PREPARING,
    ParticipantPhase.ARRIVED,
    ParticipantPhase.WAITING,
    ParticipantPhase.IN_VISIT,
    ParticipantPhase.ON_HOLD,
}


def send(visit: Visit, command: do.SendMessage, now: datetime) -> Outcome:
    """Keep a message in the thread of the participant who waits."""
    who = _thread(visit, command.participant, command.session, command)
    if who.phase not in _READS:
        raise wrong_state(who.phase, command)
    if who.identity is Identity.ASKED:
        raise IdentityNeeded
    by_link = command.actor.role.by_link
    if bool(command.text.strip()) == bool(command.canned):
        raise InvalidText(field="text", reason="give a text or the name of a ready sentence")
    if command.canned and (command.canned not in CANNED or by_link):
        raise InvalidText(field="canned", reason="is not a ready sentence")
    check_text(InvalidText, "text", command.text, TEXT_LENGTH, required=False, lines=True)
    same_side = [one for one in visit.messages if one.thread == who.id and one.sender_role.by_link == by_link]
    if len(same_side) >= MOST_MESSAGES:
        raise TooMany(what="messages")
    message = Message(
        id=command.message,
        thread=who.id,
        sender=command.actor.id,
        sender_role=command.actor.role,
        sender_name=who.name if by_link else command.actor.name,
        at=now,
        text=command.text.strip(),
        canned=command.canned,
    )
    sent = ev.MessageSent(**facts(visit, command.actor, now), participant=who.id, message=message.id)
    return Outcome(replace(visit, messages=(*visit.messages, message)), (sent,))


def read(visit: Visit, command: do.ReadMessages, now: datetime) -> Outcome:
    """Note that what the other side wrote, up to this message, was shown or seen."""
    who = _thread(visit, command.participant, command.session, command)
    ids = [one.id for one in visit.messages if one.thread == who.id]
    if command.message not in ids:
        raise MessageUnknown
    upto = set(ids[: ids.index(command.message) + 1])
    reader_by_link = command.actor.role.by_link

    def seen(one: Message) -> Message:
        if one.id not in upto or one.sender_role.by_link == reader_by_link:
            return one
        delivered = one.delivered_at or now
        return replace(one, delivered_at=delivered, read_at=one.read_at or (now if command.read else None))

    after = tuple(seen(one) for one in visit.messages)
    if after == visit.messages:
        return Outcome(visit)
    kind = ev.MessageRead if command.read else ev.MessageDelivered
    noted = kind(**facts(visit, command.actor, now), participant=who.id, message=command.message)
    return Outcome(replace(visit, messages=after), (noted,))


def _thread(visit: Visit, participant: str, session: str, command: do.Command) -> Participant:
    """Return whose thread it is: those who came by a link have their own, staff write to theirs."""
    if command.actor.role.by_link:
        return own(visit, participant, session)
    who = find(visit, participant)
    if not allowed(who.role, Action.WRITE_TO_STAFF):
        raise wrong_state(who.phase, command)
    return who


def tell_late(visit: Visit, command: do.TellLate, now: datetime) -> Outcome:
    """Say by how much the clinician is late; 0 takes it back."""
    if not 0 <= command.minutes <= MOST_LATE_MINUTES:
        raise InvalidText(field="minutes", reason=f"must lie between 0 and {MOST_LATE_MINUTES}")
    if command.minutes == 0 and visit.late is None:
        return Outcome(visit)
    late = LateNotice(command.minutes, now) if command.minutes else None
    told = ev.LateTold(**facts(visit, command.actor, now), minutes=command.minutes)
    return Outcome(replace(visit, late=late), (told,))


def ask_for(visit: Visit, command: do.AskFor, now: datetime) -> Outcome:
    """Put the patient's wish on the staff's list. Repeating it is harmless."""
    if command.session is not None:
        own(visit, command.participant, command.session)
    elif find(visit, command.participant).phase is ParticipantPhase.REMOVED:
        raise ParticipantRemoved
    elif command.wish is not Wish.CALL:
        raise wrong_state(visit.phase, command)
    if any(wish is command.wish for wish, _ in visit.wishes):
        return Outcome(visit)
    made = ev.WishMade(**facts(visit, command.actor, now), participant=command.participant, wish=command.wish)
    return Outcome(replace(visit, wishes=(*visit.wishes, (command.wish, now))), (made,))


def record_call(visit: Visit, command: do.RecordCall, now: datetime) -> Outcome:
    """Keep that staff called. A visit held by phone is the patient's modality."""
    _check_kept(visit, command)
    check_text(InvalidText, "note", command.note, TEXT_LENGTH, required=False, lines=True)
    actor = command.actor
    call = CallRecord(now, actor.id, actor.name, command.reason, command.result, command.note)
    known = facts(visit, actor, now)
    events: list[ev.Event] = [ev.CallRecorded(**known, reason=command.reason, result=command.result)]
    wishes = tuple(one for one in visit.wishes if one[0] is not Wish.CALL)
    after = replace(visit, calls=(*visit.calls, call)[-MOST_CALLS:], wishes=wishes)
    patient = visit.patient
    if command.result is CallResult.VISIT_BY_PHONE and patient.modality is not Modality.PHONE:
        after = with_participant(after, replace(patient, modality=Modality.PHONE))
        events.append(
            ev.ModalityChanged(**known, participant=patient.id, modality=Modality.PHONE, reason=command.reason)
        )
    return Outcome(after, tuple(events))


def keep_note(visit: Visit, command: do.KeepNote, now: datetime) -> Outcome:
    """Replace the staff's note."""
    _check_kept(visit, command)
    check_text(InvalidText, "text", command.text, NOTE_LENGTH, required=False, lines=True)
    if command.text == visit.note:
        return Outcome(visit)
    return Outcome(replace(visit, note=command.text), (ev.NoteKept(**facts(visit, command.actor, now)),))


def _check_kept(visit: Visit, command: do.Command) -> None:
    """Refuse to write about a patient whose data retention has taken out."""
    if visit.purged:
        raise wrong_state("purged", command)
