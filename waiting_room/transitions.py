"""The visit's state logic as literal tables: what is not in them does not happen.

A command is granted when three look-ups succeed: the role may give it (`waiting_room.roles.ROLE_TABLE`, by the command's
``action``), the visit's phase knows it (`VISIT_TRANSITIONS`) and, where it moves a participant, that participant's phase knows
it (`PARTICIPANT_TRANSITIONS`). The value is the phase afterwards. Time's own steps stand in `VISIT_DEADLINES`.

``python -m waiting_room.transitions`` prints the diagram in ``docs/design.md``.
"""

from __future__ import annotations

from typing import Final

from waiting_room import commands as do
from waiting_room.helping_commands import InviteHelper
from waiting_room.model import ParticipantPhase as P
from waiting_room.model import VisitPhase as V

__all__ = ["ALWAYS", "PARTICIPANT_TRANSITIONS", "VISIT_DEADLINES", "VISIT_TRANSITIONS", "diagram"]

_PREPARE: Final = (
    do.ConfirmBirthDate,
    do.AnswerCheckIn,
    do.ReportReadiness,
    do.ReportCheckIn,
    do.Waive,
    InviteHelper,
)
_WORDS: Final = (do.SendMessage, do.ReadMessages, do.AskFor)
_DESK: Final = (do.TellLate, do.RecordCall, do.KeepNote, do.RenewLink, do.Invite)
_TOUCH: Final = (do.Arrive, do.Connect, do.LoseConnection, do.Leave, do.Remove, do.SignOff)

ALWAYS: Final = frozenset({do.Look, do.KeepNote, do.RecordCall})
"""Granted in final phases too: what came of it is looked at and noted afterwards."""

VISIT_TRANSITIONS: Final[dict[tuple[V, type[do.Command]], V]] = {
    **{(phase, kind): phase for phase in V for kind in ALWAYS},
    **{(V.BOOKED, kind): V.BOOKED for kind in (*_PREPARE, *_WORDS, *_DESK, *_TOUCH)},
    **{(V.OPEN, kind): V.OPEN for kind in (*_PREPARE, *_WORDS, *_DESK, *_TOUCH)},
    **{(V.IN_PROGRESS, kind): V.IN_PROGRESS for kind in (*_PREPARE, *_WORDS, *_DESK, *_TOUCH)},
    (V.BOOKED, do.Reschedule): V.BOOKED,
    (V.BOOKED, do.Cancel): V.CANCELLED,
    (V.BOOKED, do.Complete): V.ENDED,
    (V.OPEN, do.JoinWaitingRoom): V.OPEN,
    (V.OPEN, do.Admit): V.IN_PROGRESS,
    (V.OPEN, do.Reschedule): V.BOOKED,
    (V.OPEN, do.Cancel): V.CANCELLED,
    (V.OPEN, do.MarkNoShow): V.NO_SHOW,
    (V.OPEN, do.Complete): V.ENDED,
    (V.IN_PROGRESS, do.JoinWaitingRoom): V.IN_PROGRESS,
    (V.IN_PROGRESS, do.Admit): V.IN_PROGRESS,
    (V.IN_PROGRESS, do.Enter): V.IN_PROGRESS,
    (V.IN_PROGRESS, do.Hold): V.IN_PROGRESS,
    (V.IN_PROGRESS, do.ReturnToWaiting): V.IN_PROGRESS,
    (V.IN_PROGRESS, do.HandOver): V.IN_PROGRESS,
    (V.IN_PROGRESS, do.NoteModality): V.IN_PROGRESS,
    (V.IN_PROGRESS, do.Say): V.IN_PROGRESS,
    (V.IN_PROGRESS, do.End): V.ENDED,
    (V.IN_PROGRESS, do.Complete): V.ENDED,
    (V.ENDED, do.End): V.ENDED,
    (V.ENDED, do.Complete): V.ENDED,
    (V.NO_SHOW, do.MarkNoShow): V.NO_SHOW,
    (V.CANCELLED, do.Cancel): V.CANCELLED,
}

_PRESENT: Final = (P.ARRIVED, P.WAITING, P.IN_VISIT, P.ON_HOLD)

PARTICIPANT_TRANSITIONS: Final[dict[tuple[P, type[do.Command]], P]] = {
    (P.INVITED, do.Arrive): P.ARRIVED,
    (P.PREPARING, do.Arrive): P.ARRIVED,
    **{(phase, do.Arrive): phase for phase in _PRESENT},  # another device of the same person keeps the place
    (P.LEFT, do.Arrive): P.ARRIVED,
    (P.PREPARING, do.JoinWaitingRoom): P.WAITING,
    (P.ARRIVED, do.JoinWaitingRoom): P.WAITING,
    (P.WAITING, do.JoinWaitingRoom): P.WAITING,
    (P.IN_VISIT, do.JoinWaitingRoom): P.IN_VISIT,
    (P.ON_HOLD, do.JoinWaitingRoom): P.ON_HOLD,
    (P.LEFT, do.JoinWaitingRoom): P.WAITING,
    **{(phase, do.Connect): phase for phase in (*_PRESENT, P.PREPARING, P.LEFT)},
    **{(phase, do.LoseConnection): phase for phase in (*_PRESENT, P.PREPARING, P.LEFT)},
    **{(phase, do.Leave): P.LEFT for phase in (*_PRESENT, P.LEFT)},
    (P.PREPARING, do.Leave): P.PREPARING,
    (P.WAITING, do.Admit): P.IN_VISIT,
    (P.ON_HOLD, do.Admit): P.IN_VISIT,
    (P.IN_VISIT, do.Admit): P.IN_VISIT,
    (P.INVITED, do.Enter): P.IN_VISIT,
    (P.IN_VISIT, do.Enter): P.IN_VISIT,
    (P.LEFT, do.Enter): P.IN_VISIT,
    (P.IN_VISIT, do.Hold): P.ON_HOLD,
    (P.ON_HOLD, do.Hold): P.ON_HOLD,
    (P.IN_VISIT, do.ReturnToWaiting): P.WAITING,
    (P.ON_HOLD, do.ReturnToWaiting): P.WAITING,
    (P.WAITING, do.ReturnToWaiting): P.WAITING,
    **{(phase, do.Remove): P.REMOVED for phase in P},
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
    lines += [f"    {P.INVITED} --> {P.PREPARING}: Arrive before the join window"]
    lines += [f"    {P.PREPARING} --> {P.ARRIVED}: AnswerCheckIn or ConfirmBirthDate in the open room"]
    lines += [
        f"    {P.IN_VISIT} --> {P.ON_HOLD}: Arrive on a device that owes the date of birth, or on another of a guest"
    ]
    lines += [
        f"    {a} --> {b}: {command.__name__}" for (a, command), b in PARTICIPANT_TRANSITIONS.items() if a is not b
    ]
    lines += [f"    {a} --> {P.LEFT}: grace period over" for a in P if a.present]
    return "\n".join([*lines, "  }", "```"])


if __name__ == "__main__":
    print(diagram())  # noqa: T201 - its purpose
