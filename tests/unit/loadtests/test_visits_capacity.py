import pytest

from loadtests.relay_process import Usage
from loadtests.replay import Outcome
from loadtests.visits_capacity import Step


def step(*, lost: int = 0, slow: int = 0, relay_share: float = 0.5, load_share: float = 0.5) -> Step:
    delays = [1_000_000] * (10_000 - lost - slow) + [11_000_000] * slow
    outcome = Outcome(sent=10_000, received=10_000 - lost, delays_ns=delays, client_cpu_s=load_share, wall_s=1.0)
    return Step(1, Usage(cpu_s=relay_share, wall_s=1.0), outcome)


@pytest.mark.parametrize(
    ("lost", "slow", "carried"), [(0, 0, True), (9, 0, True), (10, 0, False), (0, 99, True), (0, 101, False)]
)
def test_visits_are_carried_with_a_loss_under_a_thousandth_and_a_p99_under_10_ms(
    lost: int, slow: int, *, carried: bool
) -> None:
    assert step(lost=lost, slow=slow).is_carried is carried


@pytest.mark.parametrize(
    ("relay_share", "load_share", "limit"), [(0.95, 0.95, "relay"), (0.5, 0.95, "load"), (0.5, 0.5, "machine")]
)
def test_what_had_no_more_to_give_is_named(relay_share: float, load_share: float, limit: str) -> None:
    assert step(relay_share=relay_share, load_share=load_share).limit == limit
