"""The HTTP interface: what a link opens, the tap that redeems it, and staff's sign-in (``docs/protocol.md`` §1)."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from datetime import timedelta
from typing import Final, TypeVar

from aiohttp import web
from pydantic import BaseModel, ValidationError

from signaling.accounts import Accounts
from signaling.errors import RequestRefused, refusal_of
from signaling.invitations import hash_code, well_formed
from signaling.limits import Throttle
from signaling.messages import ClinicCard, CodeRequest, InvitationView, Redeemed, SignedIn, SignInRequest, StaffCard
from signaling.screens import Screens
from signaling.snapshots import invitation_view
from signaling.tokens import SessionClaims, SessionTokens
from signaling.visits import Clock, Visits
from waiting_room.commands import Arrive
from waiting_room.errors import ParticipantRemoved, ParticipantUnknown, WaitingRoomError
from waiting_room.model import Actor, Participant, Visit
from waiting_room.store import VisitStore

__all__ = ["Api"]

GUESSES: Final = 30
GUESS_WINDOW_S: Final = 300.0
PASSWORDS: Final = 10
PASSWORDS_PER_ADDRESS: Final = 50
PATIENT_SESSION: Final = timedelta(hours=24)

_Model = TypeVar("_Model", bound=BaseModel)


class Api:
    """The handlers of ``/api/v1``."""

    def __init__(
        self,
        *,
        store: VisitStore,
        visits: Visits,
        screens: Screens,
        tokens: SessionTokens,
        accounts: Accounts,
        clinic: ClinicCard,
        staff_session: timedelta,
        address_of: Callable[[web.Request], str],
        clock: Clock,
        monotonic: Callable[[], float],
    ) -> None:
        self._store = store
        self._visits = visits
        self._screens = screens
        self._tokens = tokens
        self._accounts = accounts
        self._clinic = clinic
        self._staff_session = staff_session
        self._address_of = address_of
        self._clock = clock
        self._guesses = Throttle(GUESSES, GUESS_WINDOW_S, clock=monotonic)
        self._passwords = Throttle(PASSWORDS, GUESS_WINDOW_S, clock=monotonic)
        self._passwords_per_address = Throttle(PASSWORDS_PER_ADDRESS, GUESS_WINDOW_S, clock=monotonic)

    def routes(self) -> list[web.RouteDef]:
        """Return the routes to add to the application."""
        return [
            web.post("/api/v1/invitations/view", self.view),
            web.post("/api/v1/invitations/redeem", self.redeem),
            web.post("/api/v1/staff/sign-in", self.sign_in),
        ]

    async def view(self, request: web.Request) -> web.Response:
        """Say what a link opens; nothing changes by it."""
        visit, participant = await self._invited(request)
        in_use = participant.session is not None and self._screens.has(participant.session)
        view: InvitationView = invitation_view(visit, participant, self._clinic, in_use=in_use, now=self._clock())
        return _answer(view)

    async def redeem(self, request: web.Request) -> web.Response:
        """Take the tap on Start: the participant arrives on this device."""
        self._refuse_if_draining()
        visit, participant = await self._invited(request)
        session = secrets.token_urlsafe(16)
        arrive = Arrive(actor=Actor(participant.id, participant.role), participant=participant.id, session=session)
        try:
            await self._visits.handle(visit.id, arrive)
        except ParticipantRemoved as error:
            raise RequestRefused("link_ended") from error
        except WaitingRoomError as error:
            raise refusal_of(error) from error
        now = self._clock()
        claims = SessionClaims("visit", participant.id, session, now + PATIENT_SESSION, visit.id, participant.role)
        return _answer(
            Redeemed(
                token=self._tokens.issue(claims, now=now),
                expires_at=claims.expires_at,
                visit=visit.id,
                participant=participant.id,
                role=participant.role,
            )
        )

    async def sign_in(self, request: web.Request) -> web.Response:
        """Check a staff password. Throttled by address, and by name and address, so that nobody can lock a colleague out."""
        self._refuse_if_draining()
        asked = await _read(request, SignInRequest)
        address = self._address_of(request)
        pair = f"{address} {asked.username}"
        with self._passwords.attempt(pair), self._passwords_per_address.attempt(address):
            account = await self._accounts.sign_in(asked.username, asked.password)
        now = self._clock()
        claims = SessionClaims("care", account.username, secrets.token_urlsafe(16), now + self._staff_session)
        return _answer(
            SignedIn(
                token=self._tokens.issue(claims, now=now),
                expires_at=claims.expires_at,
                staff=StaffCard(username=account.username, name=account.name, role=account.role),
            )
        )

    def _refuse_if_draining(self) -> None:
        if self._screens.draining:
            raise RequestRefused("draining")

    async def _invited(self, request: web.Request) -> tuple[Visit, Participant]:
        """Return whom the link is for. Only wrong codes are counted: a patient behind a guesser's address still gets in."""
        asked = await _read(request, CodeRequest)
        try:
            invitation = await self._store.find_invitation(hash_code(asked.code)) if well_formed(asked.code) else None
            if invitation is not None:
                visit = self._visits.find(invitation.visit_id) or await self._visits.load(invitation.visit_id)
                participant = visit.find(invitation.participant_id)
                if participant is None:
                    raise ParticipantUnknown
                return visit, participant
        except WaitingRoomError as error:
            raise refusal_of(error) from error
        address = self._address_of(request)
        self._guesses.check(address)
        self._guesses.fail(address)
        raise RequestRefused("invitation_unknown", clinic=self._clinic.model_dump())


async def _read(request: web.Request, model: type[_Model]) -> _Model:
    if request.content_type != "application/json":
        raise RequestRefused("bad_request")
    try:
        return model.model_validate_json(await request.read())
    except ValidationError as error:
        raise RequestRefused("bad_request") from error


def _answer(model: BaseModel) -> web.Response:
    return web.Response(text=model.model_dump_json(), content_type="application/json")
