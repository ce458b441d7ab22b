"""What the trail tells of a visit's chat: that somebody wrote, never what."""

from __future__ import annotations

from dataclasses import dataclass

from waiting_room.events import Event

__all__ = ["ChatWritten"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ChatWritten(Event):
    """A line of chat was written. Neither the words are part of the trail nor the line's name, which the page chose."""

    participant: str
