"""Staff accounts and their sessions on a running server, and the operator's commands for them; S12, S59."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from signaling.accounts import Accounts
from signaling.cli_staff import staff
from signaling.clock import utc_now
from signaling.data_folder import open_store
from signaling.known_devices import COOKIE
from signaling.settings import load_settings
from tests.support.clinic import PASSWORD, Clinic, Wire, clinic_settings, open_clinic
from waiting_room.audit import Entry

ANOTHER = "quiet lantern over maple"
IPHONE = {"User-Agent": "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) canary-agent Mobile/15E148"}

Json = dict[str, Any]


async def sign_in(clinic: Clinic, username: str = "sample.provider", password: str = PASSWORD, **options: Any) -> Any:
    return await clinic.post("/api/v1/staff/sign-in", {"username": username, "password": password}, **options)


async def token_of(clinic: Clinic, username: str = "sample.provider") -> str:
    return str((await sign_in(clinic, username))[1]["token"])


async def ask(clinic: Clinic, path: str, token: str, body: Json | None = None) -> tuple[int, Json]:
    return await clinic.post(f"/api/v1/staff/{path}", body or {}, headers={"Authorization": f"Bearer {token}"})


async def screen(clinic: Clinic, token: str) -> Wire:
    wire = await clinic.connect("/care", token)
    await wire.shows(lambda it: "queue" in it, "the queue")
    return wire


async def refused(clinic: Clinic, token: str) -> bool:
    wire = await clinic.connect("/care", token)
    return wire.refusal is not None and wire.refusal["data"]["code"] == "unauthorized"


@asynccontextmanager
async def operator(clinic: Clinic) -> AsyncIterator[Accounts]:
    """The accounts as another process has them: the command line's."""
    store = await open_store(clinic.settings)
    try:
        yield Accounts(store, utc_now)
    finally:
        await store.close()


async def trail(clinic: Clinic, *kinds: str) -> list[Entry]:
    return [one for one in await clinic.server.store.entries() if one.kind in kinds]


def pass_time(clinic: Clinic, **given: float) -> None:
    """Let the server's clock be so much later."""
    clinic.node.clock._now += timedelta(**given).total_seconds()


async def test_a_sign_in_stands_in_the_trail_with_the_class_of_the_device(clinic: Clinic) -> None:
    await sign_in(clinic, headers=IPHONE)
    await sign_in(clinic, password="wrong", headers=IPHONE)
    await sign_in(clinic, username="nobody", headers=IPHONE)
    entries = await trail(clinic, "StaffSignedIn", "SignInFailed")
    assert [(one.kind, one.actor, one.device, one.facts.get("account")) for one in entries] == [
        ("StaffSignedIn", "sample-provider", "phone", None),
        ("SignInFailed", "clock", "phone", "sample-provider"),
        ("SignInFailed", "clock", "phone", ""),
    ]
    assert "canary-agent" not in repr(entries)


async def test_signing_out_ends_the_session_everywhere_and_no_other(clinic: Clinic) -> None:
    token, other = await token_of(clinic), await token_of(clinic)
    here, elsewhere = await screen(clinic, token), await screen(clinic, other)
    assert await ask(clinic, "sign-out", token) == (200, {})
    assert await ask(clinic, "sign-out", token) == (200, {})
    assert await here.said_goodbye() == "session_expired"
    assert await refused(clinic, token)
    assert await elsewhere.ok("presence.active") == {}
    assert [one.facts["reason"] for one in await trail(clinic, "StaffSignedOut")] == ["own_will"]


@pytest.mark.parametrize("path", ["sign-out", "password"])
async def test_without_a_staff_token_nothing_is_changed(clinic: Clinic, path: str) -> None:
    patient = (await clinic.redeem(await clinic.book()))["token"]
    for token in ("", "a.b.c", patient):
        status, body = await ask(clinic, path, token, {"old": PASSWORD, "new": ANOTHER})
        assert (status, body["error"]["code"]) == (401, "unauthorized")


async def test_a_disabled_accounts_screens_end_within_two_seconds_and_its_places_are_free(clinic: Clinic) -> None:
    _, patient, provider = await clinic.in_visit()
    token = await token_of(clinic)
    async with operator(clinic) as accounts:
        await accounts.disable("sample.provider")
    assert await provider.said_goodbye() == "session_expired"
    await patient.shows(lambda it: it["others"] == [], "the provider is gone")
    assert await refused(clinic, token)
    status, body = await sign_in(clinic)
    assert (status, body["error"]["code"]) == (401, "sign_in_failed")
    async with operator(clinic) as accounts:
        await accounts.enable("sample.provider")
    assert await refused(clinic, token)
    assert (await sign_in(clinic))[0] == 200


async def test_revoked_sessions_end_and_the_account_signs_in_again(clinic: Clinic) -> None:
    provider = await clinic.staff()
    async with operator(clinic) as accounts:
        assert await accounts.sign_out("sample.provider") == 1
    assert await provider.said_goodbye() == "session_expired"
    assert (await sign_in(clinic))[0] == 200


async def test_s59_a_revoked_session_stays_revoked_over_a_restart(tmp_path: Path) -> None:
    settings = clinic_settings(tmp_path)
    async with open_clinic(settings) as clinic:
        kept, ended = await token_of(clinic), await token_of(clinic)
        await ask(clinic, "sign-out", ended)
    async with open_clinic(settings) as clinic:
        assert await refused(clinic, ended)
        assert await screen(clinic, kept)


async def test_who_does_nothing_is_signed_off_and_told_why(clinic: Clinic) -> None:
    token = await token_of(clinic)
    wire = await screen(clinic, token)
    assert wire.now["idle_after_s"] == 900
    pass_time(clinic, minutes=14)
    await wire.ok("presence.active")
    pass_time(clinic, minutes=14)
    await clinic.node.sign_off.review()
    assert wire.byes == []
    pass_time(clinic, minutes=1)
    assert await wire.said_goodbye() == "idle"
    assert await refused(clinic, token)
    assert [one.facts["reason"] for one in await trail(clinic, "StaffSignedOut")] == ["idle"]


async def test_a_forgotten_window_is_signed_off_while_its_owner_is_in_a_visit(clinic: Clinic) -> None:
    _, patient, provider = await clinic.in_visit()
    forgotten = await screen(clinic, await token_of(clinic))
    pass_time(clinic, minutes=15)
    assert await forgotten.said_goodbye() == "idle"
    assert (provider.byes, patient.byes) == ([], [])


async def test_the_idle_sign_off_never_ends_a_live_visit(clinic: Clinic) -> None:
    _, patient, provider = await clinic.in_visit()
    for _ in range(8):
        pass_time(clinic, minutes=10)
        await clinic.node.sign_off.review()
    assert provider.byes == []
    assert patient.now["me"]["phase"] == "in_visit"
    await provider.ok("visit.leave", {"visit": provider.now["visit"]["id"]})
    await clinic.node.sign_off.review()
    assert provider.byes == []
    pass_time(clinic, minutes=15)
    assert await provider.said_goodbye() == "idle"
    assert patient.byes == []


async def test_another_password_ends_the_persons_other_sessions(clinic: Clinic) -> None:
    token = await token_of(clinic)
    mine, other = await screen(clinic, token), await clinic.staff()
    assert await ask(clinic, "password", token, {"old": PASSWORD, "new": ANOTHER}) == (200, {})
    assert await other.said_goodbye() == "session_expired"
    assert await mine.ok("presence.active") == {}
    assert (await sign_in(clinic))[0] == 401
    assert (await sign_in(clinic, password=ANOTHER))[0] == 200
    assert [(one.actor, one.facts["change"]) for one in await trail(clinic, "AccountChanged")] == [
        ("sample-provider", "password")
    ]


async def test_another_password_needs_the_old_one_and_must_be_hard_to_guess(clinic: Clinic) -> None:
    token = await token_of(clinic)
    status, body = await ask(clinic, "password", token, {"old": "wrong", "new": ANOTHER})
    assert (status, body["error"]["code"]) == (401, "sign_in_failed")
    for new, reason in (
        ("short", "too_short"),
        ("x" * 300, "too_long"),
        ("sample.provider 4711", "holds_username"),
        ("password1234", "easy_to_guess"),
    ):
        status, body = await ask(clinic, "password", token, {"old": PASSWORD, "new": new})
        assert (status, body["error"]["code"], body["error"]["reason"]) == (422, "password_weak", reason)
    assert (await sign_in(clinic))[0] == 200


async def test_s12_a_thousand_wrong_guesses_from_elsewhere_shut_nobody_out(tmp_path: Path) -> None:
    async with open_clinic(clinic_settings(tmp_path, trusted_proxies=["127.0.0.1"])) as clinic:
        elsewhere, here = {"X-Forwarded-For": "192.0.2.1"}, {"X-Forwarded-For": "203.0.113.9"}
        statuses = [(await sign_in(clinic, password=f"guess {n}", headers=elsewhere))[0] for n in range(1000)]
        assert statuses == [401] * 10 + [429] * 990
        assert (await sign_in(clinic, headers=here))[0] == 200
        assert len(await trail(clinic, "SignInFailed")) == 10


async def test_s12_guesses_behind_the_same_address_do_not_shut_out_a_known_device(clinic: Clinic) -> None:
    # Over plain HTTP the test's client sends no Secure cookie back, so it is brought by hand.
    async with clinic.http.post(
        f"{clinic.settings.base_url}/api/v1/staff/sign-in", json={"username": "sample.provider", "password": PASSWORD}
    ) as answer:
        cookie = answer.cookies[COOKIE]
    assert (cookie["httponly"], cookie["secure"], cookie["samesite"]) == (True, True, "Strict")
    assert cookie["path"] == "/api/v1/staff"
    for number in range(20):
        status, _ = await sign_in(clinic, password=f"guess {number}")
    assert status == 429
    assert (await sign_in(clinic))[0] == 429
    known = {"Cookie": f"{COOKIE}={cookie.value}"}
    assert (await sign_in(clinic, headers=known))[0] == 200
    assert (await sign_in(clinic, username="sample.nurse", headers=known))[0] == 200
    assert await refused(clinic, cookie.value)


@pytest.fixture
def run(tmp_path: Path) -> Any:
    def command(*arguments: str, typed: str = "", **environment: str) -> Result:
        facts = {f"VIDEO_VISIT_{name.upper()}": value for name, value in environment.items()}
        return CliRunner().invoke(
            staff, arguments, input=typed, env={"VIDEO_VISIT_DATA_DIR": str(tmp_path / "data")} | facts
        )

    made = command("add", "sample.provider", "--name", "Dr. Sample", "--role", "provider", "--licence", "NY")
    assert made.exit_code == 0, made.output
    return command


def row_of(listed: Result, username: str = "sample.provider") -> list[str]:
    return next(line for line in listed.output.splitlines() if username in line).split()


def test_an_account_is_listed_with_its_clinic_licences_and_state(run: Any) -> None:
    assert row_of(run("list"))[-3:] == ["provider", "main", "NY"]
    assert run("licences", "sample.provider", "--licence", "NJ", "--licence", "CT").exit_code == 0
    assert run("disable", "sample.provider").exit_code == 0
    assert row_of(run("list"))[-4:] == ["main", "CT", "NJ", "disabled"]
    assert run("enable", "sample.provider").exit_code == 0
    assert run("licences", "sample.provider").exit_code == 0
    assert row_of(run("list"))[-2:] == ["provider", "main"]


def test_a_password_that_is_made_is_printed_once_and_one_that_is_given_never(run: Any) -> None:
    username, password = run("reset", "sample.provider").output.split()
    assert (username, len(password)) == ("sample.provider", 16)
    given = run("reset", "sample.provider", "--password-stdin", typed=f"{ANOTHER}\n")
    assert given.output == "sample.provider\n"


def test_sessions_are_ended_and_counted(run: Any) -> None:
    assert run("sign-out", "sample.provider").output == "0\n"


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        (("add", "sample.provider", "--name", "Again", "--role", "nurse"), "username: an account of this name"),
        (("add", "x", "--name", "X", "--role", "nurse"), "username: 2 to 63"),
        (("add", "new", "--name", "X", "--role", "nurse", "--clinic", "north"), "clinic_unknown"),
        (("add", "new", "--name", "X", "--role", "provider", "--licence", "ZZ"), "licence: ZZ"),
        (("disable", "nobody"), "username: there is no such account"),
        (("enable", "nobody"), "username: there is no such account"),
        (("reset", "nobody"), "username: there is no such account"),
        (("licences", "nobody", "--licence", "NY"), "username: there is no such account"),
        (("licences", "sample.provider", "--licence", "new york"), "licence: new york"),
        (("sign-out", "nobody"), "username: there is no such account"),
    ],
)
def test_what_is_wrong_is_named(run: Any, arguments: tuple[str, ...], named: str) -> None:
    answer = run(*arguments)
    assert answer.exit_code == 2
    assert named in answer.output


def test_a_weak_password_is_refused_with_the_reason(run: Any) -> None:
    for typed, named in (("short\n", "at least 12"), ("password1234\n", "too easy to guess")):
        answer = run("reset", "sample.provider", "--password-stdin", typed=typed)
        assert answer.exit_code == 2
        assert named in answer.output


def test_where_there_are_several_clinics_one_must_be_named(run: Any) -> None:
    clinics = {"clinics__main__name": "Main", "clinics__north__name": "North"}
    asked = ("add", "new.nurse", "--name", "New Nurse", "--role", "nurse")
    assert "clinic: one of main, north" in run(*asked, **clinics).output
    assert run(*asked, "--clinic", "north", **clinics).exit_code == 0
    assert row_of(run("list", **clinics), "new.nurse")[-1] == "north"


def test_each_change_stands_in_the_trail_as_the_operators(run: Any, tmp_path: Path) -> None:
    run("disable", "sample.provider")
    run("licences", "sample.provider")

    async def read() -> list[Entry]:
        store = await open_store(load_settings(data_dir=tmp_path / "data"))
        try:
            return await store.entries()
        finally:
            await store.close()

    entries = asyncio.run(read())
    assert [(one.facts["change"], one.actor, one.role, one.device) for one in entries] == [
        (change, "operator", "operator", "cli") for change in ("added", "disabled", "licences")
    ]
