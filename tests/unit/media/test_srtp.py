from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pylibsrtp import Policy, Session

from media.packet import MAX_DATAGRAM, make_packets
from media.srtp import SrtpSession
from tests.unit.media.doubles import packet_of, receiver_report, rtp

PROFILES = {
    Policy.SRTP_PROFILE_AEAD_AES_256_GCM: 44,
    Policy.SRTP_PROFILE_AEAD_AES_128_GCM: 28,
    Policy.SRTP_PROFILE_AES128_CM_SHA1_80: 30,
}

OUT, IN = Policy.SSRC_ANY_OUTBOUND, Policy.SSRC_ANY_INBOUND
Sessions = Callable[[int], Session]


@pytest.fixture(params=PROFILES)
def sessions(request: pytest.FixtureRequest) -> Sessions:
    """Make the sessions of one key and profile."""
    key = bytes(range(PROFILES[request.param]))
    return lambda kind: Session(Policy(key, kind, srtp_profile=request.param))


def test_in_place_gives_the_bytes_that_pylibsrtp_gives(sessions: Sessions) -> None:
    theirs, ours = sessions(OUT), SrtpSession(sessions(OUT))
    for size in (12, 13, 100, 1_300):
        plain = rtp(1, size, bytes(size - 12))
        packet = packet_of(plain)
        assert ours.protect(packet)
        assert packet.tobytes() == theirs.protect(plain)
        compound = packet_of(receiver_report(1))
        assert ours.protect_rtcp(compound)
        assert compound.tobytes() == theirs.protect_rtcp(receiver_report(1))


def test_in_place_reads_what_pylibsrtp_wrote_once(sessions: Sessions) -> None:
    theirs, ours = sessions(OUT), SrtpSession(sessions(IN))
    media, report = theirs.protect(rtp(1, 1)), theirs.protect_rtcp(receiver_report(1))
    packet, compound = packet_of(media), packet_of(report)
    assert ours.unprotect(packet)
    assert packet.tobytes() == rtp(1, 1)
    assert ours.unprotect_rtcp(compound)
    assert compound.tobytes() == receiver_report(1)
    assert not ours.unprotect(packet_of(media))
    assert not ours.unprotect_rtcp(packet_of(report))


def test_an_altered_packet_is_refused_and_the_true_one_still_taken(sessions: Sessions) -> None:
    theirs, ours = sessions(OUT), SrtpSession(sessions(IN))
    good = theirs.protect(rtp(1, 1))
    for place in (1, 11, 12, len(good) - 1):
        altered = bytearray(good)
        altered[place] ^= 1
        assert not ours.unprotect(packet_of(bytes(altered)))
    assert ours.unprotect(packet_of(good))


def test_the_longest_datagram_can_be_protected_without_touching_its_neighbour(sessions: Sessions) -> None:
    ours = SrtpSession(sessions(OUT))
    first, second = make_packets(2)
    first.load(rtp(1, 1, bytes(MAX_DATAGRAM - 12)))
    second.load(b"x" * MAX_DATAGRAM)
    assert ours.protect(first)
    assert MAX_DATAGRAM < first.size <= MAX_DATAGRAM + 16
    assert second.tobytes() == b"x" * MAX_DATAGRAM


@given(st.binary(max_size=200))
def test_no_bytes_make_an_exception_and_none_are_authentic(data: bytes) -> None:
    policy = Policy(bytes(28), Policy.SSRC_ANY_INBOUND, srtp_profile=Policy.SRTP_PROFILE_AEAD_AES_128_GCM)
    ours = SrtpSession(Session(policy))
    assert not ours.unprotect(packet_of(data))
    assert not ours.unprotect_rtcp(packet_of(data))


def test_a_datagram_too_long_for_its_buffer_is_not_loaded() -> None:
    with pytest.raises(ValueError, match="longer"):
        packet_of(b"").load(bytes(MAX_DATAGRAM + 1))
