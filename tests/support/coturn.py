"""A real coturn on this machine, from Debian's package."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from tests.support.demo_process import free_port

__all__ = ["SECRET", "coturn"]

SECRET = "shared with coturn"
START_S = 15


@asynccontextmanager
async def coturn(folder: Path, *more: str) -> AsyncIterator[int]:
    """Run it with credentials of `SECRET`, for peers on this machine; gives its port, which takes UDP and TCP."""
    port = free_port()
    process = await asyncio.create_subprocess_exec(
        *("turnserver", "-n", "--listening-ip=127.0.0.1", "--relay-ip=127.0.0.1", f"--listening-port={port}"),
        *("--use-auth-secret", f"--static-auth-secret={SECRET}", "--realm=video-visit", "--no-tls", "--no-dtls"),
        *("--no-cli", "--min-port=50000", "--max-port=50100", f"--log-file={folder / 'turn.log'}", "--simple-log"),
        *(f"--userdb={folder / 'turndb'}", f"--pidfile={folder / 'turn.pid'}", *more),
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.DEVNULL,
    )
    try:
        async with asyncio.timeout(START_S):
            while not await _listens(port):
                await asyncio.sleep(0.1)
        yield port
    finally:
        process.terminate()
        await process.wait()
        process._transport.close()  # type: ignore[attr-defined]  # asyncio offers no other way


async def _listens(port: int) -> bool:
    try:
        _, writer = await asyncio.open_connection("127.0.0.1", port)
    except OSError:
        return False
    writer.close()
    await writer.wait_closed()
    return True
