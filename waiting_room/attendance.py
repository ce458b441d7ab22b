"""Who was in a visit, when, how long and in which way: read from the audit trail, for billing, reports and the patient's receipt.

The trail holds identifiers only; names come from the visit while it still has them.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from waiting_room.audit import Entry
from waiting_room.model import Modality, Role, Visit

__all__ = ["Attendance", "Step", "people"]

_MINUTE: Final = timedelta(minutes=1)
_RICHEST_FIRST: Final = tuple(Modality)
_OUT: Final = {"ParticipantHeld", "ParticipantReturned", "ParticipantLeft", "ParticipantRemovedByStaff"}
_ALL_OUT: Final = {"VisitEnded", "VisitCancelled", "VisitRescheduled"}


@dataclass(frozen=True, slots=True)
class Step:
    """From then on somebody took part so. ``reason`` is a code."""

    at: datetime
    modality: Modality
    reason: str


@dataclass(frozen=True, slots=True)
class Attendance:
    """One person's part in a visit.

    ``times`` are those in which sound and picture could flow, holds taken out; the last one's end is None while it lasts. A
    time ends where the connection was lost for good; one that came back did not interrupt it. ``steps`` begin with the first
    sound or picture, so that who never had any has none.
    ``arrived_at``, ``waiting_since`` and ``admitted_at`` are the first of their kind since the appointment has its time.
    """

    id: str
    name: str = field(repr=False)
    role: Role
    arrived_at: datetime | None = None
    waiting_since: datetime | None = None
    admitted_at: datetime | None = None
    times: tuple[tuple[datetime, datetime | None], ...] = ()
    steps: tuple[Step, ...] = ()

    @property
    def minutes(self) -> float:
        """How long they were in, to a tenth; a time that still lasts is not counted."""
        return _minutes(sum((end - start for start, end in self.times if end is not None), timedelta()))

    @property
    def waited_minutes(self) -> float | None:
        """From the first moment in line to the first admission, to a tenth; None for those who were not admitted from a line."""
        if self.waiting_since is None or self.admitted_at is None:
            return None
        return _minutes(self.admitted_at - self.waiting_since)

    @property
    def modality(self) -> Modality | None:
        """How they took part in the end; None for those who did not, or had neither sound nor picture."""
        return self.steps[-1].modality if self.steps else None

    @property
    def step_downs(self) -> tuple[Step, ...]:
        """The steps to a poorer way, such as from picture to sound, each with its reason.

        Who went in was offered sound and picture: beginning with less is such a step.
        """
        rank = [_RICHEST_FIRST.index(step.modality) for step in self.steps]
        first = 0 if self.times else len(_RICHEST_FIRST)
        return tuple(step for step, before, now in zip(self.steps, [first, *rank], rank, strict=False) if now > before)


def people(visit: Visit, entries: Iterable[Entry]) -> list[Attendance]:
    """Return everybody who belongs to the visit or was in it, in the order of the visit's participants.

    ``entries`` are the trail's of this visit, by number. Those who never came have no times.
    """
    seen = {one.id: _Seen(one.id, one.name, one.role) for one in visit.participants}
    for entry in entries:
        _follow(seen, entry)
    return [one.told() for one in seen.values()]


@dataclass(slots=True)
class _Seen:
    """What the trail has told of one person so far."""

    id: str
    name: str
    role: Role
    arrived_at: datetime | None = None
    waiting_since: datetime | None = None
    admitted_at: datetime | None = None
    lost_at: datetime | None = None
    times: list[tuple[datetime, datetime | None]] = field(default_factory=list)
    steps: list[Step] = field(default_factory=list)

    @property
    def is_in(self) -> bool:
        return bool(self.times) and self.times[-1][1] is None

    def enter(self, at: datetime) -> None:
        if not self.is_in:
            self.times.append((at, None))

    def go_out(self, at: datetime) -> None:
        if self.is_in:
            start = self.times[-1][0]
            # Nobody is billed for the grace in which a lost connection's place is kept.
            self.times[-1] = (start, max(start, self.lost_at or at))

    def lose(self, at: datetime) -> None:
        self.lost_at = self.lost_at or at

    def follow(self, entry: Entry, at: datetime) -> None:
        self._keep_in_touch(entry.kind, at)
        match entry.kind:
            case "ParticipantArrived":
                self.arrived_at = self.arrived_at or at
            case "ParticipantWaiting":
                self.waiting_since = self.waiting_since or at
            case "ParticipantAdmitted":
                self.admitted_at = self.admitted_at or at
                self.enter(at)
            case "ParticipantEntered":
                self.enter(at)
            case "ModalityChanged":
                self.steps.append(Step(at, Modality(entry.facts["modality"]), entry.facts["reason"]))
            case kind if kind in _OUT:
                self.go_out(at)

    def _keep_in_touch(self, kind: str, at: datetime) -> None:
        match kind:
            case "ConnectionLost":
                self.lose(at)
            case "ConnectionRestored" | "ParticipantWaiting" | "ParticipantEntered":
                self.lost_at = None
            case "ParticipantArrived" if not self.is_in:
                self.lost_at = None
            case "DeviceReplaced" if self.role.staff:
                # Their other window is in at once; the others' new device is still to connect.
                self.lost_at = None
            case "DeviceReplaced" | "LinkRenewed" if self.is_in:
                self.lose(at)

    def told(self) -> Attendance:
        return Attendance(
            self.id,
            self.name,
            self.role,
            self.arrived_at,
            self.waiting_since,
            self.admitted_at,
            tuple(self.times),
            tuple(self.steps),
        )


def _follow(seen: dict[str, _Seen], entry: Entry) -> None:
    at = datetime.fromisoformat(entry.at)
    if entry.kind in _ALL_OUT:
        for each in seen.values():
            each.go_out(at)
            if entry.kind == "VisitRescheduled":
                # The wait for the time before says nothing about this one.
                each.arrived_at = each.waiting_since = each.admitted_at = None
        return
    participant = entry.facts.get("participant")
    if participant is None:
        return
    one = seen.get(participant)
    if one is None:
        # Staff who were there before the appointment was moved are not among its participants any more.
        one = seen[participant] = _Seen(participant, "", _role(entry, participant))
    one.follow(entry, at)


def _role(entry: Entry, participant: str) -> Role:
    told = entry.role if entry.actor == participant else entry.facts.get("guest_role", Role.GUEST)
    return Role(told)


def _minutes(length: timedelta) -> float:
    return round(length / _MINUTE, 1)
