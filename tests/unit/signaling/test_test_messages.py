from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from pydantic import ValidationError

from media.test_call import UplinkFigures
from media.verdict import Figure, Verdict
from signaling.test_messages import EchoReport, verdict_on

HEARD = UplinkFigures(loss=0.0, jitter_ms=4.0, kbps=1240.0, video_kbps=1200.0, seconds=8.0)
SEEN: dict[str, Any] = {"loss": 0.0, "jitter_ms": 3.0, "kbps": 1240.0, "rtt_ms": 40.0, "frames_per_s": 30.0}


def report(**changed: Any) -> EchoReport:
    return EchoReport.model_validate(SEEN | changed)


def test_a_clean_line_is_good() -> None:
    found = verdict_on(HEARD, report())
    assert (found.verdict, found.worst, found.downlink_loss) == (Verdict.GOOD, None, 0.0)
    assert found.uplink is not None
    assert found.uplink.kbps == 1240.0


def test_what_was_lost_on_the_way_up_is_not_counted_again_on_the_way_down() -> None:
    found = verdict_on(replace(HEARD, loss=0.2), report(loss=0.2))
    assert (found.verdict, found.worst, found.downlink_loss) == (Verdict.POOR, Figure.UPLINK_LOSS, 0.0)
    found = verdict_on(replace(HEARD, loss=0.02), report(loss=0.069))
    assert (found.verdict, found.worst) == (Verdict.FAIR, Figure.DOWNLINK_LOSS)
    assert found.downlink_loss == pytest.approx(0.05)


def test_loss_that_came_late_is_no_negative_loss() -> None:
    assert verdict_on(replace(HEARD, loss=0.02), report(loss=0.01)).downlink_loss == 0.0


def test_a_picture_that_needs_little_is_no_weak_line() -> None:
    still = replace(HEARD, kbps=100.0, video_kbps=60.0)
    assert verdict_on(still, report(kbps=100.0)).verdict is Verdict.POOR
    assert verdict_on(still, report(kbps=100.0, available_kbps=1800.0)).verdict is Verdict.GOOD
    assert verdict_on(still, report(kbps=100.0, limited="none")).verdict is Verdict.GOOD
    assert verdict_on(still, report(kbps=100.0, limited="network")).worst is Figure.UPLINK_KBPS


def test_sound_alone_is_not_judged_by_its_rate() -> None:
    assert verdict_on(replace(HEARD, kbps=40.0, video_kbps=0.0), report(kbps=40.0)).verdict is Verdict.GOOD


def test_a_line_that_carried_nothing_is_not_good_because_the_server_answers() -> None:
    nothing = report(loss=None, kbps=None, jitter_ms=None, frames_per_s=None)
    assert verdict_on(None, nothing).verdict is Verdict.UNTESTED
    assert verdict_on(replace(HEARD, seconds=0.0), nothing).verdict is Verdict.UNTESTED


def test_nothing_that_comes_back_is_a_poor_line() -> None:
    found = verdict_on(HEARD, report(loss=1.0, kbps=0.0))
    assert (found.verdict, found.worst) == (Verdict.POOR, Figure.DOWNLINK_LOSS)


@pytest.mark.parametrize("changed", [{"loss": 1.5}, {"rtt_ms": -1}, {"kbps": "fast"}, {"limited": "moon"}, {"more": 1}])
def test_a_report_of_another_shape_is_refused(changed: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        report(**changed)


def test_a_report_may_leave_out_what_not_every_browser_knows_but_not_the_rest() -> None:
    with pytest.raises(ValidationError):
        EchoReport.model_validate({name: SEEN[name] for name in SEEN if name != "loss"})


def test_nan_is_no_figure() -> None:
    with pytest.raises(ValidationError):
        report(rtt_ms=float("nan"))
