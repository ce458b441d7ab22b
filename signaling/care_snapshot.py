"""Builds what a staff page shows, from the visits and their media. Nothing changes."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from signaling.care_messages import (
    CareClinicCard,
    CurrentVisit,
    Guest,
    MadeWish,
    PhoneCall,
    QueuePatient,
    QueueProvider,
    QueueReadiness,
    QueueRow,
    Row,
    StaffMessage,
)
from signaling.http_messages import ClinicCard
from signaling.messages import Person, RowCheckIn
from signaling.photo_messages import PhotoCard
from signaling.talk_messages import TalkCard
from signaling.visit_media import VisitMedia
from signaling.visit_snapshot import callback_of, check_in_items, late_minutes, others_in
from waiting_room.check_in_items import ItemKind, told
from waiting_room.clinic import Clinic
from waiting_room.model import Actor, ParticipantPhase, Role, Visit, VisitPhase
from waiting_room.visit import checks, may, open_items, sees

__all__ = ["care_clinic_card", "current_visit", "in_queue", "queue_row"]

_IN_THE_VISIT: Final = frozenset(
    {"admit", "leave", "hold", "return", "hand_over", "remove", "end", "complete", "invite"}
)


def in_queue(visit: Visit, staff: Actor, *, tomorrow: datetime) -> bool:
    """Whether the visit stands in this person's list now: not over, and open or of the clinic's day, which ends ``tomorrow``."""
    if visit.phase.final or not sees(visit, staff):
        return False
    return visit.phase is not VisitPhase.BOOKED or visit.starts_at < tomorrow


def queue_row(visit: Visit, staff: Actor, *, licences: frozenset[str], now: datetime) -> Row:
    """Return one appointment as this person, who may admit a patient in the states of ``licences``, sees it."""
    row = QueueRow(
        visit=visit.id,
        kind=visit.kind,
        phase=visit.phase,
        starts_at=visit.starts_at,
        opens_at=visit.opens_at,
        ends_at=visit.ends_at,
        reason=told(visit.check_in, ItemKind.REASON, "text") or visit.reason,
        providers=[QueueProvider(id=one.id, name=one.name) for one in visit.providers],
        patient=_patient(visit),
        check_in=RowCheckIn(complete=not open_items(visit), items=check_in_items(visit.check_in)),
        readiness=_readiness(visit),
        checks=list(checks(visit, licences)),
        with_=[one.name for one in visit.in_media if one.role is not Role.PATIENT],
        handed_to=QueueProvider(id=visit.handed_to.id, name=visit.handed_to.name) if visit.handed_to else None,
        late_minutes=late_minutes(visit),
        wishes=[MadeWish(wish=wish, at=at) for wish, at in visit.wishes],
        guests=_guests(visit),
        messages=_messages(visit),
        calls=_calls(visit),
        note=visit.note,
        may=list(may(visit, staff, now=now)),
    )
    return row.model_dump(mode="json")


def current_visit(
    visit: Visit,
    staff: Actor,
    session: str,
    media: VisitMedia,
    *,
    photos: Sequence[PhotoCard] = (),
    photo_asked: bool = False,
    talk: TalkCard | None = None,
    now: datetime,
) -> CurrentVisit | None:
    """Return the visit for one who is in it, else None. Media and photos go to the window of ``session`` alone."""
    mine = visit.find(staff.id)
    if mine is None or mine.phase is not ParticipantPhase.IN_VISIT:
        return None
    here = mine.session == session
    return CurrentVisit(
        id=visit.id,
        phase=visit.phase,
        started_at=visit.started_at,
        elsewhere=not here,
        may=[name for name in may(visit, staff, now=now) if name in _IN_THE_VISIT],
        me=Person(id=mine.id, role=mine.role, name=mine.name, phase=mine.phase),
        others=others_in(visit, mine.id, media),
        photos=list(photos) if here else [],
        photo_asked=photo_asked,
        talk=talk if here else None,
        media=media.state(visit.id, mine.id) if here else None,
    )


def care_clinic_card(card: ClinicCard, clinic: Clinic) -> CareClinicCard:
    """Return the clinic's card for its staff."""
    return CareClinicCard(
        **card.model_dump(),
        amber_minutes=int(clinic.amber_after.total_seconds() // 60),
        red_minutes=int(clinic.red_after.total_seconds() // 60),
        emergency_phones=dict(clinic.emergency_phones),
    )


def _patient(visit: Visit) -> QueuePatient:
    patient, details = visit.patient, visit.details
    return QueuePatient(
        id=patient.id,
        name=patient.name,
        phase=patient.phase,
        arrived_at=patient.arrived_at,
        waiting_since=patient.waiting_since,
        connected=patient.connected,
        lost_at=patient.lost_at,
        birth_date=details.birth_date,
        language=details.language,
        interpreter=details.interpreter,
        phone=callback_of(visit),
        identity=patient.identity,
        modality=patient.modality,
    )


def _readiness(visit: Visit) -> QueueReadiness | None:
    found = visit.readiness
    if found is None:
        return None
    report = found.report
    return QueueReadiness(
        verdict=found.verdict,
        cause=found.cause,
        echo=report.echo,
        at=found.at,
        device=report.device,
        system=report.system,
        browser=report.browser,
    )


def _guests(visit: Visit) -> list[Guest]:
    return [
        Guest(
            id=one.id,
            name=one.name,
            role=one.role,
            phase=one.phase,
            connected=one.connected,
            waiting_since=one.waiting_since,
            link_expires_at=one.link_expires_at,
        )
        for one in visit.participants
        if one.role.by_link and one.role is not Role.PATIENT and one.phase is not ParticipantPhase.REMOVED
    ]


def _messages(visit: Visit) -> list[StaffMessage]:
    return [
        StaffMessage(
            id=one.id,
            participant=one.thread,
            at=one.at,
            from_staff=one.sender_role.staff,
            name=one.sender_name,
            text=one.text,
            canned=one.canned,
            delivered=one.delivered_at is not None,
            read=one.read_at is not None,
        )
        for one in visit.messages
    ]


def _calls(visit: Visit) -> list[PhoneCall]:
    return [
        PhoneCall(at=one.at, name=one.by_name, reason=one.reason, result=one.result, note=one.note)
        for one in visit.calls
    ]
