"""Why staff call a patient, and what came of it: codes for the trail and the reports."""

from __future__ import annotations

from enum import StrEnum

__all__ = ["CallReason", "CallResult"]


class CallReason(StrEnum):
    """Why staff called."""

    ASKED = "asked"
    READINESS = "readiness"
    NOT_HERE = "not_here"
    TECHNICAL_TROUBLE = "technical_trouble"
    RUNNING_LATE = "running_late"
    OTHER = "other"


class CallResult(StrEnum):
    """What came of it. ``visit_by_phone`` makes the patient's modality ``phone``."""

    SOLVED = "solved"
    VISIT_BY_PHONE = "visit_by_phone"
    NO_ANSWER = "no_answer"
    VOICEMAIL = "voicemail"
    WRONG_NUMBER = "wrong_number"
    RESCHEDULE = "reschedule"
    OTHER = "other"
