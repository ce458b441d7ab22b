"""The HTTP interface for pages: what links open, and staff's way in and out (``docs/protocol.md`` §1)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from aiohttp import web

from signaling.accounts import Accounts
from signaling.api_feedback import FeedbackEndpoint
from signaling.api_links import LinkEndpoints
from signaling.api_receipt import ReceiptEndpoint
from signaling.api_staff import StaffEndpoints
from signaling.clinics import Clinics
from signaling.screens import Screens
from signaling.sign_in import PasswordSignIn
from signaling.staff_sessions import StaffSessions
from signaling.tokens import SessionTokens
from signaling.visits import Clock, Visits
from waiting_room.store import Store

__all__ = ["Api"]


class Api:
    """All of it. ``media_server`` is the name of the host through which picture and sound go, for the receipt."""

    def __init__(
        self,
        *,
        store: Store,
        visits: Visits,
        screens: Screens,
        tokens: SessionTokens,
        accounts: Accounts,
        sessions: StaffSessions,
        clinics: Clinics,
        staff_session: timedelta,
        address_of: Callable[[web.Request], str],
        clock: Clock,
        monotonic: Callable[[], float],
        media_server: str,
    ) -> None:
        self._links = LinkEndpoints(
            store=store,
            visits=visits,
            screens=screens,
            tokens=tokens,
            clinics=clinics,
            address_of=address_of,
            clock=clock,
            monotonic=monotonic,
        )
        self._receipt = ReceiptEndpoint(
            store=store, visits=visits, tokens=tokens, clinics=clinics, clock=clock, media_server=media_server
        )
        self._feedback = FeedbackEndpoint(store=store, visits=visits, tokens=tokens, clock=clock)
        self._staff = StaffEndpoints(
            screens=screens,
            tokens=tokens,
            accounts=accounts,
            sessions=sessions,
            passwords=PasswordSignIn(accounts, monotonic=monotonic),
            staff_session=staff_session,
            address_of=address_of,
            clock=clock,
        )

    def routes(self) -> list[web.RouteDef]:
        """Return the routes to add to the application."""
        return [*self._links.routes(), *self._receipt.routes(), *self._feedback.routes(), *self._staff.routes()]
