"""The C forwarder (`c_forwarder.c`) in a process of its own: Python builds it, gives it its keys and does nothing more."""

import contextlib
import multiprocessing
import secrets
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import pylibsrtp
from aiortc.rtcdtlstransport import SRTP_PROFILES, SRTPProtectionProfile
from cffi import FFI

from loadtests.datagrams import SOCKET_BUFFER, open_socket

SOURCE = Path(__file__).with_name("c_forwarder.c")
COMPILER = "cc"
SRTP_WINDOW = 1024

_DECLARATIONS = """
    struct in_addr { uint32_t s_addr; };
    struct sockaddr_in { uint16_t sin_family; uint16_t sin_port; struct in_addr sin_addr; char sin_zero[8]; };
    struct leg { uint16_t port; void *received; void *sent; struct sockaddr_in to; };
    void forward(int fd, struct leg *legs, int count, void *unprotect, void *protect);
"""


class NoCompiler(Exception):
    """The forwarder cannot be built here; the text says why."""


@contextlib.contextmanager
def built() -> Iterator[Path]:
    """Compile it into a temporary folder; give the shared library's path. Raises `NoCompiler`."""
    compiler = shutil.which(COMPILER)
    if compiler is None:
        raise NoCompiler(f"no `{COMPILER}`: Debian's packages `gcc` and `libc6-dev`")
    with tempfile.TemporaryDirectory() as folder:
        library = Path(folder) / "forwarder.so"
        command = [compiler, "-O2", "-shared", "-fPIC", "-Wall", "-Wextra", "-o", str(library), str(SOURCE)]
        done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 - our own source
        if done.returncode:
            raise NoCompiler(done.stderr[-500:])
        yield library


@dataclass(frozen=True)
class Keys:
    """One direction's SRTP keys: master key and salt."""

    profile: SRTPProtectionProfile
    secret: bytes = field(repr=False)

    @classmethod
    def fresh(cls, cipher: str) -> "Keys":
        """Make random ones for an SRTP profile by its name in DTLS."""
        profile = next(each for each in SRTP_PROFILES if each.openssl_profile.decode() == cipher)
        return cls(profile, secrets.token_bytes(profile.key_length + profile.salt_length))

    def session(self, ssrc_type: int) -> pylibsrtp.Session:
        """Make one end."""
        policy = pylibsrtp.Policy(key=self.secret, ssrc_type=ssrc_type, srtp_profile=self.profile.libsrtp_profile)
        policy.window_size = SRTP_WINDOW
        return pylibsrtp.Session(policy)


class KeyedPerson:
    """Someone whose keys are known to the forwarder beforehand."""

    def __init__(self, host: str, cipher: str, ssrc: int) -> None:
        self.socket = open_socket(host)
        self.ssrc = ssrc
        self.sent, self.received = Keys.fresh(cipher), Keys.fresh(cipher)
        self.protect = self.sent.session(pylibsrtp.Policy.SSRC_ANY_OUTBOUND).protect


@dataclass(frozen=True)
class Leg:
    """What the forwarder knows of one person: where from, where to, and the keys of both ways."""

    port: int
    to: tuple[str, int]
    received: Keys
    sent: Keys


def legs_of(pairs: Sequence[tuple[KeyedPerson, KeyedPerson]]) -> list[Leg]:
    """Connect each pair with each other."""
    return [
        Leg(person.socket.getsockname()[1], other.socket.getsockname(), person.sent, other.received)
        for pair in pairs
        for person, other in (pair, pair[::-1])
    ]


def _run(pipe: Connection, library: str, host: str, legs: Sequence[Leg]) -> None:
    server = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    for option in (socket.SO_RCVBUF, socket.SO_SNDBUF):
        server.setsockopt(socket.SOL_SOCKET, option, SOCKET_BUFFER)
    server.bind((host, 0))
    ffi = FFI()
    ffi.cdef(_DECLARATIONS)
    forwarder: Any = ffi.dlopen(library)
    table = ffi.new("struct leg[]", len(legs))
    alive = []
    for leg, row in zip(legs, table, strict=True):
        received = leg.received.session(pylibsrtp.Policy.SSRC_ANY_INBOUND)
        sent = leg.sent.session(pylibsrtp.Policy.SSRC_ANY_OUTBOUND)
        alive.append((received, sent))
        row.port = leg.port
        row.received, row.sent = (_pointer(ffi, session._srtp[0]) for session in (received, sent))  # noqa: SLF001
        row.to.sin_family, row.to.sin_port = socket.AF_INET, socket.htons(leg.to[1])
        row.to.sin_addr.s_addr = int.from_bytes(socket.inet_aton(leg.to[0]), "little")
    pipe.send(server.getsockname()[1])
    binding = pylibsrtp._binding  # noqa: SLF001 - the functions themselves, which it wraps
    unprotect, protect = (
        _pointer(ffi, binding.ffi.addressof(binding.lib, name)) for name in ("srtp_unprotect", "srtp_protect")
    )
    forwarder.forward(server.fileno(), table, len(legs), unprotect, protect)


def _pointer(ffi: FFI, pointer: Any) -> Any:
    """Take over a pointer of pylibsrtp's own cffi instance."""
    return ffi.cast("void *", int(pylibsrtp._binding.ffi.cast("uintptr_t", pointer)))  # noqa: SLF001 - as above


@contextlib.contextmanager
def running_forwarder(library: Path, host: str, legs: Sequence[Leg]) -> Iterator[tuple[int, int]]:
    """Start it on this address; give its process id and port; end it afterwards."""
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=_run, args=(theirs, str(library), host, legs))
    process.start()
    theirs.close()
    assert process.pid is not None  # noqa: S101 - it was started
    try:
        yield process.pid, ours.recv()
    finally:
        process.terminate()
        process.join(10)
