"""The parts of a node and how they hear of each other."""

from __future__ import annotations

import asyncio
import ssl
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any, Final
from urllib.parse import urlsplit

import structlog
from aiohttp import web
from prometheus_client import CollectorRegistry

from media import MediaNode
from media.test_call import EchoCall
from signaling.accounts import Accounts
from signaling.api import Api
from signaling.api_photos import PhotoEndpoints
from signaling.captions import Captions
from signaling.care_access import CareAccess
from signaling.care_channel import CareChannel
from signaling.care_desk import CareDesk
from signaling.care_photos import PhotoRequests
from signaling.care_requests import CareRequests
from signaling.clinics import Clinics
from signaling.clock import SteadyClock
from signaling.data_folder import KEYS
from signaling.errors import RequestRefused
from signaling.line_metrics import LineFigures
from signaling.local_time import day_of, zone_named
from signaling.logos import Logos
from signaling.operators import Gauges, Metrics, Operators
from signaling.pages import Pages
from signaling.photos import Photos
from signaling.presence import Presence
from signaling.protection import address_of, answer_errors, security_headers
from signaling.rest.routes import AppointmentsApi
from signaling.retention import run_daily
from signaling.revocation import StaffSignOff, dismiss_refused
from signaling.screens import Screens
from signaling.settings import Settings
from signaling.sockets import Sockets
from signaling.staff_directory import StaffDirectory
from signaling.staff_sessions import StaffSessions
from signaling.talk import Talk
from signaling.test_calls import EchoLimits
from signaling.test_channel import EchoChannel
from signaling.tokens import Keyring, SessionTokens
from signaling.visit_channel import VisitChannel
from signaling.visit_media import VisitMedia
from signaling.visits import Visits
from signaling.wait_table import WaitTable
from waiting_room.errors import StoreFailed
from waiting_room.events import Event
from waiting_room.model import Visit, VisitPhase
from waiting_room.store import Store

__all__ = ["Node"]

MAX_BODY: Final = 16384
WATCH_S: Final = 1.0
LOOK_FOR_MIDNIGHT_S: Final = 60.0

log = structlog.get_logger(__name__)


def _wall_clock() -> datetime:
    """Coturn judges credentials by the wall clock, whatever it was set to."""
    return datetime.now(UTC)


@contextmanager
def _each_alone(part: str, visit_id: str) -> Iterator[None]:
    try:
        yield
    except Exception:
        log.exception("visit_not_followed", part=part, visit=visit_id)


class Node:
    """Everything of one server process but its start and its end. All its time is ``clock``'s, which nobody can set."""

    def __init__(self, settings: Settings, store: Store) -> None:
        self._settings = settings
        self._media_node: MediaNode | None = None
        self._store_failed = False
        self.store = store
        self.clock = SteadyClock()
        self.clinics = Clinics(settings)
        self.screens = Screens()
        self.echo_screens = Screens()
        registry = CollectorRegistry()
        self.media = VisitMedia(
            settings.turn,
            clock=_wall_clock,
            monotonic=time.monotonic,
            metrics=LineFigures(registry),
            on_change=self._on_offer,
        )
        self.visits = Visits(
            store, clock=self.clock, listener=self._on_visit, watched=self.screens.visits, on_loss=self._on_loss
        )
        self.waits = WaitTable(self.visits, clock=self.clock)
        self.presence = Presence(self.visits, self.screens)
        self.accounts = Accounts(store, self.clock)
        self.directory = StaffDirectory(store)
        idle_after = timedelta(minutes=settings.idle_sign_off_minutes)
        self.sessions = StaffSessions(store, self.accounts, self.clock, idle_after)
        self.sign_off = StaffSignOff(self.visits, self.screens, self.sessions)
        self.photos = Photos(monotonic=time.monotonic)
        self.captions = Captions(monotonic=time.monotonic)
        self.talk = Talk(visits=self.visits, screens=self.screens, captions=self.captions, monotonic=time.monotonic)
        self.metrics = Metrics(registry, self._gauges())
        self.tokens = SessionTokens(Keyring.load(settings.data_dir / KEYS), clock=self.clock)
        self.app = web.Application(middlewares=[answer_errors], client_max_size=MAX_BODY)
        self._serve_http()
        self.care = self._care_channel()
        self.echo = self._echo_channel()
        self.sockets = self._serve_sockets()

    def attach(self, media: MediaNode) -> None:
        """Use this media node."""
        self._media_node = media
        self.media.attach(media)

    async def listen(self) -> web.AppRunner:
        """Open the HTTP port. Its access log stays off: it would hold addresses."""
        runner = web.AppRunner(self.app, access_log=None, shutdown_timeout=5, keepalive_timeout=75)
        await runner.setup()
        context = None
        if self._settings.tls_certificate is not None:
            context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
            context.load_cert_chain(self._settings.tls_certificate, self._settings.tls_key)
        site = web.TCPSite(runner, self._settings.host, self._settings.port, ssl_context=context)
        try:
            await site.start()
        except OSError:
            await runner.cleanup()
            raise
        return runner

    async def watch(self) -> None:
        """Do once a second what no event does, until cancelled: sessions run out, the lost are noted, midnight comes."""
        while True:
            await asyncio.sleep(WATCH_S)
            self.screens.expire(self.clock())
            self.media.review_lines()
            self._expire_memory()
            await self.presence.reconcile()
            await self.sign_off.review()
            self.screens.touch_later(await self.waits.refresh())
            try:
                await self.care.look_again()
            except StoreFailed as error:
                log.warning("accounts_not_read", code=error.code)
            await self._watch_store()

    async def retain(self) -> None:
        """Take patients' data out of visits whose retention is over: now, and at each midnight until cancelled."""
        zone = zone_named(self.clinics.first.time_zone)
        done = None
        while True:
            if done != (today := day_of(self.clock(), zone)):
                await run_daily(self.store, self.clinics, clock=self.clock)
                done = today
            await asyncio.sleep(LOOK_FOR_MIDNIGHT_S)

    async def _watch_store(self) -> None:
        """A store that refused to write is asked until it writes again: what cannot be audited does not happen meanwhile."""
        failed = self.store.last_write_failed and not await self.store.try_write()
        if failed != self._store_failed:
            self._store_failed = failed
            if failed:
                log.error("store_failing")
            else:
                log.info("store_works_again")

    def _on_offer(self, visit_id: str, participant_id: str) -> None:
        visit = self.visits.find(visit_id)
        one = visit.find(participant_id) if visit else None
        if one is not None and one.session is not None:
            self.screens.touch_session(one.session)

    def _expire_memory(self) -> None:
        for visit_id in self.photos.expire() | self.captions.expire():
            visit = self.visits.find(visit_id)
            if visit is not None:
                self.screens.touch_inside(visit)

    def _on_visit(self, visit: Visit, events: tuple[Event, ...]) -> None:
        """Let what happened act: on the media first, then on those who are out, then on every screen.

        It is committed: a defect in one of these must keep none of the others from acting.
        """
        with _each_alone("metrics", visit.id):
            self.metrics.count(events)
        with _each_alone("media", visit.id):
            self.media.follow(visit, events)
        with _each_alone("photos", visit.id):
            self.photos.follow(visit)
        with _each_alone("captions", visit.id):
            self.captions.follow(visit)
        with _each_alone("dismissals", visit.id):
            dismiss_refused(visit, self.screens)
            dismiss_refused(visit, self.echo_screens)
        with _each_alone("screens", visit.id):
            if visit.phase.final:
                self.care.forget(visit)
            self.screens.touch(visit)

    def _on_loss(self, visit_id: str, known: Visit | None) -> None:
        """A visit that cannot be read is shown to nobody, and nobody is in it: nothing could end it any more."""
        for screens in (self.screens, self.echo_screens):
            for screen in screens.of_visit(visit_id):
                screens.dismiss(screen.session, "link_ended")
        if known is not None:
            self._on_visit(replace(known, phase=VisitPhase.ENDED), ())

    def _gauges(self) -> Gauges:
        return Gauges(
            live=self.visits.live,
            screens=lambda: len(self.screens),
            media=lambda: self._media_node.stats() if self._media_node else None,
            lines=lambda: self.media.lines,
            store_failing=lambda: self.store.last_write_failed,
            clock_offset_s=lambda: self.clock.offset_s,
        )

    def _serve_http(self) -> None:
        settings = self._settings
        headers = security_headers(settings)

        async def protect(request: web.Request, response: web.StreamResponse) -> None:
            del request
            response.headers.update(headers)

        self.app.on_response_prepare.append(protect)
        shared: dict[str, Any] = {
            "store": self.store,
            "visits": self.visits,
            "tokens": self.tokens,
            "accounts": self.accounts,
            "sessions": self.sessions,
            "clinics": self.clinics,
            "clock": self.clock,
        }
        api = Api(
            **shared,
            screens=self.screens,
            staff_session=timedelta(hours=settings.staff_session_hours),
            address_of=address_of(settings),
            monotonic=time.monotonic,
            media_server=urlsplit(settings.base_url).hostname or "",
        )
        operators = Operators(self.metrics, {"store": self._store_works, "media": self._media_listens})
        self.pages = Pages(self.clinics.card(self.clinics.first.id))
        appointments = AppointmentsApi(**shared, settings=settings)
        logos = Logos(self.clinics.logos)
        photos = PhotoEndpoints(
            store=self.store,
            visits=self.visits,
            screens=self.screens,
            photos=self.photos,
            tokens=self.tokens,
            sessions=self.sessions,
            clock=self.clock,
            monotonic=time.monotonic,
        )
        self.app.add_routes(photos.routes())
        self.app.add_routes(
            [*self.pages.routes(), *logos.routes(), *api.routes(), *appointments.routes(), *operators.routes()]
        )

    def _care_channel(self) -> CareChannel:
        access = CareAccess(self.visits, self.screens, self.sessions)
        moves = CareRequests(access, self.visits, self.directory, self._settings.base_url)
        desk = CareDesk(
            access,
            visits=self.visits,
            screens=self.screens,
            sessions=self.sessions,
            directory=self.directory,
            clinics=self.clinics,
            store=self.store,
            clock=self.clock,
        )
        asks = PhotoRequests(
            access,
            photos=self.photos,
            screens=self.screens,
            store=self.store,
            clock=self.clock,
            monotonic=time.monotonic,
        )
        return CareChannel(
            **self._channel_parts(),
            access=access,
            sessions=self.sessions,
            directory=self.directory,
            trail=self.store,
            requests=[moves.requests, desk.requests, asks.requests],
            photos=self.photos,
            talk=self.talk,
        )

    def _serve_sockets(self) -> Sockets:
        visit = VisitChannel(
            **self._channel_parts(),
            staff_present=self.care.staff_present,
            waits=self.waits,
            directory=self.directory,
            photos=self.photos,
            talk=self.talk,
            base_url=self._settings.base_url,
        )
        origins = [self._settings.base_url, *self._settings.extra_origins]
        sockets = Sockets(self.app, origins, clock=time.monotonic, address_of=address_of(self._settings))
        sockets.serve({"/visit": visit, "/care": self.care, "/test": self.echo})
        return sockets

    def _echo_channel(self) -> EchoChannel:
        return EchoChannel(
            **(self._channel_parts() | {"screens": self.echo_screens}),
            open_call=self._open_test_call,
            limits=EchoLimits(self._settings.test_calls, clock=time.monotonic),
            turn=self._settings.turn,
            wall_clock=_wall_clock,
            monotonic=time.monotonic,
            on_end=self.metrics.count_test_call,
        )

    def _open_test_call(self, call_id: str, *, on_change: Callable[[], None], on_over: Callable[[], None]) -> EchoCall:
        if self._media_node is None:
            raise RequestRefused("draining")
        return self._media_node.open_test_call(call_id, on_change=on_change, on_over=on_over)

    def _channel_parts(self) -> dict[str, Any]:
        return {
            "visits": self.visits,
            "media": self.media,
            "screens": self.screens,
            "tokens": self.tokens,
            "clinics": self.clinics,
            "clock": self.clock,
        }

    async def _store_works(self) -> bool:
        if self.store.last_write_failed:
            return False
        try:
            await self.store.due(self.clock())
        except StoreFailed:
            return False
        return True

    async def _media_listens(self) -> bool:
        return self._media_node is not None and self._media_node.port > 0
