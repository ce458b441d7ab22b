"""What is fuzzed: each target takes any bytes, and raises nothing but what its module promises."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from dataclasses import dataclass

from aioice import stun

from media.answer import read_answer
from media.errors import BadRtcp, BadSdp
from media.ice_lite import IceCredentials, peek_ufrag, read_check
from media.offer import OWN_SECTIONS
from media.rtcp import (
    ReportBlock,
    join,
    read_keyframe_requests,
    read_nack,
    read_remb,
    read_reports,
    read_sender_info,
    split,
    write_nack,
    write_pli,
    write_receiver_report,
    write_remb,
)
from media.rtp import TRANSPORT_NUMBER, find_extension, find_original
from media.twcc import read_feedback
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


def attack_rtcp(data: bytes) -> None:
    """A compound is split and every block read in every way, or it is refused."""
    try:
        blocks = split(data)
    except BadRtcp:
        return
    assert len(join(blocks)) <= len(data)
    for block in blocks:
        for read in (read_reports, read_sender_info, read_nack, read_keyframe_requests, read_remb, read_feedback):
            with contextlib.suppress(BadRtcp):
                read(block)


def attack_rtp(data: bytes) -> None:
    """What is found in a packet's header lies within the packet."""
    padded = memoryview(data + bytes(64))
    for position in (
        find_extension(padded, len(data), TRANSPORT_NUMBER),
        find_original(padded, len(data)),
    ):
        assert position == 0 or 12 <= position <= len(data) - 2


TARGETS = {
    "stun": Target(
        (binding_request(OURS.ufrag, OURS.password), binding_request(OURS.ufrag, None), binding_request("x", "y" * 32)),
        attack_stun,
    ),
    "answer": Target((answer_to().encode(),), attack_answer),
    "rtcp": Target(
        (
            write_receiver_report(1, [ReportBlock(2, 3, 4, 5, 6, 7, 8)])
            + write_nack(1, 2, [3, 4, 9])
            + write_pli(1, 2),
            write_remb(1, 100_000, [2, 3]),
            bytes.fromhex("8fcd0005000000010000000200010003000001002003040506000000"),
        ),
        attack_rtcp,
    ),
    "rtp": Target((bytes.fromhex("9060 0001 00000000 00000001 bede0001 31000100 00000000"),), attack_rtp),
}
