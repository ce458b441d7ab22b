"""What becomes of a peer's RTCP: what is meant for the relay is acted upon, the rest goes on to the others.

NACKs and keyframe requests end here always. End to end what is left of a browser's RTCP passes, byte for byte as long as no
transport-wide number was ever changed: reports, SDES, TWCC and REMB. Hop by hop only what a sender says of itself passes (SR
without report blocks, SDES); feedback and reports of receivers end here. Nobody speaks of streams in another's name, and nobody
says goodbye (BYE): the server does.
"""

import struct
from typing import TYPE_CHECKING

from media.rtcp import (
    Block,
    Format,
    Kind,
    join,
    read_keyframe_requests,
    read_nack,
    read_reports,
    read_sender_info,
    split,
    write_sender_report,
)
from media.twcc import read_feedback

if TYPE_CHECKING:
    from media.uplink import Uplink

_SOURCE_DESCRIPTION = 202
_BASE = struct.Struct("!H")
# Where a transport-wide feedback has the first number that it speaks of.
_BASE_AT = 12


def relay_rtcp(uplink: "Uplink", compound: bytes, now: float) -> bytes:
    """Act upon one compound of the uplink's peer and say what to hand on; empty for nothing. Raises `BadRtcp`."""
    kept = []
    for block in split(compound):
        passed = _take(uplink, block, now)
        # Each that is kept may become the first, in whose name the compound is then encrypted.
        if passed is not None and uplink.knows_sender(passed.sender):
            kept.append(passed)
    return join(kept)


def _take(uplink: "Uplink", block: Block, now: float) -> Block | None:
    downlink = uplink.back
    if block.is_feedback(Kind.TRANSPORT_FEEDBACK, Format.NACK):
        if block.media in downlink.streams:
            downlink.answer_nack(block.media, read_nack(block), now)
        return None
    requests = read_keyframe_requests(block)
    if requests:
        for ssrc in requests:
            downlink.complain(ssrc, now)
        return None
    if block.is_feedback(Kind.TRANSPORT_FEEDBACK, Format.TWCC):
        return _take_feedback(uplink, block, now)
    if block.kind in (Kind.SENDER_REPORT, Kind.RECEIVER_REPORT):
        return _take_report(uplink, block, now)
    if block.kind == _SOURCE_DESCRIPTION:
        return block if block.subtype == 1 and block.sender in uplink.streams else None
    passes = block.is_feedback(Kind.PAYLOAD_FEEDBACK, Format.REMB) and not uplink.is_hop_by_hop
    return block if passes else None


def _take_feedback(uplink: "Uplink", block: Block, now: float) -> Block | None:
    downlink = uplink.back
    if uplink.is_hop_by_hop:
        downlink.read_feedback(read_feedback(block), now)
        return None
    offset = downlink.number_offset
    if offset is None:
        return None
    if not offset or block.end < _BASE_AT + _BASE.size:
        return block
    (base,) = _BASE.unpack_from(block.data, _BASE_AT)
    base = _BASE.pack(base - offset & 0xFFFF)
    return block._replace(data=block.data[:_BASE_AT] + base + block.data[_BASE_AT + _BASE.size :])


def _take_report(uplink: "Uplink", block: Block, now: float) -> Block | None:
    round_trip = uplink.back.round_trip
    for report in read_reports(block):
        round_trip.read(report, now)
    if block.kind == Kind.RECEIVER_REPORT:
        return None if uplink.is_hop_by_hop else block
    info = read_sender_info(block)
    if block.sender not in uplink.streams:
        return None
    uplink.note_sender_report(block.sender, info, now)
    if uplink.is_hop_by_hop and block.subtype:
        return block._replace(data=write_sender_report(block.sender, info))
    return block
