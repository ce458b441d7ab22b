"""What a participant sends, as its answer declared it."""

import enum
from dataclasses import dataclass


class Source(enum.StrEnum):
    """What a stream shows or sounds."""

    AUDIO = "audio"
    CAMERA = "camera"
    SCREEN = "screen"

    @property
    def kind(self) -> str:
        """The media type of its m-line."""
        return "audio" if self is Source.AUDIO else "video"


@dataclass(frozen=True, slots=True)
class Publication:
    """One stream of one endpoint. `ssrcs` is the primary SSRC, then that of its retransmissions where there is one."""

    endpoint: str
    name: str
    source: Source
    ssrcs: tuple[int, ...]
