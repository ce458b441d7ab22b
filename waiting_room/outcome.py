"""What a command came to."""

from __future__ import annotations

from dataclasses import dataclass

from waiting_room.events import Event
from waiting_room.model import Visit

__all__ = ["Outcome"]


@dataclass(frozen=True, slots=True)
class Outcome:
    """The state after a command, and what happened; no event means nothing changed."""

    visit: Visit
    events: tuple[Event, ...] = ()
