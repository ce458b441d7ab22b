import asyncio
from typing import Any, cast

import pytest
from aiortc import RTCCertificate, RTCDtlsTransport

from media.dtls import DatagramPipe
from media.events import CloseReason
from media.stats import Counters, DropReason
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


async def test_s41_a_peer_that_stops_checking_has_withdrawn_its_consent(relay: Relay) -> None:
    relay.subscriber.transport.last_check_at = 100.0
    relay.subscriber.transport.sweep(130.0, connect_timeout_s=30, consent_timeout_s=30)
    assert relay.subscriber.closed == []
    relay.subscriber.transport.sweep(130.1, connect_timeout_s=30, consent_timeout_s=30)
    assert relay.subscriber.closed == [CloseReason.CONSENT_LOST]
    assert relay.subscriber.transport.addresses.selected is None


async def test_a_defect_as_it_connects_does_not_leave_it_half_alive(monkeypatch: pytest.MonkeyPatch) -> None:
    peer = Peer(1, Wire(), Counters())

    async def break_down(_: object) -> CloseReason:
        raise ValueError("a defect")

    monkeypatch.setattr(peer.transport, "_connect", break_down)
    peer.transport.start(frozenset({("sha-256", "AB")}), 100.0)
    async with asyncio.timeout(5):
        while not peer.closed:
            await asyncio.sleep(0)
    assert peer.closed == [CloseReason.BROKEN]


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
