"""Transport-wide congestion feedback (draft-holmer-rmcat-transport-wide-cc-extensions-01), both ends of it.

`ArrivalLog` is the receiver's: it notes what came when, and writes feedback. `DepartureLog` is the sender's: it gives
numbers, notes what went when, and reads feedback back into samples.
"""

import struct
from itertools import repeat
from typing import NamedTuple

from media.errors import BadRtcp
from media.rtcp import Block

# Bounds of one feedback: with the longest deltas and chunks it stays below 1300 bytes.
MAX_STATUSES = 4_096
MAX_RECEIVED = 300
# Of one that is read: a browser reports several times a second.
MAX_READ = 600
# Of one log. At 1,000 packets a second, two seconds.
MAX_ARRIVALS = 2_048
MAX_DEPARTURES = 2_048
# A packet that comes later than this counts as lost for good, as in libwebrtc.
ARRIVAL_WINDOW_US = 500_000

# Of forgiving: per packet, and the longest gap that is not an outage.
LOSS_SMOOTHING = 0.005
MAX_FORGIVEN_GAP = 10
# As long as it is asked for, on a line without much delay (`media.publisher_feedback`).
HOLD_US = 700_000

TICK_US = 250
REFERENCE_US = 64_000
# Of neighbours in one feedback: 16 bits with a sign, and some room for rounding.
MAX_DELTA_US = 0x7F00 * TICK_US

_FIXED = struct.Struct("!BBHLLHHL")
_NOT_RECEIVED, _SMALL, _LARGE, _RESERVED = range(4)
_RUN_MAX = 0x1FFF


class TransportFeedback(NamedTuple):
    """What one feedback says of `span` packets from the number `base` on.

    `received` are (number, arrival in µs on the receiver's clock) in the order of the numbers; the others are lost.
    `serial` is the feedback's own number, one byte.
    """

    sender: int
    media: int
    base: int
    span: int
    serial: int
    received: list[tuple[int, int]]


def read_feedback(block: Block) -> TransportFeedback:
    """Read a feedback, up to the first 600 packets that came. Raises `BadRtcp`."""
    data, end = block.data, block.end
    if end < _FIXED.size:
        raise BadRtcp
    *_, sender, media, base, count, times = _FIXED.unpack_from(data)
    if not 0 < count <= MAX_STATUSES:
        raise BadRtcp
    statuses, position = _read_chunks(data, end, count)
    if len(statuses) > MAX_READ:
        del statuses[MAX_READ:]
        count = statuses[-1][0] + 1
    arrival = times >> 8
    arrival = (arrival - ((arrival & 0x800000) << 1)) * REFERENCE_US
    received = []
    for offset, status in statuses:
        size = 1 if status == _SMALL else 2
        if position + size > end:
            raise BadRtcp
        arrival += TICK_US * int.from_bytes(data[position : position + size], "big", signed=status == _LARGE)
        received.append((base + offset & 0xFFFF, arrival))
        position += size
    return TransportFeedback(sender, media, base, count, times & 0xFF, received)


def _read_chunks(data: bytes, end: int, count: int) -> tuple[list[tuple[int, int]], int]:
    # The work is bounded by the deltas that must follow: a run of lost packets costs one step.
    statuses: list[tuple[int, int]] = []
    position, offset = 20, 0
    while offset < count:
        if position + 2 > end:
            raise BadRtcp
        chunk = int.from_bytes(data[position : position + 2], "big")
        position += 2
        if not chunk & 0x8000:
            status, run = chunk >> 13, min(chunk & _RUN_MAX, count - offset)
            if status:
                if status == _RESERVED or position + run > end:
                    raise BadRtcp
                statuses += zip(range(offset, offset + run), repeat(status))
            offset += run
            continue
        bits, number = (2, 7) if chunk & 0x4000 else (1, 14)
        for index in range(min(number, count - offset)):
            status = chunk >> bits * (number - 1 - index) & (1 << bits) - 1
            if status == _RESERVED:
                raise BadRtcp
            if status:
                statuses.append((offset + index, status))
        offset += number
    return statuses, position


def write_feedback(feedback: TransportFeedback) -> bytes:
    """Write a feedback as a packet of its own. `received` holds at least one, in order, neighbours within `MAX_DELTA_US`."""
    reference = feedback.received[0][1] // REFERENCE_US
    ticks = reference * (REFERENCE_US // TICK_US)
    statuses = bytearray(feedback.span)
    deltas = bytearray()
    for number, arrival in feedback.received:
        delta = arrival // TICK_US - ticks
        ticks += delta
        if 0 <= delta <= 0xFF:  # noqa: PLR2004 - one byte
            statuses[number - feedback.base & 0xFFFF] = _SMALL
            deltas.append(delta)
        else:
            statuses[number - feedback.base & 0xFFFF] = _LARGE
            deltas += delta.to_bytes(2, "big", signed=True)
    body = _write_chunks(statuses) + deltas
    padding = -len(body) % 4
    if padding:
        body += bytes(padding - 1) + bytes([padding])
    times = (reference & 0xFFFFFF) << 8 | feedback.serial
    head = _FIXED.pack(
        0xAF if padding else 0x8F,
        205,
        (_FIXED.size + len(body)) // 4 - 1,
        feedback.sender,
        feedback.media,
        feedback.base,
        feedback.span,
        times,
    )
    return head + bytes(body)


def _write_chunks(statuses: bytearray) -> bytearray:
    chunks = bytearray()
    position = 0
    while position < len(statuses):
        status = statuses[position]
        following = statuses[position : position + _RUN_MAX]
        run = len(following) - len(following.lstrip(bytes([status])))
        ahead = statuses[position : position + 14]
        if run >= min(14, len(statuses) - position):
            chunk, taken = status << 13 | run, run
        elif _LARGE not in ahead:
            chunk, taken = 0x8000, 14
            for index, each in enumerate(ahead):
                chunk |= each << 13 - index
        elif run >= 7:  # noqa: PLR2004 - as many as a vector of two bits holds
            chunk, taken = status << 13 | run, run
        else:
            chunk, taken = 0xC000, 7
            for index, each in enumerate(ahead[:7]):
                chunk |= each << 12 - 2 * index
        chunks += chunk.to_bytes(2, "big")
        position += taken
    return chunks


class ArrivalLog:
    """What arrived of one sender's numbered packets, and which of it was not reported yet.

    Loss of less than `forgiven`, a fraction of 1, is not told: a sender would take what radio loses for congestion, slow
    down and lose as much. What is missing is not mentioned for as long as it may be asked for, because libwebrtc forgets a
    packet that was said to have come and could not send it again; then it is told to have come with its neighbour. Delay is
    told as it is, so a queue that fills still slows the sender down.
    """

    def __init__(self, forgiven: float = 0.0) -> None:
        # When each came, in µs, and whether it was the last of its picture.
        self._fresh: list[tuple[int, int, bool]] = []
        self._arrivals: dict[int, tuple[int, bool]] = {}
        self._highest: int | None = None
        self._next = 0
        self._serial = 0
        self._forgiven = forgiven
        self._loss = 0.0
        # Number → when it is told to have come, and from when on that may be told.
        self._held: dict[int, tuple[int, int]] = {}

    def arrive(self, number: int, now_us: int, *, is_last: bool = False) -> None:
        """Note a packet. Cheap: all the rest is done when feedback is written."""
        if len(self._fresh) < MAX_ARRIVALS:
            self._fresh.append((number, now_us, is_last))

    @property
    def has_news(self) -> bool:
        """Whether a packet came that was not reported yet."""
        return bool(self._fresh)

    def write(self, sender: int, media: int, *, forgives: bool = True, hold_us: int = HOLD_US) -> list[bytes]:
        """Write what is to be told since the last time, in as few packets as hold it; nothing came, nothing to tell.

        What is missing now will not be mentioned for `hold_us`. Where nothing is forgiven this once, it is told as lost, with
        what was held until now, and does not count as the line's loss.
        """
        if not self._fresh:
            return []
        now_us = self._fresh[-1][1]
        for number, at, is_last in self._fresh:
            self._enter(number, at, is_last=is_last)
        self._fresh.clear()
        if self._held and not forgives:
            self._next = min(self._next, *self._held)
            self._held.clear()
        # A late packet moves `_next` back: what was told of its neighbours is told again, and does no harm.
        due = sorted(number for number in self._arrivals if number >= self._next)
        packets = []
        while due:
            part = self._fitting(due)
            base = self._next if part[0] - self._next < MAX_STATUSES // 2 else part[0]
            self._next = part[-1] + 1
            if forgives:
                runs = self._told(base, part, now_us + hold_us)
            else:
                runs = [(base, [(number, self._arrivals[number][0]) for number in part])]
            packets += [self._feedback(sender, media, *run) for run in runs]
            due = due[len(part) :]
        packets += [self._feedback(sender, media, *each) for each in self._release(now_us)]
        self._forget(now_us - ARRIVAL_WINDOW_US)
        return packets

    def _feedback(self, sender: int, media: int, base: int, received: list[tuple[int, int]]) -> bytes:
        span = received[-1][0] + 1 - base
        numbered = [(number & 0xFFFF, at) for number, at in received]
        feedback = TransportFeedback(sender, media, base & 0xFFFF, span, self._serial, numbered)
        self._serial = self._serial + 1 & 0xFF
        return write_feedback(feedback)

    def _enter(self, number: int, at: int, *, is_last: bool) -> None:
        if self._highest is None:
            self._highest = self._next = number + 0x10000
        distance = (number - self._highest + 0x8000 & 0xFFFF) - 0x8000
        unwrapped = self._highest + distance
        if unwrapped in self._arrivals:
            return
        if distance < -MAX_ARRIVALS or distance > MAX_STATUSES:
            # The sender counts anew: whatever was missing will not be told.
            self._arrivals.clear()
            self._held.clear()
            self._highest = self._next = unwrapped
        if unwrapped > self._highest:
            self._highest = unwrapped
        elif unwrapped < self._next:
            self._next = unwrapped
        self._arrivals[unwrapped] = at, is_last

    def _fitting(self, due: list[int]) -> list[int]:
        # What one feedback can say: so many numbers, and neighbours whose distance in time two bytes hold.
        part = due[:1]
        for number in due[1:MAX_RECEIVED]:
            is_far = number - part[0] >= MAX_STATUSES // 2
            if is_far or abs(self._arrivals[number][0] - self._arrivals[part[-1]][0]) > MAX_DELTA_US:
                break
            part.append(number)
        return part

    def _told(self, base: int, part: list[int], held_until_us: int) -> list[tuple[int, list[tuple[int, int]]]]:
        # Runs of numbers, each to be a feedback of its own: from which number on, and what came.
        span = part[-1] + 1 - base
        self._loss += min(1.0, LOSS_SMOOTHING * span) * ((span - len(part)) / span - self._loss)
        runs: list[tuple[int, list[tuple[int, int]]]] = [(base, [])]
        following = base
        for number in part:
            at, _ = self._arrivals[number]
            self._held.pop(number, None)
            gap = range(following, number)
            if gap and self._loss < self._forgiven and len(gap) <= MAX_FORGIVEN_GAP:
                before, is_end = self._arrivals.get(following - 1, (at, True))
                # Within a picture its neighbours came together; after its last packet the next picture's follows.
                for missing in gap:
                    self._held.setdefault(missing, (at if is_end else before, held_until_us))
                runs.append((number, []))
            runs[-1][1].append((number, at))
            following = number + 1
        return [run for run in runs if run[1]]

    def _release(self, now_us: int) -> list[tuple[int, list[tuple[int, int]]]]:
        due = sorted(number for number, (_, after) in self._held.items() if after <= now_us)
        runs: list[tuple[int, list[tuple[int, int]]]] = []
        for number in due:
            at, _ = self._held.pop(number)
            if self._loss >= self._forgiven:
                continue
            if runs and number == runs[-1][1][-1][0] + 1:
                runs[-1][1].append((number, at))
            else:
                runs.append((number, [(number, at)]))
        return runs

    def _forget(self, before_us: int) -> None:
        # They stand in the order in which they came: what is not old yet is not looked at.
        excess = len(self._arrivals) - MAX_ARRIVALS
        old = []
        for index, (number, (at, _)) in enumerate(self._arrivals.items()):
            if at >= before_us and index >= excess:
                break
            old.append(number)
        for number in old:
            del self._arrivals[number]


class Sample(NamedTuple):
    """What became of one packet; times in µs, each on its own end's clock. `arrival` is None for one that was lost."""

    departure: int
    arrival: int | None
    size: int


class DepartureLog:
    """The packets sent to one receiver under numbers of their own, until their fate is known. `next` is the next number."""

    def __init__(self, first: int = 0) -> None:
        self.next = first
        # By number: when it went, and its size; 0 once it was said to have come.
        self._departures = [0] * MAX_DEPARTURES
        self._sizes = [0] * MAX_DEPARTURES
        self._numbers = [-1] * MAX_DEPARTURES
        # Numbers below were spoken of: what is told lost among them was counted already.
        self._settled = first

    def depart(self, size: int, now_us: int) -> int:
        """Give a packet of this size its number, of 16 bits."""
        number = self.next
        self.next = number + 1
        slot = number % MAX_DEPARTURES
        self._numbers[slot] = number
        self._departures[slot] = now_us
        self._sizes[slot] = size
        return number & 0xFFFF

    def read(self, feedback: TransportFeedback) -> list[Sample]:
        """Say what became of the packets that this feedback speaks of: once that each arrived, once at most that it is lost.

        Ordered by arrival, the lost ones first.
        """
        arrived = []
        for number, arrival in feedback.received:
            slot = self._slot(number)
            if slot is not None and self._sizes[slot]:
                arrived.append(Sample(self._departures[slot], arrival, self._sizes[slot]))
                self._sizes[slot] = 0
        base = self._unwrap(feedback.base)
        lost = []
        for number in range(max(base, self._settled, self.next - MAX_DEPARTURES), min(base + feedback.span, self.next)):
            slot = number % MAX_DEPARTURES
            if self._sizes[slot]:
                lost.append(Sample(self._departures[slot], None, self._sizes[slot]))
        self._settled = max(self._settled, min(base + feedback.span, self.next))
        return lost + sorted(arrived, key=_arrival)

    def _unwrap(self, number: int) -> int:
        return self.next - 1 - (self.next - 1 - number & 0xFFFF)

    def _slot(self, number: int) -> int | None:
        unwrapped = self._unwrap(number)
        slot = unwrapped % MAX_DEPARTURES
        return slot if self._numbers[slot] == unwrapped else None


def _arrival(sample: Sample) -> int:
    return sample.arrival or 0
