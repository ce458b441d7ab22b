import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pylibsrtp import Policy, Session

from media.publication import Publication, Source
from media.srtp import SrtpSession
from media.stats import DropReason
from media.stream import Stream, StreamKind, streams_of
from media.uplink import (
    ADMITTED_PACKETS_PER_S,
    BITS_PER_S,
    MAX_PACKET,
    MAX_RTCP_SENDERS,
    MENDED_WITHIN_S,
    WAITING_PACKETS_PER_S,
)
from tests.unit.media.doubles import SSRC, Peer, Relay, packet_of, receiver_report, rtp

VIDEO = Stream(SSRC, StreamKind.VIDEO, SSRC)


@pytest.fixture
async def relay() -> Relay:
    return Relay()


async def test_a_packet_reaches_the_subscriber_byte_for_byte(relay: Relay) -> None:
    relay.route()
    packet = rtp(SSRC, 65_000)
    relay.publish(relay.publisher.up.protect(packet))
    [(data, address)] = relay.wire.sent
    assert address == relay.subscriber.address
    assert relay.subscriber.down.unprotect(data) == packet


async def test_rtcp_reaches_the_other_as_a_whole(relay: Relay) -> None:
    relay.route()
    compound = receiver_report(9) + bytes([0x81, 202, 0, 2]) + SSRC.to_bytes(4, "big") + bytes(4)
    relay.publish(relay.publisher.up.protect_rtcp(compound))
    [(data, address)] = relay.wire.sent
    assert address == relay.subscriber.address
    assert relay.subscriber.down.unprotect_rtcp(data) == compound


async def test_an_undeclared_ssrc_is_dropped_before_any_cryptography(relay: Relay) -> None:
    relay.route()
    relay.publish(rtp(SSRC + 1, 1))
    assert relay.dropped() == {DropReason.UNKNOWN_SSRC: 1}


async def test_without_subscribers_a_packet_is_judged_and_goes_nowhere(relay: Relay) -> None:
    relay.uplink.route({VIDEO: ()})
    relay.publish(relay.publisher.up.protect(rtp(SSRC, 1)))
    relay.publish(relay.publisher.up.protect_rtcp(receiver_report(SSRC)))
    assert relay.dropped() == {DropReason.NO_SUBSCRIBER: 2}
    assert relay.wire.sent == []


async def test_s35_plain_replayed_altered_and_short_packets_are_dropped(relay: Relay) -> None:
    relay.route()
    good = relay.publisher.up.protect(rtp(SSRC, 1))
    altered = good[:-1] + bytes([good[-1] ^ 1])
    for packet in (rtp(SSRC, 2), altered, good, good, good[:7], good[:11]):
        relay.publish(packet)
    assert len(relay.wire.sent) == 1
    # The one of 11 bytes has no SSRC that could be known.
    assert relay.dropped() == {DropReason.BAD_SRTP: 4, DropReason.UNKNOWN_SSRC: 1}


@settings(max_examples=200)
@given(st.binary(min_size=1, max_size=1500))
async def test_no_unauthentic_bytes_are_forwarded_or_make_an_exception(data: bytes) -> None:
    relay = Relay()
    relay.route()
    relay.publish(data)
    relay.publish(bytes([0x80, 96]) + data[:6].ljust(6, b"\0") + SSRC.to_bytes(4, "big") + data)
    assert relay.wire.sent == []


async def test_s37_the_ssrcs_that_rtcp_may_come_from_are_bounded(relay: Relay) -> None:
    relay.route()
    for ssrc in range(MAX_RTCP_SENDERS + 3):
        relay.publish(relay.publisher.up.protect_rtcp(receiver_report(ssrc)))
    assert len(relay.wire.sent) == MAX_RTCP_SENDERS
    assert relay.dropped() == {DropReason.UNKNOWN_SSRC: 3}


async def test_s38_more_packets_than_the_budget_are_dropped_before_any_cryptography(relay: Relay) -> None:
    relay.route()
    transport = relay.publisher.transport
    sweep = {"connect_timeout_s": 30.0, "consent_timeout_s": 30.0}
    transport.sweep(1.0, **sweep)
    transport.uplink.set_budget(ADMITTED_PACKETS_PER_S)
    transport.uplink.set_budget(WAITING_PACKETS_PER_S)
    good = [relay.publisher.up.protect(rtp(SSRC, number)) for number in range(WAITING_PACKETS_PER_S + 60)]
    for packet in good[: WAITING_PACKETS_PER_S + 5]:
        relay.publish(packet)
    relay.publish(relay.publisher.up.protect_rtcp(receiver_report(SSRC)))
    assert len(relay.wire.sent) == WAITING_PACKETS_PER_S
    assert relay.dropped() == {DropReason.OVER_BUDGET: 6}
    transport.sweep(1.5, **sweep)
    for packet in good[WAITING_PACKETS_PER_S + 5 :]:
        relay.publish(packet)
    forwarded = [data for data, address in relay.wire.sent if address == relay.subscriber.address]
    assert len(forwarded) == WAITING_PACKETS_PER_S * 3 // 2
    assert relay.dropped() == {DropReason.OVER_BUDGET: 11}
    transport.uplink.set_budget(ADMITTED_PACKETS_PER_S)
    transport.uplink.set_budget(ADMITTED_PACKETS_PER_S)
    for number in range(1_000, 1_000 + ADMITTED_PACKETS_PER_S + 1):
        relay.publish(relay.publisher.up.protect(rtp(SSRC, number)))
    assert relay.dropped() == {DropReason.OVER_BUDGET: 12}


async def test_s37_more_bits_than_the_rate_allows_are_paid_back_with_silence(relay: Relay) -> None:
    relay.route()
    uplink = relay.publisher.transport.uplink
    uplink.set_budget(ADMITTED_PACKETS_PER_S)
    number = 0

    def second_of(packets: int, now: float) -> int:
        nonlocal number
        relay.wire.sent.clear()
        for _ in range(packets):
            number += 1
            relay.publish(relay.publisher.up.protect(rtp(SSRC, number, bytes(1000))))
        uplink.refill(now)
        return sum(address == relay.subscriber.address for _, address in relay.wire.sent)

    uplink.refill(0.0)
    honest = BITS_PER_S // 8 // 1012
    assert [second_of(honest, now) for now in (1.0, 2.0, 3.0)] == [honest] * 3
    assert second_of(2_900, 4.0) == 2_900
    assert second_of(2_900, 5.0) == 0
    assert second_of(honest, 6.0) in (0, honest)
    assert second_of(honest, 7.0) == honest


async def test_sending_follows_the_address_that_authentic_media_comes_from(relay: Relay) -> None:
    relay.route()
    elsewhere = ("198.51.100.1", 50_000)
    relay.publisher.send(relay.publisher.up.protect(rtp(SSRC, 1)), elsewhere)
    assert relay.publisher.transport.addresses.selected == elsewhere
    relay.publisher.send(rtp(SSRC, 2))
    assert relay.publisher.transport.addresses.selected == elsewhere


async def test_a_packet_too_long_to_be_passed_on_is_not_even_unprotected(relay: Relay) -> None:
    relay.route()
    for size in (MAX_PACKET + 1, 1500):
        relay.publish(rtp(SSRC, 1).ljust(size, b"x"))
        relay.publish(receiver_report(SSRC).ljust(size, b"x"))
    assert relay.dropped() == {DropReason.OVERSIZE: 4}


@pytest.mark.parametrize(
    ("profile", "key", "tag"),
    [(Policy.SRTP_PROFILE_AEAD_AES_128_GCM, 28, 16), (Policy.SRTP_PROFILE_AES128_CM_SHA1_80, 30, 10)],
)
async def test_whatever_is_unprotected_can_be_protected(relay: Relay, profile: int, key: int, tag: int) -> None:
    relay.route()
    policies = [
        Policy(bytes(key), kind, srtp_profile=profile) for kind in (Policy.SSRC_ANY_INBOUND, Policy.SSRC_ANY_OUTBOUND)
    ]
    relay.uplink.connect(SrtpSession(Session(policies[0])))
    relay.subscriber.transport.downlink.connect(SrtpSession(Session(policies[1])))
    peer = SrtpSession(Session(policies[1]))
    packet = packet_of(rtp(SSRC, 1).ljust(MAX_PACKET - tag, b"x"))
    assert peer.protect(packet)
    relay.publish(packet.tobytes())
    # SRTCP has its index of 4 bytes as well.
    words = (MAX_PACKET - tag - 4) // 4
    description = bytes([0x80, 204]) + (words - 3).to_bytes(2, "big")
    compound = packet_of((receiver_report(SSRC) + description).ljust(words * 4, b"x"))
    assert peer.protect_rtcp(compound)
    relay.publish(compound.tobytes())
    assert len(relay.wire.sent) == 2


async def test_each_of_several_subscribers_gets_the_packet_under_its_own_keys(relay: Relay) -> None:
    third = Peer(3, relay.wire, relay.counters)
    third.connect()
    subscribers = [relay.subscriber, third]
    relay.uplink.route({VIDEO: [each.transport.downlink for each in subscribers]})
    relay.uplink.rtcp_peers = tuple(each.transport.downlink for each in subscribers)
    packet, compound = rtp(SSRC, 1), receiver_report(SSRC)
    relay.publish(relay.publisher.up.protect(packet))
    relay.publish(relay.publisher.up.protect_rtcp(compound))
    sent = {address: [data for data, to in relay.wire.sent if to == address] for _, address in relay.wire.sent}
    assert set(sent) == {each.address for each in subscribers}
    for subscriber in subscribers:
        media, report = sent[subscriber.address]
        assert subscriber.down.unprotect(media) == packet
        assert subscriber.down.unprotect_rtcp(report) == compound


async def test_a_stream_counts_what_arrived_authentic_and_its_sink_gets_it(relay: Relay) -> None:
    relay.uplink.route({VIDEO: ()})
    incoming = relay.uplink.streams[SSRC]
    heard: list[tuple[bytes, float]] = []
    incoming.sink = lambda data, arrived_at: heard.append((data, arrived_at))
    packet = packet_of(relay.publisher.up.protect(rtp(SSRC, 1)))
    packet.arrived_at = 7.5
    relay.uplink.receive(packet, relay.publisher.address)
    relay.publish(rtp(SSRC, 2))
    assert heard == [(rtp(SSRC, 1), 7.5)]
    assert (incoming.reception.packets, incoming.reception.bytes) == (1, len(rtp(SSRC, 1)))
    assert relay.dropped() == {DropReason.BAD_SRTP: 1}


async def test_streams_and_subscribers_that_stay_keep_their_state_and_the_others_end(relay: Relay) -> None:
    one, two = relay.subscriber.transport.downlink, relay.publisher.transport.downlink
    repeats = Stream(SSRC + 1, StreamKind.RETRANSMISSION, SSRC)
    relay.uplink.route({VIDEO: (one,), repeats: (one,)})
    incoming, outgoing = relay.uplink.streams[SSRC], one.streams[SSRC]
    relay.uplink.route({VIDEO: (two, one)})
    assert list(relay.uplink.streams.items()) == [(SSRC, incoming)]
    assert incoming.outgoings == (two.streams[SSRC], outgoing)
    assert one.streams == {SSRC: outgoing}
    relay.uplink.route({Stream(SSRC, StreamKind.AUDIO, SSRC): (one,)})
    assert relay.uplink.streams[SSRC] is not incoming
    assert one.streams[SSRC] is not outgoing
    assert two.streams == {}
    relay.uplink.close()
    relay.uplink.close()
    assert (relay.uplink.streams, one.streams) == ({}, {})


def test_a_publication_with_retransmissions_is_two_streams() -> None:
    camera = Publication("one", "One", Source.CAMERA, (7, 8))
    assert streams_of(camera) == (Stream(7, StreamKind.VIDEO, 7), Stream(8, StreamKind.RETRANSMISSION, 7))
    assert streams_of(Publication("one", "One", Source.AUDIO, (9,))) == (Stream(9, StreamKind.AUDIO, 9),)


async def test_a_node_that_is_behind_asks_for_nothing_until_it_has_caught_up(relay: Relay) -> None:
    relay.route()
    packets = [relay.publisher.up.protect(rtp(SSRC, number)) for number in range(10)]
    relay.publish(packets[0])
    relay.publish(packets[2])
    asked = len(relay.wire.sent)
    relay.wire.is_pressed = True
    relay.publish(packets[5])
    assert relay.uplink.tick(1.0)
    assert len(relay.wire.sent) == asked + 1  # what was forwarded
    relay.wire.is_pressed = False
    relay.uplink.tick(0.5)
    assert len(relay.wire.sent) == asked + 3  # what was missing before, and a keyframe for what was never asked for
    relay.publish(packets[8])
    assert len(relay.wire.sent) == asked + 5


async def test_after_a_node_was_behind_keyframes_are_not_asked_for_all_at_once(relay: Relay) -> None:
    waits = []
    for ssrc in (640, 641, 640 + 63):
        relay.uplink.route({Stream(ssrc, StreamKind.VIDEO, ssrc): (relay.subscriber.transport.downlink,)})
        relay.wire.is_pressed = True
        for number in (1, 3):
            relay.publish(relay.publisher.up.protect(rtp(ssrc, number)))
        relay.wire.is_pressed = False
        asked = len(relay.wire.sent)
        steps = iter(range(200))
        while len(relay.wire.sent) == asked:
            step = next(steps)
            assert relay.uplink.tick(step * 0.025) or len(relay.wire.sent) > asked
        waits.append(step * 0.025)
    assert waits[0] == 0.0
    assert waits[0] < waits[1] < waits[2] <= MENDED_WITHIN_S
