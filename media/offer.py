"""The SDP that the server offers (RFC 8829, `docs/protocol.md` §5).

Written as a literal: what is negotiated is the same for everybody, so that packets pass untranslated, and a reader
sees it here. The first two sections are what the peer may send; each further one is what another participant sends.
A section keeps its mid and its place for the life of a transport.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from media.ice_lite import IceCredentials
from media.publication import Publication, Source

VIDEO_PAYLOAD_TYPE = 96
AUDIO_PAYLOAD_TYPE = 111

_SESSION = """\
v=0
o=- {session} {revision} IN IP4 127.0.0.1
s=-
t=0 0
a=group:BUNDLE {mids}
a=msid-semantic: WMS *
a=ice-lite
a=ice-ufrag:{ufrag}
a=ice-pwd:{password}
a=fingerprint:sha-256 {fingerprint}
a=setup:actpass
"""

_AUDIO = """\
m=audio 9 UDP/TLS/RTP/SAVPF 111
c=IN IP4 0.0.0.0
a=mid:{mid}
a={direction}
a=rtcp-mux
a=rtcp-rsize
a=rtpmap:111 opus/48000/2
a=fmtp:111 minptime=10;useinbandfec=1
a=extmap:1 urn:ietf:params:rtp-hdrext:ssrc-audio-level
"""

_VIDEO = """\
m=video 9 UDP/TLS/RTP/SAVPF 96 97
c=IN IP4 0.0.0.0
a=mid:{mid}
a={direction}
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

_TEMPLATES = {"audio": _AUDIO, "video": _VIDEO}


@dataclass(frozen=True, slots=True)
class Section:
    """One m-line. Without a publication it is what the peer itself may send; `active` is false once the sender left."""

    mid: str
    source: Source
    publication: Publication | None = None
    active: bool = True

    @property
    def direction(self) -> str:
        """Its direction as the server offers it."""
        if self.publication is None:
            return "recvonly"
        return "sendonly" if self.active else "inactive"


OWN_SECTIONS = tuple(Section(str(index), source) for index, source in enumerate(Source))


@dataclass(frozen=True, slots=True)
class OfferFacts:
    """What all offers of one transport have in common. `session` is a number (RFC 8866 §5.2)."""

    session: int
    credentials: IceCredentials
    fingerprint: str
    hosts: Sequence[str]
    port: int


def write_offer(facts: OfferFacts, revision: int, sections: Sequence[Section], *, start_kbps: int | None = None) -> str:
    """Write the offer of these sections. `revision` is the version of the session description.

    `start_kbps` is the rate from which a peer that reads libwebrtc's own parameter feels its way, instead of 300 kbit/s.
    """
    head = _SESSION.format(
        session=facts.session,
        revision=revision,
        mids=" ".join(section.mid for section in sections),
        ufrag=facts.credentials.ufrag,
        password=facts.credentials.password,
        fingerprint=facts.fingerprint,
    )
    # The first section's candidates are those of the whole BUNDLE, but aiortc as a client takes the last one's.
    candidates = _write_candidates(facts)
    body = "".join(_write_section(section, start_kbps) + candidates for section in sections)
    return (head + body).replace("\n", "\r\n")


def _write_section(section: Section, start_kbps: int | None) -> str:
    text = _TEMPLATES[section.source.kind].format(mid=section.mid, direction=section.direction)
    publication = section.publication
    if publication is None and section.source is Source.CAMERA and start_kbps is not None:
        text += f"a=fmtp:{VIDEO_PAYLOAD_TYPE} x-google-start-bitrate={start_kbps}\n"
    if publication is None or not section.active:
        return text
    # One stream and one CNAME per person: what is heard and what is seen stay in step.
    text += f"a=msid:{publication.endpoint} {publication.endpoint}-{publication.source}\n"
    if len(publication.ssrcs) > 1:
        text += f"a=ssrc-group:FID {' '.join(map(str, publication.ssrcs))}\n"
    return text + "".join(f"a=ssrc:{ssrc} cname:{publication.endpoint}\n" for ssrc in publication.ssrcs)


def _write_candidates(facts: OfferFacts) -> str:
    lines = [
        # Type preference 126, component 1; an earlier address is preferred (RFC 8445 §5.1.2.1).
        f"a=candidate:{index} 1 udp {(126 << 24) + ((65535 - index) << 8) + 255} {host} {facts.port} typ host\n"
        for index, host in enumerate(facts.hosts)
    ]
    return "".join([*lines, "a=end-of-candidates\n"])
