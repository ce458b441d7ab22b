"""S63, its first invariants: whatever people, devices and clocks do, in whatever order, the rules of the visit hold."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from tests.support.visits import FRONT_DESK, NOON, NURSE, OTHER_PROVIDER, PATIENT, PROVIDER, booked
from waiting_room import commands as do
from waiting_room import events as ev
from waiting_room.errors import WaitingRoomError
from waiting_room.model import Actor, ParticipantPhase, Role
from waiting_room.visit import MEDIA_PLACES, authorize, handle_command, next_deadline

STRANGER = Actor("stranger", Role.PATIENT)
SESSIONS = st.sampled_from(["phone", "tablet", "window", "second window"])
PEOPLE = st.sampled_from([PATIENT, PROVIDER, NURSE, OTHER_PROVIDER, FRONT_DESK, STRANGER])
IDS = st.sampled_from([PATIENT.id, PROVIDER.id, NURSE.id, "nobody"])
COMMANDS = st.one_of(
    st.builds(do.Arrive, actor=PEOPLE, participant=IDS, session=SESSIONS),
    st.builds(do.JoinWaitingRoom, actor=PEOPLE, participant=IDS, session=SESSIONS),
    st.builds(do.Connect, actor=PEOPLE, participant=IDS, session=SESSIONS),
    st.builds(do.LoseConnection, actor=PEOPLE, participant=IDS, session=SESSIONS),
    st.builds(do.Leave, actor=PEOPLE, participant=IDS, session=SESSIONS),
    st.builds(do.Admit, actor=PEOPLE, participant=IDS, session=SESSIONS),
    st.builds(do.Enter, actor=PEOPLE, session=SESSIONS),
    st.builds(do.Remove, actor=PEOPLE, participant=IDS),
    st.builds(do.End, actor=PEOPLE),
    st.builds(do.Cancel, actor=PEOPLE),
    st.builds(do.PassTime),
)
# Those that make up a journey, given more often than chance would.
LIKELY = st.sampled_from(
    [
        do.Arrive(actor=PATIENT, participant=PATIENT.id, session="phone"),
        do.Connect(actor=PATIENT, participant=PATIENT.id, session="phone"),
        do.JoinWaitingRoom(actor=PATIENT, participant=PATIENT.id, session="phone"),
        do.Admit(actor=PROVIDER, participant=PATIENT.id, session="window"),
        do.Admit(actor=NURSE, participant=PATIENT.id, session="second window"),
        do.LoseConnection(actor=PROVIDER, participant=PROVIDER.id, session="window"),
        do.Enter(actor=NURSE, session="second window"),
    ]
)


class VisitMachine(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.now = NOON - timedelta(minutes=45)
        self.visit = booked(now=self.now)
        self.events: list[ev.Event] = []

    @rule(minutes=st.sampled_from([0, 1, 9, 11, 30, 61, 700]))
    def time_passes(self, minutes: int) -> None:
        self.now += timedelta(minutes=minutes)

    @rule(command=LIKELY)
    def somebody_goes_on(self, command: do.Command) -> None:
        self.give(command)

    @rule(command=COMMANDS)
    def anybody_does_anything(self, command: do.Command) -> None:
        self.give(command)

    @precondition(lambda self: next_deadline(self.visit) is not None)
    @rule()
    def the_clock_reaches_the_deadline(self) -> None:
        deadline = next_deadline(self.visit)
        assert deadline is not None
        self.now = max(self.now, deadline)
        before = self.visit
        self.give(do.PassTime())
        assert self.visit != before, "a deadline that changes nothing would be found due for ever"

    def give(self, command: do.Command) -> None:
        before = self.visit
        try:
            outcome = handle_command(before, command, now=self.now)
        except WaitingRoomError:
            return
        if not outcome.events:
            assert outcome.visit == before, "whatever changes is told by an event"
        if before.phase.final:
            assert outcome.visit == before
            assert outcome.events == ()
        for old in before.participants:
            new: Any = outcome.visit.find(old.id)
            if old.phase is ParticipantPhase.REMOVED:
                assert new.phase is ParticipantPhase.REMOVED
            if old.session is not None and new.session != old.session and old.role.by_link:
                assert old.session in {one.old_session for one in outcome.events if isinstance(one, ev.DeviceReplaced)}
        self.check_causes(before.in_media, command, outcome.visit.in_media)
        self.visit = outcome.visit
        self.events.extend(outcome.events)

    def check_causes(self, before: tuple[Any, ...], command: do.Command, after: tuple[Any, ...]) -> None:
        """Nobody comes into the media but by a clinician's Admit or Enter."""
        came = {one.id for one in after} - {one.id for one in before}
        if came:
            assert isinstance(command, do.Admit | do.Enter)
            assert command.actor in {PROVIDER, NURSE}
            assert came <= {PATIENT.id, command.actor.id}

    @invariant()
    def media_never_holds_more_than_its_places(self) -> None:
        assert len(self.visit.in_media) <= MEDIA_PLACES

    @invariant()
    def media_is_empty_unless_the_visit_is_in_progress(self) -> None:
        assert not self.visit.in_media or self.visit.phase == "in_progress"

    @invariant()
    def there_is_one_patient(self) -> None:
        assert [one.id for one in self.visit.participants if one.role is Role.PATIENT] == [PATIENT.id]

    @invariant()
    def a_session_speaks_for_the_patient_only_while_it_is_the_current_one(self) -> None:
        speaking = 0
        for session in ("phone", "tablet", "window", "second window"):
            try:
                authorize(self.visit, PATIENT.id, session)
            except WaitingRoomError:
                continue
            speaking += 1
        assert speaking <= 1

    @invariant()
    def the_events_tell_the_phase(self) -> None:
        """The trail alone gives back who is in the media and whether the visit is over."""
        inside: set[str] = set()
        for event in self.events:
            match event:
                case ev.ParticipantAdmitted() | ev.ParticipantEntered():
                    inside.add(event.participant)
                case ev.ParticipantLeft() | ev.ParticipantRemovedByStaff():
                    inside.discard(event.participant)
                case ev.VisitEnded() | ev.VisitCancelled():
                    inside.clear()
        assert inside == {one.id for one in self.visit.in_media}
        over = any(isinstance(event, ev.VisitEnded | ev.VisitCancelled) for event in self.events)
        assert over == self.visit.phase.final


TestVisitMachine = VisitMachine.TestCase
TestVisitMachine.settings = settings(max_examples=150, stateful_step_count=40, deadline=None)
