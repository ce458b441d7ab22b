"""Which compressed form of a body a browser takes: Accept-Encoding, RFC 9110, section 12.5.3."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Final

__all__ = ["IDENTITY", "choose_coding"]

IDENTITY: Final = "identity"
_OTHER_NAMES: Final = {"x-gzip": "gzip"}


def choose_coding(fields: Iterable[str], offered: Sequence[str]) -> str:
    """Return the coding of ``offered`` (the best first) that the header's lines want most, or ``identity``.

    Nothing is refused: who takes no form at all gets the plain one, as the RFC allows.
    """
    weights = dict(_weights(",".join(fields)))
    wanted = {coding: weights.get(coding, weights.get("*", 0.0)) for coding in offered}
    # The plain form comes last of equals, and is wanted least where it is not named.
    wanted = {coding: weight for coding, weight in wanted.items() if weight > 0} | {
        IDENTITY: weights.get(IDENTITY, 0.0)
    }
    return max(wanted, key=wanted.__getitem__)


def _weights(field: str) -> Iterator[tuple[str, float]]:
    for item in field.split(","):
        name, *parameters = (part.strip().lower() for part in item.split(";"))
        if name:
            yield _OTHER_NAMES.get(name, name), _weight(parameters)


def _weight(parameters: Sequence[str]) -> float:
    """Return the item's q, 1 without one, and 0 for one that is none: what cannot be read is not wanted."""
    for parameter in parameters:
        name, _, value = parameter.partition("=")
        if name.strip() == "q":
            try:
                weight = float(value)
            except ValueError:
                return 0.0
            return weight if 0 <= weight <= 1 else 0.0
    return 1.0
