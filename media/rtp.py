"""The few bytes of RTP and RTCP that a relay looks at (RFC 3550, 4585, 5761)."""

import struct

MIN_RTCP = 8
# RTCP and RTP share a port and are told apart by the second byte (RFC 5761 §4).
FIRST_RTCP, LAST_RTCP = 192, 223

# The header extension that carries the transport-wide number, in every offer of ours.
TRANSPORT_NUMBER = 3

# The SSRC in whose name the relay itself speaks; libwebrtc uses 1 for the same purpose.
RELAY_SSRC = 1

# Version and flags, marker and payload type, sequence number, timestamp, SSRC.
RTP_HEADER = struct.Struct("!BBHII")


def is_rtcp(data: bytes | memoryview) -> bool:
    """Tell RTCP from RTP. Wants at least two bytes."""
    return FIRST_RTCP <= data[1] <= LAST_RTCP


def find_extension(data: memoryview, size: int, wanted: int) -> int:
    """Find a 16-bit value among the header extension elements of one byte's header (RFC 8285 §4.2).

    0 when it is not there, or is of another length. `data` is a clear RTP packet whose first `size` bytes count.
    """
    if not data[0] & 0x10:
        return 0
    position = 12 + 4 * (data[0] & 0x0F)
    if position + 4 > size or data[position] != 0xBE or data[position + 1] != 0xDE:  # noqa: PLR2004 - its profile
        return 0
    end = position + 4 + 4 * (data[position + 2] << 8 | data[position + 3])
    if end > size:
        return 0
    position += 4
    while position < end:
        head = data[position]
        length = (head & 0x0F) + 1
        if head >> 4 == wanted:
            return position + 1 if length == 2 and position + 3 <= end else 0  # noqa: PLR2004 - 16 bits
        position += 1 + length if head else 1
    return 0


def find_original(data: memoryview, size: int) -> int:
    """Find the original sequence number in a retransmission (RFC 4588 §4): two bytes at the head of the payload.

    0 when the packet has none: one without a payload, or all padding, is a probe of the sender's.
    """
    start = 12 + 4 * (data[0] & 0x0F)
    if data[0] & 0x10:
        if size < start + 4:
            return 0
        start += 4 + 4 * (data[start + 2] << 8 | data[start + 3])
    padding = data[size - 1] if data[0] & 0x20 else 0
    return start if start + 2 <= size - padding else 0
