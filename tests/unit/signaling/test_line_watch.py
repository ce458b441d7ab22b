from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any, cast

from prometheus_client import CollectorRegistry, generate_latest

from media import LineStats
from signaling.line_metrics import LineFigures, line_gauges
from signaling.line_quality import Quality
from signaling.line_watch import LineWatch
from signaling.requests import ReportRequest

CLEAN = LineStats(
    loss_up=0.0, loss_down=0.0, rtt_s=0.02, jitter_up_s=0.001, bit_rate_up=900_000.0, bytes_down=1_000_000
)


@dataclass
class Line:
    """An endpoint, as far as a watch looks at it."""

    id: str
    stats: LineStats | None = CLEAN
    is_admitted: bool = True

    def line(self, now: float) -> LineStats | None:
        del now
        return self.stats


@dataclass
class Scene:
    now: float = 100.0
    registry: CollectorRegistry = field(default_factory=CollectorRegistry)
    patient: Line = field(default_factory=lambda: Line("patient"))
    provider: Line = field(default_factory=lambda: Line("provider"))

    def __post_init__(self) -> None:
        self.watch = LineWatch(lambda: self.now, LineFigures(self.registry))

    def review(self, after_s: float = 1.0) -> bool:
        self.now += after_s
        return self.watch.review("visit", cast("Any", (self.patient, self.provider)))

    def shown(self) -> tuple[Quality | None, Quality | None]:
        return self.watch.quality("visit", "patient"), self.watch.quality("visit", "provider")

    def metric(self, name: str, **labels: str) -> float | None:
        return self.registry.get_sample_value(name, labels)


def report(**changed: Any) -> ReportRequest:
    facts: dict[str, Any] = {"transport": "t1", "rtt_ms": 20, "freezes": 0, "frozen_ms": 0, "concealed": 0.0}
    facts |= {"frames_per_s": 20.0, "height": 480, "limited": "none"}
    return ReportRequest.model_validate(facts | changed)


def test_a_line_is_known_once_it_was_looked_at_and_a_change_is_told_once() -> None:
    scene = Scene()
    assert scene.shown() == (None, None)
    assert scene.review()
    assert scene.shown() == (Quality.GOOD, Quality.GOOD)
    assert not scene.review()
    scene.provider.stats = replace(CLEAN, loss_up=0.2)
    assert scene.review()
    assert scene.shown() == (Quality.GOOD, Quality.POOR)


def test_the_pages_own_round_trip_counts_while_it_is_fresh() -> None:
    scene = Scene()
    scene.watch.note_report("visit", "patient", report(rtt_ms=450))
    scene.review()
    assert scene.shown()[0] is Quality.FAIR
    for _ in range(30):
        scene.review()
    assert scene.shown()[0] is Quality.GOOD


def test_who_is_not_admitted_or_not_connected_has_no_sign_after_a_while() -> None:
    scene = Scene()
    scene.review()
    scene.patient.stats, scene.provider.is_admitted = None, False
    for _ in range(31):
        scene.review()
    assert scene.shown() == (None, None)


def test_a_participant_who_is_forgotten_leaves_nothing() -> None:
    scene = Scene()
    scene.watch.note_report("visit", "patient", report())
    scene.review()
    scene.watch.forget("visit", "patient")
    scene.watch.forget("visit", "patient")
    assert scene.shown() == (None, Quality.GOOD)
    assert scene.watch.report("visit", "patient") is None


def test_visits_are_counted_by_their_worst_line() -> None:
    scene = Scene()
    scene.provider.stats = replace(CLEAN, loss_down=0.05)
    scene.review()
    lines, visits = line_gauges(scene.watch)
    assert {sample.labels["quality"]: sample.value for sample in lines.samples} == {"good": 1, "fair": 1, "poor": 0}
    assert {sample.labels["quality"]: sample.value for sample in visits.samples} == {"good": 0, "fair": 1, "poor": 0}


def test_every_line_is_observed_each_ten_seconds_and_rates_are_of_the_time_between() -> None:
    scene = Scene()
    scene.review()
    assert scene.metric("video_visit_line_loss_ratio_count", way="up") is None
    for step in range(1, 21):
        scene.patient.stats = scene.provider.stats = replace(CLEAN, bytes_down=1_000_000 + 50_000 * step)
        scene.review()
    assert scene.metric("video_visit_line_loss_ratio_count", way="up") == 4
    assert scene.metric("video_visit_line_bits_per_second_sum", way="down") == 4 * 400_000
    assert scene.metric("video_visit_line_bits_per_second_sum", way="up") == 4 * 900_000
    scene.patient.stats = replace(CLEAN, bytes_down=10)
    for _ in range(10):
        scene.review()
    assert scene.metric("video_visit_line_bits_per_second_count", way="down") == 5


def test_what_pages_tell_is_added_up_and_nobody_is_named() -> None:
    scene = Scene()
    scene.watch.note_report(
        "visit-7", "patient-7", report(freezes=2, frozen_ms=1500, concealed=0.02, limited="network")
    )
    scene.watch.note_report("visit-7", "patient-7", report(rtt_ms=None))
    assert scene.metric("video_visit_freezes_total") == 2
    assert scene.metric("video_visit_frozen_seconds_total") == 1.5
    assert scene.metric("video_visit_watched_seconds_total") == 10
    assert scene.metric("video_visit_limited_reports_total", by="network") == 1
    assert scene.metric("video_visit_line_round_trip_seconds_count") == 1
    assert b"-7" not in generate_latest(scene.registry)
