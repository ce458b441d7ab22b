"""Who calls the appointments interface: an API token with scopes, or a member of staff with their own session."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from aiohttp import web

from signaling.errors import RequestRefused
from signaling.limits import RateLimit
from signaling.rest.scopes import Scope
from signaling.staff_sessions import StaffSessions
from signaling.tokens import SessionClaims, SessionTokens
from signaling.visits import Clock
from waiting_room.errors import VisitUnknown
from waiting_room.model import Actor, Role, Visit
from waiting_room.roles import Action, allowed
from waiting_room.store import TokenStore
from waiting_room.visit import sees

__all__ = ["Bearer", "Caller"]

PER_S: Final = 20.0
BURST: Final = 100.0
MOST_CALLERS: Final = 10_000


@dataclass(frozen=True, slots=True)
class Caller:
    """Who calls. ``scopes`` None is a member of staff, for whom the role table alone decides.

    ``actor.clinic`` "" means every clinic.
    """

    actor: Actor
    scopes: frozenset[str] | None

    def require(self, scope: Scope, actions: frozenset[Action]) -> None:
        """Raise `RequestRefused` ``forbidden`` unless the token has the scope and the role table grants one of these."""
        scoped = self.scopes is None or scope in self.scopes
        if not scoped or not any(allowed(self.actor.role, action) for action in actions):
            raise RequestRefused("forbidden")

    def sees(self, visit: Visit) -> bool:
        """Whether this caller may know of the visit."""
        if self.actor.role is Role.OPERATOR:
            return self.actor.clinic in {"", visit.clinic_id}
        return sees(visit, self.actor)

    def require_sight(self, visit: Visit) -> None:
        """Raise `VisitUnknown` for a visit that this caller may not know of, as for one that does not exist."""
        if not self.sees(visit):
            raise VisitUnknown

    def clinic(self, asked: str | None) -> str | None:
        """Return which clinic a request is about: the one asked for, else the caller's own, else None.

        Raises `RequestRefused` ``clinic_unknown`` for another one than the caller's.
        """
        if asked is not None and self.actor.clinic not in {"", asked}:
            raise RequestRefused("clinic_unknown")
        return asked or self.actor.clinic or None


class Bearer:
    """Reads ``Authorization: Bearer``. A token that is valid is not enough: it must be neither revoked nor out of use."""

    def __init__(
        self,
        *,
        store: TokenStore,
        tokens: SessionTokens,
        sessions: StaffSessions,
        clock: Clock,
        monotonic: Callable[[], float],
    ) -> None:
        self._store = store
        self._tokens = tokens
        self._sessions = sessions
        self._clock = clock
        self._monotonic = monotonic
        self._limits: OrderedDict[str, RateLimit] = OrderedDict()

    async def caller(self, request: web.Request) -> Caller:
        """Return who calls. Raises `RequestRefused` ``unauthorized`` or ``too_many_requests``, or `StoreFailed`."""
        scheme, _, token = request.headers.get("Authorization", "").partition(" ")
        if scheme.lower() != "bearer":
            raise RequestRefused("unauthorized")
        try:
            claims = self._tokens.verify(token.strip(), "api")
        except RequestRefused:
            caller = await self._staff(self._tokens.verify(token.strip(), "care"))
        else:
            caller = await self._program(claims)
        self._limit(caller.actor.id)
        return caller

    async def _program(self, claims: SessionClaims) -> Caller:
        kept = await self._store.find_token(claims.subject)
        if kept is None or kept.revoked_at is not None or kept.expires_at <= self._clock():
            raise RequestRefused("unauthorized")
        actor = Actor(kept.id, Role.OPERATOR, kept.name, kept.clinic_id or "", "api")
        return Caller(actor, kept.scopes & frozenset(claims.scopes))

    async def _staff(self, claims: SessionClaims) -> Caller:
        account = await self._sessions.check(claims)
        return Caller(Actor(account.id, account.role, account.name, account.clinic_id, claims.device), None)

    def _limit(self, caller_id: str) -> None:
        limit = self._limits.setdefault(caller_id, RateLimit(self._monotonic, PER_S, BURST))
        self._limits.move_to_end(caller_id)
        while len(self._limits) > MOST_CALLERS:
            self._limits.popitem(last=False)
        if not limit.take():
            raise RequestRefused("too_many_requests", retry_after_s=1)
