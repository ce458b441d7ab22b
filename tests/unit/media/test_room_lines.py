"""Where congestion feedback ends, by the lines of those who are there."""

import pytest

from media.publication import Source
from tests.unit.media.scene import Scene


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
