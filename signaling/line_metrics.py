"""Every line's figures in Prometheus's form: added up, and nowhere whose they are."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from prometheus_client import CollectorRegistry, Counter, Histogram
from prometheus_client.core import GaugeMetricFamily, Metric

from media import LineStats
from signaling.line_quality import Quality
from signaling.line_watch import LineWatch
from signaling.requests import ReportRequest

__all__ = ["LineFigures", "line_gauges"]

LOSSES: Final = (0.001, 0.005, 0.01, 0.03, 0.05, 0.1, 0.2, 0.4)
SECONDS: Final = (0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.3, 0.6, 1.0)
# How often a page reports.
REPORT_S: Final = 5.0
BIT_RATES: Final = (50e3, 100e3, 150e3, 300e3, 600e3, 800e3, 1.5e6, 3e6)


class LineFigures:
    """One observation of each line every ten seconds, one of each page's report every five."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self._loss = Histogram(
            "video_visit_line_loss_ratio",
            "Packets lost between a participant and the relay, before anything was mended.",
            ["way"],
            buckets=LOSSES,
            registry=registry,
        )
        self._round_trip = Histogram(
            "video_visit_line_round_trip_seconds",
            "Round trip to a participant, as their page measured it.",
            buckets=SECONDS,
            registry=registry,
        )
        self._jitter = Histogram(
            "video_visit_line_jitter_seconds", "Jitter of arriving sound.", buckets=SECONDS, registry=registry
        )
        self._bit_rate = Histogram(
            "video_visit_line_bits_per_second",
            "What a participant sends and is sent.",
            ["way"],
            buckets=BIT_RATES,
            registry=registry,
        )
        self._concealed = Histogram(
            "video_visit_sound_concealed_ratio",
            "Sound that a page had to make up.",
            buckets=LOSSES,
            registry=registry,
        )
        self._freezes = Counter("video_visit_freezes", "Pictures that stood still, as pages told.", registry=registry)
        self._frozen = Counter("video_visit_frozen_seconds", "How long they stood still.", registry=registry)
        self._watched = Counter("video_visit_watched_seconds", "How long pages measured.", registry=registry)
        self._limited = Counter(
            "video_visit_limited_reports", "Reports by what held the page's picture down.", ["by"], registry=registry
        )

    def observe_line(self, line: LineStats, bit_rate_down: float | None) -> None:
        """Take one line as it is now (`LineStats`), and what it was sent since it was taken before, in bits a second."""
        for way, loss in (("up", line.loss_up), ("down", line.loss_down)):
            if loss is not None:
                self._loss.labels(way).observe(loss)
        for way, rate in (("up", line.bit_rate_up), ("down", bit_rate_down)):
            if rate is not None:
                self._bit_rate.labels(way).observe(rate)
        if line.jitter_up_s is not None:
            self._jitter.observe(line.jitter_up_s)

    def observe_report(self, report: ReportRequest) -> None:
        """Take what a page measured in its last five seconds."""
        if report.rtt_ms is not None:
            self._round_trip.observe(report.rtt_ms / 1000)
        self._concealed.observe(report.concealed)
        self._freezes.inc(report.freezes)
        self._frozen.inc(report.frozen_ms / 1000)
        self._watched.inc(REPORT_S)
        self._limited.labels(report.limited).inc()


def line_gauges(lines: LineWatch) -> Iterable[Metric]:
    """Count lines, and visits by their worst line, by what people see of them."""
    for name, told, found in (
        ("video_visit_lines", "Participants' lines by quality.", lines.lines_by_quality()),
        ("video_visit_visits_by_worst_line", "Visits by the quality of their worst line.", lines.visits_by_quality()),
    ):
        family = GaugeMetricFamily(name, told, labels=["quality"])
        for quality in Quality:
            family.add_metric([quality], found[quality])
        yield family
