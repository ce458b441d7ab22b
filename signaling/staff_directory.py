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
        """Return the states in which the visit's providers may treat; where none is named, the one who admits.

        Empty where the clinic does not keep them here: nothing is warned of then.
        """
        treating = [one.id for one in visit.providers] or [staff.id]
        known = [account.licences for one in treating if (account := self.find(one)) is not None]
        return frozenset().union(*known)
