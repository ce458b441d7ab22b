import asyncio
from typing import Any, cast

import pytest
from aiortc import RTCCertificate, RTCDtlsTransport

from media.dtls import DatagramPipe
from media.events import CloseReason
from media.rtp import RELAY_SSRC, is_rtcp
from media.stats import Counters, DropReason
from media.transport import KEYFRAME_INTERVAL_S
from media.udp_port import Address
from tests.unit.media.doubles import CERTIFICATE, SSRC, Peer, Relay, Wire, rtp


@pytest.fixture
async def relay() -> Relay:
    return Relay()


async def test_a_closed_transport_neither_takes_nor_gives_and_reports_once(relay: Relay) -> None:
    relay.route()
    relay.subscriber.transport.close(CloseReason.REPLACED)
    relay.subscriber.transport.close(CloseReason.CONSENT_LOST)
    assert relay.subscriber.closed == [CloseReason.REPLACED]
    relay.publish(relay.publisher.up.protect(rtp(SSRC, 1)))
    relay.subscriber.send(relay.subscriber.up.protect(rtp(9, 1)))
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

    def send(self, data: bytes | memoryview, address: Address) -> bool:
        return super().send(data, address) and self._pipe.put(bytes(data))

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
