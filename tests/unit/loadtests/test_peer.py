from contextlib import nullcontext

from loadtests.peer import Peer
from loadtests.relay_process import Usage
from loadtests.replay import Outcome


def turn(cpu_s: float, received: int, **drops: int) -> tuple[Usage, Outcome]:
    outcome = Outcome(sent=received, received=received, delays_ns=[2_000_000], wall_s=2.0)
    return Usage(cpu_s=cpu_s, wall_s=9.0, drops=drops), outcome


PEER = Peer(
    "any", lambda: nullcontext(Usage()), list, [turn(1.0, 100_000, empty=1), turn(2.0, 50_000, empty=2, oversize=1)]
)


def test_the_cost_of_a_packet_is_that_of_all_turns_together() -> None:
    assert PEER.us_per_packet == 20


def test_rate_and_share_are_over_the_time_in_which_packets_were_on_their_way() -> None:
    assert (PEER.packets_per_s, PEER.cpu_share) == (37_500, 0.75)


def test_each_turn_stands_beside_the_sum() -> None:
    facts = PEER.facts()
    assert facts["each_turn_us"] == [10.0, 40.0]
    assert (facts["sent"], facts["received"], facts["delay_ms_p50"]) == (150_000, 150_000, 2.0)
    assert facts["drops"] == {"empty": 3, "oversize": 1}
