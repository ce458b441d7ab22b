"""A day of 200 appointments, five staff and everything that goes wrong: no rule of the product is broken."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from typing import Any, ClassVar, Final

from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from tests.support.clinic_day import APPOINTMENTS, CLINICIANS, DESK, FIRST, NURSE, PROVIDERS, SECOND, Day, Link
from tests.support.clinic_day_rules import check_links, check_trail, check_visit
from tests.support.visits import BORN, FAR_NURSE, reschedule
from waiting_room import commands as do
from waiting_room.contact_codes import CallReason, CallResult
from waiting_room.line import Wait, waits
from waiting_room.model import Actor, Identity, ParticipantPhase, Role, Visit, VisitPhase, Wish
from waiting_room.visit import may, sees

MINUTE: Final = timedelta(minutes=1)
STAFF: Final = (*CLINICIANS, DESK)
DAYS: Final = 8
STEPS: Final = 400


class ClinicDay(RuleBasedStateMachine):
    """Each step lets the ordinary day go on and adds one thing to it. ``pick`` says to whom it happens."""

    total: ClassVar[Counter[str]] = Counter()

    def __init__(self) -> None:
        super().__init__()
        self.day = Day()
        self.order: dict[str, list[str]] = {}
        self.places: dict[str, int] = {}
        self.found: dict[str, Wait] = {}

    # Who is there to have something happen to them.

    def pick(self, among: list[Visit], pick: int) -> Visit | None:
        return among[pick % len(among)] if among else None

    def patients(self, *phases: ParticipantPhase) -> list[Visit]:
        return [one for one in self.day.live() if one.patient.phase in phases]

    def present(self) -> list[tuple[Visit, Link]]:
        inside = self.patients(ParticipantPhase.WAITING, ParticipantPhase.IN_VISIT, ParticipantPhase.ON_HOLD)
        found = [(one, self.day.link_of(one.id)) for one in inside if one.patient.connected]
        return [(one, link) for one, link in found if link is not None and link.sessions]

    def seldom(self, what: str, most: int) -> bool:
        """Whether it has not happened too often today: else nobody would be left to be seen."""
        self.day.counts[what] += 1
        return self.day.counts[what] <= most

    # What happens.

    def nothing_in_particular(self, pick: int) -> None:
        """The ordinary day."""

    def somebody_loses_the_connection(self, pick: int) -> None:
        there = self.present()
        if there:
            visit, link = there[pick % len(there)]
            self.day.go_away(link, (pick % 14) * MINUTE)
            assert self.day.visits[visit.id].patient.phase is visit.patient.phase, "the place is kept"

    def somebody_takes_another_device(self, pick: int) -> None:
        there = self.present()
        if there:
            visit, link = there[pick % len(there)]
            before = visit.patient
            self.day.come(link, join=bool(pick % 2))
            after = self.day.visits[visit.id].patient
            assert after.phase.present, "another device keeps the place"
            assert after.waiting_since == before.waiting_since or after.phase is not before.phase

    def somebody_guesses_with_a_found_link(self, pick: int) -> None:
        asked = [(one, link) for one, link in self.present() if one.details.birth_date is not None]
        if asked and self.seldom("guesses", 15):
            visit, link = asked[pick % len(asked)]
            link.sessions.append(f"{link.who.id}.found.{len(link.sessions)}")
            self.day.give(visit.id, do.Arrive(**self.day.own(link), ask_birth_date=True))
            for _ in range(1 + pick % 6):
                wrong = self.day.own(link, birth_date=BORN + timedelta(days=1))
                self.day.give(visit.id, do.ConfirmBirthDate(**wrong))
            assert not any(one.id == link.who.id for one in self.day.visits[visit.id].in_media)
            self.day.come(link)

    def somebody_leaves(self, pick: int) -> None:
        there = self.present()
        if there:
            visit, link = there[pick % len(there)]
            self.day.give(visit.id, do.Leave(**self.day.own(link)))
            self.day.away[visit.id] = self.day.now + (pick % 20) * MINUTE

    def an_appointment_is_moved(self, pick: int) -> None:
        visit = self.pick([one for one in self.day.live() if one.phase is not VisitPhase.IN_PROGRESS], pick)
        if visit and self.seldom("moves", 25):
            later = self.day.now + (60 + pick) * MINUTE
            self.day.give(visit.id, reschedule(later, DESK))
            moved = self.day.visits[visit.id]
            self.day.seen_by[visit.id] = {one.id for one in moved.providers}
            assert (moved.phase, moved.patient.phase) == (VisitPhase.BOOKED, ParticipantPhase.INVITED)

    def an_appointment_is_cancelled(self, pick: int) -> None:
        visit = self.pick([one for one in self.day.live() if one.phase is not VisitPhase.IN_PROGRESS], pick)
        if visit and self.seldom("cancels", 15):
            self.day.give(visit.id, do.Cancel(actor=DESK))

    def the_nurse_rooms_a_patient_and_hands_over(self, pick: int) -> None:
        inside = self.day.where(NURSE)
        if inside is None:
            visit = self.pick([one for one in self.patients(ParticipantPhase.WAITING) if not one.in_media], pick)
            if visit:
                self.day.admit(NURSE, visit.id)
            return
        named = [one for one in PROVIDERS if one.id in {who.id for who in inside.providers}]
        to = named[0] if named and pick % 3 else PROVIDERS[pick % len(PROVIDERS)]
        self.day.hand_over(NURSE, to, inside.id)
        handed = self.day.visits[inside.id]
        assert handed.handed_to
        assert handed.handed_to.id == to.id
        if inside.patient.phase is ParticipantPhase.IN_VISIT and inside.details.birth_date is not None:
            assert handed.staff_checked, "nothing is asked twice"

    def they_write_to_each_other(self, pick: int) -> None:
        there = self.present()
        if there:
            visit, link = there[pick % len(there)]
            number = f"m{len(self.day.trail)}"
            self.day.give(visit.id, do.SendMessage(actor=DESK, participant=link.who.id, message=number, canned="soon"))
            self.day.give(visit.id, do.ReadMessages(**self.day.own(link, message=number, read=True)))
            self.day.give(visit.id, do.SendMessage(**self.day.own(link, message=f"{number}r", text="Canary words")))
            self.day.give(visit.id, do.AskFor(**self.day.own(link, wish=Wish.CALL)))

    def a_provider_runs_late(self, pick: int) -> None:
        who = (FIRST, SECOND)[pick % 2]
        for visit in self.patients(ParticipantPhase.WAITING):
            if sees(visit, who) and visit.providers:
                self.day.give(visit.id, do.TellLate(actor=who, minutes=pick % 40))
                told = self.day.visits[visit.id].late
                assert (told.minutes if told else 0) == pick % 40

    def those_who_did_not_come_are_marked(self, pick: int) -> None:
        for visit in self.day.live():
            overdue = self.day.now > visit.starts_at + (15 + pick % 30) * MINUTE
            if overdue and visit.phase is VisitPhase.OPEN:
                marked = self.day.give(visit.id, do.MarkNoShow(actor=DESK))
                assert (marked is None) == visit.patient.connected, "nobody is absent who is there"

    def a_guest_is_invited(self, pick: int) -> None:
        there = self.present()
        if not there:
            return
        visit, _ = there[pick % len(there)]
        role = (Role.COMPANION, Role.INTERPRETER, Role.GUEST)[pick % 3]
        guest = f"g{visit.id}.{len(self.day.links[visit.id])}"
        invited = do.Invite(
            actor=STAFF[pick % len(STAFF)], participant=guest, role=role, name="Canary Guest", lives=5 * MINUTE
        )
        if self.day.give(visit.id, invited) and pick % 5:
            link = self.day.link_of(visit.id, guest)
            assert link
            self.day.come(link)
            assert all(one.id != guest for one in self.day.visits[visit.id].in_media), "links included"

    def a_guest_takes_the_patients_place_in_the_picture(self, pick: int) -> None:
        for visit in self.patients(ParticipantPhase.IN_VISIT):
            guests = [one for one in visit.participants if one.invited_by and one.phase is ParticipantPhase.WAITING]
            staff = [one for one in CLINICIANS if any(who.id == one.id for who in visit.in_media)]
            if guests and staff:
                self.day.give(visit.id, do.Hold(actor=staff[0], participant=visit.patient.id))
                self.day.admit(staff[0], visit.id, guests[pick % len(guests)].id)

    def two_admit_at_the_same_moment(self, pick: int) -> None:
        free = [one for one in CLINICIANS if self.day.where(one) is None]
        visit = self.pick(
            [one for one in self.patients(ParticipantPhase.WAITING) if not one.in_media and one.patient.connected], pick
        )
        rivals = [one for one in free if visit and sees(visit, one)]
        if visit is None or len(rivals) < 2:
            return
        self.day.counts["races"] += 1
        first, second = rivals[pick % 2], rivals[1 - pick % 2]
        assert self.day.admit(first, visit.id) is not None or visit.patient.identity is Identity.ASKED
        lost = self.day.counts["refused already_admitted"]
        if self.day.visits[visit.id].in_media:
            assert self.day.admit(second, visit.id) is None
            assert self.day.counts["refused already_admitted"] == lost + 1
            assert {one.id for one in self.day.visits[visit.id].in_media} == {visit.patient.id, first.id}

    def a_clinician_is_signed_off_or_drops(self, pick: int) -> None:
        who = CLINICIANS[pick % len(CLINICIANS)]
        inside = self.day.where(who)
        if inside is None:
            return
        if pick % 2:
            self.day.give(inside.id, do.SignOff(actor=who))
        else:
            gone = do.LoseConnection(actor=who, participant=who.id, session=f"{who.id}'s")
            self.day.give(inside.id, gone)
        after = self.day.visits[inside.id]
        assert after.phase is VisitPhase.IN_PROGRESS, "a live visit does not end by it"
        assert after.patient.phase is inside.patient.phase

    def somebody_is_sent_back_to_waiting(self, pick: int) -> None:
        visit = self.pick(self.patients(ParticipantPhase.IN_VISIT, ParticipantPhase.ON_HOLD), pick)
        if visit:
            self.day.give(visit.id, do.ReturnToWaiting(actor=NURSE, participant=visit.patient.id))

    def somebody_is_removed(self, pick: int) -> None:
        there = self.present()
        if there and self.seldom("removals", 6):
            visit, link = there[pick % len(there)]
            self.day.give(visit.id, do.Remove(actor=NURSE, participant=link.who.id))
            assert link.dead

    def a_link_is_renewed(self, pick: int) -> None:
        visit = self.pick(self.patients(ParticipantPhase.INVITED, ParticipantPhase.WAITING), pick)
        if visit and self.seldom("renewals", 20):
            self.day.give(visit.id, do.RenewLink(actor=DESK, participant=visit.patient.id))

    def staff_ring_and_the_visit_is_held_by_phone(self, pick: int) -> None:
        visit = self.pick([one for one in self.day.live() if one.phase is VisitPhase.OPEN], pick)
        if visit and self.seldom("calls", 20):
            call = do.RecordCall(actor=NURSE, reason=CallReason.NOT_HERE, result=CallResult.VISIT_BY_PHONE)
            self.day.give(visit.id, call)
            if pick % 2:
                self.day.give(visit.id, do.Complete(actor=NURSE))

    def somebody_tries_what_is_not_theirs(self, pick: int) -> None:
        visit = self.pick(self.day.live(), pick)
        if visit is None:
            return
        foreign = [one for one in PROVIDERS if visit.providers and one.id not in self.day.seen_by[visit.id]]
        who: Actor = [*foreign, FAR_NURSE][pick % (len(foreign) + 1)]
        patient = visit.patient.id
        for command in (
            do.Look(actor=who),
            do.Admit(actor=who, participant=patient, session="w"),
            do.End(actor=who),
            do.Remove(actor=who, participant=patient),
            do.TellLate(actor=who, minutes=10),
            do.Hold(actor=DESK, participant=patient),
            do.Cancel(actor=NURSE),
            do.Admit(actor=Actor(patient, Role.PATIENT), participant=patient, session="s"),
        ):
            assert self.day.give(visit.id, command) is None

    def the_server_stalls_and_the_clock_runs_on(self, pick: int) -> None:
        if self.seldom("stalls", 30):
            self.day.pass_time((pick % 8) * MINUTE)

    HAPPENINGS: ClassVar = (
        # What a day has most of stands here more than once.
        somebody_loses_the_connection,
        somebody_loses_the_connection,
        the_nurse_rooms_a_patient_and_hands_over,
        the_nurse_rooms_a_patient_and_hands_over,
        two_admit_at_the_same_moment,
        two_admit_at_the_same_moment,
        nothing_in_particular,
        somebody_loses_the_connection,
        somebody_takes_another_device,
        somebody_guesses_with_a_found_link,
        somebody_leaves,
        an_appointment_is_moved,
        an_appointment_is_cancelled,
        the_nurse_rooms_a_patient_and_hands_over,
        they_write_to_each_other,
        a_provider_runs_late,
        those_who_did_not_come_are_marked,
        a_guest_is_invited,
        a_guest_takes_the_patients_place_in_the_picture,
        two_admit_at_the_same_moment,
        a_clinician_is_signed_off_or_drops,
        somebody_is_sent_back_to_waiting,
        somebody_is_removed,
        a_link_is_renewed,
        staff_ring_and_the_visit_is_held_by_phone,
        somebody_tries_what_is_not_theirs,
        the_server_stalls_and_the_clock_runs_on,
    )

    @rule(what=st.sampled_from(HAPPENINGS), pick=st.integers(0, 999))
    def the_day_goes_on(self, what: Callable[[ClinicDay, int], None], pick: int) -> None:
        """One rule for all: the choice among rules leaves some out of each run, and a day has everything."""
        self.day.go_on()
        what(self, pick)

    # What always holds. Only what was touched can have changed; all is looked at in the evening.

    @invariant()
    def the_rules_of_every_visit_hold(self) -> None:
        for visit_id in self.day.touched:
            check_visit(self.day, self.day.visits[visit_id])

    @invariant()
    def nobody_is_in_two_visits(self) -> None:
        inside = [who.id for one in self.day.live() for who in one.in_media]
        assert len(set(inside)) == len(inside)

    @invariant()
    def everybody_sees_their_own_and_rows_keep_their_order(self) -> None:
        live = self.day.live()
        for who in STAFF:
            shown = [one.id for one in live if sees(one, who)]
            if who.role is Role.PROVIDER:
                known = [one.id for one in live if not one.providers or who.id in self.day.seen_by[one.id]]
                assert shown == known, "own patients and the shared queue, nobody else's"
            else:
                assert len(shown) == len(live)
            stayed = set(shown) - self.day.moved
            before = [one for one in self.order.get(who.id, []) if one in stayed]
            kept = set(before)
            assert [one for one in shown if one in kept] == before, "a row moves by its own events alone"
            self.order[who.id] = shown

    @invariant()
    def all_who_wait_are_told_how_long_and_keep_their_place(self) -> None:
        live = self.day.live()
        self.found = waits(live, self.day.now)
        waiting = {one.id for one in live if one.patient.phase is ParticipantPhase.WAITING}
        assert self.found.keys() == waiting
        assert all(0 <= one.low < one.high for one in self.found.values())
        untouched = [one for one in self.found if one in self.places and one not in self.day.touched]
        lines: dict[Any, list[str]] = {}
        for one in untouched:
            lines.setdefault(self.day.visits[one].providers, []).append(one)
        for line in lines.values():
            now = sorted(line, key=lambda one: self.found[one].ahead)
            assert now == sorted(line, key=lambda one: self.places[one]), "nobody overtakes by another's doing"
        self.places = {name: one.ahead for name, one in self.found.items()}

    def teardown(self) -> None:
        """Let the day go on to its evening, then the night; look at everything once more and at the trail."""
        while self.day.now.hour < 19:
            self.day.go_on()
        for visit in self.day.visits.values():
            check_visit(self.day, visit)
        for _ in range(48):
            self.day.pass_time(timedelta(hours=1))
        outcomes = Counter(one.phase.value for one in self.day.visits.values())
        assert all(one.phase.final for one in self.day.visits.values()), "nothing is left open"
        assert not any(one.in_media for one in self.day.visits.values())
        for visit in self.day.visits.values():
            check_links(self.day, visit)
            assert may(visit, NURSE, now=self.day.now) == ("call",)
        check_trail(self.day)
        talked = sum(one.started_at is not None for one in self.day.visits.values())
        happened = Counter(type(one).__name__ for one in self.day.trail)
        refused = sum(number for name, number in self.day.counts.items() if name.startswith("refused"))
        print(
            f"a day: {APPOINTMENTS} appointments, {talked} talked, {dict(outcomes)}; {len(self.day.trail)} events, "
            f"{happened['ConnectionLost']} drops, {happened['DeviceReplaced']} other devices, "
            f"{happened['VisitRescheduled']} moved, {happened['PatientHandedOver']} handed over, "
            f"{happened['GuestInvited']} guests, {happened['MessageSent']} messages, {self.day.counts['races']} races, "
            f"{refused} refusals"
        )
        assert talked >= 60, "most who came were seen"
        assert outcomes["no_show"] >= 5
        ClinicDay.total += happened + Counter({"races": self.day.counts["races"], "days": 1})


def test_a_day_of_200_appointments_breaks_no_rule() -> None:
    ClinicDay.total.clear()
    machine = ClinicDay.TestCase
    machine.settings = settings(
        max_examples=DAYS,
        stateful_step_count=STEPS,
        deadline=None,
        # A day that goes wrong is told by its own assertion; to shorten one of 400 steps takes longer than to read it.
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    machine("runTest").runTest()
    print(f"{ClinicDay.total['days']} days: {dict(ClinicDay.total.most_common())}")
    for kind in (
        "PatientHandedOver",
        "VisitRescheduled",
        "VisitCancelled",
        "LinkRenewed",
        "ParticipantRemovedByStaff",
        "IdentityMismatched",
        "LateTold",
        "MessageRead",
        "ParticipantHeld",
        "ParticipantReturned",
        "races",
    ):
        assert ClinicDay.total[kind] >= DAYS // 2, f"{kind} happened too seldom to be tried"
