"""What can be asked of a visit. Each names who asks; ``handle_command`` decides."""

from __future__ import annotations

from dataclasses import dataclass, field

from waiting_room.model import CLOCK, Actor

__all__ = [
    "Admit",
    "Arrive",
    "Cancel",
    "Command",
    "Connect",
    "End",
    "Enter",
    "JoinWaitingRoom",
    "Leave",
    "LoseConnection",
    "PassTime",
    "Remove",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """Base of all commands."""

    actor: Actor


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrive(Command):
    """The tap on Start. ``session`` is the device's; an older device of the same person is replaced."""

    participant: str
    session: str = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class JoinWaitingRoom(Command):
    """Into the line. Repeating it is harmless; from ``left`` it means back in line."""

    participant: str
    session: str = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Connect(Command):
    """The participant's device is in touch."""

    participant: str
    session: str = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class LoseConnection(Command):
    """The participant's device is out of touch. News of a replaced device change nothing."""

    participant: str
    session: str = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Leave(Command):
    """Out, of one's own will. For a patient it is not the end: the link lets them come back."""

    participant: str
    session: str = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Admit(Command):
    """Let the participant in, and the staff member who asks with them. Repeating it is harmless: clinicians double-click."""

    participant: str
    session: str = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Enter(Command):
    """The staff member who asks goes (back) into a visit in progress, on the window named by ``session``."""

    session: str = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Remove(Command):
    """That participant is out for good."""

    participant: str


@dataclass(frozen=True, slots=True, kw_only=True)
class End(Command):
    """The visit is over for everyone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cancel(Command):
    """The appointment will not take place."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PassTime(Command):
    """Let what is due happen. Every other command implies it."""

    actor: Actor = CLOCK
