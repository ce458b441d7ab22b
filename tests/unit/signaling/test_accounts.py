from __future__ import annotations

from typing import Any

import pytest

from signaling.accounts import Accounts, InvalidAccount, PasswordWeak, actor_of
from signaling.errors import RequestRefused
from signaling.passwords import MOST_AT_ONCE, Weakness
from tests.support.staff_records import NOON, HandClock, MemoryStaff
from waiting_room.errors import AccountUnknown, UsernameTaken
from waiting_room.model import Role
from waiting_room.office_events import AccountChanged, SignInFailed
from waiting_room.store import StaffSession

PASSWORD = "violet harbor tumbling kettle"


pytestmark = pytest.mark.usefixtures("quick_hashes")


@pytest.fixture
def store() -> MemoryStaff:
    return MemoryStaff()


@pytest.fixture
def accounts(store: MemoryStaff) -> Accounts:
    return Accounts(store, HandClock())


async def add(accounts: Accounts, **changed: Any) -> Any:
    facts: dict[str, Any] = {
        "username": "sample.provider",
        "name": "Dr. Sample Provider",
        "role": Role.PROVIDER,
        "password": PASSWORD,
    }
    return await accounts.add(**(facts | changed))


def session(session_id: str, account_id: str) -> StaffSession:
    return StaffSession(session_id, account_id, "desktop", NOON, NOON.replace(hour=20), NOON)


async def test_an_account_is_kept_with_its_clinic_and_licences_and_told_to_the_trail(
    accounts: Accounts, store: MemoryStaff
) -> None:
    made = await add(accounts, clinic_id="north", licences={"NY", "NJ"})
    assert await accounts.find("sample.provider") == made
    assert (made.clinic_id, made.licences) == ("north", frozenset({"NY", "NJ"}))
    assert PASSWORD not in repr(store)
    changed = store.events[0]
    assert isinstance(changed, AccountChanged)
    assert (changed.account, changed.change, changed.what) == (made.id, "added", "provider north")
    assert (changed.actor, changed.role, changed.device) == ("operator", Role.OPERATOR, "cli")


async def test_the_trail_keeps_which_licences_were_set(accounts: Accounts, store: MemoryStaff) -> None:
    await add(accounts)
    await accounts.set_licences("sample.provider", ["NY", "NJ"])
    changed = store.events[-1]
    assert isinstance(changed, AccountChanged)
    assert (changed.change, changed.what) == ("licences", "NJ NY")


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"username": "Sample Provider"}, "username"),
        ({"role": Role.PATIENT}, "role"),
        ({"role": Role.OPERATOR}, "role"),
        ({"name": " "}, "name"),
        ({"name": "x" * 121}, "name"),
        ({"name": "a\nb"}, "name"),
        ({"licences": ["NY", "ZZ"]}, "licence: ZZ"),
        ({"password": "short"}, "password"),
    ],
)
async def test_what_cannot_be_an_account_is_named(accounts: Accounts, change: dict[str, Any], named: str) -> None:
    with pytest.raises(InvalidAccount, match=named):
        await add(accounts, **change)


async def test_a_name_is_taken_once(accounts: Accounts) -> None:
    await add(accounts)
    with pytest.raises(UsernameTaken):
        await add(accounts)


@pytest.mark.parametrize(
    ("password", "reason"),
    [
        ("kY7#pw!2vQz", Weakness.TOO_SHORT),
        ("x" * 257, Weakness.TOO_LONG),
        ("my-Sample.Provider-99!kzQ", Weakness.HOLDS_USERNAME),
        ("Sample Provider 4711 kzQ", Weakness.HOLDS_USERNAME),
        ("password1234", Weakness.EASY_TO_GUESS),
        ("aaaaaaaaaaaaaaaaaaaa", Weakness.EASY_TO_GUESS),
        ("qwertyuiop12", Weakness.EASY_TO_GUESS),
        ("abcdefghijkl", Weakness.EASY_TO_GUESS),
    ],
)
async def test_a_weak_password_is_refused_with_the_reason(
    accounts: Accounts, store: MemoryStaff, password: str, reason: Weakness
) -> None:
    with pytest.raises(PasswordWeak) as refused:
        await add(accounts, password=password)
    assert refused.value.reason is reason
    assert password not in str(refused.value)
    assert store.accounts == {}


async def test_the_longest_password_that_is_allowed_signs_in(accounts: Accounts) -> None:
    longest = (PASSWORD + " ") * 8
    await add(accounts, password=longest)
    assert await accounts.check_password("sample.provider", longest, device="desktop")
    assert await accounts.check_password("sample.provider", longest[:-1], device="desktop") is None


async def test_a_wrong_password_and_an_unknown_name_are_noted_alike(accounts: Accounts, store: MemoryStaff) -> None:
    made = await add(accounts)
    assert await accounts.check_password("sample.provider", "wrong", device="phone") is None
    assert await accounts.check_password("nobody", PASSWORD, device="phone") is None
    noted = [event for event in store.events if isinstance(event, SignInFailed)]
    assert [(one.account, one.role, one.device) for one in noted] == [
        (made.id, Role.CLOCK, "phone"),
        ("", Role.CLOCK, "phone"),
    ]


async def test_an_account_without_a_password_is_opened_by_none(accounts: Accounts, store: MemoryStaff) -> None:
    made = await add(accounts)
    store.accounts[made.id] = type(made)(made.id, made.username, made.name, made.role, "")
    for password in ("", PASSWORD):
        assert await accounts.check_password("sample.provider", password, device="") is None


async def test_a_disabled_account_is_found_by_nobody_and_its_sessions_end(
    accounts: Accounts, store: MemoryStaff
) -> None:
    made = await add(accounts)
    store.sessions = {"one": session("one", made.id), "other": session("other", "somebody else")}
    await accounts.disable("sample.provider")
    await accounts.disable("sample.provider")
    assert await accounts.find("sample.provider") is None
    assert await accounts.check_password("sample.provider", PASSWORD, device="") is None
    assert [one.ended_at is None for one in store.sessions.values()] == [False, True]
    assert store.kinds() == ["AccountChanged", "AccountChanged", "StaffSignedOut", "SignInFailed"]
    await accounts.enable("sample.provider")
    assert await accounts.check_password("sample.provider", PASSWORD, device="") is not None


async def test_another_password_ends_the_sessions_made_with_the_old_one(accounts: Accounts, store: MemoryStaff) -> None:
    made = await add(accounts)
    store.sessions = {"mine": session("mine", made.id), "other": session("other", made.id)}
    await accounts.reset("sample.provider", "quiet lantern over maple", spare="mine", by=actor_of(made))
    assert [one.ended_at is None for one in store.sessions.values()] == [True, False]
    assert await accounts.check_password("sample.provider", PASSWORD, device="") is None
    assert await accounts.check_password("sample.provider", "quiet lantern over maple", device="") is not None


async def test_a_password_that_is_set_meanwhile_does_not_enable_a_disabled_account(
    accounts: Accounts, monkeypatch: pytest.MonkeyPatch
) -> None:
    await add(accounts)
    hash_anew = accounts._passwords.hash

    async def disabled_meanwhile(password: str) -> str:
        await accounts.disable("sample.provider")
        return await hash_anew(password)

    monkeypatch.setattr(accounts._passwords, "hash", disabled_meanwhile)
    await accounts.reset("sample.provider", "quiet lantern over maple")
    assert await accounts.find("sample.provider") is None


async def test_licences_are_replaced(accounts: Accounts) -> None:
    await add(accounts, licences=["NY"])
    await accounts.set_licences("sample.provider", ["NJ", "CT"])
    assert [one.licences for one in await accounts.list()] == [frozenset({"NJ", "CT"})]
    with pytest.raises(InvalidAccount):
        await accounts.set_licences("sample.provider", ["ny"])


async def test_all_sessions_of_an_account_are_ended_at_a_word(accounts: Accounts, store: MemoryStaff) -> None:
    made = await add(accounts)
    store.sessions = {"one": session("one", made.id), "two": session("two", made.id)}
    assert await accounts.sign_out("sample.provider") == 2
    assert await accounts.sign_out("sample.provider") == 0


@pytest.mark.parametrize("change", ["disable", "enable", "sign_out"])
async def test_an_account_that_is_none_is_said_so(accounts: Accounts, change: str) -> None:
    with pytest.raises(AccountUnknown):
        await getattr(accounts, change)("nobody")


async def test_a_flood_of_guesses_becomes_no_queue(accounts: Accounts) -> None:
    accounts._passwords._comparing = MOST_AT_ONCE
    with pytest.raises(RequestRefused) as refused:
        await accounts.check_password("sample.provider", PASSWORD, device="")
    assert refused.value.code == "too_many_attempts"


async def test_an_actor_is_of_the_accounts_clinic(accounts: Accounts) -> None:
    actor = actor_of(await add(accounts, clinic_id="north"), "tablet")
    assert (actor.role, actor.clinic, actor.device) == (Role.PROVIDER, "north", "tablet")
