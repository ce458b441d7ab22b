"""The messages of the test call (``docs/protocol.md`` §5), and the verdict that is made of both sides' figures."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, Field

from media.test_call import UplinkFigures
from media.verdict import Figure, Verdict, judge
from signaling.messages import MediaState
from signaling.wire import Instant, Request

__all__ = ["EchoReport", "EchoSnapshot", "EchoVerdict", "Uplink", "verdict_on"]

Share = Annotated[float, Field(ge=0, le=1)]
Amount = Annotated[float, Field(ge=0, le=1e9)]


class Uplink(BaseModel):
    """What the server measured of what the page sends, over the ``seconds`` since the first packet."""

    loss: float
    jitter_ms: float
    kbps: float
    video_kbps: float
    seconds: float


class EchoSnapshot(BaseModel):
    """The whole state of a test call."""

    version: int
    server_time: Instant
    media: MediaState
    ends_in_s: float
    uplink: Uplink | None


class EchoReport(Request):
    """`test.report`: what the page measured of what comes back; None is what it could not measure.

    ``loss`` is that of the whole way, there and back; ``available_kbps`` what the browser's own congestion control, which sees the
    whole way, takes to be possible; ``limited`` what holds its picture down.
    """

    loss: Share | None
    jitter_ms: Amount | None
    kbps: Amount | None
    rtt_ms: Amount | None
    frames_per_s: Amount | None
    available_kbps: Amount | None = None
    limited: Literal["none", "network", "cpu"] | None = None


class EchoVerdict(BaseModel):
    """The answer to `test.report`."""

    verdict: Verdict
    worst: Figure | None
    uplink: Uplink | None
    downlink_loss: float | None


def verdict_on(uplink: UplinkFigures | None, report: EchoReport) -> EchoVerdict:
    """Judge a test call by what the server measured and what the page reports."""
    heard = uplink if uplink is not None and uplink.seconds > 0 else None
    downlink_loss = _downlink_loss(report.loss, heard)
    pictured = heard is not None and heard.video_kbps > 0
    verdict, worst = judge(
        {
            Figure.UPLINK_LOSS: heard.loss if heard else None,
            Figure.DOWNLINK_LOSS: downlink_loss,
            Figure.UPLINK_KBPS: _possible(heard.kbps if heard else None, report) if pictured else None,
            Figure.DOWNLINK_KBPS: _possible(report.kbps, report) if pictured else None,
            # The way to the server alone makes no test: a line that carries no media is blocked, not good.
            Figure.RTT_MS: report.rtt_ms if heard else None,
        }
    )
    measured = Uplink.model_validate(heard, from_attributes=True) if heard else None
    return EchoVerdict(verdict=verdict, worst=worst, uplink=measured, downlink_loss=downlink_loss)


def _downlink_loss(whole: float | None, uplink: UplinkFigures | None) -> float | None:
    """Take from the loss of the whole way what was lost before the server: gaps come back as gaps."""
    if whole is None or uplink is None:
        return None
    if uplink.loss >= 1:
        return None
    return max(0.0, 1 - (1 - whole) / (1 - uplink.loss))


def _possible(measured: float | None, report: EchoReport) -> float | None:
    """Return the rate that the line carries, which may be more than a still picture needs; None when nobody can tell."""
    if report.available_kbps is not None:
        return max(measured or 0.0, report.available_kbps)
    return None if report.limited in {"none", "cpu"} else measured
