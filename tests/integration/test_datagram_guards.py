"""What strangers and broken peers send to the port, on real sockets (`cases-security.md`)."""

import asyncio
import re
import socket
from collections.abc import AsyncIterator, Callable

import pytest
from aiortc import RTCCertificate
from aiortc.rtcdtlstransport import SRTPProtectionProfile
from OpenSSL import SSL

from media import CloseReason, DropReason
from media.ice_lite import FORMER_CREDENTIALS_S
from tests.support.media_port import Port, hears, open_port
from tests.support.webrtc import RawPeer, binding_request, until
from tests.unit.media.doubles import receiver_report, rtp
from tests.unit.media.sdp import answer_to

HELLO = bytes.fromhex("16feff0000000000000000") + b"\x00\x40\x01" + bytes(63)
ALERT = bytes.fromhex("15fefd00000000000000000002022f")
CLOSE_NOTIFY = bytes.fromhex("15fefd000000000000000000020100")
GARBAGE = [HELLO, ALERT, CLOSE_NOTIFY, bytes([22]) + b"\xff" * 80, b"\x80" * 40, b"\x80\xc8" * 20, b"\x05" * 9]
ODD_SIZES = [b"", b"\x80" * 1501, b"\x16" * 4000, b"\x00" * 2000, b"\xbf" * 9000]


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
    offer = port.offer("one")
    one = await port.enter("one", 100)
    port.disturb(GARBAGE * 20)
    one.disturb = lambda: port.disturb(GARBAGE)
    assert await one.connect(offer)
    port.disturb(GARBAGE)
    await until(lambda: port.dropped(DropReason.UNVALIDATED_ADDRESS) > 100, "the garbage is dropped")
    with pytest.raises(BlockingIOError):
        port.stranger.recv(2048)
    assert port.reasons() == []
    assert port.node.stats().transports_connected == 1


async def test_s31_s32_checks_that_are_not_authentic_are_never_answered(port: Port) -> None:
    offer = port.offer("one")
    ufrag = re.findall(r"a=ice-ufrag:(\S+)", offer)[0]
    good = binding_request(ufrag, re.findall(r"a=ice-pwd:(\S+)", offer)[0])
    truncated = [good[:length] for length in range(1, len(good))]
    responses = [bytes([1, kind]) + good[2:] for kind in (0x01, 0x11)]
    attributes = [b"\x00\x01\x00\x08" + good[4:20] + bytes([0, kind, 0, 4, 1, 2, 3, 4]) for kind in range(64)]
    wrong = [binding_request(ufrag, None), binding_request(ufrag, "wrong" * 7), binding_request("unknown", "x" * 32)]
    port.disturb([*truncated, *responses, *attributes, *wrong])
    sent = len(truncated) + len(responses) + len(attributes) + len(wrong)
    await until(lambda: port.node.stats().packets_in == sent, "all have arrived")
    assert sum(port.node.stats().drops.values()) == sent
    with pytest.raises(BlockingIOError):
        port.stranger.recv(2048)
    port.stranger.send(good)
    await until(lambda: port.node.stats().packets_in == sent + 1, "the good one has arrived")
    assert port.stranger.recv(2048)[:2] == b"\x01\x01"


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
    one.send_rtp(rtp(555, 1))
    await hears(one, two, 100, 10)
    assert two.received == [rtp(100, 7), rtp(100, 10)]
    assert port.dropped(DropReason.BAD_SRTP) == 3
    assert port.dropped(DropReason.UNVALIDATED_ADDRESS) == 1
    assert port.dropped(DropReason.UNKNOWN_SSRC) == 1


async def test_s40_of_a_thousand_candidates_none_is_probed(port: Port) -> None:
    endpoint = port.node.room("visit").open_endpoint("one", "one")
    wanted = endpoint.negotiation()
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as target:
        target.bind(("127.0.0.1", 0))
        target.settimeout(0)
        hosts = [f"127.0.0.1 {target.getsockname()[1]}", "127.0.0.1 6379", "169.254.169.254 80", "d1f3.local 5353"]
        lines = [f"a=candidate:{n} 1 udp 2113937151 {hosts[n % 4]} typ host" for n in range(1000)]
        peer = RawPeer(port.node.port)
        port.peers.append(peer)
        answer = answer_to(endpoint.sections, {}, peer.fingerprint)
        head, mark, rest = answer.partition("a=mid:0")
        assert endpoint.answer(wanted.transport, wanted.revision, head + "\r\n".join(lines) + "\r\n" + mark + rest)
        assert wanted.sdp is not None
        assert await peer.connect(wanted.sdp)
        await asyncio.sleep(0.2)
        with pytest.raises(BlockingIOError):
            target.recv(2048)


async def test_a_peer_that_moves_to_another_address_is_followed(port: Port) -> None:
    one, two = await port.meet()
    await hears(one, two, 100, 1)
    endpoint = port.node.room("visit").find("two")
    assert endpoint is not None
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
    port.clock.skew += port.node.settings.consent_timeout_s + 1
    port.node._sweep()


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
