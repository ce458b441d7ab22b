"""A network that lets nothing but TCP through: the visit goes by way of the clinic's coturn, and nobody has to know."""

from __future__ import annotations

import json
from pathlib import Path

from playwright.async_api import Browser

from tests.support.browsers import PATIENT_NAME, PROVIDER_NAME, WATCHED, Journey, chromium, hears, sounds
from tests.support.coturn import SECRET, coturn
from tests.support.demo_process import DemoProcess
from tests.support.marks import PATIENT, PROVIDER

# Chromium's own switch for networks where UDP must not be sent, as a browser under a company's policy has it.
_NO_UDP = "--webrtc-ip-handling-policy=disable_non_proxied_udp"

_WAY = """
async () => {
  const report = await peers.at(-1).getStats();
  const pair = [...report.values()].find(one => one.type === 'candidate-pair' && one.nominated && one.state === 'succeeded');
  const own = report.get(pair.localCandidateId);
  return {kind: own.candidateType, relay: own.relayProtocol};
}
"""


async def test_where_only_tcp_passes_the_visit_goes_through_coturn(
    provider_browser: Browser, camera_folder: Path, tmp_path: Path
) -> None:
    async with (
        coturn(tmp_path, "--allow-loopback-peers") as port,
        chromium(PATIENT, camera_folder, more=(_NO_UDP,)) as barred,
    ):
        turn = {
            "VIDEO_VISIT_TURN__URLS": json.dumps([f"turn:127.0.0.1:{port}?transport=tcp"]),
            "VIDEO_VISIT_TURN__SECRET": SECRET,
        }
        demo = DemoProcess(tmp_path / "demo", environment=turn)
        await demo.start()
        try:
            patient, staff = await Journey(demo, barred, provider_browser, script=WATCHED).together()
            await sounds(staff, PATIENT_NAME, PATIENT)
            assert await hears(patient, PROVIDER_NAME, PROVIDER)
            assert await patient.evaluate(_WAY) == {"kind": "relay", "relay": "tcp"}
            assert (await staff.evaluate(_WAY))["kind"] == "host"
        finally:
            await demo.kill()
