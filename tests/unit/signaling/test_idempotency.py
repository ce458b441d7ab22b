from __future__ import annotations

import pytest

from signaling.errors import RequestRefused
from signaling.rest.idempotency import OnceKey
from waiting_room.errors import StoreFailed

KEY = "5f0d0c5e-8f6f-4f0e-9d53-6a2f7f0f6a11"
ANSWER = '{"links": {"patient": "https://visits.clinic.example/v#secret"}}'


def test_the_same_key_of_the_same_caller_opens_what_it_sealed() -> None:
    sealed = OnceKey("token", KEY).seal(ANSWER)
    assert "secret" not in sealed
    assert OnceKey("token", KEY).open(sealed) == ANSWER
    assert OnceKey("token", KEY).seal(ANSWER) != sealed


def test_nobody_else_opens_it() -> None:
    sealed = OnceKey("token", KEY).seal(ANSWER)
    for other in (OnceKey("another", KEY), OnceKey("token", KEY[:-1] + "2")):
        assert other.hash != OnceKey("token", KEY).hash
        with pytest.raises(StoreFailed):
            other.open(sealed)


@pytest.mark.parametrize("sealed", ["", "AAAA", "not base64!", "A" * 200])
def test_what_was_changed_is_not_opened(sealed: str) -> None:
    with pytest.raises(StoreFailed):
        OnceKey("token", KEY).open(sealed)


def test_requests_are_told_apart_by_a_hash_that_needs_the_key() -> None:
    hashes = {OnceKey(who, KEY).request_hash(body) for who in ("a", "b") for body in ("one", "two")}
    assert len(hashes) == 4
    assert OnceKey("a", KEY).request_hash("one") == OnceKey("a", KEY).request_hash("one")


@pytest.mark.parametrize("key", ["", "x" * 15, "x" * 129, "with a space in it", "tab\tin the middle", "ключ" * 8])
def test_a_key_must_be_long_and_plain(key: str) -> None:
    with pytest.raises(RequestRefused) as refused:
        OnceKey("token", key)
    assert refused.value.facts["field"] == "Idempotency-Key"
