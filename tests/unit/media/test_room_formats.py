"""In which order a room offers formats, and who is shown what."""

import pytest

from media.endpoint import CHANGES_AT_ONCE, CHANGES_PER_S
from media.errors import BadSdp
from media.formats import ALL_FORMATS, OPUS, PAYLOAD_TYPES, RED, Formats, VideoCodec
from media.publication import Source
from tests.unit.media.scene import HERS, HIS, Scene

VP8, H264 = PAYLOAD_TYPES[VideoCodec.VP8], PAYLOAD_TYPES[VideoCodec.H264]


FIREFOX = Formats((OPUS,), (VP8, H264))


NO_VP8 = Formats((RED, OPUS), (H264,))


NO_H264 = Formats((RED, OPUS), (VP8,))


def test_where_all_take_everything_nothing_is_negotiated_twice(scene: Scene) -> None:
    for endpoint, ssrcs in ((scene.her, HERS), (scene.him, HIS)):
        scene.answer(endpoint, ssrcs)
    assert scene.events == []
    assert scene.her.formats == Formats((RED, OPUS), (VP8, H264))


@pytest.mark.parametrize(
    ("his", "order"),
    [(FIREFOX, Formats((OPUS, RED), (VP8, H264))), (NO_VP8, Formats((RED, OPUS), (H264, VP8)))],
)
def test_what_one_does_not_take_goes_behind_for_the_others_and_he_is_asked_nothing_more(
    scene: Scene, his: Formats, order: Formats
) -> None:
    scene.answer(scene.her, HERS)
    scene.answer(scene.him, HIS, his)
    assert scene.told() == ["her"]
    assert scene.her.formats == order
    assert (scene.her.negotiation().revision, scene.him.negotiation().sdp) == (2, None)
    scene.answer(scene.her, HERS)
    scene.events.clear()
    scene.him.close()
    assert scene.told() == ["her"]
    assert scene.her.formats == ALL_FORMATS


def test_a_picture_that_a_subscriber_cannot_decode_is_not_offered_to_it(scene: Scene) -> None:
    for endpoint, ssrcs, formats in ((scene.her, HERS, NO_H264), (scene.him, HIS, NO_VP8)):
        scene.answer(endpoint, ssrcs, formats)
        scene.connect(endpoint)
        scene.room.admit(endpoint.id)
    assert [each.source for each in scene.her.negotiation().remote] == [Source.AUDIO]
    assert [each.source for each in scene.him.negotiation().remote] == [Source.AUDIO]
    third = scene.join("third", {Source.AUDIO: (301,), Source.CAMERA: (302, 303)})
    remote = {
        endpoint.id: [each.endpoint_id for each in endpoint.negotiation().remote] for endpoint in (scene.her, third)
    }
    assert remote == {"her": ["him", "third", "third"], "third": ["her", "her", "him", "him"]}


def test_one_who_says_this_and_that_of_formats_has_others_negotiate_only_now_and_then(scene: Scene) -> None:
    scene.bring_up()
    reasons = []
    for second in range(50):
        scene.node.now.now += 1
        scene.him.refresh(scene.him.transport.id)
        try:
            scene.answer(scene.him, HIS, NO_H264 if second % 2 else NO_VP8)
        except BadSdp as refused:
            reasons.append(refused.reason)
        scene.answer(scene.her, HERS)
    assert set(reasons) == {"changes"}
    assert scene.told().count("her") <= CHANGES_AT_ONCE + 50 * CHANGES_PER_S
