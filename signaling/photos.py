"""Photos that were sent in a visit: in this process's memory alone, for the staff who are in it, and not for long.

They go with the visit, with the one who sent them where staff removed that person, after `LIVES_S`, and with the process.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from signaling.jpeg import Jpeg
from waiting_room.model import ParticipantPhase, Visit

__all__ = ["LARGEST", "Photo", "PhotoAsk", "Photos"]

LARGEST: Final = 8 * 1024 * 1024
OF_ONE_VISIT: Final = 4
OF_ALL_VISITS: Final = 256 * 1024 * 1024
LIVES_S: Final = 600.0


@dataclass(frozen=True, slots=True)
class Photo:
    """One of a visit's photos, sent by ``participant``. ``kept_at`` is monotonic."""

    id: str
    visit: str
    participant: str
    at: datetime
    kept_at: float
    picture: Jpeg = field(repr=False)


@dataclass(frozen=True, slots=True)
class PhotoAsk:
    """A clinician's request for a photo. ``kept_at`` is monotonic."""

    id: str
    name: str = field(repr=False)
    kept_at: float


class Photos:
    """Keeps the newest `OF_ONE_VISIT` photos of each visit and at most `OF_ALL_VISITS` bytes: the oldest give way."""

    def __init__(self, *, monotonic: Callable[[], float]) -> None:
        self._monotonic = monotonic
        # In the order they came.
        self._photos: dict[str, Photo] = {}
        self._asked: dict[str, PhotoAsk] = {}

    def ask(self, visit_id: str, ask_id: str, name: str) -> None:
        """Let those who may send a photo know that somebody asks for one."""
        self._asked[visit_id] = PhotoAsk(ask_id, name, self._monotonic())

    def asked(self, visit_id: str) -> PhotoAsk | None:
        """Return the request that stands in this visit, or None."""
        return self._asked.get(visit_id)

    def keep(self, photo_id: str, visit_id: str, participant: str, at: datetime, picture: Jpeg) -> Photo:
        """Keep a photo; it answers the request that stood."""
        photo = Photo(photo_id, visit_id, participant, at, self._monotonic(), picture)
        self._photos[photo_id] = photo
        self._asked.pop(visit_id, None)
        for old in self.of(visit_id)[:-OF_ONE_VISIT]:
            self.drop(old.id)
        while sum(len(one.picture.data) for one in self._photos.values()) > OF_ALL_VISITS:
            self.drop(next(iter(self._photos)))
        return photo

    def find(self, photo_id: str) -> Photo | None:
        """Return the photo, while it is kept."""
        return self._photos.get(photo_id)

    def same(self, visit_id: str, participant: str, picture: Jpeg) -> Photo | None:
        """Return the photo that this person has sent already, where it is the very same picture."""
        return next(
            (one for one in self.of(visit_id) if one.participant == participant and one.picture == picture), None
        )

    def of(self, visit_id: str) -> list[Photo]:
        """Return a visit's photos, the oldest first."""
        return [one for one in self._photos.values() if one.visit == visit_id]

    def drop(self, photo_id: str) -> None:
        """Forget a photo."""
        self._photos.pop(photo_id, None)

    def follow(self, visit: Visit) -> None:
        """Let go of what the visit as it is now has no more use for. Idempotent."""
        if visit.phase.final:
            self._asked.pop(visit.id, None)
        for photo in self.of(visit.id):
            sender = visit.find(photo.participant)
            if visit.phase.final or sender is None or sender.phase is ParticipantPhase.REMOVED:
                self.drop(photo.id)

    def expire(self) -> set[str]:
        """Let go of what is too old, and return the visits that had it. Call once a second."""
        before = self._monotonic() - LIVES_S
        photos = [one for one in self._photos.values() if one.kept_at <= before]
        asked = [visit_id for visit_id, one in self._asked.items() if one.kept_at <= before]
        for photo in photos:
            self.drop(photo.id)
        for visit_id in asked:
            del self._asked[visit_id]
        return {one.visit for one in photos} | set(asked)
