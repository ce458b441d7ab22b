"""What one relayed packet costs, and how long a transport takes to connect: `python -m loadtests.relay_bench`.

The relay runs in a process of its own; its CPU time is that process's, user and system, so the load generator is not
in the figure. The load is real: STUN, a DTLS handshake and SRTP keys for each person, over 127.0.0.1 and the real
port. Packets are made and encrypted before the clock starts, and sent from then on as they are. Figures are lines of
JSON on stdout; the log goes to stderr.
"""

import asyncio
import json
import os
import platform
import select
import socket
import statistics
import time

from loadtests.relay_process import Relay, log_to_stderr, measured, running_relay
from loadtests.replayed_person import open_visit

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
    log_to_stderr()
    for measure in (saturated, at_rate, connects):
        with running_relay() as relay:
            asyncio.run(measure(relay))


if __name__ == "__main__":
    main()
