"""A relay in a process of its own, so that its CPU time can be told apart from the load generator's."""

import asyncio
import contextlib
import multiprocessing
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from multiprocessing.connection import Connection
from typing import Any

import structlog

from media import MediaNode, NodeSettings


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


def log_to_stderr() -> None:
    """Keep standard output for the figures, and say only what went wrong beside them."""
    structlog.configure(
        wrapper_class=structlog.make_filtering_bound_logger("warning"),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )


def _run_relay(pipe: Connection) -> None:
    log_to_stderr()
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
