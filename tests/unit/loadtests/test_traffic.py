from dataclasses import replace
from typing import cast

import pytest
from aiortc import rtp
from aiortc.rtcrtpparameters import RTCRtpHeaderExtensionParameters, RTCRtpParameters

from loadtests.datagrams import packet_key
from loadtests.replayed_person import Person
from loadtests.session_description import LocalSide
from loadtests.traffic import AUDIO_BYTES, ONE_PERSON, VIDEO_BYTES, Pictures, Streams

EXTENSIONS = rtp.HeaderExtensionsMap()
EXTENSIONS.configure(
    RTCRtpParameters(
        headerExtensions=[
            RTCRtpHeaderExtensionParameters(1, "urn:ietf:params:rtp-hdrext:ssrc-audio-level"),
            RTCRtpHeaderExtensionParameters(
                3, "http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01"
            ),
        ]
    )
)


class Clear:
    """A person who encrypts nothing."""

    local = LocalSide("", "", "", audio_ssrc=11, video_ssrcs=(22, 23), address=("192.0.2.7", 4000))

    def protect(self, packet: bytes) -> bytes:
        return packet

    protect_rtcp = protect

    def check(self) -> bytes:
        return b"\x00\x01check"


@pytest.fixture
def streams() -> Streams:
    return Streams(cast("Person", Clear()), heard=(33, 44))


def test_a_second_of_one_person_is_what_a_browser_sends(streams: Streams) -> None:
    volleys = streams.volleys(replace(ONE_PERSON, checks_per_s=1), 1.0)
    datagrams = [datagram for volley in volleys for datagram in volley.datagrams]
    media = [each for each in datagrams if each[0] >= 128 and not rtp.is_rtcp(each)]
    assert [len(volley.datagrams) for volley in volleys].count(5) == 30
    assert sorted(map(len, media)) == [AUDIO_BYTES] * 50 + [VIDEO_BYTES] * 150
    assert sum(rtp.is_rtcp(each) for each in datagrams if each[0] >= 128) == 15
    assert [each for each in datagrams if each[0] < 128] == [b"\x00\x01check"]
    assert [volley.due for volley in volleys] == sorted(volley.due for volley in volleys)
    assert all(0 <= volley.due < 1.1 for volley in volleys)


def test_pictures_are_numbered_from_one_without_a_gap_and_go_on_in_the_next_stretch() -> None:
    pictures = Pictures(22, lambda packet: packet)
    packets = [rtp.RtpPacket.parse(each, EXTENSIONS) for _ in range(2) for each in pictures.picture(5).datagrams]
    assert [packet.sequence_number for packet in packets] == list(range(1, 11))
    assert [packet.extensions.transport_sequence_number for packet in packets] == list(range(1, 11))
    assert [packet.marker for packet in packets] == [0, 0, 0, 0, 1] * 2
    assert [len({packet.timestamp for packet in packets[:5]}), len({packet.timestamp for packet in packets})] == [1, 2]


def test_the_keys_are_those_of_the_packets() -> None:
    volley = Pictures(22, lambda packet: packet).picture(2)
    assert list(volley.keys) == [packet_key(96, 1), packet_key(96, 2)]


def test_sound_carries_its_level(streams: Streams) -> None:
    silent = replace(ONE_PERSON, video_per_s=0, reports_per_s=0, checks_per_s=0)
    (volley, *_) = streams.volleys(silent, 0.1)
    packet = rtp.RtpPacket.parse(volley.datagrams[0], EXTENSIONS)
    assert packet.payload_type == 111
    assert packet.extensions.audio_level == (True, 10)


def test_reports_are_about_what_is_heard(streams: Streams) -> None:
    only_reports = replace(ONE_PERSON, video_per_s=0, audio_per_s=0, checks_per_s=0)
    packets = [rtp.RtcpPacket.parse(volley.datagrams[0])[0] for volley in streams.volleys(only_reports, 1.0)]
    sender, *feedback = packets
    assert isinstance(sender, rtp.RtcpSrPacket)
    assert [report.ssrc for report in sender.reports] == [44]
    assert all(isinstance(each, rtp.RtcpRtpfbPacket) and each.media_ssrc == 44 for each in feedback)


def test_a_scaled_traffic_is_the_same_mixture() -> None:
    scaled = ONE_PERSON.scaled(2_000)
    assert (scaled.video_per_s, scaled.audio_per_s, scaled.burst) == (1_500, 500, 5)
