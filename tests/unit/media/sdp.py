"""An answer as Chromium 156 writes it (shortened where a line cannot matter), to be altered by tests."""

from collections.abc import Sequence

from media.formats import ALL_FORMATS, Formats, payload_types
from media.offer import OWN_SECTIONS, Section
from media.publication import Source

FINGERPRINT = ":".join(["AB"] * 32)
SSRCS = {Source.AUDIO: (1001,), Source.CAMERA: (1002, 1003), Source.SCREEN: (1004, 1005)}


def answer_to(
    sections: Sequence[Section] = OWN_SECTIONS,
    ssrcs: dict[Source, tuple[int, ...]] | None = None,
    fingerprint: str = FINGERPRINT,
    formats: Formats = ALL_FORMATS,
) -> str:
    ssrcs = SSRCS if ssrcs is None else ssrcs
    lines = ["v=0", "o=- 1 2 IN IP4 127.0.0.1", "s=-", "t=0 0"]
    lines += [f"a=group:BUNDLE {' '.join(section.mid for section in sections)}", "a=msid-semantic: WMS"]
    numbers = {kind: " ".join(map(str, payload_types(formats.of(kind)))) for kind in ("audio", "video")}
    for section in sections:
        own = ssrcs.get(section.source, ()) if section.publication is None else ()
        direction = {"recvonly": "sendonly", "sendonly": "recvonly"}.get(section.direction, "inactive")
        lines += [
            f"m={section.source.kind} 9 UDP/TLS/RTP/SAVPF {numbers[section.source.kind]}",
            "c=IN IP4 0.0.0.0",
            "a=rtcp:9 IN IP4 0.0.0.0",
            "a=candidate:1 1 udp 2113937151 d1f3.local 51234 typ host generation 0 network-cost 999",
            "a=ice-ufrag:xuwu",
            "a=ice-pwd:kYs+AOaGt8g6x1h6sUjvx2Sw",
            "a=ice-options:trickle",
            f"a=fingerprint:sha-256 {fingerprint}",
            "a=setup:active",
            f"a=mid:{section.mid}",
            f"a={direction}",
            "a=msid:- c8908feb-5d69-4f85-8a68-beeb0ff7a75c",
            "a=rtcp-mux",
            "a=rtcp-rsize",
        ]
        if len(own) > 1:
            lines.append(f"a=ssrc-group:FID {' '.join(map(str, own))}")
        lines += [f"a=ssrc:{ssrc} cname:tIeBQDNofn8xzaZJ" for ssrc in own]
    return "\r\n".join(lines) + "\r\n"
