"""What the trail tells of photos in a visit: who asked, sent and looked, and when. The pictures are kept nowhere."""

from __future__ import annotations

from dataclasses import dataclass

from waiting_room.events import Event

__all__ = ["PhotoAsked", "PhotoSent", "PhotoViewed"]


@dataclass(frozen=True, slots=True, kw_only=True)
class PhotoAsked(Event):
    """One of the staff in the visit asked for a photo."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PhotoSent(Event):
    """A photo was sent to the staff in the visit."""

    participant: str
    photo: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PhotoViewed(Event):
    """One of the staff in the visit was shown a photo."""

    photo: str
