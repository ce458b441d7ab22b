"""What can be asked of a visit. Each names who asks; ``handle_command`` decides.

``session`` in a command of somebody who came by a link is the device's; an older device of the same person is refused.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import ClassVar

from waiting_room.check_in_items import WaiveReason
from waiting_room.contact_codes import CallReason, CallResult
from waiting_room.model import CLOCK, Actor, Modality, Provider, Role, Wish
from waiting_room.readiness import DeviceReport
from waiting_room.roles import Action

__all__ = [
    "Admit",
    "AnswerCheckIn",
    "Arrive",
    "AskFor",
    "Cancel",
    "Command",
    "Complete",
    "ConfirmBirthDate",
    "Connect",
    "End",
    "Enter",
    "HandOver",
    "Hold",
    "Invite",
    "JoinWaitingRoom",
    "KeepNote",
    "Leave",
    "Look",
    "LoseConnection",
    "MarkNoShow",
    "NoteModality",
    "PassTime",
    "ReadMessages",
    "RecordCall",
    "Remove",
    "RenewLink",
    "ReportCheckIn",
    "ReportReadiness",
    "Reschedule",
    "ReturnToWaiting",
    "Say",
    "SendMessage",
    "SignOff",
    "TellLate",
    "Waive",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """Base of all commands. ``action`` is the line of the role table that grants it."""

    action: ClassVar[Action]
    actor: Actor


# The way in and out.


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrive(Command):
    """The tap on Start. ``session`` is the device's; an older device of the same person is replaced.

    Before the join window it begins the preparation: check-in and device test. ``ask_birth_date`` is the clinic's rule.
    """

    action: ClassVar[Action] = Action.ARRIVE
    participant: str
    session: str = field(repr=False)
    ask_birth_date: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class JoinWaitingRoom(Command):
    """Into the line. Repeating it is harmless; from ``left`` it means back in line. Refused while check-in is open."""

    action: ClassVar[Action] = Action.JOIN_LINE
    participant: str
    session: str = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Connect(Command):
    """The participant's device is in touch."""

    action: ClassVar[Action] = Action.STAY
    participant: str
    session: str = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class LoseConnection(Command):
    """The participant's device is out of touch. News of a replaced device change nothing."""

    action: ClassVar[Action] = Action.STAY
    participant: str
    session: str = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Leave(Command):
    """Out, of one's own will. For a patient it is not the end: the link lets them come back."""

    action: ClassVar[Action] = Action.STAY
    participant: str
    session: str = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class SignOff(Command):
    """The staff member's session ended (revoked, account disabled): whichever window held the place, it is free."""

    action: ClassVar[Action] = Action.STAY


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteModality(Command):
    """How this participant takes part now, and why (a code: ``chosen``, ``network``, ``device``)."""

    action: ClassVar[Action] = Action.STAY
    participant: str
    session: str = field(repr=False)
    modality: Modality
    reason: str


# Before the waiting room.


@dataclass(frozen=True, slots=True, kw_only=True)
class ConfirmBirthDate(Command):
    """The patient's second factor."""

    action: ClassVar[Action] = Action.ANSWER_CHECK_IN
    participant: str
    session: str = field(repr=False)
    birth_date: date = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerCheckIn(Command):
    """Answer one item of one's own. ``item`` is its key. A companion answers for the patient."""

    action: ClassVar[Action] = Action.ANSWER_CHECK_IN
    participant: str
    session: str = field(repr=False)
    item: str
    answer: Mapping[str, str] = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportReadiness(Command):
    """The device test's findings. It needs the link alone, so that it can be done days before."""

    action: ClassVar[Action] = Action.TEST_DEVICES
    participant: str
    report: DeviceReport


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportCheckIn(Command):
    """The portal says that an external item is done, or open again."""

    action: ClassVar[Action] = Action.REPORT_CHECK_IN
    item: str
    done: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Waive(Command):
    """Let the patient in without this item. ``note`` is for staff, and not part of the trail."""

    action: ClassVar[Action] = Action.WAIVE_CHECK_IN
    item: str
    reason: WaiveReason
    note: str = field(default="", repr=False)


# Staff and the visit.


@dataclass(frozen=True, slots=True, kw_only=True)
class Look(Command):
    """Somebody opened this visit's details: an access, kept in the trail."""

    action: ClassVar[Action] = Action.SEE_QUEUE


@dataclass(frozen=True, slots=True, kw_only=True)
class Admit(Command):
    """Let the participant in (from the line or from hold), and the staff member who asks with them.

    Repeating it is harmless: clinicians double-click. ``confirmed`` names what the staff member has checked: ``identity`` (name
    and date of birth), ``licence`` (the patient is in a state outside ``licences``). No licence known means no warning.
    """

    action: ClassVar[Action] = Action.ADMIT
    participant: str
    session: str = field(repr=False)
    confirmed: frozenset[str] = frozenset()
    licences: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Enter(Command):
    """The staff member who asks goes (back) into a visit in progress, on the window named by ``session``."""

    action: ClassVar[Action] = Action.ADMIT
    session: str = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Hold(Command):
    """Sound and picture of that participant stop; the place and the transport are kept. `Admit` ends it."""

    action: ClassVar[Action] = Action.HOLD
    participant: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReturnToWaiting(Command):
    """That participant is in line again."""

    action: ClassVar[Action] = Action.RETURN_TO_WAITING
    participant: str


@dataclass(frozen=True, slots=True, kw_only=True)
class HandOver(Command):
    """The one who asks goes out, those who came by a link are held, and ``to`` is told that they are ready for them."""

    action: ClassVar[Action] = Action.HAND_OVER
    to: Provider
    to_role: Role


@dataclass(frozen=True, slots=True, kw_only=True)
class Remove(Command):
    """That participant is out for good, and the link is dead. Revokes an invitation that was not used yet, too."""

    action: ClassVar[Action] = Action.REMOVE
    participant: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Invite(Command):
    """Ask a companion, an interpreter or a guest clinician in. ``participant`` is the new person's id."""

    action: ClassVar[Action] = Action.INVITE
    participant: str
    role: Role
    name: str = field(repr=False)
    lives: timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class End(Command):
    """The visit is over for everyone."""

    action: ClassVar[Action] = Action.END


@dataclass(frozen=True, slots=True, kw_only=True)
class Complete(Command):
    """The appointment was kept, if need be by phone: it is over without, or after, a video visit."""

    action: ClassVar[Action] = Action.COMPLETE


@dataclass(frozen=True, slots=True, kw_only=True)
class MarkNoShow(Command):
    """The patient did not come. Not before the booked start, and not while the patient is in the visit."""

    action: ClassVar[Action] = Action.MARK_NO_SHOW


# Words.


@dataclass(frozen=True, slots=True, kw_only=True)
class SendMessage(Command):
    """Write to a waiting participant (staff), or to staff (``participant`` is the sender's own id). One of text and canned."""

    action: ClassVar[Action] = Action.MESSAGE_WAITING
    participant: str
    message: str
    session: str = field(default="", repr=False)
    text: str = field(default="", repr=False)
    canned: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadMessages(Command):
    """The participant's page has shown (``read`` false) or the person has seen (true) the messages up to this one.

    Staff give it too, for what the participant wrote.
    """

    action: ClassVar[Action] = Action.WRITE_TO_STAFF
    participant: str
    session: str = field(default="", repr=False)
    message: str
    read: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Say(Command):
    """Write to everybody who is in the visit. ``participant`` is the sender's own id; ``line`` names what is written."""

    action: ClassVar[Action] = Action.BE_IN_MEDIA
    participant: str
    session: str = field(repr=False)
    line: str
    text: str = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class TellLate(Command):
    """Running late by so many minutes; 0 takes it back."""

    action: ClassVar[Action] = Action.MARK_LATE
    minutes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class AskFor(Command):
    """The patient asks for a call, a companion or an interpreter; ``session`` None: with the link alone, for a call alone."""

    action: ClassVar[Action] = Action.ASK_FOR_HELP
    participant: str
    session: str | None = field(repr=False)
    wish: Wish


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordCall(Command):
    """Staff called the patient. It answers the wish for a call. ``note`` is not part of the trail."""

    action: ClassVar[Action] = Action.CALL_BACK
    reason: CallReason
    result: CallResult
    note: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class KeepNote(Command):
    """The staff's own note on the appointment, replacing the former one."""

    action: ClassVar[Action] = Action.CALL_BACK
    text: str = field(repr=False)


# The appointment.


@dataclass(frozen=True, slots=True, kw_only=True)
class Reschedule(Command):
    """Another time; every link and session made so far is dead. The times come from the clinic's rules."""

    action: ClassVar[Action] = Action.RESCHEDULE
    starts_at: datetime
    ends_at: datetime
    opens_at: datetime
    check_in_opens_at: datetime
    expires_at: datetime
    providers: tuple[Provider, ...] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RenewLink(Command):
    """A new link for that participant; the one before is dead, and so is the session it opened."""

    action: ClassVar[Action] = Action.BOOK
    participant: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Cancel(Command):
    """The appointment will not take place."""

    action: ClassVar[Action] = Action.CANCEL


@dataclass(frozen=True, slots=True, kw_only=True)
class PassTime(Command):
    """Let what is due happen. Every other command implies it."""

    action: ClassVar[Action] = Action.TIME
    actor: Actor = CLOCK
