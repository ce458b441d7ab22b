"""What the handlers share: the visits, who may know of them, and how they are told of."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from aiohttp import web

from signaling.accounts import Accounts
from signaling.clinics import Clinics
from signaling.rest.answers import Teller
from signaling.rest.bearer import Caller
from signaling.visits import Clock, Visits
from waiting_room.commands import Look
from waiting_room.model import Actor, Visit
from waiting_room.store import Store

__all__ = ["Desk"]


@dataclass(frozen=True, slots=True)
class Desk:
    """The server's parts, as the interface uses them."""

    store: Store
    visits: Visits
    clinics: Clinics
    accounts: Accounts
    clock: Clock

    async def visit(self, request: web.Request, caller: Caller) -> Visit:
        """Return the visit that the address names. Raises `VisitUnknown`, for one that the caller may not know of too."""
        visit = await self.visits.load(request.match_info["id"])
        caller.require_sight(visit)
        return visit

    async def look(self, request: web.Request, caller: Caller) -> Visit:
        """Return that visit, and keep in the trail that it was read."""
        visit = await self.visit(request, caller)
        return await self.visits.handle(visit.id, Look(actor=caller.actor))

    def by(self, actor: Actor) -> dict[str, Any]:
        """Return what an event outside of visits carries."""
        return {"visit": "", "at": self.clock(), "actor": actor.id, "role": actor.role, "device": actor.device}

    async def teller(self, caller: Caller) -> Teller:
        """Return what tells this caller of visits, with today's accounts. What staff note for each other no portal reads."""
        return Teller(self.clinics, await self.accounts.list(), notes=caller.actor.role.staff)
