import pytest
import structlog
from aioice import stun
from hypothesis import given, settings
from hypothesis import strategies as st
from structlog.testing import LogCapture, ReturnLogger

from media.dtls import MAX_BACKLOG
from media.events import CloseReason
from media.ice_lite import FORMER_CREDENTIALS_S, IceCredentials
from media.packet import Packet
from media.stats import Counters, DropReason
from media.switchboard import Switchboard
from media.transport import CHECKS_AT_ONCE, CHECKS_PER_S, DTLS_AT_ONCE
from media.udp_port import Address
from tests.unit.media.doubles import PASSWORD, Clock, Peer, Wire, packet_of, rtp

STRANGER: Address = ("203.0.113.9", 9)
CLIENT_HELLO = bytes([22, 0xFE, 0xFD]) + bytes(60)


class Desk:
    """A switchboard with two peers that have not been heard yet."""

    def __init__(self) -> None:
        self.wire = Wire()
        self.counters = Counters()
        self.clock = Clock()
        self.switchboard = Switchboard(self.wire, self.counters, self.clock)
        self.peers = [Peer(number, self.wire, self.counters) for number in (1, 2)]
        for peer in self.peers:
            self.switchboard.add(peer.transport)

    def check(
        self, peer: Peer, address: Address, *, password: str = PASSWORD, ufrag: str | None = None, **extra: object
    ) -> None:
        message = stun.Message(stun.Method.BINDING, stun.Class.REQUEST)
        message.attributes |= {"USERNAME": f"{ufrag or peer.transport.credentials.ufrag}:peer", "PRIORITY": 1}
        message.attributes |= {name.replace("_", "-"): value for name, value in extra.items()}
        message.add_message_integrity(password.encode())
        self.receive(bytes(message), address)

    def receive(self, data: bytes, address: Address) -> None:
        self.switchboard.receive(packet_of(data), address)

    def dropped(self) -> dict[DropReason, int]:
        return {reason: count for reason, count in self.counters.drops.items() if count}


@pytest.fixture
async def desk() -> Desk:
    return Desk()


async def test_a_valid_check_is_answered_and_validates_its_address(desk: Desk) -> None:
    one, _ = desk.peers
    desk.check(one, STRANGER)
    [(answer, address)] = desk.wire.sent
    assert address == STRANGER
    assert stun.parse_message(answer).attributes["XOR-MAPPED-ADDRESS"] == STRANGER
    assert one.transport.addresses.selected == STRANGER
    assert one.transport.last_check_at == desk.clock.now


async def test_s31_wrong_integrity_and_unknown_ufrags_are_never_answered(desk: Desk) -> None:
    one, _ = desk.peers
    desk.check(one, STRANGER, password="not-the-password-of-this-transport")
    desk.check(Peer(7, desk.wire, desk.counters), STRANGER)
    assert desk.wire.sent == []
    assert desk.dropped() == {DropReason.BAD_INTEGRITY: 1, DropReason.UNKNOWN_UFRAG: 1}
    assert one.transport.addresses.selected is None


async def test_a_stranger_who_knows_no_user_name_is_not_parsed(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    one, _ = desk.peers
    parsed: list[bytes] = []
    monkeypatch.setattr(stun, "parse_message", parsed.append)
    desk.check(Peer(7, desk.wire, desk.counters), STRANGER)
    long = b"\x00\x01\x05\xa0" + stun.COOKIE.to_bytes(4, "big") + bytes(12) + b"\x00\x12\x00\x14" * 360
    desk.receive(long, STRANGER)
    assert parsed == []
    assert desk.dropped() == {DropReason.UNKNOWN_UFRAG: 1, DropReason.BAD_STUN: 1}
    desk.check(one, STRANGER)
    assert len(parsed) == 1


async def test_s37_checks_are_bounded_and_those_of_strangers_take_nothing_from_the_peer(desk: Desk) -> None:
    one, two = desk.peers
    desk.check(one, one.address)
    for number in range(CHECKS_AT_ONCE + 3):
        desk.check(one, ("203.0.113.9", number), password="not-the-password-of-this-transport")
    assert desk.dropped() == {DropReason.BAD_INTEGRITY: CHECKS_AT_ONCE - 1, DropReason.OVER_BUDGET: 4}
    answered = len(desk.wire.sent)
    for _ in range(CHECKS_AT_ONCE + 5):
        desk.check(one, one.address)
    assert len(desk.wire.sent) == answered + CHECKS_AT_ONCE
    desk.check(two, two.address)
    desk.clock.now += 1.0
    for _ in range(CHECKS_PER_S + 5):
        desk.check(one, one.address)
    assert len(desk.wire.sent) == answered + CHECKS_AT_ONCE + 1 + CHECKS_PER_S


async def test_s37_dtls_is_bounded_also_after_the_handshake(desk: Desk) -> None:
    one, _ = desk.peers
    desk.check(one, one.address)
    taken = 0
    for _ in range(DTLS_AT_ONCE + 7):
        desk.receive(CLIENT_HELLO, one.address)
        taken += len(one.transport._dtls.pipe._waiting)
        one.transport._dtls.pipe._waiting.clear()
    assert taken == DTLS_AT_ONCE
    assert desk.dropped() == {DropReason.OVER_BUDGET: 7}


async def test_what_breaks_on_a_packet_ends_its_transport_and_nothing_else(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, two = desk.peers
    lines = LogCapture()
    monkeypatch.setattr(
        "media.transport.log",
        structlog.wrap_logger(ReturnLogger(), processors=[lines], wrapper_class=structlog.BoundLogger),
    )
    for peer in desk.peers:
        desk.check(peer, peer.address)

    def break_down(packet: Packet, address: Address) -> None:
        raise ValueError(f"{packet.tobytes()!r} from {address}")

    monkeypatch.setattr(one.transport.uplink, "receive", break_down)
    desk.receive(rtp(1, 1, b"payload"), one.address)
    assert one.closed == [CloseReason.BROKEN]
    desk.receive(rtp(1, 1), two.address)
    assert two.closed == []
    assert desk.dropped() == {DropReason.BROKEN: 1, DropReason.NOT_CONNECTED: 1}
    [line] = lines.entries
    assert (line["event"], line["error"], line["at"].split(":")[0]) == (
        "transport_broke",
        "ValueError",
        "test_switchboard.break_down",
    )
    assert "payload" not in str(line)


async def test_a_check_with_two_user_names_is_for_nobody(desk: Desk) -> None:
    one, two = desk.peers
    names = [peer.transport.credentials.ufrag.encode() + b":peer" for peer in (one, two)]
    body = b"".join(b"\x00\x06" + len(name).to_bytes(2, "big") + name + bytes(-len(name) % 4) for name in names)
    body = b"\x00\x01" + len(body).to_bytes(2, "big") + stun.COOKIE.to_bytes(4, "big") + bytes(12) + body
    signed = body + b"\x00\x08\x00\x14" + stun.message_integrity(body, PASSWORD.encode())
    desk.receive(stun.set_body_length(signed, len(signed) - 20), STRANGER)
    assert desk.wire.sent == []
    assert desk.dropped() == {DropReason.BAD_STUN: 1}


async def test_after_a_restart_both_credentials_are_answered_each_with_its_own_password_and_then_the_new_alone(
    desk: Desk,
) -> None:
    one, _ = desk.peers
    former, fresh = one.transport.credentials, IceCredentials("fresh-ufrag", "fresh-password-of-32-characters!")
    desk.switchboard.renew(one.transport, fresh)
    for credentials in (former, fresh):
        desk.check(one, one.address, ufrag=credentials.ufrag, password=credentials.password)
        assert stun.parse_message(desk.wire.sent[-1][0]).check_message_integrity(credentials.password.encode())
    desk.check(one, STRANGER, ufrag=former.ufrag, password=fresh.password)
    desk.clock.now += FORMER_CREDENTIALS_S
    desk.check(one, STRANGER, ufrag=former.ufrag, password=former.password)
    desk.check(one, one.address, ufrag=fresh.ufrag, password=fresh.password)
    assert len(desk.wire.sent) == 3
    assert desk.dropped() == {DropReason.BAD_INTEGRITY: 1, DropReason.UNKNOWN_UFRAG: 1}
    assert list(one.transport.addresses) == [one.address]


async def test_a_transport_is_one_however_often_it_was_restarted_and_forgotten_by_all_its_names(desk: Desk) -> None:
    one, two = desk.peers
    former = one.transport.credentials
    desk.switchboard.renew(one.transport, IceCredentials("fresh-ufrag", PASSWORD))
    assert list(desk.switchboard) == [one.transport, two.transport]
    desk.switchboard.remove(one.transport)
    for ufrag in (former.ufrag, "fresh-ufrag"):
        desk.check(one, STRANGER, ufrag=ufrag)
    assert desk.dropped() == {DropReason.UNKNOWN_UFRAG: 2}


async def test_a_role_conflict_is_told_and_validates_nothing(desk: Desk) -> None:
    one, _ = desk.peers
    desk.check(one, STRANGER, ICE_CONTROLLED=1)
    [(answer, _)] = desk.wire.sent
    assert stun.parse_message(answer).error_code == 487
    assert one.transport.addresses.selected is None


async def test_s30_dtls_and_srtp_of_strangers_go_nowhere(desk: Desk) -> None:
    one, _ = desk.peers
    desk.check(one, one.address)
    desk.receive(CLIENT_HELLO, STRANGER)
    desk.receive(rtp(1, 1), STRANGER)
    assert desk.dropped() == {DropReason.UNVALIDATED_ADDRESS: 2}


async def test_dtls_waiting_for_its_handshake_is_bounded(desk: Desk) -> None:
    one, _ = desk.peers
    desk.check(one, one.address)
    for _ in range(MAX_BACKLOG + 2):
        desk.receive(CLIENT_HELLO, one.address)
    assert desk.dropped() == {DropReason.DTLS_BACKLOG: 2}


async def test_an_address_belongs_to_the_transport_that_validated_it_last(desk: Desk) -> None:
    one, two = desk.peers
    desk.check(one, STRANGER)
    desk.check(two, STRANGER)
    assert one.transport.addresses.selected is None
    two.connect()
    desk.receive(rtp(1, 1), STRANGER)
    assert desk.dropped() == {DropReason.UNKNOWN_SSRC: 1}


async def test_a_removed_transport_is_a_stranger(desk: Desk) -> None:
    one, two = desk.peers
    desk.check(one, one.address)
    desk.switchboard.remove(one.transport)
    desk.switchboard.remove(one.transport)
    desk.wire.sent.clear()
    desk.check(one, one.address)
    desk.receive(rtp(1, 1), one.address)
    assert desk.wire.sent == []
    assert desk.dropped() == {DropReason.UNKNOWN_UFRAG: 1, DropReason.UNVALIDATED_ADDRESS: 1}
    assert list(desk.switchboard) == [two.transport]


async def test_more_addresses_than_the_limit_leave_no_entry_behind(desk: Desk) -> None:
    one, _ = desk.peers
    for port in range(1, 100):
        desk.check(one, ("203.0.113.9", port))
    assert len(desk.switchboard._by_address) == len(list(one.transport.addresses)) == 16


@settings(max_examples=300)
@given(st.binary(min_size=1, max_size=1500))
async def test_s32_no_datagram_of_a_stranger_is_answered_or_makes_an_exception(data: bytes) -> None:
    desk = Desk()
    desk.receive(data, STRANGER)
    assert desk.wire.sent == []
    assert sum(desk.dropped().values()) == 1
