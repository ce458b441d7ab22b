"""What relayed packets cost, alone and beside peers, and how long a transport takes to connect: `python -m loadtests.relay_bench`.

Servers run in processes of their own; CPU time is that of such a process, user and system, all threads, so the load is not
in the figure. The load is real: STUN, a DTLS handshake and SRTP keys for each person, and the real port. Packets are made
and encrypted before the clock starts, and sent from then on as they are. Figures are lines of JSON on stdout, each with
its conditions; the log goes to stderr. Compare within one run: absolute figures vary with the machine and with who shares it.
"""

import asyncio
import statistics
from collections.abc import Callable

import click

from loadtests import against_c, against_janus, visits_capacity
from loadtests.figures import log_to_stderr, percentile, report
from loadtests.relay_process import Relay, running_relay
from loadtests.relay_visits import RelayVisit

CONNECTS = 20


async def _connect(relay: Relay) -> list[float]:
    times: list[float] = []
    for number in range(CONNECTS // 2):
        room = f"connect-{number}"
        visit = await RelayVisit.open(relay, room)
        times += visit.connect_ms
        relay.ask("close", room)
        await visit.close()
    return times


def connects() -> None:
    """Connect one person after another."""
    with running_relay() as relay:
        times = asyncio.run(_connect(relay))
    for name, value in (("p50", statistics.median(times)), ("p95", percentile(times, 0.95))):
        report(f"transport_connect_ms_{name}", value, "ms", connects=len(times), path="127.0.0.1")


PARTS: dict[str, Callable[[], None]] = {
    "janus": against_janus.measure,
    "c": against_c.measure,
    "visits": visits_capacity.measure,
    "connects": connects,
}


@click.command()
@click.option("--part", "parts", type=click.Choice(list(PARTS)), multiple=True, help="Only this one; may be repeated.")
def main(*, parts: tuple[str, ...]) -> None:
    """Measure the relay."""
    log_to_stderr()
    for name in parts or PARTS:
        PARTS[name]()


if __name__ == "__main__":
    main()
