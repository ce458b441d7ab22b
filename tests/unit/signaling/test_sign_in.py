"""S12 for staff: guessing is slowed down, and shuts out whoever guesses and nobody else."""

from __future__ import annotations

from typing import Final

import pytest

from signaling.accounts import Accounts
from signaling.errors import RequestRefused
from signaling.http_messages import SignInRequest
from signaling.passwords import MOST_AT_ONCE
from signaling.sign_in import PASSWORDS, PASSWORDS_PER_SOURCE, WINDOW_S, PasswordSignIn, SignInMethod, Source
from tests.support.staff_records import HandClock, MemoryStaff
from waiting_room.errors import StoreFailed
from waiting_room.model import Role
from waiting_room.office_events import SignInFailed

PASSWORD: Final = "violet harbor tumbling kettle"
RIGHT: Final = SignInRequest(username="sample.provider", password=PASSWORD)
CLINIC: Final = Source("203.0.113.9", "desktop")

pytestmark = pytest.mark.usefixtures("quick_hashes")


class Door:
    """A sign-in with one account behind it."""

    def __init__(self) -> None:
        self.clock = HandClock()
        self.store = MemoryStaff()
        self.accounts = Accounts(self.store, self.clock)
        self.method: SignInMethod[SignInRequest] = PasswordSignIn(self.accounts, monotonic=self.clock.seconds)

    async def knock(self, proof: SignInRequest, source: Source = CLINIC) -> str:
        """Return the code of the refusal, or "" where the door opens."""
        try:
            await self.method.account_of(proof, source)
        except RequestRefused as refused:
            return refused.code
        return ""

    async def guess(self, times: int, source: Source = CLINIC, username: str = "sample.provider") -> list[str]:
        return [
            await self.knock(SignInRequest(username=username, password=f"wrong {number}"), source)
            for number in range(times)
        ]


@pytest.fixture
async def door() -> Door:
    made = Door()
    await made.accounts.add("sample.provider", "Dr. Sample Provider", Role.PROVIDER, PASSWORD)
    return made


async def test_s12_a_thousand_wrong_guesses_elsewhere_shut_nobody_out(door: Door) -> None:
    answers = await door.guess(1000, Source("192.0.2.1", "other"))
    assert answers.count("sign_in_failed") == PASSWORDS
    assert set(answers[PASSWORDS:]) == {"too_many_attempts"}
    assert await door.knock(RIGHT) == ""


async def test_s12_nor_do_guesses_from_a_hundred_addresses(door: Door) -> None:
    for number in range(100):
        await door.guess(10, Source(f"192.0.2.{number}", "other"))
    assert await door.knock(RIGHT) == ""
    assert sum(isinstance(event, SignInFailed) for event in door.store.events) == 1000


async def test_s12_one_address_that_tries_many_names_is_slowed_down(door: Door) -> None:
    codes = [code for number in range(100) for code in await door.guess(1, username=f"name{number}")]
    assert codes.count("sign_in_failed") == PASSWORDS_PER_SOURCE


async def test_s12_a_guesser_behind_the_clinics_own_address_does_not_shut_out_a_known_device(door: Door) -> None:
    for number in range(100):
        await door.guess(1, username=f"name{number}")
    assert await door.knock(RIGHT) == "too_many_attempts"
    assert await door.knock(RIGHT, Source("device d", "desktop", known=True)) == ""


async def test_s12_a_flood_leaves_known_devices_their_turn(door: Door) -> None:
    door.accounts._passwords._comparing = MOST_AT_ONCE
    assert await door.knock(RIGHT) == "too_many_attempts"
    assert await door.knock(RIGHT, Source("device d", "desktop", known=True)) == ""


async def test_the_door_opens_again_when_the_time_is_over(door: Door) -> None:
    await door.guess(PASSWORDS)
    assert await door.knock(RIGHT) == "too_many_attempts"
    door.clock.pass_time(seconds=WINDOW_S)
    assert await door.knock(RIGHT) == ""


async def test_what_could_not_be_judged_is_nobodys_wrong_guess(door: Door) -> None:
    door.accounts._passwords._comparing = MOST_AT_ONCE
    for _ in range(PASSWORDS + 1):
        assert await door.knock(RIGHT) == "too_many_attempts"
    door.accounts._passwords._comparing = 0
    door.store.broken = True
    for _ in range(PASSWORDS + 1):
        with pytest.raises(StoreFailed):
            await door.knock(RIGHT)
    door.store.broken = False
    assert await door.knock(RIGHT) == ""


async def test_no_address_shows_in_a_repr() -> None:
    assert "203.0.113.9" not in repr(CLINIC)
