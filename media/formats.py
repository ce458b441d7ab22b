"""The formats of a room: what browsers may send, how SDP names it, and which of it comes first.

Payload types are the same for everybody, so that packets pass untranslated. A browser sends the first of what its answer
accepted, in the order of the offer; so the order is what a room decides.
"""

import enum
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Final


class VideoCodec(enum.StrEnum):
    """A codec of pictures that an offer can name."""

    VP8 = "vp8"
    H264 = "h264"


OPUS: Final = 111
RED: Final = 63
"""Opus with what the packet before held (RFC 2198): what one lost packet had comes with the next."""

PAYLOAD_TYPES: Final = {VideoCodec.VP8: 96, VideoCodec.H264: 102}
_RTX: Final = {96: 97, 102: 103}
_CLOCKED: Final = {96: "VP8/90000", 102: "H264/90000", RED: "red/48000/2", OPUS: "opus/48000/2"}
_PARAMETERS: Final = {
    # Constrained Baseline, what every browser has.
    102: ["level-asymmetry-allowed=1", "packetization-mode=1", "profile-level-id=42e01f"],
    RED: ["111/111"],
    # Sent twice (RED), a speech of this rate takes 76 kbit/s of a line with all headers: it must go where nothing else does.
    OPUS: ["minptime=10", "useinbandfec=1", "maxaveragebitrate=24000"],
}
_PICTURE_FEEDBACK: Final = ("nack", "nack pli", "ccm fir", "goog-remb", "transport-cc")
# Sound that is lost is sent again under its own number: within a jitter buffer there is time for it.
_FEEDBACK: Final = {96: _PICTURE_FEEDBACK, 102: _PICTURE_FEEDBACK, OPUS: ("nack",)}


@dataclass(frozen=True, slots=True)
class Formats:
    """Payload types without those of retransmissions, what is to be sent first."""

    audio: tuple[int, ...] = (RED, OPUS)
    video: tuple[int, ...] = tuple(PAYLOAD_TYPES.values())

    def of(self, kind: str) -> tuple[int, ...]:
        """Those of one media type."""
        return self.audio if kind == "audio" else self.video

    def within(self, accepted: Collection[int] | None) -> "Formats":
        """Those that one peer accepted, all while that is not known."""
        if accepted is None:
            return self
        audio, video = ([each for each in formats if each in accepted] for formats in (self.audio, self.video))
        return Formats(tuple(audio), tuple(video))


ALL_FORMATS: Final = Formats()


def choose_formats(configured: Sequence[VideoCodec], accepted: Collection[Collection[int]]) -> Formats:
    """Order the formats for a room of peers who accepted these: what all of them take comes first, else as configured."""
    video = [PAYLOAD_TYPES[codec] for codec in dict.fromkeys(configured)]
    video.sort(key=lambda payload_type: not all(payload_type in each for each in accepted))
    return Formats((RED, OPUS) if all(RED in each for each in accepted) else (OPUS, RED), tuple(video))


def payload_types(formats: Sequence[int]) -> list[int]:
    """What an m-line lists for these formats, each with that of its retransmissions behind it."""
    return [number for each in formats for number in (each, _RTX.get(each)) if number is not None]


def write_formats(formats: Sequence[int], *, start_kbps: int | None = None) -> str:
    """Write the attributes that describe these formats; `start_kbps` goes to the first one's encoder."""
    lines = []
    for position, each in enumerate(formats):
        parameters = list(_PARAMETERS.get(each, ()))
        if start_kbps is not None and not position:
            parameters.append(f"x-google-start-bitrate={start_kbps}")
        lines.append(f"a=rtpmap:{each} {_CLOCKED[each]}")
        if parameters:
            lines.append(f"a=fmtp:{each} {';'.join(parameters)}")
        lines += [f"a=rtcp-fb:{each} {feedback}" for feedback in _FEEDBACK.get(each, ())]
        if each in _RTX:
            lines += [f"a=rtpmap:{_RTX[each]} rtx/90000", f"a=fmtp:{_RTX[each]} apt={each}"]
    return "".join(f"{line}\n" for line in lines)
