"""Which of the two ports a node opens."""

import enum
from collections.abc import Callable

import structlog

from media import batched_port
from media.batched_port import BatchedPort
from media.plain_port import PlainPort
from media.stats import Counters
from media.udp_port import UdpPort

log = structlog.get_logger()


class Io(enum.StrEnum):
    """How a node reads and writes datagrams. `auto` is batched where that works."""

    AUTO = "auto"
    BATCHED = "batched"
    PLAIN = "plain"


def open_port(io: Io, host: str, port: int, counters: Counters, clock: Callable[[], float]) -> UdpPort:
    """Bind the port. Raises `OSError` when it cannot be bound."""
    if io is Io.PLAIN or (io is Io.AUTO and not batched_port.works(host)):
        return PlainPort(host, port, counters, clock)
    return BatchedPort(host, port, counters, clock)
