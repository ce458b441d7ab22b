"""What a link opens: its view, the tap that redeems it, the device test's report (``docs/protocol.md`` §1)."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final

from aiohttp import web

from signaling.clinics import Clinics
from signaling.errors import RequestRefused
from signaling.http_messages import (
    CallAnswer,
    CodeRequest,
    InvitationView,
    LinkState,
    ReadinessAnswer,
    ReadinessRequest,
    Redeemed,
    VisitCard,
)
from signaling.http_requests import answer, device_of, read
from signaling.invitations import hash_code, well_formed
from signaling.limits import Throttle
from signaling.screens import Screens
from signaling.tokens import SessionClaims, SessionTokens
from signaling.visit_snapshot import callback_of
from signaling.visits import Clock, Visits
from waiting_room.commands import Arrive, AskFor, ReportReadiness
from waiting_room.errors import ParticipantRemoved, ParticipantUnknown
from waiting_room.model import Actor, Participant, ParticipantPhase, Role, Visit, VisitPhase, Wish
from waiting_room.readiness import judge
from waiting_room.store import Invitation, VisitStore

__all__ = ["LinkEndpoints", "link_state"]

GUESSES: Final = 30
REPORTS: Final = 20
WINDOW_S: Final = 300.0
STARTS: Final = 10
STARTS_WINDOW_S: Final = 60.0
PATIENT_SESSION: Final = timedelta(hours=24)


class LinkEndpoints:
    """The handlers of ``/api/v1/invitations``."""

    def __init__(
        self,
        *,
        store: VisitStore,
        visits: Visits,
        screens: Screens,
        tokens: SessionTokens,
        clinics: Clinics,
        address_of: Callable[[web.Request], str],
        clock: Clock,
        monotonic: Callable[[], float],
    ) -> None:
        self._store = store
        self._visits = visits
        self._screens = screens
        self._tokens = tokens
        self._clinics = clinics
        self._address_of = address_of
        self._clock = clock
        self._guesses = Throttle(GUESSES, WINDOW_S, clock=monotonic)
        self._reports = Throttle(REPORTS, WINDOW_S, clock=monotonic)
        self._starts = Throttle(STARTS, STARTS_WINDOW_S, clock=monotonic)

    def routes(self) -> list[web.RouteDef]:
        """Return the routes to add to the application."""
        return [
            web.post("/api/v1/invitations/view", self.view),
            web.post("/api/v1/invitations/redeem", self.redeem),
            web.post("/api/v1/invitations/readiness", self.readiness),
            web.post("/api/v1/invitations/call", self.call),
        ]

    async def view(self, request: web.Request) -> web.Response:
        """Say what a link opens; nothing changes by it."""
        asked = await read(request, CodeRequest)
        invitation, visit, participant = await self._invited(request, asked.code)
        now = self._clock()
        state = self._state(invitation, visit, participant)
        live = state in _LIVE
        return answer(
            InvitationView(
                state=state,
                in_use=live and participant.session is not None and self._screens.has(participant.session),
                role=participant.role,
                ask_birth_date=live and self._asks_birth_date(visit, participant),
                visit=VisitCard(
                    starts_at=visit.starts_at,
                    opens_at=visit.opens_at,
                    check_in_opens_at=visit.check_in_opens_at,
                    ends_at=visit.ends_at,
                    clinician=_clinician(visit) if live and participant.role is not Role.HELPER else None,
                ),
                language=visit.details.language if live else None,
                clinic=self._clinics.card(visit.clinic_id),
                server_time=now,
            )
        )

    async def redeem(self, request: web.Request) -> web.Response:
        """Take the tap on Start: the participant arrives, or prepares, on this device."""
        if self._screens.draining:
            raise RequestRefused("draining")
        asked = await read(request, CodeRequest)
        invitation, visit, participant = await self._invited(request, asked.code)
        if self._state(invitation, visit, participant) not in _LIVE:
            raise RequestRefused("link_ended")
        # Each is a commit, and an entry that stays: a link that is known must not fill the disk.
        self._starts.take(participant.id)
        session, device = secrets.token_urlsafe(16), device_of(request)
        arrive = Arrive(
            actor=Actor(participant.id, participant.role, device=device),
            participant=participant.id,
            session=session,
            ask_birth_date=self._clinics.get(visit.clinic_id).ask_birth_date,
        )
        try:
            await self._visits.handle(visit.id, arrive)
        except ParticipantRemoved as error:
            raise RequestRefused("link_ended") from error
        # The appointment may have been moved between the look at the link and the arrival.
        await self._refuse_if_revoked(asked.code)
        now = self._clock()
        claims = SessionClaims(
            "visit", participant.id, session, now + PATIENT_SESSION, visit.id, participant.role, device=device
        )
        return answer(
            Redeemed(
                token=self._tokens.issue(claims, now=now),
                expires_at=claims.expires_at,
                visit=visit.id,
                participant=participant.id,
                role=participant.role,
            )
        )

    async def readiness(self, request: web.Request) -> web.Response:
        """Keep what the device test found with the appointment, and answer with the verdict."""
        asked = await read(request, ReadinessRequest)
        invitation, visit, participant = await self._invited(request, asked.code)
        if self._state(invitation, visit, participant) not in _LIVE:
            raise RequestRefused("link_ended")
        self._reports.take(participant.id)
        report = asked.report.as_report()
        actor = Actor(participant.id, participant.role, device=device_of(request))
        try:
            await self._visits.handle(visit.id, ReportReadiness(actor=actor, participant=participant.id, report=report))
        except ParticipantRemoved as error:
            raise RequestRefused("link_ended") from error
        verdict = judge(report, at=self._clock())
        return answer(ReadinessAnswer(verdict=verdict.verdict, cause=verdict.cause))

    async def call(self, request: web.Request) -> web.Response:
        """Put the patient's wish for a call on the staff's list: whoever gets no session, or lost it, is not without help."""
        asked = await read(request, CodeRequest)
        invitation, visit, participant = await self._invited(request, asked.code)
        # Days before nobody looks at the list that the wish would stand on.
        if self._state(invitation, visit, participant) not in _LIVE - {"early"}:
            raise RequestRefused("link_ended")
        self._reports.take(participant.id)
        actor = Actor(participant.id, participant.role, device=device_of(request))
        wish = AskFor(actor=actor, participant=participant.id, session=None, wish=Wish.CALL)
        try:
            after = await self._visits.handle(visit.id, wish)
        except ParticipantRemoved as error:
            raise RequestRefused("link_ended") from error
        return answer(CallAnswer(callback_known=callback_of(after) != ""))

    def _state(self, invitation: Invitation, visit: Visit, participant: Participant) -> LinkState:
        """Return what the link opens now; nothing where its clinic was taken out of the settings."""
        if self._clinics.find(visit.clinic_id) is None:
            return "ended"
        return link_state(invitation, visit, participant, now=self._clock())

    def _asks_birth_date(self, visit: Visit, participant: Participant) -> bool:
        asks = self._clinics.get(visit.clinic_id).ask_birth_date
        return asks and participant.role in {Role.PATIENT, Role.HELPER} and visit.details.birth_date is not None

    async def _refuse_if_revoked(self, code: str) -> None:
        invitation = await self._store.find_invitation(hash_code(code))
        if invitation is None or invitation.revoked:
            raise RequestRefused("link_ended")

    async def _invited(self, request: web.Request, code: str) -> tuple[Invitation, Visit, Participant]:
        """Return whom the link is for. Only wrong codes are counted: a patient behind a guesser's address still gets in."""
        invitation = await self._store.find_invitation(hash_code(code)) if well_formed(code) else None
        if invitation is not None:
            visit = self._visits.find(invitation.visit_id) or await self._visits.load(invitation.visit_id)
            participant = visit.find(invitation.participant_id)
            if participant is None:
                raise ParticipantUnknown
            return invitation, visit, participant
        self._guesses.take(self._address_of(request))
        raise RequestRefused("invitation_unknown", clinic=self._clinics.card(self._clinics.first.id).model_dump())


_LIVE: Final[frozenset[LinkState]] = frozenset({"early", "check_in", "open"})


def link_state(invitation: Invitation, visit: Visit, participant: Participant, *, now: datetime) -> LinkState:
    """Return what a link opens. What became of the visit is told before what became of the link."""
    if visit.phase is VisitPhase.CANCELLED:
        return "cancelled"
    if visit.phase.final or participant.phase is ParticipantPhase.REMOVED or participant.link_spent(now):
        return "ended"
    if invitation.revoked:
        return "rescheduled"
    if visit.phase is VisitPhase.BOOKED and now < visit.opens_at:
        return "early" if now < visit.check_in_opens_at else "check_in"
    return "open"


def _clinician(visit: Visit) -> str | None:
    return ", ".join(one.name for one in visit.providers) or None
