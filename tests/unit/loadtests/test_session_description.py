import re

import pytest

from loadtests.session_description import LocalSide, RemoteSide, write_answer, write_offer
from media.answer import read_answer
from media.ice_lite import IceCredentials
from media.offer import OWN_SECTIONS, OfferFacts, Section
from media.offer import write_offer as write_server_offer
from media.publication import Publication, Source

FINGERPRINT = ":".join(["AB"] * 32)
LOCAL = LocalSide(
    fingerprint=FINGERPRINT,
    ufrag="ours",
    password="a-password-of-22-characters",
    audio_ssrc=11,
    video_ssrcs=(22, 23),
    address=("192.0.2.7", 4000),
)
OTHERS = Publication("other", "Other", Source.CAMERA, (44, 45))
SECTIONS = (*OWN_SECTIONS, Section("7", Source.CAMERA, OTHERS), Section("8", Source.CAMERA, OTHERS, active=False))


def server_offer() -> str:
    credentials = IceCredentials(ufrag="theirs", password="another-password-of-many")
    facts = OfferFacts(session=1, credentials=credentials, fingerprint=FINGERPRINT, hosts=["192.0.2.1"], port=5000)
    return write_server_offer(facts, 1, SECTIONS)


def test_the_server_takes_the_answer_and_reads_both_of_our_streams_in_it() -> None:
    answer = read_answer(write_answer(server_offer(), LOCAL), SECTIONS)
    assert answer.ssrcs == {Source.AUDIO: (11,), Source.CAMERA: (22, 23)}
    assert answer.accepted == {"7"}


def test_formats_are_answered_whatever_they_are_and_a_second_section_of_a_kind_sends_nothing() -> None:
    section = (
        "m=video 9 UDP/TLS/RTP/SAVPF 102 103\r\na=mid:{mid}\r\na=recvonly\r\na=rtcp-mux\r\na=rtpmap:102 H264/90000\r\n"
    )
    answer = write_answer("v=0\r\n" + section.format(mid="5") + section.format(mid="6"), LOCAL)
    assert re.findall("^m=.*", answer, re.MULTILINE) == ["m=video 9 UDP/TLS/RTP/SAVPF 102 103\r"] * 2
    assert re.findall("^a=(?:sendonly|inactive)", answer, re.MULTILINE) == ["a=sendonly", "a=inactive"]
    assert answer.count("a=ssrc:22 ") == 1
    assert "a=group:BUNDLE 5 6\r\n" in answer


def test_the_offer_names_our_streams_and_our_one_address() -> None:
    offer = write_offer(LOCAL)
    assert "a=ssrc-group:FID 22 23\r\n" in offer
    assert "a=ssrc:11 " in offer
    assert RemoteSide.read(offer).address == ("192.0.2.7", 4000)


def test_the_other_side_is_read_from_its_description() -> None:
    remote = RemoteSide.read(server_offer())
    assert remote == RemoteSide(
        address=("192.0.2.1", 5000),
        ufrag="theirs",
        password="another-password-of-many",
        fingerprint=("sha-256", FINGERPRINT),
        is_dtls_client=False,
    )
    assert "another" not in repr(remote)


def test_one_that_answers_active_is_the_dtls_client() -> None:
    assert RemoteSide.read(server_offer().replace("setup:actpass", "setup:active")).is_dtls_client


def test_a_description_without_a_candidate_is_refused() -> None:
    with pytest.raises(ValueError, match="candidate"):
        RemoteSide.read(server_offer().replace("a=candidate", "a=nothing"))
