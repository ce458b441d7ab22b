"""S1–S6: tokens that are not ours, not whole, not in date, or made for something else; of people and of the API alike."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import jwt
import pytest

from signaling.errors import RequestRefused
from signaling.tokens import LONGEST, Audience, Keyring, KeysUnreadable, SessionClaims, SessionTokens

KEY, OLD_KEY = b"k" * 32, b"o" * 32
HOUR = timedelta(hours=1)
NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
TOKENS = SessionTokens(Keyring({"new": KEY, "old": OLD_KEY}), clock=lambda: NOW)
OWN: dict[Audience, dict[str, Any]] = {
    "visit": {"visit": "v", "role": "patient"},
    "care": {},
    "api": {"scope": "appointments:read reports:read"},
    "device": {},
}
every_audience = pytest.mark.parametrize("aud", ["visit", "care", "api", "device"])


def claims(**changed: Any) -> SessionClaims:
    facts: dict[str, Any] = {
        "audience": "visit",
        "subject": "patient",
        "session": "s",
        "expires_at": NOW + HOUR,
        "visit": "v",
        "role": "patient",
        "device": "phone",
    }
    return SessionClaims(**(facts | changed))


def forged(
    payload: dict[str, Any] | None = None,
    *,
    aud: Audience = "visit",
    key: bytes = KEY,
    alg: str = "HS256",
    **header: Any,
) -> str:
    good = {
        "iss": "video-visit",
        "aud": aud,
        "sub": "patient",
        "jti": "s",
        "device": "phone",
        "iat": NOW,
        "nbf": NOW,
        "exp": NOW + HOUR,
    } | OWN[aud]
    changed = {name: value for name, value in (good | (payload or {})).items() if value is not None}
    return jwt.encode(changed, key, algorithm=alg, headers={"kid": "new"} | header)


def refused(token: str, aud: Audience = "visit") -> bool:
    with pytest.raises(RequestRefused) as error:
        TOKENS.verify(token, aud)
    return error.value.code == "unauthorized"


@pytest.mark.parametrize(
    "given",
    [
        claims(),
        claims(audience="care", visit=None, role=None, device="desktop"),
        claims(audience="api", visit=None, role=None, device="api", scopes=frozenset({"reports:read", "b:c"})),
        claims(audience="api", visit=None, role=None, expires_at=NOW + timedelta(days=400)),
    ],
)
def test_a_token_says_what_was_put_in(given: SessionClaims) -> None:
    assert TOKENS.verify(TOKENS.issue(given, now=NOW), given.audience) == given


@every_audience
def test_the_forger_of_these_tests_can_forge(aud: Audience) -> None:
    assert TOKENS.verify(forged(aud=aud), aud).subject == "patient"


@every_audience
def test_s1_unsigned_and_stripped_tokens_are_refused(aud: Audience) -> None:
    head = base64.urlsafe_b64encode(json.dumps({"alg": "none", "kid": "new"}).encode()).rstrip(b"=").decode()
    token = forged(aud=aud)
    assert refused(f"{head}.{token.split('.')[1]}.", aud)
    assert refused(token.rsplit(".", 1)[0] + ".", aud)
    assert refused(token[:-4] + "AAAA", aud)


@every_audience
@pytest.mark.parametrize("alg", ["HS384", "HS512"])
@pytest.mark.filterwarnings("ignore::jwt.InsecureKeyLengthWarning")
def test_s1_s3_another_algorithm_than_the_keys_is_refused(alg: str, aud: Audience) -> None:
    assert refused(forged(aud=aud, alg=alg), aud)


@every_audience
def test_s2_an_unknown_crit_is_refused(aud: Audience) -> None:
    assert refused(forged(aud=aud, crit=["b64"], b64=True), aud)


@every_audience
@pytest.mark.parametrize("kid", ["../../x", "none", "", 7, None, ["new"]])
def test_s4_a_kid_that_names_no_key_is_refused(kid: object, aud: Audience) -> None:
    token = forged(aud=aud)
    head = json.dumps({"alg": "HS256", "typ": "JWT", "kid": kid}).encode()
    assert refused(base64.urlsafe_b64encode(head).rstrip(b"=").decode() + "." + token.split(".", 1)[1], aud)


@every_audience
@pytest.mark.filterwarnings("ignore::jwt.InsecureKeyLengthWarning")
def test_s4_a_token_signed_with_nothing_is_refused(aud: Audience) -> None:
    unsigned = forged(aud=aud, kid="unknown").rsplit(".", 1)[0]
    empty = base64.urlsafe_b64encode(hmac.digest(b"", unsigned.encode(), hashlib.sha256)).rstrip(b"=").decode()
    assert refused(f"{unsigned}.{empty}", aud)


@every_audience
def test_s4_keys_offered_by_the_token_itself_are_ignored(aud: Audience) -> None:
    attackers = b"a" * 32
    jwk = {"kty": "oct", "k": base64.urlsafe_b64encode(attackers).decode()}
    offered: dict[str, Any] = {"jwk": jwk, "jku": "https://attacker.test/keys", "x5u": "https://attacker.test/x"}
    assert refused(forged(aud=aud, key=attackers, **offered), aud)


@pytest.mark.parametrize(
    "change",
    [{"aud": "care"}, {"aud": "api"}, {"aud": "device"}, {"aud": "turn"}, {"iss": "other"}, {"aud": None}, {"iss": None},
     {"visit": None}, {"role": None}, {"visit": 7}, {"sub": None}, {"jti": None}, {"jti": ["s"]}, {"device": None}, {"device": 7}],
)  # fmt: skip
def test_s5_a_token_made_for_something_else_is_refused(change: dict[str, Any]) -> None:
    assert refused(forged(change))


@pytest.mark.parametrize(
    "change",
    [{"aud": "visit"}, {"aud": "care"}, {"aud": "turn"}, {"aud": None}, {"iss": "other"}, {"scope": None},
     {"scope": ["appointments:write"]}, {"sub": None}, {"jti": None}],
)  # fmt: skip
def test_s5_an_api_token_made_for_something_else_is_refused(change: dict[str, Any]) -> None:
    assert refused(forged(change, aud="api"), "api")


@pytest.mark.parametrize(("made_for", "used_for"), [(one, other) for one in OWN for other in OWN if one != other])
def test_s5_a_token_opens_nothing_of_another_audience(made_for: Audience, used_for: Audience) -> None:
    assert refused(forged(OWN[used_for], aud=made_for), used_for)


@every_audience
@pytest.mark.parametrize("seconds", [-30, -31, -3600])
def test_s6_a_token_out_of_date_is_refused_beyond_the_leeway(seconds: int, aud: Audience) -> None:
    assert refused(forged({"exp": NOW + timedelta(seconds=seconds), "iat": NOW - HOUR}, aud=aud), aud)


@every_audience
def test_s6_the_leeway_is_thirty_seconds(aud: Audience) -> None:
    assert TOKENS.verify(forged({"exp": NOW - timedelta(seconds=29)}, aud=aud), aud)
    for claim in ("nbf", "iat"):
        assert TOKENS.verify(forged({claim: NOW + timedelta(seconds=30)}, aud=aud), aud)
        assert refused(forged({claim: NOW + timedelta(seconds=31)}, aud=aud), aud)


@every_audience
@pytest.mark.parametrize("claim", ["exp", "nbf", "iat"])
@pytest.mark.parametrize("value", [None, "soon", 10**30, -(10**30), True, [1], 1.5])
def test_s6_a_time_that_is_none_is_refused(claim: str, value: object, aud: Audience) -> None:
    assert refused(forged({claim: value}, aud=aud), aud)


@every_audience
def test_s6_a_hundred_years_are_refused(aud: Audience) -> None:
    assert refused(forged({"exp": NOW + timedelta(days=36_500)}, aud=aud), aud)
    assert TOKENS.verify(forged({"exp": NOW + LONGEST[aud]}, aud=aud), aud)
    assert refused(forged({"exp": NOW + LONGEST[aud] + timedelta(seconds=31)}, aud=aud), aud)
    with pytest.raises(ValueError, match="so long"):
        TOKENS.issue(claims(audience=aud, expires_at=NOW + LONGEST[aud] + HOUR), now=NOW)


@every_audience
@pytest.mark.parametrize("step", [HOUR * 5, -HOUR * 5])
def test_s64_in_date_is_what_the_servers_own_clock_says(step: timedelta, aud: Audience) -> None:
    stepped = SessionTokens(Keyring({"new": KEY}), clock=lambda: NOW + step)
    with pytest.raises(RequestRefused):
        stepped.verify(forged(aud=aud), aud)


def test_s8_the_old_key_verifies_until_it_is_taken_away() -> None:
    token = forged(key=OLD_KEY, kid="old")
    assert TOKENS.verify(token, "visit")
    with pytest.raises(RequestRefused):
        SessionTokens(Keyring({"new": KEY}), clock=lambda: NOW).verify(token, "visit")


def test_new_tokens_are_signed_by_the_first_key() -> None:
    assert jwt.get_unverified_header(TOKENS.issue(claims(), now=NOW))["kid"] == "new"


def test_a_staff_token_opens_no_waiting_room() -> None:
    staff = claims(audience="care", visit=None, role=None)
    assert refused(TOKENS.issue(staff, now=NOW))


def test_keys_are_made_once_and_for_the_owner_alone(tmp_path: Path) -> None:
    path = tmp_path / "keys.json"
    first = Keyring.load(path)
    assert path.stat().st_mode & 0o777 == 0o600
    assert Keyring.load(path) == first
    assert all(len(key) == 32 for key in first.keys.values())


@pytest.mark.parametrize("content", ["", "{}", "[]", '{"a": "00"}', '{"a": 7}', "not json"])
def test_a_key_file_that_is_damaged_is_refused_not_replaced(tmp_path: Path, content: str) -> None:
    path = tmp_path / "keys.json"
    path.write_text(content)
    with pytest.raises(KeysUnreadable):
        Keyring.load(path)
    assert path.read_text() == content


def test_no_secret_shows_in_a_repr() -> None:
    assert "6b6b" not in repr(Keyring({"new": KEY}))
    assert "'s'" not in repr(claims())
