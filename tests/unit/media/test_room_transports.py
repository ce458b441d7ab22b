"""The transports of one participant, one after the other."""

import pytest

from media.endpoint import MAX_SECTIONS, SHORT_LIFE_S
from media.errors import BadSdp
from media.events import CloseReason, TransportClosed
from media.publication import Source
from tests.unit.media.scene import HERS, HIS, Scene
from tests.unit.media.sdp import answer_to


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
