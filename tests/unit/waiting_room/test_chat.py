from __future__ import annotations

from datetime import timedelta

import pytest

from tests.support.visits import (
    INTERPRETER,
    NURSE,
    PATIENT,
    PROVIDER,
    Told,
    admit,
    in_progress,
    kinds,
    leave,
    reschedule,
    waiting,
    with_guest,
)
from waiting_room import commands as do
from waiting_room import errors
from waiting_room.chat import MOST_CHARACTERS, MOST_LINES
from waiting_room.model import Actor


def say(line: str, by: Actor = PATIENT, text: str = "Hello", session: str = "phone") -> do.Say:
    return do.Say(actor=by, participant=by.id, session=session, line=line, text=text)


def session_of(told: Told, who: Actor) -> str:
    found = told.visit.find(who.id)
    assert found is not None
    return found.session or ""


def test_those_in_the_visit_write_to_each_other() -> None:
    told = in_progress()
    told.give(say("1", text="  I hear you\n"))
    told.give(say("2", PROVIDER, "Good", session_of(told, PROVIDER)))
    assert [(one.sender_name, one.text) for one in told.visit.chat] == [
        (told.visit.patient.name, "I hear you"),
        (PROVIDER.name, "Good"),
    ]


def test_the_trail_says_that_somebody_wrote_and_not_what() -> None:
    told = in_progress()
    events = told.give(say("1", text="Canary words"))
    assert kinds(events) == ["ChatWritten"]
    assert "Canary" not in repr((told.visit, events))


def test_a_line_that_is_sent_again_stands_once() -> None:
    told = in_progress()
    told.give(say("1"))
    assert told.give(say("1")) == ()
    assert len(told.visit.chat) == 1


def test_nobody_writes_who_is_not_in_the_visit() -> None:
    assert isinstance(waiting().refused(say("1")), errors.WrongState)
    told = with_guest(in_progress())
    assert isinstance(told.refused(say("1", INTERPRETER, session="guest's")), errors.WrongState)
    told.give(do.Hold(actor=PROVIDER, participant=PATIENT.id))
    assert isinstance(told.refused(say("2")), errors.WrongState)
    assert isinstance(told.refused(say("3", NURSE, session="")), errors.ParticipantUnknown)
    in_another_name = do.Say(actor=PROVIDER, participant=PATIENT.id, session="phone", line="4", text="Hello")
    assert isinstance(told.refused(in_another_name), errors.Forbidden)


def test_an_older_window_does_not_write() -> None:
    assert isinstance(in_progress().refused(say("1", session="another")), errors.SessionReplaced)


@pytest.mark.parametrize("text", ["", " \n", "x" * 501, "turned \u202e round"])
def test_a_line_is_bounded_and_plain(text: str) -> None:
    assert isinstance(in_progress().refused(say("1", text=text)), errors.InvalidText)


def test_who_writes_without_end_leaves_the_others_their_room() -> None:
    told = in_progress()
    for number in range(MOST_LINES):
        told.give(say(str(number)))
    assert isinstance(told.refused(say("more")), errors.TooMany)
    told.give(say("other", PROVIDER, session=session_of(told, PROVIDER)))


def test_what_one_person_writes_is_bounded_in_length_too() -> None:
    told = in_progress()
    for number in range(MOST_CHARACTERS // 500):
        told.give(say(str(number), text="x" * 500))
    assert isinstance(told.refused(say("more", text="x")), errors.TooMany)
    assert told.give(say("0", text="x" * 500)) == ()


def test_it_stays_while_people_come_and_go() -> None:
    told = with_guest(in_progress())
    told.give(say("1"))
    told.give(admit(who=INTERPRETER))
    told.give(leave())
    assert [one.id for one in told.visit.chat] == ["1"]


@pytest.mark.parametrize("over", [do.End(actor=PROVIDER), do.Complete(actor=PROVIDER)])
def test_it_goes_with_the_visit(over: do.Command) -> None:
    told = in_progress()
    told.give(say("1"))
    told.give(over)
    assert told.visit.chat == ()


def test_it_goes_with_a_visit_that_time_alone_ends() -> None:
    told = in_progress()
    told.give(say("1"))
    told.give(do.PassTime(), after=timedelta(days=2))
    assert told.visit.phase.final
    assert told.visit.chat == ()


def test_what_was_written_is_not_for_another_time() -> None:
    told = in_progress()
    told.give(say("1"))
    assert isinstance(told.refused(reschedule(told.now + timedelta(days=1))), errors.WrongState)
