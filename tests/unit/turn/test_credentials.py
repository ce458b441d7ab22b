from __future__ import annotations

import base64
import hashlib
import hmac

from turn.credentials import mint_credential


def test_a_credential_is_what_coturn_computes_for_itself() -> None:
    made = mint_credential("secret", "participant", expires_at_s=1_800_000_000)
    assert made.username == "1800000000:participant"
    assert made.password == base64.b64encode(hmac.digest(b"secret", made.username.encode(), hashlib.sha1)).decode()
    assert made.password not in repr(made)
