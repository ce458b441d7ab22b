"""A helper: somebody near the patient who tests the devices and answers the check-in for them, and is never in the visit."""

from __future__ import annotations

from datetime import datetime

from waiting_room import events as ev
from waiting_room.changes import facts, own, with_participant, wrong_state
from waiting_room.errors import IdentityNeeded
from waiting_room.helping_commands import InviteHelper
from waiting_room.model import Identity, Participant, ParticipantPhase, Role, Visit
from waiting_room.outcome import Outcome

__all__ = ["helper_of", "invite_helper", "owes_birth_date"]


def helper_of(visit: Visit) -> Participant | None:
    """Return the visit's helper, also a removed one; a visit has one at most."""
    return next((one for one in visit.participants if one.role is Role.HELPER), None)


def invite_helper(visit: Visit, command: InviteHelper, now: datetime) -> Outcome:
    """Begin the helper anew: what an older link opened is over. Whom staff have removed stays out."""
    who = own(visit, command.participant, command.session)
    if who.unproven:
        # A device that has not shown whose it is must not let a second one in.
        raise IdentityNeeded
    before = helper_of(visit)
    if before is not None and (before.phase is ParticipantPhase.REMOVED or before.id != command.helper):
        raise wrong_state(before.phase, command)
    helper = Participant(id=command.helper, role=Role.HELPER, name="", invited_by=who.id)
    known = facts(visit, command.actor, now)
    invited = ev.GuestInvited(**known, participant=helper.id, guest_role=helper.role, expires_at=visit.expires_at)
    return Outcome(with_participant(visit, helper), (invited,))


def owes_birth_date(visit: Visit, who: Participant) -> bool:
    """Whether this person's answers wait for a date of birth: the patient's, or the helper's own, which nobody checks later."""
    return who.unproven if who.role is Role.HELPER else visit.patient.identity is Identity.ASKED
