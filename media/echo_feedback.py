"""Feedback on a returned picture, given back to the one who sent it: as if the whole way, there and back, were one line."""

import struct
from collections.abc import Mapping
from typing import NamedTuple

from media.errors import BadRtcp
from media.rtcp import Block, Format, Kind, read_keyframe_requests, read_reports, split, write_receiver_report
from media.rtp import RELAY_SSRC

_SSRCS = struct.Struct("!II")


class Returned(NamedTuple):
    """What is to be told to the sender: RTCP, empty when there is none, and whether a keyframe is wanted."""

    rtcp: bytes
    wants_keyframe: bool


def give_back(compound: bytes, originals: Mapping[int, int]) -> Returned:
    """Translate a compound about our SSRCs into one about the sender's own. What cannot be read, or is about others, is left out.

    `originals` names the sender's SSRC for each of ours.
    """
    made, wants_keyframe = b"", False
    try:
        for block in split(compound):
            made += _translate(block, originals)
            wants_keyframe |= not originals.keys().isdisjoint(read_keyframe_requests(block))
    except BadRtcp:
        return Returned(b"", wants_keyframe=False)
    return Returned(made, wants_keyframe)


def _translate(block: Block, originals: Mapping[int, int]) -> bytes:
    if block.kind in {Kind.SENDER_REPORT, Kind.RECEIVER_REPORT}:
        reports = [
            # Without the times of a sender report: the sender's own never came back to it.
            report._replace(ssrc=originals[report.ssrc], last_sr=0, since_last_sr=0)
            for report in read_reports(block)
            if report.ssrc in originals
        ]
        return write_receiver_report(RELAY_SSRC, reports) if reports else b""
    is_known = any(block.is_feedback(Kind.TRANSPORT_FEEDBACK, fmt) for fmt in (Format.NACK, Format.TWCC))
    if is_known and block.media in originals:
        return block.data[:4] + _SSRCS.pack(RELAY_SSRC, originals[block.media]) + block.data[12:]
    return b""
