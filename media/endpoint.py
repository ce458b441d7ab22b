"""One participant: the current transport, what it publishes, and the negotiation with its browser."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from media.answer import read_answer
from media.errors import BadSdp
from media.events import CloseReason
from media.offer import OWN_SECTIONS, Section
from media.publication import Publication, Source

if TYPE_CHECKING:
    from media.room import Room
    from media.transport import Transport

# A page that sees this many others come and go gets a fresh transport rather than an endless offer.
MAX_SECTIONS = 32


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

    `accepted` are the mids on which the peer receives now, `carried` those on which it ever did.
    """

    transport: "Transport"
    sections: tuple[Section, ...] = OWN_SECTIONS
    revision: int = 0
    answered: int = 0
    accepted: frozenset[str] = frozenset()
    carried: frozenset[str] = frozenset()
    fingerprints: frozenset[tuple[str, str]] = frozenset()


class Endpoint:
    """One participant in a room. Made by `Room.open_endpoint`."""

    def __init__(self, room: "Room", endpoint_id: str, name: str) -> None:
        self.id = endpoint_id
        self.name = name
        self._room = room
        self._dialogue = _Dialogue(room.open_transport(self))
        self.publications: dict[Source, Publication] = {}

    @property
    def transport(self) -> "Transport":
        """The current transport."""
        return self._dialogue.transport

    @property
    def sections(self) -> tuple[Section, ...]:
        """The m-lines of the current offer."""
        return self._dialogue.sections

    @property
    def is_admitted(self) -> bool:
        """Whether the room relays for this endpoint."""
        return self._room.is_admitted(self.id)

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
                if section.publication is not None and section.active
            ),
        )

    def answer(self, transport: str, revision: int, sdp: str) -> bool:
        """Take the browser's answer; the first one starts DTLS.

        False when it answers an older offer, or the same one again: ignore it, a newer offer is on its way. Raises
        `BadSdp` or `SsrcConflict`; the offer then stands as it was.
        """
        is_current = transport == self.transport.id and not self.transport.is_closed
        if not is_current or revision != self._dialogue.revision or self._dialogue.answered == revision:
            return False
        dialogue = self._dialogue
        answer = read_answer(sdp, dialogue.sections)
        if dialogue.fingerprints and answer.fingerprints != dialogue.fingerprints:
            raise BadSdp("fingerprint")
        self._room.claim(self.transport, (ssrc for group in answer.ssrcs.values() for ssrc in group))
        dialogue.fingerprints, dialogue.answered, dialogue.accepted = answer.fingerprints, revision, answer.accepted
        dialogue.carried |= answer.accepted
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
            self._room.settle()
            old.close(CloseReason.REPLACED)

    def close(self) -> None:
        """Take the participant out of the room. Idempotent."""
        self._room.remove(self)

    def is_ready_for(self, publication: Publication) -> bool:
        """Whether the peer accepted the m-line of this publication and can be sent to."""
        return self.transport.is_connected and any(
            section.publication == publication and section.active and section.mid in self._dialogue.accepted
            for section in self._dialogue.sections
        )

    def subscribe(self, wanted: Sequence[Publication]) -> bool:
        """Offer exactly these publications; True when that makes a new revision.

        Media that flowed, stopped and begins again goes to a new transport: neither end of the old one knows how often
        its sequence numbers wrapped meanwhile.
        """
        resumed = any(
            section.publication in wanted and not section.active and section.mid in self._dialogue.carried
            for section in self.sections
        )
        changed = self._align(wanted)
        if resumed or len(self.sections) > MAX_SECTIONS:
            old = self._renew()
            self._align(wanted)
            self._dialogue.revision = 1
            old.close(CloseReason.REPLACED)
            return True
        if changed or not self._dialogue.revision:
            self._dialogue.revision += 1
            return True
        return False

    def _renew(self) -> "Transport":
        old = self.transport
        self._dialogue = _Dialogue(self._room.open_transport(self))
        self.publications = {}
        return old

    def _align(self, wanted: Iterable[Publication]) -> bool:
        wanted = list(wanted)
        before = self._dialogue.sections
        kept = [
            section if section.publication is None else replace(section, active=section.publication in wanted)
            for section in before
        ]
        # One who comes back unchanged finds the old m-line; anyone else gets a new one (Safari dislikes reuse).
        known = [section.publication for section in kept]
        fresh = [publication for publication in wanted if publication not in known]
        kept += [
            Section(str(len(kept) + index), publication.source, publication) for index, publication in enumerate(fresh)
        ]
        self._dialogue.sections = tuple(kept)
        return self._dialogue.sections != before
