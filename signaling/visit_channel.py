"""The namespace ``/visit``: what a patient's (or guest's) page may ask. Identifiers come from the session, never from a payload."""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable
from typing import Any, Final

import structlog
from pydantic import BaseModel

from signaling.channels import Channel
from signaling.errors import RequestRefused
from signaling.invitations import hash_code, invitation_url, mint_code
from signaling.limits import Throttle
from signaling.messages import HelperInvited, Next, Presence
from signaling.photo_messages import asked_of
from signaling.photos import Photos
from signaling.requests import (
    AnswerRequest,
    BirthDateRequest,
    CaptionRequest,
    ChatRequest,
    DevicesRequest,
    EmptyRequest,
    ItemRequest,
    MessageRequest,
    ModalityRequest,
    ReadRequest,
    ReportRequest,
    RestartRequest,
    WishRequest,
)
from signaling.screens import Connection, Screen
from signaling.staff_directory import StaffDirectory
from signaling.talk import Talk
from signaling.tokens import SessionClaims
from signaling.visit_media import sending_of
from signaling.visit_snapshot import visit_snapshot, wait_shown
from signaling.wait_table import WaitTable
from waiting_room import commands as do
from waiting_room.errors import WaitingRoomError
from waiting_room.helping import helper_of
from waiting_room.helping_commands import InviteHelper
from waiting_room.model import Actor, Modality, Role, Visit
from waiting_room.store import Links
from waiting_room.visit import BIRTH_DATE_TRIES, authorize

__all__ = ["VisitChannel"]

HELPER_LINKS: Final = 5
HELPER_LINKS_WINDOW_S: Final = 600.0
_HELPERS: Final = frozenset({"identity.confirm", "checkin.answer", "presence.check", "visit.leave"})
"""What a helper's page may ask: another request is refused before anything looks at it."""

log = structlog.get_logger(__name__)


class VisitChannel(Channel):
    """Patients' and guests' screens."""

    def __init__(
        self,
        *,
        staff_present: Callable[[Visit], bool],
        waits: WaitTable,
        directory: StaffDirectory,
        photos: Photos,
        talk: Talk,
        base_url: str,
        **parts: Any,
    ) -> None:
        super().__init__(**parts)
        self._staff_present = staff_present
        self._waits = waits
        self._directory = directory
        self._photos = photos
        self._talk = talk
        self._base_url = base_url
        self._helper_links = Throttle(
            HELPER_LINKS, HELPER_LINKS_WINDOW_S, clock=time.monotonic, code="too_many_requests"
        )
        self._claims: dict[Screen, SessionClaims] = {}
        self.requests = {
            "identity.confirm": (BirthDateRequest, self._confirm),
            "checkin.answer": (ItemRequest, self._answer_item),
            "waiting.join": (EmptyRequest, self._join),
            "visit.leave": (EmptyRequest, self._leave),
            "presence.check": (EmptyRequest, self._check),
            "message.send": (MessageRequest, self._send),
            "message.read": (ReadRequest, self._read),
            "chat.say": (ChatRequest, self._say),
            "captions.say": (CaptionRequest, self._caption),
            "wish.make": (WishRequest, self._wish),
            "helper.invite": (EmptyRequest, self._invite_helper),
            "visit.modality": (ModalityRequest, self._modality),
            "media.answer": (AnswerRequest, self._answer),
            "media.restart": (RestartRequest, self._restart),
            "media.devices": (DevicesRequest, self._devices),
            "media.report": (ReportRequest, self._report),
        }

    async def _open(self, connection: Connection, token: str) -> Screen:
        """See `Channel._open`. The token's session must still be the participant's."""
        claims = self._tokens.verify(token, "visit")
        visit_id = claims.visit or ""

        async def draw(version: int) -> BaseModel | None:
            return await self._draw(claims, version)

        screen = Screen(connection, claims.session, claims.subject, claims.expires_at, draw, visit=visit_id)
        self._claims[screen] = claims
        try:
            authorize(await self._visits.load(visit_id), claims.subject, claims.session)
            self._screens.open(screen)
            await self._visits.handle(visit_id, do.Connect(**_who(claims)))
        except BaseException:
            del self._claims[screen]
            self._screens.close(screen)
            raise
        return screen

    async def request(self, screen: Screen, name: str, argument: object) -> dict[str, Any]:
        """See `Channel.request`. A helper's link opens the check-in and the device test alone."""
        if self._claims[screen].role == Role.HELPER and name in self.requests and name not in _HELPERS:
            return RequestRefused("forbidden").body
        return await super().request(screen, name, argument)

    async def disconnect(self, screen: Screen) -> None:
        """See `Channel.disconnect`. The place is kept for the grace period."""
        claims = self._claims.pop(screen)
        if not self._screens.close(screen):
            return
        try:
            await self._visits.handle(claims.visit or "", do.LoseConnection(**_who(claims)))
        except WaitingRoomError as error:
            log.info("loss_not_noted", code=error.code)

    async def _draw(self, claims: SessionClaims, version: int) -> BaseModel | None:
        visit_id = claims.visit or ""
        visit = self._visits.find(visit_id) or await self._visits.load(visit_id)
        me = visit.find(claims.subject)
        if me is None or me.session != claims.session or visit.phase.final:
            return None
        return visit_snapshot(
            visit,
            me,
            self._media,
            self._clinics.find(visit.clinic_id) or self._clinics.first,
            self._clinics.card(visit.clinic_id),
            wait=self._waits.of(visit),
            comes_next=self._next(visit),
            staff_present=self._staff_present(visit),
            photo_ask=asked_of(self._photos.asked(visit.id)),
            talk=self._talk.shown(visit, me),
            version=version,
            now=self._clock(),
        )

    def _next(self, visit: Visit) -> Next | None:
        """Return the colleague to whom the patient was handed over and who has not come yet."""
        if visit.handed_to is None:
            return None
        account = self._directory.find(visit.handed_to.id)
        return Next(name=visit.handed_to.name, role=account.role if account else Role.PROVIDER)

    # Identity, check-in and the line.

    async def _confirm(self, screen: Screen, request: BirthDateRequest) -> dict[str, Any]:
        claims = self._live(screen)
        visit = await self._give(do.ConfirmBirthDate(**_who(claims), birth_date=request.birth_date), claims)
        me = visit.find(claims.subject)
        if me is not None and me.unproven:
            raise RequestRefused("birth_date_wrong", tries_left=max(0, BIRTH_DATE_TRIES - me.wrong_dates))
        return {}

    async def _answer_item(self, screen: Screen, request: ItemRequest) -> dict[str, Any]:
        claims = self._live(screen)
        await self._give(do.AnswerCheckIn(**_who(claims), item=request.item, answer=request.answer), claims)
        return {}

    async def _join(self, screen: Screen, request: EmptyRequest) -> dict[str, Any]:
        del request
        claims = self._live(screen)
        await self._give(do.JoinWaitingRoom(**_who(claims)), claims)
        return {}

    async def _leave(self, screen: Screen, request: EmptyRequest) -> dict[str, Any]:
        del request
        claims = self._live(screen)
        await self._give(do.Leave(**_who(claims)), claims)
        return {}

    async def _check(self, screen: Screen, request: EmptyRequest) -> dict[str, Any]:
        del request
        claims = self._live(screen)
        # Said only after asking the store: the screen promises that the place is kept.
        visit = await self._visits.load(claims.visit or "")
        me = authorize(visit, claims.subject, claims.session)
        clinic = self._clinics.find(visit.clinic_id) or self._clinics.first
        wait = wait_shown(visit, me, self._waits.of(visit), clinic)
        return Presence(server_time=self._clock(), wait=wait).model_dump(mode="json")

    # Words.

    async def _send(self, screen: Screen, request: MessageRequest) -> dict[str, Any]:
        claims = self._live(screen)
        await self._give(do.SendMessage(**_who(claims), message=secrets.token_urlsafe(12), text=request.text), claims)
        return {}

    async def _read(self, screen: Screen, request: ReadRequest) -> dict[str, Any]:
        claims = self._live(screen)
        await self._give(do.ReadMessages(**_who(claims), message=request.message, read=request.read), claims)
        return {}

    async def _say(self, screen: Screen, request: ChatRequest) -> dict[str, Any]:
        claims = self._live(screen)
        await self._talk.say(claims.visit or "", _actor(claims), claims.session, request.key, request.text)
        return {}

    async def _caption(self, screen: Screen, request: CaptionRequest) -> dict[str, Any]:
        claims = self._live(screen)
        visit = self._visits.find(claims.visit or "")
        me = visit.find(claims.subject) if visit else None
        if visit is None or me is None:
            raise RequestRefused("wrong_state")
        self._talk.caption(visit, me, request.text)
        return {}

    async def _wish(self, screen: Screen, request: WishRequest) -> dict[str, Any]:
        claims = self._live(screen)
        await self._give(do.AskFor(**_who(claims), wish=request.wish), claims)
        return {}

    async def _invite_helper(self, screen: Screen, request: EmptyRequest) -> dict[str, Any]:
        del request
        claims, visit_id = self._live(screen), screen.visit or ""
        self._helper_links.take(claims.subject)
        before, code = helper_of(await self._visits.load(visit_id)), mint_code()
        helper = before.id if before else secrets.token_urlsafe(12)
        links = Links(add={hash_code(code): helper}, revoke=frozenset({helper}))
        await self._visits.handle(visit_id, InviteHelper(**_who(claims), helper=helper), links)
        return HelperInvited(url=invitation_url(self._base_url, code)).model_dump(mode="json")

    # Media.

    async def _modality(self, screen: Screen, request: ModalityRequest) -> dict[str, Any]:
        claims = self._live(screen)
        modality = Modality(request.modality)
        await self._give(do.NoteModality(**_who(claims), modality=modality, reason=request.reason), claims)
        return {}

    async def _answer(self, screen: Screen, request: AnswerRequest) -> dict[str, Any]:
        claims = self._live(screen)
        taken = self._media.answer(screen.visit or "", claims.subject, request.transport, request.revision, request.sdp)
        return {} if taken else {"stale": True}

    async def _restart(self, screen: Screen, request: RestartRequest) -> dict[str, Any]:
        claims = self._live(screen)
        self._media.restart(screen.visit or "", claims.subject, request.transport, keep=request.keep)
        return {}

    async def _devices(self, screen: Screen, request: DevicesRequest) -> dict[str, Any]:
        claims, visit_id = self._live(screen), screen.visit or ""
        self._media.note_sending(visit_id, claims.subject, sending_of(request))
        visit = self._visits.find(visit_id)
        me = visit.find(claims.subject) if visit else None
        if visit is not None and me is not None:
            self._screens.touch_inside(visit)
            await self._note_camera(visit, me, _actor(claims), camera=request.camera)
        return {}

    async def _report(self, screen: Screen, request: ReportRequest) -> dict[str, Any]:
        claims = self._live(screen)
        self._media.note_report(screen.visit or "", claims.subject, request)
        return {}

    def _live(self, screen: Screen) -> SessionClaims:
        """Return the session's claims. A screen that was told goodbye, or whose device was replaced, may ask nothing any more."""
        claims = self._claims[screen]
        visit = self._visits.find(screen.visit or "")
        if not self._screens.speaks(screen):
            raise RequestRefused("unauthorized")
        if visit is not None:
            authorize(visit, claims.subject, claims.session)
        return claims

    async def _give(self, command: do.Command, claims: SessionClaims) -> Visit:
        return await self._visits.handle(claims.visit or "", command)


def _actor(claims: SessionClaims) -> Actor:
    return Actor(claims.subject, Role(claims.role or Role.PATIENT), device=claims.device)


def _who(claims: SessionClaims) -> dict[str, Any]:
    """Return what each command of one who came by a link says of them: all of it from the token."""
    return {"actor": _actor(claims), "participant": claims.subject, "session": claims.session}
