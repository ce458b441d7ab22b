from typing import cast

import pytest

from media.downlink import Downlink
from media.endpoint import CHANGES_AT_ONCE, CHANGES_PER_S, MAX_SECTIONS, SHORT_LIFE_S, Endpoint, Negotiation
from media.errors import BadSdp, EndpointExists, EndpointUnknown, RoomFull, SsrcConflict
from media.events import CloseReason, TransportClosed, TransportConnected
from media.formats import ALL_FORMATS, OPUS, PAYLOAD_TYPES, RED, Formats, VideoCodec
from media.publication import Source
from media.room import MAX_ADMITTED, MAX_CLAIMS, MAX_CLAIMS_OF_ONE
from media.uplink import ADMITTED_PACKETS_PER_S, WAITING_PACKETS_PER_S
from tests.unit.media.scene import HERS, HIS, Scene, Ssrcs
from tests.unit.media.sdp import answer_to


def flat(ssrcs: Ssrcs) -> list[int]:
    return [ssrc for group in ssrcs.values() for ssrc in group]


def subscribers(endpoint: Endpoint, ssrc: int) -> list[Downlink]:
    return [outgoing.downlink for outgoing in endpoint.transport.uplink.streams[ssrc].outgoings]


@pytest.fixture
def scene() -> Scene:
    return Scene()


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


def test_an_ssrc_of_another_is_refused_and_stays_his(scene: Scene) -> None:
    scene.answer(scene.her, HERS)
    with pytest.raises(SsrcConflict):
        scene.answer(scene.him, {Source.AUDIO: (103,)})
    assert scene.him.negotiation().sdp is not None
    assert scene.answer(scene.him, HIS)


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


def test_an_ssrc_is_not_used_again_on_a_new_transport(scene: Scene) -> None:
    scene.answer(scene.her, HERS)
    scene.connect(scene.her)
    scene.her.restart("t1")
    with pytest.raises(SsrcConflict):
        scene.answer(scene.her, HERS)


def test_a_changed_fingerprint_is_refused(scene: Scene) -> None:
    scene.bring_up()
    scene.join("third", {Source.AUDIO: (301,)})
    wanted = scene.her.negotiation()
    with pytest.raises(BadSdp):
        scene.her.answer("t1", wanted.revision, answer_to(scene.her.sections, HERS, ":".join(["EF"] * 32)))


def test_restart_gives_a_new_transport_once_and_the_other_is_told(scene: Scene) -> None:
    scene.bring_up()
    scene.her.restart("t1")
    scene.her.restart("t1")
    told = scene.her.negotiation()
    assert (told.transport, told.revision) == ("t3", 1)
    assert [each.mid for each in told.remote] == ["3", "4"]
    assert scene.told() == ["her", "him"]
    assert TransportClosed("visit", "her", "t1", CloseReason.REPLACED) in scene.events
    assert {ssrc for _, ssrc in scene.forwards()} == {0}  # what she may answer with, once connected
    scene.answer(scene.her, {Source.AUDIO: (111,), Source.CAMERA: (112, 113)})
    scene.connect(scene.her)
    scene.answer(scene.him, HIS)
    assert len(scene.forwards()) == 8


def test_other_credentials_are_a_new_revision_of_the_same_transport_and_nothing_else(scene: Scene) -> None:
    scene.bring_up()
    his, transport = scene.him.negotiation(), scene.her.transport
    flows = scene.forwards()
    scene.her.refresh("another")
    assert scene.events == []
    scene.her.refresh(transport.id)
    assert scene.told() == ["her"]
    told = scene.her.negotiation()
    assert (told.transport, told.sdp is not None) == (transport.id, True)
    assert f"a=ice-ufrag:{transport.credentials.ufrag}\r\n" in str(told.sdp)
    assert transport.credentials.ufrag != "ufragufrag"
    assert (scene.him.negotiation(), scene.forwards()) == (his, flows)
    assert scene.answer(scene.her, HERS)
    assert scene.forwards() == flows


def test_a_lost_transport_takes_its_publications_with_it_and_the_endpoint_stays(scene: Scene) -> None:
    scene.bring_up()
    scene.her.transport.close(CloseReason.CONSENT_LOST)
    assert scene.events[-1] == TransportClosed("visit", "her", "t1", CloseReason.CONSENT_LOST)
    assert scene.him.negotiation().remote == ()
    assert scene.room.find("her") is scene.her
    assert not scene.answer(scene.her, HERS)


def fail(scene: Scene, seconds: float, reason: CloseReason = CloseReason.DTLS_FAILED) -> list[float]:
    """Her browser answers whatever it is offered, and each of her transports ends at once; say when she got others."""
    began, at = scene.node.now(), []
    while scene.node.now() < began + seconds:
        if scene.her.negotiation().sdp is not None:
            scene.answer(scene.her, {})
            before = scene.her.transport
            before.close(reason)
            scene.her.recover(before.id)
        made = scene.node.made
        scene.node.now.now += 0.5
        scene.room.sweep(scene.node.now())
        at += [scene.node.now() - began] * (scene.node.made - made)
    return at


def test_a_transport_that_ended_by_itself_is_replaced_at_once_and_later_ones_after_longer_and_longer(
    scene: Scene,
) -> None:
    scene.answer(scene.her, HERS)
    first = scene.her.transport
    first.close(CloseReason.DTLS_FAILED)
    scene.her.recover("another")
    assert scene.her.transport is first
    scene.her.recover(first.id)
    assert scene.her.transport is not first
    assert fail(scene, 100) == [1, 3, 7, 15, 31, 61, 91]


def test_what_a_page_asks_for_meanwhile_is_not_waited_for_nor_replaced_again(scene: Scene) -> None:
    fail(scene, 8)
    waits = scene.her.transport
    assert waits.is_closed
    scene.her.restart(waits.id)
    asked = scene.her.transport
    scene.node.now.now += 100
    scene.room.sweep(scene.node.now())
    assert scene.her.transport is asked


def test_after_a_transport_that_lived_for_a_while_the_next_is_there_at_once_again(scene: Scene) -> None:
    fail(scene, 8)
    scene.her.restart(scene.her.transport.id)
    scene.answer(scene.her, HERS)
    scene.connect(scene.her)
    scene.node.now.now += SHORT_LIFE_S
    lost = scene.her.transport
    lost.close(CloseReason.DTLS_CLOSED)
    scene.her.recover(lost.id)
    assert not scene.her.transport.is_closed


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


def test_an_offer_that_grew_too_long_is_made_anew_on_another_transport(scene: Scene) -> None:
    scene.bring_up()
    first = scene.him.transport
    for number in range(MAX_SECTIONS):
        scene.node.now.now += 10
        scene.her.restart(scene.her.transport.id)
        scene.answer(scene.her, {Source.AUDIO: (1_000 + number,), Source.CAMERA: (2_000 + number,)})
        scene.connect(scene.her)
        assert len(scene.him.sections) <= MAX_SECTIONS
    assert first.is_closed
    assert TransportClosed("visit", "him", first.id, CloseReason.REPLACED) in scene.events


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


def test_every_change_is_told_once_and_no_change_not_at_all(scene: Scene) -> None:
    scene.bring_up()
    before = (scene.her.negotiation(), scene.him.negotiation())
    scene.room.settle()
    scene.room.admit("her")
    assert (scene.her.negotiation(), scene.him.negotiation()) == before
    assert scene.events == []


def sweep(scene: Scene, seconds: int, lost_of_ten: int) -> None:
    reception = scene.her.transport.uplink.streams[102].reception
    for _ in range(2 * seconds):
        for step in range(1, 101):
            if step % 10 >= lost_of_ten:
                reception.count(
                    reception.highest + 1 + (lost_of_ten if step % 10 == lost_of_ten else 0) & 0xFFFF, 1_000
                )
        scene.node.now.now += 0.5
        scene.room.sweep(scene.node.now())


def test_feedback_of_two_ends_at_the_relay_once_a_line_loses_for_a_while_and_passes_again_once_it_is_calm(
    scene: Scene,
) -> None:
    scene.bring_up()
    transports = [endpoint.transport for endpoint in (scene.her, scene.him)]
    sweep(scene, 10, 0)
    sweep(scene, 2, 1)
    sweep(scene, 10, 0)
    assert [transport.uplink.is_hop_by_hop for transport in transports] == [False, False]
    sweep(scene, 8, 1)
    assert [transport.uplink.is_hop_by_hop for transport in transports] == [True, True]
    sweep(scene, 30, 0)
    assert transports[0].uplink.is_hop_by_hop
    sweep(scene, 90, 0)
    assert [transport.uplink.is_hop_by_hop for transport in transports] == [False, False]


def test_the_loss_of_a_line_is_measured_on_after_it_was_judged(scene: Scene) -> None:
    scene.bring_up()
    downlink = scene.him.transport.downlink
    for lost, seconds, verdict in ((True, 10, True), (False, 20, False)):
        for _ in range(2 * seconds):
            downlink.bytes += 10_000
            downlink._resent += 1_000 * lost
            sweep(scene, 1, 0)
        assert downlink.loses is verdict


@pytest.mark.parametrize("leaves", ["is held", "goes"])
def test_when_one_leaves_whose_line_may_have_been_the_lossy_one_the_others_are_judged_anew(
    scene: Scene, leaves: str
) -> None:
    scene.bring_up()
    third = scene.join("third", {Source.AUDIO: (301,), Source.CAMERA: (302, 303)})
    sweep(scene, 8, 1)
    if leaves == "goes":
        third.close()
    else:
        scene.room.dismiss("third")
    assert not scene.her.transport.uplink.is_hop_by_hop


def test_no_line_is_judged_by_what_a_node_that_is_behind_lost_itself(scene: Scene) -> None:
    scene.bring_up()
    scene.node.is_pressed = True
    sweep(scene, 10, 1)
    scene.node.is_pressed = False
    sweep(scene, 10, 0)
    assert not scene.her.transport.uplink.is_hop_by_hop


def test_feedback_ends_at_the_relay_while_there_are_three(scene: Scene) -> None:
    scene.bring_up()
    third = scene.join("third", {Source.AUDIO: (301,), Source.CAMERA: (302, 303)})
    everybody = [endpoint.transport.uplink for endpoint in (scene.her, scene.him, third)]
    assert all(uplink.is_hop_by_hop for uplink in everybody)
    third.close()
    assert not any(uplink.is_hop_by_hop for uplink in everybody[:2])


def test_a_restart_ends_the_old_transport_whatever_breaks_beside_it(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    scene.bring_up()
    old = scene.her.transport

    def break_down() -> None:
        raise ValueError("a defect")

    monkeypatch.setattr(scene.room, "settle", break_down)
    with pytest.raises(ValueError, match="a defect"):
        scene.her.restart(old.id)
    assert old.is_closed
