"""Two hops that lose, in virtual time, with the relay's own packet path between: how much of a picture's time is frozen."""

import heapq
from itertools import pairwise
from random import Random

import pytest
from pylibsrtp import Error as SrtpError

from media.nack import MAX_TRIES
from media.rtcp import Format, Kind, read_nack, split, write_nack
from media.twcc import ArrivalLog, read_feedback
from tests.unit.media.doubles import SSRC, Peer
from tests.unit.media.relayed_visit import RTX, Visit, numbered

STEP_S = 0.005
FRAME_S = 0.05
PACKETS = 4
DELAY_S = 0.02
FREEZE_S = 0.3
SECONDS = 15.0


class Hop:
    """One way of one hop: loses, and delays what it does not lose."""

    def __init__(self, random: Random, loss: float, delay_s: float) -> None:
        self.random, self.loss, self.delay_s = random, loss, delay_s
        self.under_way: list[tuple[float, int, bytes]] = []
        self.count = 0

    def send(self, data: bytes, now: float) -> None:
        self.count += 1
        if self.random.random() >= self.loss:
            heapq.heappush(self.under_way, (now + self.delay_s, self.count, data))

    def arrived(self, now: float) -> list[bytes]:
        got = []
        while self.under_way and self.under_way[0][0] <= now:
            got.append(heapq.heappop(self.under_way)[2])
        return got


class Publisher:
    """Sends pictures of four packets, and on request each again as a retransmission.

    As libwebrtc does, not again within a round trip, and never again what feedback said to have come: that is `refused`.
    """

    def __init__(self, visit: Visit, up: Hop) -> None:
        self.visit, self.up = visit, up
        self.number = self.repeats = self.refused = 0
        self.repeated_at: dict[int, float] = {}
        self.carried: list[int] = []
        self.forgotten: set[int] = set()

    def show(self) -> None:
        for _ in range(PACKETS):
            self._send(SSRC, self.number, self.number, is_last=self.number % PACKETS == PACKETS - 1)
            self.number += 1

    def hear(self, data: bytes) -> None:
        for block in split(self.visit.publisher.down.unprotect_rtcp(data)):
            if block.is_feedback(Kind.TRANSPORT_FEEDBACK, Format.NACK):
                for number in read_nack(block):
                    self._repeat(number)
            elif block.is_feedback(Kind.TRANSPORT_FEEDBACK, Format.TWCC):
                self.forgotten |= {self.carried[number] for number, _ in read_feedback(block).received}

    def _repeat(self, number: int) -> None:
        is_early = self.visit.now - self.repeated_at.get(number, 0) < 2.2 * self.up.delay_s
        self.refused += number in self.forgotten
        if not is_early and number not in self.forgotten:
            self.repeated_at[number] = self.visit.now
            self.repeats += 1
            self._send(RTX, self.repeats, number)

    def _send(self, ssrc: int, number: int, original: int, *, is_last: bool = False) -> None:
        packet = numbered(ssrc, number, len(self.carried), original.to_bytes(2, "big") + bytes(900))
        if is_last:
            packet = packet[:1] + bytes([packet[1] | 0x80]) + packet[2:]
        self.carried.append(original)
        self.up.send(self.visit.publisher.up.protect(packet), self.visit.now)


class Subscriber:
    """Asks for what it misses as libwebrtc does (at once, then each round trip, ten times at most).

    Notes when each picture could be shown: in order, and whole.
    """

    def __init__(self, visit: Visit, peer: Peer, up: Hop) -> None:
        self.visit, self.peer, self.up = visit, peer, up
        self.expected = 0
        self.missing: dict[int, tuple[float, int]] = {}
        self.have: set[int] = set()
        self.next_picture = 0
        self.shown_at = [visit.now]
        self.log = ArrivalLog()

    def hear(self, data: bytes) -> None:
        if 192 <= data[1] <= 223:
            return
        try:
            packet = self.peer.down.unprotect(data)
        except SrtpError:  # it came twice
            return
        self.log.arrive(int.from_bytes(packet[17:19], "big"), int(self.visit.now * 1e6))
        if int.from_bytes(packet[8:12], "big") == SSRC:
            number = int.from_bytes(packet[2:4], "big")
            gap = range(self.expected, number)
            self.missing |= dict.fromkeys(gap, (self.visit.now, 1))
            self._ask(list(gap))
            self.expected = max(self.expected, number + 1)
        else:
            number = int.from_bytes(packet[20:22], "big")
        self.missing.pop(number, None)
        self.have.add(number)
        picture = range(self.next_picture * PACKETS, (self.next_picture + 1) * PACKETS)
        while self.have.issuperset(picture):
            self.shown_at.append(self.visit.now)
            self.next_picture += 1
            picture = range(picture.stop, picture.stop + PACKETS)

    def tick(self) -> None:
        now = self.visit.now
        due = [
            number
            for number, (at, tries) in self.missing.items()
            if now - at >= 4 * self.up.delay_s and tries < MAX_TRIES
        ]
        self.missing |= {number: (now, self.missing[number][1] + 1) for number in due}
        self._ask(due)
        for feedback in self.log.write(9, SSRC):
            self.up.send(self.peer.up.protect_rtcp(feedback), now)

    def _ask(self, numbers: list[int]) -> None:
        if numbers:
            self.up.send(self.peer.up.protect_rtcp(write_nack(9, SSRC, numbers)), self.visit.now)


def frozen(loss: float, seed: int, *, is_hop_by_hop: bool) -> tuple[float, float]:
    """Seconds that a picture stood for more than 300 ms out of 15, and the longest."""
    _, subscriber = play(loss, seed, is_hop_by_hop=is_hop_by_hop)
    gaps = [after - before for before, after in pairwise([*subscriber.shown_at, subscriber.visit.now])]
    return sum(gap for gap in gaps if gap > FREEZE_S), max(gaps)


def play(loss: float, seed: int, *, is_hop_by_hop: bool, delay_s: float = DELAY_S) -> tuple[Publisher, Subscriber]:
    """Let one be seen by the other for 15 seconds."""
    random = Random(seed)  # noqa: S311 - the same losses each time
    visit = Visit()
    for peer in (visit.publisher, visit.subscriber):
        peer.transport.downlink.round_trip.seconds = 2 * delay_s
        peer.transport.set_hop_by_hop(is_hop_by_hop, visit.now)
    hops = [Hop(random, loss, delay_s) for _ in range(4)]
    publisher = Publisher(visit, hops[0])
    subscriber = Subscriber(visit, visit.subscriber, hops[2])
    begin, steps = visit.now, round(SECONDS / STEP_S)
    for step in range(steps):
        visit.now = begin + step * STEP_S
        for hop in hops:
            # The beginning must arrive: what is missing before the first packet, nobody knows.
            hop.loss = loss if step > 1 / STEP_S else 0.0
        if step % round(FRAME_S / STEP_S) == 0:
            publisher.show()
        if step % 4 == 0:
            subscriber.tick()
        if step % 100 == 0:
            visit.subscriber.transport.downlink.measure_loss()
        if step % 5 == 0:
            for peer in (visit.publisher, visit.subscriber):
                peer.transport.tick(visit.now)
                peer.transport.uplink.refill(visit.now)
        for data in hops[0].arrived(visit.now):
            visit.arrive(visit.publisher, data)
        for data in hops[2].arrived(visit.now):
            visit.arrive(visit.subscriber, data)
        for peer, hop in ((visit.publisher, hops[1]), (visit.subscriber, hops[3])):
            for data in visit.take(peer):
                hop.send(data, visit.now)
        for data in hops[1].arrived(visit.now):
            publisher.hear(data)
        for data in hops[3].arrived(visit.now):
            subscriber.hear(data)
    return publisher, subscriber


SEEDS = range(6)


@pytest.mark.parametrize("is_hop_by_hop", [False, True])
async def test_five_percent_loss_on_each_hop_freezes_next_to_nothing(*, is_hop_by_hop: bool) -> None:
    runs = [frozen(0.05, seed, is_hop_by_hop=is_hop_by_hop) for seed in SEEDS]
    assert sum(seconds for seconds, _ in runs) / len(runs) < 0.1
    assert max(longest for _, longest in runs) < 0.4


async def test_twenty_percent_loss_on_each_hop_freezes_less_than_three_of_fifteen_seconds() -> None:
    # A line that loses so much is one where feedback ends at the relay.
    runs = [frozen(0.2, seed, is_hop_by_hop=True) for seed in SEEDS]
    assert sum(seconds for seconds, _ in runs) / len(runs) < 2


@pytest.mark.parametrize("delay_s", [0.02, 0.1, 0.15, 0.2])
async def test_nothing_is_asked_for_of_which_the_sender_was_told_that_it_came(delay_s: float) -> None:
    for seed in SEEDS[:3]:
        publisher, _ = play(0.15, seed, is_hop_by_hop=True, delay_s=delay_s)
        assert publisher.repeats > 100
        assert publisher.refused == 0
