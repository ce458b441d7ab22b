"""What a browser sends, made and encrypted beforehand: a picture in bursts, sound, RTCP, and checks that keep the consent."""

import os
import random
import struct
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from loadtests.datagrams import packet_key
from loadtests.replay import Volley
from loadtests.replayed_person import Person

VIDEO_BYTES = 1050
AUDIO_BYTES = 120
AUDIO_PAYLOAD_TYPE = 111
VIDEO_PAYLOAD_TYPE = 96
AEAD_TAG = 16
# How many packets a feedback tells of: browsers send one every 50 to 100 ms.
FEEDBACK_PACKETS = 10

# One-byte header extensions (RFC 8285): 1 is the audio level, 3 the transport-wide number, padded to a word.
_AUDIO_EXTENSION = struct.pack("!HHBBxx", 0xBEDE, 1, 0x10, 0x8A)
_VIDEO_EXTENSION = struct.Struct("!HHBHx")
_RTP = struct.Struct("!BBHII")


@dataclass(frozen=True)
class Traffic:
    """Packets a second from one person. Sizes are those of RTP packets, header extension included."""

    video_per_s: float
    audio_per_s: float
    burst: int = 5
    reports_per_s: float = 15
    # libwebrtc's interval on a good connection.
    checks_per_s: float = 0.4

    def scaled(self, media_per_s: float) -> "Traffic":
        """Make the same mixture of media at another rate."""
        factor = media_per_s / (self.video_per_s + self.audio_per_s)
        return replace(self, video_per_s=self.video_per_s * factor, audio_per_s=self.audio_per_s * factor)


# What is carried in one direction of a visit, with RTCP as Chromium sends it.
ONE_PERSON = Traffic(video_per_s=150, audio_per_s=50)


class Pictures:
    """One stream of pictures. No sequence number is used twice; they begin at 1, as what Janus makes of any stream does."""

    def __init__(self, ssrc: int, protect: Callable[[bytes], bytes]) -> None:
        self.ssrc = ssrc
        self.sent = 0
        self._protect = protect
        self._noise = os.urandom(VIDEO_BYTES)

    @property
    def timestamp(self) -> int:
        """That of the next picture: 90 kHz, 150 packets a second."""
        return self.sent * 600 & 0xFFFFFFFF

    def picture(self, count: int) -> Volley:
        """Make this many packets of one picture."""
        datagrams, keys, timestamp = [], [], self.timestamp
        for left in range(count, 0, -1):
            self.sent += 1
            number = self.sent & 0xFFFF
            header = _RTP.pack(0x90, VIDEO_PAYLOAD_TYPE | (0x80 if left == 1 else 0), number, timestamp, self.ssrc)
            extension = _VIDEO_EXTENSION.pack(0xBEDE, 1, 0x31, number)
            packet = header + extension + self._noise[len(header) + len(extension) :]
            datagrams.append(self._protect(packet))
            keys.append(packet_key(VIDEO_PAYLOAD_TYPE, number))
        return Volley(0, datagrams, keys)


class Streams:
    """All that one person sends, from one stretch to the next.

    `heard` are the SSRCs that its reports are about: sound, picture.
    """

    def __init__(self, person: Person, heard: tuple[int, int]) -> None:
        self._person = person
        self._heard = heard
        self._pictures = Pictures(person.local.video_ssrcs[0], person.protect)
        self._sounds = self._reports = 0
        self._noise = os.urandom(AUDIO_BYTES)

    def volleys(self, traffic: Traffic, seconds: float) -> list[Volley]:
        """Make what is sent in this many seconds, in the order of time; each kind begins at a moment of its own."""
        kinds: Sequence[tuple[float, Callable[[], Volley]]] = (
            (traffic.video_per_s / traffic.burst, lambda: self._pictures.picture(traffic.burst)),
            (traffic.audio_per_s, self._sound),
            (traffic.reports_per_s, self._report),
            (traffic.checks_per_s, lambda: Volley(0, [self._person.check()])),
        )
        volleys = [replace(make(), due=due) for per_s, make in kinds if per_s for due in _moments(per_s, seconds)]
        return sorted(volleys, key=lambda volley: volley.due)

    def _sound(self) -> Volley:
        self._sounds += 1
        number = self._sounds & 0xFFFF
        header = _RTP.pack(0x90, AUDIO_PAYLOAD_TYPE, number, number * 960, self._person.local.audio_ssrc)
        packet = header + _AUDIO_EXTENSION + self._noise[len(header) + len(_AUDIO_EXTENSION) :]
        return Volley(0, [self._person.protect(packet)], [packet_key(AUDIO_PAYLOAD_TYPE, number)])

    def _report(self) -> Volley:
        """Make transport-wide feedback, and once for each second a sender report."""
        number = self._reports
        self._reports += 1
        make = self._sender_report if number % 15 == 0 else self._transport_feedback
        return Volley(0, [self._person.protect_rtcp(make(number))])

    def _sender_report(self, number: int) -> bytes:
        pictures = self._pictures
        counts = number << 32, pictures.timestamp, pictures.sent, pictures.sent * VIDEO_BYTES & 0xFFFFFFFF
        sent = struct.pack("!BBHIQIII", 0x81, 200, 12, pictures.ssrc, *counts)
        return sent + struct.pack("!IIIIII", self._heard[1], 0, pictures.sent, 20, 0, 0)

    def _transport_feedback(self, number: int) -> bytes:
        """All of the last packets came, one millisecond after another (draft-holmer-rmcat-transport-wide-cc-extensions-01)."""
        came = FEEDBACK_PACKETS
        body = struct.pack("!HHI", number * came & 0xFFFF, came, (number & 0xFFFF) << 8 | number & 0xFF)
        body += struct.pack("!H", 1 << 13 | came) + bytes([4]) * came
        body += bytes(-len(body) % 4)
        head = struct.pack("!BBHII", 0x8F, 205, 2 + len(body) // 4, self._person.local.audio_ssrc, self._heard[1])
        return head + body


def _moments(per_s: float, seconds: float) -> Iterator[float]:
    phase = random.random() / per_s  # noqa: S311 - no secret
    return (phase + number / per_s for number in range(round(per_s * seconds)))
