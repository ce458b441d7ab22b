"""Asking for what is missing of an incoming stream, and paying heed to what comes late (RFC 4585 §6.2.1, RFC 4588)."""

from collections.abc import Sequence

# As soon as a gap shows, then each round trip, for about a second.
MAX_TRIES = 10
MAX_AGE_S = 1.0
MIN_INTERVAL_S = 0.06
UNKNOWN_RTT_S = 0.1
# More than that is another stream, or a pause that no resend can mend.
MAX_GAP = 1_000
MAX_OUTSTANDING = 300

_NONE: Sequence[int] = ()


class GapTracker:
    """The sequence numbers of one SSRC that did not come yet. `expected` is the next one, -1 before the first packet.

    A caller that finds `number == expected` may count `expected` on itself (by 16 bits) instead of calling `receive`.
    """

    __slots__ = ("_missing", "expected", "needs_keyframe")

    def __init__(self) -> None:
        self.expected = -1
        # Set when a gap is beyond mending; whoever asks for the keyframe takes it back.
        self.needs_keyframe = False
        # Number → [first asked, last asked, tries], in the order of the stream.
        self._missing: dict[int, list[float]] = {}

    def receive(self, number: int, now: float) -> Sequence[int]:
        """Take a packet's number; the answer is what to ask for at once."""
        expected = self.expected
        if number == expected or expected < 0:
            self.expected = number + 1 & 0xFFFF
            return _NONE
        ahead = number - expected & 0xFFFF
        if ahead >= 0x8000:  # noqa: PLR2004 - half of the circle
            self._missing.pop(number, None)
            if ahead < 0x10000 - MAX_GAP:
                self._begin_anew(number)
            return _NONE
        if ahead > MAX_GAP:
            self._begin_anew(number)
            return _NONE
        self.expected = number + 1 & 0xFFFF
        gap = [expected + step & 0xFFFF for step in range(ahead)]
        self._missing |= {each: [now, now, 1] for each in gap}
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
        """Say what to ask for again, in the order of the stream; what is too old is given up."""
        interval = max(UNKNOWN_RTT_S if rtt is None else rtt, MIN_INTERVAL_S)
        asked = []
        for number, entry in tuple(self._missing.items()):
            first, last, tries = entry
            if now - last < interval:
                continue
            if tries >= MAX_TRIES or now - first >= MAX_AGE_S:
                del self._missing[number]
            else:
                entry[1], entry[2] = now, tries + 1
                asked.append(number)
        return asked

    def _begin_anew(self, number: int) -> None:
        self._missing.clear()
        self.expected = number + 1 & 0xFFFF
        self.needs_keyframe = True


def original_number(packet: bytes | bytearray | memoryview) -> int | None:
    """Read the original sequence number of a retransmission (RFC 4588 §4) from a clear RTP packet; None if it holds none.

    One without a payload, or all padding, is a probe of the sender's.
    """
    start = 12 + 4 * (packet[0] & 0x0F)
    if packet[0] & 0x10:
        if len(packet) < start + 4:
            return None
        start += 4 + 4 * int.from_bytes(packet[start + 2 : start + 4], "big")
    end = len(packet) - (packet[-1] if packet[0] & 0x20 else 0)
    if end < start + 2:
        return None
    return int.from_bytes(packet[start : start + 2], "big")
