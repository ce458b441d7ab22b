"""The few bytes of RTP and RTCP that a relay looks at (RFC 3550, 4585, 5761)."""

import struct

MIN_RTCP = 8
# RTCP and RTP share a port and are told apart by the second byte (RFC 5761 §4).
FIRST_RTCP, LAST_RTCP = 192, 223

# The SSRC in whose name the relay itself asks for a keyframe; libwebrtc uses 1 for the same purpose.
RELAY_SSRC = 1

# Version and flags, marker and payload type, sequence number, timestamp, SSRC.
RTP_HEADER = struct.Struct("!BBHII")

_PLI = struct.Struct("!BBHII")


def is_rtcp(data: bytes | memoryview) -> bool:
    """Tell RTCP from RTP. Wants at least two bytes."""
    return FIRST_RTCP <= data[1] <= LAST_RTCP


def picture_loss_indication(media_ssrc: int) -> bytes:
    """Make a PLI (RFC 4585 §6.3.1), alone as RFC 5506 allows: ask the sender of `media_ssrc` for a keyframe."""
    return _PLI.pack(0x81, 206, 2, RELAY_SSRC, media_ssrc)
