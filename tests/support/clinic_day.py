"""A clinic's whole day in memory: 200 appointments, five staff, and a server that keeps visits in a dict.

`Day.go_on` lets a little time pass and everybody do what they usually do; what goes wrong meanwhile is the test's to choose.
Links, sessions and who sees what are booked here a second time, in the simplest way, so that the domain can be held against it.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final

from tests.support.visits import ANSWERS, BORN, HALF_HOUR, ITEMS, NOON, booked
from waiting_room import commands as do
from waiting_room import events as ev
from waiting_room.errors import WaitingRoomError
from waiting_room.model import Actor, Participant, ParticipantPhase, PatientDetails, Provider, Role, Visit
from waiting_room.visit import handle_command, next_deadline

__all__ = ["APPOINTMENTS", "CLINICIANS", "DESK", "FIRST", "NURSE", "PROVIDERS", "SECOND", "THIRD", "Day", "Link"]

FIRST: Final = Actor("first", Role.PROVIDER, "Dr. First", clinic="main")
SECOND: Final = Actor("second", Role.PROVIDER, "Dr. Second", clinic="main")
THIRD: Final = Actor("third", Role.PROVIDER, "Dr. Third", clinic="main")
NURSE: Final = Actor("nurse", Role.NURSE, "Sample Nurse", clinic="main")
DESK: Final = Actor("desk", Role.FRONT_DESK, "Sample Desk", clinic="main")
PROVIDERS: Final = (FIRST, SECOND, THIRD)
CLINICIANS: Final = (*PROVIDERS, NURSE)

APPOINTMENTS: Final = 200
MORNING: Final = NOON - timedelta(hours=4, minutes=30)
STEP: Final = timedelta(seconds=90)
LENGTH: Final = timedelta(minutes=10)
TALK: Final = timedelta(minutes=4)
CHECKED: Final = frozenset({"identity", "licence"})


@dataclass
class Link:
    """What one invitation opened so far."""

    visit: str
    who: Actor
    sessions: list[str] = field(default_factory=list)
    dead: bool = False


class Day:
    """The day, as far as it has gone."""

    def __init__(self) -> None:
        self.now = MORNING
        self.visits: dict[str, Visit] = {}
        self.links: dict[str, list[Link]] = {}
        self.trail: list[ev.Event] = []
        self.touched: set[str] = set()
        self.moved: set[str] = set()
        self.away: dict[str, datetime] = {}
        self.seen_by: dict[str, set[str]] = {}
        self.counts: Counter[str] = Counter()
        for number in range(APPOINTMENTS):
            self._book(number)

    def _book(self, number: int) -> None:
        # A third is of the shared queue; the third provider has no patients of their own.
        providers = ((FIRST,), (SECOND,), ())[number % 3]
        asked = number % 4 == 0
        visit = booked(
            MORNING + HALF_HOUR + number * timedelta(minutes=2, seconds=30),
            visit_id=f"v{number:03}",
            now=MORNING,
            providers=providers,
            length=LENGTH,
            details=PatientDetails(birth_date=BORN if asked else None),
            check_in=ITEMS[:2] if number % 2 else (),
            patient=Participant(f"p{number:03}", Role.PATIENT, f"Canary {number}"),
        )
        self.visits[visit.id] = visit
        self.seen_by[visit.id] = {one.id for one in providers}
        self.links[visit.id] = [Link(visit.id, Actor(visit.patient.id, Role.PATIENT))]

    # The server.

    def give(self, visit_id: str, command: do.Command) -> tuple[ev.Event, ...] | None:
        """Return what happened, or None where the command was refused."""
        try:
            outcome = handle_command(self.visits[visit_id], command, now=self.now)
        except WaitingRoomError as refusal:
            self.counts[f"refused {refusal.code}"] += 1
            return None
        self.counts[type(command).__name__] += 1
        if outcome.events:
            self.touched.add(visit_id)
        self.visits[visit_id] = outcome.visit
        self.trail.extend(outcome.events)
        for event in outcome.events:
            self._act(event)
        return outcome.events

    def _act(self, event: ev.Event) -> None:
        """Let links live and die as the server does."""
        match event:
            case ev.VisitEnded() | ev.VisitCancelled():
                self._kill(event.visit)
            case ev.VisitRescheduled():
                self._kill(event.visit)
                self.moved.add(event.visit)
                self._renew(event.visit, self.visits[event.visit].patient)
            case ev.LinkRenewed():
                self._kill(event.visit, event.participant)
                renewed = self.visits[event.visit].find(event.participant)
                assert renewed
                self._renew(event.visit, renewed)
            case ev.ParticipantRemovedByStaff():
                self._kill(event.visit, event.participant)
            case ev.ParticipantLeft(reason=ev.LeaveReason.LINK_EXPIRED):
                self._kill(event.visit, event.participant)
            case ev.GuestInvited():
                self.links[event.visit].append(Link(event.visit, Actor(event.participant, event.guest_role)))
            case ev.PatientHandedOver():
                self.seen_by[event.visit].add(event.to)
            case ev.ParticipantEntered():
                self.seen_by[event.visit].add(event.participant)

    def _kill(self, visit_id: str, participant: str | None = None) -> None:
        for link in self.links[visit_id]:
            if participant in {None, link.who.id}:
                link.dead = True

    def _renew(self, visit_id: str, who: Participant) -> None:
        self.links[visit_id].append(Link(visit_id, Actor(who.id, who.role)))

    def pass_time(self, span: timedelta) -> None:
        """Move the clock and let what is due happen."""
        self.now += span
        for visit_id, visit in self.visits.items():
            while (due := next_deadline(self.visits[visit_id])) is not None and due <= self.now:
                assert self.give(visit_id, do.PassTime()), f"{visit.id} is due and nothing happens"

    # What people do.

    def link_of(self, visit_id: str, participant: str | None = None) -> Link | None:
        """The newest living link of the patient, or of that guest."""
        who = participant or self.visits[visit_id].patient.id
        mine = [one for one in self.links[visit_id] if one.who.id == who and not one.dead]
        return mine[-1] if mine else None

    def own(self, link: Link, **more: Any) -> dict[str, Any]:
        """What every command of somebody with this link carries, on their newest device."""
        session = link.sessions[-1] if link.sessions else "none yet"
        return {"actor": link.who, "participant": link.who.id, "session": session, **more}

    def come(self, link: Link, *, join: bool = True) -> None:
        """Tap Start on a new device, do what is asked, and go into the line."""
        visit = self.visits[link.visit]
        link.sessions.append(f"{link.who.id}.{len(self.links[link.visit])}.{len(link.sessions)}")
        ask = link.who.role is Role.PATIENT and visit.details.birth_date is not None
        if self.give(link.visit, do.Arrive(**self.own(link), ask_birth_date=ask)) is None:
            return
        self.give(link.visit, do.Connect(**self.own(link)))
        if ask:
            self.give(link.visit, do.ConfirmBirthDate(**self.own(link, birth_date=BORN)))
        if link.who.role is Role.PATIENT:
            for item in visit.check_in:
                self.give(link.visit, do.AnswerCheckIn(**self.own(link, item=item.key, answer=ANSWERS[item.key])))
        if join:
            self.give(link.visit, do.JoinWaitingRoom(**self.own(link)))

    def go_away(self, link: Link, until: timedelta) -> None:
        """Lose the connection; the device is back after that time, unless the visit is over by then."""
        self.give(link.visit, do.LoseConnection(**self.own(link)))
        self.away[link.visit] = self.now + until

    def where(self, clinician: Actor) -> Visit | None:
        """The visit that this clinician is in."""
        found = [one for one in self.visits.values() if any(who.id == clinician.id for who in one.in_media)]
        return found[0] if found else None

    def admit(self, clinician: Actor, visit_id: str, participant: str | None = None) -> tuple[ev.Event, ...] | None:
        """Admit as the server does: not while they are in another visit."""
        elsewhere = self.where(clinician)
        if elsewhere is not None and elsewhere.id != visit_id:
            self.counts["refused busy_elsewhere"] += 1
            return None
        who = participant or self.visits[visit_id].patient.id
        command = do.Admit(actor=clinician, participant=who, session=f"{clinician.id}'s", confirmed=CHECKED)
        return self.give(visit_id, command)

    def hand_over(self, by: Actor, to: Actor, visit_id: str) -> None:
        """Hand the patient over to a colleague."""
        self.give(visit_id, do.HandOver(actor=by, to=Provider(to.id, to.name), to_role=to.role))

    def next_for(self, clinician: Actor) -> str | None:
        """Whom this clinician takes next: one who was handed over, then by booked time."""
        mine = [
            one
            for one in self.live()
            if clinician.id in self.seen_by[one.id] or not one.providers
            if one.patient.connected and not one.in_media
            if one.patient.phase in {ParticipantPhase.WAITING, ParticipantPhase.ON_HOLD}
        ]
        mine.sort(key=lambda one: one.handed_to is None or one.handed_to.id != clinician.id)
        return mine[0].id if mine else None

    def live(self) -> list[Visit]:
        """The visits that are not over, in the queue's order."""
        return sorted(
            (one for one in self.visits.values() if not one.phase.final), key=lambda one: (one.starts_at, one.id)
        )

    def go_on(self) -> None:
        """A minute and a half of an ordinary day."""
        self.touched.clear()
        self.moved.clear()
        self.pass_time(STEP)
        for visit in self.live():
            self._patient_goes_on(visit)
        for clinician in PROVIDERS:
            self._provider_goes_on(clinician)

    def _patient_goes_on(self, visit: Visit) -> None:
        link, number = self.link_of(visit.id), int(visit.id[1:])
        stays_away = number % 13 == 5
        if link is None or stays_away or self.now < visit.starts_at - timedelta(minutes=number * 7 % 25):
            return
        if not link.sessions:
            self.come(link)
            return
        back_at = self.away.get(visit.id)
        if back_at is not None and self.now >= back_at:
            del self.away[visit.id]
            self.give(visit.id, do.Connect(**self.own(link)))
            self.give(visit.id, do.JoinWaitingRoom(**self.own(link)))

    def _provider_goes_on(self, clinician: Actor) -> None:
        inside = self.where(clinician)
        if inside is None:
            wanted = self.next_for(clinician)
            if wanted is not None:
                self.admit(clinician, wanted)
            return
        mine = inside.find(clinician.id)
        assert mine
        assert mine.admitted_at
        if self.now >= mine.admitted_at + TALK:
            self.give(inside.id, do.End(actor=clinician))
