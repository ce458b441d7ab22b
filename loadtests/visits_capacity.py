"""How many one-to-one visits one process carries, and what few of them cost: CPU, delay and loss, from one visit upward.

Each person sends what a browser sends (`traffic.ONE_PERSON`): 200 media packets a second, RTCP and consent checks. A delay
is the time from the moment a packet is given to the kernel to the moment the kernel has it for the receiver.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import asdict, dataclass

from loadtests.figures import percentile, report
from loadtests.process_usage import on_other_cores, resident_mb
from loadtests.relay_process import Relay, Usage, measured, running_relay
from loadtests.relay_visits import RelayVisit
from loadtests.replay import Outcome, play
from loadtests.traffic import AEAD_TAG, AUDIO_BYTES, ONE_PERSON, VIDEO_BYTES

FEW, MANY = (1, 10, 20), (50, 100, 150, 200, 250)
FEW_SECONDS, MANY_SECONDS = 5, 8
MAX_LOSS = 0.001
MAX_DELAY_MS = 10.0
# Others on the same machine may spoil one stretch.
TRIES = 2
BUSY_SHARE = 0.9


@dataclass(frozen=True)
class Step:
    """What was seen of this many visits."""

    visits: int
    usage: Usage
    outcome: Outcome
    resident_mb: float = 0.0

    def delay_ms(self, share: float) -> float:
        """Return the delay that this share of the packets did not exceed."""
        return percentile(self.outcome.delays_ns, share) / 1e6

    @property
    def is_carried(self) -> bool:
        """Whether nobody would have noticed the relay."""
        return self.outcome.loss < MAX_LOSS and self.delay_ms(0.99) < MAX_DELAY_MS

    @property
    def limit(self) -> str:
        """Name what had no more to give: the relay's core, the load's, or neither, others having had them."""
        if self.usage.share > BUSY_SHARE:
            return "relay"
        return "load" if self.outcome.client_cpu_s / self.outcome.wall_s > BUSY_SHARE else "machine"

    def tell(self, seconds: float) -> None:
        """Report it."""
        outcome, usage = self.outcome, self.usage
        conditions = {
            "visits": self.visits,
            "seconds": seconds,
            "sent": outcome.sent,
            "received": outcome.received,
            "relay_cpu_share": round(usage.share, 3),
            "client_cpu_share": round(outcome.client_cpu_s / outcome.wall_s, 3),
            "worst_sender_delay_ms": round(outcome.worst_lateness_s * 1e3, 1),
            "relay_resident_mb": round(self.resident_mb, 1),
            "drops": usage.drops,
        }
        name = f"{self.visits}_visits"
        report(f"relay_cpu_per_packet_{name}", usage.cpu_s / max(1, outcome.received) * 1e6, "us", **conditions)
        report(f"relay_delay_p50_{name}", self.delay_ms(0.5), "ms", **conditions)
        report(f"relay_delay_p99_{name}", self.delay_ms(0.99), "ms", **conditions)
        report(f"relay_loss_{name}", outcome.loss * 100, "%", **conditions)


def _take(relay: Relay, visits: Sequence[RelayVisit], seconds: float) -> Step:
    lanes = [lane for visit in visits for lane in visit.lanes(ONE_PERSON, seconds)]
    with measured(relay) as usage:
        outcome = play(lanes)
    return Step(len(visits), usage, outcome, resident_mb(relay.pid))


def _try(relay: Relay, visits: Sequence[RelayVisit], seconds: float) -> Step:
    for _ in range(TRIES):
        step = _take(relay, visits, seconds)
        step.tell(seconds)
        if step.is_carried:
            break
    return step


async def _open(relay: Relay, visits: list[RelayVisit], count: int) -> None:
    while len(visits) < count:
        visits.append(await RelayVisit.open(relay, f"visit-{len(visits)}"))


def measure() -> None:
    """Add visits until they are too many."""
    visits: list[RelayVisit] = []
    with running_relay() as relay, on_other_cores([relay.pid]), asyncio.Runner() as runner:
        steps = []
        for count in (*FEW, *MANY):
            runner.run(_open(relay, visits, count))
            steps.append(_try(relay, visits, FEW_SECONDS if count in FEW else MANY_SECONDS))
            if not steps[-1].is_carried and steps[-1].limit != "machine":
                break
        _tell_capacity(steps, visits[0].people[0].cipher)


def _tell_capacity(steps: Sequence[Step], cipher: str) -> None:
    last = steps[-1]
    report(
        "relay_visits_carried",
        max((step.visits for step in steps if step.is_carried), default=0),
        "visits",
        target=200,
        limit="not reached" if last.is_carried else last.limit,
        cipher=cipher,
        max_loss=MAX_LOSS,
        max_delay_ms_p99=MAX_DELAY_MS,
        each_person=asdict(ONE_PERSON),
        packet_bytes={"video": VIDEO_BYTES + AEAD_TAG, "audio": AUDIO_BYTES + AEAD_TAG},
    )
