"""What is fuzzed: each target takes any bytes, and raises nothing but what its module promises."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from aioice import stun

from media.answer import read_answer
from media.errors import BadSdp
from media.ice_lite import IceCredentials, peek_ufrag, read_check
from media.offer import OWN_SECTIONS
from tests.support.webrtc import binding_request
from tests.unit.media.sdp import answer_to

OURS = IceCredentials("0123456789abcdef", "0123456789abcdef0123456789abcdef")


@dataclass(frozen=True)
class Target:
    """A parser under attack, with good inputs to start from."""

    seeds: tuple[bytes, ...]
    attack: Callable[[bytes], None]


def attack_stun(data: bytes) -> None:
    """A check is found by its user name, parsed and judged, as the switchboard does it; and answered, if it is real."""
    ufrag, check = peek_ufrag(data), read_check(data)
    if ufrag is None or check is None:
        return
    assert check.is_authentic(OURS) in (True, False)
    for answer in (check.success(OURS, ("192.0.2.1", 9)), check.role_conflict(OURS)):
        assert stun.parse_message(answer).check_message_integrity(OURS.password.encode())


def attack_answer(data: bytes) -> None:
    """An answer is read, or refused as bad."""
    try:
        answer = read_answer(data.decode("utf-8", "replace"), OWN_SECTIONS)
    except BadSdp:
        return
    assert answer.fingerprints


TARGETS = {
    "stun": Target(
        (binding_request(OURS.ufrag, OURS.password), binding_request(OURS.ufrag, None), binding_request("x", "y" * 32)),
        attack_stun,
    ),
    "answer": Target((answer_to().encode(),), attack_answer),
}
