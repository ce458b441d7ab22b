from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from prometheus_client import CollectorRegistry
from prometheus_client.core import Metric

from media import DropReason, NodeStats
from media.events import CloseReason
from signaling.line_metrics import LineFigures
from signaling.line_watch import LineWatch
from signaling.operators import Gauges, Metrics

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "operations.md").read_text()
SOURCES = ("signaling", "waiting_room", "media", "turn")


def part(title: str) -> str:
    return PAGE.split(f"## {title}\n")[1].split("\n## ")[0]


def names_of(rows: Iterable[str]) -> Iterator[str]:
    """The names in the first column of a table."""
    for row in rows:
        if row.startswith("| `"):
            yield from re.findall(r"`([a-z_]+)[`{]", row.split(" | ")[0])


def families() -> list[Metric]:
    stats = NodeStats("plain", 1, 2, 3, 4, 5, 6, 7, 8, 9, dict.fromkeys(DropReason, 0))
    registry = CollectorRegistry()
    lines = LineWatch(lambda: 0.0, LineFigures(registry))
    Metrics(registry, Gauges(list, lambda: 0, lambda: stats, lambda: lines, lambda: False, lambda: 0.0))
    return list(registry.collect())


def test_every_line_that_is_logged_is_explained_and_no_other() -> None:
    text = "\n".join(path.read_text() for package in SOURCES for path in (ROOT / package).rglob("*.py"))
    logged = set(re.findall(r'\blog\.(?:debug|info|warning|error|exception)\(\s*"(\w+)"', text))
    assert len(logged) > 30
    assert set(names_of(part("What is logged").splitlines())) == logged


def test_every_reason_for_which_a_transport_ends_is_explained() -> None:
    reasons = part("What is logged").split("A transport's `reason`")[1]
    assert {reason for reason in CloseReason if f"`{reason}`" not in reasons} == set()


def test_every_metric_is_explained_and_no_other() -> None:
    counted = {family.name + ("_total" if family.type == "counter" else "") for family in families()}
    named = {name for name in names_of(part("What is counted").splitlines()) if name.startswith("video_visit_")}
    assert named == counted


def test_every_figure_of_the_media_port_is_counted_and_under_its_own_name() -> None:
    port = {
        family.name: family.samples[0].value for family in families() if family.name.startswith("video_visit_media_")
    }
    figures = {
        "rooms": 1,
        "endpoints": 2,
        "test_calls": 3,
        "connected": 4,
        "packets_in": 5,
        "bytes_in": 6,
        "packets_forwarded": 7,
        "bytes_forwarded": 8,
        "packets_resent": 9,
        "drops": 0,
    }
    assert port == {f"video_visit_media_{name}": value for name, value in figures.items()}


def test_alerts_are_made_of_metrics_that_are_there() -> None:
    known = {family.name + ending for family in families() for ending in ("", "_total", "_sum", "_count")}
    alerts = part("What is counted").split("Worth an alert")[1]
    asked = set(re.findall(r"video_visit_\w+", alerts))
    assert len(asked) > 8
    assert asked - known == set()


def test_every_reason_for_which_a_datagram_is_dropped_is_explained_and_no_other() -> None:
    table = part("What is counted").split("| drop reason |")[1].split("\n\n")[0]
    assert set(names_of(table.splitlines())) == set(map(str, DropReason))
