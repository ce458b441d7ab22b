"""The visit's state logic as literal tables: what is not in them does not happen.

A command is granted when three look-ups succeed: the role may give it (`PERMISSIONS`), the visit's phase knows it
(`VISIT_TRANSITIONS`) and, where it concerns a participant, that participant's phase knows it (`PARTICIPANT_TRANSITIONS`).
The value is the phase afterwards. Time's own steps stand in `VISIT_DEADLINES`.

``python -m waiting_room.transitions`` prints the diagram in ``docs/design.md``.
"""

from __future__ import annotations

from typing import Final

from waiting_room import commands as do
from waiting_room.model import ParticipantPhase as P
from waiting_room.model import Role
from waiting_room.model import VisitPhase as V

__all__ = ["PARTICIPANT_TRANSITIONS", "PERMISSIONS", "VISIT_DEADLINES", "VISIT_TRANSITIONS", "diagram"]

_BY_LINK: Final = frozenset({Role.PATIENT, Role.COMPANION, Role.INTERPRETER, Role.GUEST})
_CLINICIANS: Final = frozenset({Role.NURSE, Role.PROVIDER})

PERMISSIONS: Final[dict[type[do.Command], frozenset[Role]]] = {
    do.Arrive: _BY_LINK,
    do.JoinWaitingRoom: _BY_LINK,
    do.Connect: _BY_LINK | _CLINICIANS,
    do.LoseConnection: _BY_LINK | _CLINICIANS,
    do.Leave: _BY_LINK | _CLINICIANS,
    do.Admit: _CLINICIANS,
    do.Enter: _CLINICIANS,
    do.Remove: _CLINICIANS,
    do.End: _CLINICIANS,
    do.Cancel: frozenset({Role.FRONT_DESK, Role.OPERATOR}),
    do.PassTime: frozenset({Role.CLOCK}),
}

VISIT_TRANSITIONS: Final[dict[tuple[V, type[do.Command]], V]] = {
    (V.BOOKED, do.Cancel): V.CANCELLED,
    (V.OPEN, do.Arrive): V.OPEN,
    (V.OPEN, do.JoinWaitingRoom): V.OPEN,
    (V.OPEN, do.Connect): V.OPEN,
    (V.OPEN, do.LoseConnection): V.OPEN,
    (V.OPEN, do.Leave): V.OPEN,
    (V.OPEN, do.Remove): V.OPEN,
    (V.OPEN, do.Admit): V.IN_PROGRESS,
    (V.OPEN, do.Cancel): V.CANCELLED,
    (V.IN_PROGRESS, do.Arrive): V.IN_PROGRESS,
    (V.IN_PROGRESS, do.JoinWaitingRoom): V.IN_PROGRESS,
    (V.IN_PROGRESS, do.Connect): V.IN_PROGRESS,
    (V.IN_PROGRESS, do.LoseConnection): V.IN_PROGRESS,
    (V.IN_PROGRESS, do.Leave): V.IN_PROGRESS,
    (V.IN_PROGRESS, do.Remove): V.IN_PROGRESS,
    (V.IN_PROGRESS, do.Admit): V.IN_PROGRESS,
    (V.IN_PROGRESS, do.Enter): V.IN_PROGRESS,
    (V.IN_PROGRESS, do.End): V.ENDED,
    (V.ENDED, do.End): V.ENDED,
}

PARTICIPANT_TRANSITIONS: Final[dict[tuple[P, type[do.Command]], P]] = {
    (P.INVITED, do.Arrive): P.ARRIVED,
    (P.ARRIVED, do.Arrive): P.ARRIVED,  # another device of the same person keeps the place
    (P.WAITING, do.Arrive): P.WAITING,
    (P.IN_VISIT, do.Arrive): P.IN_VISIT,
    (P.LEFT, do.Arrive): P.ARRIVED,
    (P.ARRIVED, do.JoinWaitingRoom): P.WAITING,
    (P.WAITING, do.JoinWaitingRoom): P.WAITING,
    (P.IN_VISIT, do.JoinWaitingRoom): P.IN_VISIT,
    (P.LEFT, do.JoinWaitingRoom): P.WAITING,
    (P.ARRIVED, do.Connect): P.ARRIVED,
    (P.WAITING, do.Connect): P.WAITING,
    (P.IN_VISIT, do.Connect): P.IN_VISIT,
    (P.LEFT, do.Connect): P.LEFT,
    (P.ARRIVED, do.LoseConnection): P.ARRIVED,
    (P.WAITING, do.LoseConnection): P.WAITING,
    (P.IN_VISIT, do.LoseConnection): P.IN_VISIT,
    (P.LEFT, do.LoseConnection): P.LEFT,
    (P.ARRIVED, do.Leave): P.LEFT,
    (P.WAITING, do.Leave): P.LEFT,
    (P.IN_VISIT, do.Leave): P.LEFT,
    (P.LEFT, do.Leave): P.LEFT,
    (P.WAITING, do.Admit): P.IN_VISIT,
    (P.IN_VISIT, do.Admit): P.IN_VISIT,
    (P.INVITED, do.Enter): P.IN_VISIT,
    (P.IN_VISIT, do.Enter): P.IN_VISIT,
    (P.LEFT, do.Enter): P.IN_VISIT,
    (P.INVITED, do.Remove): P.REMOVED,
    (P.ARRIVED, do.Remove): P.REMOVED,
    (P.WAITING, do.Remove): P.REMOVED,
    (P.IN_VISIT, do.Remove): P.REMOVED,
    (P.LEFT, do.Remove): P.REMOVED,
    (P.REMOVED, do.Remove): P.REMOVED,
}

VISIT_DEADLINES: Final[dict[tuple[V, str], V]] = {
    (V.BOOKED, "join window opens"): V.OPEN,
    (V.OPEN, "link expires, nobody came"): V.NO_SHOW,
    (V.OPEN, "link expires, nobody there"): V.ENDED,
    (V.IN_PROGRESS, "link expires, nobody there"): V.ENDED,
}


def diagram() -> str:
    """Return both tables as one Mermaid block; steps that stay in their phase are left out."""
    lines = ["```mermaid", "stateDiagram-v2"]
    lines += ["  state Visit {", f"    [*] --> {V.BOOKED}"]
    lines += [f"    {a} --> {b}: {command.__name__}" for (a, command), b in VISIT_TRANSITIONS.items() if a is not b]
    lines += [f"    {a} --> {b}: {why}" for (a, why), b in VISIT_DEADLINES.items()]
    lines += ["  }", "  state Participant {", f"    [*] --> {P.INVITED}"]
    lines += [
        f"    {a} --> {b}: {command.__name__}" for (a, command), b in PARTICIPANT_TRANSITIONS.items() if a is not b
    ]
    lines += [f"    {a} --> {P.LEFT}: grace period over" for a in P if a.present]
    return "\n".join([*lines, "  }", "```"])


if __name__ == "__main__":
    print(diagram())  # noqa: T201 - its purpose
