import json
import os
import platform

import pytest
import structlog

from loadtests.figures import leave_out, log_to_stderr, percentile, report


def test_a_figure_is_one_line_of_json_with_its_conditions(capsys: pytest.CaptureFixture[str]) -> None:
    report("figure", 1.23456, "us", cipher="x")
    said = json.loads(capsys.readouterr().out)
    assert said["conditions"].pop("load_average") >= 0
    assert said == {
        "name": "figure",
        "value": 1.235,
        "unit": "us",
        "conditions": {"cipher": "x", "python": platform.python_version(), "cores": os.cpu_count()},
    }


def test_a_peer_that_was_not_measured_is_named_with_the_reason(capsys: pytest.CaptureFixture[str]) -> None:
    leave_out("janus", "not installed")
    assert json.loads(capsys.readouterr().out) == {"name": "left_out", "peer": "janus", "reason": "not installed"}


def test_the_log_goes_to_stderr_and_is_only_of_what_went_wrong(capfd: pytest.CaptureFixture[str]) -> None:
    before = structlog.get_config()
    try:
        log_to_stderr()
        structlog.get_logger().info("routine")
        structlog.get_logger().warning("went_wrong")
    finally:
        structlog.configure(**before)
    said = capfd.readouterr()
    assert said.out == ""
    assert "went_wrong" in said.err
    assert "routine" not in said.err


@pytest.mark.parametrize(("share", "value"), [(0.0, 1), (0.5, 5), (0.9, 9), (0.99, 10), (1.0, 10)])
def test_a_percentile_is_one_of_the_values(share: float, value: float) -> None:
    assert percentile([10, 9, 8, 7, 6, 5, 4, 3, 2, 1], share) == value


def test_no_values_have_the_percentile_zero() -> None:
    assert percentile([], 0.5) == 0
