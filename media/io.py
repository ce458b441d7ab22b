"""Which of the ports a node opens."""

import enum
from collections.abc import Callable

from media import batched_port
from media.batched_port import BatchedPort
from media.plain_port import PlainPort
from media.stats import Counters
from media.udp_port import UdpPort


class Io(enum.StrEnum):
    """How a node reads and writes datagrams; `auto` is the first of the others that works."""

    AUTO = "auto"
    SEGMENTED = "segmented"
    BATCHED = "batched"
    PLAIN = "plain"


def open_port(io: Io, host: str, port: int, counters: Counters, clock: Callable[[], float]) -> UdpPort:
    """Bind the port. Raises `OSError` when it cannot be bound."""
    if io is Io.AUTO:
        io = _best(host)
    if io is Io.PLAIN:
        return PlainPort(host, port, counters, clock)
    return BatchedPort(host, port, counters, clock, joins=io is Io.SEGMENTED)


def _best(host: str) -> Io:
    if batched_port.works(host, joins=True):
        return Io.SEGMENTED
    return Io.BATCHED if batched_port.works(host, joins=False) else Io.PLAIN
