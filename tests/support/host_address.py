"""An address of this computer that is not its loopback: Firefox ignores that as a candidate, and Chromium over IPv6."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

import pytest

from signaling.demo import lan_address

# Of the blocks for documentation (RFC 5737, RFC 3849); in the first the demo looks for its own address.
_ADDRESS: Final = "192.0.2.10"
_ADDRESS_IPV6: Final = "2001:db8::10"
_PROBED_IPV6: Final = "2001:db8::1"


@contextmanager
def host_address() -> Iterator[None]:
    """See to it that the demo finds such an address: the host's own, else that of a veth pair made for as long as this lasts."""
    if lan_address() is not None:
        yield
        return
    # Firefox takes no interface for its candidates but that of the default route.
    with _veth_pair("visit-test", f"{_ADDRESS}/24", "route add default dev visit-test"):
        yield


@contextmanager
def host_address_ipv6() -> Iterator[str]:
    """Find such an IPv6 address: the host's own, else that of a veth pair made for as long as this lasts."""
    own = _own_ipv6()
    if own is not None:
        yield own
        return
    with _veth_pair("visit-ipv6", f"{_ADDRESS_IPV6}/64"):
        yield _ADDRESS_IPV6


def _own_ipv6() -> str | None:
    with socket.socket(socket.AF_INET6, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect((_PROBED_IPV6, 9))
        except OSError:
            return None
        return str(probe.getsockname()[0])


@contextmanager
def _veth_pair(name: str, address: str, *further: str) -> Iterator[None]:
    ip = shutil.which("ip")
    if ip is None or os.geteuid() != 0:
        pytest.skip(
            "browsers need an address other than the loopback: connect this computer, or run as root with iproute2"
        )
    # Nobody else is on this link, so an IPv6 address need not be held against others first.
    how = " nodad" if ":" in address else ""
    try:
        for command in (
            f"link add {name} type veth peer name {name}-peer",
            f"address add {address} dev {name}{how}",
            f"link set {name} up",
            f"link set {name}-peer up",
            *further,
        ):
            subprocess.run([ip, *command.split()], check=True)
        yield
    finally:
        subprocess.run([ip, "link", "delete", name], check=False)
