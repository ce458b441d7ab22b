"""Whether a patient's device and network are fit for a visit, and what stands in the way. Plain values."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

__all__ = ["Cause", "DeviceReport", "Network", "Part", "Readiness", "Verdict", "judge"]


class Verdict(StrEnum):
    """The whole, worst part first where parts differ."""

    GOOD = "good"
    FAIR = "fair"
    POOR = "poor"
    UNTESTED = "untested"


class Cause(StrEnum):
    """What stands in the way, in the words that staff's list uses."""

    NONE = "none"
    CAMERA_BLOCKED = "camera_blocked"
    CAMERA_BUSY = "camera_busy"
    CAMERA_MISSING = "camera_missing"
    MICROPHONE_BLOCKED = "microphone_blocked"
    MICROPHONE_BUSY = "microphone_busy"
    MICROPHONE_MISSING = "microphone_missing"
    MICROPHONE_SILENT = "microphone_silent"
    SPEAKER_SILENT = "speaker_silent"
    ECHO_SILENT = "echo_silent"
    IN_APP_BROWSER = "in_app_browser"
    UNSUPPORTED_BROWSER = "unsupported_browser"
    NETWORK_BLOCKED = "network_blocked"
    NETWORK_WEAK = "network_weak"
    NETWORK_SLOW = "network_slow"


class Network(StrEnum):
    """The connection's own verdict."""

    GOOD = "good"
    FAIR = "fair"
    POOR = "poor"
    BLOCKED = "blocked"
    UNTESTED = "untested"


class Part(StrEnum):
    """The state of a camera or a microphone."""

    WORKS = "works"
    BLOCKED = "blocked"
    BUSY = "busy"
    MISSING = "missing"
    SILENT = "silent"
    UNTESTED = "untested"


@dataclass(frozen=True, slots=True)
class DeviceReport:
    """What the page found. ``device``, ``system`` and ``browser`` are classes, never a full User-Agent.

    ``echo`` is the patient's own word on the test call: heard themselves (``works``) or not (``silent``).
    """

    camera: Part = Part.UNTESTED
    microphone: Part = Part.UNTESTED
    speaker: Part = Part.UNTESTED
    echo: Part = Part.UNTESTED
    network: Network = Network.UNTESTED
    in_app: bool = False
    unsupported: bool = False
    device: str = "other"
    system: str = "other"
    browser: str = "other"


@dataclass(frozen=True, slots=True)
class Readiness:
    """The newest test's verdict."""

    at: datetime
    verdict: Verdict
    cause: Cause
    report: DeviceReport


_CAMERA = {Part.BLOCKED: Cause.CAMERA_BLOCKED, Part.BUSY: Cause.CAMERA_BUSY, Part.MISSING: Cause.CAMERA_MISSING}
_MICROPHONE = {
    Part.BLOCKED: Cause.MICROPHONE_BLOCKED,
    Part.BUSY: Cause.MICROPHONE_BUSY,
    Part.MISSING: Cause.MICROPHONE_MISSING,
    Part.SILENT: Cause.MICROPHONE_SILENT,
}


def judge(report: DeviceReport, *, at: datetime) -> Readiness:
    """Return the verdict on a report: the gravest cause decides.

    Without a microphone or a network there is no visit (``poor``); without a camera or a speaker there is one by sound or with
    help (``fair``). What was not tested is not counted as working.
    """
    for verdict, cause in _findings(report):
        if cause is not None:
            return Readiness(at, verdict, cause, report)
    untested = Part.UNTESTED in {report.camera, report.microphone}
    return Readiness(at, Verdict.UNTESTED if untested else Verdict.GOOD, Cause.NONE, report)


def _findings(report: DeviceReport) -> list[tuple[Verdict, Cause | None]]:
    network = {Network.BLOCKED: Cause.NETWORK_BLOCKED, Network.POOR: Cause.NETWORK_WEAK}
    return [
        (Verdict.POOR, Cause.IN_APP_BROWSER if report.in_app else None),
        (Verdict.POOR, Cause.UNSUPPORTED_BROWSER if report.unsupported else None),
        (Verdict.POOR, _MICROPHONE.get(report.microphone)),
        (Verdict.POOR, network.get(report.network)),
        (Verdict.FAIR, _CAMERA.get(report.camera)),
        (Verdict.FAIR, Cause.SPEAKER_SILENT if report.speaker is Part.SILENT else None),
        (Verdict.FAIR, Cause.ECHO_SILENT if report.echo is Part.SILENT else None),
        (Verdict.FAIR, Cause.NETWORK_SLOW if report.network is Network.FAIR else None),
    ]
