import contextlib

import pytest
from aiortc.sdp import SessionDescription
from hypothesis import given
from hypothesis import strategies as st

from media.answer import MAX_ANSWER, MAX_LINE, MAX_SECTION_LINES, MAX_SESSION_LINES, read_answer
from media.errors import BadSdp
from media.formats import VideoCodec, choose_formats
from media.offer import OWN_SECTIONS, Section
from media.publication import Publication, Source
from tests.unit.media.sdp import FINGERPRINT, SSRCS, answer_to

GOOD = answer_to()
REMOTE = Section("3", Source.CAMERA, Publication("other", "Other", Source.CAMERA, (7, 8)))


def test_an_answer_names_fingerprint_and_ssrcs() -> None:
    answer = read_answer(GOOD, OWN_SECTIONS)
    assert answer.fingerprints == {("sha-256", FINGERPRINT)}
    assert answer.ssrcs == SSRCS
    assert answer.accepted == frozenset()


def test_the_primary_ssrc_is_the_first_of_the_fid_group_whatever_the_order_of_the_lines() -> None:
    swapped = GOOD.replace("a=ssrc-group:FID 1002 1003", "a=ssrc-group:FID 1003 1002")
    assert read_answer(swapped, OWN_SECTIONS).ssrcs[Source.CAMERA] == (1003, 1002)


def test_the_accepted_sections_are_those_that_the_peer_receives() -> None:
    sections = (*OWN_SECTIONS, REMOTE)
    assert read_answer(answer_to(sections), sections).accepted == {"3"}
    refused = answer_to(sections).replace("a=recvonly", "a=inactive")
    assert read_answer(refused, sections).accepted == frozenset()


CHROMIUM = {63, 111, 96, 102}


@pytest.mark.parametrize(
    ("audio", "video", "accepted"),
    [
        ("63 111", "96 97 102 103", CHROMIUM),
        ("111", "96 97 102 103", CHROMIUM - {63}),
        ("111", "96 97", {111, 96}),
        ("63 111", "102", {63, 111, 102}),
    ],
)
def test_the_formats_that_it_accepted_are_told(audio: str, video: str, accepted: set[int]) -> None:
    answer = GOOD.replace("63 111", audio).replace("96 97 102 103", video)
    assert read_answer(answer, OWN_SECTIONS).formats == accepted


def test_a_format_that_only_one_own_section_has_is_not_accepted() -> None:
    camera, screen = GOOD.rsplit("96 97 102 103", 1)
    assert read_answer(f"{camera}96 97{screen}", OWN_SECTIONS).formats == CHROMIUM - {102}


@pytest.mark.parametrize(("camera", "screen"), [("96 97", "102 103"), ("102", "96")])
def test_own_sections_that_have_no_codec_in_common_are_refused(camera: str, screen: str) -> None:
    before, between, after = GOOD.split("96 97 102 103")
    with pytest.raises(BadSdp) as refused:
        read_answer(f"{before}{camera}{between}{screen}{after}", OWN_SECTIONS)
    assert refused.value.reason == "codec"


def test_one_who_sends_no_picture_has_refused_no_codec() -> None:
    assert read_answer(GOOD.replace("a=sendonly", "a=inactive"), OWN_SECTIONS).formats == CHROMIUM


def test_a_format_that_was_not_offered_is_refused() -> None:
    formats = choose_formats((VideoCodec.VP8,), ())
    with pytest.raises(BadSdp):
        read_answer(GOOD, OWN_SECTIONS, formats)
    assert read_answer(answer_to(formats=formats), OWN_SECTIONS, formats).formats == {63, 111, 96}


def test_an_inactive_or_ssrc_less_section_publishes_nothing() -> None:
    assert read_answer(answer_to(ssrcs={}), OWN_SECTIONS).ssrcs == {}
    assert read_answer(GOOD.replace("a=sendonly", "a=inactive"), OWN_SECTIONS).ssrcs == {}


def test_a_rejected_section_needs_nothing_of_the_others() -> None:
    audio, *videos = GOOD.split("m=video")
    rejected = audio.replace("BUNDLE 0 1 2", "BUNDLE 0") + "".join(
        f"m=video 0 UDP/TLS/RTP/SAVPF 96 97\r\na=mid:{mid}\r\na=inactive\r\n" for mid in (1, 2)
    )
    assert len(videos) == 2
    assert read_answer(rejected, OWN_SECTIONS).ssrcs == {Source.AUDIO: (1001,)}


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ("a=group:BUNDLE 0 1 2", "a=group:BUNDLE 0 1", "bundle"),
        ("a=group:BUNDLE 0 1 2\r\n", "", "bundle"),
        ("a=group:BUNDLE 0 1 2", "a=group:BUNDLE 0 1 2\r\na=group:BUNDLE 0 1 2", "bundle"),
        ("a=group:BUNDLE 0 1 2", "a=group:BUNDLE 0 1 2 9", "bundle"),
        ("a=rtcp-mux\r\n", "", "rtcp_mux"),
        ("a=setup:active", "a=setup:passive", "setup"),
        ("a=setup:active", "a=setup:actpass", "setup"),
        ("a=setup:active\r\n", "", "setup"),
        ("a=setup:active", "a=setup:nonsense", "unreadable"),
        ("a=fingerprint:sha-256", "a=fingerprint:sha-1", "fingerprint"),
        (f"a=fingerprint:sha-256 {FINGERPRINT}\r\n", "", "fingerprint"),
        (FINGERPRINT, "AB:CD", "fingerprint"),
        (f"sha-256 {FINGERPRINT}", "", "unreadable"),
        ("a=mid:1", "a=mid:0", "sections"),
        ("a=mid:1\r\n", "", "sections"),
        ("m=video", "m=audio", "sections"),
        ("a=sendonly", "a=sendrecv", "direction"),
        ("a=sendonly\r\n", "", "direction"),
        ("96 97 102 103", "98 99", "codec"),
        ("96 97 102 103", "96 97 102 103 98", "codec"),
        ("96 97 102 103", "97 103", "codec"),
        ("63 111", "63", "codec"),
        ("a=ssrc:1001", "a=ssrc:0", "ssrc"),
        ("a=ssrc:1001", "a=ssrc:4294967296", "ssrc"),
        ("a=ssrc:1001", "a=ssrc:-5", "ssrc"),
        ("a=ssrc:1001", "a=ssrc:1002", "ssrc"),
        ("a=ssrc:1001 cname:", "a=ssrc:1001", "unreadable"),
        ("a=ssrc-group:FID 1002 1003\r\n", "", "ssrc"),
        ("a=ssrc-group:FID 1002 1003", "a=ssrc-group:FID 1002 1009", "ssrc"),
        ("a=ssrc-group:FID 1002 1003", "a=ssrc-group:FID 1002 1003\r\na=ssrc:1009 cname:x", "ssrc"),
        ("1005", "1002", "ssrc"),
        ("s=-", "s=-\r\na=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:x", "crypto"),
        ("s=-", "s=\x00", "characters"),
        ("s=-", "s=\u2028a=crypto", "characters"),
    ],
)
def test_s39_an_answer_that_breaks_a_rule_is_refused_with_its_reason(old: str, new: str, reason: str) -> None:
    assert old in GOOD
    with pytest.raises(BadSdp) as refused:
        read_answer(GOOD.replace(old, new), OWN_SECTIONS)
    assert refused.value.reason == reason


HOSTILE = {
    "1 MB": "v=0\r\n" + "a=x\r\n" * 200_000,
    "empty lines": "\n" * MAX_ANSWER,
    "m-lines": "v=0\r\n" + "m=audio 9 A 111\r\n" * 3_800,
    "short m-lines": "m=audio 9 A 1\r\n" * 4_200,
    "few m-lines": "m=audio 9 A 1\r\n" * 1_900,
    "fingerprints of the session before many m-lines": "v=0\r\na=setup:active\r\n"
    + "a=fingerprint:a b\r\n" * 900
    + "m=audio 9 A 1\r\n" * 1_000,
    "ssrc lines behind a name full of m=": GOOD.replace("s=-", "s=" + "m=" * 400)
    + "".join(f"a=ssrc:{n} x:\r\n" for n in range(1_900)),
    "ssrc lines spread over the sections": GOOD.replace(
        "a=sendonly\r\n", "a=sendonly\r\n" + "".join(f"a=ssrc:{n} x:\r\n" for n in range(900))
    ),
    "ssrc lines": GOOD + "".join(f"a=ssrc:{n} x:\r\n" for n in range(4_000)),
    "ssrc lines behind many m-lines": "m=audio 9 A 1\r\n" * 1_500
    + "m=audio 9 A 1\r\n"
    + "".join(f"a=ssrc:{n} x:\r\n" for n in range(2_000)),
    "payload types": GOOD.replace("SAVPF 63 111", "SAVPF 63 111" + " 1" * 25_000),
    "fingerprints": GOOD + "".join(f"a=fingerprint:x {n}\r\n" for n in range(2_500)),
    "long line": "a=group:" + "0 " * 30_000,
}


class ParsedLines:
    """The lines that are handed to aiortc's parser, for each time that it is called."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.lines: list[list[str]] = []
        self._parse = SessionDescription.parse
        monkeypatch.setattr(SessionDescription, "parse", self._count)

    def _count(self, sdp: str) -> SessionDescription:
        self.lines.append(sdp.split("\r\n"))
        return self._parse(sdp)


@pytest.mark.parametrize("name", HOSTILE)
def test_s39_a_hostile_answer_is_refused_before_anything_parses_it(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    parsed = ParsedLines(monkeypatch)
    with pytest.raises(BadSdp):
        read_answer(HOSTILE[name], OWN_SECTIONS)
    assert parsed.lines == []


def test_s39_what_is_parsed_is_bounded_by_the_sections_that_were_offered(monkeypatch: pytest.MonkeyPatch) -> None:
    parsed = ParsedLines(monkeypatch)
    fill = "a=setup:active\r\n"
    head, *parts = GOOD.replace("m=", "|m=").split("|")
    for count in range(MAX_SECTION_LINES):
        with contextlib.suppress(BadSdp):
            read_answer((fill * count).join([head, *parts, ""]), OWN_SECTIONS)
    most = max(map(len, parsed.lines))
    assert most <= MAX_SESSION_LINES + len(OWN_SECTIONS) * MAX_SECTION_LINES
    assert most > len(parsed.lines[0])
    assert max(len(line) for lines in parsed.lines for line in lines) <= MAX_LINE


def test_codec_lines_and_candidates_are_not_looked_at() -> None:
    more = "a=rtpmap:1 a/1\r\n" * 600 + "a=rtcp-fb:* x\r\n" * 600 + "a=candidate:x\r\n" * 600
    assert read_answer(GOOD + more, OWN_SECTIONS) == read_answer(GOOD, OWN_SECTIONS)


def test_s40_candidates_are_not_even_parsed() -> None:
    named = GOOD.replace("d1f3.local", "169.254.169.254").replace(
        "a=candidate:1 1 udp", "a=candidate:\r\na=candidate:x"
    )
    assert read_answer(named, OWN_SECTIONS) == read_answer(GOOD, OWN_SECTIONS)


@given(st.text(max_size=400))
def test_no_text_makes_another_exception(text: str) -> None:
    with pytest.raises(BadSdp):
        read_answer(text, OWN_SECTIONS)


LINES = GOOD.split("\r\n")
TOKENS = st.sampled_from(
    [
        "a=ssrc:1 cname:x",
        "a=ssrc-group:FID",
        "a=mid:",
        "a=fingerprint:",
        "a=group:",
        "a=setup:",
        "m=video 9 A 1",
        "a=ssrc",
    ]
)


@given(st.lists(st.tuples(st.integers(0, len(LINES)), TOKENS | st.text("amsv=:- 019AF/\r\n", max_size=20)), max_size=6))
def test_no_mutation_of_a_good_answer_makes_another_exception(changes: list[tuple[int, str]]) -> None:
    lines = list(LINES)
    for position, text in changes:
        lines[position : position + 1] = [text]
    try:
        answer = read_answer("\r\n".join(lines), OWN_SECTIONS)
    except BadSdp:
        return
    assert answer.fingerprints
    assert all(0 < ssrc < 2**32 for ssrcs in answer.ssrcs.values() for ssrc in ssrcs)
