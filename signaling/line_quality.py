"""How good one participant's line is, from the relay's figures and from what the page measured (`docs/protocol.md` §5)."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

__all__ = ["LineFigures", "LineQuality", "Quality", "judge"]

BETTER_AFTER_S: Final = 10.0
FORGOTTEN_AFTER_S: Final = 30.0


class Quality(StrEnum):
    """A line, in a word."""

    GOOD = "good"
    FAIR = "fair"
    POOR = "poor"

    @property
    def rank(self) -> int:
        """0 is the best."""
        return tuple(Quality).index(self)


# The verdict's thresholds: good below the first, poor from the second on.
LOSS: Final = (0.03, 0.10)
RTT_S: Final = (0.300, 0.600)


@dataclass(frozen=True, slots=True)
class LineFigures:
    """One line over the last seconds. Losses are from 0 to 1, None is unknown.

    `loss_up` is what the relay missed of what the participant sent, `loss_down` what the participant missed of what the
    relay sent. Frozen pictures and made-up sound are not here: whose line they come from cannot be told.
    """

    loss_up: float | None = None
    loss_down: float | None = None
    rtt_s: float | None = None


def judge(figures: LineFigures) -> Quality | None:
    """Let the worst figure count; None when there is none."""
    limits = ((figures.loss_up, LOSS), (figures.loss_down, LOSS), (figures.rtt_s, RTT_S))
    ranks = [(value >= good) + (value >= poor) for value, (good, poor) in limits if value is not None]
    return tuple(Quality)[max(ranks)] if ranks else None


class LineQuality:
    """The sign that people see: at once for the worse, after ten good seconds for the better, so that it does not flicker."""

    def __init__(self) -> None:
        self.shown: Quality | None = None
        self._worst: Quality | None = None
        self._worse_at = 0.0
        self._heard_at = 0.0

    def take(self, figures: LineFigures, now: float) -> bool:
        """Judge new figures; True when what is shown has changed. `now` is monotonic, in seconds."""
        before, found = self.shown, judge(figures)
        if found is None:
            if now - self._heard_at > FORGOTTEN_AFTER_S:
                self.shown = None
            return self.shown is not before
        self._heard_at = now
        if self.shown is None or found.rank >= self.shown.rank:
            if found is not self.shown:
                self.shown = found
            self._worst, self._worse_at = None, now
        else:
            # Of the good seconds the worst counts: from poor to fair first, where it was fair at times.
            if self._worst is None or found.rank > self._worst.rank:
                self._worst = found
            if now - self._worse_at >= BETTER_AFTER_S:
                self.shown, self._worst, self._worse_at = self._worst, None, now
        return self.shown is not before
