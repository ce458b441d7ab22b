"""What one relayed packet costs, and how long a transport takes to connect: `python -m loadtests.relay_bench`.

The relay runs in a process of its own; its CPU time is that process's, user and system, so the load generator is not
in the figure. The load is real: STUN, a DTLS handshake and SRTP keys for each person, over 127.0.0.1 and the real
port. Packets are made and encrypted before the clock starts, and sent from then on as they are. Figures are lines of
JSON on stdout; the log goes to stderr.
"""

import asyncio
import contextlib
import json
import multiprocessing
import os
import platform
import random
import re
import select
import socket
import statistics
import struct
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from multiprocessing.connection import Connection
from typing import Any, cast

import structlog
from aioice import stun
from aiortc import RTCCertificate, RTCDtlsFingerprint, RTCDtlsParameters, RTCDtlsTransport

from media import MediaNode, NodeSettings

VIDEO_BYTES = 1050
AUDIO_BYTES = 120
AEAD_TAG = 16
# So many that no sender needs more than a peer's packet budget.
SATURATED_SENDERS = 24
SATURATED_PACKETS = 5_000
WINDOW = 32
# Below this the relay waited for the load, so its throughput is the load's.
SATURATED_SHARE = 0.9
VISITS = 20
RATE_SECONDS = 10
RTCP_PER_S = 15
CONNECTS = 20
DRAIN_SECONDS = 0.5

# The relay's process.


async def _relay(pipe: Connection) -> None:
    node = await MediaNode.open(NodeSettings(bind_host="127.0.0.1", consent_timeout_s=300), lambda _: None)
    stopped = asyncio.Event()

    def open_person(room: str, person: str) -> None:
        node.room(room).open_endpoint(person, person)
        node.room(room).admit(person)

    def offer(room: str, person: str) -> tuple[str, int, str | None]:
        endpoint = node.room(room).find(person)
        assert endpoint is not None  # noqa: S101 - the load asks for those it opened
        negotiation = endpoint.negotiation()
        return negotiation.transport, negotiation.revision, negotiation.sdp

    def answer(room: str, person: str, transport: str, revision: int, sdp: str) -> bool:
        endpoint = node.room(room).find(person)
        return endpoint is not None and endpoint.answer(transport, revision, sdp)

    def usage() -> tuple[float, int, dict[str, int]]:
        stats = node.stats()
        return time.process_time(), stats.packets_forwarded, {str(key): n for key, n in stats.drops.items() if n}

    commands: dict[str, Any] = {
        "open": open_person,
        "offer": offer,
        "answer": answer,
        "usage": usage,
        "close": lambda room: node.room(room).close(),
        "port": lambda: node.port,
        "stop": stopped.set,
    }

    def obey() -> None:
        try:
            name, *arguments = pipe.recv()
        except EOFError:  # the load is gone
            stopped.set()
            loop.remove_reader(pipe.fileno())
            return
        pipe.send(commands[name](*arguments))

    loop = asyncio.get_running_loop()
    loop.add_reader(pipe.fileno(), obey)
    await stopped.wait()
    loop.remove_reader(pipe.fileno())
    await node.close()


def _log_to_stderr() -> None:
    structlog.configure(logger_factory=structlog.PrintLoggerFactory(sys.stderr))


def _run_relay(pipe: Connection) -> None:
    _log_to_stderr()
    asyncio.run(_relay(pipe))


class Relay:
    """The relay's process, asked over a pipe."""

    def __init__(self, pipe: Connection) -> None:
        self._pipe = pipe
        self.port: int = self.ask("port")

    def ask(self, *command: object) -> Any:
        """Run one command in the relay's process and return what it says."""
        self._pipe.send(command)
        return self._pipe.recv()


@contextlib.contextmanager
def running_relay() -> Iterator[Relay]:
    """Start a relay in a fresh interpreter and stop it afterwards."""
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=_run_relay, args=(theirs,))
    process.start()
    try:
        relay = Relay(ours)
        yield relay
        relay.ask("stop")
    finally:
        process.join(10)
        if process.is_alive():
            process.terminate()


# One person, as seen from the network.


class Person:
    """A client with one socket; it is the ICE and DTLS transport of aiortc's ORTC pieces at once."""

    role = "controlled"

    def __init__(self, relay: Relay, room: str, name: str) -> None:
        self._relay, self._room, self._name = relay, room, name
        self.ssrcs = random.sample(range(1, 2**32), 3)  # audio, video, retransmissions
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.settimeout(0)
        for option in (socket.SO_RCVBUF, socket.SO_SNDBUF):
            self.socket.setsockopt(socket.SOL_SOCKET, option, 4 * 1024 * 1024)
        self.socket.connect(("127.0.0.1", relay.port))
        self._certificate = RTCCertificate.generateCertificate()
        self._dtls = RTCDtlsTransport(cast("Any", self), [self._certificate])
        relay.ask("open", room, name)

    async def connect(self) -> float:
        """Answer the offer, check, shake hands. Returns milliseconds from the first check to SRTP keys."""
        sdp = self.answer()
        begun = time.perf_counter()
        await self._check(sdp)
        fingerprint = re.search(r"a=fingerprint:sha-256 (\S+)", sdp)
        assert fingerprint is not None  # noqa: S101
        async with asyncio.timeout(5):
            await self._dtls.start(RTCDtlsParameters([RTCDtlsFingerprint("sha-256", fingerprint[1])]))
        if self._dtls.state != "connected":
            raise ConnectionError("the handshake failed")
        return (time.perf_counter() - begun) * 1000

    def answer(self) -> str:
        """Answer the offer that the relay has now, if it waits for one, and return it."""
        transport, revision, sdp = self._relay.ask("offer", self._room, self._name)
        if sdp is None:
            return ""
        text = write_answer(sdp, self._certificate.getFingerprints()[0].value, self.ssrcs)
        if not self._relay.ask("answer", self._room, self._name, transport, revision, text):
            raise ConnectionError("the answer came too late")
        return str(sdp)

    def make_packets(self, index: int, size: int, count: int) -> list[bytes]:
        """Encrypt `count` packets of one of our SSRCs; `size` is that of the RTP packet."""
        payload_type, payload = (111, 96)[index], os.urandom(size - 12)
        protect, ssrc = self._dtls._tx_srtp.protect, self.ssrcs[index]  # noqa: SLF001 - held by the contract test
        return [
            protect(struct.pack("!BBHII", 0x80, payload_type, number, number * 960, ssrc) + payload)
            for number in range(count)
        ]

    def make_reports(self, count: int) -> list[bytes]:
        """Encrypt `count` receiver reports with a transport-wide feedback behind them, as a browser sends."""
        audio, video = self.ssrcs[:2]
        report = struct.pack("!BBHI", 0x81, 201, 7, audio) + struct.pack("!I", video) + bytes(20)
        feedback = struct.pack("!BBHII", 0x8F, 205, 6, audio, video) + bytes(16)
        protect = self._dtls._tx_srtp.protect_rtcp  # noqa: SLF001 - as above
        return [protect(report + feedback) for _ in range(count)]

    @property
    def cipher(self) -> str:
        """The SRTP profile that the handshake chose."""
        ssl = self._dtls._ssl  # noqa: SLF001 - as above
        return ssl.get_selected_srtp_profile().decode() if ssl else ""

    def drain(self) -> int:
        """Throw away what has arrived; return how many packets of media it was."""
        received = 0
        with contextlib.suppress(BlockingIOError):
            while True:
                data = self.socket.recv(2048)
                received += 128 <= data[0] <= 191  # noqa: PLR2004
        return received

    async def _check(self, sdp: str) -> None:
        ufrag, password = (
            re.search(rf"a=ice-{name}:(\S+)", sdp)[1]  # type: ignore[index]
            for name in ("ufrag", "pwd")
        )
        request = stun.Message(stun.Method.BINDING, stun.Class.REQUEST)
        request.attributes |= {
            "USERNAME": f"{ufrag}:load",
            "PRIORITY": 1,
            "ICE-CONTROLLING": 1,
            "USE-CANDIDATE": None,
        }
        request.add_message_integrity(password.encode())
        await self._send(bytes(request))
        await asyncio.wait_for(self._recv(), timeout=2)

    async def _recv(self) -> bytes:
        return await asyncio.get_running_loop().sock_recv(self.socket, 2048)

    async def _send(self, data: bytes) -> None:
        self.socket.send(data)


def write_answer(offer: str, fingerprint: str, ssrcs: Sequence[int]) -> str:
    """Answer every section of an offer: send on the first two, receive on the others."""
    sections = re.findall(r"m=(audio|video) .*?a=mid:(\S+)", offer, flags=re.DOTALL)
    lines = [
        "v=0",
        "o=- 1 1 IN IP4 127.0.0.1",
        "s=-",
        "t=0 0",
        f"a=group:BUNDLE {' '.join(mid for _, mid in sections)}",
    ]
    for kind, mid in sections:
        lines += [
            f"m={kind} 9 UDP/TLS/RTP/SAVPF {'111' if kind == 'audio' else '96 97'}",
            "c=IN IP4 0.0.0.0",
            f"a=mid:{mid}",
            "a=setup:active",
            "a=rtcp-mux",
            f"a=fingerprint:sha-256 {fingerprint}",
            "a=sendonly" if mid in ("0", "1") else "a=recvonly",
        ]
        if mid == "0":
            lines.append(f"a=ssrc:{ssrcs[0]} cname:load")
        elif mid == "1":
            lines.append(f"a=ssrc-group:FID {ssrcs[1]} {ssrcs[2]}")
            lines += [f"a=ssrc:{ssrc} cname:load" for ssrc in ssrcs[1:]]
    return "\r\n".join(lines) + "\r\n"


async def open_visit(relay: Relay, room: str) -> tuple[Person, Person, list[float]]:
    """Two connected people who accepted each other's media."""
    pair = Person(relay, room, "patient"), Person(relay, room, "clinician")
    times = [await person.connect() for person in pair]
    for person in pair:
        person.answer()
    return *pair, times


# The measurements.


@dataclass
class Usage:
    """The relay's CPU seconds and forwarded packets over a stretch of time."""

    cpu_s: float
    forwarded: int
    wall_s: float
    drops: dict[str, int]


@contextlib.contextmanager
def measured(relay: Relay) -> Iterator[Usage]:
    """Measure the relay's process over the body."""
    usage = Usage(0, 0, 0, {})
    cpu, forwarded, drops = relay.ask("usage")
    begun = time.perf_counter()
    yield usage
    usage.wall_s = time.perf_counter() - begun
    cpu_after, forwarded_after, drops_after = relay.ask("usage")
    grown = {reason: count - drops.get(reason, 0) for reason, count in drops_after.items()}
    usage.drops = {reason: count for reason, count in grown.items() if count}
    usage.cpu_s, usage.forwarded = cpu_after - cpu, forwarded_after - forwarded


def report(name: str, value: float, unit: str, **conditions: object) -> None:
    """Print one figure as a line of JSON."""
    conditions |= {"python": platform.python_version(), "cores": os.cpu_count()}
    print(json.dumps({"name": name, "value": round(value, 3), "unit": unit, "conditions": conditions}), flush=True)


def throughput_name(relay_cpu_share: float) -> str:
    """Name the throughput for what it shows: what the relay can do, or only what it was offered."""
    return f"relay_packets_per_second_{'saturated' if relay_cpu_share >= SATURATED_SHARE else 'offered'}"


async def saturated(relay: Relay) -> None:
    """Send as fast as the relay takes it, with at most `WINDOW` packets under way for each sender.

    The throughput is called saturated only if the relay was: the load is one process too, and may be the slower one.
    """
    visits = [await open_visit(relay, f"saturated-{number}") for number in range(SATURATED_SENDERS)]
    packets = [sender.make_packets(1, VIDEO_BYTES, SATURATED_PACKETS) for sender, _, _ in visits]
    for *pair, _ in visits:
        for person in pair:
            person.drain()  # the keyframe request of the beginning
    sent = [0] * len(visits)
    received = [0] * len(visits)
    with measured(relay) as usage:
        moved_at = time.perf_counter()
        while time.perf_counter() - moved_at < DRAIN_SECONDS:
            for index, (sender, receiver, _) in enumerate(visits):
                arrived = receiver.drain()
                received[index] += arrived
                room = min(WINDOW - (sent[index] - received[index]), SATURATED_PACKETS - sent[index])
                for packet in packets[index][sent[index] : sent[index] + room]:
                    sender.socket.send(packet)
                sent[index] += max(room, 0)
                if arrived or room > 0:
                    moved_at = time.perf_counter()
        idle_s = time.perf_counter() - moved_at
    wall_s = usage.wall_s - idle_s
    share = usage.cpu_s / wall_s
    conditions = {
        "cipher": visits[0][0].cipher,
        "senders": SATURATED_SENDERS,
        "packet_bytes": VIDEO_BYTES + AEAD_TAG,
        "sent": sum(sent),
        "forwarded": usage.forwarded,
        "received": sum(received),
        "relay_cpu_share": round(share, 2),
        "drops": usage.drops,
    }
    report("relay_cpu_per_packet_saturated", usage.cpu_s / usage.forwarded * 1e6, "us", **conditions)
    report(throughput_name(share), usage.forwarded / wall_s, "packets/s", **conditions)


async def at_rate(relay: Relay) -> None:
    """Send what 20 one-to-one visits send: 150 video packets a second in bursts of 5, 50 of audio, 15 of RTCP, per person."""
    visits = [await open_visit(relay, f"rate-{number}") for number in range(VISITS)]
    people = [person for *pair, _ in visits for person in pair]
    for person in people:
        person.drain()  # the keyframe request of the beginning
    schedule: list[tuple[float, socket.socket, bytes]] = []
    for index, person in enumerate(people):
        phase = index / len(people) / 50
        video = person.make_packets(1, VIDEO_BYTES, 150 * RATE_SECONDS)
        audio = person.make_packets(0, AUDIO_BYTES, 50 * RATE_SECONDS)
        schedule += [(phase + number // 5 / 30, person.socket, packet) for number, packet in enumerate(video)]
        schedule += [(phase + number / 50, person.socket, packet) for number, packet in enumerate(audio)]
        reports = person.make_reports(RTCP_PER_S * RATE_SECONDS)
        schedule += [(phase + number / RTCP_PER_S, person.socket, packet) for number, packet in enumerate(reports)]
    schedule.sort(key=lambda entry: entry[0])
    by_fileno = {person.socket.fileno(): person for person in people}
    poll = select.epoll()
    for fileno in by_fileno:
        poll.register(fileno, select.EPOLLIN)
    received, late_s = 0, 0.0
    with measured(relay) as usage:
        begun, index = time.perf_counter(), 0
        end = schedule[-1][0] + DRAIN_SECONDS
        while (elapsed := time.perf_counter() - begun) < end:
            while index < len(schedule) and schedule[index][0] <= elapsed:
                due, sender, packet = schedule[index]
                sender.send(packet)
                late_s = max(late_s, elapsed - due)
                index += 1
            received += sum(by_fileno[fileno].drain() for fileno, _ in poll.poll(0.001))
    poll.close()
    report(
        "relay_cpu_per_packet_20_visits",
        usage.cpu_s / usage.forwarded * 1e6,
        "us",
        visits=VISITS,
        cipher=people[0].cipher,
        packet_bytes={"video": VIDEO_BYTES + AEAD_TAG, "audio": AUDIO_BYTES + AEAD_TAG},
        rtcp_per_second=RTCP_PER_S * len(people),
        packets_per_second=len(schedule) // RATE_SECONDS,
        sent=len(schedule),
        forwarded=usage.forwarded,
        relay_cpu_share=round(usage.cpu_s / usage.wall_s, 3),
        worst_sender_delay_ms=round(late_s * 1000, 1),
        drops=usage.drops,
    )
    loss = (1 - received / len(schedule)) * 100
    report("relay_loss_20_visits", loss, "%", visits=VISITS, sent=len(schedule), received=received)


async def connects(relay: Relay) -> None:
    """Connect one person after another."""
    times: list[float] = []
    for number in range(CONNECTS // 2):
        room = f"connect-{number}"
        times += (await open_visit(relay, room))[2]
        relay.ask("close", room)
    cuts = statistics.quantiles(times, n=20)
    for name, value in (("p50", statistics.median(times)), ("p95", cuts[-1])):
        report(f"transport_connect_ms_{name}", value, "ms", connects=len(times), path="127.0.0.1")


def main() -> None:
    """Run each measurement against a relay of its own."""
    _log_to_stderr()
    for measure in (saturated, at_rate, connects):
        with running_relay() as relay:
            asyncio.run(measure(relay))


if __name__ == "__main__":
    main()
