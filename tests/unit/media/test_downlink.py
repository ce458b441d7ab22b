import pytest

from media.stats import DropReason
from media.stream import Stream, StreamKind
from tests.unit.media.doubles import SSRC, Relay, rtp


@pytest.fixture
async def relay() -> Relay:
    return Relay()


async def test_a_packet_for_one_without_an_address_still_counts_in_its_session(relay: Relay) -> None:
    relay.route()
    downlink = relay.subscriber.transport.downlink
    relay.subscriber.transport.addresses.forget(relay.subscriber.address)
    relay.publish(relay.publisher.up.protect(rtp(SSRC, 1)))
    assert relay.dropped() == {DropReason.NOT_CONNECTED: 1}
    relay.subscriber.transport.addresses.validate(relay.subscriber.address, nominated=False)
    assert not downlink.send_rtp(rtp(SSRC, 1))
    assert relay.dropped() == {DropReason.NOT_CONNECTED: 1, DropReason.PROTECT_FAILED: 1}


async def test_a_packet_too_long_to_protect_and_a_full_socket_are_counted(relay: Relay) -> None:
    relay.route()
    relay.subscriber.transport.downlink.send_rtp(bytes(11))
    assert relay.dropped() == {DropReason.PROTECT_FAILED: 1}
    relay.wire.jammed = True
    relay.publish(relay.publisher.up.protect(rtp(SSRC, 2)))
    assert relay.counters.packets_forwarded == 0


async def test_of_pictures_screens_are_the_most_important_then_those_that_came_first(relay: Relay) -> None:
    downlink = relay.subscriber.transport.downlink
    screen = Stream(7, StreamKind.VIDEO, 7, is_screen=True)
    cameras = [Stream(ssrc, StreamKind.VIDEO, ssrc) for ssrc in (9, 8)]
    relay.uplink.route(dict.fromkeys((*cameras, screen), (downlink,)))
    assert tuple(downlink._video_rates(1.0)) == (7, 9, 8)
