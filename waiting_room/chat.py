"""Chat: what those in a visit write to each other. It lasts as long as the visit; `waiting_room.changes.all_out` lets it go."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Final

from waiting_room import commands as do
from waiting_room.changes import facts, own, wrong_state
from waiting_room.chat_events import ChatWritten
from waiting_room.errors import InvalidText, TooMany
from waiting_room.model import ChatLine, Participant, ParticipantPhase, Visit
from waiting_room.outcome import Outcome
from waiting_room.text import check_text

__all__ = ["reads", "say"]

TEXT_LENGTH: Final = 500
MOST_LINES: Final = 200
MOST_CHARACTERS: Final = 20_000
"""From each person: who writes without end leaves the others their room. All of it goes to every page that it concerns."""


def say(visit: Visit, command: do.Say, now: datetime) -> Outcome:
    """Keep a line. Repeating one of the same name is harmless: a page sends again what it had no answer to."""
    who = own(visit, command.participant, command.session)
    if not reads(who):
        raise wrong_state(who.phase, command)
    check_text(InvalidText, "text", command.text, TEXT_LENGTH, lines=True)
    if any(one.id == command.line for one in visit.chat):
        return Outcome(visit)
    written = [len(one.text) for one in visit.chat if one.sender == who.id]
    if len(written) >= MOST_LINES or sum(written) + len(command.text) > MOST_CHARACTERS:
        raise TooMany(what="messages")
    line = ChatLine(command.line, who.id, who.name, now, command.text.strip())
    event = ChatWritten(**facts(visit, command.actor, now), participant=who.id)
    return Outcome(replace(visit, chat=(*visit.chat, line)), (event,))


def reads(who: Participant) -> bool:
    """Whether the chat is for this person now: in the visit, not on hold, and on a device that has shown whose it is."""
    return who.phase is ParticipantPhase.IN_VISIT and not who.unproven
