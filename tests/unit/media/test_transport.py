import asyncio
from typing import Any, cast

import pytest
from aiortc import RTCCertificate, RTCDtlsTransport
from hypothesis import given, settings
from hypothesis import strategies as st
from pylibsrtp import Error as SrtpError
from pylibsrtp import Policy, Session

from media.dtls import DatagramPipe
from media.events import CloseReason
from media.rtp import RELAY_SSRC, is_rtcp, picture_loss_indication
from media.stats import Counters, DropReason
from media.transport import (
    ADMITTED_PACKETS_PER_S,
    KEYFRAME_INTERVAL_S,
    MAX_PACKET,
    MAX_RTCP_SENDERS,
    WAITING_PACKETS_PER_S,
)
from media.udp_port import Address
from tests.unit.media.doubles import CERTIFICATE, Peer, Wire, receiver_report, rtp

SSRC = 5_001


class Relay:
    """One publisher, one subscriber, both connected; nothing is routed yet."""

    def __init__(self) -> None:
        self.wire = Wire()
        self.counters = Counters()
        self.publisher = Peer(1, self.wire, self.counters)
        self.subscriber = Peer(2, self.wire, self.counters)
        self.publisher.connect()
        self.subscriber.connect()

    def route(self) -> None:
        self.publisher.transport.routes = {SSRC: (self.subscriber.transport,)}
        self.publisher.transport.rtcp_peers = (self.subscriber.transport,)

    def publish(self, packet: bytes) -> None:
        self.publisher.transport.receive_media(packet, self.publisher.address)

    def dropped(self) -> dict[DropReason, int]:
        return {reason: count for reason, count in self.counters.drops.items() if count}


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
    assert (relay.counters.packets_forwarded, relay.counters.bytes_forwarded) == (1, len(data))


async def test_rtcp_reaches_the_other_as_a_whole(relay: Relay) -> None:
    relay.route()
    compound = receiver_report(9) + picture_loss_indication(SSRC)
    relay.publish(relay.publisher.up.protect_rtcp(compound))
    [(data, address)] = relay.wire.sent
    assert address == relay.subscriber.address
    assert relay.subscriber.down.unprotect_rtcp(data) == compound


async def test_an_undeclared_ssrc_is_dropped_before_any_cryptography(relay: Relay) -> None:
    relay.route()
    relay.publish(rtp(SSRC + 1, 1))
    assert relay.dropped() == {DropReason.UNKNOWN_SSRC: 1}


async def test_without_subscribers_a_packet_is_judged_and_goes_nowhere(relay: Relay) -> None:
    relay.publisher.transport.routes = {SSRC: ()}
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
    transport.set_budget(ADMITTED_PACKETS_PER_S)
    transport.set_budget(WAITING_PACKETS_PER_S)
    good = [relay.publisher.up.protect(rtp(SSRC, number)) for number in range(WAITING_PACKETS_PER_S + 60)]
    for packet in good[: WAITING_PACKETS_PER_S + 5]:
        relay.publish(packet)
    relay.publish(relay.publisher.up.protect_rtcp(receiver_report(SSRC)))
    assert len(relay.wire.sent) == WAITING_PACKETS_PER_S
    assert relay.dropped() == {DropReason.OVER_BUDGET: 6}
    transport.sweep(1.5, **sweep)
    for packet in good[WAITING_PACKETS_PER_S + 5 :]:
        relay.publish(packet)
    assert len(relay.wire.sent) == WAITING_PACKETS_PER_S * 3 // 2
    assert relay.dropped() == {DropReason.OVER_BUDGET: 11}
    transport.set_budget(ADMITTED_PACKETS_PER_S)
    transport.set_budget(ADMITTED_PACKETS_PER_S)
    for number in range(1_000, 1_000 + ADMITTED_PACKETS_PER_S + 1):
        relay.publish(relay.publisher.up.protect(rtp(SSRC, number)))
    assert relay.dropped() == {DropReason.OVER_BUDGET: 12}


async def test_sending_follows_the_address_that_authentic_media_comes_from(relay: Relay) -> None:
    relay.route()
    elsewhere = ("198.51.100.1", 50_000)
    relay.publisher.transport.receive_media(relay.publisher.up.protect(rtp(SSRC, 1)), elsewhere)
    assert relay.publisher.transport.addresses.selected == elsewhere
    relay.publisher.transport.receive_media(rtp(SSRC, 2), relay.publisher.address)
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
    relay.publisher.transport._rx = Session(policies[0])
    relay.subscriber.transport._tx = Session(policies[1])
    peer = Session(policies[1])
    relay.publish(peer.protect(rtp(SSRC, 1).ljust(MAX_PACKET - tag, b"x")))
    # SRTCP has its index of 4 bytes as well.
    compound = receiver_report(SSRC) + bytes([0x80, 204]) + ((MAX_PACKET - tag - 4 - 8) // 4 - 1).to_bytes(2, "big")
    relay.publish(peer.protect_rtcp(compound.ljust((MAX_PACKET - tag - 4) // 4 * 4, b"x")))
    assert len(relay.wire.sent) == 2


async def test_a_packet_for_one_without_an_address_still_counts_in_its_session(relay: Relay) -> None:
    relay.route()
    subscriber = relay.subscriber.transport
    subscriber.addresses.forget(relay.subscriber.address)
    relay.publish(relay.publisher.up.protect(rtp(SSRC, 1)))
    assert relay.dropped() == {DropReason.NOT_CONNECTED: 1}
    assert subscriber._tx is not None
    with pytest.raises(SrtpError, match="replay"):
        subscriber._tx.protect(rtp(SSRC, 1))


async def test_a_packet_too_long_to_protect_and_a_full_socket_are_counted(relay: Relay) -> None:
    relay.route()
    relay.subscriber.transport.send_rtp(rtp(SSRC, 1, bytes(1400)))
    assert relay.dropped() == {DropReason.PROTECT_FAILED: 1}
    relay.wire.jammed = True
    relay.publish(relay.publisher.up.protect(rtp(SSRC, 2)))
    assert relay.counters.packets_forwarded == 0


async def test_a_closed_transport_neither_takes_nor_gives_and_reports_once(relay: Relay) -> None:
    relay.route()
    relay.subscriber.transport.close(CloseReason.REPLACED)
    relay.subscriber.transport.close(CloseReason.CONSENT_LOST)
    assert relay.subscriber.closed == [CloseReason.REPLACED]
    relay.publish(relay.publisher.up.protect(rtp(SSRC, 1)))
    relay.subscriber.transport.receive_media(relay.subscriber.up.protect(rtp(9, 1)), relay.subscriber.address)
    assert relay.wire.sent == []
    assert relay.dropped() == {DropReason.NOT_CONNECTED: 2}


async def test_a_keyframe_is_asked_for_at_once_and_then_at_the_pace_of_the_limit(relay: Relay) -> None:
    transport = relay.publisher.transport
    transport.request_keyframe(SSRC, 10.0)
    transport.request_keyframe(SSRC, 10.1)
    transport.request_keyframe(SSRC, 10.2)
    assert len(relay.wire.sent) == 1
    transport.last_check_at = 10.0
    for now in (10.4, 10.0 + KEYFRAME_INTERVAL_S, 11.5):
        transport.sweep(now, connect_timeout_s=30, consent_timeout_s=30)
    assert len(relay.wire.sent) == 2
    data, _ = relay.wire.sent[-1]
    packet = relay.publisher.down.unprotect_rtcp(data)
    assert packet == bytes([0x81, 206, 0, 2]) + RELAY_SSRC.to_bytes(4, "big") + SSRC.to_bytes(4, "big")
    assert is_rtcp(packet)


@pytest.mark.parametrize("obstacle", ["no address", "full socket"])
async def test_a_keyframe_request_that_could_not_be_sent_is_sent_at_the_next_sweep(relay: Relay, obstacle: str) -> None:
    transport = relay.publisher.transport
    transport.last_check_at = 10.0
    relay.wire.jammed = obstacle == "full socket"
    if obstacle == "no address":
        transport.addresses.forget(relay.publisher.address)
    transport.request_keyframe(SSRC, 10.0)
    assert relay.wire.sent == []
    relay.wire.jammed = False
    transport.addresses.validate(relay.publisher.address, nominated=False)
    for now in (10.1, 10.2, 11.0):
        transport.sweep(now, connect_timeout_s=30, consent_timeout_s=30)
    assert len(relay.wire.sent) == 1


async def test_s41_a_peer_that_stops_checking_has_withdrawn_its_consent(relay: Relay) -> None:
    relay.subscriber.transport.last_check_at = 100.0
    relay.subscriber.transport.sweep(130.0, connect_timeout_s=30, consent_timeout_s=30)
    assert relay.subscriber.closed == []
    relay.subscriber.transport.sweep(130.1, connect_timeout_s=30, consent_timeout_s=30)
    assert relay.subscriber.closed == [CloseReason.CONSENT_LOST]
    assert relay.subscriber.transport.addresses.selected is None


async def test_a_handshake_that_never_comes_ends_with_its_deadline() -> None:
    peer = Peer(1, Wire(), Counters())
    peer.transport.start(frozenset({("sha-256", "AB")}), 100.0)
    peer.transport.sweep(130.0, connect_timeout_s=30, consent_timeout_s=10)
    assert peer.closed == []
    peer.transport.sweep(130.1, connect_timeout_s=30, consent_timeout_s=10)
    assert peer.closed == [CloseReason.CONNECT_TIMEOUT]


class Handshake(Wire):
    """The wire between one of our transports and a DTLS client; after the `last` datagram of the client `end` is called."""

    def __init__(self, last: int, turns: int) -> None:
        super().__init__()
        self.peer = Peer(1, self, Counters())
        self._pipe = DatagramPipe(self._up)
        self._pipe.role = "controlled"
        certificate = RTCCertificate.generateCertificate()
        self.client = RTCDtlsTransport(cast("Any", self._pipe), [certificate])
        self.fingerprint = next(each.value for each in certificate.getFingerprints() if each.algorithm == "sha-256")
        self._left, self._turns = last, turns
        self.connected_before = 0

    def send(self, data: bytes, address: Address) -> bool:
        return super().send(data, address) and self._pipe.put(data)

    def _up(self, data: bytes) -> None:
        transport = self.peer.transport
        transport.receive_dtls(data)
        self._left -= 1
        if self._left == 0:
            self._end(self._turns)

    def _end(self, turns: int) -> None:
        if turns:
            asyncio.get_running_loop().call_soon(self._end, turns - 1)
        else:
            self.connected_before = self.peer.connected
            self.peer.transport.close(CloseReason.ENDPOINT_CLOSED)


@pytest.mark.parametrize("turns", range(6))
@pytest.mark.parametrize("last", [1, 2])
async def test_a_transport_closed_at_any_moment_of_its_handshake_stays_closed(last: int, turns: int) -> None:
    wire = Handshake(last, turns)
    transport = wire.peer.transport
    transport.addresses.validate(wire.peer.address, nominated=False)
    transport.start(frozenset({("sha-256", wire.fingerprint)}), 0.0)
    remote = RTCDtlsTransport(cast("Any", wire), [CERTIFICATE]).getLocalParameters()
    client = asyncio.ensure_future(wire.client.start(remote))
    assert transport._task is not None
    ended, _ = await asyncio.wait([transport._task], timeout=2)
    client.cancel()
    await asyncio.gather(client, return_exceptions=True)
    await wire.client.stop()
    assert ended
    assert transport.is_closed
    assert (wire.peer.connected, wire.peer.closed) == (wire.connected_before, [CloseReason.ENDPOINT_CLOSED])
