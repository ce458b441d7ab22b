"""When to ask a publisher for a keyframe: often enough for every subscriber, and no more often.

Whether a keyframe came cannot be seen without a look into the payload. So subscribers are counted instead: who complains
later than a keyframe could have arrived has not got one.
"""

import math

MIN_INTERVAL_S = 0.5
# A keyframe asked for takes a round trip, and as much again to be sent.
MIN_RESPONSE_S = 0.2


class KeyframeRequests:
    """The requests for keyframes of one publisher's streams, by SSRC."""

    def __init__(self) -> None:
        self._asked_at: dict[int, float] = {}
        self._due: set[int] = set()

    def complain(self, ssrc: int, now: float, rtt: float | None = None) -> None:
        """A subscriber's decoder wants a keyframe. The one that is on its way answers it."""
        asked_at = self._asked_at.get(ssrc)
        if asked_at is None or now - asked_at >= max(2 * (rtt or 0.0), MIN_RESPONSE_S):
            self._due.add(ssrc)

    def want(self, ssrc: int) -> None:
        """Somebody begins to receive: only a keyframe that begins after this moment helps."""
        self._due.add(ssrc)

    def forget(self) -> None:
        """Want nothing any more."""
        self._due.clear()

    @property
    def is_idle(self) -> bool:
        """Whether nothing is wanted."""
        return not self._due

    def due(self, now: float) -> list[int]:
        """Say of which SSRCs to ask one now: none of them twice within half a second. Call `asked` for each that went."""
        return [ssrc for ssrc in self._due if now - self._asked_at.get(ssrc, -math.inf) >= MIN_INTERVAL_S]

    def asked(self, ssrc: int, now: float) -> None:
        """The request went onto the wire."""
        self._asked_at[ssrc] = now
        self._due.discard(ssrc)
