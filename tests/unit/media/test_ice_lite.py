import pytest
from aioice import stun
from hypothesis import given
from hypothesis import strategies as st

from media.ice_lite import (
    FORMER_CREDENTIALS_S,
    MAX_ADDRESSES,
    MAX_CHECK,
    MAX_FORMER,
    IceCredentials,
    KnownCredentials,
    ValidatedAddresses,
    peek_ufrag,
    read_check,
)

OURS = IceCredentials("serverufrag", "server-password-of-32-characters")
PEER = ("192.0.2.7", 40_000)


def request(password: str = OURS.password, **attributes: object) -> bytes:
    message = stun.Message(stun.Method.BINDING, stun.Class.REQUEST)
    message.attributes |= {"USERNAME": f"{OURS.ufrag}:peer", "PRIORITY": 1, "ICE-CONTROLLING": 1}
    message.attributes |= {name.replace("_", "-"): value for name, value in attributes.items()}
    message.add_message_integrity(password.encode())
    return bytes(message)


def test_a_check_names_our_ufrag_and_is_authentic_with_our_password() -> None:
    check = read_check(request())
    assert check is not None
    assert check.ufrag == OURS.ufrag
    assert check.is_authentic(OURS)
    assert not check.is_authentic(IceCredentials(OURS.ufrag, "another-password-of-32-characters"))
    assert (check.nominates, check.conflicts) == (False, False)


def test_the_answer_tells_the_peer_its_address_and_is_signed() -> None:
    data = request()
    check = read_check(data)
    assert check is not None
    answer = stun.parse_message(check.success(OURS, PEER))  # its FINGERPRINT is judged by the parser
    assert answer.message_class == stun.Class.RESPONSE
    assert answer.transaction_id == data[8:20]
    assert answer.attributes["XOR-MAPPED-ADDRESS"] == PEER
    assert "FINGERPRINT" in answer.attributes
    assert answer.check_message_integrity(OURS.password.encode())


@pytest.mark.parametrize(
    ("seen", "told"),
    [
        (("::ffff:192.0.2.7", 40_000), PEER),
        (("2001:db8::7", 40_000), ("2001:db8::7", 40_000)),
        (("fe80::7%eth0", 40_000), ("fe80::7", 40_000)),
    ],
)
def test_the_address_is_told_as_the_peer_knows_it(seen: tuple[str, int], told: tuple[str, int]) -> None:
    check = read_check(request())
    assert check is not None
    assert stun.parse_message(check.success(OURS, seen)).attributes["XOR-MAPPED-ADDRESS"] == told


def test_a_controlled_peer_is_told_to_change_its_role() -> None:
    check = read_check(request(ICE_CONTROLLED=1))
    assert check is not None
    assert check.conflicts
    answer = stun.parse_message(check.role_conflict(OURS))
    assert answer.error_code == 487
    assert answer.check_message_integrity(OURS.password.encode())


def test_unknown_optional_attributes_are_passed_over() -> None:
    # Chromium sends 0xC057 (network cost); the message is built by hand, as aioice does not know it.
    plain = stun.Message(stun.Method.BINDING, stun.Class.REQUEST, attributes={"USERNAME": f"{OURS.ufrag}:peer"})
    body = bytes(plain)[20:] + bytes.fromhex("c057000400010032")
    data = bytes(plain)[:2] + len(body).to_bytes(2, "big") + bytes(plain)[4:20] + body
    data += bytes.fromhex("00080014") + stun.message_integrity(data, OURS.password.encode())
    data = stun.set_body_length(data, len(data) - 20)
    check = read_check(data)
    assert check is not None
    assert check.is_authentic(OURS)


@pytest.mark.parametrize("kind", [stun.Class.RESPONSE, stun.Class.ERROR, stun.Class.INDICATION])
def test_responses_and_indications_are_not_checks(kind: stun.Class) -> None:
    message = stun.Message(stun.Method.BINDING, kind, attributes={"USERNAME": f"{OURS.ufrag}:peer"})
    message.add_message_integrity(OURS.password.encode())
    assert read_check(bytes(message)) is None


def test_a_check_without_integrity_is_not_authentic() -> None:
    message = stun.Message(stun.Method.BINDING, stun.Class.REQUEST, attributes={"USERNAME": f"{OURS.ufrag}:peer"})
    check = read_check(bytes(message))
    assert check is not None
    assert not check.is_authentic(OURS)


@given(st.binary(max_size=1500))
def test_no_bytes_make_an_authentic_check_or_an_exception(data: bytes) -> None:
    check = read_check(data)
    assert check is None or not check.is_authentic(OURS)


@given(st.integers(0, 72), st.binary(min_size=1, max_size=12))
def test_a_check_altered_before_its_fingerprint_is_refused(position: int, noise: bytes) -> None:
    data = request()
    assert len(data) - 8 == 84
    altered = data[:position] + noise + data[position + len(noise) :]
    check = read_check(altered)
    assert altered == data or check is None or not check.is_authentic(OURS)


def binding(attributes: list[tuple[int, bytes]]) -> bytes:
    """Make a binding request by hand."""
    body = b"".join(
        kind.to_bytes(2, "big") + len(value).to_bytes(2, "big") + value + bytes(-len(value) % 4)
        for kind, value in attributes
    )
    return b"\x00\x01" + len(body).to_bytes(2, "big") + stun.COOKIE.to_bytes(4, "big") + bytes(12) + body


KINDS = st.sampled_from([0x0006, 0x0008, 0x0020, 0x8022]) | st.integers(0, 0xFFFF)
VALUES = st.sampled_from([b"ours:theirs", b"other:theirs", b"ours"]) | st.binary(max_size=40)


@given(st.lists(st.tuples(KINDS, VALUES), max_size=12))
def test_no_list_of_attributes_makes_an_exception(attributes: list[tuple[int, bytes]]) -> None:
    read_check(binding(attributes))
    peek_ufrag(binding(attributes))


@given(st.binary(max_size=700))
def test_no_bytes_make_the_peek_raise(data: bytes) -> None:
    peek_ufrag(data)


def test_the_user_name_is_found_without_parsing_and_is_the_one_that_the_parser_finds() -> None:
    data = request()
    check = read_check(data)
    assert check is not None
    assert peek_ufrag(data) == check.ufrag == OURS.ufrag
    later = binding([(0x8022, b"odd"), (0xC057, bytes(4)), (0x0006, b"ours:theirs")])
    assert peek_ufrag(later) == "ours"


@pytest.mark.parametrize(
    "data",
    [
        b"",
        binding([]),
        binding([(0x0006, b"no separator")]),
        binding([(0x8022, b"")] * 24 + [(0x0006, b"ours:theirs")]),
        binding([(0x0006, b"ours:theirs"), (0x8022, bytes(MAX_CHECK))]),
        b"\x01\x01" + request()[2:],
        request()[:-1],
        request()[:4] + bytes(4) + request()[8:],
    ],
)
def test_what_cannot_be_a_check_for_us_names_nobody(data: bytes) -> None:
    assert peek_ufrag(data) is None


def test_the_first_validated_address_is_selected_and_a_nomination_moves_it_until_media_flows() -> None:
    addresses = ValidatedAddresses()
    addresses.validate(("a", 1), nominated=False)
    addresses.validate(("b", 1), nominated=False)
    assert addresses.selected == ("a", 1)
    addresses.validate(("b", 1), nominated=True)
    assert addresses.selected == ("b", 1)
    addresses.has_media = True
    addresses.validate(("a", 1), nominated=True)
    assert addresses.selected == ("b", 1)


def test_the_validated_addresses_are_bounded_and_the_selected_one_is_kept() -> None:
    addresses = ValidatedAddresses()
    forgotten = [addresses.validate(("a", port), nominated=False) for port in range(MAX_ADDRESSES + 3)]
    assert forgotten[MAX_ADDRESSES:] == [("a", 1), ("a", 2), ("a", 3)]
    assert len(list(addresses)) == MAX_ADDRESSES
    assert addresses.selected == ("a", 0)


def test_a_lost_address_gives_way_to_the_newest_other() -> None:
    addresses = ValidatedAddresses()
    for host in "abc":
        addresses.validate((host, 1), nominated=False)
    addresses.forget(("a", 1))
    assert addresses.selected == ("c", 1)
    addresses.forget(("c", 1))
    addresses.forget(("b", 1))
    assert addresses.selected is None


def named(number: int) -> IceCredentials:
    return IceCredentials(f"ufrag-{number}", "password")


def test_former_credentials_count_for_a_while_after_a_restart_and_the_current_ones_always() -> None:
    known = KnownCredentials(named(0))
    assert known.renew(named(1), 10.0) == []
    assert [known.find(f"ufrag-{number}", 12.9) for number in (0, 1, 2)] == [named(0), named(1), None]
    assert known.find("ufrag-0", 10.0 + FORMER_CREDENTIALS_S) is None
    assert known.find("ufrag-1", 1e6) == known.current == named(1)


def test_restarts_forget_what_counts_no_more_and_what_is_too_much() -> None:
    known = KnownCredentials(named(0))
    known.renew(named(1), 10.0)
    assert known.renew(named(2), 20.0) == ["ufrag-0"]
    forgotten = [known.renew(named(number), 20.0) for number in range(3, 3 + MAX_FORMER)]
    assert forgotten == [[]] * (MAX_FORMER - 1) + [["ufrag-1"]]
    assert set(known) == {f"ufrag-{number}" for number in range(2, 3 + MAX_FORMER)}
