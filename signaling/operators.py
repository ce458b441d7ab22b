"""What operators' tools ask: does the process live, is it ready, what does it count. No name and no address in any of it."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from typing import Final

from aiohttp import web
from prometheus_client import CollectorRegistry, Counter, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from media import NodeStats
from signaling.line_metrics import line_gauges
from signaling.line_watch import LineWatch
from waiting_room.events import Event, MessageSent
from waiting_room.model import ParticipantPhase, Visit, VisitPhase

__all__ = ["Gauges", "Metrics", "Operators"]

METRICS_TYPE: Final = "text/plain; version=0.0.4; charset=utf-8"

Check = Callable[[], Awaitable[bool]]


class Metrics:
    """The node's figures in Prometheus's form."""

    def __init__(self, registry: CollectorRegistry, now: Gauges) -> None:
        self.registry = registry
        self._events = Counter(
            "video_visit_events", "What happened to visits, by kind.", ["kind"], registry=self.registry
        )
        self._messages = Counter(
            "video_visit_messages", "Messages in waiting rooms, by whom.", ["sender"], registry=self.registry
        )
        self._test_calls = Counter(
            "video_visit_test_calls", "Test calls that ended, by verdict.", ["verdict"], registry=self.registry
        )
        self.registry.register(_Now(now))

    def count(self, events: Iterable[Event]) -> None:
        """Count what happened."""
        for event in events:
            self._events.labels(type(event).__name__).inc()
            if isinstance(event, MessageSent):
                self._messages.labels("staff" if event.role.staff else "patient").inc()

    def count_test_call(self, verdict: str) -> None:
        """Count a test call that ended."""
        self._test_calls.labels(verdict).inc()


@dataclass(frozen=True, slots=True)
class Gauges:
    """Where to read what is now. ``clock_offset_s`` is how far the wall clock is ahead of the server's own."""

    live: Callable[[], list[Visit]]
    screens: Callable[[], int]
    media: Callable[[], NodeStats | None]
    lines: Callable[[], LineWatch]
    store_failing: Callable[[], bool]
    clock_offset_s: Callable[[], float]


class _Now(Collector):
    """Reads the gauges at the moment they are asked for."""

    def __init__(self, now: Gauges) -> None:
        self._now = now

    def collect(self) -> Iterable[Metric]:
        visits = self._now.live()
        by_phase = GaugeMetricFamily("video_visit_visits", "Live visits by phase.", labels=["phase"])
        for phase in (phase for phase in VisitPhase if not phase.final):
            by_phase.add_metric([phase], sum(visit.phase is phase for visit in visits))
        yield by_phase
        yield _waiting(visits)
        yield GaugeMetricFamily("video_visit_screens", "Connected pages.", value=self._now.screens())
        yield GaugeMetricFamily(
            "video_visit_store_failing", "1 while the store refuses to write.", value=self._now.store_failing()
        )
        yield GaugeMetricFamily(
            "video_visit_clock_offset_seconds", "Wall clock minus the server's own.", value=self._now.clock_offset_s()
        )
        yield from line_gauges(self._now.lines())
        stats = self._now.media()
        if stats is not None:
            yield from _media_metrics(stats)


def _waiting(visits: list[Visit]) -> Metric:
    waiting = [one for visit in visits for one in visit.participants if one.phase is ParticipantPhase.WAITING]
    lost = sum(one.lost_at is not None for one in waiting)
    family = GaugeMetricFamily("video_visit_waiting", "People in waiting rooms, by state.", labels=["state"])
    family.add_metric(["connected"], len(waiting) - lost)
    family.add_metric(["lost"], lost)
    return family


def _media_metrics(stats: NodeStats) -> Iterable[Metric]:
    yield GaugeMetricFamily("video_visit_media_rooms", "Visits with media.", value=stats.rooms)
    yield GaugeMetricFamily("video_visit_media_endpoints", "Participants with a transport.", value=stats.endpoints)
    yield GaugeMetricFamily("video_visit_media_test_calls", "Test calls that are under way.", value=stats.test_calls)
    yield GaugeMetricFamily("video_visit_media_connected", "Transports with keys.", value=stats.transports_connected)
    yield CounterMetricFamily("video_visit_media_packets_in", "Datagrams received.", value=stats.packets_in)
    yield CounterMetricFamily("video_visit_media_bytes_in", "Bytes received.", value=stats.bytes_in)
    yield CounterMetricFamily("video_visit_media_packets_forwarded", "Packets relayed.", value=stats.packets_forwarded)
    yield CounterMetricFamily("video_visit_media_bytes_forwarded", "Bytes relayed.", value=stats.bytes_forwarded)
    yield CounterMetricFamily("video_visit_media_packets_resent", "Packets sent again.", value=stats.packets_resent)
    drops = CounterMetricFamily("video_visit_media_drops", "Datagrams dropped, by reason.", labels=["reason"])
    for reason, count in stats.drops.items():
        drops.add_metric([str(reason)], count)
    yield drops


class Operators:
    """Serves ``/healthz``, ``/readyz`` and ``/metrics``. ``checks`` are what readiness needs, by name."""

    def __init__(self, metrics: Metrics, checks: dict[str, Check]) -> None:
        self._metrics = metrics
        self._checks = checks

    def routes(self) -> list[web.RouteDef]:
        """Return the routes to add to the application."""
        return [web.get("/healthz", self.health), web.get("/readyz", self.ready), web.get("/metrics", self.metrics)]

    async def health(self, request: web.Request) -> web.Response:
        """Answer: the process lives."""
        del request
        return _json({"status": "ok"}, 200)

    async def ready(self, request: web.Request) -> web.Response:
        """Answer whether visits can be served, and what stands in the way."""
        del request
        failing = [name for name, check in self._checks.items() if not await check()]
        if failing:
            return _json({"status": "failing", "failing": failing}, 503)
        return _json({"status": "ok"}, 200)

    async def metrics(self, request: web.Request) -> web.Response:
        """Answer with the figures."""
        del request
        return web.Response(body=generate_latest(self._metrics.registry), headers={"Content-Type": METRICS_TYPE})


def _json(body: object, status: int) -> web.Response:
    headers = {"Cache-Control": "no-store"}
    return web.Response(text=json.dumps(body), status=status, content_type="application/json", headers=headers)
