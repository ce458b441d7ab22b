"""Keeps an eye on every participant's line: the sign that people see, and the figures that operators see."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Final, Protocol

from media import Endpoint, LineStats
from signaling.line_quality import LineFigures, LineQuality, Quality
from signaling.requests import ReportRequest

__all__ = ["LineMetrics", "LineWatch"]

REPORT_LIVES_S: Final = 15.0
OBSERVED_EACH_S: Final = 10.0

Key = tuple[str, str]
"""A visit's id and a participant's."""


class LineMetrics(Protocol):
    """Where the figures of all lines are added up, without saying whose they are."""

    def observe_line(self, line: LineStats, bit_rate_down: float | None) -> None:
        """Take one line as it is now: over its last two seconds or so, or smoothed (`LineStats`).

        `bit_rate_down` is over the ten seconds or so since it was taken before; None where that is not known.
        """

    def observe_report(self, report: ReportRequest) -> None:
        """Take what a page measured in its last five seconds."""


@dataclass(slots=True)
class _Line:
    quality: LineQuality = field(default_factory=LineQuality)
    report: ReportRequest | None = None
    reported_at: float = 0.0
    observed_at: float | None = None
    bytes_down: int = 0


class LineWatch:
    """The lines of those who have media. ``clock`` is monotonic, in seconds."""

    def __init__(self, clock: Callable[[], float], metrics: LineMetrics) -> None:
        self._clock = clock
        self._metrics = metrics
        self._lines: dict[Key, _Line] = {}

    def quality(self, visit_id: str, participant_id: str) -> Quality | None:
        """Return what is shown of this line, None while nothing is known."""
        line = self._lines.get((visit_id, participant_id))
        return line.quality.shown if line is not None else None

    def report(self, visit_id: str, participant_id: str) -> ReportRequest | None:
        """Return what the participant's page measured last, or None."""
        line = self._lines.get((visit_id, participant_id))
        return line.report if line is not None else None

    def note_report(self, visit_id: str, participant_id: str, report: ReportRequest) -> None:
        """Keep what a page measured of its present transport."""
        line = self._lines.setdefault((visit_id, participant_id), _Line())
        line.report, line.reported_at = report, self._clock()
        self._metrics.observe_report(report)

    def forget(self, visit_id: str, participant_id: str) -> None:
        """The participant has no media any more. Idempotent."""
        self._lines.pop((visit_id, participant_id), None)

    def review(self, visit_id: str, endpoints: Iterable[Endpoint]) -> bool:
        """Judge the lines of one visit anew; True when what is shown of any of them has changed. Call once a second."""
        now = self._clock()
        changed = [endpoint.id for endpoint in endpoints if self._review(visit_id, endpoint, now)]
        return bool(changed)

    def lines_by_quality(self) -> Counter[Quality]:
        """Count the lines by what is shown of them."""
        return Counter(line.quality.shown for line in self._lines.values() if line.quality.shown is not None)

    def visits_by_quality(self) -> Counter[Quality]:
        """Count the visits by their worst line."""
        worst: dict[str, Quality] = {}
        for (visit_id, _), line in self._lines.items():
            shown = line.quality.shown
            if shown is not None and (visit_id not in worst or shown.rank > worst[visit_id].rank):
                worst[visit_id] = shown
        return Counter(worst.values())

    def _review(self, visit_id: str, endpoint: Endpoint, now: float) -> bool:
        line = self._lines.setdefault((visit_id, endpoint.id), _Line())
        stats = endpoint.line(now) if endpoint.is_admitted else None
        if stats is None:
            return line.quality.take(LineFigures(), now)
        self._observe(line, stats, now)
        told = line.report if line.report is not None and now - line.reported_at < REPORT_LIVES_S else None
        rtt_s = stats.rtt_s if told is None or told.rtt_ms is None else told.rtt_ms / 1000
        return line.quality.take(LineFigures(stats.loss_up, stats.loss_down, rtt_s), now)

    def _observe(self, line: _Line, stats: LineStats, now: float) -> None:
        if line.observed_at is not None and now - line.observed_at < OBSERVED_EACH_S:
            return
        sent = stats.bytes_down - line.bytes_down
        if line.observed_at is not None:
            # A new transport counts from nothing.
            rate = 8 * sent / (now - line.observed_at) if sent >= 0 else None
            self._metrics.observe_line(stats, rate)
        line.observed_at, line.bytes_down = now, stats.bytes_down
