"""A downlink without sockets: a queue of a certain rate and length, a delay, random loss; and senders that obey a cap."""

import heapq
from collections.abc import Callable
from dataclasses import dataclass
from random import Random

from media.bandwidth import DownlinkEstimator
from media.rtcp import split
from media.twcc import ArrivalLog, DepartureLog, read_feedback

PACKET = 1_100
FEEDBACK_S = 0.05
CAP_LAG_S = 0.5
STEP_S = 0.005
FRAME_S = 0.04


@dataclass(frozen=True)
class Run:
    """What one run showed: the estimate's mean over its second half, the loss and the greatest queueing delay there."""

    estimate: float
    loss: float
    queue_s: float


def run(
    *,
    rate: Callable[[float], float],
    seconds: float = 30.0,
    loss: float = 0.0,
    queue_s: float = 0.5,
    delay_s: float = 0.04,
    senders: int = 2,
    wanted_bps: float = 3_000_000,
    start_bps: float = 1_000_000,
    clock_offset_us: int = 123_456_789,
) -> Run:
    """Send what the estimate allows, in bursts of a frame at 25 frames a second for each sender."""
    random = Random(1)  # noqa: S311 - the same losses each time
    estimator, sent, heard = DownlinkEstimator(start_bps), DepartureLog(), ArrivalLog()
    on_the_way: list[tuple[float, int]] = []
    caps: list[tuple[float, float]] = [(0.0, start_bps)]
    free_at, feedback_at, debt = 0.0, FEEDBACK_S, 0.0
    estimates, lost, total, worst = [], 0, 0, 0.0
    steps = int(seconds / STEP_S)
    for step in range(steps):
        now = step * STEP_S
        is_late = step > steps // 2
        if step % round(FRAME_S / STEP_S / senders) == 0:
            cap = next(bps for at, bps in reversed(caps) if at <= now - CAP_LAG_S or at == 0)
            debt += min(cap, wanted_bps) * FRAME_S / senders / 8
            while debt >= PACKET:
                debt -= PACKET
                number = sent.depart(PACKET, int(now * 1e6))
                waiting = max(0.0, free_at - now)
                total += is_late
                if waiting > queue_s or random.random() < loss:
                    lost += is_late
                    continue
                if is_late:
                    worst = max(worst, waiting)
                free_at = max(free_at, now) + PACKET * 8 / rate(now)
                heapq.heappush(on_the_way, (free_at + delay_s, number))
        while on_the_way and on_the_way[0][0] <= now:
            at, number = heapq.heappop(on_the_way)
            heard.arrive(number, int(at * 1e6) + clock_offset_us)
        if now >= feedback_at:
            feedback_at = now + FEEDBACK_S
            for packet in heard.write(1, 2):
                estimator.update(sent.read(read_feedback(split(packet)[0])), now)
            caps = [*caps[-40:], (now, estimator.bit_rate)]
            if is_late:
                estimates.append(estimator.bit_rate)
    return Run(sum(estimates) / len(estimates), lost / max(1, total), worst)
