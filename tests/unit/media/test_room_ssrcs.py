"""Whose an SSRC is, and how many one may name and how often."""

import pytest

from media.endpoint import MAX_SECTIONS
from media.errors import BadSdp, SsrcConflict
from media.publication import Source
from media.room import MAX_CLAIMS, MAX_CLAIMS_OF_ONE
from tests.unit.media.scene import HERS, HIS, Scene, Ssrcs


def test_an_ssrc_of_another_is_refused_and_stays_his(scene: Scene) -> None:
    scene.answer(scene.her, HERS)
    with pytest.raises(SsrcConflict):
        scene.answer(scene.him, {Source.AUDIO: (103,)})
    assert scene.him.negotiation().sdp is not None
    assert scene.answer(scene.him, HIS)


def test_the_ssrcs_that_a_room_remembers_are_bounded_and_those_of_the_present_stay(scene: Scene) -> None:
    scene.bring_up()
    for number in range(MAX_CLAIMS):
        scene.node.now.now += 10
        scene.her.restart(scene.her.transport.id)
        scene.answer(scene.her, {Source.AUDIO: (1_000 + number,)})
        scene.connect(scene.her)
        assert len(scene.room._claims) <= MAX_CLAIMS
    with pytest.raises(SsrcConflict):
        scene.room.claim(scene.him.transport, (1_000 + MAX_CLAIMS - 1,))
    with pytest.raises(SsrcConflict):
        scene.room.claim(scene.her.transport, range(10_000, 10_000 + MAX_CLAIMS))


def other_ssrcs(first: int) -> Ssrcs:
    return {Source.AUDIO: (first,), Source.CAMERA: (first + 1, first + 2), Source.SCREEN: (first + 3, first + 4)}


def test_one_who_names_other_ssrcs_all_the_time_is_refused_and_renews_nobodys_transport(scene: Scene) -> None:
    scene.bring_up()
    hers, refused = scene.her.transport, 0
    for second in range(100):
        scene.node.now.now += 1
        scene.him.refresh(scene.him.transport.id)
        try:
            scene.answer(scene.him, other_ssrcs(1_000 + 5 * second))
        except (BadSdp, SsrcConflict):
            refused += 1
            scene.him.restart(scene.him.transport.id)
        if not scene.him.transport.is_connected and scene.him.negotiation().sdp is None:
            scene.connect(scene.him)
    assert refused > 70
    assert scene.her.transport is hers
    assert len(scene.her.sections) < MAX_SECTIONS


def test_one_transport_holds_only_so_many_ssrcs_and_a_new_one_may_have_others(scene: Scene) -> None:
    for first in (1_000, 2_000):
        for number in range(MAX_CLAIMS_OF_ONE):
            scene.node.now.now += 10
            scene.answer(scene.him, {Source.AUDIO: (first + number,)})
            scene.him.refresh(scene.him.transport.id)
        with pytest.raises(SsrcConflict):
            scene.answer(scene.him, {Source.AUDIO: (first + MAX_CLAIMS_OF_ONE,)})
        assert scene.answer(scene.him, {Source.AUDIO: (first,)})
        scene.him.restart(scene.him.transport.id)


def test_an_ssrc_is_not_used_again_on_a_new_transport(scene: Scene) -> None:
    scene.answer(scene.her, HERS)
    scene.connect(scene.her)
    scene.her.restart("t1")
    with pytest.raises(SsrcConflict):
        scene.answer(scene.her, HERS)
