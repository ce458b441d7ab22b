"""What free text may hold before it is kept and shown to somebody else."""

from __future__ import annotations

import unicodedata
from typing import Final

from waiting_room.errors import InvalidField

__all__ = ["check_text"]

# Zero-width joiners: Persian and Hindi spelling needs them, and they move nothing.
_JOINERS: Final = {"\u200c", "\u200d"}


def check_text(
    refusal: type[InvalidField], name: str, value: str, limit: int, *, required: bool = True, lines: bool = False
) -> str:
    """Return the text, or raise the refusal naming the field: empty, too long, or carrying control characters.

    ``lines`` allows line feeds.
    """
    if required and not value.strip():
        raise refusal(field=name, reason="is empty")
    if len(value) > limit:
        raise refusal(field=name, reason=f"is longer than {limit} characters")
    judged = value.replace("\n", "") if lines else value
    # Control and format characters can reorder or hide what staff read in the queue.
    if any(unicodedata.category(char) in {"Cc", "Cf", "Cs"} and char not in _JOINERS for char in judged):
        raise refusal(field=name, reason="carries control characters")
    return value
