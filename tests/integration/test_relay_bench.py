"""That the bench's people reach the servers they measure; its figures are judged by people."""

import json
import os
from typing import Any, cast

import aiohttp
from click.testing import CliRunner

from loadtests.c_forwarder import KeyedPerson, built, legs_of, running_forwarder
from loadtests.janus_process import running_janus
from loadtests.own_address import own_address
from loadtests.relay_bench import main
from loadtests.relay_process import Relay, measured, running_relay
from loadtests.relay_visits import RelayVisit
from loadtests.replay import Lane, play
from loadtests.replayed_person import Person
from loadtests.session_description import RemoteSide, write_offer
from loadtests.traffic import ONE_PERSON, Pictures, Streams


class Answers:
    """A relay whose counters a test makes up."""

    def __init__(self, pid: int, *counts: tuple[int, dict[str, int]]) -> None:
        self.pid = pid
        self._counts = list(counts)

    def ask(self, *_: object) -> Any:
        return self._counts.pop(0)


def test_the_drops_are_those_of_the_measured_stretch() -> None:
    before, after = {"bad_stun": 3, "oversize": 1}, {"bad_stun": 5, "oversize": 1, "empty": 1}
    relay = Answers(os.getpid(), (10, before), (30, after))
    with measured(cast("Relay", relay)) as usage:
        pass
    assert (usage.forwarded, usage.drops) == (20, {"bad_stun": 2, "empty": 1})
    assert usage.cpu_s >= 0


async def test_all_that_one_sends_reaches_the_other_through_our_relay() -> None:
    with running_relay() as relay:
        visit = await RelayVisit.open(relay, "visit")
        with measured(relay) as usage:
            outcome = play(visit.lanes(ONE_PERSON, 0.5))
        assert (outcome.sent, outcome.received) == (200, 200)
        assert usage.cpu_s > 0
        assert usage.drops == {}
        assert visit.people[0].cipher.startswith("SRTP_")
        await visit.close()


def test_the_c_forwarder_carries_what_its_people_send() -> None:
    one, other = (KeyedPerson("127.0.0.1", "SRTP_AEAD_AES_256_GCM", ssrc) for ssrc in (1, 2))
    with built() as library, running_forwarder(library, "127.0.0.1", legs_of([(one, other)])) as (_, port):
        for person in (one, other):
            person.socket.connect(("127.0.0.1", port))
        ways = ((one, other), (other, one))
        with one.socket, other.socket:
            outcome = play([Lane(a.socket, [Pictures(a.ssrc, a.protect).picture(20)], b.socket) for a, b in ways])
    assert (outcome.sent, outcome.received) == (40, 40)


async def test_janus_gives_back_what_a_person_sends() -> None:
    with own_address() as host, running_janus(host) as janus:
        person = Person(host)
        async with aiohttp.ClientSession() as http:
            answer = await janus.echo(http, write_offer(person.local))
        await person.connect(RemoteSide.read(answer))
        streams = Streams(person, (person.local.audio_ssrc, person.local.video_ssrcs[0]))
        outcome = play([Lane(person.socket, streams.volleys(ONE_PERSON, 0.5), person.socket)])
        assert outcome.sent == 100
        assert outcome.received > 90  # what comes before it knows both streams it may drop
        await person.close()


def test_each_part_of_the_bench_can_be_asked_for_alone() -> None:
    said = CliRunner().invoke(main, ["--part", "connects"])
    figures = [json.loads(line) for line in said.stdout.splitlines()]
    assert [figure["name"] for figure in figures] == ["transport_connect_ms_p50", "transport_connect_ms_p95"]
    assert all(figure["value"] > 0 for figure in figures)
