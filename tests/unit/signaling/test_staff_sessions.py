from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from signaling.accounts import Accounts, actor_of
from signaling.errors import RequestRefused
from signaling.staff_sessions import StaffSessions
from signaling.tokens import SessionClaims
from tests.support.staff_records import NOON, HandClock, MemoryStaff
from waiting_room.model import Role
from waiting_room.office_events import StaffSignedOut
from waiting_room.store import StaffAccount

IDLE = timedelta(minutes=15)
EVENING = NOON + timedelta(hours=8)
PROVIDER = StaffAccount("p", "sample.provider", "Dr. Sample Provider", Role.PROVIDER, "hash")
NURSE = StaffAccount("n", "sample.nurse", "Sample Nurse", Role.NURSE, "hash")


class Desk:
    """Two colleagues and their sessions, at noon."""

    def __init__(self) -> None:
        self.clock = HandClock()
        self.store = MemoryStaff(accounts={one.id: one for one in (PROVIDER, NURSE)})
        self.accounts = Accounts(self.store, self.clock)
        self.sessions = self.node()

    def node(self) -> StaffSessions:
        return StaffSessions(self.store, self.accounts, self.clock, IDLE, monotonic=self.clock.seconds)

    async def signed_in(self, account: StaffAccount, jti: str, *, until: datetime = EVENING) -> SessionClaims:
        await self.sessions.open(account, jti, device="desktop", expires_at=until)
        return SessionClaims("care", account.username, jti, until, device="desktop")

    async def refused(self, claims: SessionClaims) -> bool:
        with pytest.raises(RequestRefused) as error:
            await self.sessions.check(claims)
        return error.value.code == "unauthorized"


@pytest.fixture
def desk(quick_hashes: None) -> Desk:
    del quick_hashes
    return Desk()


async def test_a_session_says_whose_it_is_and_is_kept_under_a_hash(desk: Desk) -> None:
    claims = await desk.signed_in(PROVIDER, "jti-canary")
    assert await desk.sessions.check(claims) == PROVIDER
    assert list(desk.store.sessions) == [hashlib.sha256(b"jti-canary").hexdigest()]
    assert "jti-canary" not in repr(desk.store)
    assert desk.store.kinds() == ["StaffSignedIn"]


@pytest.mark.parametrize(
    "change", [{"session": "another"}, {"subject": "sample.nurse"}, {"subject": "nobody"}], ids=str
)
async def test_a_session_that_is_unknown_or_anothers_is_refused(desk: Desk, change: dict[str, Any]) -> None:
    claims = await desk.signed_in(PROVIDER, "a")
    assert await desk.refused(replace(claims, **change))


async def test_a_session_ends_with_its_time(desk: Desk) -> None:
    claims = await desk.signed_in(PROVIDER, "a", until=NOON + timedelta(minutes=5))
    desk.clock.pass_time(minutes=5)
    assert await desk.refused(claims)


async def test_a_signed_out_session_opens_nothing_at_once(desk: Desk) -> None:
    claims, other = await desk.signed_in(PROVIDER, "a"), await desk.signed_in(PROVIDER, "b")
    await desk.sessions.check(claims)
    await desk.sessions.end(["a"], "own_will", by=actor_of(PROVIDER))
    await desk.sessions.end(["a"], "own_will", by=actor_of(PROVIDER))
    assert await desk.refused(claims)
    assert await desk.sessions.check(other) == PROVIDER
    assert desk.store.kinds() == ["StaffSignedIn", "StaffSignedIn", "StaffSignedOut"]


async def test_what_is_ended_elsewhere_is_refused_within_a_second(desk: Desk) -> None:
    claims = await desk.signed_in(PROVIDER, "a")
    await desk.sessions.check(claims)
    await Accounts(desk.store, desk.clock).disable("sample.provider")
    desk.clock.pass_time(seconds=1)
    assert await desk.refused(claims)


async def test_a_disabled_account_is_refused_even_where_its_session_lives(desk: Desk) -> None:
    claims = await desk.signed_in(PROVIDER, "a")
    desk.store.accounts["p"] = replace(PROVIDER, disabled=True)
    desk.clock.pass_time(seconds=1)
    assert await desk.refused(claims)


async def test_a_sign_in_that_comes_too_late_for_a_disabling_opens_nothing(desk: Desk) -> None:
    desk.store.accounts["p"] = replace(PROVIDER, disabled=True)
    with pytest.raises(RequestRefused, match="sign_in_failed"):
        await desk.signed_in(PROVIDER, "a")
    assert await desk.store.list_sessions(NOON) == []


async def test_a_session_of_another_process_is_known_at_once(desk: Desk) -> None:
    await desk.sessions.check(await desk.signed_in(NURSE, "b"))
    elsewhere = desk.node()
    await elsewhere.open(PROVIDER, "a", device="desktop", expires_at=EVENING)
    assert await desk.sessions.check(SessionClaims("care", "sample.provider", "a", EVENING)) == PROVIDER


async def test_fifty_screens_do_not_cost_fifty_reads(desk: Desk) -> None:
    claims = [await desk.signed_in(PROVIDER, str(number)) for number in range(50)]
    desk.store.reads = 0
    for _ in range(20):
        for one in claims:
            await desk.sessions.check(one)
    assert desk.store.reads == 2
    connected = {str(number) for number in range(50)}
    desk.store.reads = 0
    assert await desk.sessions.review(connected, busy=()) == {}
    assert desk.store.reads == 1


async def test_a_review_tells_the_dead_from_the_living(desk: Desk) -> None:
    await desk.signed_in(PROVIDER, "alive")
    await desk.signed_in(PROVIDER, "ended")
    await desk.signed_in(PROVIDER, "short", until=NOON + timedelta(minutes=1))
    await desk.sessions.end(["ended"], "revoked", by=actor_of(PROVIDER))
    desk.clock.pass_time(minutes=1)
    connected = {"alive", "ended", "short", "unheard-of"}
    assert await desk.sessions.review(connected, busy=()) == {
        "ended": "session_expired",
        "short": "session_expired",
        "unheard-of": "session_expired",
    }


async def test_who_does_nothing_is_signed_off(desk: Desk) -> None:
    claims = await desk.signed_in(PROVIDER, "a")
    desk.clock.pass_time(minutes=14, seconds=59)
    assert await desk.sessions.review({"a"}, busy=()) == {}
    desk.clock.pass_time(seconds=1)
    assert await desk.sessions.review({"a"}, busy=()) == {"a": "idle"}
    assert await desk.refused(claims)
    signed_out = desk.store.events[-1]
    assert isinstance(signed_out, StaffSignedOut)
    assert (signed_out.account, signed_out.reason, signed_out.role) == ("p", "idle", Role.CLOCK)


async def test_who_does_something_stays(desk: Desk) -> None:
    claims = await desk.signed_in(PROVIDER, "a")
    for _ in range(30):
        desk.clock.pass_time(minutes=1)
        await desk.sessions.active(claims)
        assert await desk.sessions.review({"a"}, busy=()) == {}


async def test_activity_is_written_down_at_most_twice_a_minute(desk: Desk) -> None:
    claims = await desk.signed_in(PROVIDER, "a")
    for _ in range(60):
        desk.clock.pass_time(seconds=1)
        await desk.sessions.active(claims)
    assert desk.store.touches == 2


async def test_the_idle_sign_off_never_ends_a_live_visit_nor_follows_on_its_heels(desk: Desk) -> None:
    claims = await desk.signed_in(PROVIDER, "a")
    for _ in range(60):
        desk.clock.pass_time(minutes=1)
        assert await desk.sessions.review({"a"}, busy={"a"}) == {}
        assert await desk.sessions.check(claims) == PROVIDER
    assert await desk.sessions.review({"a"}, busy=()) == {}
    desk.clock.pass_time(minutes=14)
    assert await desk.sessions.review({"a"}, busy=()) == {}
    desk.clock.pass_time(minutes=1)
    assert await desk.sessions.review({"a"}, busy=()) == {"a": "idle"}


async def test_a_second_window_is_signed_off_while_its_owner_is_in_a_visit_at_the_first(desk: Desk) -> None:
    visiting, forgotten = await desk.signed_in(PROVIDER, "a"), await desk.signed_in(PROVIDER, "b")
    desk.clock.pass_time(minutes=15)
    assert await desk.sessions.review({"a", "b"}, busy={"a"}) == {"b": "idle"}
    assert await desk.refused(forgotten)
    assert await desk.sessions.check(visiting) == PROVIDER


async def test_a_closed_window_is_signed_off_too(desk: Desk) -> None:
    claims = await desk.signed_in(PROVIDER, "a")
    desk.clock.pass_time(minutes=15)
    assert await desk.sessions.review(set(), busy=()) == {}
    assert await desk.refused(claims)
    assert desk.store.kinds()[-1] == "StaffSignedOut"


async def test_an_idle_session_opens_nothing_before_anybody_reviews(desk: Desk) -> None:
    claims = await desk.signed_in(PROVIDER, "a")
    desk.clock.pass_time(minutes=15)
    assert await desk.refused(claims)
    with pytest.raises(RequestRefused):
        await desk.sessions.active(claims)


async def test_while_the_store_fails_nobodys_session_ends(desk: Desk) -> None:
    claims = await desk.signed_in(PROVIDER, "a")
    desk.store.broken = True
    desk.clock.pass_time(minutes=20)
    assert await desk.sessions.review({"a"}, busy=()) == {}
    desk.store.broken = False
    desk.clock.pass_time(minutes=-10)
    assert await desk.sessions.check(claims) == PROVIDER


async def test_every_session_has_its_end_in_the_trail(desk: Desk) -> None:
    for jti in ("a", "b"):
        await desk.signed_in(PROVIDER, jti)
    await desk.signed_in(NURSE, "c")
    desk.clock.pass_time(minutes=15)
    await desk.sessions.review(set(), busy={"c"})
    ended = [event.account for event in desk.store.events if isinstance(event, StaffSignedOut)]
    assert ended == ["p", "p"]
