"""Asking for what is missing of an incoming stream, and paying heed to what comes late (RFC 4585 §6.2.1, RFC 4588)."""

from collections.abc import Sequence

# As soon as a gap shows, then each round trip, ten times and no longer than a picture may stand still before a keyframe is
# the better help: a decoder itself would wait three seconds before it asked for one.
MAX_TRIES = 10
MAX_AGE_S = 0.6
MIN_TRIES = 3
MIN_INTERVAL_S = 0.06
# A request is lost as easily as a packet, and costs next to nothing: each is made twice. A sender that got the first does not
# answer the second, which comes within its round trip.
ECHO_S = 0.02
UNKNOWN_RTT_S = 0.1
# Sound that comes later than that is not played any more; and where the way is long because a queue is full, it keeps it full.
SOUND_ROUND_TRIP_S = 0.25
# More than that is another stream, or a pause that no resend can mend.
MAX_GAP = 1_000
MAX_OUTSTANDING = 300
# After an outage what was missed is history: its resends would fill the line, and be shown late. (A shared screen may be
# silent for long and lose little.)
OUTAGE_S = 0.4
OUTAGE_PACKETS = 15

_NONE: Sequence[int] = ()


class GapTracker:
    """The sequence numbers of one SSRC that did not come yet."""

    __slots__ = ("_missing", "needs_keyframe")

    def __init__(self) -> None:
        # Set when a gap is beyond mending; whoever asks for the keyframe takes it back.
        self.needs_keyframe = False
        # Number → [first asked, last asked, tries, whether the last request was made twice], in the order of the stream.
        self._missing: dict[int, list[float]] = {}

    def receive(self, number: int, skipped: int, now: float, silence_s: float = 0.0) -> Sequence[int]:
        """Take the number of a packet out of order; the answer is what to ask for at once.

        `skipped` says how many were expected before it, or how far it is behind (`Reception.count`), `silence_s` for how
        long none had come.
        """
        was_out = silence_s >= OUTAGE_S and skipped >= OUTAGE_PACKETS
        if was_out or not -MAX_GAP <= skipped <= MAX_GAP:
            self._missing.clear()
            self.needs_keyframe = True
            return _NONE
        if skipped < 0:
            self._missing.pop(number, None)
            return _NONE
        gap = [number - step & 0xFFFF for step in range(skipped, 0, -1)]
        self._missing |= {each: [now, now, 1, False] for each in gap}
        if len(self._missing) > MAX_OUTSTANDING:
            self._missing.clear()
            self.needs_keyframe = True
            return _NONE
        return gap

    def recover(self, number: int) -> None:
        """Take note that this number came as a retransmission. Repeating it is harmless."""
        self._missing.pop(number, None)

    def is_outstanding(self, number: int) -> bool:
        """Whether this number is missing and still asked for."""
        return number in self._missing

    @property
    def is_complete(self) -> bool:
        """Whether nothing is asked for."""
        return not self._missing

    def due(self, now: float, rtt: float | None) -> list[int]:
        """Say what to ask for again, in the order of the stream; what is too old is given up for a keyframe."""
        interval = max(UNKNOWN_RTT_S if rtt is None else rtt, MIN_INTERVAL_S)
        asked = []
        for number, entry in tuple(self._missing.items()):
            first, last, tries, is_echoed = entry
            if now - last < interval:
                if not is_echoed and now - last >= ECHO_S:
                    entry[3] = True
                    asked.append(number)
                continue
            if tries >= MAX_TRIES or (now - first >= MAX_AGE_S and tries >= MIN_TRIES):
                del self._missing[number]
                self.needs_keyframe = True
            else:
                entry[1:] = now, tries + 1, False
                asked.append(number)
        return asked
