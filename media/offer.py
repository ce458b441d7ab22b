"""The SDP that the server offers (RFC 8829, `docs/protocol.md` §5).

Written as a literal: what is negotiated is the same for everybody, so that packets pass untranslated, and a reader
sees it here. The first three sections are what the peer may send; each further one is what another participant sends.
A section keeps its mid and its place for the life of a transport.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from media.formats import ALL_FORMATS, Formats, payload_types, write_formats
from media.ice_lite import IceCredentials
from media.publication import Publication, Source

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

_SECTION = """\
m={media} 9 UDP/TLS/RTP/SAVPF {payload_types}
c=IN IP4 0.0.0.0
a=mid:{mid}
a={direction}
a=rtcp-mux
a=rtcp-rsize
"""

_EXTENSIONS = {
    "audio": "a=extmap:1 urn:ietf:params:rtp-hdrext:ssrc-audio-level\n",
    "video": """\
a=extmap:3 http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01
a=extmap:4 urn:3gpp:video-orientation
""",
}


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


def write_offer(
    facts: OfferFacts,
    revision: int,
    sections: Sequence[Section],
    formats: Formats = ALL_FORMATS,
    *,
    start_kbps: int | None = None,
) -> str:
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
    body = "".join(_write_section(section, formats, candidates, start_kbps) for section in sections)
    return (head + body).replace("\n", "\r\n")


def _write_section(section: Section, formats: Formats, candidates: str, start_kbps: int | None) -> str:
    kind, publication = section.source.kind, section.publication
    # One who left leaves an m-line for good: it says no more than it has to.
    described = formats.of(kind)[: None if section.active else 1]
    text = _SECTION.format(
        media=kind,
        payload_types=" ".join(map(str, payload_types(described))),
        mid=section.mid,
        direction=section.direction,
    )
    starts = start_kbps if publication is None and section.source is Source.CAMERA else None
    text += write_formats(described, start_kbps=starts)
    if not section.active:
        return text
    text += _EXTENSIONS[kind]
    if publication is not None:
        text += _write_publication(publication)
    return text + candidates


def _write_publication(publication: Publication) -> str:
    # One stream for a person's voice and face: what is heard and what is seen stay in step. A screen, often late, would
    # hold the voice back in it.
    stream = publication.endpoint if publication.source is not Source.SCREEN else f"{publication.endpoint}-screen"
    text = f"a=msid:{stream} {publication.endpoint}-{publication.source}\n"
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
