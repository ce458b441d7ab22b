"""Sound that is to be heard later: packets in one fixed piece of memory, overwritten as they leave it."""

from collections import deque
from typing import NamedTuple


class _Slot(NamedTuple):
    due_at: float
    start: int
    size: int


class DelayRing:
    """Holds packets until they are due, in the order they came. It never grows: what does not fit is refused."""

    def __init__(self, capacity: int) -> None:
        self._memory = bytearray(capacity)
        self._slots: deque[_Slot] = deque()
        self._end = 0

    def __len__(self) -> int:
        return len(self._slots)

    @property
    def next_due_at(self) -> float | None:
        """When the oldest packet is due; None when there is none."""
        return self._slots[0].due_at if self._slots else None

    def put(self, packet: bytes, due_at: float) -> bool:
        """Keep a packet of at least one byte until then; False when there is no room. Times must not go backwards."""
        start = self._place(len(packet))
        if start is None:
            return False
        self._end = start + len(packet)
        self._memory[start : self._end] = packet
        self._slots.append(_Slot(due_at, start, len(packet)))
        return True

    def take(self, now: float) -> bytes | None:
        """Give the oldest packet if it is due. Its place holds zeros afterwards."""
        if not self._slots or self._slots[0].due_at > now:
            return None
        _, start, size = self._slots.popleft()
        packet = bytes(self._memory[start : start + size])
        self._memory[start : start + size] = bytes(size)
        return packet

    def wipe(self) -> None:
        """Forget everything; the memory holds zeros. Idempotent."""
        self._slots.clear()
        self._memory[:] = bytes(len(self._memory))
        self._end = 0

    def _place(self, size: int) -> int | None:
        """Find room in one piece: behind the newest packet, or at the beginning again."""
        capacity = len(self._memory)
        if not self._slots:
            return 0 if size <= capacity else None
        oldest = self._slots[0].start
        if self._end <= oldest:  # the newest ones have begun anew, before the oldest
            return self._end if size <= oldest - self._end else None
        if size <= capacity - self._end:
            return self._end
        return 0 if size <= oldest else None
