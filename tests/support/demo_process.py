"""The real server in a process of its own: ``video-visit demo --json``, which a test can kill and start again."""

from __future__ import annotations

import asyncio
import json
import signal
import socket
import sys
from contextlib import closing
from pathlib import Path
from typing import Any

START_S = 30


def free_port(kind: socket.SocketKind = socket.SOCK_STREAM) -> int:
    """Return a port that nobody holds right now."""
    with closing(socket.socket(socket.AF_INET, kind)) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class DemoProcess:
    """One demo server on its own ports and data folder; restarting it keeps all three."""

    def __init__(self, data: Path, *, environment: dict[str, str] | None = None) -> None:
        self.data = data
        self.port = free_port()
        self.media_port = free_port(socket.SOCK_DGRAM)
        self.summary: dict[str, Any] = {}
        self.log = data.parent / f"{data.name}.log"
        self._environment = environment
        self._process: asyncio.subprocess.Process | None = None

    @property
    def base_url(self) -> str:
        return str(self.summary["base_url"])

    @property
    def pid(self) -> int | None:
        """The process that serves, once it was started."""
        return self._process.pid if self._process is not None else None

    def link(self, state: str = "open", number: int = 0) -> str:
        """The link of a sample appointment. Of the open ones 0 is the quickest, 1 has check-in, 2 no provider."""
        return [str(one["url"]) for one in self.summary["appointments"] if one["state"] == state][number]

    def staff(self, role: str = "provider") -> tuple[str, str]:
        """User name and password of a sample member of staff."""
        found = next(one for one in self.summary["staff"] if one["role"] == role)
        return found["username"], found["password"]

    async def start(self) -> None:
        """Start and wait for the line that says it serves."""
        command = [
            *(sys.executable, "-m", "signaling", "demo", "--json"),
            *("--port", str(self.port), "--media-port", str(self.media_port), "--data", str(self.data)),
        ]
        with self.log.open("ab") as log:
            self._process = await asyncio.create_subprocess_exec(
                *command, stdout=asyncio.subprocess.PIPE, stderr=log, env=self._environment
            )
        assert self._process.stdout is not None
        try:
            line = await asyncio.wait_for(self._process.stdout.readline(), START_S)
        except TimeoutError:
            await self.kill()
            raise
        assert line, self.log.read_text()
        self.summary = json.loads(line)

    async def kill(self) -> None:
        """End it as a crash would: kill -9."""
        await self._end(signal.SIGKILL)

    async def crash(self) -> int:
        """End it as a fault in native code would. Returns the exit status."""
        return await self._end(signal.SIGSEGV)

    async def stop(self) -> int:
        """End it as an operator would: SIGTERM. Returns the exit status."""
        return await self._end(signal.SIGTERM)

    async def _end(self, number: signal.Signals) -> int:
        assert self._process is not None
        if self._process.returncode is None:
            self._process.send_signal(number)
        try:
            return await asyncio.wait_for(self._process.wait(), 15)
        finally:
            # Closed here and not by the collector: an unclosed transport is a warning, and warnings are errors.
            self._process._transport.close()  # type: ignore[attr-defined]  # asyncio offers no other way
