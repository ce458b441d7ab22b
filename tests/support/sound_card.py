"""A sound card that plays into nothing. Firefox's AudioContext stands still on a computer without one."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

START_S = 20


@asynccontextmanager
async def sound_card(folder: Path) -> AsyncIterator[dict[str, str]]:
    """Run PulseAudio with a null sink; the environment in which a program finds it."""
    socket = folder / "sound.socket"
    server = await asyncio.create_subprocess_exec(
        *("pulseaudio", "-n", "--daemonize=no", "--use-pid-file=no", "--exit-idle-time=-1", "--disable-shm"),
        *("-L", "module-null-sink", "-L", f"module-native-protocol-unix auth-anonymous=1 socket={socket}"),
        env={**os.environ, "HOME": str(folder), "XDG_RUNTIME_DIR": str(folder)},
        # It complains of much that a real desktop has.
        stderr=asyncio.subprocess.DEVNULL,
    )
    try:
        async with asyncio.timeout(START_S):
            while not socket.exists():
                assert server.returncode is None, "PulseAudio does not start"
                await asyncio.sleep(0.05)
        yield {"PULSE_SERVER": f"unix:{socket}"}
    finally:
        if server.returncode is None:
            server.kill()
        await server.wait()
