"""What pages are told of chat and captions (``docs/protocol.md`` §3 and §4)."""

from __future__ import annotations

from pydantic import BaseModel, Field

from signaling.wire import Instant

__all__ = ["CaptionCard", "ChatCard", "TalkCard"]


class ChatCard(BaseModel):
    """A line of chat."""

    id: str
    sender: str
    name: str = Field(repr=False)
    at: Instant
    text: str = Field(repr=False)


class CaptionCard(BaseModel):
    """The captions that are typed now. ``number`` is the last line's."""

    participant: str
    name: str = Field(repr=False)
    number: int
    lines: list[str] = Field(repr=False)


class TalkCard(BaseModel):
    """What is said in writing, as one who is in the visit reads it."""

    chat: list[ChatCard]
    captions: CaptionCard | None
