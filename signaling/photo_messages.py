"""What pages are told of photos (``docs/protocol.md`` §1, §3 and §4)."""

from __future__ import annotations

from typing import Final

from pydantic import BaseModel, Field

from signaling.photos import PhotoAsk, Photos
from signaling.wire import Instant
from waiting_room.model import Role, Visit

__all__ = ["SENDERS", "AskedForPhoto", "PhotoCard", "PhotoTaken", "asked_of", "photos_of"]

SENDERS: Final = frozenset({Role.PATIENT, Role.COMPANION})
"""Who may send a photo, and is asked for one."""


class PhotoTaken(BaseModel):
    """The server has the photo, and shows it to the staff in the visit."""

    photo: str
    width: int
    height: int


class PhotoCard(BaseModel):
    """A photo that staff may look at."""

    id: str
    participant: str
    name: str = Field(repr=False)
    at: Instant
    width: int
    height: int


class AskedForPhoto(BaseModel):
    """Somebody of the staff asks for a photo."""

    id: str
    name: str = Field(repr=False)


def photos_of(visit: Visit, photos: Photos) -> list[PhotoCard]:
    """Return the photos of a visit in the wire's form, the oldest first."""
    names = {one.id: one.name for one in visit.participants}
    return [
        PhotoCard(
            id=one.id,
            participant=one.participant,
            name=names.get(one.participant, ""),
            at=one.at,
            width=one.picture.width,
            height=one.picture.height,
        )
        for one in photos.of(visit.id)
    ]


def asked_of(asked: PhotoAsk | None) -> AskedForPhoto | None:
    """Return a request for a photo in the wire's form."""
    return AskedForPhoto(id=asked.id, name=asked.name) if asked else None
