"""What the bench says of itself; its figures are judged by people."""

import json
import os
import platform
from typing import Any, cast

import pytest
import structlog

from loadtests.relay_bench import report, throughput_name
from loadtests.relay_process import Relay, log_to_stderr, measured, running_relay
from loadtests.replayed_person import open_visit
from tests.support.webrtc import until


class Answers:
    """A relay whose counters a test makes up."""

    def __init__(self, *usages: tuple[float, int, dict[str, int]]) -> None:
        self._usages = list(usages)

    def ask(self, *_: object) -> Any:
        return self._usages.pop(0)


def test_the_drops_are_those_of_the_measured_stretch() -> None:
    before, after = {"bad_stun": 3, "oversize": 1}, {"bad_stun": 5, "oversize": 1, "empty": 1}
    with measured(cast("Relay", Answers((1.0, 10, before), (3.0, 30, after)))) as usage:
        pass
    assert (usage.cpu_s, usage.forwarded, usage.drops) == (2.0, 20, {"bad_stun": 2, "empty": 1})


def test_a_throughput_is_called_saturated_only_if_the_relay_was() -> None:
    assert throughput_name(0.36) == "relay_packets_per_second_offered"
    assert throughput_name(0.95) == "relay_packets_per_second_saturated"


def test_a_figure_is_one_line_of_json_and_the_log_goes_elsewhere(capfd: pytest.CaptureFixture[str]) -> None:
    before = structlog.get_config()
    try:
        log_to_stderr()
        structlog.get_logger().info("routine")
        structlog.get_logger().warning("went_wrong")
    finally:
        structlog.configure(**before)
    with running_relay():
        report("figure", 1.23456, "us", cipher="x")
    said = capfd.readouterr()
    assert json.loads(said.out) == {
        "name": "figure",
        "value": 1.235,
        "unit": "us",
        "conditions": {"cipher": "x", "python": platform.python_version(), "cores": os.cpu_count()},
    }
    assert "went_wrong" in said.err
    assert "routine" not in said.err
    assert "media_node_opened" not in said.err


async def test_reports_reach_the_other_as_rtcp_and_the_cipher_is_known() -> None:
    with running_relay() as relay:
        patient, clinician, _ = await open_visit(relay, "visit")
        before = relay.ask("usage")[1]
        with measured(relay) as usage:
            for packet in patient.make_reports(5):
                patient.socket.send(packet)
            await until(lambda: relay.ask("usage")[1] >= before + 5, "all have passed")
        assert (usage.forwarded, usage.drops) == (5, {})
        assert patient.cipher.startswith("SRTP_")
        for person in (patient, clinician):
            await person._dtls.stop()
            person.socket.close()
