from typing import cast

import pytest

from media.downlink import Downlink
from media.endpoint import Endpoint, Negotiation
from media.errors import BadSdp, EndpointExists, EndpointUnknown, RoomFull
from media.events import CloseReason, TransportClosed, TransportConnected
from media.publication import Source
from media.room import MAX_ADMITTED
from media.uplink import ADMITTED_PACKETS_PER_S, WAITING_PACKETS_PER_S
from tests.unit.media.scene import HERS, HIS, Scene, flat


def subscribers(endpoint: Endpoint, ssrc: int) -> list[Downlink]:
    return [outgoing.downlink for outgoing in endpoint.transport.uplink.streams[ssrc].outgoings]


def test_an_endpoint_is_offered_at_once_with_nothing_to_receive(scene: Scene) -> None:
    told = scene.her.negotiation()
    assert isinstance(told, Negotiation)
    assert (told.transport, told.revision, told.publish, told.remote) == ("t1", 1, False, ())
    assert told.mids == {"audio": "0", "camera": "1", "screen": "2"}
    assert told.sdp is not None


def test_the_offer_is_gone_once_it_was_answered_and_a_second_answer_is_stale(scene: Scene) -> None:
    assert scene.answer(scene.her, HERS)
    assert scene.her.negotiation().sdp is None
    assert not scene.answer(scene.her, HERS)


@pytest.mark.parametrize(("transport", "revision"), [("t1", 0), ("t1", 2), ("t2", 1), ("", 1)])
def test_an_answer_to_another_offer_is_stale_whatever_it_says(scene: Scene, transport: str, revision: int) -> None:
    assert not scene.her.answer(transport, revision, "nonsense")


def test_a_bad_answer_leaves_everything_as_it_was(scene: Scene) -> None:
    before = scene.her.negotiation()
    with pytest.raises(BadSdp):
        scene.her.answer("t1", 1, "nonsense")
    assert scene.her.negotiation() == before
    assert scene.answer(scene.her, HERS)


def test_rule_1_nothing_is_relayed_until_both_are_admitted(scene: Scene) -> None:
    scene.answer(scene.her, HERS)
    scene.answer(scene.him, HIS)
    scene.connect(scene.her)
    scene.connect(scene.him)
    assert scene.forwards() == set()
    scene.room.admit("her")
    assert scene.forwards() == set()
    assert scene.told() == []
    scene.room.admit("him")
    assert scene.told() == ["her", "him"]
    scene.answer(scene.her, HERS)
    assert scene.forwards() == {("him", 201), ("him", 202), ("him", 203), ("him", 0), ("her", 0)}
    scene.answer(scene.him, HIS)
    assert scene.forwards() >= {("her", 101), ("her", 102), ("her", 103)}


def test_the_declared_ssrcs_of_one_who_is_not_admitted_are_known_but_have_no_subscriber(scene: Scene) -> None:
    scene.answer(scene.her, HERS)
    streams = scene.her.transport.uplink.streams
    assert {ssrc: incoming.outgoings for ssrc, incoming in streams.items()} == {101: (), 102: (), 103: ()}


def test_one_who_waits_has_a_small_budget_and_one_who_is_admitted_a_full_one(scene: Scene) -> None:
    budgets = []
    for change in (scene.room.settle, lambda: scene.room.admit("her"), lambda: scene.room.dismiss("her")):
        change()
        budgets.append(scene.her.transport.uplink._allowance)
    assert budgets == [WAITING_PACKETS_PER_S, ADMITTED_PACKETS_PER_S, WAITING_PACKETS_PER_S]


def test_the_remote_media_say_who_it_is(scene: Scene) -> None:
    scene.bring_up()
    remote = scene.her.negotiation().remote
    assert [(each.mid, each.source, each.endpoint_id, each.name) for each in remote] == [
        ("3", Source.AUDIO, "him", "His Name"),
        ("4", Source.CAMERA, "him", "His Name"),
    ]


def test_rule_1_dismissal_ends_relaying_before_it_returns_and_the_other_is_told_without_a_new_offer(
    scene: Scene,
) -> None:
    scene.bring_up()
    scene.room.dismiss("her")
    scene.room.dismiss("her")
    assert scene.forwards() == set()
    assert not scene.her.negotiation().publish
    assert scene.told() == ["her", "him"]
    told = scene.him.negotiation()
    assert (told.remote, told.sdp) == ((), None)


def test_rule_1_dismissal_ends_relaying_even_where_the_offers_cannot_be_derived(scene: Scene) -> None:
    scene.bring_up()
    scene.node.video_codecs = ("a codec that nobody knows",)  # type: ignore[assignment]
    with pytest.raises(KeyError):
        scene.room.dismiss("her")
    assert scene.forwards() == set()
    assert scene.her.transport.downlink.streams == scene.him.transport.downlink.streams == {}


def test_one_who_comes_back_before_anything_flowed_finds_the_old_sections(scene: Scene) -> None:
    for endpoint, ssrcs in ((scene.her, HERS), (scene.him, HIS)):
        scene.answer(endpoint, ssrcs)
        scene.connect(endpoint)
        scene.room.admit(endpoint.id)
    scene.room.dismiss("her")
    scene.room.admit("her")
    assert [each.mid for each in scene.him.negotiation().remote] == ["3", "4"]
    assert scene.him.negotiation().transport == "t2"
    scene.answer(scene.him, HIS)
    scene.answer(scene.her, HERS)
    assert len(scene.forwards()) == 8


def test_one_who_was_away_while_others_went_on_comes_back_on_a_new_transport_and_nobody_elses_is_renewed(
    scene: Scene,
) -> None:
    scene.bring_up()
    scene.room.dismiss("her")
    old = {scene.her.transport, scene.him.transport}
    before = {
        (peer.transport.downlink, ssrc) for peer, ssrcs in ((scene.her, HIS), (scene.him, HERS)) for ssrc in flat(ssrcs)
    }
    scene.events.clear()
    scene.room.admit("her")
    assert [event.reason for event in scene.events if isinstance(event, TransportClosed)] == [CloseReason.REPLACED]
    assert scene.told() == ["her", "him"]
    assert old & {scene.her.transport, scene.him.transport} == {scene.him.transport}
    for _ in range(2):
        for endpoint, ssrcs in ((scene.her, {Source.AUDIO: (111,), Source.CAMERA: (112, 113)}), (scene.him, HIS)):
            scene.answer(endpoint, ssrcs)
            if not endpoint.transport.is_connected:
                scene.connect(endpoint)
    again = {
        (outgoing.downlink, ssrc)
        for endpoint in (scene.her, scene.him)
        for ssrc, incoming in endpoint.transport.uplink.streams.items()
        for outgoing in incoming.outgoings
    }
    assert len(again) == 6
    assert not again & before


def test_a_third_who_comes_and_goes_makes_new_sections_and_nobodys_transport_is_renewed(scene: Scene) -> None:
    scene.bring_up()
    present = [scene.her.transport, scene.him.transport]
    third = scene.join("third", {Source.AUDIO: (301,), Source.CAMERA: (302, 303)})
    for endpoint in (scene.her, scene.him):
        assert [each.endpoint_id for each in endpoint.negotiation().remote[-2:]] == ["third", "third"]
    assert {each.endpoint_id for each in third.negotiation().remote} == {"her", "him"}
    third.close()
    offer = scene.her.negotiation()
    assert offer.sdp is not None
    assert offer.sdp.count("a=inactive") == 2
    assert [each.endpoint_id for each in offer.remote] == ["him", "him"]
    assert [scene.her.transport, scene.him.transport] == present


def test_while_one_of_three_is_held_the_others_negotiate_nothing_and_go_on(scene: Scene) -> None:
    scene.bring_up()
    third = scene.join("third", {Source.AUDIO: (301,), Source.CAMERA: (302, 303)})
    scene.answer(scene.her, HERS)
    scene.answer(scene.him, HIS)
    scene.answer(third, {Source.AUDIO: (301,), Source.CAMERA: (302, 303)})
    before = scene.her.negotiation()
    scene.room.dismiss("third")
    assert scene.her.negotiation().sdp is None
    assert scene.her.negotiation().revision == before.revision
    assert [each.endpoint_id for each in scene.her.negotiation().remote] == ["him", "him"]
    assert scene.forwards() >= {("her", 101), ("him", 201)}
    assert subscribers(third, 302) == []
    present = [scene.her.transport, scene.him.transport]
    scene.room.admit("third")
    assert [scene.her.transport, scene.him.transport] == present
    assert third.transport.id == "t4"


def test_a_screen_is_offered_only_from_its_first_share_on_and_shared_again_without_a_new_offer(scene: Scene) -> None:
    scene.bring_up(HERS | {Source.SCREEN: (104, 105)})
    assert Source.SCREEN not in [each.source for each in scene.him.negotiation().remote]
    assert subscribers(scene.her, 104) == []
    scene.her.share(Source.SCREEN, on=True)
    assert [(each.mid, each.source) for each in scene.him.negotiation().remote][-1] == ("5", Source.SCREEN)
    scene.answer(scene.him, HIS)
    assert subscribers(scene.her, 104) == [scene.him.transport.downlink]
    asked = len(scene.node.wire.sent)
    scene.her.share(Source.SCREEN, on=False)
    assert subscribers(scene.her, 104) == []
    assert [each.source for each in scene.him.negotiation().remote] == [Source.AUDIO, Source.CAMERA]
    scene.node.now.now += 1
    for _ in range(2):
        scene.her.share(Source.SCREEN, on=True)
    assert scene.him.negotiation().sdp is None
    assert subscribers(scene.her, 104) == [scene.him.transport.downlink]
    assert len(scene.node.wire.sent) == asked + 1, "a picture begins with a keyframe"


def test_changed_ssrcs_get_new_sections_and_the_old_ones_go_idle(scene: Scene) -> None:
    scene.bring_up(her_last_answer=False)
    scene.room.dismiss("him")
    scene.answer(scene.her, {Source.AUDIO: (111,), Source.CAMERA: (112, 113)})
    scene.room.admit("him")
    assert [each.mid for each in scene.him.negotiation().remote] == ["5", "6"]
    assert [section.active for section in scene.him.sections] == [True, True, True, False, False, True, True]


def test_admission_is_idempotent_bounded_and_only_for_those_who_are_here(scene: Scene) -> None:
    more = [f"guest-{number}" for number in range(MAX_ADMITTED - 1)]
    for endpoint in more:
        scene.room.open_endpoint(endpoint, "Guest")
    with pytest.raises(EndpointUnknown):
        scene.room.admit("nobody")
    for endpoint in ("her", "her", "him", "him", *more[:-1]):
        scene.room.admit(endpoint)
    with pytest.raises(RoomFull):
        scene.room.admit(more[-1])
    scene.room.dismiss("him")
    scene.room.admit(more[-1])


def test_an_endpoint_is_opened_once_and_its_id_cannot_break_the_sdp(scene: Scene) -> None:
    with pytest.raises(EndpointExists):
        scene.room.open_endpoint("her", "Her Name")
    for endpoint in ("", "a b", "a\r\na=crypto", "x" * 65):
        with pytest.raises(ValueError, match="id"):
            scene.room.open_endpoint(endpoint, "Name")


def test_the_media_of_one_who_never_connects_are_offered_to_nobody_and_hold_nothing(scene: Scene) -> None:
    scene.bring_up()
    his = scene.him.transport
    scene.her.restart(scene.her.transport.id)
    told = scene.him.negotiation()
    for number in range(300):
        scene.node.now.now += 10
        scene.answer(
            scene.her, {Source.AUDIO: (1_000 + 3 * number,), Source.CAMERA: (1_001 + 3 * number, 1_002 + 3 * number)}
        )
        scene.her.restart(scene.her.transport.id)
    assert scene.him.transport is his
    assert scene.him.negotiation() == told
    assert len(scene.room._claims) == 6
    scene.answer(scene.her, {Source.AUDIO: (1_000,), Source.CAMERA: (1_001, 1_002)})
    scene.connect(scene.her)
    assert [each.mid for each in scene.him.negotiation().remote] == ["5", "6"]


def test_admission_takes_one_offer_to_one_who_was_connected_and_one_to_the_other_once_it_connects(scene: Scene) -> None:
    scene.answer(scene.her, HERS)
    scene.connect(scene.her)
    for endpoint in ("her", "him"):
        scene.room.admit(endpoint)
    assert scene.told() == ["him"]
    scene.events.clear()
    scene.answer(scene.him, HIS)
    assert scene.told() == []
    scene.connect(scene.him)
    assert scene.told() == ["her"]
    scene.answer(scene.her, HERS)
    assert len(scene.forwards()) == 8
    assert scene.told() == ["her"]


def test_connecting_is_reported_and_a_picture_begins_with_a_keyframe(scene: Scene) -> None:
    scene.answer(scene.her, HERS)
    scene.answer(scene.him, HIS)
    scene.room.admit("her")
    scene.room.admit("him")
    scene.connect(scene.her)
    scene.connect(scene.him)
    assert scene.node.wire.sent == []
    scene.answer(scene.her, HERS)
    scene.answer(scene.him, HIS)
    # One request each way, and only once both can be reached.
    assert sorted(cast("tuple[str, int]", address)[0] for _, address in scene.node.wire.sent) == ["her", "him"]
    assert TransportConnected("visit", "him", "t2") in scene.events
    scene.room.settle()
    assert len(scene.node.wire.sent) == 2


def test_closing_an_endpoint_ends_its_media_and_frees_its_place(scene: Scene) -> None:
    scene.bring_up()
    scene.her.close()
    scene.her.close()
    assert scene.forwards() == set()
    assert scene.room.find("her") is None
    assert TransportClosed("visit", "her", "t1", CloseReason.ENDPOINT_CLOSED) in scene.events
    assert scene.told() == ["him"]
    scene.room.open_endpoint("her", "Her Name")
    scene.room.admit("her")


def test_closing_the_room_closes_all_and_tells_its_owner(scene: Scene) -> None:
    scene.bring_up()
    scene.room.close()
    assert len(scene.room) == 0
    assert scene.forwards() == set()
    assert scene.forgotten == [scene.room]
    assert scene.her.transport.is_closed
    assert scene.him.transport.is_closed


def test_every_change_is_told_once_and_no_change_not_at_all(scene: Scene) -> None:
    scene.bring_up()
    before = (scene.her.negotiation(), scene.him.negotiation())
    scene.room.settle()
    scene.room.admit("her")
    assert (scene.her.negotiation(), scene.him.negotiation()) == before
    assert scene.events == []
