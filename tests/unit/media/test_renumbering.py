from hypothesis import given
from hypothesis import strategies as st

from media.renumbering import Renumbering


def test_a_pause_leaves_one_number_out_and_nothing_was_held_back_none() -> None:
    renumbering = Renumbering(100)
    renumbering.resume(104)
    assert renumbering.translate(105, 105) == 102
    renumbering.pause(105)
    renumbering.resume(105)
    assert renumbering.translate(106, 106) == 103


def test_what_belongs_into_a_pause_does_not_go_out_after_it() -> None:
    renumbering = Renumbering(100)
    renumbering.resume(104)
    assert renumbering.translate(104, 104) is None
    renumbering.pause(110)
    assert renumbering.translate(111, 111) is None


@given(st.integers(-1, 0xFFFF), st.lists(st.tuples(st.booleans(), st.integers(0, 3)), max_size=60))
def test_numbers_going_out_grow_and_are_never_ahead_of_those_that_came(
    first: int, steps: list[tuple[bool, int]]
) -> None:
    renumbering = Renumbering(first)
    highest, last = first, first
    for pauses, packets in steps:
        if pauses != renumbering.is_paused:
            (renumbering.pause if pauses else renumbering.resume)(highest)
        for _ in range(packets):
            highest += 1
            number = renumbering.translate(highest & 0xFFFF, highest)
            assert (number is None) == pauses
            if number is not None:
                extended = highest - ((highest - number) & 0xFFFF)
                assert last < extended <= highest
                last = extended
