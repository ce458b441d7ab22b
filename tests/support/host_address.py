"""An address of this computer that is not its loopback, which Firefox ignores as a candidate."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

import pytest

from signaling.demo import lan_address

# Of the block for documentation (RFC 5737), in which the demo looks for its own address.
_ADDRESS: Final = "192.0.2.10/24"
_LINK: Final = "visit-test"


@contextmanager
def host_address() -> Iterator[None]:
    """See to it that the demo finds such an address: the host's own, else that of a veth pair made for as long as this lasts."""
    if lan_address() is not None:
        yield
        return
    ip = shutil.which("ip")
    if ip is None or os.geteuid() != 0:
        pytest.skip(
            "Firefox needs an address other than the loopback: connect this computer, or run as root with iproute2"
        )
    try:
        for command in (
            f"link add {_LINK} type veth peer name {_LINK}-peer",
            f"address add {_ADDRESS} dev {_LINK}",
            f"link set {_LINK} up",
            f"link set {_LINK}-peer up",
            # Firefox takes no interface for its candidates but that of the default route.
            f"route add default dev {_LINK}",
        ):
            subprocess.run([ip, *command.split()], check=True)
        yield
    finally:
        subprocess.run([ip, "link", "delete", _LINK], check=False)
