"""What a patient answers before the visit: the items, and what each kind of answer must look like.

An item is open, done or waived. The patient's own items carry an answer; an external one (forms, insurance, co-payment) is
done when the portal says so.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Final

from waiting_room.errors import InvalidAnswer
from waiting_room.text import check_text

__all__ = ["PHONE", "STATES", "CheckInItem", "ItemKind", "ItemState", "WaiveReason", "told", "validate_answer"]


class ItemKind(StrEnum):
    """Who answers an item, and with what."""

    LOCATION = "location"
    CALLBACK = "callback"
    CONSENT = "consent"
    REASON = "reason"
    EXTERNAL = "external"


class ItemState(StrEnum):
    """Whether an item still keeps the waiting room shut: only ``open`` does."""

    OPEN = "open"
    DONE = "done"
    WAIVED = "waived"


class WaiveReason(StrEnum):
    """Why staff let a patient in without an item."""

    ANSWERED_BY_PHONE = "answered_by_phone"
    NOT_NEEDED = "not_needed"
    TECHNICAL_TROUBLE = "technical_trouble"
    URGENT = "urgent"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class CheckInItem:
    """One item. ``key`` is unique in the visit; ``title`` (by language) and ``url`` are for external ones.

    ``answer`` holds the fields of the kind: ``state`` and ``address``; ``phone``; ``version`` and ``language``; ``text``.
    """

    key: str
    kind: ItemKind
    state: ItemState = ItemState.OPEN
    title: Mapping[str, str] = field(default_factory=dict)
    url: str = ""
    answer: Mapping[str, str] = field(default_factory=dict, repr=False)
    at: datetime | None = None
    by: str = ""
    waive_reason: WaiveReason | None = None
    note: str = field(default="", repr=False)


def told(items: Iterable[CheckInItem], kind: ItemKind, name: str) -> str:
    """Return a field of what the patient answered to the item of this kind, or ""."""
    return next((one.answer.get(name, "") for one in items if one.kind is kind and one.state is ItemState.DONE), "")


STATES: Final = frozenset(
    [
        *(
            [
                "AL",
                "AK",
                "AZ",
                "AR",
                "CA",
                "CO",
                "CT",
                "DE",
                "DC",
                "FL",
                "GA",
                "HI",
                "ID",
                "IL",
                "IN",
                "IA",
                "KS",
                "KY",
                "LA",
                "ME",
                "MD",
                "MA",
                "MI",
                "MN",
                "MS",
                "MO",
                "MT",
                "NE",
                "NV",
                "NH",
                "NJ",
                "NM",
                "NY",
                "NC",
                "ND",
                "OH",
                "OK",
                "OR",
            ]
        ),
        *(["PA", "RI", "SC", "SD", "TN", "TX", "UT", "VT", "VA", "WA", "WV", "WI", "WY", "AS", "GU", "MP", "PR", "VI"]),
    ]
)
"""The states and territories of the United States, as the postal service writes them."""

ELSEWHERE: Final = "XX"
"""Outside the United States: no state's licence covers it."""

ADDRESS_LENGTH: Final = 200
REASON_LENGTH: Final = 500
PHONE: Final = re.compile(r"\+?(?=(?:[^0-9]*[0-9]){6})\(?[0-9][0-9 ().\-]{5,30}(?: ?(?:x|ext\.?) ?[0-9]{1,6})?")
"""A phone number as people write it, the area code in parentheses or not."""

_VERSION: Final = re.compile(r"[A-Za-z0-9._-]{1,32}")
_LANGUAGE: Final = re.compile(r"[a-z]{2,3}")


def validate_answer(kind: ItemKind, answer: Mapping[str, str]) -> dict[str, str]:
    """Return the answer as it is kept. Raises `InvalidAnswer` naming the field."""
    fields = _FIELDS[kind]
    unknown = sorted(set(answer) - set(fields))
    if unknown:
        raise InvalidAnswer(field=unknown[0], reason="is not a field of this item")
    return {name: read(answer.get(name, "").strip()) for name, read in fields.items()}


def _state(value: str) -> str:
    if value not in STATES and value != ELSEWHERE:
        raise InvalidAnswer(field="state", reason="is not a state's two letters")
    return value


def _address(value: str) -> str:
    return check_text(InvalidAnswer, "address", value, ADDRESS_LENGTH)


def _phone(value: str) -> str:
    if not PHONE.fullmatch(value):
        raise InvalidAnswer(field="phone", reason="is not a phone number")
    return value


def _version(value: str) -> str:
    if not _VERSION.fullmatch(value):
        raise InvalidAnswer(field="version", reason="is not the version of a text")
    return value


def _language(value: str) -> str:
    if not _LANGUAGE.fullmatch(value):
        raise InvalidAnswer(field="language", reason="is not a language")
    return value


def _reason(value: str) -> str:
    return check_text(InvalidAnswer, "text", value, REASON_LENGTH)


_FIELDS: Final[dict[ItemKind, dict[str, Callable[[str], str]]]] = {
    ItemKind.LOCATION: {"state": _state, "address": _address},
    ItemKind.CALLBACK: {"phone": _phone},
    ItemKind.CONSENT: {"version": _version, "language": _language},
    ItemKind.REASON: {"text": _reason},
    ItemKind.EXTERNAL: {},
}
