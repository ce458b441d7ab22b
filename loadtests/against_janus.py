"""CPU per forwarded packet, beside Janus's EchoTest: the same people, the same packets, the same rates, in turns.

Janus gives each person back what they send; ours are one-to-one visits with as many people: there as here each packet
in is one packet out, decrypted and encrypted once. Delays stand beside the CPU, for waiting saves wake-ups. Pictures come
in bursts, as browsers send them, or with the same interval between all packets.
"""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial

import aiohttp

from loadtests.figures import leave_out, report
from loadtests.janus_process import Janus, JanusFailed, installed_version, running_janus
from loadtests.own_address import NoAddress, own_address
from loadtests.peer import Peer
from loadtests.relay_process import Relay, measured, measured_cpu, running_relay
from loadtests.relay_visits import RelayVisit
from loadtests.replay import Lane, play
from loadtests.replayed_person import Person
from loadtests.session_description import RemoteSide, write_offer
from loadtests.traffic import AEAD_TAG, AUDIO_BYTES, ONE_PERSON, VIDEO_BYTES, Streams, Traffic

RATES = ((2_000, 6), (12_000, 6), (20_000, 60))
SHAPES = {"bursts": ONE_PERSON, "paced": replace(ONE_PERSON, burst=1)}
# So short that 2,000 packets a second from one person stay within what the relay allows one at once.
SECONDS = 2
TURNS = 2
SETTLES_S = 1.0

Lanes = Callable[[Traffic], Sequence[Lane]]


def measure() -> None:
    """Compare at each rate, each time with servers that are freshly started."""
    if installed_version() is None:
        leave_out("janus", "not installed: Debian's package `janus`")
        return
    try:
        with own_address() as host:
            for rate, transports in RATES:
                with running_relay(host) as relay, running_janus(host) as janus:
                    asyncio.run(_compare(relay, janus, rate, transports))
    except (NoAddress, JanusFailed) as error:
        leave_out("janus", str(error))


async def _compare(relay: Relay, janus: Janus, rate: int, transports: int) -> None:
    people, our_lanes = await _open_visits(relay, transports // 2)
    echoed, their_lanes = await _open_echoes(janus, transports)
    await asyncio.sleep(SETTLES_S)
    for shape, traffic in SHAPES.items():
        scaled = traffic.scaled(rate / transports)
        theirs = Peer("janus", partial(measured_cpu, janus.pid), partial(their_lanes, scaled))
        ours = Peer("relay", partial(measured, relay), partial(our_lanes, scaled))
        for _ in range(TURNS):
            for peer in (theirs, ours):
                peer.take_turn(play)
        name = f"{rate}_packets_per_s_over_{transports}_{shape}"
        for peer, person in ((theirs, echoed[0]), (ours, people[0])):
            facts = _conditions(rate, transports, shape) | {"cipher": person.cipher} | peer.facts()
            report(f"{peer.name}_cpu_per_packet_{name}", peer.us_per_packet, "us", **facts)
        report(f"relay_to_janus_cpu_ratio_{name}", ours.us_per_packet / theirs.us_per_packet, "1", target=0.5)
    for person in (*people, *echoed):
        await person.close()


def _conditions(rate: int, transports: int, shape: str) -> dict[str, object]:
    return {
        "packets_per_s": rate,
        "transports": transports,
        "shape": shape,
        "packet_bytes": {"video": VIDEO_BYTES + AEAD_TAG, "audio": AUDIO_BYTES + AEAD_TAG},
        "reports_per_s": ONE_PERSON.reports_per_s * transports,
        "janus": installed_version(),
        "turns": TURNS,
        "seconds_each": SECONDS,
    }


async def _open_visits(relay: Relay, count: int) -> tuple[list[Person], Lanes]:
    visits = [await RelayVisit.open(relay, f"visit-{number}") for number in range(count)]

    def make(traffic: Traffic) -> list[Lane]:
        return [lane for visit in visits for lane in visit.lanes(traffic, SECONDS)]

    return [person for visit in visits for person in visit.people], make


async def _open_echoes(janus: Janus, count: int) -> tuple[list[Person], Lanes]:
    people = []
    async with aiohttp.ClientSession() as http:
        for _ in range(count):
            person = Person(janus.host)
            await person.connect(RemoteSide.read(await janus.echo(http, write_offer(person.local))))
            people.append(person)
    streams = [Streams(person, (person.local.audio_ssrc, person.local.video_ssrcs[0])) for person in people]

    def make(traffic: Traffic) -> list[Lane]:
        return [
            Lane(person.socket, each.volleys(traffic, SECONDS), person.socket)
            for person, each in zip(people, streams, strict=True)
        ]

    return people, make
