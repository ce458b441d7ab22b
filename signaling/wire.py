"""What all messages of the wire are made of: times, identifiers, and requests that refuse what they do not know."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, PlainSerializer

__all__ = ["Identifier", "Instant", "Request", "instant"]

Identifier = Annotated[str, Field(min_length=1, max_length=64, pattern=r"^[A-Za-z0-9_-]+$")]


def instant(value: datetime) -> str:
    """Return the wire's form of a time: RFC 3339 in UTC with milliseconds."""
    return value.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


Instant = Annotated[datetime, PlainSerializer(instant, return_type=str)]


class Request(BaseModel):
    """Base of all requests: an unknown field or another type is refused."""

    model_config = ConfigDict(extra="forbid", strict=True)
