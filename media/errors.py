"""What the media plane refuses, one class per fact; `code` is stable and belongs to the wire (`docs/protocol.md`).

What is no refusal but a defect of ours is told in the log by its `place_of`.
"""

import traceback
from typing import ClassVar


class MediaError(Exception):
    """Base of every refusal of this package."""

    code: ClassVar[str] = "media_error"


class BadSdp(MediaError):
    """The peer's answer cannot be used; `reason` is a short stable word, never a piece of the SDP."""

    code = "bad_sdp"

    def __init__(self, reason: str) -> None:
        super().__init__(f"the answer was refused: {reason}")
        self.reason = reason


class BadRtcp(MediaError):
    """A compound RTCP packet, or a block of one, is not what its header says."""

    code = "bad_rtcp"

    def __init__(self) -> None:
        super().__init__("the RTCP packet is malformed")


class SsrcConflict(MediaError):
    """The answer names an SSRC that another transport of this room holds or held."""

    code = "ssrc_conflict"

    def __init__(self) -> None:
        super().__init__("an SSRC of the answer is taken in this room")


class RoomFull(MediaError):
    """No further endpoint can be admitted to this room."""

    code = "visit_full"

    def __init__(self, limit: int) -> None:
        super().__init__(f"a room relays between {limit} endpoints")
        self.limit = limit


class EndpointExists(MediaError):
    """The room has an endpoint of this id already."""

    code = "endpoint_exists"

    def __init__(self, endpoint: str) -> None:
        super().__init__(f"endpoint {endpoint} is open already")
        self.endpoint = endpoint


class EndpointUnknown(MediaError):
    """The room has no endpoint of this id."""

    code = "endpoint_unknown"

    def __init__(self, endpoint: str) -> None:
        super().__init__(f"endpoint {endpoint} is not open")
        self.endpoint = endpoint


def place_of(error: Exception) -> str:
    """Say where a defect showed, and not with which words: they may hold a peer's bytes."""
    frame, line = list(traceback.walk_tb(error.__traceback__))[-1]
    return f"{frame.f_globals['__name__'].rpartition('.')[2]}.{frame.f_code.co_name}:{line}"
