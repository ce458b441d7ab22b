"""What a line is good for, from a few figures of it. The worst figure decides; what was not measured does not count."""

import enum
from collections.abc import Mapping

# Better than the first is good, up to the second is fair.
_LOSS = (0.03, 0.10)
_RTT_MS = (300.0, 600.0)
_KBPS = (800.0, 150.0)


class Verdict(enum.StrEnum):
    """Best first."""

    GOOD = "good"
    FAIR = "fair"
    POOR = "poor"
    UNTESTED = "untested"


class Figure(enum.StrEnum):
    """What is measured, up and down as the person sees it; the gravest of equals first. Loss is a share, 0 to 1."""

    UPLINK_LOSS = "uplink_loss"
    DOWNLINK_LOSS = "downlink_loss"
    UPLINK_KBPS = "uplink_kbps"
    DOWNLINK_KBPS = "downlink_kbps"
    RTT_MS = "rtt_ms"


def judge(measured: Mapping[Figure, float | None]) -> tuple[Verdict, Figure | None]:
    """Return the verdict, and the figure that made it worse than good."""
    worst: tuple[Verdict, Figure | None] = (Verdict.UNTESTED, None)
    for figure in Figure:
        value = measured.get(figure)
        if value is None:
            continue
        verdict = _grade(figure, value)
        if worst[0] is Verdict.UNTESTED or _ORDER[verdict] > _ORDER[worst[0]]:
            worst = (verdict, None if verdict is Verdict.GOOD else figure)
    return worst


_ORDER = {verdict: place for place, verdict in enumerate(Verdict)}


def _grade(figure: Figure, value: float) -> Verdict:
    match figure:
        case Figure.UPLINK_LOSS | Figure.DOWNLINK_LOSS:
            return _up_to(value, _LOSS)
        case Figure.RTT_MS:
            return _up_to(value, _RTT_MS)
        case Figure.UPLINK_KBPS | Figure.DOWNLINK_KBPS:
            good, fair = _KBPS
            return Verdict.GOOD if value >= good else Verdict.FAIR if value >= fair else Verdict.POOR


def _up_to(value: float, limits: tuple[float, float]) -> Verdict:
    good, fair = limits
    return Verdict.GOOD if value < good else Verdict.FAIR if value <= fair else Verdict.POOR
