"""The audit trail: events in one chain of hashes, so that whatever is changed afterwards shows.

Each entry's hash covers its own content and the hash before it. Whoever can write the file can also compute hashes anew, so
the newest hash (the head) is to be kept outside too, and `verify` takes such heads as anchors.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields, replace
from datetime import UTC, datetime
from typing import Final

from waiting_room.events import Event

__all__ = ["GENESIS", "START", "Break", "Entry", "Head", "Verifier", "as_line", "chain", "facts_of", "seal", "verify"]

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


START: Final = Head(0, GENESIS)
"""The head of an empty trail."""


@dataclass(frozen=True, slots=True)
class Break:
    """Where the trail was tampered with. ``number`` is the entry that does not follow; ``what`` says how, in a few words."""

    number: int
    what: str


def facts_of(event: Event) -> dict[str, str]:
    """Return the event's own fields as text."""
    kept = {one.name: getattr(event, one.name) for one in fields(event) if one.name not in _OWN_COLUMNS}
    return {
        name: value.astimezone(UTC).isoformat() if isinstance(value, datetime) else _text(str(value))
        for name, value in kept.items()
    }


def chain(event: Event, after: Head) -> Entry:
    """Return the entry of this event, following that head."""
    entry = Entry(
        number=0,
        at=event.at.astimezone(UTC).isoformat(timespec="microseconds"),
        kind=type(event).__name__,
        visit=_text(event.visit),
        actor=_text(event.actor),
        role=str(event.role),
        device=_text(event.device),
        facts=facts_of(event),
    )
    return seal(entry, after)


def seal(entry: Entry, after: Head) -> Entry:
    """Return the entry with the number and the hash that follow that head."""
    numbered = replace(entry, number=after.number + 1)
    return replace(numbered, hash=digest(numbered, after.hash))


def digest(entry: Entry, before: str) -> str:
    """Return the hash of an entry that follows ``before``."""
    content = [before, entry.number, entry.at, entry.kind, entry.visit, entry.actor, entry.role, entry.device]
    text = json.dumps([*content, dict(sorted(entry.facts.items()))], ensure_ascii=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def as_line(entry: Entry) -> str:
    """Return the entry as one line of JSON in ASCII: nothing within a field can end the line or turn its direction."""
    return json.dumps(
        {one.name: getattr(entry, one.name) for one in fields(entry)}, ensure_ascii=True, separators=(",", ":")
    )


class Verifier:
    """Judges a trail entry by entry, so that a trail of any length can be read in pages. Heads kept outside are ``anchors``."""

    def __init__(self, anchors: Iterable[Head] = ()) -> None:
        self._wanted: dict[int, set[str]] = {}
        for anchor in anchors:
            self._wanted.setdefault(anchor.number, set()).add(anchor.hash)
        self._head = START

    def take(self, entry: Entry) -> Break | None:
        """Judge the next entry; after a break there is nothing more to judge."""
        expected = self._head.number + 1
        if entry.number != expected:
            missing = entry.number > expected
            return Break(expected, "entry is missing" if missing else "entry stands twice or out of order")
        if entry.hash != digest(entry, self._head.hash):
            return Break(expected, "entry was changed, or one before it was taken out")
        self._head = Head(entry.number, entry.hash)
        if self._wanted.get(entry.number, {entry.hash}) != {entry.hash}:
            return Break(expected, "trail was rewritten: the anchored head is another")
        return None

    def finish(self) -> Head | Break:
        """Return the head of the whole chain, or where it was cut."""
        longest = max(self._wanted, default=0)
        if longest > self._head.number:
            return Break(self._head.number + 1, f"trail was cut: an anchored head says {longest} entries")
        return self._head


def verify(entries: Iterable[Entry], anchors: Iterable[Head] = ()) -> Head | Break:
    """Return the head of a whole chain, or its first break. ``entries`` come by number; heads kept outside are ``anchors``."""
    verifier = Verifier(anchors)
    for entry in entries:
        broken = verifier.take(entry)
        if broken is not None:
            return broken
    return verifier.finish()


def _text(value: str) -> str:
    """Escape what is no Unicode text (a lone half of a surrogate pair): no store could keep it, and what happened must be kept."""
    return value.encode(errors="backslashreplace").decode()
