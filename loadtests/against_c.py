"""Saturated packets a second, beside a C forwarder that does the same crypto: the same library, cipher, packets and senders.

The load is another process on a machine of few cores, so CPU time for each packet decides; packets a second stand beside.
"""

import asyncio
import socket
from collections.abc import Callable, Iterable, Sequence
from contextlib import ExitStack
from functools import partial

from loadtests.c_forwarder import KeyedPerson, NoCompiler, built, legs_of, running_forwarder
from loadtests.figures import leave_out, report
from loadtests.peer import Peer
from loadtests.process_usage import on_other_cores
from loadtests.relay_process import measured, measured_cpu, running_relay
from loadtests.relay_visits import RelayVisit
from loadtests.replay import Lane, press
from loadtests.traffic import AEAD_TAG, VIDEO_BYTES, Pictures

HOST = "127.0.0.1"
# So many people, and so few packets in one turn, that nobody comes near the packet and bit rates that the relay allows one.
VISITS = 80
PACKETS_EACH = 1_000
WINDOW = 1_024
TURNS = 3
# Below this the server waited for the load, so its throughput is the load's.
SATURATED_SHARE = 0.9

Way = tuple[socket.socket, socket.socket]
"""Where packets are sent from, and where they arrive."""


def throughput_name(cpu_share: float) -> str:
    """Name the throughput for what it shows: what the server can do, or only what it was offered."""
    return f"packets_per_second_{'saturated' if cpu_share >= SATURATED_SHARE else 'offered'}"


def measure() -> None:
    """Press our relay and the forwarder in turns, or our relay alone where the forwarder cannot be built."""
    with ExitStack() as stack, asyncio.Runner() as runner:
        relay = stack.enter_context(running_relay(HOST))
        visits = [runner.run(RelayVisit.open(relay, f"saturated-{number}")) for number in range(VISITS)]
        people = [person for visit in visits for person in visit.people]
        cipher = people[0].cipher
        pictures = [Pictures(person.local.video_ssrcs[0], person.protect) for person in people]
        ways = _both_ways((visit.people[0].socket, visit.people[1].socket) for visit in visits)
        peers, pids = [Peer("relay", partial(measured, relay), _lanes(ways, pictures))], [relay.pid]
        try:
            forwarder, pid = _forwarder(stack, cipher)
            peers.append(forwarder)
            pids.append(pid)
        except NoCompiler as error:
            leave_out("c", str(error))
        stack.enter_context(on_other_cores(pids))
        for _ in range(TURNS):
            for peer in peers:
                peer.take_turn(partial(press, window=WINDOW))
        for visit in visits:
            runner.run(visit.close())
    _tell(peers, cipher)


def _tell(peers: Sequence[Peer], cipher: str) -> None:
    conditions = {
        "cipher": cipher,
        "senders": 2 * VISITS,
        "packet_bytes": VIDEO_BYTES + AEAD_TAG,
        "window": WINDOW,
        "turns": TURNS,
    }
    for peer in peers:
        facts = conditions | peer.facts()
        report(f"{peer.name}_cpu_per_packet_saturated", peer.us_per_packet, "us", **facts)
        report(f"{peer.name}_{throughput_name(peer.cpu_share)}", peer.packets_per_s, "packets/s", **facts)
    if len(peers) > 1:
        ours, theirs = peers
        report("relay_to_c_throughput_ratio", theirs.us_per_packet / ours.us_per_packet, "1", target=0.65)


def _forwarder(stack: ExitStack, cipher: str) -> tuple[Peer, int]:
    people = [KeyedPerson(HOST, cipher, ssrc) for ssrc in range(1, 2 * VISITS + 1)]
    pairs = list(zip(people[::2], people[1::2], strict=True))
    library = stack.enter_context(built())
    pid, port = stack.enter_context(running_forwarder(library, HOST, legs_of(pairs)))
    for person in people:
        stack.enter_context(person.socket).connect((HOST, port))
    ways = _both_ways((one.socket, other.socket) for one, other in pairs)
    lanes = _lanes(ways, [Pictures(person.ssrc, person.protect) for person in people])
    return Peer("c", partial(measured_cpu, pid), lanes), pid


def _both_ways(pairs: Iterable[Way]) -> list[Way]:
    return [way for pair in pairs for way in (pair, pair[::-1])]


def _lanes(ways: Sequence[Way], pictures: Sequence[Pictures]) -> Callable[[], list[Lane]]:
    def make() -> list[Lane]:
        return [
            Lane(sender, [stream.picture(PACKETS_EACH)], receiver)
            for (sender, receiver), stream in zip(ways, pictures, strict=True)
        ]

    return make
