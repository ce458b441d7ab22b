"""What one downlink carries, and how its subscriber's pictures share it.

The estimate goes by delay (`aiortc.rate`, which follows draft-ietf-rmcat-gcc-02 §5, fed with both ends' times) and is
guarded by loss. Packets of one subscriber have numbers of their own: what was lost on a publisher's uplink never got
one, so no uplink's loss is in these samples.
"""

from collections import deque
from collections.abc import Iterable, Mapping

from aiortc.rate import (
    INTER_ARRIVAL_SHIFT,
    TIMESTAMP_GROUP_LENGTH_MS,
    TIMESTAMP_TO_MS,
    AimdRateControl,
    BandwidthUsage,
    InterArrival,
    InterArrivalDelta,
    OveruseDetector,
    OveruseEstimator,
    RateCounter,
    RemoteBitrateEstimator,
)

from media.twcc import Sample

START_BPS = 1_000_000
# Senders make no picture smaller than this.
MIN_BPS = 30_000
# What arrives says nothing of what could: the estimate stays within this of it, and so does growth until the first overuse.
GROWTH = 1.5
# A jump of the receiver's clock, as when its feedback comes from another source; libwebrtc's bound too.
CLOCK_JUMP_MS = 3_000

# Radio loses without being full. With delay it is a full queue; beyond a quarter it is a policer, and no picture anyway.
QUEUE_LOSS = 0.10
PLAIN_LOSS = 0.25
LOSS_WINDOW_S = 0.5
LOSS_WINDOW_PACKETS = 20
LOSS_SMOOTHING = 0.2
OVERUSE_MEMORY_S = 3.0
GUARD_SHARE = 0.95
GUARD_GROWTH = 1.04

PAUSE_BELOW_BPS = 100_000
PAUSE_AFTER_S = 5.0
RESUME_ABOVE_BPS = 150_000
RESUME_AFTER_S = 10.0
MAX_RETRY_S = 80.0
# Behind a full line a sender follows the estimate; one that is far below it has no more to send.
NEED_GROWTH = 1.2
FULL_SHARE = 0.75

# As in libwebrtc (inter_arrival_delta.cc).
MAX_BURST_MS = 100
# As in aiortc: what arrives is measured over a second.
RATE_WINDOW_MS = 1_000

_SSRC = 0


class _InterArrival(InterArrival):
    """Bursts of a bounded duration: else a full queue, which gives a packet each few milliseconds, is one burst for ever."""

    def __init__(self) -> None:
        super().__init__((TIMESTAMP_GROUP_LENGTH_MS << INTER_ARRIVAL_SHIFT) // 1000, TIMESTAMP_TO_MS)
        self._began_ms = 0

    def compute_deltas(self, timestamp: int, arrival_time: int, packet_size: int) -> InterArrivalDelta | None:
        group = self.current_group
        deltas = super().compute_deltas(timestamp, arrival_time, packet_size)
        if self.current_group is not group:
            self._began_ms = arrival_time
        return deltas

    def belongs_to_burst(self, timestamp: int, arrival_time: int) -> bool:
        return arrival_time - self._began_ms < MAX_BURST_MS and super().belongs_to_burst(timestamp, arrival_time)


class _RateCounter(RateCounter):
    """Counts what aiortc's does, which takes a step for every millisecond that passed: a peer's say, seconds for each packet."""

    def __init__(self) -> None:
        self.reset()

    def reset(self) -> None:
        self._arrived: deque[tuple[int, int]] = deque()
        self._bytes = 0
        self._began_ms: int | None = None

    def add(self, value: int, now_ms: int) -> None:
        self._began_ms = self._forget(now_ms if self._began_ms is None else self._began_ms, now_ms)
        self._arrived.append((now_ms, value))
        self._bytes += value

    def rate(self, now_ms: int) -> int | None:
        if self._began_ms is None:
            return None
        self._began_ms = self._forget(self._began_ms, now_ms)
        elapsed = now_ms - self._began_ms + 1
        return round(8_000 * self._bytes / elapsed) if self._arrived and elapsed > 1 else None

    def _forget(self, began_ms: int, now_ms: int) -> int:
        before = now_ms - RATE_WINDOW_MS + 1
        while self._arrived and self._arrived[0][0] < before:
            self._bytes -= self._arrived.popleft()[1]
        return max(began_ms, before)


class _DelayEstimator(RemoteBitrateEstimator):
    """aiortc's, at a cost that goes by packets; it begins anew without being made anew."""

    def __init__(self) -> None:
        super().__init__()
        self.incoming_bitrate = _RateCounter()
        self.inter_arrival = _InterArrival()

    def restart(self, bit_rate: float, now_ms: int) -> None:
        self.incoming_bitrate.reset()
        self.inter_arrival = _InterArrival()
        self.estimator = OveruseEstimator()
        self.detector = OveruseDetector()
        self.rate_control = AimdRateControl()
        self.rate_control.set_estimate(int(bit_rate), now_ms)
        self.last_update_ms = None


class DownlinkEstimator:
    """The bit rate that one subscriber's downlink carries, from what became of its packets."""

    def __init__(self, start_bps: float = START_BPS) -> None:
        self._bit_rate = start_bps
        self._delay = _DelayEstimator()
        self._last_arrival_ms: int | None = None
        self._was_overused = False
        self._overused_at = float("-inf")
        self._guard: float | None = None
        self._loss = 0.0
        self._window = [0, 0, 0]  # packets, lost, bytes arrived
        self._window_began: float | None = None

    @property
    def bit_rate(self) -> float:
        """The estimate, in bits a second."""
        return max(MIN_BPS, self._bit_rate if self._guard is None else min(self._guard, self._bit_rate))

    @property
    def loss(self) -> float:
        """The part of packets that the downlink loses, smoothed."""
        return self._loss

    def update(self, samples: Iterable[Sample], now: float) -> None:
        """Take the samples of one feedback, ordered by arrival."""
        for sample in samples:
            self._window[0] += 1
            if sample.arrival is None:
                self._window[1] += 1
            else:
                self._window[2] += sample.size
                self._arrive(sample.departure, sample.arrival // 1000, sample.size, now)
        self._judge_loss(now)

    def _arrive(self, departure_us: int, arrival_ms: int, size: int, now: float) -> None:
        last = self._last_arrival_ms
        if last is None or abs(arrival_ms - last) > CLOCK_JUMP_MS:
            self._delay.restart(self._bit_rate, arrival_ms)
        elif arrival_ms < last:
            # It came within an earlier feedback's time: sent again, or told late.
            return
        self._last_arrival_ms = arrival_ms
        departure = (departure_us << 18) // 1_000_000 & 0xFFFFFF
        result = self._delay.add(arrival_ms, departure, size, _SSRC)
        if self._delay.detector.state() is BandwidthUsage.OVERUSING:
            self._was_overused = True
            self._overused_at = now
        if result is None:
            return
        estimate, arriving = float(result[0]), self._delay.incoming_bitrate.rate(arrival_ms) or 0
        if not self._was_overused and GROWTH * arriving > estimate:
            estimate = GROWTH * arriving
            self._delay.rate_control.set_estimate(int(estimate), arrival_ms)
        self._bit_rate = estimate

    def _judge_loss(self, now: float) -> None:
        packets, lost, size = self._window
        if self._window_began is None:
            self._window_began = now
        elapsed = now - self._window_began
        if elapsed < LOSS_WINDOW_S or packets < LOSS_WINDOW_PACKETS:
            return
        self._window, self._window_began = [0, 0, 0], now
        self._loss += LOSS_SMOOTHING * (lost / packets - self._loss)
        has_queue = now - self._overused_at < OVERUSE_MEMORY_S
        if self._loss > (QUEUE_LOSS if has_queue else PLAIN_LOSS):
            self._guard = min(self.bit_rate, GUARD_SHARE * 8 * size / elapsed)
        elif self._guard is not None:
            self._guard *= GUARD_GROWTH
            if self._guard > self._bit_rate:
                self._guard = None


def divide(bit_rate: float, demands: Mapping[int, float]) -> dict[int, float]:
    """Share a bit rate fairly among streams that send `demands`: what one does not use goes to the others.

    Nothing is left over: each may grow.
    """
    shares: dict[int, float] = {}
    left = bit_rate
    for stream, demand in sorted(demands.items(), key=lambda item: item[1]):
        shares[stream] = min(demand, left / (len(demands) - len(shares)))
        left -= shares[stream]
    return {stream: share + left / len(demands) for stream, share in shares.items()}


def _need(rate: float, most: float) -> float:
    return min(most, NEED_GROWTH * rate)


class PictureGate:
    """Which pictures a subscriber is sent: when there is too little for all, fewer; sound needs no gate.

    `is_trial` says that the last judgement let a picture come back for which no room was measured.
    """

    def __init__(self) -> None:
        self.paused: frozenset[int] = frozenset()
        self.is_trial = False
        self._short_since: float | None = None
        self._enough_since: float | None = None
        self._blind_since: float | None = None
        self._resumed_at = float("-inf")
        self._retry_s = RESUME_AFTER_S

    def judge(self, bit_rate: float, rates: Mapping[int, float], now: float) -> frozenset[int]:
        """Decide for pictures that are sent at these rates, the most important first; ask several times a second.

        A picture needs what it sends, a little more, and no more than 100 kbit/s: a camera that is off needs nothing, a
        screen at rest next to nothing. When that is too much for 5 s, one is paused: the least important of those that get
        less than they need. One comes back, the most important first and what is off last, when there was room for it for
        10 s, at up to 150 kbit/s each.

        Room shows only while the line is full. When what flows leaves a part of it empty (the others are off, at rest, or
        held down by somebody else's line; or all are paused), one is tried after 10 s, and after twice as long if that failed.
        """
        paused = self.paused.intersection(rates)
        flowing = {stream: rate for stream, rate in rates.items() if rate and stream not in paused}
        held = sorted((stream for stream in rates if stream in paused), key=lambda stream: not rates[stream])
        needs = {stream: _need(rate, PAUSE_BELOW_BPS) for stream, rate in flowing.items()}
        with_one_more = [*flowing.values(), *(rates[stream] for stream in held[:1])]
        has_room = bit_rate >= sum(_need(rate, RESUME_ABOVE_BPS) for rate in with_one_more)
        is_full = sum(flowing.values()) > FULL_SHARE * bit_rate
        self._short_since = self._since(self._short_since, bit_rate < sum(needs.values()), now)
        self._enough_since = self._since(self._enough_since, bool(held and flowing) and has_room, now)
        self._blind_since = self._since(self._blind_since, bool(held) and not is_full, now)
        self.is_trial = False
        if self._lasted(self._short_since, PAUSE_AFTER_S, now):
            paused |= {self._least(bit_rate, needs)}
            self._short_since = None
            has_failed = now - self._resumed_at < RESUME_AFTER_S + PAUSE_AFTER_S
            self._retry_s = min(2 * self._retry_s, MAX_RETRY_S) if has_failed else RESUME_AFTER_S
        elif (enough := self._lasted(self._enough_since, RESUME_AFTER_S, now)) or self._lasted(
            self._blind_since, self._retry_s, now
        ):
            paused -= {held[0]}
            self.is_trial = not enough
            self._enough_since = self._blind_since = None
            self._resumed_at = now
        self.paused = paused
        return paused

    @staticmethod
    def _least(bit_rate: float, needs: Mapping[int, float]) -> int:
        shares = divide(bit_rate, needs)
        return [stream for stream, need in needs.items() if shares[stream] < need][-1]

    @staticmethod
    def _since(since: float | None, holds: bool, now: float) -> float | None:  # noqa: FBT001 - a fact, not a switch
        if not holds:
            return None
        return now if since is None else since

    @staticmethod
    def _lasted(since: float | None, duration: float, now: float) -> bool:
        return since is not None and now - since >= duration
