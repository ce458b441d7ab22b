"""Packets that lie ready are sent at their times, or as fast as they are taken; what comes back is timed and counted."""

import gc
import select
import socket
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

from loadtests.datagrams import Inbox, Outbox

# Looking seldom is cheap, and wakes nobody on the server's core: the kernel notes the arrivals meanwhile.
LOOK_EVERY_S = 0.02
DRAIN_S = 0.4
STALLED_S = 0.5
PRESS_AT_ONCE = 8
PRESS_NAP_S = 0.0005


@dataclass(frozen=True)
class Volley:
    """Datagrams that are sent at once, ``due`` seconds after the beginning; `keys` are those of its media packets."""

    due: float
    datagrams: Sequence[bytes]
    keys: Sequence[int] = ()


class Lane:
    """What one socket sends, and what is to arrive for it at another (or, with an echo, at its own)."""

    def __init__(self, sender: socket.socket, volleys: Sequence[Volley], arrives_at: socket.socket) -> None:
        self.arrives_at = arrives_at
        self._outbox = Outbox(sender, [datagram for volley in volleys for datagram in volley.datagrams])
        self.plan: list[tuple[float, int, int]] = []
        first = 0
        for volley in volleys:
            self.plan.append((volley.due, first, len(volley.datagrams)))
            first += len(volley.datagrams)
        self.size = first
        self.media = sum(len(volley.keys) for volley in volleys)
        self._volley_of = {key: index for index, volley in enumerate(volleys) for key in volley.keys}
        self._stamps = [0] * len(volleys)
        self._next = 0

    def fire(self) -> int:
        """Send the next volley; return how many of its datagrams the kernel took."""
        index = self._next
        self._next += 1
        _, first, count = self.plan[index]
        self._stamps[index] = time.time_ns()
        return self._outbox.send(first, count)

    def send(self, first: int, count: int) -> int:
        """Send datagrams, whatever volley they belong to."""
        return self._outbox.send(first, count)

    def arrive(self, key: int, at_ns: int) -> int | None:
        """Note an arrival; return the delay in ns, or None for what is not this lane's or has arrived before."""
        index = self._volley_of.pop(key, None)
        return None if index is None else at_ns - self._stamps[index]


@dataclass
class Outcome:
    """What became of the media packets, and how the load itself fared."""

    sent: int = 0
    received: int = 0
    delays_ns: list[int] = field(default_factory=list)
    worst_lateness_s: float = 0.0
    client_cpu_s: float = 0.0
    wall_s: float = 0.0

    @property
    def loss(self) -> float:
        """The part of the media packets that never came."""
        return 1 - self.received / self.sent if self.sent else 0.0


class _Arrivals:
    """The sockets at which something may arrive."""

    def __init__(self, lanes: Sequence[Lane], outcome: Outcome) -> None:
        self._lane_of = {lane.arrives_at.fileno(): lane for lane in lanes}
        self._outcome = outcome
        self._inbox = Inbox()
        self._poll = select.epoll()
        for fileno in self._lane_of:
            self._poll.register(fileno, select.EPOLLIN)

    def look(self) -> int:
        """Take everything that has arrived; return how much of it was media."""
        media = 0
        ready = [fileno for fileno, _ in self._poll.poll(0)]
        while ready:
            taken: list[tuple[Lane, int]] = []
            while ready and self._inbox.room:
                got = self._inbox.receive(ready[-1])
                taken.append((self._lane_of[ready[-1]], got))
                if not got or self._inbox.room:
                    ready.pop()
            media += self._settle(taken)
        return media

    def _settle(self, taken: Sequence[tuple[Lane, int]]) -> int:
        arrivals, delays = iter(self._inbox.empty()), self._outcome.delays_ns
        before = len(delays)
        for lane, count in taken:
            for _ in range(count):
                key, at_ns = next(arrivals)
                delay = lane.arrive(key, at_ns)
                if delay is not None:
                    delays.append(delay)
        self._outcome.received += len(delays) - before
        return len(delays) - before

    def close(self) -> None:
        self._poll.close()


@contextmanager
def _undisturbed(lanes: Sequence[Lane], outcome: Outcome) -> Iterator[_Arrivals]:
    """Measure the load's own part; a collection of garbage in the middle would be a delay of its own."""
    arrivals = _Arrivals(lanes, outcome)
    arrivals.look()  # what came while there was nothing to measure
    outcome.received, outcome.delays_ns = 0, []
    gc.collect()
    gc.disable()
    begun, cpu = time.perf_counter(), time.process_time()
    try:
        yield arrivals
    finally:
        outcome.wall_s, outcome.client_cpu_s = time.perf_counter() - begun, time.process_time() - cpu
        gc.enable()
        arrivals.close()


def play(lanes: Sequence[Lane]) -> Outcome:
    """Send every volley at its time."""
    outcome = Outcome(sent=sum(lane.media for lane in lanes))
    schedule = sorted(((due, lane) for lane in lanes for due, _, _ in lane.plan), key=lambda entry: entry[0])
    with _undisturbed(lanes, outcome) as arrivals:
        begun = look_at = time.perf_counter()
        for due, lane in schedule:
            now = time.perf_counter()
            while now < begun + due:
                if now >= look_at:
                    arrivals.look()
                    look_at = now + LOOK_EVERY_S
                else:
                    time.sleep(min(begun + due, look_at) - now)
                now = time.perf_counter()
            if now >= look_at:
                arrivals.look()
                look_at = now + LOOK_EVERY_S
            outcome.worst_lateness_s = max(outcome.worst_lateness_s, now - begun - due)
            lane.fire()
        time.sleep(DRAIN_S)
        arrivals.look()
    return outcome


def press(lanes: Sequence[Lane], window: int) -> Outcome:
    """Send as fast as it is taken, round robin, with at most `window` datagrams under way.

    What is lost stays under way for ever; so many losses that nothing moves any more end it. There are no delays.
    """
    outcome = Outcome(sent=sum(lane.size for lane in lanes))
    firsts = dict.fromkeys(lanes, 0)
    with _undisturbed(lanes, outcome) as arrivals:
        under_way, moved_at = 0, time.perf_counter()
        while time.perf_counter() - moved_at < STALLED_S and outcome.received < outcome.sent:
            for lane, first in firsts.items():
                if under_way + PRESS_AT_ONCE > window:
                    break
                sent = lane.send(first, min(PRESS_AT_ONCE, lane.size - first))
                firsts[lane] += sent
                under_way += sent
            arrived = arrivals.look()
            under_way -= arrived
            if arrived:
                moved_at = time.perf_counter()
            if under_way > window // 2:
                time.sleep(PRESS_NAP_S)
    outcome.wall_s -= time.perf_counter() - moved_at if outcome.received < outcome.sent else 0
    outcome.delays_ns.clear()  # of the queue that was kept full, not of the server
    return outcome
