"""The TURN servers that a page is told of, with credentials that end."""

from __future__ import annotations

from datetime import datetime

from signaling.messages import IceServer
from signaling.settings import Turn
from turn.credentials import mint_credential

__all__ = ["ice_servers"]


def ice_servers(turn: Turn, holder: str, *, until: datetime) -> list[IceServer]:
    """Return them with a credential of ``holder``'s that the TURN server takes until then; none where none are configured."""
    if turn.secret is None:
        return []
    credential = mint_credential(turn.secret.get_secret_value(), holder, expires_at_s=int(until.timestamp()))
    return [IceServer(urls=turn.urls, username=credential.username, credential=credential.password)]
