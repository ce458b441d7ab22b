from __future__ import annotations

from dataclasses import replace

import pytest

from tests.support.visits import NOON
from waiting_room.readiness import Cause, DeviceReport, Network, Part, Verdict, judge

WORKS = DeviceReport(camera=Part.WORKS, microphone=Part.WORKS, speaker=Part.WORKS, network=Network.GOOD)
FINDINGS = [
    (replace(WORKS, in_app=True), Verdict.POOR, Cause.IN_APP_BROWSER),
    (replace(WORKS, unsupported=True), Verdict.POOR, Cause.UNSUPPORTED_BROWSER),
    (replace(WORKS, microphone=Part.BLOCKED), Verdict.POOR, Cause.MICROPHONE_BLOCKED),
    (replace(WORKS, microphone=Part.BUSY), Verdict.POOR, Cause.MICROPHONE_BUSY),
    (replace(WORKS, microphone=Part.MISSING), Verdict.POOR, Cause.MICROPHONE_MISSING),
    (replace(WORKS, microphone=Part.SILENT), Verdict.POOR, Cause.MICROPHONE_SILENT),
    (replace(WORKS, network=Network.BLOCKED), Verdict.POOR, Cause.NETWORK_BLOCKED),
    (replace(WORKS, network=Network.POOR), Verdict.POOR, Cause.NETWORK_WEAK),
    (replace(WORKS, camera=Part.BLOCKED), Verdict.FAIR, Cause.CAMERA_BLOCKED),
    (replace(WORKS, camera=Part.BUSY), Verdict.FAIR, Cause.CAMERA_BUSY),
    (replace(WORKS, camera=Part.MISSING), Verdict.FAIR, Cause.CAMERA_MISSING),
    (replace(WORKS, speaker=Part.SILENT), Verdict.FAIR, Cause.SPEAKER_SILENT),
    (replace(WORKS, echo=Part.SILENT), Verdict.FAIR, Cause.ECHO_SILENT),
    (replace(WORKS, network=Network.FAIR), Verdict.FAIR, Cause.NETWORK_SLOW),
    (WORKS, Verdict.GOOD, Cause.NONE),
]


@pytest.mark.parametrize(("report", "verdict", "cause"), FINDINGS)
def test_each_finding_has_its_verdict_and_cause(report: DeviceReport, verdict: Verdict, cause: Cause) -> None:
    found = judge(report, at=NOON)
    assert (found.at, found.verdict, found.cause, found.report) == (NOON, verdict, cause, report)


def test_every_cause_is_found() -> None:
    assert {cause for _, _, cause in FINDINGS} == set(Cause)


def test_of_several_the_gravest_is_named() -> None:
    report = replace(WORKS, camera=Part.BLOCKED, microphone=Part.BLOCKED, network=Network.FAIR)
    assert judge(report, at=NOON).cause is Cause.MICROPHONE_BLOCKED


@pytest.mark.parametrize(
    ("report", "verdict"),
    [
        (DeviceReport(), Verdict.UNTESTED),
        (replace(WORKS, camera=Part.UNTESTED), Verdict.UNTESTED),
        (replace(WORKS, microphone=Part.UNTESTED), Verdict.UNTESTED),
        # Loudspeaker and network do not show before somebody speaks: a check of the devices alone is one.
        (replace(WORKS, speaker=Part.UNTESTED, network=Network.UNTESTED), Verdict.GOOD),
        (replace(WORKS, microphone=Part.UNTESTED, camera=Part.BLOCKED), Verdict.FAIR),
    ],
)
def test_what_was_not_tested_does_not_count_as_working(report: DeviceReport, verdict: Verdict) -> None:
    assert judge(report, at=NOON).verdict is verdict
