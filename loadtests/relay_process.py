"""Our relay in a process of its own, so that its CPU time can be told apart from the load generator's."""

import asyncio
import contextlib
import multiprocessing
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from typing import Any

from loadtests.figures import log_to_stderr
from loadtests.process_usage import cpu_s
from media import MediaNode, NodeSettings


async def _relay(pipe: Connection, host: str) -> None:
    settings = NodeSettings(bind_host=host, announced=(host,), consent_timeout_s=300)
    node = await MediaNode.open(settings, lambda _: None)
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

    def counts() -> tuple[int, dict[str, int]]:
        stats = node.stats()
        return stats.packets_forwarded, {str(key): n for key, n in stats.drops.items() if n}

    commands: dict[str, Any] = {
        "open": open_person,
        "offer": offer,
        "answer": answer,
        "counts": counts,
        "close": lambda room: node.room(room).close(),
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


def _run_relay(pipe: Connection, host: str) -> None:
    log_to_stderr()
    asyncio.run(_relay(pipe, host))


class Relay:
    """The relay's process, asked over a pipe."""

    def __init__(self, pipe: Connection, host: str, pid: int) -> None:
        self._pipe = pipe
        self.host = host
        self.pid = pid

    def ask(self, *command: object) -> Any:
        """Run one command in the relay's process and return what it says."""
        self._pipe.send(command)
        return self._pipe.recv()


@contextlib.contextmanager
def running_relay(host: str = "127.0.0.1") -> Iterator[Relay]:
    """Start a relay on this address in a fresh interpreter, and stop it afterwards."""
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=_run_relay, args=(theirs, host))
    process.start()
    theirs.close()  # so that its end shows, should the process die
    assert process.pid is not None  # noqa: S101 - it was started
    try:
        relay = Relay(ours, host, process.pid)
        relay.ask("counts")  # once it answers, it listens
        yield relay
        relay.ask("stop")
    finally:
        process.join(10)
        if process.is_alive():
            process.terminate()


@dataclass
class Usage:
    """A server's CPU seconds over a stretch of time; of ours, also what it counted."""

    cpu_s: float = 0.0
    wall_s: float = 0.0
    forwarded: int = 0
    drops: dict[str, int] = field(default_factory=dict)

    @property
    def share(self) -> float:
        """How much of a core it used."""
        return self.cpu_s / self.wall_s


@contextlib.contextmanager
def measured_cpu(pid: int) -> Iterator[Usage]:
    """Measure any process over the body."""
    usage = Usage()
    begun, cpu = time.perf_counter(), cpu_s(pid)
    yield usage
    usage.wall_s, usage.cpu_s = time.perf_counter() - begun, cpu_s(pid) - cpu


@contextlib.contextmanager
def measured(relay: Relay) -> Iterator[Usage]:
    """Measure the relay's process over the body."""
    forwarded, drops = relay.ask("counts")
    with measured_cpu(relay.pid) as usage:
        yield usage
    forwarded_after, drops_after = relay.ask("counts")
    grown = {reason: count - drops.get(reason, 0) for reason, count in drops_after.items()}
    usage.drops = {reason: count for reason, count in grown.items() if count}
    usage.forwarded = forwarded_after - forwarded
