"""What is known of an incoming stream from its packets alone (RFC 3550 §6.4.1, appendices A.3 and A.8)."""

from dataclasses import dataclass

from media.rtcp import ReportBlock

RATE_WINDOW_S = 2.0
# A step of the sequence numbers beyond this is another stream under the same SSRC.
MAX_STEP = 3_000


@dataclass(frozen=True, slots=True)
class ReceptionStats:
    """One stream at one moment: counts since it began; `loss` a fraction of 1 and `bit_rate` over the last seconds.

    What came only when it was asked for again is among the `lost`, not among the `packets`.
    """

    packets: int
    bytes: int
    lost: int
    loss: float
    jitter_s: float
    bit_rate: float


class Reception:
    """Counts of one SSRC. `count` is for each packet; the rest is asked for now and then.

    `highest` is the highest sequence number, extended by its cycles; -1 before the first packet. `mended` counts those of
    the packets that came only when they were asked for again: they were lost all the same.
    """

    __slots__ = (
        "_bit_rate", "_clock_rate", "_first", "_interval_loss", "_jitter", "_last_sr",
        "_last_sr_at", "_marked", "_marked_at", "_marked_bytes", "_reported_expected",
        "_reported_received", "_transit", "bytes", "highest", "mended", "packets",
    )  # fmt: skip

    def __init__(self, clock_rate: int) -> None:
        self._clock_rate = clock_rate
        self.packets = self.bytes = self.mended = 0
        # A stream that begins with number 0 follows a highest one of -1, and is counted from 0 on.
        self._first, self.highest = 0, -1
        self._reported_expected = self._reported_received = 0
        self._jitter = 0.0
        self._transit: float | None = None
        self._last_sr = 0
        self._last_sr_at = 0.0
        self._marked_at: float | None = None
        self._marked_bytes = 0
        self._marked = (0, 0)
        self._bit_rate = self._interval_loss = 0.0

    def count(self, number: int, size: int) -> int:
        """Count a packet. 0 when it is the next one, else how many were skipped before it, or (below 0) how late it is."""
        self.packets += 1
        self.bytes += size
        highest = self.highest
        if number == highest + 1 & 0xFFFF:
            self.highest = highest + 1
            return 0
        if highest < 0:
            self._first = self.highest = number
            return 0
        skipped = (number - highest + 0x7FFF & 0xFFFF) - 0x8000
        if abs(skipped) >= MAX_STEP:
            self._restart(number)
        elif skipped > 0:
            self.highest = highest + skipped + 1
        return skipped

    def time(self, timestamp: int, now: float) -> None:
        """Measure jitter by a packet's timestamp. Meant for streams whose packets each have their own, as sound has."""
        transit = now * self._clock_rate - timestamp
        if self._transit is not None:
            # Timestamps wrap at 32 bits; a difference of more than half of that is none.
            difference = (transit - self._transit + 0x80000000) % 0x100000000 - 0x80000000
            self._jitter += (abs(difference) - self._jitter) / 16
        self._transit = transit

    def sender_report(self, middle: int, now: float) -> None:
        """Remember the sender's last report, by the middle of its NTP time."""
        self._last_sr, self._last_sr_at = middle, now

    def report(self, ssrc: int, now: float) -> ReportBlock:
        """Make the block of a receiver report: loss since the last one."""
        expected = self._expected
        interval = expected - self._reported_expected
        lost = interval - (self.packets - self._reported_received)
        self._reported_expected, self._reported_received = expected, self.packets
        fraction = min(255, (lost << 8) // interval) if interval > 0 and lost > 0 else 0
        since = min(0xFFFFFFFF, int((now - self._last_sr_at) * 65536)) if self._last_sr else 0
        return ReportBlock(
            ssrc,
            fraction,
            expected - self.packets,
            self.highest & 0xFFFFFFFF,
            int(self._jitter) & 0xFFFFFFFF,
            self._last_sr,
            since,
        )

    def stats(self, now: float) -> ReceptionStats:
        """Sum up. Rates are of the last window that was full, and renewed by asking."""
        if self._marked_at is None:
            self._marked_at, self._marked, self._marked_bytes = now, (self._expected, self._unmended), self.bytes
        elapsed = now - self._marked_at
        if elapsed >= RATE_WINDOW_S:
            expected, received = self._marked
            due = self._expected - expected
            self._interval_loss = max(0.0, 1 - (self._unmended - received) / due) if due > 0 else 0.0
            self._bit_rate = 8 * (self.bytes - self._marked_bytes) / elapsed
            self._marked, self._marked_at, self._marked_bytes = (self._expected, self._unmended), now, self.bytes
        return ReceptionStats(
            self._unmended,
            self.bytes,
            max(0, self._expected - self._unmended),
            self._interval_loss,
            self._jitter / self._clock_rate,
            self._bit_rate,
        )

    @property
    def _unmended(self) -> int:
        return self.packets - self.mended

    @property
    def _expected(self) -> int:
        return self.highest - self._first + 1 if self.packets else 0

    def _restart(self, number: int) -> None:
        # Shifted so that what was expected and lost before stays counted.
        cycle = (self.highest >> 16) + 1 << 16
        expected = self._expected
        self.highest = cycle + number
        self._first = self.highest - expected
