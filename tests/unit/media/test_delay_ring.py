from collections import deque

import pytest
from hypothesis import example, given
from hypothesis import strategies as some

from media.delay_ring import DelayRing


def test_a_packet_comes_out_when_it_is_due_and_not_before() -> None:
    ring = DelayRing(100)
    assert ring.put(b"hello", 2.0)
    assert ring.next_due_at == 2.0
    assert ring.take(1.99) is None
    assert ring.take(2.0) == b"hello"
    assert ring.take(9.0) is None
    assert ring.next_due_at is None


def test_what_does_not_fit_is_refused_and_the_rest_stays() -> None:
    ring = DelayRing(10)
    assert ring.put(b"123456", 1.0)
    assert not ring.put(b"12345", 2.0)
    assert not ring.put(b"x" * 11, 2.0)
    assert (len(ring), ring.take(1.0)) == (1, b"123456")


@pytest.mark.parametrize("end", ["taken", "wiped"])
def test_nothing_of_it_stays_in_memory(end: str) -> None:
    ring = DelayRing(64)
    for due in range(3):
        assert ring.put(b"secret words", float(due))
    if end == "wiped":
        ring.wipe()
        assert len(ring) == 0
    else:
        while ring.take(9.0) is not None:
            pass
    assert not any(ring._memory)


@example([15, 11, None, 15, 1], 40)
@given(some.lists(some.one_of(some.integers(1, 40), some.none()), max_size=200), some.integers(40, 97))
def test_it_gives_back_what_it_took_in_order_and_never_grows(steps: list[int | None], capacity: int) -> None:
    ring, model = DelayRing(capacity), deque[bytes]()
    for number, size in enumerate(steps):
        if size is None:
            assert ring.take(1e9) == (model.popleft() if model else None)
            continue
        packet = bytes([number % 255 + 1]) * size
        if ring.put(packet, float(number)):
            model.append(packet)
        else:
            # In one piece: a gap too small for it, and one that was too small for the packet that began anew.
            largest = max(each for each in steps[: number + 1] if each is not None)
            assert sum(map(len, model)) > capacity - size - largest
        assert len(ring._memory) == capacity
    assert [ring.take(1e9) for _ in range(len(model))] == list(model)
