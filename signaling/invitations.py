"""Invitation codes: 128 random bits, opaque, of which only the hash is kept."""

from __future__ import annotations

import hashlib
import re
import secrets
from typing import Final

__all__ = ["hash_code", "invitation_url", "mint_code", "well_formed"]

CODE_BYTES: Final = 16
_CODE: Final = re.compile(r"[A-Za-z0-9_-]{22}")


def mint_code() -> str:
    """Return a new code: 22 characters of base64url."""
    return secrets.token_urlsafe(CODE_BYTES)


def hash_code(code: str) -> str:
    """Return what the store keeps. One round of SHA-256 is enough for 128 random bits."""
    return hashlib.sha256(code.encode()).hexdigest()


def well_formed(code: str) -> bool:
    """Whether this could be a code at all."""
    return _CODE.fullmatch(code) is not None


def invitation_url(base_url: str, code: str) -> str:
    """Return the link to send. The code travels in the fragment, so it reaches no log and no Referer."""
    return f"{base_url}/v#{code}"
