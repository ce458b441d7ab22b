"""The round trip to one peer, from its reports on the sender reports it was sent (RFC 3550 §6.4.1)."""

from media.rtcp import ReportBlock

# Of each stream a report every second or so is sent, and the last is answered.
MAX_SENT = 32
MAX_RTT_S = 5.0
SMOOTHING = 0.3


class RoundTrip:
    """`seconds` is the smoothed round trip, None while nothing is known."""

    def __init__(self) -> None:
        self.seconds: float | None = None
        self._last = 0.0
        self._sent: dict[tuple[int, int], float] = {}

    def sent(self, ssrc: int, middle: int, now: float) -> None:
        """A sender report of this SSRC went to the peer; `middle` is that of its NTP time."""
        self._sent[ssrc, middle] = now
        if len(self._sent) > MAX_SENT:
            del self._sent[next(iter(self._sent))]

    def read(self, report: ReportBlock, now: float) -> None:
        """Take a report block of the peer's."""
        sent_at = self._sent.get((report.ssrc, report.last_sr))
        if sent_at is None:
            return
        seconds = now - sent_at - report.since_last_sr / 65536
        if 0 <= seconds <= MAX_RTT_S:
            before = seconds if self.seconds is None else self.seconds
            self.seconds = before + SMOOTHING * (seconds - before)
            self._last = seconds

    def exceeds(self, seconds: float) -> bool:
        """Whether the last round trip took longer; a queue that fills shows here first. False while nothing is known."""
        return self._last > seconds
