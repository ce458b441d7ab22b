"""The SDP of a replayed person: as general as a browser's, for whatever sections and formats the other side has."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Self

_SESSION = ("v=0", "o=- 1 1 IN IP4 127.0.0.1", "s=-", "t=0 0", "a=msid-semantic: WMS *")
_REVERSED = {"sendonly": "recvonly", "recvonly": "sendonly", "sendrecv": "sendrecv", "inactive": "inactive"}
_KEPT = re.compile(r"a=(?:mid|rtpmap|fmtp|rtcp-fb|extmap|rtcp-mux|rtcp-rsize)\b")
_AUDIO_OFFER = """\
m=audio 9 UDP/TLS/RTP/SAVPF 111
a=mid:0
a=rtcp-mux
a=rtcp-rsize
a=rtpmap:111 opus/48000/2
a=fmtp:111 minptime=10;useinbandfec=1
a=extmap:1 urn:ietf:params:rtp-hdrext:ssrc-audio-level
"""
_VIDEO_OFFER = """\
m=video 9 UDP/TLS/RTP/SAVPF 96 97
a=mid:1
a=rtcp-mux
a=rtcp-rsize
a=rtpmap:96 VP8/90000
a=rtcp-fb:96 nack
a=rtcp-fb:96 nack pli
a=rtcp-fb:96 ccm fir
a=rtcp-fb:96 transport-cc
a=rtpmap:97 rtx/90000
a=fmtp:97 apt=96
a=extmap:3 http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01
a=extmap:4 urn:3gpp:video-orientation
"""


@dataclass(frozen=True)
class LocalSide:
    """What a person's own description says. Video's second SSRC is that of its retransmissions."""

    fingerprint: str
    ufrag: str
    password: str = field(repr=False)
    audio_ssrc: int
    video_ssrcs: tuple[int, int]
    address: tuple[str, int]


@dataclass(frozen=True)
class RemoteSide:
    """What is needed of the other side's description to reach it."""

    address: tuple[str, int]
    ufrag: str
    password: str = field(repr=False)
    fingerprint: tuple[str, str]
    is_dtls_client: bool

    @classmethod
    def read(cls, sdp: str) -> Self:
        """Read it, with its first host candidate for UDP. Raises `ValueError` where something is missing."""

        def find(pattern: str) -> re.Match[str]:
            found = re.search(pattern, sdp, re.MULTILINE | re.IGNORECASE)
            if found is None:
                raise ValueError(f"the description has no {pattern}")
            return found

        candidate = find(r"^a=candidate:\S+ 1 udp \d+ (\S+) (\d+) typ host")
        fingerprint = find(r"^a=fingerprint:(\S+) (\S+)")
        return cls(
            address=(candidate[1], int(candidate[2])),
            ufrag=find(r"^a=ice-ufrag:(\S+)")[1],
            password=find(r"^a=ice-pwd:(\S+)")[1],
            fingerprint=(fingerprint[1].lower(), fingerprint[2]),
            is_dtls_client=find(r"^a=setup:(\S+)")[1] == "active",
        )


def write_answer(offer: str, local: LocalSide) -> str:
    """Answer every section of an offer: send on the first of audio and the first of video that take it, receive where asked to."""
    sections = [section.splitlines() for section in re.split(r"^(?=m=)", offer, flags=re.MULTILINE)[1:]]
    unused = {"audio", "video"}
    lines = [*_SESSION, _bundle(offer)]
    for section in sections:
        kind = section[0][2 : section[0].index(" ")]
        direction = next(_REVERSED[line[2:]] for line in section if line[2:] in _REVERSED)
        sends = direction == "sendonly" and kind in unused
        unused -= {kind} if sends else set()
        if direction == "sendonly" and not sends:
            direction = "inactive"
        kept = [line for line in section[1:] if _KEPT.match(line)]
        lines += [section[0], "c=IN IP4 0.0.0.0", *kept, f"a={direction}", "a=setup:active", *_transport(local)]
        if sends:
            lines += _sources(kind, local)
    return "\r\n".join([*lines, ""])


def write_offer(local: LocalSide) -> str:
    """Offer one sound and one picture, to be sent and received, with our one candidate."""
    candidate = f"a=candidate:1 1 udp 2130706431 {local.address[0]} {local.address[1]} typ host"
    lines = [*_SESSION, "a=group:BUNDLE 0 1"]
    for kind, section in (("audio", _AUDIO_OFFER), ("video", _VIDEO_OFFER)):
        first, *others = section.splitlines()
        lines += [first, "c=IN IP4 0.0.0.0", *others, "a=sendrecv", "a=setup:actpass", *_transport(local)]
        lines += [*_sources(kind, local), candidate, "a=end-of-candidates"]
    return "\r\n".join([*lines, ""])


def _bundle(offer: str) -> str:
    mids = re.findall(r"^a=mid:(\S+)", offer, re.MULTILINE)
    return f"a=group:BUNDLE {' '.join(mids)}"


def _transport(local: LocalSide) -> Sequence[str]:
    return (
        f"a=ice-ufrag:{local.ufrag}",
        f"a=ice-pwd:{local.password}",
        f"a=fingerprint:sha-256 {local.fingerprint}",
    )


def _sources(kind: str, local: LocalSide) -> Sequence[str]:
    if kind == "audio":
        return ["a=msid:load load-audio", f"a=ssrc:{local.audio_ssrc} cname:load"]
    group = " ".join(map(str, local.video_ssrcs))
    return [
        "a=msid:load load-video",
        f"a=ssrc-group:FID {group}",
        *(f"a=ssrc:{ssrc} cname:load" for ssrc in local.video_ssrcs),
    ]
