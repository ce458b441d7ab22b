"""What every store must keep of staff, their sessions and API tokens."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from tests.support.stores import kept, staff_event
from tests.support.visits import NOON
from waiting_room import events as ev
from waiting_room.errors import AccountUnknown, TokenUnknown, UsernameTaken
from waiting_room.model import Role
from waiting_room.office_events import ApiTokenChanged, StaffSignedIn, StaffSignedOut
from waiting_room.store import ApiToken, StaffAccount, StaffSession, Store

DAY = timedelta(days=1)
NURSE_ACCOUNT = StaffAccount("id", "sample.nurse", "Sample Nurse", Role.NURSE, "hash")


async def test_an_account_comes_back_as_it_was_kept(store: Store) -> None:
    provider = StaffAccount(
        "p", "a.provider", "Dr. Sample", Role.PROVIDER, "", "branch", frozenset({"NY", "CA"}), disabled=True
    )
    await store.add_staff(NURSE_ACCOUNT)
    await store.add_staff(provider, [staff_event("p")])
    assert await store.find_staff("sample.nurse") == NURSE_ACCOUNT
    assert await store.list_staff() == [provider, NURSE_ACCOUNT]
    assert await kept(store) == ["AccountChanged"]


async def test_a_username_is_given_once(store: Store) -> None:
    await store.add_staff(NURSE_ACCOUNT)
    with pytest.raises(UsernameTaken):
        await store.add_staff(replace(NURSE_ACCOUNT, id="other"), [staff_event()])
    await store.add_staff(replace(NURSE_ACCOUNT, id="other", username="other"))
    with pytest.raises(UsernameTaken):
        await store.change_staff(replace(NURSE_ACCOUNT, id="other"), [staff_event()])
    assert await kept(store) == []


async def test_an_account_changes_whole_and_is_recorded(store: Store) -> None:
    await store.add_staff(NURSE_ACCOUNT)
    changed = StaffAccount("id", "new.name", "New", Role.FRONT_DESK, "new", "branch", frozenset({"NV"}), disabled=True)
    await store.change_staff(changed, [staff_event(change="disabled")])
    assert await store.list_staff() == [changed]
    assert [entry.facts["change"] for entry in await store.entries()] == ["disabled"]
    with pytest.raises(AccountUnknown):
        await store.change_staff(replace(changed, id="other", username="other"), [staff_event()])
    assert len(await store.entries()) == 1


def session(session_id: str, began_at: datetime = NOON) -> StaffSession:
    return StaffSession(session_id, "id", "desktop", began_at, began_at + timedelta(hours=8), began_at)


def signed(kind: type[ev.Event], **facts: str) -> Sequence[ev.Event]:
    return [kind(visit="", at=NOON, actor="id", role=Role.NURSE, **facts)]


async def test_a_session_lives_until_it_ends_or_expires(store: Store) -> None:
    early, late = session("early", NOON - timedelta(hours=3)), session("late")
    await store.open_session(late, signed(StaffSignedIn))
    await store.open_session(early, signed(StaffSignedIn))
    assert await store.list_sessions(NOON) == [early, late]
    assert await store.list_sessions(early.expires_at) == [late]
    await store.end_sessions(["late", "unknown"], NOON, signed(StaffSignedOut, account="id", reason="idle"))
    assert await store.list_sessions(NOON) == [early]
    assert await kept(store) == ["StaffSignedIn", "StaffSignedIn", "StaffSignedOut"]


async def test_a_persons_doing_is_noted_and_is_not_part_of_the_trail(store: Store) -> None:
    await store.open_session(session("mine"), ())
    later = NOON + timedelta(minutes=5)
    await store.touch_session("mine", later)
    await store.touch_session("mine", NOON)
    await store.touch_session("unknown", later)
    assert await store.list_sessions(NOON) == [replace(session("mine"), active_at=later)]
    assert await kept(store) == []


# API tokens.


async def test_a_token_is_known_until_and_after_it_is_revoked(store: Store) -> None:
    scopes = frozenset({"appointments:read", "appointments:write"})
    old = ApiToken("old", "Portal", scopes, "main", NOON, NOON + 90 * DAY)
    new = ApiToken("new", "Reports", frozenset(), None, NOON + DAY, NOON + 2 * DAY)
    made = ApiTokenChanged(visit="", at=NOON, actor="operator", role=Role.OPERATOR, token="old", change="made")
    for token in (old, new):
        await store.add_token(token, [replace(made, token=token.id)])
    assert await store.find_token("old") == old
    assert await store.list_tokens() == [new, old]
    for hour in range(2):
        await store.revoke_token("old", NOON + timedelta(hours=hour), [replace(made, change="revoked")])
    assert await store.find_token("old") == replace(old, revoked_at=NOON)
    assert [entry.facts["change"] for entry in await store.entries()] == ["made", "made", "revoked"]
    with pytest.raises(TokenUnknown):
        await store.revoke_token("unknown", NOON, [made])
    assert len(await store.entries()) == 3
