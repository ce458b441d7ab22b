"""A create that is sent again makes nothing again: the first answer is kept, and given once more.

That answer carries the patient's link, of which the server must not keep the code. So it is sealed with keys that are derived
from the caller's Idempotency-Key (HKDF, RFC 5869; AES-256-GCM): a copy of the store opens none, and the request is kept as a
keyed hash, because a plain one of names and birth dates could be guessed.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
from base64 import b64decode, b64encode
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from signaling.errors import RequestRefused
from waiting_room.errors import StoreFailed

__all__ = ["HEADER", "OnceKey"]

HEADER: Final = "Idempotency-Key"
_KEY: Final = re.compile(r"[!-~]{16,128}")
_KEY_BYTES: Final = 32
_NONCE_BYTES: Final = 12


class OnceKey:
    """One Idempotency-Key of one caller: two callers may use the same one without meeting.

    Raises `RequestRefused` ``bad_request`` unless the key is 16 to 128 printable ASCII characters without spaces.
    """

    def __init__(self, caller_id: str, key: str) -> None:
        if not _KEY.fullmatch(key):
            reason = "must be 16 to 128 printable ASCII characters without spaces, such as a UUID"
            raise RequestRefused("bad_request", field=HEADER, reason=reason)
        self.hash = hashlib.sha256(f"{caller_id}\0{key}".encode()).hexdigest()
        derive = HKDF(SHA256(), length=2 * _KEY_BYTES, salt=None, info=f"video-visit once {caller_id}".encode())
        keys = derive.derive(key.encode())
        self._cipher = AESGCM(keys[:_KEY_BYTES])
        self._request_key = keys[_KEY_BYTES:]

    def request_hash(self, request: str) -> str:
        """Return what tells this request from another one under the same key."""
        return hmac.new(self._request_key, request.encode(), hashlib.sha256).hexdigest()

    def seal(self, answer: str) -> str:
        """Return the answer as it may be kept."""
        nonce = secrets.token_bytes(_NONCE_BYTES)
        return b64encode(nonce + self._cipher.encrypt(nonce, answer.encode(), self.hash.encode())).decode()

    def open(self, sealed: str) -> str:
        """Return a kept answer. Raises `StoreFailed` where it was changed."""
        try:
            kept = b64decode(sealed, validate=True)
            opened = self._cipher.decrypt(kept[:_NONCE_BYTES], kept[_NONCE_BYTES:], self.hash.encode())
        except (InvalidTag, ValueError) as error:
            raise StoreFailed(reason="a kept answer cannot be opened") from error
        return opened.decode()
