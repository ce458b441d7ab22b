"""Who may do what: the role table, as data. Everything that asks "may this role?" asks here."""

from __future__ import annotations

from enum import StrEnum
from typing import Final

from waiting_room.model import Role

__all__ = ["ROLE_TABLE", "Action", "allowed"]


class Action(StrEnum):
    """What can be allowed to a role."""

    ARRIVE = "arrive"
    """The way by a link: the tap on Start."""
    JOIN_LINE = "join_line"
    STAY = "stay"
    """Be in touch, leave, say how one takes part."""
    TEST_DEVICES = "test_devices"
    ANSWER_CHECK_IN = "answer_check_in"
    ASK_FOR_HELP = "ask_for_help"
    INVITE_HELPER = "invite_helper"
    WRITE_TO_STAFF = "write_to_staff"
    SEE_QUEUE = "see_queue"
    MESSAGE_WAITING = "message_waiting"
    MARK_LATE = "mark_late"
    CALL_BACK = "call_back"
    WAIVE_CHECK_IN = "waive_check_in"
    MARK_NO_SHOW = "mark_no_show"
    ADMIT = "admit"
    HOLD = "hold"
    HAND_OVER = "hand_over"
    RETURN_TO_WAITING = "return_to_waiting"
    REMOVE = "remove"
    BE_IN_MEDIA = "be_in_media"
    END = "end"
    COMPLETE = "complete"
    INVITE = "invite"
    BOOK = "book"
    RESCHEDULE = "reschedule"
    CANCEL = "cancel"
    REPORT_CHECK_IN = "report_check_in"
    """Say that the portal's own items are done."""
    READ_REPORTS = "read_reports"
    EXPORT_AUDIT = "export_audit"
    OPERATE = "operate"
    """Metrics, drain, load tests, accounts, retention."""
    TIME = "time"
    """The clock's own commands."""


_PATIENT: Final = frozenset({Role.PATIENT})
_HELPER: Final = frozenset({Role.HELPER})
_FAMILY: Final = frozenset({Role.PATIENT, Role.COMPANION})
_BY_LINK: Final = frozenset({Role.PATIENT, Role.COMPANION, Role.INTERPRETER, Role.GUEST})
_STAFF: Final = frozenset({Role.FRONT_DESK, Role.NURSE, Role.PROVIDER})
_CLINICIANS: Final = frozenset({Role.NURSE, Role.PROVIDER})
_BOOKING: Final = frozenset({Role.FRONT_DESK, Role.OPERATOR})
_OPERATOR: Final = frozenset({Role.OPERATOR})

ROLE_TABLE: Final[dict[Action, frozenset[Role]]] = {
    Action.ARRIVE: _BY_LINK | _HELPER,
    Action.JOIN_LINE: _BY_LINK,
    Action.STAY: _BY_LINK | _HELPER | _CLINICIANS,
    Action.TEST_DEVICES: _BY_LINK | _HELPER | _CLINICIANS,
    Action.ANSWER_CHECK_IN: _FAMILY | _HELPER,
    Action.ASK_FOR_HELP: _PATIENT,
    Action.INVITE_HELPER: _PATIENT,
    Action.WRITE_TO_STAFF: _BY_LINK,
    Action.SEE_QUEUE: _STAFF,
    Action.MESSAGE_WAITING: _STAFF,
    Action.MARK_LATE: _STAFF,
    Action.CALL_BACK: _STAFF,
    Action.WAIVE_CHECK_IN: _STAFF,
    Action.MARK_NO_SHOW: _STAFF | _OPERATOR,
    Action.ADMIT: _CLINICIANS,
    Action.HOLD: _CLINICIANS,
    Action.HAND_OVER: _CLINICIANS,
    Action.RETURN_TO_WAITING: _CLINICIANS,
    Action.REMOVE: _CLINICIANS,
    Action.BE_IN_MEDIA: _BY_LINK | _CLINICIANS,
    Action.END: _CLINICIANS,
    Action.COMPLETE: _CLINICIANS | _OPERATOR,
    Action.INVITE: _STAFF,
    Action.BOOK: _BOOKING,
    Action.RESCHEDULE: _BOOKING,
    Action.CANCEL: _BOOKING,
    Action.REPORT_CHECK_IN: _OPERATOR,
    Action.READ_REPORTS: _OPERATOR,
    Action.EXPORT_AUDIT: _OPERATOR,
    Action.OPERATE: _OPERATOR,
    Action.TIME: frozenset({Role.CLOCK}),
}


def allowed(role: Role, action: Action) -> bool:
    """Whether the table allows it. Whose visit it is, is another question (`waiting_room.visit.sees`)."""
    return role in ROLE_TABLE[action]
