"""The wiring of one node, and the order in which it starts and stops (``docs/design.md``: who closes whom)."""

from __future__ import annotations

import asyncio
import ssl
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final, Self
from zoneinfo import ZoneInfo

import structlog
from aiohttp import web

from media import MediaError, MediaNode, NodeSettings
from signaling.accounts import Accounts
from signaling.api import Api
from signaling.care_channel import CareChannel
from signaling.messages import ClinicCard
from signaling.operators import Metrics, Operators
from signaling.pages import Pages
from signaling.presence import Presence
from signaling.protection import address_of, answer_errors, security_headers
from signaling.screens import Screens
from signaling.settings import Settings
from signaling.sockets import Sockets
from signaling.tokens import Keyring, SessionTokens
from signaling.visit_channel import VisitChannel
from signaling.visit_media import VisitMedia
from signaling.visits import Visits
from waiting_room.errors import StoreFailed
from waiting_room.events import DeviceReplaced, Event, ParticipantRemovedByStaff
from waiting_room.model import Visit
from waiting_room.sqlite_store import SqliteStore
from waiting_room.store import Store

__all__ = ["Server", "open_store", "utc_now"]

MAX_BODY: Final = 16384
DATABASE: Final = "video-visit.sqlite3"
KEYS: Final = "keys.json"

log = structlog.get_logger(__name__)


def utc_now() -> datetime:
    """Return the wall clock's time."""
    return datetime.now(UTC)


async def open_store(settings: Settings) -> SqliteStore:
    """Open the store in the data folder, making the folder for its owner alone. Raises `StoreFailed`."""
    try:
        settings.data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise StoreFailed(reason=type(error).__name__) from error
    return await SqliteStore.open(settings.data_dir / DATABASE)


@dataclass(frozen=True, slots=True)
class Server:
    """A running node. ``port`` and ``media_port`` are the bound ones."""

    port: int
    media_port: int
    store: Store
    visits: Visits
    accounts: Accounts

    @classmethod
    @asynccontextmanager
    async def running(cls, settings: Settings) -> AsyncIterator[Self]:
        """Run a node for the length of the block. Raises `StoreFailed`, `KeysUnreadable` or `OSError` when it cannot start."""
        async with AsyncExitStack() as stack:
            store = await open_store(settings)
            stack.push_async_callback(store.close)
            node = _Node(settings, store)
            media = await MediaNode.open(
                NodeSettings(settings.media_host, settings.media_port, tuple(settings.announced)),
                node.media.on_media_event,
            )
            stack.push_async_callback(media.close)
            node.attach(media)
            await node.visits.start()
            runner = await node.listen()
            stack.push_async_callback(runner.cleanup)
            with _one_failure_as_itself():
                async with asyncio.TaskGroup() as tasks:
                    running = [tasks.create_task(work()) for work in (node.visits.run, node.screens.run, node.watch)]
                    log.info("node_started", port=runner.addresses[0][1], media_port=media.port)
                    try:
                        yield cls(runner.addresses[0][1], media.port, store, node.visits, node.accounts)
                    finally:
                        log.info("node_stopping")
                        await node.screens.dismiss_all("draining")
                        await node.sockets.close()
                        await runner.cleanup()
                        for task in running:
                            task.cancel()


@contextmanager
def _one_failure_as_itself() -> Iterator[None]:
    """Raise the failure of the block or of a task as what it is, where a task group would wrap it."""
    try:
        yield
    except BaseExceptionGroup as group:
        if len(group.exceptions) > 1:
            raise
        raise group.exceptions[0] from None


class _Node:
    """The parts of a node and how they hear of each other."""

    def __init__(self, settings: Settings, store: Store) -> None:
        self._settings = settings
        self.store = store
        self._media_node: MediaNode | None = None
        self.screens = Screens()
        self.media = VisitMedia(settings.turn, clock=utc_now, monotonic=time.monotonic, on_change=self._on_offer)
        self.visits = Visits(store, clock=utc_now, listener=self._on_visit)
        self.presence = Presence(self.visits, self.screens)
        self.accounts = Accounts(store)
        self.metrics = Metrics(
            live=self.visits.live,
            screens=lambda: len(self.screens),
            media=lambda: self._media_node.stats() if self._media_node else None,
        )
        self.app = web.Application(middlewares=[answer_errors], client_max_size=MAX_BODY)
        self.sockets = self._serve()

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
        today = self._today()
        while True:
            await asyncio.sleep(1)
            self.screens.expire(utc_now())
            await self.presence.reconcile()
            if today != (today := self._today()):
                self.screens.touch_staff()

    def _today(self) -> date:
        return utc_now().astimezone(ZoneInfo(self._settings.clinic.time_zone)).date()

    def _on_offer(self, visit_id: str, participant_id: str) -> None:
        visit = self.visits.find(visit_id)
        one = visit.find(participant_id) if visit else None
        if one is not None and one.session is not None:
            self.screens.touch_session(one.session)

    def _on_visit(self, visit: Visit, events: tuple[Event, ...]) -> None:
        """Let what happened act: on the media first, then on those who are out, then on every screen."""
        self.metrics.count(events)
        try:
            self.media.follow(visit, events)
        except (MediaError, ValueError):
            # Whoever is out must be told so even where the media plane has a defect.
            log.exception("media_not_followed", visit=visit.id)
        for event in events:
            match event:
                case DeviceReplaced() if event.role.by_link:
                    self.screens.dismiss(event.old_session, "replaced")
                case ParticipantRemovedByStaff():
                    removed = visit.find(event.participant)
                    if removed is not None and removed.session is not None:
                        self.screens.dismiss(removed.session, "removed")
        if visit.phase.final:
            self.screens.dismiss_visit(visit.id, "link_ended")
        self.screens.touch(visit.id)

    def _serve(self) -> Sockets:
        settings = self._settings
        clinic = ClinicCard(**settings.clinic.model_dump())
        tokens = SessionTokens(Keyring.load(settings.data_dir / KEYS))
        headers = security_headers(settings)

        async def protect(request: web.Request, response: web.StreamResponse) -> None:
            del request
            response.headers.update(headers)

        self.app.on_response_prepare.append(protect)
        api = Api(
            store=self.store,
            visits=self.visits,
            screens=self.screens,
            tokens=tokens,
            accounts=self.accounts,
            clinic=clinic,
            staff_session=timedelta(hours=settings.staff_session_hours),
            address_of=address_of(settings),
            clock=utc_now,
            monotonic=time.monotonic,
        )
        operators = Operators(self.metrics, {"store": self._store_reads, "media": self._media_listens})
        self.app.add_routes([*Pages(clinic).routes(), *api.routes(), *operators.routes()])
        sockets = Sockets(self.app, [settings.base_url, *settings.extra_origins], clock=time.monotonic)
        parts: dict[str, Any] = {
            "visits": self.visits,
            "media": self.media,
            "screens": self.screens,
            "tokens": tokens,
            "clinic": clinic,
            "clock": utc_now,
        }
        care = CareChannel(**parts, accounts=self.accounts)
        visit = VisitChannel(**parts, staff_present=care.staff_present)
        sockets.serve({"/visit": visit, "/care": care})
        return sockets

    async def _store_reads(self) -> bool:
        try:
            await self.store.due(utc_now())
        except StoreFailed:
            return False
        return True

    async def _media_listens(self) -> bool:
        return self._media_node is not None and self._media_node.port > 0
