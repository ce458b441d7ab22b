"""What a one-to-one visit holds in memory: `python -m loadtests.visit_memory`.

The resident memory of a relay's process is read before, with visits that are connected, after they have talked long enough
to fill what is kept of the last second, and when all have ended. Lines of JSON, as for the other benchmarks.
"""

import asyncio
import gc

import click

from loadtests.figures import log_to_stderr, report
from loadtests.process_usage import resident_mb
from loadtests.relay_process import Relay, running_relay
from loadtests.relay_visits import RelayVisit
from loadtests.replay import play
from loadtests.traffic import ONE_PERSON

# So much before anything is measured that what every process keeps anyway is there.
WARM_UP = 5
VISITS = 50
TALK_S = 3.0


async def _open(relay: Relay, names: range) -> list[RelayVisit]:
    return [await RelayVisit.open(relay, f"visit-{name}") for name in names]


def measure(relay: Relay, count: int) -> None:
    """Print the figures of this many visits."""
    with asyncio.Runner() as runner:
        warm = runner.run(_open(relay, range(WARM_UP)))
        idle = resident_mb(relay.pid)
        visits = runner.run(_open(relay, range(WARM_UP, WARM_UP + count)))
        connected = resident_mb(relay.pid)
        for some in (visits[start : start + 10] for start in range(0, count, 10)):
            play([lane for visit in some for lane in visit.lanes(ONE_PERSON, TALK_S)])
            gc.collect()
        talked = resident_mb(relay.pid)
        for name in range(WARM_UP + count):
            relay.ask("close", f"visit-{name}")
        ended = resident_mb(relay.pid)
        for visit in (*warm, *visits):
            runner.run(visit.close())
    facts = {"visits": count, "talked_s": TALK_S}
    report("memory_relay_before", idle, "MB", **facts)
    report("memory_per_visit_connected", (connected - idle) / count * 1e3, "kB", **facts)
    report("memory_per_visit_talking", (talked - idle) / count * 1e3, "kB", **facts)
    report("memory_relay_after_all_ended", ended, "MB", **facts)


@click.command()
@click.option("--visits", type=click.IntRange(1, 500), default=VISITS, show_default=True)
def main(visits: int) -> None:
    """Measure the memory of visits."""
    log_to_stderr()
    with running_relay() as relay:
        measure(relay, visits)


if __name__ == "__main__":
    main()
