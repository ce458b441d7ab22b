"""Builds what each screen shows from the visits and their media: one function per screen, nothing changes."""

from __future__ import annotations

from datetime import datetime
from typing import Final, Literal
from zoneinfo import ZoneInfo

from signaling.messages import (
    CareSnapshot,
    ClinicCard,
    CurrentVisit,
    InvitationView,
    Me,
    Other,
    QueuePatient,
    QueueProvider,
    QueueRow,
    SnapshotVisit,
    StaffCard,
    VisitCard,
    VisitSnapshot,
)
from signaling.visit_media import Sending, VisitMedia
from waiting_room import commands as do
from waiting_room.model import Actor, Participant, ParticipantPhase, Visit, VisitPhase
from waiting_room.store import StaffAccount
from waiting_room.visit import may, sees

__all__ = ["care_snapshot", "current_visit", "invitation_view", "queue_row", "visible", "visit_snapshot"]

_REQUESTS: Final[dict[type[do.Command], str]] = {
    do.Admit: "admit",
    do.Enter: "enter",
    do.Leave: "leave",
    do.Remove: "remove",
    do.End: "end",
}


def invitation_view(
    visit: Visit, participant: Participant, clinic: ClinicCard, *, in_use: bool, now: datetime
) -> InvitationView:
    """Return what the link opens now; who treats whom is told only while it opens something."""
    state: Literal["early", "open", "ended", "cancelled"]
    if visit.phase is VisitPhase.CANCELLED:
        state = "cancelled"
    elif visit.phase.final or participant.phase is ParticipantPhase.REMOVED:
        state = "ended"
    else:
        state = "early" if now < visit.opens_at else "open"
    over = state in {"ended", "cancelled"}
    return InvitationView(
        state=state,
        in_use=in_use and not over,
        role=participant.role,
        visit=VisitCard(
            starts_at=visit.starts_at,
            opens_at=visit.opens_at,
            ends_at=visit.ends_at,
            clinician=None if over else visit.provider_name,
        ),
        clinic=clinic,
        server_time=now,
    )


def visit_snapshot(
    visit: Visit,
    me: Participant,
    media: VisitMedia,
    clinic: ClinicCard,
    *,
    staff_present: bool,
    version: int,
    now: datetime,
) -> VisitSnapshot:
    """Return a participant's screen. Who else is there is told only to one who was admitted."""
    inside = me.phase is ParticipantPhase.IN_VISIT
    return VisitSnapshot(
        version=version,
        server_time=now,
        clinic=clinic,
        visit=SnapshotVisit(
            id=visit.id,
            phase=visit.phase,
            starts_at=visit.starts_at,
            opens_at=visit.opens_at,
            ends_at=visit.ends_at,
            started_at=visit.started_at,
            clinician=visit.provider_name,
        ),
        me=_me(me),
        others=_others(visit, me.id, media) if inside else [],
        staff_present=staff_present,
        media=media.state(visit.id, me.id),
    )


def queue_row(visit: Visit, staff: Actor, *, now: datetime) -> QueueRow:
    """Return one appointment as this person sees it."""
    patient = visit.patient
    return QueueRow(
        visit=visit.id,
        phase=visit.phase,
        starts_at=visit.starts_at,
        opens_at=visit.opens_at,
        ends_at=visit.ends_at,
        reason=visit.reason,
        provider=QueueProvider(id=visit.provider_id, name=visit.provider_name),
        patient=QueuePatient(
            id=patient.id,
            name=patient.name,
            phase=patient.phase,
            arrived_at=patient.arrived_at,
            waiting_since=patient.waiting_since,
            connected=patient.connected,
            lost_at=patient.lost_at,
        ),
        with_=[one.name for one in visit.in_media if one.id != patient.id],
        may=[_REQUESTS[command] for command in may(visit, staff, now=now)],
    )


def current_visit(visit: Visit, staff: Actor, session: str, media: VisitMedia, *, now: datetime) -> CurrentVisit | None:
    """Return the visit for one who is in it, else None. Media go to the window of ``session`` alone."""
    mine = visit.find(staff.id)
    if mine is None or mine.phase is not ParticipantPhase.IN_VISIT:
        return None
    here = mine.session == session
    return CurrentVisit(
        id=visit.id,
        phase=visit.phase,
        started_at=visit.started_at,
        elsewhere=not here,
        may=[_REQUESTS[command] for command in may(visit, staff, now=now) if command is not do.Enter],
        me=_me(mine),
        others=_others(visit, mine.id, media),
        media=media.state(visit.id, mine.id) if here else None,
    )


def care_snapshot(
    account: StaffAccount,
    clinic: ClinicCard,
    queue: list[QueueRow],
    visit: CurrentVisit | None,
    *,
    version: int,
    now: datetime,
) -> CareSnapshot:
    """Return a staff screen."""
    me = StaffCard(username=account.username, name=account.name, role=account.role)
    return CareSnapshot(version=version, server_time=now, clinic=clinic, me=me, queue=queue, visit=visit)


def visible(visits: list[Visit], staff: Actor, *, time_zone: str, now: datetime) -> list[Visit]:
    """Return those that stand in this person's queue now, in the order given: the clinic's day, and whatever is open."""
    today = now.astimezone(ZoneInfo(time_zone)).date()
    return [
        visit
        for visit in visits
        if sees(visit, staff)
        and (visit.phase is not VisitPhase.BOOKED or visit.starts_at.astimezone(ZoneInfo(time_zone)).date() <= today)
    ]


def _me(participant: Participant) -> Me:
    return Me(id=participant.id, role=participant.role, name=participant.name, phase=participant.phase)


def _others(visit: Visit, without: str, media: VisitMedia) -> list[Other]:
    return [_other(one, media.sends(visit.id, one.id)) for one in visit.in_media if one.id != without]


def _other(one: Participant, sending: Sending | None) -> Other:
    return Other(
        id=one.id,
        role=one.role,
        name=one.name,
        phase=one.phase,
        connected=one.connected,
        microphone=sending.microphone if sending else None,
        camera=sending.camera if sending else None,
    )
