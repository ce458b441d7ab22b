"""The live visits in memory, to be found by id, by clinic, and by who of the staff is in them."""

from __future__ import annotations

from collections.abc import Iterable

from waiting_room.model import Visit
from waiting_room.store import Versioned

__all__ = ["Board"]


class Board:
    """Holds each visit once, in its newest version. Every question but `all` costs the same however many visits there are."""

    def __init__(self) -> None:
        self._by_id: dict[str, Versioned] = {}
        self._by_clinic: dict[str, dict[str, Visit]] = {}
        self._by_staff: dict[str, set[str]] = {}

    def __len__(self) -> int:
        return len(self._by_id)

    def find(self, visit_id: str) -> Versioned | None:
        """Return a visit, or None."""
        return self._by_id.get(visit_id)

    def put(self, versioned: Versioned) -> None:
        """Add a visit, or put this version in the place of another."""
        visit = versioned.visit
        self.remove(visit.id)
        self._by_id[visit.id] = versioned
        self._by_clinic.setdefault(visit.clinic_id, {})[visit.id] = visit
        for staff_id in _staff_in(visit):
            self._by_staff.setdefault(staff_id, set()).add(visit.id)

    def remove(self, visit_id: str) -> None:
        """Take a visit away. Idempotent."""
        known = self._by_id.pop(visit_id, None)
        if known is None:
            return
        del self._by_clinic[known.visit.clinic_id][visit_id]
        for staff_id in _staff_in(known.visit):
            inside = self._by_staff[staff_id]
            inside.discard(visit_id)
            if not inside:
                del self._by_staff[staff_id]

    def all(self) -> list[Versioned]:
        """Return all, in no order."""
        return list(self._by_id.values())

    def of_clinic(self, clinic_id: str) -> Iterable[Visit]:
        """Return a clinic's visits, in no order."""
        return self._by_clinic.get(clinic_id, {}).values()

    def with_staff(self, staff_id: str) -> list[Visit]:
        """Return the visits in whose media this member of staff is."""
        return [self._by_id[visit_id].visit for visit_id in self._by_staff.get(staff_id, ())]

    def staff_inside(self) -> set[str]:
        """Return everybody of the staff who is in a visit's media."""
        return set(self._by_staff)


def _staff_in(visit: Visit) -> list[str]:
    return [one.id for one in visit.in_media if one.role.staff]
