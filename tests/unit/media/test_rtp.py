from hypothesis import given
from hypothesis import strategies as st

from media.rtp import TRANSPORT_NUMBER, find_extension, find_original
from tests.unit.media.doubles import rtp


def original(packet: bytes) -> bytes:
    position = find_original(memoryview(packet), len(packet))
    return packet[position : position + 2] if position else b""


def extension(packet: bytes, wanted: int = TRANSPORT_NUMBER) -> bytes:
    position = find_extension(memoryview(packet), len(packet), wanted)
    return packet[position : position + (packet[position - 1] & 0x0F) + 1] if position else b""


def extended(elements: bytes, payload: bytes = b"payload", first: int = 0x90) -> bytes:
    elements += bytes(-len(elements) % 4)
    head = b"\xbe\xde" + (len(elements) // 4).to_bytes(2, "big")
    return bytes([first]) + rtp(7, 900, head + elements + payload)[1:]


def test_a_retransmission_names_what_it_repeats() -> None:
    assert original(rtp(7, 900, b"\x12\x34payload")) == b"\x12\x34"
    assert original(extended(b"\x31\0\1", b"\x43\x21")) == b"\x43\x21"
    assert original(extended(b"\x31\0\1", b"\x43\x21\0\2", first=0xB0)) == b"\x43\x21"


def test_padding_and_stumps_name_nothing() -> None:
    for packet in (
        rtp(7, 900, b"\x12"),
        bytes([0xA0]) + rtp(7, 900, b"\0\0\0\4")[1:],
        bytes([0x90]) + rtp(7, 1, b"\xbe\xde")[1:],
        bytes([0x90]) + rtp(7, 1, b"\xbe\xde\xff\xff\0\0")[1:],
        bytes([0x8F]) + rtp(7, 1)[1:],
    ):
        assert original(packet) == b""


def test_an_extension_is_found_among_others_and_padding() -> None:
    packet = extended(b"\x10\x80\0\x31\xab\xcd\x40\0")
    assert extension(packet) == b"\xab\xcd"
    assert extension(packet, 9) == b""


def test_a_value_of_another_length_is_none_even_at_the_very_end() -> None:
    # Two bytes written where one is would change what follows.
    for elements in (b"\x10\x80\x30\xab", b"\x32\xab\xcd\xef"):
        assert extension(extended(elements)) == b""


def test_what_is_cut_or_of_another_profile_has_no_extension() -> None:
    whole = extended(b"\x31\xab\xcd")
    for packet in (rtp(7, 1), whole[:13], whole[:19], extended(b"\x40\0\0\x31"), whole[:12] + b"\x10\0" + whole[14:]):
        assert extension(packet) == b""


@given(st.binary(min_size=12, max_size=80))
def test_s36_any_bytes_are_read_within_their_bounds(data: bytes) -> None:
    for packet in (data, bytes([data[0] | 0x10]) + data[1:12] + b"\xbe\xde" + data[12:]):
        view = memoryview(packet + bytes(4_096))
        assert find_extension(view, len(packet), TRANSPORT_NUMBER) <= max(0, len(packet) - 2)
        assert find_original(view, len(packet)) <= max(0, len(packet) - 2)
