"""RTCP as a relay reads and writes it (RFC 3550 §6, 4585, 5104, draft-alvestrand-rmcat-remb-03).

A compound is split into blocks that keep their bytes, so that what is passed on is passed on unchanged. Reading takes
any bytes: it raises `BadRtcp` and nothing else, and its work is bounded. Transport-wide feedback is in `media.twcc`.
"""

import enum
import struct
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from media.errors import BadRtcp

# A browser's compound has up to five, of which one is a NACK; a NACK of its longest list has 60 entries.
MAX_BLOCKS = 16
MAX_NACKS = 2
MAX_NACK_NUMBERS = 300
MAX_FIR_ENTRIES = 4
MAX_REPORTS = 31
MAX_REMB_BPS = (1 << 18) - 1 << 63

_HEADER = struct.Struct("!BBH")
_WORD = struct.Struct("!L")
_TWO_WORDS = struct.Struct("!LL")
_REPORT = struct.Struct("!LLLLLL")
_SENDER_INFO = struct.Struct("!QLLL")
_NACK_ENTRY = struct.Struct("!HH")
_FIR_ENTRY = struct.Struct("!LB3x")

_LOST_MAX = (1 << 23) - 1
_LOST_MIN = -(1 << 23)
_MANTISSA_BITS = 18


class Kind(enum.IntEnum):
    """The packet types that matter to a relay; others are passed on unread."""

    SENDER_REPORT = 200
    RECEIVER_REPORT = 201
    TRANSPORT_FEEDBACK = 205
    PAYLOAD_FEEDBACK = 206


class Format(enum.IntEnum):
    """Feedback message types: NACK and TWCC belong to transport feedback, the others to payload feedback."""

    NACK = 1
    TWCC = 15
    PLI = 1
    FIR = 4
    REMB = 15


class Block(NamedTuple):
    """One packet of a compound: `subtype` is its report count or feedback format, `data` its bytes, header and padding included.

    `end` is where its content ends and padding begins.
    """

    kind: int
    subtype: int
    data: bytes
    end: int

    def is_feedback(self, kind: Kind, fmt: Format) -> bool:
        """Whether it is this feedback message."""
        return self.kind == kind and self.subtype == fmt

    @property
    def sender(self) -> int:
        """The SSRC in whose name it was sent. Raises `BadRtcp` when it has none."""
        return _word(self, 4)

    @property
    def media(self) -> int:
        """The SSRC that a feedback message is about. Raises `BadRtcp` when it has none."""
        return _word(self, 8)


class ReportBlock(NamedTuple):
    """What a receiver says of one stream (RFC 3550 §6.4.1): loss as a fraction of 256, jitter in units of the stream's clock."""

    ssrc: int
    fraction_lost: int
    lost: int
    highest: int
    jitter: int
    last_sr: int
    since_last_sr: int


class SenderInfo(NamedTuple):
    """What a sender says of itself: the NTP time and the RTP timestamp of one moment, and counts."""

    ntp: int
    rtp: int
    packets: int
    octets: int

    @property
    def middle(self) -> int:
        """The 32 bits of the NTP time by which a receiver refers to this report."""
        return self.ntp >> 16 & 0xFFFFFFFF


def split(compound: bytes) -> list[Block]:
    """Split a compound, or a single packet (RFC 5506), into its blocks. Joined again they are the same bytes."""
    blocks: list[Block] = []
    position, size, nacks = 0, len(compound), 0
    while position < size:
        if size - position < _HEADER.size or len(blocks) >= MAX_BLOCKS:
            raise BadRtcp
        first, kind, words = _HEADER.unpack_from(compound, position)
        end = position + 4 * (words + 1)
        if first >> 6 != 2 or end > size:  # noqa: PLR2004 - the protocol's version
            raise BadRtcp
        data = compound[position:end]
        padding = data[-1] if first & 0x20 else 0
        if first & 0x20 and not 0 < padding <= len(data) - 4:
            raise BadRtcp
        block = Block(kind, first & 0x1F, data, len(data) - padding)
        nacks += block.is_feedback(Kind.TRANSPORT_FEEDBACK, Format.NACK)
        if nacks > MAX_NACKS:
            raise BadRtcp
        blocks.append(block)
        position = end
    if not blocks:
        raise BadRtcp
    return blocks


def join(blocks: Iterable[Block]) -> bytes:
    """Make a compound of these blocks; empty when there is none."""
    return b"".join(block.data for block in blocks)


def read_reports(block: Block) -> list[ReportBlock]:
    """Read the report blocks of a sender or receiver report."""
    start = 28 if block.kind == Kind.SENDER_REPORT else 8
    if start + _REPORT.size * block.subtype > block.end:
        raise BadRtcp
    reports = []
    for position in range(start, start + _REPORT.size * block.subtype, _REPORT.size):
        ssrc, loss, highest, jitter, last_sr, since = _REPORT.unpack_from(block.data, position)
        lost = loss & 0xFFFFFF
        lost -= (lost & 0x800000) << 1
        reports.append(ReportBlock(ssrc, loss >> 24, lost, highest, jitter, last_sr, since))
    return reports


def read_sender_info(block: Block) -> SenderInfo:
    """Read what a sender report says of its sender."""
    if block.end < 8 + _SENDER_INFO.size:
        raise BadRtcp
    return SenderInfo(*_SENDER_INFO.unpack_from(block.data, 8))


def write_sender_report(sender: int, info: SenderInfo, reports: Sequence[ReportBlock] = ()) -> bytes:
    """Write a sender report with up to 31 report blocks."""
    return _packet(Kind.SENDER_REPORT, len(reports), _WORD.pack(sender) + _SENDER_INFO.pack(*info) + _reports(reports))


def write_receiver_report(sender: int, reports: Sequence[ReportBlock]) -> bytes:
    """Write a receiver report of up to 31 report blocks."""
    return _packet(Kind.RECEIVER_REPORT, len(reports), _WORD.pack(sender) + _reports(reports))


def read_nack(block: Block) -> list[int]:
    """Read the sequence numbers that a generic NACK asks for; those after the first 300 are left out."""
    numbers: list[int] = []
    for position in _entries(block, _NACK_ENTRY.size):
        if len(numbers) >= MAX_NACK_NUMBERS:
            break
        number, mask = _NACK_ENTRY.unpack_from(block.data, position)
        numbers.append(number)
        while mask:
            bit = mask & -mask
            numbers.append(number + bit.bit_length() & 0xFFFF)
            mask ^= bit
    return numbers[:MAX_NACK_NUMBERS]


def write_nack(sender: int, media: int, numbers: Sequence[int]) -> bytes:
    """Ask the sender of `media` for these sequence numbers, which must be in the order of the stream."""
    entries: list[list[int]] = []
    for number in numbers:
        distance = number - entries[-1][0] & 0xFFFF if entries else 0
        if 1 <= distance <= 16:  # noqa: PLR2004 - the mask's bits
            entries[-1][1] |= 1 << distance - 1
        else:
            entries.append([number, 0])
    fields = b"".join(_NACK_ENTRY.pack(*entry) for entry in entries)
    return _packet(Kind.TRANSPORT_FEEDBACK, Format.NACK, _TWO_WORDS.pack(sender, media) + fields)


def read_keyframe_requests(block: Block) -> list[int]:
    """Read the SSRCs of which a PLI or FIR asks a keyframe, of a FIR the first four; empty for any other block."""
    if block.is_feedback(Kind.PAYLOAD_FEEDBACK, Format.PLI):
        return [block.media]
    if block.is_feedback(Kind.PAYLOAD_FEEDBACK, Format.FIR):
        entries = _entries(block, _FIR_ENTRY.size)[:MAX_FIR_ENTRIES]
        return [_FIR_ENTRY.unpack_from(block.data, position)[0] for position in entries]
    return []


def write_pli(sender: int, media: int) -> bytes:
    """Ask the sender of `media` for a keyframe (RFC 4585 §6.3.1)."""
    return _packet(Kind.PAYLOAD_FEEDBACK, Format.PLI, _TWO_WORDS.pack(sender, media))


def write_fir(sender: int, requests: Sequence[tuple[int, int]]) -> bytes:
    """Demand keyframes of these SSRCs, each with its request's number (RFC 5104 §4.3.1)."""
    fields = b"".join(_FIR_ENTRY.pack(*request) for request in requests)
    return _packet(Kind.PAYLOAD_FEEDBACK, Format.FIR, _TWO_WORDS.pack(sender, 0) + fields)


def read_remb(block: Block) -> tuple[int, list[int]] | None:
    """Read the bit rate and the SSRCs of a REMB; None for any other block."""
    if not block.is_feedback(Kind.PAYLOAD_FEEDBACK, Format.REMB) or block.data[12:16] != b"REMB":
        return None
    if block.end < 20:  # noqa: PLR2004 - number, exponent and mantissa
        raise BadRtcp
    number, rate = block.data[16], int.from_bytes(block.data[17:20], "big")
    if block.end < 20 + 4 * number:
        raise BadRtcp
    ssrcs = list(struct.unpack_from(f"!{number}L", block.data, 20))
    return (rate & (1 << _MANTISSA_BITS) - 1) << (rate >> _MANTISSA_BITS), ssrcs


def write_remb(sender: int, bit_rate: int, ssrcs: Sequence[int]) -> bytes:
    """Tell the sender of up to 255 `ssrcs` what they may send together, in bits a second, rounded down to 18 bits."""
    bit_rate = min(bit_rate, MAX_REMB_BPS)
    exponent = max(0, bit_rate.bit_length() - _MANTISSA_BITS)
    rate = exponent << _MANTISSA_BITS | bit_rate >> exponent
    fields = b"REMB" + bytes([len(ssrcs)]) + rate.to_bytes(3, "big") + struct.pack(f"!{len(ssrcs)}L", *ssrcs)
    return _packet(Kind.PAYLOAD_FEEDBACK, Format.REMB, _TWO_WORDS.pack(sender, 0) + fields)


def _packet(kind: Kind, count: int, body: bytes) -> bytes:
    return _HEADER.pack(0x80 | count, kind, len(body) // 4) + body


def _word(block: Block, position: int) -> int:
    if block.end < position + 4:
        raise BadRtcp
    return int.from_bytes(block.data[position : position + 4], "big")


def _entries(block: Block, size: int) -> range:
    if block.end < 12 or (block.end - 12) % size:  # noqa: PLR2004 - header and two SSRCs
        raise BadRtcp
    return range(12, block.end, size)


def _reports(reports: Sequence[ReportBlock]) -> bytes:
    return b"".join(
        _REPORT.pack(
            report.ssrc,
            report.fraction_lost << 24 | min(max(report.lost, _LOST_MIN), _LOST_MAX) & 0xFFFFFF,
            *report[3:],
        )
        for report in reports
    )
