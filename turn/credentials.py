"""Ephemeral TURN credentials, as coturn's ``use-auth-secret`` and draft-uberti-behave-turn-rest-00 have them."""

from __future__ import annotations

import base64
import hashlib
import hmac
from dataclasses import dataclass, field

__all__ = ["TurnCredential", "mint_credential"]


@dataclass(frozen=True, slots=True)
class TurnCredential:
    """A user name that carries its own expiry (``epoch seconds:participant``), and its password."""

    username: str
    password: str = field(repr=False)


def mint_credential(secret: str, participant_id: str, *, expires_at_s: int) -> TurnCredential:
    """Return a credential that the TURN server takes until ``expires_at_s`` (seconds since the epoch, UTC)."""
    username = f"{expires_at_s}:{participant_id}"
    digest = hmac.new(secret.encode(), username.encode(), hashlib.sha1).digest()
    return TurnCredential(username, base64.b64encode(digest).decode())
