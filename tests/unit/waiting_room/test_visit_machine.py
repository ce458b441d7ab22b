"""S63: whatever people, devices and clocks do to a visit, in whatever order, its rules hold."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any, Final

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from tests.support.visits import (
    ANSWERS,
    BORN,
    COMPANION,
    FAR_NURSE,
    FRONT_DESK,
    GUEST,
    INTERPRETER,
    ITEMS,
    NOON,
    NURSE,
    OPERATOR,
    OTHER_PROVIDER,
    PATIENT,
    PROVIDER,
    STRANGER,
    booked,
    reschedule,
)
from waiting_room import commands as do
from waiting_room import events as ev
from waiting_room.audit import START, Head, chain, verify
from waiting_room.check_in_items import CheckInItem, WaiveReason
from waiting_room.contact import CANNED
from waiting_room.contact_codes import CallReason, CallResult
from waiting_room.errors import WaitingRoomError
from waiting_room.model import (
    CLOCK,
    Actor,
    Identity,
    Modality,
    Participant,
    ParticipantPhase,
    PatientDetails,
    Provider,
    Role,
    Visit,
    VisitPhase,
    Wish,
)
from waiting_room.readiness import DeviceReport
from waiting_room.visit import (
    BIRTH_DATE_TRIES,
    MEDIA_PLACES,
    authorize,
    checks,
    handle_command,
    may,
    next_deadline,
    open_items,
    sees,
)

CLINICIANS: Final = (PROVIDER, NURSE, OTHER_PROVIDER)
BY_LINK: Final = (PATIENT, COMPANION, INTERPRETER, GUEST)
EVERYBODY: Final = (*BY_LINK, *CLINICIANS, FRONT_DESK, FAR_NURSE, OPERATOR, STRANGER, CLOCK)
PEOPLE = st.sampled_from(EVERYBODY)
IDS = st.sampled_from([one.id for one in (*BY_LINK, PROVIDER, NURSE)] + ["nobody"])
# Of those who came by a link: the newest device, the one before, one that never was. Staff have windows.
SESSIONS = st.sampled_from(["newest", "newest", "before", "never", "window", "second window"])
TO = st.sampled_from([Provider(one.id, one.name) for one in CLINICIANS])
MINUTE = timedelta(minutes=1)
ITEM_KEYS = st.sampled_from([item.key for item in ITEMS])
ANYTHING = st.one_of(
    st.builds(do.Arrive, actor=PEOPLE, participant=IDS, session=st.just("new"), ask_birth_date=st.booleans()),
    st.builds(do.JoinWaitingRoom, actor=PEOPLE, participant=IDS, session=SESSIONS),
    st.builds(do.Connect, actor=PEOPLE, participant=IDS, session=SESSIONS),
    st.builds(do.LoseConnection, actor=PEOPLE, participant=IDS, session=SESSIONS),
    st.builds(do.Leave, actor=PEOPLE, participant=IDS, session=SESSIONS),
    st.builds(do.SignOff, actor=PEOPLE),
    st.builds(
        do.NoteModality,
        actor=PEOPLE,
        participant=IDS,
        session=SESSIONS,
        modality=st.sampled_from(Modality),
        reason=st.just("network"),
    ),
    st.builds(do.Say, actor=PEOPLE, participant=IDS, session=SESSIONS, line=IDS, text=st.just("Hello")),
    st.builds(
        do.ConfirmBirthDate,
        actor=PEOPLE,
        participant=IDS,
        session=SESSIONS,
        birth_date=st.sampled_from([BORN, NOON.date()]),
    ),
    st.builds(
        do.AnswerCheckIn,
        actor=PEOPLE,
        participant=IDS,
        session=SESSIONS,
        item=ITEM_KEYS,
        answer=st.sampled_from([*ANSWERS.values(), {"state": "NJ", "address": "1 Sample Street"}]),
    ),
    st.builds(do.ReportReadiness, actor=PEOPLE, participant=IDS, report=st.builds(DeviceReport)),
    st.builds(do.ReportCheckIn, actor=PEOPLE, item=ITEM_KEYS, done=st.booleans()),
    st.builds(do.Waive, actor=PEOPLE, item=ITEM_KEYS, reason=st.sampled_from(WaiveReason)),
    st.builds(do.Look, actor=PEOPLE),
    st.builds(
        do.Admit,
        actor=PEOPLE,
        participant=IDS,
        session=SESSIONS,
        confirmed=st.frozensets(st.sampled_from(["identity", "licence"])),
        licences=st.frozensets(st.sampled_from(["NY", "CT"])),
    ),
    st.builds(do.Enter, actor=PEOPLE, session=SESSIONS),
    st.builds(do.Hold, actor=PEOPLE, participant=IDS),
    st.builds(do.ReturnToWaiting, actor=PEOPLE, participant=IDS),
    st.builds(do.HandOver, actor=PEOPLE, to=TO, to_role=st.sampled_from([Role.NURSE, Role.PROVIDER, Role.FRONT_DESK])),
    st.builds(do.Remove, actor=PEOPLE, participant=IDS),
    st.builds(
        do.Invite,
        actor=PEOPLE,
        participant=IDS,
        role=st.sampled_from(Role),
        name=st.just("Sample Guest"),
        lives=st.integers(0, 70).map(lambda minutes: minutes * MINUTE),
    ),
    st.builds(do.End, actor=PEOPLE),
    st.builds(do.Complete, actor=PEOPLE),
    st.builds(do.MarkNoShow, actor=PEOPLE),
    st.builds(
        do.SendMessage,
        actor=PEOPLE,
        participant=IDS,
        session=SESSIONS,
        message=st.sampled_from("abc"),
        text=st.sampled_from(["", "Hello"]),
        canned=st.sampled_from(["", *sorted(CANNED)]),
    ),
    st.builds(
        do.ReadMessages,
        actor=PEOPLE,
        participant=IDS,
        session=SESSIONS,
        message=st.sampled_from("abc"),
        read=st.booleans(),
    ),
    st.builds(do.TellLate, actor=PEOPLE, minutes=st.integers(-1, 250)),
    st.builds(do.AskFor, actor=PEOPLE, participant=IDS, session=SESSIONS, wish=st.sampled_from(Wish)),
    st.builds(do.RecordCall, actor=PEOPLE, reason=st.sampled_from(CallReason), result=st.sampled_from(CallResult)),
    st.builds(do.KeepNote, actor=PEOPLE, text=st.sampled_from(["", "Prefers mornings"])),
    st.builds(do.RenewLink, actor=PEOPLE, participant=IDS),
    st.builds(do.Cancel, actor=PEOPLE),
    st.builds(do.PassTime, actor=PEOPLE),
)
# Else most visits would be over before anybody has come.
SELDOM = st.integers(0, 7).map(lambda drawn: drawn == 7)
MOSTLY_SHORT = st.sampled_from([0, 1, 1, 2, 5, 5, 9, 11, 11, 31])
EVERYTHING_CHECKED: Final = frozenset({"identity", "licence"})


class VisitMachine(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.now = NOON - 35 * MINUTE
        self.events: list[ev.Event] = []
        self.sessions: dict[str, list[str]] = {}
        self.dead: set[str] = set()
        self.ask = False

    @initialize(
        ask=st.booleans(),
        items=st.sampled_from([(), (), ITEMS[:1], ITEMS]),
        providers=st.sampled_from([(PROVIDER,), (), (PROVIDER, OTHER_PROVIDER)]),
        steps=st.integers(0, 4),
    )
    def book(self, ask: bool, items: tuple[CheckInItem, ...], providers: tuple[Actor, ...], steps: int) -> None:  # noqa: FBT001 - drawn
        self.ask = ask
        details = PatientDetails(birth_date=BORN if ask else None)
        self.visit: Visit = booked(now=self.now, check_in=items, providers=providers, details=details)
        # Some begin in the midst of a visit, so that what comes late in one is tried as often as what comes first.
        if steps > 0:
            self.now = NOON
            self.the_patient_comes()
        if steps > 1:
            self.a_clinician_admits(NURSE, PATIENT)
        if steps > 2:
            self.the_patient_is_handed_over(NURSE, PROVIDER)
        if steps > 3:
            self.a_clinician_admits(PROVIDER, PATIENT)

    # What happens.

    @rule(minutes=MOSTLY_SHORT)
    def time_passes(self, minutes: int) -> None:
        self.now += minutes * MINUTE
        before, after = self.visit, handle_command(self.visit, do.PassTime(), now=self.now).visit
        if after.phase.final:
            return
        for one in before.participants:
            new = after.find(one.id)
            assert new
            gone = one.phase.present and one.lost_at is not None and self.now >= one.lost_at + before.grace
            assert new.phase.present == (one.phase.present and not gone), "the grace period, and no longer"

    @rule(who=st.sampled_from(BY_LINK))
    def somebody_taps_start(self, who: Actor) -> None:
        self.give(do.Arrive(actor=who, participant=who.id, session="new", ask_birth_date=self.ask))
        self.give(do.Connect(actor=who, participant=who.id, session="newest"))

    @rule()
    def the_patient_does_what_is_asked(self) -> None:
        facts: dict[str, Any] = {"actor": PATIENT, "participant": PATIENT.id, "session": "newest"}
        self.give(do.ConfirmBirthDate(**facts, birth_date=BORN))
        for key, answer in ANSWERS.items():
            self.give(do.AnswerCheckIn(**facts, item=key, answer=answer))
        self.give(do.ReportCheckIn(actor=OPERATOR, item="insurance", done=True))

    @rule()
    def the_patient_comes(self) -> None:
        self.somebody_taps_start(PATIENT)
        self.the_patient_does_what_is_asked()
        self.somebody_goes_into_the_line(PATIENT)

    @rule(who=st.sampled_from(BY_LINK))
    def somebody_goes_into_the_line(self, who: Actor) -> None:
        self.give(do.JoinWaitingRoom(actor=who, participant=who.id, session="newest"))

    @rule(by=st.sampled_from(CLINICIANS), who=st.sampled_from([PATIENT, PATIENT, COMPANION, INTERPRETER, GUEST]))
    def a_clinician_admits(self, by: Actor, who: Actor) -> None:
        self.give(do.Admit(actor=by, participant=who.id, session="window", confirmed=EVERYTHING_CHECKED))

    @rule(by=st.sampled_from(CLINICIANS), kind=st.sampled_from([do.Hold, do.ReturnToWaiting]))
    def the_patient_goes_out_of_the_picture(self, by: Actor, kind: type[do.Hold]) -> None:
        self.give(kind(actor=by, participant=PATIENT.id))

    @rule(by=st.sampled_from(CLINICIANS), to=st.sampled_from(CLINICIANS))
    def the_patient_is_handed_over(self, by: Actor, to: Actor) -> None:
        self.give(do.HandOver(actor=by, to=Provider(to.id, to.name), to_role=to.role))

    @rule(by=st.sampled_from((FRONT_DESK, *CLINICIANS)), guest=st.sampled_from((COMPANION, INTERPRETER, GUEST)))
    def a_guest_is_invited(self, by: Actor, guest: Actor) -> None:
        self.give(do.Invite(actor=by, participant=guest.id, role=guest.role, name="Sample Guest", lives=30 * MINUTE))

    @rule(who=st.sampled_from((PATIENT, COMPANION, PROVIDER, NURSE)))
    def a_connection_is_lost(self, who: Actor) -> None:
        self.give(do.LoseConnection(actor=who, participant=who.id, session="newest"))

    @rule(who=st.sampled_from((PATIENT, COMPANION)), seldom=SELDOM)
    def a_link_is_renewed(self, who: Actor, seldom: bool) -> None:  # noqa: FBT001 - drawn
        if seldom:
            self.give(do.RenewLink(actor=FRONT_DESK, participant=who.id))

    @rule(
        minutes=st.sampled_from([-60, 10, 10, 20, 3000]),
        providers=st.sampled_from([None, (), (PROVIDER,)]),
        seldom=SELDOM,
    )
    def the_appointment_is_moved(self, minutes: int, providers: tuple[Actor, ...] | None, seldom: bool) -> None:  # noqa: FBT001 - drawn
        if not seldom:
            return
        named = None if providers is None else tuple(Provider(one.id, one.name) for one in providers)
        self.give(reschedule(self.now + minutes * MINUTE, providers=named))

    @rule(by=st.sampled_from((FRONT_DESK, *CLINICIANS)), who=st.sampled_from(BY_LINK), number=st.integers(0, 3))
    def words_are_said(self, by: Actor, who: Actor, number: int) -> None:
        facts: dict[str, Any] = {"actor": who, "participant": who.id, "session": "newest"}
        self.give(do.SendMessage(actor=by, participant=who.id, message=f"to {number}", canned="soon"))
        self.give(do.SendMessage(**facts, message=f"from {number}", text="Hello"))
        self.give(do.ReadMessages(**facts, message=f"to {number}", read=bool(number % 2)))
        self.give(do.TellLate(actor=by, minutes=5 * number))
        self.give(do.AskFor(**facts, wish=Wish.CALL))
        self.give(do.NoteModality(**facts, modality=Modality.AUDIO, reason="network"))
        self.give(do.Say(**facts, line=f"{who.id}.{number}", text="Hello"))

    @rule(command=ANYTHING)
    def anybody_does_anything(self, command: do.Command) -> None:
        self.give(command)

    @precondition(lambda self: next_deadline(self.visit) is not None)
    @rule(seldom=SELDOM)
    def the_clock_reaches_the_deadline(self, seldom: bool) -> None:  # noqa: FBT001 - drawn
        deadline = next_deadline(self.visit)
        assert deadline is not None
        if deadline > self.now + 30 * MINUTE and not seldom:
            return
        if deadline > self.now:
            early = handle_command(self.visit, do.PassTime(), now=max(self.now, deadline - timedelta(seconds=1)))
            assert early.visit == self.visit, "nothing is due before the deadline"
            assert not early.events
        self.now = max(self.now, deadline)
        before = self.visit
        self.give(do.PassTime())
        assert self.visit != before, "a deadline that changes nothing would be found due for ever"

    # What is looked at with each command.

    def give(self, command: do.Command) -> None:
        before, command = self.visit, self.with_session(command)
        try:
            outcome = handle_command(before, command, now=self.now)
        except WaitingRoomError:
            return
        if not outcome.events:
            assert outcome.visit == before, "whatever changes is told by an event"
        if before.phase.final:
            self.check_final(before, command, outcome.visit)
        self.check_devices(before, outcome.visit, outcome.events)
        self.check_admission(before, command, outcome)
        if isinstance(command, do.JoinWaitingRoom) and any(
            isinstance(e, ev.ParticipantWaiting) for e in outcome.events
        ):
            self.check_gate(command, outcome.visit)
        self.visit = outcome.visit
        self.events.extend(outcome.events)

    def with_session(self, command: Any) -> do.Command:
        """Put the name of a real device or window in: every tap on Start mints one, as the server does."""
        which = getattr(command, "session", None)
        if which is None:
            return command  # type: ignore[no-any-return]
        mine = self.sessions.setdefault(command.actor.id, [])
        if which == "new":
            mine.append(f"{command.actor.id} {len(mine)}")
        elif which in {"window", "second window"}:
            return command  # type: ignore[no-any-return]
        if not command.actor.role.by_link:
            found = self.visit.find(command.actor.id)
            return replace(command, session=(found.session if found else None) or "window")  # type: ignore[no-any-return]
        place = {"new": -1, "newest": -1, "before": -2}.get(which, -99)
        return replace(command, session=mine[place] if len(mine) >= -place else "never")  # type: ignore[no-any-return]

    def check_final(self, before: Visit, command: do.Command, after: Visit) -> None:
        """Afterwards only what staff note about it may change."""
        assert isinstance(command, do.Look | do.KeepNote | do.RecordCall) or after == before
        kept = tuple(replace(one, modality=None) for one in after.participants)
        assert kept == tuple(replace(one, modality=None) for one in before.participants)
        assert replace(after, note="", calls=(), participants=()) == replace(before, note="", calls=(), participants=())

    def check_devices(self, before: Visit, after: Visit, events: tuple[ev.Event, ...]) -> None:
        """Whatever spoke for somebody and does not any more was told by an event, and never speaks again."""
        moved = any(isinstance(one, ev.VisitRescheduled) for one in events)
        told = {one.old_session for one in events if isinstance(one, ev.DeviceReplaced)}
        renewed = {one.participant for one in events if isinstance(one, ev.LinkRenewed)}
        left = {one.participant for one in events if isinstance(one, ev.ParticipantLeft)}
        for old in before.participants:
            new = after.find(old.id)
            if new is None:
                assert moved, "nobody is forgotten"
                assert not old.role.by_link
                continue
            if old.phase is ParticipantPhase.REMOVED and not (moved and old.role is Role.PATIENT):
                assert new.phase is ParticipantPhase.REMOVED
            if old.role.by_link and old.session is not None and new.session != old.session:
                assert old.session in told or moved or {old.id} & (renewed | left)
                self.dead.add(old.session)
            if new.session not in {None, old.session} and old.role in {Role.COMPANION, Role.INTERPRETER, Role.GUEST}:
                assert new.phase is not ParticipantPhase.IN_VISIT, "staff let each device of a guest in"

    def check_admission(self, before: Visit, command: do.Command, outcome: Any) -> None:
        """Into the media nobody comes but by a clinician's Admit or Enter, and staff only for themselves."""
        inside = {one.id for one in before.in_media}
        for came in (one for one in outcome.visit.in_media if one.id not in inside):
            assert isinstance(command, do.Admit | do.Enter)
            assert command.actor.role in {Role.NURSE, Role.PROVIDER}
            assert sees(before, command.actor)
            if came.role.by_link:
                assert isinstance(command, do.Admit)
                assert came.id == command.participant
                assert came.identity is not Identity.ASKED
                due = handle_command(before, do.PassTime(), now=self.now).visit
                asked = checks(due, command.licences) if came.role is Role.PATIENT else ()
                assert set(asked) <= command.confirmed
            else:
                assert came.id == command.actor.id

    def check_gate(self, command: do.JoinWaitingRoom, after: Visit) -> None:
        if command.participant == after.patient.id:
            assert open_items(after) == ()
            assert after.patient.identity is not Identity.ASKED

    # What always holds.

    @invariant()
    def media_never_holds_more_than_its_places(self) -> None:
        assert len(self.visit.in_media) <= MEDIA_PLACES

    @invariant()
    def media_is_empty_unless_the_visit_is_in_progress(self) -> None:
        assert not self.visit.in_media or self.visit.phase is VisitPhase.IN_PROGRESS

    @invariant()
    def nobody_is_in_the_picture_who_owes_the_date_of_birth(self) -> None:
        assert not any(one.identity is Identity.ASKED for one in self.visit.in_media)

    @invariant()
    def there_is_one_patient_and_everybody_stands_there_once(self) -> None:
        assert [one.id for one in self.visit.participants if one.role is Role.PATIENT] == [PATIENT.id]
        ids = [one.id for one in self.visit.participants]
        assert len(set(ids)) == len(ids)

    @invariant()
    def one_device_speaks_for_a_person_and_none_that_was_put_off(self) -> None:
        for one in self.visit.participants:
            mine = [*self.sessions.get(one.id, []), "window", "second window", "never"]
            speaking = [session for session in mine if self.speaks(self.visit, one, session)]
            assert len(speaking) <= 1
            assert not self.dead & set(speaking)
            assert not speaking or not self.visit.phase.final

    @invariant()
    def a_guests_link_ends_with_its_time(self) -> None:
        """Nobody comes by it any more; the device of one who is there stays, until they go."""
        now = handle_command(self.visit, do.PassTime(), now=self.now).visit
        for one in now.participants:
            if one.link_expires_at is None or self.now < one.link_expires_at:
                continue
            speaking = [session for session in self.sessions.get(one.id, []) if self.speaks(now, one, session)]
            assert not speaking or one.phase.present
            who = Actor(one.id, one.role)
            with pytest.raises(WaitingRoomError):
                handle_command(now, do.Arrive(actor=who, participant=one.id, session="another"), now=self.now)

    @staticmethod
    def speaks(visit: Visit, who: Participant, session: str) -> bool:
        try:
            authorize(visit, who.id, session)
        except WaitingRoomError:
            return False
        return True

    @invariant()
    def guesses_at_a_link_are_few(self) -> None:
        wrong = 0
        for event in self.events:
            if isinstance(event, ev.IdentityMismatched):
                wrong += 1
                assert wrong <= BIRTH_DATE_TRIES
            elif isinstance(event, ev.LinkRenewed | ev.VisitRescheduled):
                wrong = 0

    @invariant()
    def a_visit_that_is_not_over_has_a_deadline(self) -> None:
        assert (next_deadline(self.visit) is None) == self.visit.phase.final

    @invariant()
    def the_events_tell_who_is_in_the_media_and_what_the_visit_is(self) -> None:
        inside: set[str] = set()
        phase = VisitPhase.BOOKED
        for event in self.events:
            match event:
                case ev.ParticipantAdmitted() | ev.ParticipantEntered():
                    inside.add(event.participant)
                case (
                    ev.ParticipantLeft()
                    | ev.ParticipantRemovedByStaff()
                    | ev.ParticipantHeld()
                    | ev.ParticipantReturned()
                ):
                    inside.discard(event.participant)
                case ev.VisitOpened():
                    phase = VisitPhase.OPEN
                case ev.VisitStarted():
                    phase = VisitPhase.IN_PROGRESS
                case ev.VisitRescheduled():
                    inside, phase = set(), VisitPhase.BOOKED
                case ev.VisitCancelled():
                    inside, phase = set(), VisitPhase.CANCELLED
                case ev.VisitEnded():
                    absent = event.reason is ev.EndReason.NO_SHOW
                    inside, phase = set(), VisitPhase.NO_SHOW if absent else VisitPhase.ENDED
        assert inside == {one.id for one in self.visit.in_media}
        assert phase is self.visit.phase

    @invariant()
    def nobody_is_offered_what_is_not_theirs(self) -> None:
        for who in EVERYBODY:
            if not sees(self.visit, who):
                assert may(self.visit, who, now=self.now) == ()

    def teardown(self) -> None:
        head = START
        trail = []
        for event in self.events:
            entry = chain(event, head)
            trail.append(entry)
            head = Head(entry.number, entry.hash)
        assert verify(trail, [head] if trail else []) == head


TestVisitMachine = VisitMachine.TestCase
TestVisitMachine.settings = settings(max_examples=150, stateful_step_count=60, deadline=None)
