import heapq

import pytest

from media.congestion import Congestion
from media.rtcp import split
from media.twcc import ArrivalLog, read_feedback

STEP_S = 0.025
PACKET = 500


class Line:
    """A subscriber's line with a queue of half a second. Senders obey their shares where they want more."""

    def __init__(self, bit_rate: float) -> None:
        self.bit_rate = bit_rate
        self.congestion = Congestion(0, 0)
        self.now = 100.0
        self._heard = ArrivalLog()
        self._under_way: list[tuple[float, int]] = []
        self._free_at = 0.0
        self._debts: dict[int, float] = {}

    def flow(self, wanted: dict[int, float], seconds: float) -> list[frozenset[int]]:
        """Send pictures that want this much, the most important first; what was paused in the meantime."""
        congestion, seen = self.congestion, []
        for step in range(round(seconds / STEP_S)):
            self.now += STEP_S
            rates = {ssrc: min(rate, congestion.shares.get(ssrc, 150_000) + 30_000) for ssrc, rate in wanted.items()}
            for ssrc in rates.keys() - congestion.paused:
                self._send(ssrc, rates[ssrc])
            while self._under_way and self._under_way[0][0] <= self.now:
                at, number = heapq.heappop(self._under_way)
                self._heard.arrive(number, int(at * 1e6))
            if step % 2 == 0:
                for packet in self._heard.write(1, 2):
                    congestion.read(read_feedback(split(packet)[0]), self.now)
            if step % 8 == 0:
                congestion.allot(rates, self.now)
                seen.append(congestion.paused)
        return seen

    def _send(self, ssrc: int, rate: float) -> None:
        debt = self._debts.get(ssrc, 0.0) + rate * STEP_S / 8
        while debt >= PACKET:
            debt -= PACKET
            number = self.congestion.departures.depart(PACKET, int(self.now * 1e6))
            if self._free_at - self.now < 0.5:
                self._free_at = max(self._free_at, self.now) + 8 * PACKET / self.bit_rate
                heapq.heappush(self._under_way, (self._free_at + 0.02, number))
        self._debts[ssrc] = debt


def test_beside_a_camera_that_is_off_the_only_picture_flows() -> None:
    line = Line(190_000)
    assert set(line.flow({61: 0.0, 5001: 600_000.0}, 60.0)) == {frozenset()}
    assert set(line.flow({5001: 600_000.0, 61: 0.0}, 60.0)) == {frozenset()}


def test_a_picture_comes_back_to_a_line_that_became_wide_beside_one_that_sends_little() -> None:
    line = Line(70_000)
    assert line.flow({1: 15_000.0, 2: 600_000.0}, 14.0)[-1] == {2}
    line.bit_rate = 3_000_000
    line.flow({1: 15_000.0, 2: 600_000.0}, 40.0)
    assert set(line.flow({1: 15_000.0, 2: 600_000.0}, 60.0)) == {frozenset()}


def test_too_little_for_two_leaves_the_more_important_one() -> None:
    line = Line(130_000)
    assert line.flow({1: 600_000.0, 2: 600_000.0}, 30.0)[-1] == {2}


def test_a_camera_that_is_off_takes_no_share_but_of_what_is_left_over() -> None:
    congestion = Congestion(0, 0)
    congestion.allot({1: 0.0, 2: 5_000_000.0}, 0.0)
    assert congestion.shares == {1: 0.0, 2: congestion.bit_rate}
    congestion.allot({1: 0.0, 2: 200_000.0}, 0.2)
    assert congestion.shares[1] == pytest.approx(congestion.shares[2] - 400_000) == pytest.approx(300_000)
