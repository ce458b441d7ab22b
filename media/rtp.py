"""The few bytes of RTP and RTCP that a relay looks at (RFC 3550, 4585, 5761)."""

import struct

MIN_RTCP = 8

# The SSRC in whose name the relay itself asks for a keyframe; libwebrtc uses 1 for the same purpose.
RELAY_SSRC = 1

# Version and flags, marker and payload type, sequence number, timestamp, SSRC.
RTP_HEADER = struct.Struct("!BBHII")

_PLI = struct.Struct("!BBHII")


def is_rtcp(data: bytes | memoryview) -> bool:
    """Tell RTCP from RTP on one port by the packet type (RFC 5761 §4). Wants at least two bytes."""
    return 192 <= data[1] <= 223  # noqa: PLR2004 - the range is the rule


def picture_loss_indication(media_ssrc: int) -> bytes:
    """Make a PLI (RFC 4585 §6.3.1), alone as RFC 5506 allows: ask the sender of `media_ssrc` for a keyframe."""
    return _PLI.pack(0x81, 206, 2, RELAY_SSRC, media_ssrc)
