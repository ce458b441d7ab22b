"""What is left of a visit when its retention is over: codes and times, nothing that tells of a person."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from waiting_room.changes import facts
from waiting_room.errors import WrongState
from waiting_room.events import PatientDataPurged
from waiting_room.model import CLOCK, Actor, PatientDetails, Visit
from waiting_room.outcome import Outcome

__all__ = ["purged"]


def purged(visit: Visit, *, by: Actor = CLOCK, now: datetime) -> Outcome:
    """Return the visit without the patient's data; ``by`` is who has it done.

    Repeating it is harmless. Raises `WrongState` while the visit is not over.

    Names of those who came by a link, details, reason, answers, messages, notes and device tests go. What remains are identifiers,
    the caller's own among them, phases and times, the codes of waivers and calls, and the names of staff.
    """
    if not visit.phase.final:
        raise WrongState(state=visit.phase, command="Purge", role=by.role)
    if visit.purged:
        return Outcome(visit)
    after = replace(
        visit,
        details=PatientDetails(),
        reason="",
        note="",
        readiness=None,
        messages=(),
        wishes=(),
        participants=tuple(
            replace(one, name="", session=None) if one.role.by_link else one for one in visit.participants
        ),
        check_in=tuple(replace(item, answer={}, note="") for item in visit.check_in),
        calls=tuple(replace(call, note="") for call in visit.calls),
        purged=True,
    )
    return Outcome(after, (PatientDataPurged(**facts(visit, by, now)),))
