"""A Janus of our own, from Debian's package, with a configuration in a temporary folder; its EchoTest gives back what it gets."""

import asyncio
import contextlib
import re
import secrets
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import aiohttp

STARTS_WITHIN_S = 15
ANSWERS_WITHIN_S = 10

# Beyond what makes it run here, everything is as Janus has it by default: full ICE, one thread for each peer connection.
_CONFIG = """\
general: {{
  configs_folder = "{folder}"
  debug_level = 2
  session_timeout = 0
}}
nat: {{
  ice_enforce_list = "{host}"
}}
plugins: {{
  disable = "{plugins}"
}}
transports: {{
  disable = "{transports}"
}}
"""
_HTTP_CONFIG = """\
general: {{
  base_path = "/janus"
  http = true
  ip = "127.0.0.1"
  port = {port}
}}
admin: {{
  admin_http = false
}}
"""


class JanusFailed(Exception):
    """Janus did not do what was asked."""


def installed_version() -> str | None:
    """Return Janus's version, or None where it is not installed."""
    path = shutil.which("janus")
    if path is None:
        return None
    said = subprocess.run([path, "--version"], capture_output=True, text=True, check=False)  # noqa: S603 - found above
    version = re.search(r"\((\d+\.[\d.]+)\)", said.stdout)
    return version[1] if version else "unknown"


class Janus:
    """A running Janus. Made by `running_janus`."""

    def __init__(self, pid: int, host: str, url: str) -> None:
        self.pid = pid
        self.host = host
        self._url = url

    async def echo(self, http: aiohttp.ClientSession, offer: str) -> str:
        """Let EchoTest answer an offer. Raises `JanusFailed`."""
        created = await self._ask(http, "", {"janus": "create"})
        session = f"/{created['data']['id']}"
        attached = await self._ask(http, session, {"janus": "attach", "plugin": "janus.plugin.echotest"})
        message = {
            "janus": "message",
            "body": {"audio": True, "video": True},
            "jsep": {"type": "offer", "sdp": offer, "trickle": False},
        }
        await self._ask(http, f"{session}/{attached['data']['id']}", message)
        async with asyncio.timeout(ANSWERS_WITHIN_S):
            while True:
                async with http.get(f"{self._url}{session}") as response:
                    event = await response.json()
                if "jsep" in event:
                    return str(event["jsep"]["sdp"])

    async def _ask(self, http: aiohttp.ClientSession, path: str, request: dict[str, Any]) -> dict[str, Any]:
        async with http.post(f"{self._url}{path}", json=request | {"transaction": secrets.token_hex(6)}) as response:
            answer: dict[str, Any] = await response.json()
        if answer["janus"] == "error":
            raise JanusFailed(str(answer["error"]))
        return answer


@contextlib.contextmanager
def running_janus(host: str) -> Iterator[Janus]:
    """Start one that gathers candidates on this address, and stop it afterwards. Raises `JanusFailed`."""
    with tempfile.TemporaryDirectory() as name, socket.socket() as probe:
        folder = Path(name)
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
        probe.close()
        _configure(folder, host, port)
        log = folder / "log"
        with log.open("wb") as output:
            command = ["janus", "--configs-folder", name, "--config", str(folder / "janus.jcfg")]
            process = subprocess.Popen(command, stdout=output, stderr=output)  # noqa: S603 - Debian's own
        try:
            _wait_until_up(process, port, log)
            yield Janus(process.pid, host, f"http://127.0.0.1:{port}/janus")
        finally:
            process.terminate()
            try:
                process.wait(5)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def _configure(folder: Path, host: str, port: int) -> None:
    library = next(Path("/usr/lib").glob("*/janus"), Path("/usr/lib/janus"))
    unused = {
        kind: ",".join(
            sorted(file.name for file in (library / kind).glob("*.so") if file.name != f"libjanus_{kept}.so")
        )
        for kind, kept in (("plugins", "echotest"), ("transports", "http"))
    }
    (folder / "janus.jcfg").write_text(_CONFIG.format(folder=folder, host=host, **unused))
    (folder / "janus.transport.http.jcfg").write_text(_HTTP_CONFIG.format(port=port))


def _wait_until_up(process: subprocess.Popen[bytes], port: int, log: Path) -> None:
    until = time.monotonic() + STARTS_WITHIN_S
    while time.monotonic() < until and process.poll() is None:
        with contextlib.suppress(ConnectionRefusedError), socket.create_connection(("127.0.0.1", port), timeout=1):
            return
        time.sleep(0.1)
    raise JanusFailed(log.read_text(errors="replace")[-2000:])
