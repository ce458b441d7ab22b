"""The staff's accounts as they were last read: who can be handed over to, and in which states who may treat."""

from __future__ import annotations

from waiting_room.model import Actor, Role, Visit
from waiting_room.store import StaffAccount, StaffStore

__all__ = ["StaffDirectory"]


class StaffDirectory:
    """Keeps what `refresh` read; accounts may also be changed by another process."""

    def __init__(self, store: StaffStore) -> None:
        self._store = store
        self._by_id: dict[str, StaffAccount] = {}

    async def refresh(self) -> bool:
        """Read the accounts anew. True if something is other than before. Raises `StoreFailed`."""
        read = {account.id: account for account in await self._store.list_staff()}
        changed = read != self._by_id
        self._by_id = read
        return changed

    def find(self, account_id: str) -> StaffAccount | None:
        """Return an account, disabled or not."""
        return self._by_id.get(account_id)

    def clinicians(self, clinic_id: str) -> list[StaffAccount]:
        """Return the nurses and providers of a clinic whose account is enabled, by user name."""
        found = [
            account
            for account in self._by_id.values()
            if account.clinic_id == clinic_id and not account.disabled and account.role in {Role.NURSE, Role.PROVIDER}
        ]
        return sorted(found, key=lambda account: account.username)

    def licences(self, visit: Visit, staff: Actor) -> frozenset[str]:
        """Return the states in which the one may treat who will, if this person admits.

        A provider who admits treats; for others it is the provider to whom the patient was handed over, else the first one of the
        appointment, else they themselves. Empty where the clinic does not keep them here: nothing is warned of then.
        """
        account = self.find(self._treating(visit, staff))
        return account.licences if account else frozenset()

    def _treating(self, visit: Visit, staff: Actor) -> str:
        if staff.role is Role.PROVIDER:
            return staff.id
        handed_to = self.find(visit.handed_to.id) if visit.handed_to else None
        if handed_to is not None and handed_to.role is Role.PROVIDER:
            return handed_to.id
        return visit.providers[0].id if visit.providers else staff.id
