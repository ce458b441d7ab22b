import pytest

from media.resend import BURST_BYTES, FORGET_EVERY, MAX_AGE_S, MIN_BUDGET_BPS, RING, ResendBudget, ResendCache


@pytest.fixture
def budget() -> ResendBudget:
    return ResendBudget()


def test_what_was_sent_is_sent_again_byte_for_byte(budget: ResendBudget) -> None:
    cache = ResendCache()
    packet = b"ciphertext"
    cache.keep(65_535, packet, 1.0)
    assert cache.take(65_535, 1.01, 0.05, budget) is packet
    assert cache.take(65_534, 1.01, 0.05, budget) is None


def test_one_number_is_sent_again_once_each_round_trip(budget: ResendBudget) -> None:
    cache = ResendCache()
    cache.keep(1, b"x", 1.0)
    taken = [
        cache.take(1, 1.0 + step / 100, rtt, budget)
        for step, rtt in ((0, 0.0), (2, 0.0), (3, 0.0), (10, 0.08), (12, None))
    ]
    assert taken == [b"x", None, b"x", None, None]
    assert cache.take(1, 1.14, None, budget) == b"x"


def test_a_retransmission_is_kept_under_the_number_it_carries(budget: ResendBudget) -> None:
    cache = ResendCache()
    cache.keep(1, b"primary", 1.0)
    cache.keep(1, b"retransmission", 1.2)
    assert cache.take(1, 1.2, 0.03, budget) == b"retransmission"


def test_only_the_last_second_and_the_last_packets_count(budget: ResendBudget) -> None:
    cache = ResendCache()
    cache.keep(1, b"old", 1.0)
    cache.keep(2, b"young", 1.0)
    assert cache.take(1, 1.01 + MAX_AGE_S, 0.0, budget) is None
    cache.keep(2 + RING, b"younger", 1.1)
    assert cache.take(2, 1.1, 0.0, budget) is None


def test_what_is_too_old_to_be_sent_again_is_let_go() -> None:
    cache = ResendCache()

    def held() -> int:
        return sum(map(bool, cache._data))

    for number in range(4 * RING):
        cache.keep(number, b"x", 5.0 + number / 150)
    assert held() <= 150 * MAX_AGE_S + FORGET_EVERY + 1
    for number in range(4 * RING, 9 * RING):
        cache.keep(number, b"x", 50.0 + number / 1_500)
    assert held() == RING
    for number in range(9 * RING, 11 * RING):
        cache.keep(number, b"x", 90.0 + number / 20)
    assert held() <= 20 * MAX_AGE_S + FORGET_EVERY + 1


def test_what_is_gone_is_told_from_what_was_never_sent() -> None:
    cache = ResendCache()
    assert not cache.is_gone(7, 1.0)
    cache.keep(7, b"x", 1.0)
    assert not cache.is_gone(7, 1.0 + MAX_AGE_S)
    assert cache.is_gone(7, 1.1 + MAX_AGE_S)
    cache.keep(7 + RING, b"x", 3.0)
    assert cache.is_gone(7, 3.0)
    assert not cache.is_gone(7 + 2 * RING, 3.0)
    cache.keep(3, b"x", 4.0)
    assert cache.is_gone(65_536 - RING + 3, 4.0)


def test_s38_a_storm_of_nacks_is_answered_within_the_budget(budget: ResendBudget) -> None:
    cache = ResendCache()
    sent = again = 0
    budget.spend(BURST_BYTES)
    for step in range(10_000):
        now = step / 1_000
        if step % 10 == 0:
            cache.keep(step // 10 & 0xFFFF, bytes(1_000), now)
            sent += 1_000
        if step % 100 == 0:
            budget.refill(sent, now)
        for back in range(20):
            packet = cache.take(step // 10 - back & 0xFFFF, now, 0.03, budget)
            again += len(packet or b"")
    assert 0.45 * sent < again < 0.5 * sent + 10 * MIN_BUDGET_BPS / 8


def test_a_budget_holds_no_more_than_a_burst(budget: ResendBudget) -> None:
    budget.refill(1_000_000_000, 1_000.0)
    assert not budget.spend(BURST_BYTES + 1)
    assert budget.spend(BURST_BYTES)
    assert not budget.spend(1)
