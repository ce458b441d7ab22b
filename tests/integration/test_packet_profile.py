"""The two scripts that say what a packet and a visit cost run, and tell what they promise; their figures are judged by people."""

import json

import pytest

from loadtests import packet_profile, visit_memory
from loadtests.relay_process import running_relay
from media.io import Io


def figures(said: str) -> dict[str, dict[str, object]]:
    return {line["name"]: line for line in map(json.loads, said.splitlines())}


@pytest.mark.parametrize("io", [Io.SEGMENTED, Io.BATCHED, Io.PLAIN])
def test_the_parts_of_a_packet_add_up(
    io: Io, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(packet_profile, "ROUNDS", 3)
    packet_profile.profile(io, "video", "SRTP_AEAD_AES_128_GCM")
    told = figures(capsys.readouterr().out)
    parts = ("packet_received", "packet_decrypted_and_encrypted", "packet_own_code", "packet_sent")
    whole = told["packet_relayed"]["value"]
    assert sum(float(str(told[part]["value"])) for part in parts) == pytest.approx(whole, abs=0.01)
    assert {line["conditions"]["io"] for line in told.values()} == {io.value}  # type: ignore[index]


def test_the_profile_relays_what_it_times() -> None:
    bench = packet_profile.Bench(Io.SEGMENTED, "SRTP_AEAD_AES_256_GCM")
    for person in bench.people[:2]:
        person.send(200)
    assert bench.port.read(bench.relay) == 2
    assert [len(person.socket.recv(2_000)) for person in bench.people[:2]] == [216, 216]
    bench.close()


def test_the_memory_of_a_visit_is_told(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(visit_memory, "WARM_UP", 1)
    monkeypatch.setattr(visit_memory, "TALK_S", 0.1)
    with running_relay() as relay:
        visit_memory.measure(relay, 1)
    told = figures(capsys.readouterr().out)
    assert set(told) == {
        "memory_relay_before",
        "memory_per_visit_connected",
        "memory_per_visit_talking",
        "memory_relay_after_all_ended",
    }
