"""One participant: the current transport, what it publishes, and the negotiation with its browser."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Protocol

from media.allowance import Allowance
from media.answer import read_answer
from media.errors import BadSdp
from media.events import CloseReason
from media.formats import ALL_FORMATS, Formats
from media.line import LineStats
from media.offer import OWN_SECTIONS, Section
from media.publication import Publication, Source

if TYPE_CHECKING:
    from media.transport import Transport

# Three of one's own and three of each of four others make 15. A page that sees many come and go gets a fresh transport
# rather than an endless offer: at this size offer and answer are still well below what the wire takes.
MAX_SECTIONS = 48
# Answers that say otherwise than the one before, which others may have to be told. A browser gives one on each new
# transport, and on a network that comes and goes that is one in ten seconds.
CHANGES_PER_S, CHANGES_AT_ONCE = 0.1, 12
# A transport that ends sooner was of no use. After several such the next one is waited for: 1, 2, 4 … seconds.
SHORT_LIFE_S = 10.0
LONGEST_WAIT_S = 30.0


@dataclass(frozen=True, slots=True)
class RemoteMedia:
    """Whose sound or picture arrives on which m-line."""

    mid: str
    source: Source
    endpoint_id: str
    name: str


@dataclass(frozen=True, slots=True)
class Negotiation:
    """What a page has to know (`docs/protocol.md` §5). `sdp` is None once this revision was answered."""

    transport: str
    revision: int
    sdp: str | None
    publish: bool
    mids: dict[str, str]
    remote: tuple[RemoteMedia, ...]


@dataclass(slots=True)
class _Dialogue:
    """Where offer and answer stand on one transport; a new transport begins a new one. Revision 0 is not offered yet.

    `accepted` are the mids on which the peer receives now, `carried` those on which it ever did; `wanted` is what is
    there for it now.
    """

    transport: "Transport"
    sections: tuple[Section, ...] = OWN_SECTIONS
    revision: int = 0
    answered: int = 0
    accepted: frozenset[str] = frozenset()
    carried: frozenset[str] = frozenset()
    wanted: tuple[Publication, ...] = ()
    formats: Formats = ALL_FORMATS
    fingerprints: frozenset[tuple[str, str]] = frozenset()


class EndpointHost(Protocol):
    """What an endpoint asks of that to which it belongs: a visit's room, or a test call."""

    def open_transport(self, endpoint: "Endpoint") -> "Transport":
        """Make a transport that reports on behalf of this endpoint."""

    def renew_credentials(self, endpoint: "Endpoint") -> None:
        """Give the endpoint's transport other ICE credentials, which its next revision names."""

    def write_offer(self, endpoint: "Endpoint", revision: int) -> str:
        """Write the endpoint's present offer."""

    def start(self, transport: "Transport", fingerprints: frozenset[tuple[str, str]]) -> None:
        """Let the handshake begin."""

    def claim(self, transport: "Transport", ssrcs: Iterable[int]) -> None:
        """Reserve SSRCs for one transport. Raises `SsrcConflict`."""

    def is_admitted(self, endpoint_id: str) -> bool:
        """Whether anything is relayed for this endpoint."""

    def find(self, endpoint_id: str) -> "Endpoint | None":
        """Look up an open endpoint."""

    def now(self) -> float:
        """Monotonic seconds."""

    def remove(self, endpoint: "Endpoint") -> None:
        """Forget an endpoint and end its transport."""

    def settle(self) -> None:
        """Derive offers and forwarding tables from the state. Idempotent."""


class Endpoint:
    """One participant. Made by `Room.open_endpoint`, or for a test call."""

    def __init__(self, room: EndpointHost, endpoint_id: str, name: str) -> None:
        self.id = endpoint_id
        self.name = name
        self._room = room
        self._dialogue = _Dialogue(room.open_transport(self))
        self.publications: dict[Source, Publication] = {}
        self.accepted_formats: frozenset[int] | None = None
        self._shared = {Source.AUDIO, Source.CAMERA}
        self._changes = Allowance(CHANGES_PER_S, CHANGES_AT_ONCE)
        self._opened_at = room.now()
        # How many of its transports ended soon, one after the other, and when which of them is replaced.
        self._failures = 0
        self._replaced_at: tuple[str, float] | None = None

    @property
    def transport(self) -> "Transport":
        """The current transport."""
        return self._dialogue.transport

    @property
    def sections(self) -> tuple[Section, ...]:
        """The m-lines of the current offer."""
        return self._dialogue.sections

    @property
    def formats(self) -> Formats:
        """The formats of the current offer."""
        return self._dialogue.formats

    @property
    def is_admitted(self) -> bool:
        """Whether the room relays for this endpoint."""
        return self._room.is_admitted(self.id)

    @property
    def shown(self) -> tuple[Publication, ...]:
        """What this participant sends to the others now: a screen only while it is shared."""
        return tuple(each for each in self.publications.values() if each.source in self._shared)

    def negotiation(self) -> Negotiation:
        """Say where the negotiation stands. Cheap; ask again after each `OfferChanged`."""
        revision = self._dialogue.revision
        return Negotiation(
            transport=self.transport.id,
            revision=revision,
            sdp=None if self._dialogue.answered == revision else self._room.write_offer(self, revision),
            publish=self.is_admitted,
            mids={section.source.value: section.mid for section in OWN_SECTIONS},
            remote=tuple(
                RemoteMedia(section.mid, section.source, section.publication.endpoint, section.publication.name)
                for section in self.sections
                if section.publication in self._dialogue.wanted and section.publication is not None
            ),
        )

    def line(self, now: float) -> LineStats | None:
        """Sum up this participant's line; None while there is none. `now` is monotonic, in seconds."""
        return self.transport.line(now)

    def answer(self, transport: str, revision: int, sdp: str) -> bool:
        """Take the browser's answer; the first one starts DTLS.

        False when it answers an older offer, or the same one again: ignore it, a newer offer is on its way. Raises
        `BadSdp` or `SsrcConflict`; the offer then stands as it was.
        """
        is_current = transport == self.transport.id and not self.transport.is_closed
        if not is_current or revision != self._dialogue.revision or self._dialogue.answered == revision:
            return False
        dialogue = self._dialogue
        answer = read_answer(sdp, dialogue.sections, dialogue.formats)
        if dialogue.fingerprints and answer.fingerprints != dialogue.fingerprints:
            raise BadSdp("fingerprint")
        said = {source: publication.ssrcs for source, publication in self.publications.items()}
        if (answer.ssrcs, answer.formats) != (said, self.accepted_formats) and not self._changes.take(self._room.now()):
            raise BadSdp("changes")
        self._room.claim(self.transport, (ssrc for group in answer.ssrcs.values() for ssrc in group))
        dialogue.fingerprints, dialogue.answered, dialogue.accepted = answer.fingerprints, revision, answer.accepted
        dialogue.carried |= answer.accepted
        self.accepted_formats = answer.formats
        self.publications = {
            source: Publication(self.id, self.name, source, ssrcs) for source, ssrcs in answer.ssrcs.items()
        }
        self._room.start(self.transport, answer.fingerprints)
        self._room.settle()
        return True

    def restart(self, transport: str) -> None:
        """Give the endpoint a new transport if `transport` is still the current one; a late request does nothing."""
        if transport == self.transport.id and self._room.find(self.id) is self:
            old = self._renew()
            try:
                self._room.settle()
            finally:
                old.close(CloseReason.REPLACED)

    def recover(self, transport: str) -> None:
        """Replace a transport that ended by itself: at once, or in a `sweep` after a while if those before it ended soon too."""
        if transport != self.transport.id:
            return
        now = self._room.now()
        if now - self._opened_at >= SHORT_LIFE_S:
            self._failures = 0
        self._failures += 1
        if self._failures == 1:
            self.restart(transport)
        else:
            self._replaced_at = transport, now + min(LONGEST_WAIT_S, 2.0 ** (self._failures - 2))

    def sweep(self, now: float) -> None:
        """Replace the transport that ended, when it is time. Call twice a second."""
        if self._replaced_at is not None and now >= self._replaced_at[1]:
            transport, self._replaced_at = self._replaced_at[0], None
            self.restart(transport)

    def refresh(self, transport: str) -> None:
        """Offer other ICE credentials for `transport`, keys and media staying; a late request does nothing."""
        if transport == self.transport.id and not self.transport.is_closed:
            self._dialogue.revision += 1
            self._room.renew_credentials(self)

    def share(self, source: Source, *, on: bool) -> None:
        """Offer this source to the others, or no longer. Sound and camera are, a screen is not, until this says otherwise."""
        if on != (source in self._shared):
            self._shared ^= {source}
            self._room.settle()

    def close(self) -> None:
        """Take the participant out of the room. Idempotent."""
        self._room.remove(self)

    def is_ready_for(self, publication: Publication) -> bool:
        """Whether this publication is there for the peer, which accepted its m-line and can be sent to."""
        return (
            self.transport.is_connected
            and publication in self._dialogue.wanted
            and any(
                section.publication == publication and section.active and section.mid in self._dialogue.accepted
                for section in self._dialogue.sections
            )
        )

    def missed(self, wanted: Iterable[Publication]) -> bool:
        """Whether the peer received one of these before and would receive it again.

        Their sequence numbers went on without it: neither end of its transport knows how often they wrapped meanwhile.
        """
        known = {section.publication for section in self.sections if section.mid in self._dialogue.carried}
        return not known.isdisjoint(wanted)

    def subscribe(self, wanted: Iterable[Publication], present: Collection[Publication], formats: Formats) -> bool:
        """Offer these publications in these formats; True when `negotiation` has something new.

        What is not wanted but still `present`, its sender being held or not sharing, keeps its m-line: nothing flows on
        it, and nothing has to be negotiated when it begins again. Nor has an order of formats of which the peer takes one.
        """
        dialogue = self._dialogue
        wanted = tuple(wanted)
        is_new = wanted != dialogue.wanted
        reordered = formats.within(self.accepted_formats) != dialogue.formats.within(self.accepted_formats)
        changed = self._align(wanted, present) or reordered
        if len(self.sections) > MAX_SECTIONS:
            old = self._renew()
            self._align(wanted, present)
            self._dialogue.formats, self._dialogue.revision = formats, 1
            old.close(CloseReason.REPLACED)
            return True
        if changed or not dialogue.revision:
            dialogue.formats = formats
            dialogue.revision += 1
            return True
        return is_new

    def _renew(self) -> "Transport":
        old = self.transport
        self._dialogue = _Dialogue(self._room.open_transport(self))
        self._opened_at = self._room.now()
        self.publications = {}
        return old

    def _align(self, wanted: tuple[Publication, ...], present: Collection[Publication]) -> bool:
        dialogue = self._dialogue
        before, dialogue.wanted = dialogue.sections, wanted
        kept = [
            section
            if section.publication is None
            else replace(
                section,
                active=section.publication in wanted or (section.active and section.publication in present),
            )
            for section in before
        ]
        # One who comes back unchanged finds the old m-line; anyone else gets a new one (Safari dislikes reuse).
        known = [section.publication for section in kept]
        fresh = [publication for publication in wanted if publication not in known]
        kept += [
            Section(str(len(kept) + index), publication.source, publication) for index, publication in enumerate(fresh)
        ]
        dialogue.sections = tuple(kept)
        return dialogue.sections != before
