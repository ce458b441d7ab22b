"""What strangers and broken peers send to the port, on real sockets (`cases-security.md`)."""

import asyncio
import contextlib
import logging
import random
import re
import socket
import struct
import sys
from collections.abc import AsyncIterator, Callable, Iterator
from typing import Any

import pytest
from aiortc import RTCCertificate
from aiortc.rtcdtlstransport import SRTP_PROFILES, SRTPProtectionProfile
from OpenSSL import SSL
from structlog.testing import capture_logs

from media import CloseReason, DropReason
from media.ice_lite import FORMER_CREDENTIALS_S
from media.io import Io
from media.node import SWEEP_INTERVAL_S
from tests.support.media_port import Port, hears, open_port
from tests.support.webrtc import RawPeer, binding_request, until
from tests.unit.media.doubles import receiver_report, rtp
from tests.unit.media.sdp import answer_to


def client_hello() -> list[bytes]:
    """The first flight of a DTLS client that might be a browser's."""
    context = RTCCertificate.generateCertificate()._create_ssl_context(SRTP_PROFILES)
    client = SSL.Connection(context)
    client.set_connect_state()
    with contextlib.suppress(SSL.WantReadError):
        client.do_handshake()
    flight = []
    with contextlib.suppress(SSL.WantReadError):
        while True:
            flight.append(client.bio_read(1500))
    assert flight
    assert all(data[0] == 22 for data in flight)  # handshake
    return flight


BROKEN_HELLO = bytes.fromhex("16feff0000000000000000") + b"\x00\x40\x01" + bytes(63)
ALERT = bytes.fromhex("15fefd00000000000000000002022f")
CLOSE_NOTIFY = bytes.fromhex("15fefd000000000000000000020100")
GARBAGE = [BROKEN_HELLO, ALERT, CLOSE_NOTIFY, bytes([22]) + b"\xff" * 80, b"\x80" * 40, b"\x80\xc8" * 20, b"\x05" * 9]
ODD_SIZES = [b"", b"\x80" * 1501, b"\x16" * 4000, b"\x00" * 2000, b"\xbf" * 9000]


class NoCertificate(RTCCertificate):
    """A client that shows no certificate."""

    def _create_ssl_context(self, srtp_profiles: list[SRTPProtectionProfile]) -> SSL.Context:
        context = SSL.Context(SSL.DTLS_METHOD)
        context.set_verify(SSL.VERIFY_PEER, lambda *_: True)
        context.set_tlsext_use_srtp(b":".join(profile.openssl_profile for profile in srtp_profiles))
        return context


class NoSrtp(RTCCertificate):
    """A client that does not ask for SRTP."""

    def _create_ssl_context(self, srtp_profiles: list[SRTPProtectionProfile]) -> SSL.Context:  # noqa: ARG002
        context = SSL.Context(SSL.DTLS_METHOD)
        context.use_certificate(self._cert)
        context.use_privatekey(self._key)
        context.set_verify(SSL.VERIFY_PEER, lambda *_: True)
        return context


class Dtls10(RTCCertificate):
    """A client that knows nothing newer than DTLS 1.0."""

    def _create_ssl_context(self, srtp_profiles: list[SRTPProtectionProfile]) -> SSL.Context:
        context = super()._create_ssl_context(srtp_profiles)
        context.set_cipher_list(b"ALL:@SECLEVEL=0")
        context.set_min_proto_version(0xFEFF)
        context.set_max_proto_version(0xFEFF)
        return context


@pytest.fixture
async def port() -> AsyncIterator[Port]:
    async with open_port() as port:
        yield port


async def test_s29_empty_and_oversize_datagrams_before_during_and_after_the_handshake_change_nothing(
    port: Port,
) -> None:
    offer = port.offer("one")
    one = await port.enter("one", 100)
    port.disturb(ODD_SIZES, one.socket)
    one.disturb = lambda: port.disturb(ODD_SIZES, one.socket)
    assert await one.connect(offer)
    offer = port.offer("two")
    two = await port.enter("two", 200)
    assert await two.connect(offer)
    for name in ("one", "two"):
        port.node.room("visit").admit(name)
    port.answer("one", one, 100)
    port.answer("two", two, 200)
    await hears(one, two, 100, 1)
    port.disturb(ODD_SIZES, one.socket, two.socket)
    await hears(one, two, 100, 2)
    assert port.dropped(DropReason.EMPTY) > 3
    assert port.dropped(DropReason.OVERSIZE) > 12
    assert port.reasons() == []


async def test_s30_a_second_socket_cannot_disturb_the_handshake_or_the_call(port: Port) -> None:
    hostile = [*client_hello(), *GARBAGE]
    offers = {name: port.offer(name) for name in ("one", "two")}
    peers = {name: await port.enter(name, first) for name, first in (("one", 100), ("two", 200))}
    for name, peer in peers.items():
        port.disturb(hostile * 20)
        peer.disturb = lambda: port.disturb(hostile)
        assert await peer.connect(offers[name])
        port.node.room("visit").admit(name)
    port.answer("one", peers["one"], 100)
    port.answer("two", peers["two"], 200)
    for number in range(1, 6):
        port.disturb(hostile)
        await hears(peers["one"], peers["two"], 100, number)
        await hears(peers["two"], peers["one"], 200, number)
    sent = port.dropped(DropReason.UNVALIDATED_ADDRESS) + port.dropped(DropReason.UNKNOWN_PROTOCOL)
    assert sent > 47 * len(hostile)
    with pytest.raises(BlockingIOError):
        port.stranger.recv(2048)
    assert port.reasons() == []
    assert port.node.stats().transports_connected == 2


def with_random_attributes(ufrag: str, chance: random.Random) -> bytes:
    """A check for a user name that is known, so that it is parsed, with attributes of any kind, length and content."""
    name = f"{ufrag}:peer".encode()
    body = struct.pack("!HH", 0x0006, len(name)) + name + bytes(-len(name) % 4)
    for _ in range(chance.randrange(6)):
        kind = chance.choice([0x0001, 0x0006, 0x0008, 0x0009, 0x0020, 0x0024, 0x0025, 0x8028, 0x8029, 0x802A])
        value = chance.randbytes(chance.randrange(40))
        length = chance.choice([len(value), len(value), len(value), chance.randrange(1 << 16)])
        body += struct.pack("!HH", chance.choice([kind, chance.randrange(1 << 16)]), length) + value
        body += bytes(-len(value) % 4)
    return struct.pack("!HHI", 0x0001, len(body), 0x2112A442) + chance.randbytes(12) + body


async def test_s31_s32_checks_that_are_not_authentic_are_neither_answered_nor_logged(
    port: Port, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    offer = port.offer("one")
    ufrag = re.findall(r"a=ice-ufrag:(\S+)", offer)[0]
    good = binding_request(ufrag, re.findall(r"a=ice-pwd:(\S+)", offer)[0])
    chance = random.Random(32)  # noqa: S311 - the same bytes each time
    wrong = [good[:length] for length in range(1, len(good))]
    wrong += [bytes([1, kind]) + good[2:] for kind in (0x01, 0x11)]
    wrong += [b"\x00\x01\x00\x08" + good[4:20] + bytes([0, kind, 0, 4, 1, 2, 3, 4]) for kind in range(64)]
    wrong += [binding_request(ufrag, None), binding_request(ufrag, "wrong" * 7), binding_request("unknown", "x" * 32)]
    wrong += [with_random_attributes(ufrag, chance) for _ in range(1_000)]
    before = len(caplog.records)
    port.hold_time()
    with capture_logs() as lines:
        for number, data in enumerate(wrong, start=1):
            port.stranger.send(data)
            if not number % 50:
                await port.arrived(number)
                port.clock.skew += 2.0  # so slowly that each is read, whatever one may send in a second
        await port.arrived(len(wrong))
        await asyncio.sleep(0.05)
    assert lines == []
    assert [record.name for record in caplog.records[before:]] == []
    assert port.unhandled == []
    drops = {reason: packets for reason, packets in port.node.stats().drops.items() if packets}
    assert drops.keys() == {DropReason.BAD_STUN, DropReason.UNKNOWN_UFRAG, DropReason.BAD_INTEGRITY}
    assert drops[DropReason.BAD_STUN] > 500
    assert drops[DropReason.BAD_INTEGRITY] > 100
    assert sum(drops.values()) == len(wrong)
    with pytest.raises(BlockingIOError):
        port.stranger.recv(2048)
    port.stranger.send(good)
    await port.arrived(len(wrong) + 1)
    assert port.stranger.recv(2048)[:2] == b"\x01\x01"


async def test_s33_a_client_that_shows_no_certificate_fails_cleanly(port: Port) -> None:
    offer = port.offer("one")
    peer = await port.enter("one", 100, NoCertificate.generateCertificate())
    with capture_logs() as lines:
        connecting = asyncio.ensure_future(peer.connect(offer))
        await until(lambda: port.reasons() == [CloseReason.DTLS_FAILED], "the handshake is refused")
    connecting.cancel()
    await asyncio.gather(connecting, return_exceptions=True)
    assert [line["event"] for line in lines] == ["transport_closed"]
    assert not port.endpoint("one").transport.was_connected
    peer.socket.send(rtp(100, 1))
    await until(lambda: port.dropped(DropReason.UNVALIDATED_ADDRESS) > 0, "its media go nowhere")
    assert port.node.stats().transports_connected == 0


@pytest.mark.parametrize("kind", [NoSrtp, Dtls10])
async def test_s34_dtls_without_srtp_and_dtls_1_0_are_refused(port: Port, kind: type[RTCCertificate]) -> None:
    offer = port.offer("one")
    peer = await port.enter("one", 100, kind.generateCertificate())
    connecting = asyncio.ensure_future(peer.connect(offer))
    await until(lambda: port.reasons() == [CloseReason.DTLS_FAILED], "the handshake is refused")
    connecting.cancel()
    await asyncio.gather(connecting, return_exceptions=True)
    assert port.node.stats().transports_connected == 0


async def test_s34_what_is_negotiated_is_dtls_1_2(port: Port) -> None:
    one, _ = await port.meet()
    assert one.dtls._ssl is not None
    assert one.dtls._ssl.get_protocol_version_name() == "DTLSv1.2"


async def test_s35_plain_replayed_altered_and_foreign_packets_do_not_reach_the_other(port: Port) -> None:
    one, two = await port.meet()
    sent = one.send_rtp(rtp(100, 7))
    await until(lambda: len(two.received) == 1, "the good one arrives")
    another = one.dtls._tx_srtp.protect(rtp(100, 8))
    one.socket.send(rtp(100, 9))
    one.socket.send(sent)
    one.socket.send(another[:-1] + bytes([another[-1] ^ 1]))
    port.stranger.send(another)
    two.socket.send(two.dtls._tx_srtp.protect(rtp(100, 8)))
    one.send_rtp(rtp(555, 1))
    await hears(one, two, 100, 10)
    assert two.received == [rtp(100, 7), rtp(100, 10)]
    assert one.received == []
    assert port.dropped(DropReason.BAD_SRTP) == 3
    assert port.dropped(DropReason.UNVALIDATED_ADDRESS) == 1
    assert port.dropped(DropReason.UNKNOWN_SSRC) == 2


async def test_s35_plain_replayed_altered_and_foreign_rtcp_does_not_reach_the_other(port: Port) -> None:
    one, two = await port.meet()

    def protect(ssrc: int) -> bytes:
        data: bytes = one.dtls._tx_srtp.protect_rtcp(receiver_report(ssrc))
        return data

    def reports() -> list[bytes]:
        return [report for report in two.reports if report[1] == 201]

    sent = protect(100)
    one.socket.send(sent)
    await until(lambda: reports() == [receiver_report(100)], "the good one arrives")
    another = protect(101)
    one.socket.send(receiver_report(102))
    one.socket.send(receiver_report(102) + bytes(30))
    one.socket.send(sent)
    for position in (4, 9, len(another) - 5, len(another) - 1):
        one.socket.send(another[:position] + bytes([another[position] ^ 1]) + another[position + 1 :])
    two.socket.send(another)
    await until(lambda: port.dropped(DropReason.BAD_SRTP) == 8, "what is not authentic is dropped")
    port.stranger.send(another)
    await until(lambda: port.dropped(DropReason.UNVALIDATED_ADDRESS) == 1, "so is what a stranger has seen")
    one.socket.send(protect(103))
    await until(lambda: receiver_report(103) in two.reports, "another good one arrives")
    assert reports() == [receiver_report(100), receiver_report(103)]
    assert [report for report in one.reports if report[1] == 201] == []
    one.socket.send(another)
    await until(lambda: reports()[2:] == [receiver_report(101)], "what others sent of it has not used it up")


class SocketCalls:
    """What this process asks of sockets while a test looks on: each call that names somebody, each look-up of a name.

    What cffi sends is not in it: the batched ports' media, which go to validated addresses. An audit hook stays for the
    life of the process, so there is one, which hears for whom it is told to.
    """

    EVENTS = ("socket.connect", "socket.sendto", "socket.sendmsg", "socket.getaddrinfo", "socket.gethostbyname")

    def __init__(self) -> None:
        self.heard: list[tuple[str, Any]] | None = None
        sys.addaudithook(self._hear)

    @contextlib.contextmanager
    def watched(self) -> Iterator[list[tuple[str, Any]]]:
        self.heard = []
        try:
            yield self.heard
        finally:
            self.heard = None

    def _hear(self, event: str, arguments: tuple[Any, ...]) -> None:
        if self.heard is not None and event in self.EVENTS:
            self.heard.append((event, arguments[1] if isinstance(arguments[0], socket.socket) else arguments[0]))


SOCKET_CALLS = SocketCalls()


@pytest.mark.parametrize("io", [Io.PLAIN, Io.AUTO])
async def test_s40_of_a_thousand_candidates_none_is_probed_or_resolved(io: Io) -> None:
    async with contextlib.AsyncExitStack() as stack:
        port = await stack.enter_async_context(open_port(io))
        udp = stack.enter_context(socket.socket(socket.AF_INET, socket.SOCK_DGRAM))
        tcp = stack.enter_context(socket.socket(socket.AF_INET, socket.SOCK_STREAM))
        for target in (udp, tcp):
            target.bind(("127.0.0.1", 0))
            target.settimeout(0)
        tcp.listen()
        own = udp.getsockname()[1]
        hosts = [
            f"udp 1 127.0.0.1 {own} typ host",
            f"tcp 1 127.0.0.1 {tcp.getsockname()[1]} typ host",
            f"udp 1 localhost {own} typ host",
            "tcp 1 127.0.0.1 6379 typ host",
            "udp 1 169.254.169.254 80 typ srflx",
            "tcp 1 169.254.169.254 80 typ host",
            "udp 1 d1f3.local 5353 typ host",
            "udp 1 metadata.google.internal 80 typ host",
        ]
        lines = [f"a=candidate:{n} 1 {hosts[n % len(hosts)]}" for n in range(1000)]
        endpoint = port.node.room("visit").open_endpoint("one", "one")
        wanted = endpoint.negotiation()
        peer = RawPeer(port.node.port)
        port.peers.append(peer)
        answer = answer_to(endpoint.sections, {}, peer.fingerprint)
        head, mark, rest = answer.partition("a=mid:0")
        assert wanted.sdp is not None
        with SOCKET_CALLS.watched() as calls:
            assert endpoint.answer(wanted.transport, wanted.revision, head + "\r\n".join(lines) + "\r\n" + mark + rest)
            assert await peer.connect(wanted.sdp)
            await asyncio.sleep(0.7)  # longer than from one sweep to the next
        assert set(calls) == {("socket.sendto", peer.socket.getsockname())}
        with pytest.raises(BlockingIOError):
            udp.recv(2048)
        with pytest.raises(BlockingIOError):
            tcp.accept()


async def test_s41_within_thirty_seconds_of_the_last_check_nothing_is_sent_any_more(port: Port) -> None:
    one, two = await port.meet()
    silent = port.endpoint("two").transport
    port.hold_time()

    def at(seconds: float) -> None:
        """Let the node look this long after the last check of the one who fell silent."""
        port.pass_time(silent.last_check_at + seconds - port.clock())

    at(28.0)
    await hears(one, two, 100, 1)
    credentials = port.endpoint("one").transport.credentials
    one.socket.send(binding_request(credentials.ufrag, credentials.password))
    await until(lambda: port.endpoint("one").transport.last_check_at > silent.last_check_at + 20, "the other goes on")
    # The latest look that may still come before the thirty seconds are over.
    at(30.0 - SWEEP_INTERVAL_S + 0.001)
    assert port.reasons() == [CloseReason.CONSENT_LOST]
    before = port.node.stats()
    heard = len(two.received), len(two.reports)
    one.send_rtp(rtp(100, 2))
    one.send_rtcp(receiver_report(100))
    two.send_rtp(rtp(200, 2))
    await port.arrived(before.packets_in + 3)
    await asyncio.sleep(0.1)
    assert port.node.stats().packets_forwarded == before.packets_forwarded
    assert (len(two.received), len(two.reports)) == heard
    assert two.dtls.state == "connected"  # not even a goodbye
    assert port.endpoint("one").transport.is_connected
    assert port.endpoint("two").transport.is_closed


async def test_s41_a_peer_that_falls_silent_within_its_handshake_is_sent_nothing_after_thirty_seconds(
    port: Port,
) -> None:
    offer = port.offer("one")
    await port.enter("one", 100)
    port.hold_time()
    credentials = [re.findall(rf"a=ice-{name}:(\S+)", offer)[0] for name in ("ufrag", "pwd")]
    port.stranger.send(binding_request(credentials[0], credentials[1]))
    transport = port.endpoint("one").transport
    await until(lambda: transport.last_check_at > 0, "it checks")
    port.pass_time(20.0)
    assert port.reasons() == []
    assert transport.addresses.selected is not None
    port.pass_time(10.0 - SWEEP_INTERVAL_S + 0.001)
    assert transport.addresses.selected is None


async def test_a_peer_that_moves_to_another_address_is_followed(port: Port) -> None:
    one, two = await port.meet()
    await hears(one, two, 100, 1)
    endpoint = port.endpoint("two")
    credentials = endpoint.transport.credentials
    moved = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    moved.settimeout(0)
    moved.connect(("127.0.0.1", port.node.port))
    with moved:
        moved.send(binding_request(credentials.ufrag, credentials.password))
        await asyncio.get_running_loop().sock_recv(moved, 2048)
        moved.send(two.dtls._tx_srtp.protect(rtp(200, 1)))
        await until(lambda: rtp(200, 1) in one.received, "its media passes from there")
        one.send_rtp(rtp(100, 2))
        data = await asyncio.get_running_loop().sock_recv(moved, 2048)
        assert two.dtls._rx_srtp.unprotect(data) == rtp(100, 2)


async def test_a_restart_in_place_moves_the_session_and_keeps_its_keys(port: Port) -> None:
    one, two = await port.meet()
    await hears(one, two, 100, 1)
    endpoint = port.node.room("visit").find("two")
    assert endpoint is not None
    transport, former = endpoint.transport, endpoint.transport.credentials
    endpoint.refresh(transport.id)
    fresh = transport.credentials
    moved = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    moved.settimeout(0)
    moved.connect(("127.0.0.1", port.node.port))
    with moved:
        one.send_rtp(rtp(100, 2))
        await until(lambda: rtp(100, 2) in two.received, "media goes on where it went", within_s=2)
        moved.send(binding_request(fresh.ufrag, fresh.password))
        await asyncio.get_running_loop().sock_recv(moved, 2048)
        moved.send(two.dtls._tx_srtp.protect(rtp(200, 1)))
        await until(lambda: rtp(200, 1) in one.received, "its media passes from there")
        one.send_rtp(rtp(100, 3))
        data = await asyncio.get_running_loop().sock_recv(moved, 2048)
        assert two.dtls._rx_srtp.unprotect(data) == rtp(100, 3)
    port.answer("two", two, 200)
    assert endpoint.transport is transport
    port.clock.skew += FORMER_CREDENTIALS_S
    unknown = port.dropped(DropReason.UNKNOWN_UFRAG)
    port.stranger.send(binding_request(former.ufrag, former.password))
    await until(lambda: port.dropped(DropReason.UNKNOWN_UFRAG) == unknown + 1, "the former credentials count no more")


def close_room(port: Port) -> None:
    port.node.room("visit").close()


def close_both(port: Port) -> None:
    for name in ("one", "two"):
        endpoint = port.node.room("visit").find(name)
        assert endpoint is not None
        endpoint.close()


def dismiss_one(port: Port) -> None:
    port.node.room("visit").dismiss("one")


def replace_both(port: Port) -> None:
    for name in ("one", "two"):
        endpoint = port.node.room("visit").find(name)
        assert endpoint is not None
        endpoint.restart(endpoint.transport.id)


def lose_consent(port: Port) -> None:
    port.pass_time(port.node.settings.consent_timeout_s + 1)


@pytest.mark.parametrize("end", [close_room, close_both, dismiss_one, replace_both, lose_consent])
async def test_rule_1_authentic_media_sent_after_the_end_reach_nobody(port: Port, end: Callable[[Port], None]) -> None:
    one, two = await port.meet()
    await hears(one, two, 100, 1)
    await hears(two, one, 200, 1)
    end(port)
    before = port.node.stats()
    heard = len(one.received), len(two.received)
    await asyncio.sleep(0.05)  # the goodbyes, after which the peers' own readers have ended
    for peer in (one, two):
        peer.drain()
    for number in range(2, 22):
        for peer, ssrc in ((one, 100), (two, 200)):
            peer.send_rtp(rtp(ssrc, number))
            peer.send_rtcp(receiver_report(ssrc))
    await until(lambda: port.node.stats().packets_in >= before.packets_in + 80, "all have arrived")
    after = port.node.stats()
    assert after.packets_forwarded == before.packets_forwarded
    assert sum(after.drops.values()) - sum(before.drops.values()) == 80
    await asyncio.sleep(0.05)
    assert (len(one.received), len(two.received)) == heard
    assert (one.drain(), two.drain()) == ([], [])


async def test_closing_the_node_leaves_no_task(port: Port) -> None:
    before = asyncio.all_tasks()
    await port.meet()
    assert asyncio.all_tasks() > before
    await port.node.close()
    for peer in port.peers:
        await peer.close()
    await until(lambda: asyncio.all_tasks() == before, "no task is left", within_s=1)


@pytest.mark.parametrize("turns", range(4))
async def test_closing_the_node_within_a_handshake_leaves_no_task(port: Port, turns: int) -> None:
    before = asyncio.all_tasks()
    offer = port.offer("one")
    one = await port.enter("one", 100)
    endpoint = port.node.room("visit").find("one")
    assert endpoint is not None
    pipe = endpoint.transport._dtls.pipe
    take, taken = pipe.put, []
    closing: list[asyncio.Task[None]] = []

    def close_in(turns: int) -> None:
        if turns:
            asyncio.get_running_loop().call_soon(close_in, turns - 1)
        else:
            closing.append(asyncio.ensure_future(port.node.close()))

    def put(data: bytes) -> bool:
        taken.append(data)
        if len(taken) == 2:
            close_in(turns)
        return take(data)

    pipe.put = put  # type: ignore[method-assign]
    connecting = asyncio.ensure_future(one.connect(offer))
    await until(lambda: bool(closing), "the handshake has begun")
    async with asyncio.timeout(1):
        await closing[0]
    assert not endpoint.transport.is_connected
    connecting.cancel()
    await asyncio.gather(connecting, return_exceptions=True)
    await one.close()
    await until(lambda: asyncio.all_tasks() == before, "no task is left", within_s=1)
