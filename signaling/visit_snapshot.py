"""Builds what a patient's or a guest's page shows, from the visit and its media. Nothing changes."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from signaling.http_messages import ClinicCard
from signaling.messages import (
    CheckIn,
    Consent,
    Item,
    Me,
    Next,
    Other,
    SnapshotVisit,
    ThreadMessage,
    VisitSnapshot,
    Wait,
)
from signaling.photo_messages import SENDERS, AskedForPhoto
from signaling.talk_messages import TalkCard
from signaling.visit_media import VisitMedia
from waiting_room import line
from waiting_room.check_in_items import CheckInItem, ItemKind, told
from waiting_room.clinic import Clinic
from waiting_room.model import Identity, Message, Participant, ParticipantPhase, Role, Visit
from waiting_room.roles import Action, allowed
from waiting_room.visit import open_items

__all__ = ["callback_of", "check_in_items", "late_minutes", "others_in", "visit_snapshot", "wait_shown"]

INSIDE: Final = frozenset({ParticipantPhase.IN_VISIT, ParticipantPhase.ON_HOLD})
"""Who is among the `others`, and who is told of them."""


def visit_snapshot(
    visit: Visit,
    me: Participant,
    media: VisitMedia,
    clinic: Clinic,
    card: ClinicCard,
    *,
    wait: line.Wait | None,
    comes_next: Next | None,
    staff_present: bool,
    version: int,
    photo_ask: AskedForPhoto | None = None,
    talk: TalkCard | None = None,
    now: datetime,
) -> VisitSnapshot:
    """Return a participant's page. Who else is there is told only to one who was admitted.

    A device that has still to give the date of birth, or to be confirmed by staff, is shown nothing of the person's.
    """
    unknown = me.unproven
    return VisitSnapshot(
        version=version,
        server_time=now,
        clinic=card,
        visit=_visit(visit, me),
        me=Me(id=me.id, role=me.role, name="" if unknown else me.name, phase=me.phase, identity=me.identity),
        others=others_in(visit, me.id, media) if me.phase in INSIDE and not unknown else [],
        check_in=_check_in(visit, me, clinic),
        wait=wait_shown(visit, me, wait, clinic),
        next=None if unknown or me.role is Role.HELPER or me.phase is ParticipantPhase.IN_VISIT else comes_next,
        wishes=[wish for wish, _ in visit.wishes] if allowed(me.role, Action.ASK_FOR_HELP) else [],
        messages=[_message(one, me) for one in visit.messages if _may_read(one, me)],
        staff_present=staff_present and me.role is not Role.HELPER,
        photo_ask=photo_ask if me.role in SENDERS and me.phase is ParticipantPhase.IN_VISIT else None,
        talk=talk,
        media=media.state(visit.id, me.id),
    )


def wait_shown(visit: Visit, me: Participant, wait: line.Wait | None, clinic: Clinic) -> Wait | None:
    """Return the wait as this participant is told of it: the patient's alone, the position only where the clinic allows."""
    if wait is None or me.role is not Role.PATIENT or visit.patient.phase is not ParticipantPhase.WAITING:
        return None
    return Wait(low=wait.low, high=wait.high, ahead=wait.ahead if clinic.show_position else None)


def others_in(visit: Visit, without: str, media: VisitMedia) -> list[Other]:
    """Return those in the visit or on hold but one, with what their pages say they send."""
    return [_other(visit, one, media) for one in visit.participants if one.phase in INSIDE and one.id != without]


def check_in_items(items: tuple[CheckInItem, ...], *, answers: bool = True) -> list[Item]:
    """Return check-in items in the wire's form, with or without what was answered."""
    return [
        Item(
            key=one.key,
            kind=one.kind,
            state=one.state,
            title=dict(one.title),
            url=one.url,
            answer=dict(one.answer) if answers else {},
        )
        for one in items
    ]


def callback_of(visit: Visit) -> str:
    """Return the number under which the patient said they are now, else the booked one, or ""."""
    return told(visit.check_in, ItemKind.CALLBACK, "phone") or visit.details.phone


def late_minutes(visit: Visit) -> int | None:
    """Return by how much the clinician runs late, None without a notice."""
    return visit.late.minutes if visit.late and visit.late.minutes else None


def _visit(visit: Visit, me: Participant) -> SnapshotVisit:
    helps = me.role is Role.HELPER
    return SnapshotVisit(
        id=visit.id,
        phase=visit.phase,
        starts_at=visit.starts_at,
        opens_at=visit.opens_at,
        check_in_opens_at=visit.check_in_opens_at,
        ends_at=visit.ends_at,
        started_at=visit.started_at,
        clinician=None if helps else ", ".join(one.name for one in visit.providers) or None,
        late_minutes=None if helps else late_minutes(visit),
        callback_known=callback_of(visit) != "",
    )


def _check_in(visit: Visit, me: Participant, clinic: Clinic) -> CheckIn | None:
    if not allowed(me.role, Action.ANSWER_CHECK_IN):
        return None
    # Whoever could not give the date of birth may answer anew, and learns nothing of what was answered before.
    # A companion or helper answers, also before staff have let them in: so the patient's own words are not for them.
    items = check_in_items(visit.check_in, answers=me.role is Role.PATIENT and not me.unproven)
    return CheckIn(
        complete=not open_items(visit),
        items=[] if me.identity is Identity.ASKED or (me.role is Role.HELPER and me.unproven) else items,
        consent=Consent(version=clinic.consent.version, texts=dict(clinic.consent.texts)),
    )


def _may_read(one: Message, me: Participant) -> bool:
    """Whether a message is for this device: where staff have still to check it, only what was said since it came."""
    if one.thread != me.id or me.identity is Identity.ASKED:
        return False
    return not me.unproven or (me.session_since is not None and one.at >= me.session_since)


def _message(one: Message, me: Participant) -> ThreadMessage:
    return ThreadMessage(
        id=one.id,
        at=one.at,
        mine=one.sender == me.id,
        name="" if one.sender == me.id and me.unproven else one.sender_name,
        text=one.text,
        canned=one.canned,
        delivered=one.delivered_at is not None,
        read=one.read_at is not None,
    )


def _other(visit: Visit, one: Participant, media: VisitMedia) -> Other:
    sending = media.sends(visit.id, one.id)
    return Other(
        id=one.id,
        role=one.role,
        name=one.name,
        phase=one.phase,
        connected=one.connected,
        microphone=sending.microphone if sending else None,
        camera=sending.camera if sending else None,
        screen=sending.screen if sending else None,
        paused=sending.paused if sending else None,
        quality=media.quality(visit.id, one.id),
    )
