"""What a publication consists of on the wire: one stream for each SSRC."""

import enum
from dataclasses import dataclass

from media.publication import Publication, Source


class StreamKind(enum.StrEnum):
    """What the packets of one SSRC carry."""

    AUDIO = "audio"
    VIDEO = "video"
    RETRANSMISSION = "retransmission"


CLOCK_RATES = {StreamKind.AUDIO: 48_000, StreamKind.VIDEO: 90_000, StreamKind.RETRANSMISSION: 90_000}


@dataclass(frozen=True, slots=True)
class Stream:
    """One SSRC of a publication; `primary` is the SSRC whose packets it repeats, or itself."""

    ssrc: int
    kind: StreamKind
    primary: int
    is_screen: bool = False


def streams_of(publication: Publication) -> tuple[Stream, ...]:
    """List the SSRCs of a publication."""
    primary, is_screen = publication.ssrcs[0], publication.source is Source.SCREEN
    kinds = (StreamKind(publication.source.kind), *[StreamKind.RETRANSMISSION] * (len(publication.ssrcs) - 1))
    return tuple(Stream(ssrc, kind, primary, is_screen) for ssrc, kind in zip(publication.ssrcs, kinds, strict=True))
