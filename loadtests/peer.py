"""One of several servers that are put under the same load in turns."""

from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field

from loadtests.figures import percentile
from loadtests.relay_process import Usage
from loadtests.replay import Lane, Outcome


@dataclass
class Peer:
    """A server, and what was seen of it over all turns.

    `measured` measures its process over a block; `lanes` makes what is sent to it in one turn.
    """

    name: str
    measured: Callable[[], AbstractContextManager[Usage]]
    lanes: Callable[[], Sequence[Lane]]
    turns: list[tuple[Usage, Outcome]] = field(default_factory=list)

    def take_turn(self, load: Callable[[Sequence[Lane]], Outcome]) -> None:
        """Put it under load once."""
        lanes = self.lanes()
        with self.measured() as usage:
            outcome = load(lanes)
        self.turns.append((usage, outcome))

    @property
    def us_per_packet(self) -> float:
        """CPU for each media packet that came through."""
        return self._sum(lambda usage, _: usage.cpu_s) / self._sum(lambda _, outcome: outcome.received) * 1e6

    @property
    def cpu_share(self) -> float:
        """How much of a core it used while packets were on their way."""
        return self._sum(lambda usage, _: usage.cpu_s) / self._sum(lambda _, outcome: outcome.wall_s)

    @property
    def packets_per_s(self) -> float:
        """What came through in a second."""
        return self._sum(lambda _, outcome: outcome.received) / self._sum(lambda _, outcome: outcome.wall_s)

    def facts(self) -> dict[str, object]:
        """Say how it went, as conditions of a figure."""
        delays = [delay for _, outcome in self.turns for delay in outcome.delays_ns]
        wall_s = self._sum(lambda _, outcome: outcome.wall_s)
        drops = sum((Counter(usage.drops) for usage, _ in self.turns), Counter[str]())
        facts = {
            "sent": self._sum(lambda _, outcome: outcome.sent),
            "received": self._sum(lambda _, outcome: outcome.received),
            "cpu_share": round(self.cpu_share, 3),
            "client_cpu_share": round(self._sum(lambda _, outcome: outcome.client_cpu_s) / wall_s, 3),
            "each_turn_us": [round(usage.cpu_s / max(1, outcome.received) * 1e6, 2) for usage, outcome in self.turns],
            "worst_sender_delay_ms": round(max(outcome.worst_lateness_s for _, outcome in self.turns) * 1e3, 1),
        }
        if delays:
            facts |= {f"delay_ms_p{share}": round(percentile(delays, share / 100) / 1e6, 3) for share in (50, 99)}
        return facts | ({"drops": dict(drops)} if drops else {})

    def _sum(self, of: Callable[[Usage, Outcome], float]) -> float:
        return sum(of(usage, outcome) for usage, outcome in self.turns)
