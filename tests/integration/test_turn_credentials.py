"""The credentials that pages get are taken by a real coturn, and only while they are in date (S45, its first part)."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from aioice import stun, turn

from tests.support.coturn import SECRET, coturn
from turn.credentials import mint_credential


@pytest.fixture
async def port(tmp_path: Path) -> AsyncIterator[int]:
    async with coturn(tmp_path) as port:
        yield port


async def allocate(port: int, username: str, password: str) -> None:
    transport, _ = await turn.create_turn_endpoint(
        asyncio.DatagramProtocol, ("127.0.0.1", port), username, password, lifetime=60
    )
    transport.close()
    await asyncio.sleep(0.1)


async def test_coturn_takes_a_credential_in_date(port: int) -> None:
    made = mint_credential(SECRET, "participant", expires_at_s=int(time.time()) + 60)
    async with asyncio.timeout(10):
        await allocate(port, made.username, made.password)


@pytest.mark.parametrize(("secret", "lives_s"), [(SECRET, -60), ("another secret", 60)])
async def test_s45_an_expired_or_forged_credential_is_refused(port: int, secret: str, lives_s: int) -> None:
    made = mint_credential(secret, "participant", expires_at_s=int(time.time()) + lives_s)
    with pytest.raises(stun.TransactionFailed):
        async with asyncio.timeout(10):
            await allocate(port, made.username, made.password)
