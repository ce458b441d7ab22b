from __future__ import annotations

from dataclasses import replace

import pytest

from signaling.captions import LIVES_S, Captions
from signaling.errors import RequestRefused
from signaling.screens import Screens
from signaling.talk import LINES, Talk
from signaling.visits import Visits
from tests.support.visits import PATIENT, PROVIDER, in_progress
from waiting_room.errors import InvalidText
from waiting_room.model import Actor, Participant, ParticipantPhase, Visit, VisitPhase


class Room:
    """Captions of one visit, on a clock that tests move."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.now = 0.0
        self.visit = in_progress().visit
        self.captions = Captions(monotonic=lambda: self.now)
        visits = Visits.__new__(Visits)
        screens = Screens()
        monkeypatch.setattr(screens, "touch_inside", lambda _: None)
        self.talk = Talk(visits=visits, screens=screens, captions=self.captions, monotonic=lambda: self.now)

    def who(self, actor: Actor) -> Participant:
        found = self.visit.find(actor.id)
        assert found is not None
        return found

    def type(self, text: str, by: Actor = PROVIDER) -> None:
        self.talk.caption(self.visit, self.who(by), text)

    def lines(self, reader: Actor = PATIENT) -> list[str]:
        shown = self.talk.shown(self.visit, self.who(reader))
        assert shown is not None
        return shown.captions.lines if shown.captions else []


@pytest.fixture
def room(monkeypatch: pytest.MonkeyPatch) -> Room:
    return Room(monkeypatch)


def test_the_newest_two_lines_are_shown(room: Room) -> None:
    for text in ("One.", "Two.", " Three. "):
        room.type(text)
    assert room.lines() == ["Two.", "Three."]


def test_a_patient_types_none(room: Room) -> None:
    with pytest.raises(RequestRefused, match="forbidden"):
        room.type("Hello", PATIENT)


def test_one_person_types_at_a_time(room: Room) -> None:
    room.type("Hello")
    assert not room.captions.type(room.visit.id, "another", "Me too")
    room.now += LIVES_S
    assert room.captions.expire() == {room.visit.id}
    assert room.captions.type(room.visit.id, "another", "Me too")


@pytest.mark.parametrize("text", ["", "x" * 201])
def test_a_line_is_bounded(room: Room, text: str) -> None:
    with pytest.raises(InvalidText):
        room.type(text)


def test_lines_without_end_are_refused(room: Room) -> None:
    for _ in range(LINES):
        room.type("Hello")
    with pytest.raises(RequestRefused, match="too_many_requests"):
        room.type("Hello")


@pytest.mark.parametrize("phase", [ParticipantPhase.ON_HOLD, ParticipantPhase.WAITING, ParticipantPhase.REMOVED])
def test_nobody_reads_outside_of_the_visit(room: Room, phase: ParticipantPhase) -> None:
    room.type("Hello")
    assert room.talk.shown(room.visit, replace(room.who(PATIENT), phase=phase)) is None


def _without_provider(visit: Visit) -> Visit:
    return replace(visit, participants=tuple(one for one in visit.participants if one.id != PROVIDER.id))


def test_they_go_with_the_visit_and_with_who_types(room: Room) -> None:
    for after in (replace(room.visit, phase=VisitPhase.ENDED), _without_provider(room.visit)):
        room.type("Hello")
        room.captions.follow(room.visit)
        assert room.lines() == ["Hello"]
        room.captions.follow(after)
        assert room.lines() == []
