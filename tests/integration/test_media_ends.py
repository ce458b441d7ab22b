"""Where a peer is sent to, and that nothing is sent or relayed after the end, on real sockets."""

import asyncio
import re
import socket
from collections.abc import Callable

import pytest

from media import CloseReason, DropReason
from media.ice_lite import FORMER_CREDENTIALS_S
from media.node import SWEEP_INTERVAL_S
from tests.support.media_port import Port, hears
from tests.support.webrtc import binding_request, until
from tests.unit.media.doubles import receiver_report, rtp


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
