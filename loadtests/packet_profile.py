"""Where the microseconds of one relayed packet go: `python -m loadtests.packet_profile`.

One process plays all parts, so nothing but the relay's own packet path is timed: 64 packets are put into the port's buffer,
then one read of the port is measured (CPU time of the thread), then what it sent is taken away. Parts are told apart by
leaving them out: a read that hands packets to nobody, and one whose packets are queued nowhere; the cipher is timed alone.
Of many rounds the quickest counts, and the median stands beside it: others who use the machine slow rounds down, and
nothing speeds them up.
"""

import asyncio
import contextlib
import os
import socket
import statistics
import time
from collections.abc import Sequence

import click
from pylibsrtp import Policy, Session

from loadtests.figures import log_to_stderr, report
from media.downlink import Downlink
from media.ice_lite import ValidatedAddresses
from media.io import Io, open_port
from media.packet import Packet, make_packets
from media.rtp import RTP_HEADER
from media.srtp import SrtpSession
from media.stats import Counters
from media.stream import Stream, StreamKind
from media.udp_port import DRAIN_LIMIT, Address, Receive, UdpPort
from media.uplink import Uplink

PEOPLE = 20
BURST = 5
ROUNDS = 1_000
SIZES = {"video": 1050, "audio": 120}
PROFILES = {
    "SRTP_AEAD_AES_128_GCM": (Policy.SRTP_PROFILE_AEAD_AES_128_GCM, 28),
    "SRTP_AEAD_AES_256_GCM": (Policy.SRTP_PROFILE_AEAD_AES_256_GCM, 44),
    "SRTP_AES128_CM_SHA1_80": (Policy.SRTP_PROFILE_AES128_CM_SHA1_80, 30),
}


def _session(cipher: str, kind: int) -> SrtpSession:
    profile, key = PROFILES[cipher]
    return SrtpSession(Session(Policy(bytes(key), kind, srtp_profile=profile)))


class Person:
    """One person as the relay has them, and their socket."""

    def __init__(self, port: UdpPort, counters: Counters, ssrc: int, cipher: str) -> None:
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 20)
        self.socket.connect(("127.0.0.1", port.number))
        self.stream = Stream(ssrc, StreamKind.VIDEO, ssrc)
        self._own = _session(cipher, Policy.SSRC_ANY_OUTBOUND)
        self._number = 0
        addresses = ValidatedAddresses()
        addresses.validate(_first_address(port, self.socket), nominated=True)
        self.address = addresses.selected
        self.downlink = Downlink(addresses, port, counters)
        self.downlink.connect(_session(cipher, Policy.SSRC_ANY_OUTBOUND))
        self.uplink = Uplink(addresses, port, counters, self.downlink)
        self.uplink.connect(_session(cipher, Policy.SSRC_ANY_INBOUND))
        self.uplink.set_budget(1 << 60)

    def send(self, size: int) -> None:
        """Encrypt and send one packet."""
        (packet,) = make_packets(1)
        self._number += 1
        header = RTP_HEADER.pack(0x80, 96, self._number & 0xFFFF, self._number, self.stream.ssrc)
        packet.load(header + os.urandom(size - len(header)))
        self._own.protect(packet)
        self.socket.send(packet.datagram)

    def drain(self) -> None:
        """Take away what arrived."""
        with contextlib.suppress(BlockingIOError):
            while True:
                self.socket.recv(2_048, socket.MSG_DONTWAIT)


def _first_address(port: UdpPort, person: socket.socket) -> Address:
    heard: list[Address] = []
    person.send(b"x")
    port.read(lambda _, address: heard.append(address))
    return heard[0]


class Bench:
    """A port and people in pairs, each of whom the other sees."""

    def __init__(self, io: Io, cipher: str) -> None:
        self.port = open_port(io, "127.0.0.1", 0, Counters(), time.monotonic)
        self._counters = Counters()
        self.people = [Person(self.port, self._counters, ssrc, cipher) for ssrc in range(1, PEOPLE + 1)]
        self._by_address = {person.address: person.uplink for person in self.people}
        for one, other in zip(self.people[::2], self.people[1::2], strict=True):
            one.uplink.route({one.stream: (other.downlink,)})
            other.uplink.route({other.stream: (one.downlink,)})

    def relay(self, packet: Packet, address: Address) -> None:
        """Do what the switchboard does with media."""
        self._by_address[address].receive(packet, address)

    def queue_nothing(self) -> None:
        """Leave the sending out from now on."""

        def forget(packet: Packet, address: Address) -> None:
            """Take it and do nothing."""

        for person in self.people:
            person.downlink.queue = forget

    def time(self, receive: Receive, size: int) -> list[float]:
        """Measure rounds of one full read each; microseconds of CPU for each packet."""
        costs = []
        for _ in range(ROUNDS):
            for number in range(DRAIN_LIMIT):
                self.people[number // BURST % PEOPLE].send(size)
            begun = time.thread_time()
            self.port.read(receive)
            costs.append((time.thread_time() - begun) / DRAIN_LIMIT * 1e6)
            for person in self.people:
                person.drain()
        return costs

    def close(self) -> None:
        """Free the sockets."""
        self.port.close()
        for person in self.people:
            person.socket.close()


def cipher_costs(cipher: str, size: int) -> list[float]:
    """Measure rounds of one decryption and one encryption in place; microseconds of CPU for both."""
    peer = _session(cipher, Policy.SSRC_ANY_OUTBOUND)
    rx, tx = _session(cipher, Policy.SSRC_ANY_INBOUND), _session(cipher, Policy.SSRC_ANY_OUTBOUND)
    packets, costs = make_packets(DRAIN_LIMIT), []
    for start in range(0, ROUNDS * DRAIN_LIMIT, DRAIN_LIMIT):
        for number, packet in enumerate(packets, start):
            packet.load(RTP_HEADER.pack(0x80, 96, number & 0xFFFF, number & 0xFFFFFFFF, 1) + bytes(size - 12))
            peer.protect(packet)
        begun = time.thread_time()
        for packet in packets:
            rx.unprotect(packet)
            tx.protect(packet)
        costs.append((time.thread_time() - begun) / DRAIN_LIMIT * 1e6)
    return costs


async def _wake(times: int, pause_s: float) -> float:
    begun = time.thread_time()
    for _ in range(times):
        await asyncio.sleep(pause_s)
    return (time.thread_time() - begun) / times * 1e6


def _tell(part: str, costs: Sequence[float], **conditions: object) -> float:
    best = min(costs)
    report(f"packet_{part}", best, "us", median=round(statistics.median(costs), 2), rounds=len(costs), **conditions)
    return best


def profile(io: Io, kind: str, cipher: str) -> None:
    """Print what a packet costs, and what each part of it does."""
    size = SIZES[kind]
    bench = Bench(io, cipher)
    facts = {"io": bench.port.io, "kind": kind, "bytes": size, "cipher": cipher, "burst": BURST}
    received = _tell("received", bench.time(lambda *_: None, size), **facts)
    whole = _tell("relayed", bench.time(bench.relay, size), **facts)
    bench.queue_nothing()
    unsent = _tell("relayed_unsent", bench.time(bench.relay, size), **facts)
    bench.close()
    ciphered = _tell("decrypted_and_encrypted", cipher_costs(cipher, size), **facts)
    report("packet_sent", whole - unsent, "us", **facts)
    report("packet_own_code", unsent - received - ciphered, "us", **facts)


@click.command()
def main() -> None:
    """Profile the packet path with each kind of port, the ciphers, and a wake-up of the loop."""
    log_to_stderr()
    for io in (Io.SEGMENTED, Io.BATCHED, Io.PLAIN):
        for kind in SIZES:
            profile(io, kind, "SRTP_AEAD_AES_256_GCM")
    for cipher in PROFILES:
        for kind, size in SIZES.items():
            _tell("cipher", cipher_costs(cipher, size), kind=kind, bytes=size, cipher=cipher)
    for pause_s in (0.0, 0.002):
        report("wake_up", asyncio.run(_wake(1_000, pause_s)), "us", pause_ms=pause_s * 1e3)


if __name__ == "__main__":
    main()
