"""An address of this machine that is not a loopback one: some peers gather no candidate on `lo`."""

import contextlib
import fcntl
import os
import shutil
import socket
import struct
import subprocess
from collections.abc import Iterator

_SIOCGIFADDR = 0x8915
# RFC 2544's network for benchmarks between devices: nobody's own.
_MADE_ADDRESS, _MADE_LINK = "198.18.0.1", "relaybench"


class NoAddress(Exception):
    """There is no such address, and none can be made."""


@contextlib.contextmanager
def own_address() -> Iterator[str]:
    """Give an IPv4 address of an interface; with root's rights, of one made for the length of the block. Raises `NoAddress`."""
    found = next(filter(None, map(_address_of, (name for _, name in socket.if_nameindex() if name != "lo"))), None)
    if found is not None:
        yield found
        return
    if os.geteuid() or shutil.which("ip") is None:
        raise NoAddress("no interface but loopback has an address, and only root with iproute2 could make one")
    try:
        _ip("link", "add", _MADE_LINK, "type", "veth", "peer", "name", f"{_MADE_LINK}-")
        _ip("address", "add", f"{_MADE_ADDRESS}/32", "dev", _MADE_LINK)
        for name in (_MADE_LINK, f"{_MADE_LINK}-"):
            _ip("link", "set", name, "up")
        yield _MADE_ADDRESS
    except subprocess.CalledProcessError as error:
        raise NoAddress("no interface but loopback has an address, and none could be made") from error
    finally:
        with contextlib.suppress(subprocess.CalledProcessError):
            _ip("link", "delete", _MADE_LINK)


def _address_of(name: str) -> str | None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asked, contextlib.suppress(OSError):
        answer = fcntl.ioctl(asked, _SIOCGIFADDR, struct.pack("256s", name.encode()))
        return socket.inet_ntoa(answer[20:24])
    return None


def _ip(*arguments: str) -> None:
    subprocess.run(["ip", *arguments], check=True, capture_output=True)  # noqa: S603, S607 - Debian's iproute2
