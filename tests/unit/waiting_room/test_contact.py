from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from tests.support.visits import (
    COMPANION,
    FRONT_DESK,
    INTERPRETER,
    NOON,
    NURSE,
    PATIENT,
    PROVIDER,
    Told,
    booked,
    in_progress,
    invite,
    kinds,
    leave,
    waiting,
    with_guest,
)
from waiting_room import commands as do
from waiting_room import errors, events
from waiting_room.contact import CANNED, MOST_CALLS, MOST_MESSAGES
from waiting_room.contact_codes import CallReason, CallResult
from waiting_room.model import Actor, LateNotice, Message, Modality, Wish
from waiting_room.retention import purged

MINUTE = timedelta(minutes=1)


def say(message: str, by: Actor = NURSE, to: Actor = PATIENT, **words: Any) -> do.SendMessage:
    session = {PATIENT: "phone"}.get(by, "guest's") if by.role.by_link else ""
    return do.SendMessage(actor=by, participant=to.id, message=message, session=session, **words)


def read(message: str, by: Actor = PATIENT, thread: Actor = PATIENT, *, seen: bool = True) -> do.ReadMessages:
    session = {PATIENT: "phone"}.get(by, "guest's") if by.role.by_link else ""
    return do.ReadMessages(actor=by, participant=thread.id, session=session, message=message, read=seen)


def call(result: CallResult = CallResult.SOLVED, **facts: Any) -> do.RecordCall:
    return do.RecordCall(actor=NURSE, reason=CallReason.ASKED, result=result, **facts)


def wish(for_: Wish = Wish.CALL) -> do.AskFor:
    return do.AskFor(actor=PATIENT, participant=PATIENT.id, session="phone", wish=for_)


def ids(messages: Sequence[Message]) -> list[str]:
    return [one.id for one in messages]


def test_the_link_alone_asks_for_a_call_and_for_nothing_else() -> None:
    told = waiting()
    told.give(replace(wish(), session=None))
    assert [one for one, _ in told.visit.wishes] == [Wish.CALL]
    with pytest.raises(errors.WrongState):
        told.give(replace(wish(Wish.COMPANION), session=None))


def test_staff_and_patient_write_to_each_other() -> None:
    told = waiting()
    told.give(say("1", text="  Is your sound fine?\nPlease say. "))
    told.give(say("2", PATIENT, text="Yes"))
    first, second = told.visit.messages
    assert (first.text, first.thread, first.sender_name) == (
        "Is your sound fine?\nPlease say.",
        PATIENT.id,
        "Sample Nurse",
    )
    assert (second.sender_name, second.sender_role) == ("Sample Patient", PATIENT.role)


@pytest.mark.parametrize("canned", sorted(CANNED))
def test_ready_sentences_travel_by_name(canned: str) -> None:
    told = waiting()
    told.give(say("1", canned=canned))
    assert (told.visit.messages[0].canned, told.visit.messages[0].text) == (canned, "")


@pytest.mark.parametrize(
    "words",
    [
        {},
        {"text": "  \n "},
        {"text": "Hello", "canned": "soon"},
        {"canned": "hurry"},
        {"text": "x" * 501},
        {"text": "a\x07b"},
        {"text": "a\u202eb"},
    ],
)
def test_words_that_cannot_be_shown_are_refused(words: dict[str, Any]) -> None:
    assert isinstance(waiting().refused(say("1", **words)), errors.InvalidText)


def test_ready_sentences_are_the_staffs() -> None:
    assert isinstance(waiting().refused(say("1", PATIENT, canned="soon")), errors.InvalidText)


def test_no_word_is_in_the_trail() -> None:
    told = waiting()
    told.give(say("1", text="A secret"))
    told.give(call(note="A secret"))
    told.give(do.KeepNote(actor=NURSE, text="A secret"))
    assert "secret" not in repr(told.events)
    assert "secret" not in repr(told.visit)


def test_a_message_is_delivered_before_it_is_read() -> None:
    told = waiting()
    told.give(say("1", text="Hello"))
    (delivered,) = told.give(read("1", seen=False))
    assert isinstance(delivered, events.MessageDelivered)
    assert told.give(read("1", seen=False), after=MINUTE) == ()
    (seen,) = told.give(read("1"), after=MINUTE)
    assert isinstance(seen, events.MessageRead)
    message = told.visit.messages[0]
    assert (message.delivered_at, message.read_at) == (NOON, NOON + 2 * MINUTE)
    assert told.give(read("1"), after=MINUTE) == ()


def test_read_at_once_is_delivered_at_once() -> None:
    told = waiting()
    told.give(say("1", text="Hello"))
    told.give(read("1"))
    assert told.visit.messages[0].delivered_at == told.visit.messages[0].read_at == NOON


def test_reading_goes_up_to_a_message_and_not_beyond() -> None:
    told = waiting()
    for number in "123":
        told.give(say(number, text="Hello"))
    told.give(read("2"))
    assert [one.read_at is not None for one in told.visit.messages] == [True, True, False]


def test_nobody_reads_their_own_words_for_the_other_side() -> None:
    told = waiting()
    told.give(say("1", text="Hello"))
    told.give(say("2", PATIENT, text="Hello"))
    told.give(read("2"))
    assert [one.read_at is not None for one in told.visit.messages] == [True, False]
    told.give(read("2", PROVIDER))
    assert all(one.read_at for one in told.visit.messages)


def test_another_thread_is_untouched() -> None:
    told = with_guest(waiting())
    told.give(say("1", text="To the patient"))
    told.give(say("2", to=INTERPRETER, text="To the interpreter"))
    told.give(read("2", INTERPRETER, INTERPRETER))
    assert [one.read_at is not None for one in told.visit.messages] == [False, True]
    assert isinstance(told.refused(read("2")), errors.MessageUnknown)
    assert isinstance(told.refused(read("1", INTERPRETER, INTERPRETER)), errors.MessageUnknown)


def test_nobody_writes_in_anothers_thread() -> None:
    told = with_guest(waiting())
    assert isinstance(told.refused(say("1", INTERPRETER, PATIENT, text="I am the patient")), errors.Forbidden)
    assert isinstance(told.refused(read("1", INTERPRETER, PATIENT)), errors.Forbidden)


def test_staff_write_to_those_who_came_by_a_link_and_are_there() -> None:
    told = in_progress()
    assert isinstance(told.refused(say("1", to=PROVIDER, text="Psst")), errors.WrongState)
    told.give(invite(COMPANION))
    assert isinstance(told.refused(say("1", to=COMPANION, text="Come")), errors.WrongState)
    told.give(leave())
    assert isinstance(told.refused(say("1", text="Come back")), errors.WrongState)


def test_one_who_writes_without_end_silences_nobody_else() -> None:
    told = with_guest(waiting())
    for number in range(MOST_MESSAGES):
        told.give(say(f"p{number}", PATIENT, text="Hello?"))
    refusal = told.refused(say("more", PATIENT, text="Hello?"))
    assert isinstance(refusal, errors.TooMany)
    assert refusal.facts == {"what": "messages"}
    told.give(say("staff", text="We are here"))
    told.give(say("guest", INTERPRETER, INTERPRETER, text="And I"))
    assert ids(told.visit.messages)[-2:] == ["staff", "guest"]


def test_what_was_said_ends_with_the_visit() -> None:
    told = in_progress()
    told.give(say("1", text="Hello"))
    told.give(wish())
    told.give(do.End(actor=PROVIDER))
    assert (told.visit.messages, told.visit.wishes) == ((), ())


# Late notices.


def test_a_late_notice_is_told_and_taken_back() -> None:
    told = waiting()
    assert told.give(do.TellLate(actor=FRONT_DESK, minutes=0)) == ()
    (late,) = told.give(do.TellLate(actor=FRONT_DESK, minutes=20))
    assert isinstance(late, events.LateTold)
    assert told.visit.late == LateNotice(20, NOON)
    told.give(do.TellLate(actor=FRONT_DESK, minutes=0))
    assert told.visit.late is None


@pytest.mark.parametrize("minutes", [-1, 241])
def test_nobody_is_later_than_four_hours(minutes: int) -> None:
    assert isinstance(waiting().refused(do.TellLate(actor=NURSE, minutes=minutes)), errors.InvalidText)


# Wishes and calls.


def test_a_wish_is_made_once_and_keeps_its_time() -> None:
    told = waiting()
    assert kinds(told.give(wish())) == ["WishMade"]
    assert told.give(wish(), after=MINUTE) == ()
    assert told.visit.wishes == ((Wish.CALL, NOON),)


def test_a_call_answers_the_wish_for_it_and_no_other() -> None:
    told = waiting()
    told.give(wish())
    told.give(wish(Wish.INTERPRETER))
    (recorded,) = told.give(call(CallResult.NO_ANSWER, note="Rang twice"))
    assert isinstance(recorded, events.CallRecorded)
    assert (recorded.reason, recorded.result) == ("asked", "no_answer")
    assert [one for one, _ in told.visit.wishes] == [Wish.INTERPRETER]
    (kept,) = told.visit.calls
    assert (kept.by, kept.by_name, kept.note) == (NURSE.id, NURSE.name, "Rang twice")


def test_a_visit_by_phone_is_the_patients_modality() -> None:
    told = waiting()
    assert kinds(told.give(call(CallResult.VISIT_BY_PHONE))) == ["CallRecorded", "ModalityChanged"]
    assert told.visit.patient.modality is Modality.PHONE
    assert kinds(told.give(call(CallResult.VISIT_BY_PHONE))) == ["CallRecorded"]


def test_a_call_after_the_visit_is_still_recorded() -> None:
    told = in_progress()
    told.give(do.End(actor=PROVIDER))
    told.give(call())
    told.give(do.KeepNote(actor=NURSE, text="Rang back"))
    assert (len(told.visit.calls), told.visit.note) == (1, "Rang back")


def test_the_newest_calls_are_kept() -> None:
    told = waiting()
    for number in range(MOST_CALLS + 1):
        told.give(call(note=str(number)))
    assert [one.note for one in told.visit.calls] == [str(number) for number in range(1, MOST_CALLS + 1)]


def test_the_staffs_note_is_replaced() -> None:
    told = Told(booked())
    told.give(do.KeepNote(actor=FRONT_DESK, text="Prefers mornings"))
    assert told.give(do.KeepNote(actor=NURSE, text="Prefers mornings")) == ()
    told.give(do.KeepNote(actor=NURSE, text=""))
    assert told.visit.note == ""
    assert isinstance(told.refused(do.KeepNote(actor=NURSE, text="x" * 1001)), errors.InvalidText)


@pytest.mark.parametrize("late", [call(note="Her knee"), do.KeepNote(actor=NURSE, text="Her knee")])
def test_after_retention_nothing_of_the_patient_is_written_again(late: do.Command) -> None:
    told = in_progress()
    told.give(do.End(actor=PROVIDER))
    told.visit = purged(told.visit, now=NOON).visit
    refusal = told.refused(late)
    assert isinstance(refusal, errors.WrongState)
    assert refusal.facts["state"] == "purged"


def test_a_replaced_device_neither_writes_reads_nor_wishes() -> None:
    told = waiting()
    told.give(say("1", text="Hello"))
    for command in (say("2", PATIENT, text="Hello"), read("1"), wish()):
        assert isinstance(told.refused(replace(command, session="tablet")), errors.SessionReplaced)
