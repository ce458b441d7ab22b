"""Answering a subscriber's NACKs from what was sent to it, byte for byte, within a budget."""

import math

# A second of a camera at 2.5 Mbit/s is 260 packets, of a screen twice as many.
RING = 512
MAX_AGE_S = 1.0
MIN_INTERVAL_S = 0.03
UNKNOWN_RTT_S = 0.1
# Of what is sent; what lossy networks need, and a storm of NACKs cannot multiply.
BUDGET_SHARE = 0.5
MIN_BUDGET_BPS = 100_000
BURST_BYTES = 200_000
# How often what is too old is let go: memory that is used again soon is quicker than memory that was not touched for seconds.
FORGET_EVERY = 16


class ResendBudget:
    """How many bytes one subscriber may be sent again: half of what it is sent, and as much as a second's outage at once."""

    __slots__ = ("_at", "_bytes", "_sent")

    def __init__(self) -> None:
        self._at = 0.0
        self._sent = 0
        self._bytes = float(BURST_BYTES)

    def refill(self, sent: int, now: float) -> None:
        """Earn a share of what was sent since the last time, of which `sent` is the count of bytes from the beginning."""
        earned = BUDGET_SHARE * (sent - self._sent) + MIN_BUDGET_BPS / 8 * (now - self._at)
        self._bytes = min(self._bytes + earned, BURST_BYTES)
        self._sent, self._at = sent, now

    def spend(self, size: int) -> bool:
        """Take a packet's size out of the budget; False, and nothing taken, when it is not there."""
        if self._bytes < size:
            return False
        self._bytes -= size
        return True


class ResendCache:
    """What one subscriber was sent of one video stream within the last second, as ciphertext, by sequence number.

    A retransmission of the publisher's is kept by the number it carries, beside the primary of that number. The ring
    holds the bytes that it is given: they must not change afterwards.
    """

    __slots__ = ("_data", "_numbers", "_oldest", "_resent_at", "_sent_at")

    def __init__(self) -> None:
        self._numbers = [-1] * RING
        self._sent_at = [0.0] * RING
        self._resent_at = [0.0] * RING
        self._data: list[bytes] = [b""] * RING
        self._oldest = 0

    def keep(self, number: int, data: bytes, now: float) -> None:
        """Remember a packet as it was sent. Of a primary and its retransmission the later one is what is sent again."""
        slot = number % RING
        self._numbers[slot] = number
        self._sent_at[slot] = now
        self._resent_at[slot] = -math.inf
        self._data[slot] = data
        if not slot % FORGET_EVERY:
            self._forget(slot, now - MAX_AGE_S)

    def take(self, number: int, now: float, rtt: float | None, budget: ResendBudget) -> bytes | None:
        """Give the packet to send again.

        None when it is not here, was sent again less than a round trip ago, or is more than the budget holds.
        """
        slot = number % RING
        if self._numbers[slot] != number or now - self._sent_at[slot] > MAX_AGE_S:
            return None
        if now - self._resent_at[slot] < max(UNKNOWN_RTT_S if rtt is None else rtt, MIN_INTERVAL_S):
            return None
        data = self._data[slot]
        if not budget.spend(len(data)):
            return None
        self._resent_at[slot] = now
        return data

    def is_gone(self, number: int, now: float) -> bool:
        """Whether this packet was sent, but so long ago that it is not here any more; False also for one that never was."""
        slot = number % RING
        kept = self._numbers[slot]
        if kept == number:
            return now - self._sent_at[slot] > MAX_AGE_S
        return kept >= 0 and kept - number & 0xFFFF < 0x8000  # noqa: PLR2004 - half of the numbers are ahead

    def _forget(self, newest: int, before: float) -> None:
        slot = self._oldest
        while slot != newest and self._sent_at[slot] < before:
            self._data[slot] = b""
            slot = (slot + 1) % RING
        self._oldest = slot
