import pytest

from media.formats import OPUS, RED, Formats, VideoCodec, choose_formats, write_formats

VP8, H264 = 96, 102
CHROMIUM = {RED, OPUS, VP8, H264}
CONFIGURED = (VideoCodec.VP8, VideoCodec.H264)


@pytest.mark.parametrize(
    ("configured", "accepted", "chosen"),
    [
        (CONFIGURED, [], Formats((RED, OPUS), (VP8, H264))),
        (CONFIGURED, [CHROMIUM, CHROMIUM], Formats((RED, OPUS), (VP8, H264))),
        (CONFIGURED, [CHROMIUM, CHROMIUM - {RED}], Formats((OPUS, RED), (VP8, H264))),
        (CONFIGURED, [CHROMIUM, CHROMIUM - {VP8}], Formats((RED, OPUS), (H264, VP8))),
        (CONFIGURED, [CHROMIUM - {H264}, CHROMIUM - {VP8}], Formats((RED, OPUS), (VP8, H264))),
        ((VideoCodec.H264, VideoCodec.VP8), [CHROMIUM], Formats((RED, OPUS), (H264, VP8))),
        ((VideoCodec.H264, VideoCodec.VP8), [CHROMIUM - {H264}], Formats((RED, OPUS), (VP8, H264))),
        ((VideoCodec.VP8,), [CHROMIUM], Formats((RED, OPUS), (VP8,))),
        ((VideoCodec.VP8, VideoCodec.VP8), [], Formats((RED, OPUS), (VP8,))),
    ],
)
def test_what_all_take_comes_first_and_else_the_configured_order_holds(
    configured: tuple[VideoCodec, ...], accepted: list[set[int]], chosen: Formats
) -> None:
    assert choose_formats(configured, accepted) == chosen


def test_of_what_a_peer_accepted_the_order_stays() -> None:
    assert Formats((OPUS, RED), (H264, VP8)).within({VP8, OPUS, H264}) == Formats((OPUS,), (H264, VP8))
    assert Formats().within(None) == Formats()


def test_sound_is_mended_in_band_and_its_rate_leaves_room_for_a_copy() -> None:
    text = write_formats((RED, OPUS))
    assert "a=fmtp:63 111/111\n" in text
    assert "useinbandfec=1" in text
    assert "usedtx" not in text
    assert "a=rtcp-fb:111 nack\n" in text
    assert text.count("rtcp-fb") == 1


def test_each_picture_codec_has_its_retransmissions_and_its_feedback() -> None:
    text = write_formats((VP8, H264))
    for payload_type, rtx in ((VP8, 97), (H264, 103)):
        assert f"a=fmtp:{rtx} apt={payload_type}\n" in text
        for feedback in ("nack", "nack pli", "ccm fir", "goog-remb", "transport-cc"):
            assert f"a=rtcp-fb:{payload_type} {feedback}\n" in text
    assert "a=fmtp:102 level-asymmetry-allowed=1;packetization-mode=1;profile-level-id=42e01f\n" in text


def test_a_start_rate_goes_to_the_first_codec_alone() -> None:
    assert "a=fmtp:96 x-google-start-bitrate=900\n" in write_formats((VP8, H264), start_kbps=900)
    text = write_formats((H264, VP8), start_kbps=900)
    assert "profile-level-id=42e01f;x-google-start-bitrate=900\n" in text
    assert text.count("x-google") == 1
