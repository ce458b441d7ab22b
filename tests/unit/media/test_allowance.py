from media.allowance import Allowance


def test_some_at_once_then_as_many_as_time_gives_and_never_more_than_a_burst() -> None:
    allowance = Allowance(per_s=10, burst=3)
    assert [allowance.take(5.0) for _ in range(4)] == [True, True, True, False]
    assert [allowance.take(5.15) for _ in range(2)] == [True, False]
    assert [allowance.take(5.2) for _ in range(2)] == [True, False]
    assert [allowance.take(900.0) for _ in range(4)] == [True, True, True, False]
