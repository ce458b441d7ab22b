"""Reading an answer (RFC 8829 §5.3) from a peer that is not to be trusted: a plain value, or `BadSdp`.

Lines that cannot matter are left out before aiortc's parser sees them: candidates (an ICE-lite server needs none, and
nothing may be probed because a peer named it) and codec details (the offer left no choice but of payload types). What is
left is counted before it is parsed: the parser's cost grows with lines times sections, a refused answer may be sent again,
and all of it is time of the one loop.
"""

import re
import struct
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from aiortc import RTCDtlsFingerprint
from aiortc.sdp import MediaDescription, SessionDescription

from media.errors import BadSdp
from media.formats import ALL_FORMATS, OPUS, Formats, payload_types
from media.offer import Section
from media.publication import Source

MAX_ANSWER = 64 * 1024
MAX_LINES = 2_000
MAX_LINE = 1_024
# Of the lines that are kept. Chromium's camera has 18, with two SSRCs and four lines for each.
MAX_SESSION_LINES = 16
MAX_SECTION_LINES = 40
MAX_FINGERPRINTS = 8
MAX_SSRC = 2**32 - 1

_FOREIGN = re.compile(r"[^\x20-\x7e\r\n]")
_KEPT = re.compile(
    r"[vostcm]=|a=(?:group|mid|setup|fingerprint|rtcp-mux|sendonly|recvonly|sendrecv|inactive|ssrc|ssrc-group)(?::|$)"
)
_PARSE_ERRORS = (ValueError, LookupError, AttributeError, TypeError, AssertionError, StopIteration, struct.error)
_DIGEST_BYTES = {"sha-256": 32, "sha-384": 48, "sha-512": 64}
_KINDS = ("audio", "video")


@dataclass(frozen=True, slots=True)
class Answer:
    """What the peer agreed to.

    `fingerprints` are (algorithm, value) pairs in lower and upper case, all of which its certificate must match;
    `ssrcs` has the streams it names, primary SSRC first; `accepted` the mids on which it will receive; `formats` the
    payload types that it can send in all sections of a kind, at least one of each: all where it sends nothing of a kind.
    """

    fingerprints: frozenset[tuple[str, str]]
    ssrcs: Mapping[Source, tuple[int, ...]]
    accepted: frozenset[str]
    formats: frozenset[int]


def read_answer(sdp: str, sections: Sequence[Section], formats: Formats = ALL_FORMATS) -> Answer:
    """Read the answer to an offer of these sections and formats. Raises `BadSdp`, and nothing else whatever the text is."""
    description = _parse(sdp, len(sections))
    media = description.media
    offered = [(section.source.kind, section.mid) for section in sections]
    if [(part.kind, part.rtp.muxId) for part in media] != offered:
        raise BadSdp("sections")
    pairs = [(section, part) for section, part in zip(sections, media, strict=True) if part.port]
    _check_bundle(description, [section.mid for section, _ in pairs], [section.mid for section in sections])
    ssrcs: dict[Source, tuple[int, ...]] = {}
    accepted = set()
    taken: dict[str, set[int]] = {}
    for section, part in pairs:
        if not part.rtcp_mux:
            raise BadSdp("rtcp_mux")
        direction = "sendonly" if section.publication is None else "recvonly"
        if part.direction not in (direction, "inactive"):
            raise BadSdp("direction")
        if part.direction == "inactive":
            continue
        codecs = _read_formats(part, formats.of(part.kind))
        if section.publication is not None:
            accepted.add(section.mid)
            continue
        taken.setdefault(part.kind, codecs).intersection_update(codecs)
        if part.ssrc:
            ssrcs[section.source] = _read_ssrcs(part)
    named = [ssrc for group in ssrcs.values() for ssrc in group]
    if len(named) != len(set(named)):
        raise BadSdp("ssrc")
    # One codec for camera and screen: whoever receives them is asked once which it takes.
    if not all(taken.values()):
        raise BadSdp("codec")
    able = frozenset(each for kind in _KINDS for each in taken.get(kind, formats.of(kind)))
    return Answer(_read_fingerprints([part for _, part in pairs]), ssrcs, frozenset(accepted), able)


def _parse(sdp: str, sections: int) -> SessionDescription:
    if len(sdp) > MAX_ANSWER:
        raise BadSdp("too_large")
    if _FOREIGN.search(sdp):
        raise BadSdp("characters")
    lines = sdp.splitlines()
    if len(lines) > MAX_LINES:
        raise BadSdp("too_large")
    if any(line.startswith("a=crypto") for line in lines):
        raise BadSdp("crypto")
    kept = [line for line in lines if _KEPT.match(line)]
    begins = [index for index, line in enumerate(kept) if line.startswith("m=")]
    if len(begins) != sections:
        raise BadSdp("sections")
    session, *parts = [end - begin for begin, end in pairwise([0, *begins, len(kept)])]
    if session > MAX_SESSION_LINES or max(parts, default=0) > MAX_SECTION_LINES or max(map(len, kept)) > MAX_LINE:
        raise BadSdp("too_large")
    try:
        return SessionDescription.parse("\r\n".join(kept))
    except _PARSE_ERRORS as error:
        raise BadSdp("unreadable") from error


def _check_bundle(description: SessionDescription, used: Sequence[str], offered: Sequence[str]) -> None:
    groups = [set(group.items) for group in description.group if group.semantic == "BUNDLE"]
    if len(groups) != 1 or not used or not set(used) <= groups[0] <= set(offered):
        raise BadSdp("bundle")


def _read_formats(part: MediaDescription, offered: Sequence[int]) -> set[int]:
    listed = set(part.fmt)
    codecs = listed & set(offered)
    if not listed <= set(payload_types(offered)) or not codecs or (part.kind == "audio" and OPUS not in codecs):
        raise BadSdp("codec")
    return codecs


def _read_ssrcs(part: MediaDescription) -> tuple[int, ...]:
    named = [description.ssrc for description in part.ssrc]
    pairs = [list(map(int, group.items)) for group in part.ssrc_group if group.semantic == "FID"]
    ordered = pairs[0] if pairs else named
    limit = 2 if part.kind == "video" else 1
    if len(pairs) > 1 or sorted(ordered) != sorted(named) or len(named) > limit:
        raise BadSdp("ssrc")
    if len(named) > 1 and not pairs:
        raise BadSdp("ssrc")
    if not all(0 < ssrc <= MAX_SSRC for ssrc in named):
        raise BadSdp("ssrc")
    return tuple(ordered)


def _read_fingerprints(parts: Sequence[MediaDescription]) -> frozenset[tuple[str, str]]:
    described = [part.dtls for part in parts if part.dtls is not None]
    if not described or any(dtls.role != "client" for dtls in described):
        raise BadSdp("setup")
    fingerprints = frozenset(_read_fingerprint(each) for dtls in described for each in dtls.fingerprints)
    if len(fingerprints) > MAX_FINGERPRINTS or not any(name in _DIGEST_BYTES for name, _ in fingerprints):
        raise BadSdp("fingerprint")
    return fingerprints


def _read_fingerprint(fingerprint: RTCDtlsFingerprint) -> tuple[str, str]:
    algorithm, value = fingerprint.algorithm.lower(), fingerprint.value.upper()
    size = _DIGEST_BYTES.get(algorithm)
    if size is not None and not re.fullmatch(rf"[0-9A-F]{{2}}(:[0-9A-F]{{2}}){{{size - 1}}}", value):
        raise BadSdp("fingerprint")
    return algorithm, value
