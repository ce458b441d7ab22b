"""A clinic's rules and wording, as the domain uses them. One server serves several clinics; each visit belongs to one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TypedDict

from waiting_room.check_in_items import CheckInItem

__all__ = ["Clinic", "Consent", "Rules", "VisitTimes"]


class VisitTimes(TypedDict):
    """When things of a visit open and end, as `Visit` names them."""

    opens_at: datetime
    check_in_opens_at: datetime
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class Rules:
    """How long before the start check-in and the room open, how long the link and a lost place live on."""

    join_window: timedelta = timedelta(minutes=30)
    check_in_window: timedelta = timedelta(days=3)
    link_lives: timedelta = timedelta(minutes=60)
    grace: timedelta = timedelta(minutes=10)

    def times(self, starts_at: datetime, ends_at: datetime) -> VisitTimes:
        """Return the times that follow from a visit's own (UTC)."""
        opens_at = starts_at - self.join_window
        return {
            "opens_at": opens_at,
            "check_in_opens_at": min(opens_at, starts_at - self.check_in_window),
            "expires_at": ends_at + self.link_lives,
        }


@dataclass(frozen=True, slots=True)
class Consent:
    """The text on the limits of care by video, by language. A changed text needs another version."""

    version: str
    texts: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Clinic:
    """``kinds`` maps an appointment type to the check-in items of a new visit of that type."""

    id: str
    name: str
    phone: str
    time_zone: str
    support_hours: Mapping[str, str]
    rules: Rules
    consent: Consent
    kinds: Mapping[str, tuple[CheckInItem, ...]]
    ask_birth_date: bool = False
    show_position: bool = False
    amber_after: timedelta = timedelta(minutes=10)
    red_after: timedelta = timedelta(minutes=20)
    retention: timedelta = timedelta(days=30)
    emergency_number: str = "911"
    emergency_phones: Mapping[str, str] = field(default_factory=dict)
