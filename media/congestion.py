"""The congestion of one downlink when feedback ends at the relay: own numbers, an estimate, and who shares it."""

from collections.abc import Mapping

from media.bandwidth import RESUME_ABOVE_BPS, START_BPS, DownlinkEstimator, PictureGate, divide
from media.twcc import DepartureLog, TransportFeedback

# What a stream is taken to need: more than it sends now, so that it may grow.
DEMAND_GROWTH = 1.5
DEMAND_EXTRA_BPS = 100_000


class Congestion:
    """Numbers what one subscriber is sent, reads its feedback, and divides what its downlink carries.

    `shares` has what each picture that flows may take, `paused` those that are held back, both by primary SSRC.
    """

    def __init__(self, first: int, flowing_bps: float) -> None:
        """Begin with this number, and with no less than what is flowing already."""
        self.departures = DepartureLog(first)
        self.shares: dict[int, float] = {}
        self.paused: frozenset[int] = frozenset()
        self._estimator = DownlinkEstimator(max(START_BPS, flowing_bps))
        self._gate = PictureGate()

    @property
    def bit_rate(self) -> float:
        """What the downlink carries, in bits a second."""
        return self._estimator.bit_rate

    @property
    def loss(self) -> float:
        """The part of the packets that the downlink loses."""
        return self._estimator.loss

    def read(self, feedback: TransportFeedback, now: float) -> None:
        """Take the subscriber's feedback."""
        self._estimator.update(self.departures.read(feedback), now)

    def allot(self, rates: Mapping[int, float], now: float) -> None:
        """Divide the downlink among pictures that are sent at these rates, the most important first. Call several times a second.

        Important is a screen, which somebody shows on purpose and of which a part is no use; then who came first: patient and
        clinician are there before family and interpreter. Who speaks does not count, because each return costs a keyframe
        and ten seconds.
        """
        self.paused = self._gate.judge(self.bit_rate, rates, now)
        if self._gate.is_trial:
            # With little sent little was measured: what is known is old.
            self._estimator = DownlinkEstimator(max(2 * RESUME_ABOVE_BPS, self.bit_rate))
        # What is off takes nothing from the others.
        demands = {
            ssrc: DEMAND_GROWTH * rate + DEMAND_EXTRA_BPS if rate else 0.0
            for ssrc, rate in rates.items()
            if ssrc not in self.paused
        }
        self.shares = divide(self.bit_rate, demands)
