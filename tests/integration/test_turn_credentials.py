"""The credentials that pages get are taken by a real coturn, and only while they are in date (S45, its first part)."""

from __future__ import annotations

import asyncio
import socket
import time
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from aioice import stun, turn

from tests.support.demo_process import free_port
from turn.credentials import mint_credential

SECRET = "shared with coturn"


@pytest.fixture
async def coturn(tmp_path: Path) -> AsyncIterator[int]:
    port = free_port(socket.SOCK_DGRAM)
    process = await asyncio.create_subprocess_exec(
        *("turnserver", "-n", "--listening-ip=127.0.0.1", "--relay-ip=127.0.0.1", f"--listening-port={port}"),
        *(
            "--use-auth-secret",
            f"--static-auth-secret={SECRET}",
            "--realm=video-visit",
            "--no-tls",
            "--no-dtls",
            "--no-cli",
        ),
        *("--min-port=50000", "--max-port=50100", f"--log-file={tmp_path / 'turn.log'}", "--simple-log", "--no-tcp"),
        *(f"--userdb={tmp_path / 'turndb'}", f"--pidfile={tmp_path / 'turn.pid'}"),
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.DEVNULL,
    )
    await asyncio.sleep(1)
    yield port
    process.terminate()
    await process.wait()
    process._transport.close()  # type: ignore[attr-defined]  # asyncio offers no other way


async def allocate(port: int, username: str, password: str) -> None:
    transport, _ = await turn.create_turn_endpoint(
        asyncio.DatagramProtocol, ("127.0.0.1", port), username, password, lifetime=60
    )
    transport.close()
    await asyncio.sleep(0.1)


async def test_coturn_takes_a_credential_in_date(coturn: int) -> None:
    made = mint_credential(SECRET, "participant", expires_at_s=int(time.time()) + 60)
    async with asyncio.timeout(10):
        await allocate(coturn, made.username, made.password)


@pytest.mark.parametrize(("secret", "lives_s"), [(SECRET, -60), ("another secret", 60)])
async def test_s45_an_expired_or_forged_credential_is_refused(coturn: int, secret: str, lives_s: int) -> None:
    made = mint_credential(secret, "participant", expires_at_s=int(time.time()) + lives_s)
    with pytest.raises(stun.TransactionFailed):
        async with asyncio.timeout(10):
            await allocate(coturn, made.username, made.password)
