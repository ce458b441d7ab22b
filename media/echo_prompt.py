"""What a test call begins with: two notes, upwards, as Opus packets made in memory."""

import math
from array import array
from fractions import Fraction
from functools import cache

from av.audio.codeccontext import AudioCodecContext
from av.audio.frame import AudioFrame

from media.formats import OPUS
from media.rtp import RTP_HEADER

SAMPLE_RATE = 48_000
PACKET_S = 0.02
SAMPLES = 960  # of a packet

# A fifth, as the pages' own chime is, but higher and slower: it is to be recognised, and to be over before anybody speaks.
_NOTES_HZ = (659.25, 987.77)
_NOTE_S = 0.4
_FADE_S = 0.04
_LOUDNESS = 6_000
_BIT_RATE = 32_000

_VERSION = 0x80
_MARKER = 0x80


@cache
def prompt_frames() -> tuple[bytes, ...]:
    """Encode the prompt: Opus frames of 20 ms, the same ones for every call."""
    encoder = AudioCodecContext.create("libopus", "w")
    assert isinstance(encoder, AudioCodecContext)  # noqa: S101 - what PyAV makes of an audio codec's name
    encoder.sample_rate, encoder.layout, encoder.format, encoder.bit_rate = SAMPLE_RATE, "mono", "s16", _BIT_RATE
    made: list[bytes] = []
    for number in range(math.ceil(len(_NOTES_HZ) * _NOTE_S / PACKET_S)):
        frame = AudioFrame(format="s16", layout="mono", samples=SAMPLES)
        frame.sample_rate, frame.pts, frame.time_base = SAMPLE_RATE, number * SAMPLES, Fraction(1, SAMPLE_RATE)
        samples = array("h", (_sample(number * SAMPLES + index) for index in range(SAMPLES)))
        frame.planes[0].update(samples.tobytes())
        made += map(bytes, encoder.encode(frame))
    return (*made, *map(bytes, encoder.encode(None)))


def prompt_packet(number: int, ssrc: int) -> bytes | None:
    """Make the RTP packet of this number, to be sent `number` times 20 ms after the first; None after the last."""
    frames = prompt_frames()
    if number >= len(frames):
        return None
    kind = OPUS | (0 if number else _MARKER)
    return RTP_HEADER.pack(_VERSION, kind, number, number * SAMPLES, ssrc) + frames[number]


def _sample(position: int) -> int:
    note, at = divmod(position / SAMPLE_RATE, _NOTE_S)
    if note >= len(_NOTES_HZ):
        return 0
    fade = min(1.0, at / _FADE_S, (_NOTE_S - at) / _FADE_S)
    return int(_LOUDNESS * fade * math.sin(2 * math.pi * _NOTES_HZ[int(note)] * at))
