"""One of several servers that are put under the same load in turns."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from loadtests.figures import percentile
from loadtests.relay_process import Usage, measured_cpu
from loadtests.replay import Lane, Outcome


@dataclass
class Peer:
    """A server's process, the lanes to it, and what was seen of it over all turns.

    `lanes` makes what is sent in one turn.
    """

    name: str
    pid: int
    lanes: Callable[[], Sequence[Lane]]
    turns: list[tuple[Usage, Outcome]] = field(default_factory=list)

    def take_turn(self, load: Callable[[Sequence[Lane]], Outcome]) -> None:
        """Put it under load once."""
        lanes = self.lanes()
        with measured_cpu(self.pid) as usage:
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
        return {
            "sent": self._sum(lambda _, outcome: outcome.sent),
            "received": self._sum(lambda _, outcome: outcome.received),
            "cpu_share": round(self.cpu_share, 3),
            "client_cpu_share": round(self._sum(lambda _, outcome: outcome.client_cpu_s) / wall_s, 3),
            "each_turn_us": [round(usage.cpu_s / max(1, outcome.received) * 1e6, 2) for usage, outcome in self.turns],
            "delay_ms_p50": round(percentile(delays, 0.5) / 1e6, 3),
            "delay_ms_p99": round(percentile(delays, 0.99) / 1e6, 3),
            "worst_sender_delay_ms": round(max(outcome.worst_lateness_s for _, outcome in self.turns) * 1e3, 1),
        }

    def _sum(self, of: Callable[[Usage, Outcome], float]) -> float:
        return sum(of(usage, outcome) for usage, outcome in self.turns)
