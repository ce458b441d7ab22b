"""A server in a process of its own, run as an operator runs it: by its settings file and its command line."""

import contextlib
import csv
import os
import resource
import secrets
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from loadtests.process_usage import cpu_s, resident_mb

STARTS_WITHIN_S = 30
STOPS_WITHIN_S = 20
WINDOW = timedelta(minutes=25)
COMMAND_LINE = (sys.executable, "-m", "signaling")

_SETTINGS = """\
host = "127.0.0.1"
port = {port}
base_url = "http://127.0.0.1:{port}"
media_host = "127.0.0.1"
media_port = 0
data_dir = "{folder}/data"
log_level = "warning"

[clinics.main]
time_zone = "America/New_York"
"""

# One interpreter for all accounts: starting one for each would take longer than the benchmark.
_ADD_STAFF = """\
import sys
from signaling.cli import main
config, *usernames = sys.argv[1:]
for number, username in enumerate(usernames):
    add = ["staff", "add", username, "--name", f"Sample Nurse {number}", "--role", "nurse"]
    main([*add, "--password-stdin", "--config", config], standalone_mode=False)
"""


class ServerFailed(Exception):
    """The server, or one of its commands, did not do what was asked; the text is what it said."""


@dataclass(frozen=True)
class Credentials:
    """What a member of staff signs in with."""

    username: str
    password: str = field(repr=False)


def raise_file_limit() -> None:
    """Let this process, and those it starts, open as many sockets as the system allows."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))


class Clinic:
    """A clinic's settings and data in ``folder``, before and while it is served at ``url``."""

    def __init__(self, folder: Path) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        self.url = f"http://127.0.0.1:{port}"
        self._folder = folder
        self._config = folder / "video-visit.toml"
        self._config.write_text(_SETTINGS.format(port=port, folder=folder))

    def add_nurses(self, count: int) -> list[Credentials]:
        """Make this many accounts."""
        # One password for all: only the hashing of each sign-in costs, and it costs the same.
        password = secrets.token_urlsafe(16)
        usernames = [f"nurse.{number}" for number in range(count)]
        add = [sys.executable, "-c", _ADD_STAFF, str(self._config), *usernames]
        self._run(add, typed=f"{password}\n" * count)
        return [Credentials(username, password) for username in usernames]

    def book(self, count: int) -> list[str]:
        """Book this many appointments of the shared queue whose waiting room is open, and return the links' codes."""
        file, links = self._folder / "day.csv", self._folder / "links.csv"
        now = datetime.now(UTC).replace(second=0, microsecond=0)
        with file.open("w", newline="") as rows:
            table = csv.writer(rows)
            table.writerow(["start", "patient_name", "birth_date", "language", "phone", "reason", "external_id"])
            for number in range(count):
                start = (now + WINDOW * (number / count)).isoformat(timespec="minutes")
                facts = ("1961-04-30", "en", "555-0142", "Follow-up after surgery, left knee", f"portal-{number}")
                table.writerow([start, f"Sample Patient {number}", *facts])
        import_file = ["appointment", "import", str(file), "--links", str(links), "--config", str(self._config)]
        self._run([*COMMAND_LINE, *import_file])
        with links.open(newline="") as rows:
            return [row["link"].partition("#")[2] for row in csv.DictReader(rows)]

    @contextlib.contextmanager
    def served(self) -> Iterator["ServerProcess"]:
        """Serve it for the length of the block. Raises `ServerFailed`."""
        log = self._folder / "server.log"
        with log.open("wb") as output:
            command = [*COMMAND_LINE, "serve", "--config", str(self._config)]
            process = subprocess.Popen(command, stdout=output, stderr=output, env=_environment())  # noqa: S603
        try:
            self._wait_until_up(process, log)
            yield ServerProcess(process.pid, log)
        finally:
            process.send_signal(signal.SIGTERM)
            try:
                process.wait(STOPS_WITHIN_S)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()

    def _wait_until_up(self, process: subprocess.Popen[bytes], log: Path) -> None:
        address = ("127.0.0.1", int(self.url.rpartition(":")[2]))
        until = time.monotonic() + STARTS_WITHIN_S
        while time.monotonic() < until and process.poll() is None:
            with contextlib.suppress(ConnectionRefusedError), socket.create_connection(address, timeout=1):
                return
            time.sleep(0.1)
        raise ServerFailed(log.read_text(errors="replace")[-2000:])

    def _run(self, command: Sequence[str], *, typed: str = "") -> None:
        done = subprocess.run(  # noqa: S603 - our own command line
            command, input=typed, text=True, capture_output=True, check=False, env=_environment()
        )
        if done.returncode:
            raise ServerFailed((done.stdout + done.stderr)[-2000:])


def _environment() -> dict[str, str]:
    """Return our environment without settings of a server that are meant for another one."""
    return {name: value for name, value in os.environ.items() if not name.startswith("VIDEO_VISIT_")}


class ServerProcess:
    """The running server, seen from outside: what the kernel counts for it, and what it logs."""

    def __init__(self, pid: int, log: Path) -> None:
        self._pid = pid
        self._log = log

    def cpu_s(self) -> float:
        """Return the CPU seconds that it has used, user and system, all threads."""
        return cpu_s(self._pid)

    def resident_mb(self) -> float:
        """Return its resident memory in MB of 10^6 bytes."""
        return resident_mb(self._pid)

    def complaints(self) -> int:
        """Return how many lines it has logged: at this level only what went wrong."""
        return len(self._log.read_bytes().splitlines())


@dataclass
class Shares:
    """What part of a core the server and this process used over a stretch of time."""

    server: float = 0.0
    client: float = 0.0
    wall_s: float = 0.0


@contextlib.contextmanager
def shares_of(server: ServerProcess) -> Iterator[Shares]:
    """Measure over the body."""
    shares = Shares()
    begun, server_began, client_began = time.perf_counter(), server.cpu_s(), time.process_time()
    yield shares
    shares.wall_s = time.perf_counter() - begun
    shares.server = (server.cpu_s() - server_began) / shares.wall_s
    shares.client = (time.process_time() - client_began) / shares.wall_s
