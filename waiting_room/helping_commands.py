"""What a patient asks about a helper; the other commands stand in `waiting_room.commands`."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import ClassVar

from waiting_room.commands import Command
from waiting_room.roles import Action

__all__ = ["InviteHelper"]


@dataclass(frozen=True, slots=True, kw_only=True)
class InviteHelper(Command):
    """Ask somebody to get the patient ready. ``helper`` is that person's id: the one of the visit's helper where there is one."""

    action: ClassVar[Action] = Action.INVITE_HELPER
    participant: str
    session: str = field(repr=False)
    helper: str
