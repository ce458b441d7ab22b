"""S1–S6: tokens that are not ours, not whole, not in date, or made for something else."""

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
from signaling.tokens import Keyring, KeysUnreadable, SessionClaims, SessionTokens

KEY, OLD_KEY = b"k" * 32, b"o" * 32
TOKENS = SessionTokens(Keyring({"new": KEY, "old": OLD_KEY}))
HOUR = timedelta(hours=1)


def claims(**changed: Any) -> SessionClaims:
    facts: dict[str, Any] = {
        "audience": "visit",
        "subject": "patient",
        "session": "s",
        "expires_at": datetime.now(UTC).replace(microsecond=0) + HOUR,
        "visit": "v",
        "role": "patient",
    }
    return SessionClaims(**(facts | changed))


def forged(payload: dict[str, Any] | None = None, *, key: bytes = KEY, alg: str = "HS256", **header: Any) -> str:
    now = datetime.now(UTC)
    good = {
        "iss": "video-visit",
        "aud": "visit",
        "sub": "patient",
        "jti": "s",
        "iat": now,
        "nbf": now,
        "exp": now + HOUR,
        "visit": "v",
        "role": "patient",
    }
    changed = {name: value for name, value in (good | (payload or {})).items() if value is not None}
    return jwt.encode(changed, key, algorithm=alg, headers={"kid": "new"} | header)


def refused(token: str) -> bool:
    with pytest.raises(RequestRefused) as error:
        TOKENS.verify(token, "visit")
    return error.value.code == "unauthorized"


def test_a_token_says_what_was_put_in() -> None:
    given = claims()
    assert TOKENS.verify(TOKENS.issue(given, now=datetime.now(UTC)), "visit") == given


def test_s1_unsigned_and_stripped_tokens_are_refused() -> None:
    head = base64.urlsafe_b64encode(json.dumps({"alg": "none", "kid": "new"}).encode()).rstrip(b"=").decode()
    body = forged().split(".")[1]
    assert refused(f"{head}.{body}.")
    assert refused(forged().rsplit(".", 1)[0] + ".")
    assert refused(forged()[:-4] + "AAAA")


@pytest.mark.parametrize("alg", ["HS384", "HS512"])
@pytest.mark.filterwarnings("ignore::jwt.InsecureKeyLengthWarning")
def test_s1_s3_another_algorithm_than_the_keys_is_refused(alg: str) -> None:
    assert refused(forged(alg=alg))


def test_s2_an_unknown_crit_is_refused() -> None:
    assert refused(forged(crit=["b64"], b64=True))


@pytest.mark.parametrize("kid", ["../../x", "none", "", 7, None, ["new"]])
def test_s4_a_kid_that_names_no_key_is_refused(kid: object) -> None:
    token = forged()
    head = json.dumps({"alg": "HS256", "typ": "JWT", "kid": kid}).encode()
    assert refused(base64.urlsafe_b64encode(head).rstrip(b"=").decode() + "." + token.split(".", 1)[1])


@pytest.mark.filterwarnings("ignore::jwt.InsecureKeyLengthWarning")
def test_s4_a_token_signed_with_nothing_is_refused() -> None:
    unsigned = forged(kid="unknown").rsplit(".", 1)[0]
    empty = base64.urlsafe_b64encode(hmac.digest(b"", unsigned.encode(), hashlib.sha256)).rstrip(b"=").decode()
    assert refused(f"{unsigned}.{empty}")


def test_s4_keys_offered_by_the_token_itself_are_ignored() -> None:
    attackers = b"a" * 32
    jwk = {"kty": "oct", "k": base64.urlsafe_b64encode(attackers).decode()}
    assert refused(forged(key=attackers, jwk=jwk, jku="https://attacker.test/keys", x5u="https://attacker.test/x"))


@pytest.mark.parametrize(
    "change",
    [{"aud": "care"}, {"aud": "turn"}, {"iss": "other"}, {"aud": None}, {"iss": None}, {"visit": None}, {"role": None},
     {"visit": 7}, {"sub": None}, {"jti": None}, {"jti": ["s"]}],
)  # fmt: skip
def test_s5_a_token_made_for_something_else_is_refused(change: dict[str, Any]) -> None:
    assert refused(forged(change))


@pytest.mark.parametrize("seconds", [-31, -3600])
def test_s6_a_token_out_of_date_is_refused_beyond_the_leeway(seconds: int) -> None:
    assert refused(forged({"exp": datetime.now(UTC) + timedelta(seconds=seconds)}))


def test_s6_the_leeway_is_thirty_seconds() -> None:
    now = datetime.now(UTC)
    assert TOKENS.verify(forged({"exp": now - timedelta(seconds=25)}), "visit")
    assert TOKENS.verify(forged({"nbf": now + timedelta(seconds=25)}), "visit")
    assert refused(forged({"nbf": now + timedelta(seconds=40)}))


@pytest.mark.parametrize("exp", [None, "soon", 10**30])
def test_s6_an_expiry_that_is_none_is_refused(exp: object) -> None:
    assert refused(forged({"exp": exp}))


def test_s8_the_old_key_verifies_until_it_is_taken_away() -> None:
    token = forged(key=OLD_KEY, kid="old")
    assert TOKENS.verify(token, "visit")
    with pytest.raises(RequestRefused):
        SessionTokens(Keyring({"new": KEY})).verify(token, "visit")


def test_new_tokens_are_signed_by_the_first_key() -> None:
    assert jwt.get_unverified_header(TOKENS.issue(claims(), now=datetime.now(UTC)))["kid"] == "new"


def test_a_staff_token_opens_no_waiting_room() -> None:
    staff = claims(audience="care", visit=None, role=None)
    assert refused(TOKENS.issue(staff, now=datetime.now(UTC)))


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
