"""What staff ask about one visit and the people in it. The domain decides by role; payloads only name visits and participants."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any
from weakref import WeakValueDictionary

from signaling.care_access import CareAccess
from signaling.care_messages import Invited
from signaling.channels import Requests
from signaling.errors import RequestRefused
from signaling.invitations import hash_code, invitation_url, mint_code
from signaling.requests import (
    AdmitRequest,
    CareModalityRequest,
    HandOverRequest,
    InviteRequest,
    ParticipantRequest,
    VisitRequest,
)
from signaling.screens import Screen
from signaling.staff_directory import StaffDirectory
from signaling.visits import Visits
from waiting_room import commands as do
from waiting_room.errors import AccountUnknown, AlreadyAdmitted, ParticipantUnknown
from waiting_room.model import Actor, Modality, Provider, Role
from waiting_room.store import Links

__all__ = ["CareRequests"]


class CareRequests:
    """Admission, and everything else that moves people. ``base_url`` is what guests' links begin with."""

    def __init__(self, access: CareAccess, visits: Visits, directory: StaffDirectory, base_url: str) -> None:
        self._access = access
        self._visits = visits
        self._directory = directory
        self._base_url = base_url
        self._places: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()
        self.requests: Requests = {
            "visit.look": (VisitRequest, self._look),
            "visit.admit": (AdmitRequest, self._admit),
            "visit.enter": (VisitRequest, self._enter),
            "visit.leave": (VisitRequest, self._leave),
            "visit.hold": (ParticipantRequest, self._hold),
            "visit.return": (ParticipantRequest, self._return),
            "visit.hand_over": (HandOverRequest, self._hand_over),
            "visit.remove": (ParticipantRequest, self._remove),
            "visit.end": (VisitRequest, self._end),
            "visit.complete": (VisitRequest, self._complete),
            "visit.no_show": (VisitRequest, self._no_show),
            "visit.invite": (InviteRequest, self._invite),
            "visit.modality": (CareModalityRequest, self._modality),
        }

    async def _look(self, screen: Screen, request: VisitRequest) -> dict[str, Any]:
        staff = await self._access.live(screen)
        await self._access.give(request.visit, do.Look(actor=staff))
        return {}

    async def _admit(self, screen: Screen, request: AdmitRequest) -> dict[str, Any]:
        staff = await self._access.live(screen)
        # Read anew: a licence that was taken away a moment ago must warn.
        await self._directory.refresh()
        visit = self._visits.find(request.visit) or await self._visits.load(request.visit)
        admit = do.Admit(
            actor=staff,
            participant=request.participant,
            session=screen.session,
            confirmed=frozenset(request.confirmed),
            licences=self._directory.licences(visit, staff),
        )
        try:
            async with self._free(staff, request.visit):
                await self._access.give(request.visit, admit)
        except AlreadyAdmitted as error:
            raise RequestRefused(error.code, by=await self._name(request.visit, error.facts["by"])) from error
        return {}

    async def _enter(self, screen: Screen, request: VisitRequest) -> dict[str, Any]:
        staff = await self._access.live(screen)
        async with self._free(staff, request.visit):
            await self._access.give(request.visit, do.Enter(actor=staff, session=screen.session))
        return {}

    async def _leave(self, screen: Screen, request: VisitRequest) -> dict[str, Any]:
        staff = await self._access.live(screen)
        await self._access.give(request.visit, do.Leave(actor=staff, participant=staff.id, session=screen.session))
        return {}

    async def _hold(self, screen: Screen, request: ParticipantRequest) -> dict[str, Any]:
        staff = await self._access.live(screen)
        await self._access.give(request.visit, do.Hold(actor=staff, participant=request.participant))
        return {}

    async def _return(self, screen: Screen, request: ParticipantRequest) -> dict[str, Any]:
        staff = await self._access.live(screen)
        await self._access.give(request.visit, do.ReturnToWaiting(actor=staff, participant=request.participant))
        return {}

    async def _hand_over(self, screen: Screen, request: HandOverRequest) -> dict[str, Any]:
        staff = await self._access.live(screen)
        await self._directory.refresh()
        colleagues = {account.username: account for account in self._directory.clinicians(staff.clinic)}
        to = colleagues.get(request.to)
        if to is None:
            raise AccountUnknown
        await self._access.give(request.visit, do.HandOver(actor=staff, to=Provider(to.id, to.name), to_role=to.role))
        return {}

    async def _remove(self, screen: Screen, request: ParticipantRequest) -> dict[str, Any]:
        staff = await self._access.live(screen)
        await self._access.give(request.visit, do.Remove(actor=staff, participant=request.participant))
        return {}

    async def _end(self, screen: Screen, request: VisitRequest) -> dict[str, Any]:
        staff = await self._access.live(screen)
        await self._access.give(request.visit, do.End(actor=staff))
        return {}

    async def _complete(self, screen: Screen, request: VisitRequest) -> dict[str, Any]:
        staff = await self._access.live(screen)
        await self._access.give(request.visit, do.Complete(actor=staff))
        return {}

    async def _no_show(self, screen: Screen, request: VisitRequest) -> dict[str, Any]:
        staff = await self._access.live(screen)
        await self._access.give(request.visit, do.MarkNoShow(actor=staff))
        return {}

    async def _invite(self, screen: Screen, request: InviteRequest) -> dict[str, Any]:
        staff = await self._access.live(screen)
        guest, code = secrets.token_urlsafe(12), mint_code()
        invite = do.Invite(
            actor=staff,
            participant=guest,
            role=Role(request.role),
            name=request.name,
            lives=timedelta(minutes=request.minutes),
        )
        visit = await self._access.give(request.visit, invite, Links(add={hash_code(code): guest}))
        invited = visit.find(guest)
        if invited is None or invited.link_expires_at is None:
            raise ParticipantUnknown
        answer = Invited(
            participant=guest, url=invitation_url(self._base_url, code), expires_at=invited.link_expires_at
        )
        return answer.model_dump(mode="json")

    async def _modality(self, screen: Screen, request: CareModalityRequest) -> dict[str, Any]:
        staff, _ = await self._access.inside(screen, request.visit)
        note = do.NoteModality(
            actor=staff,
            participant=staff.id,
            session=screen.session,
            modality=Modality(request.modality),
            reason=request.reason,
        )
        await self._access.give(request.visit, note)
        return {}

    @asynccontextmanager
    async def _free(self, staff: Actor, visit_id: str) -> AsyncIterator[None]:
        """Hold a person's one place: two windows that admit at once must not put them into two visits."""
        lock = self._places.setdefault(staff.id, asyncio.Lock())
        async with lock:
            if any(visit.id != visit_id for visit in self._visits.with_staff(staff.id)):
                raise RequestRefused("busy_elsewhere")
            yield

    async def _name(self, visit_id: str, participant_id: str) -> str:
        found = (await self._visits.load(visit_id)).find(participant_id)
        return found.name if found else ""
