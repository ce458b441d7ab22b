"""What the product says of every visit of a clinic's day, held against the day as it was booked a second time."""

from __future__ import annotations

from tests.support.clinic_day import APPOINTMENTS, CLINICIANS, Day
from waiting_room import events as ev
from waiting_room.audit import START, Entry, Head, chain, verify
from waiting_room.errors import WaitingRoomError
from waiting_room.model import Identity, Modality, ParticipantPhase, Role, Visit, VisitPhase
from waiting_room.visit import MEDIA_PLACES, authorize, open_items

__all__ = ["check_links", "check_trail", "check_visit"]


def check_visit(day: Day, visit: Visit) -> None:
    inside = visit.in_media
    assert len(inside) <= MEDIA_PLACES
    assert not inside or visit.phase is VisitPhase.IN_PROGRESS
    for one in inside:
        assert one.admitted_at is not None, "no media before admission"
        assert not one.role.by_link or one.admitted_by in {who.id for who in CLINICIANS}
        assert one.role not in {Role.FRONT_DESK, Role.OPERATOR}
        assert one.identity is not Identity.ASKED
    for one in visit.participants:
        if one.phase.present and one.lost_at is not None:
            assert day.now < one.lost_at + visit.grace, "the place is kept for the grace period, and no longer"
    if visit.patient.phase is ParticipantPhase.WAITING and visit.patient.waiting_since == day.now:
        assert open_items(visit) == () or visit.patient.admitted_at, "check-in gates the waiting room"
    check_links(day, visit)


def check_links(day: Day, visit: Visit) -> None:
    """A link opens one appointment in one role, on one device at a time; a dead one nothing."""
    for link in day.links[visit.id]:
        speaking = [session for session in link.sessions if speaks(visit, link.who.id, session)]
        assert speaking in ([], link.sessions[-1:])
        assert not (link.dead and speaking)
        if speaking:
            role = authorize(visit, link.who.id, speaking[0]).role
            assert role is link.who.role
            other = day.visits[f"v{(int(visit.id[1:]) + 1) % APPOINTMENTS:03}"]
            assert not speaks(other, link.who.id, speaking[0])
            assert not speaks(other, other.patient.id, speaking[0])


def speaks(visit: Visit, participant: str, session: str) -> bool:
    try:
        authorize(visit, participant, session)
    except WaitingRoomError:
        return False
    return True


def check_trail(day: Day) -> None:
    """Every change is in the trail, in order, without a name or a word; media only between its admissions."""
    entries: list[Entry] = []
    head = START
    for event in day.trail:
        assert "Canary" not in repr(event)
        entries.append(chain(event, head))
        head = Head(entries[-1].number, entries[-1].hash)
    assert verify(entries, [head]) == head
    assert "Canary" not in repr(list(day.visits.values()))
    admitted = {(one.visit, one.participant) for one in day.trail if isinstance(one, ev.ParticipantAdmitted)}
    for visit in day.visits.values():
        for one in visit.participants:
            if one.role.by_link and one.admitted_at is not None:
                assert (visit.id, one.id) in admitted
            if one.modality is Modality.PHONE:
                assert visit.calls
