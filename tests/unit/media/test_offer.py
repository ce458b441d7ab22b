from dataclasses import replace

import pytest
from aiortc.sdp import SessionDescription

from media.formats import VideoCodec, choose_formats
from media.ice_lite import IceCredentials
from media.offer import OWN_SECTIONS, OfferFacts, Section, write_offer
from media.publication import Publication, Source

FACTS = OfferFacts(
    session=42,
    credentials=IceCredentials("serverufrag", "server-password-of-32-characters"),
    fingerprint=":".join(["CD"] * 32),
    hosts=("192.0.2.1", "2001:db8::1"),
    port=3478,
)
VOICE = Section("3", Source.AUDIO, Publication("doc", "Dr. Sample", Source.AUDIO, (11,)))
FACE = Section("4", Source.CAMERA, Publication("doc", "Dr. Sample", Source.CAMERA, (12, 13)))


def test_the_first_offer_asks_for_sound_camera_and_screen_and_shows_nobody() -> None:
    parsed = SessionDescription.parse(write_offer(FACTS, 1, OWN_SECTIONS))
    assert [(part.kind, part.rtp.muxId, part.direction) for part in parsed.media] == [
        ("audio", "0", "recvonly"),
        ("video", "1", "recvonly"),
        ("video", "2", "recvonly"),
    ]
    assert [group.items for group in parsed.group] == [["0", "1", "2"]]
    for part in parsed.media:
        assert part.rtcp_mux
        assert part.ice is not None
        assert part.dtls is not None
        assert part.ice.iceLite
        assert part.ice.usernameFragment == "serverufrag"
        assert part.dtls.role == "auto"
        assert part.ssrc == []


def test_every_section_has_one_candidate_for_each_announced_address() -> None:
    for part in SessionDescription.parse(write_offer(FACTS, 1, OWN_SECTIONS)).media:
        assert [(each.ip, each.port, each.type, each.protocol) for each in part.ice_candidates] == [
            ("192.0.2.1", 3478, "host", "udp"),
            ("2001:db8::1", 3478, "host", "udp"),
        ]
        assert part.ice_candidates[0].priority > part.ice_candidates[1].priority
        assert part.ice_candidates_complete


def test_one_persons_sound_and_picture_share_stream_and_cname() -> None:
    text = write_offer(FACTS, 2, (*OWN_SECTIONS, VOICE, FACE))
    *_, voice, face = SessionDescription.parse(text).media
    assert (voice.direction, voice.msid) == ("sendonly", "doc doc-audio")
    assert (face.direction, face.msid) == ("sendonly", "doc doc-camera")
    assert [(each.ssrc, each.cname) for each in voice.ssrc + face.ssrc] == [(11, "doc"), (12, "doc"), (13, "doc")]
    assert [group.items for group in face.ssrc_group] == [[12, 13]]
    assert "Dr. Sample" not in text


def test_the_section_of_one_who_left_is_inactive_and_names_nothing() -> None:
    gone = SessionDescription.parse(write_offer(FACTS, 3, (*OWN_SECTIONS, replace(VOICE, active=False)))).media[3]
    assert (gone.direction, gone.msid, gone.ssrc) == ("inactive", None, [])


def test_payload_types_and_extensions_are_those_of_the_protocol_in_every_section() -> None:
    parsed = SessionDescription.parse(write_offer(FACTS, 1, (*OWN_SECTIONS, VOICE, FACE)))
    for part in parsed.media:
        formats = [(codec.payloadType, codec.mimeType, codec.clockRate) for codec in part.rtp.codecs]
        extensions = [(extension.id, extension.uri.rsplit(":", 1)[-1]) for extension in part.rtp.headerExtensions]
        if part.kind == "audio":
            assert formats == [(63, "audio/red", 48_000), (111, "audio/opus", 48_000)]
            assert extensions == [(1, "ssrc-audio-level")]
        else:
            assert formats == [
                (96, "video/VP8", 90_000),
                (97, "video/rtx", 90_000),
                (102, "video/H264", 90_000),
                (103, "video/rtx", 90_000),
            ]
            assert [number for number, _ in extensions] == [3, 4]


def test_the_formats_stand_in_the_order_of_the_room() -> None:
    formats = choose_formats((VideoCodec.VP8, VideoCodec.H264), [{111, 102}])
    lines = write_offer(FACTS, 1, OWN_SECTIONS, formats).splitlines()
    assert [line.split("SAVPF ")[1] for line in lines if line.startswith("m=")] == ["111 63", *["102 103 96 97"] * 2]


def test_a_screen_is_a_stream_of_its_own() -> None:
    screen = Section("5", Source.SCREEN, Publication("doc", "Dr. Sample", Source.SCREEN, (14, 15)))
    *_, part = SessionDescription.parse(write_offer(FACTS, 2, (*OWN_SECTIONS, screen))).media
    assert part.msid == "doc-screen doc-screen"
    assert {each.cname for each in part.ssrc} == {"doc"}


def test_the_section_of_one_who_left_is_short() -> None:
    gone = replace(FACE, active=False)
    with_it, without = (len(write_offer(FACTS, 1, sections)) for sections in ((*OWN_SECTIONS, gone), OWN_SECTIONS))
    assert with_it - without < 400


def test_the_revision_is_the_version_of_the_description_and_lines_end_as_sdp_wants() -> None:
    text = write_offer(FACTS, 7, OWN_SECTIONS)
    assert "\r\no=- 42 7 IN IP4 127.0.0.1\r\n" in text
    assert text.count("\n") == text.count("\r\n")
    assert "mid:sdes" not in text


@pytest.mark.parametrize("line", ["a=rtcp-rsize", "a=setup:actpass", "a=ice-lite", "a=end-of-candidates"])
def test_the_lines_that_aiortc_does_not_read_are_there(line: str) -> None:
    assert line in write_offer(FACTS, 1, OWN_SECTIONS).splitlines()
