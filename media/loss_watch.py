"""Whether the lines of a visit lose so much that two people's congestion feedback must not pass end to end."""

# From this loss on, when it lasts so long, on the worst of the lines.
LOSSY = 0.03
LOSSY_AFTER_S = 2.5
# Below this, smoothed, when it lasts so long: a single packet of sound is 1 % of what is judged at once. Loss in between changes
# nothing.
CALM = 0.01
CALM_AFTER_S = 60.0
SMOOTHING = 0.05
# One that loses again so soon after it was calm is waited for twice as long the next time.
RELAPSE_S = 600.0
LONGEST_CALM_S = 960.0


class LossWatch:
    """Judges the lines of those who are in a visit together. `is_lossy` is the verdict."""

    def __init__(self) -> None:
        self.is_lossy = False
        self._average = 0.0
        self._since: float | None = None
        self._calm_at: float | None = None
        self._calm_after_s = CALM_AFTER_S

    def judge(self, loss: float, now: float) -> bool:
        """Take the loss of the worst line, a fraction of 1; True when the verdict changed. Call twice a second."""
        self._average += SMOOTHING * (loss - self._average)
        if not (self._average < CALM if self.is_lossy else loss >= LOSSY):
            self._since = None
            return False
        if self._since is None:
            self._since = now
        if now - self._since < (self._calm_after_s if self.is_lossy else LOSSY_AFTER_S):
            return False
        self._turn(now)
        return True

    def look_away(self) -> None:
        """What is missing now says nothing of the lines: whatever lasted until now begins anew."""
        self._since = None

    def _turn(self, now: float) -> None:
        self.is_lossy = not self.is_lossy
        self._since = None
        if not self.is_lossy:
            self._calm_at = now
            return
        is_relapse = self._calm_at is not None and now - self._calm_at < RELAPSE_S
        self._calm_after_s = min(LONGEST_CALM_S, 2 * self._calm_after_s) if is_relapse else CALM_AFTER_S
