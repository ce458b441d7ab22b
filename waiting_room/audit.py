"""The audit trail: events in one chain of hashes, so that whatever is changed afterwards shows.

Each entry's hash covers its own content and the hash before it. Whoever can write the file can also compute hashes anew, so
the newest hash (the head) is to be kept outside too, and `verify` takes such heads as anchors.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import UTC, datetime
from typing import Final

from waiting_room.events import Event

__all__ = ["GENESIS", "Break", "Entry", "Head", "chain", "facts_of", "verify"]

GENESIS: Final = "0" * 64
"""What the first entry's hash follows."""

_OWN_COLUMNS: Final = {"visit", "at", "actor", "role", "device"}


@dataclass(frozen=True, slots=True)
class Entry:
    """One event as kept. ``number`` counts from 1 without gaps; ``at`` is RFC 3339 in UTC; ``facts`` are the kind's own fields."""

    number: int
    at: str
    kind: str
    visit: str
    actor: str
    role: str
    device: str
    facts: Mapping[str, str]
    hash: str = ""


@dataclass(frozen=True, slots=True)
class Head:
    """How long the chain is and its newest hash: ``number:hash`` is what is anchored outside."""

    number: int
    hash: str

    def __str__(self) -> str:
        return f"{self.number}:{self.hash}"


@dataclass(frozen=True, slots=True)
class Break:
    """Where the trail was tampered with. ``number`` is the entry that does not follow; ``what`` says how, in a few words."""

    number: int
    what: str


def facts_of(event: Event) -> dict[str, str]:
    """Return the event's own fields as text."""
    kept = {one.name: getattr(event, one.name) for one in fields(event) if one.name not in _OWN_COLUMNS}
    return {
        name: value.astimezone(UTC).isoformat() if isinstance(value, datetime) else str(value)
        for name, value in kept.items()
    }


def chain(event: Event, after: Head) -> Entry:
    """Return the entry of this event, following that head."""
    entry = Entry(
        number=after.number + 1,
        at=event.at.astimezone(UTC).isoformat(timespec="microseconds"),
        kind=type(event).__name__,
        visit=event.visit,
        actor=event.actor,
        role=str(event.role),
        device=event.device,
        facts=facts_of(event),
    )
    return Entry(
        **{one.name: getattr(entry, one.name) for one in fields(entry) if one.name != "hash"},
        hash=digest(entry, after.hash),
    )


def digest(entry: Entry, before: str) -> str:
    """Return the hash of an entry that follows ``before``."""
    content = [before, entry.number, entry.at, entry.kind, entry.visit, entry.actor, entry.role, entry.device]
    text = json.dumps([*content, dict(sorted(entry.facts.items()))], ensure_ascii=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def verify(entries: Iterable[Entry], anchors: Sequence[Head] = ()) -> Head | Break:
    """Return the head of a whole chain, or its first break. ``entries`` come by number; heads kept outside are ``anchors``."""
    wanted = {anchor.number: anchor.hash for anchor in anchors}
    number, before = 0, GENESIS
    for entry in entries:
        if entry.number != number + 1:
            missing = entry.number > number + 1
            return Break(number + 1, "entry is missing" if missing else "entry stands twice or out of order")
        if entry.hash != digest(entry, before):
            return Break(entry.number, "entry was changed, or one before it was taken out")
        if wanted.get(entry.number, entry.hash) != entry.hash:
            return Break(entry.number, "trail was rewritten: the anchored head is another")
        number, before = entry.number, entry.hash
    longest = max(wanted, default=0)
    if longest > number:
        return Break(number + 1, f"trail was cut: an anchored head says {longest} entries")
    return Head(number, before)
