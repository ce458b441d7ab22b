"""ICE-lite, the controlled side (RFC 8445 §2.5): connectivity checks are read and answered, none are sent.

Nothing here touches a socket. A check is looked up by its user name before it is parsed or any HMAC is computed, and
only one with a valid MESSAGE-INTEGRITY is ever answered; so strangers learn nothing and cost little.
"""

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field
from ipaddress import IPv6Address, ip_address
from typing import Any

from aioice import stun

from media.udp_port import Address

MAX_ADDRESSES = 16
# How long a peer may take to see the offer of an ICE restart, and how many restarts it may make meanwhile.
FORMER_CREDENTIALS_S = 3.0
MAX_FORMER = 4
# A check of a browser has about 100 bytes and 8 attributes; 576 is what RFC 8489 §6.1 lets any path carry.
MAX_CHECK = 576
MAX_ATTRIBUTES = 24

_HEADER = struct.Struct("!HHI")
_ATTRIBUTE = struct.Struct("!HH")
_HEADER_BYTES = 20
_BINDING_REQUEST = 0x0001
_USERNAME = 0x0006

# What aioice's parser raises on hostile bytes, UnicodeDecodeError being a ValueError.
_PARSE_ERRORS = (ValueError, KeyError, IndexError, AssertionError, struct.error)


@dataclass(frozen=True, slots=True)
class IceCredentials:
    """Our half of the ICE credentials; the peer's half is not needed by a side that sends no checks."""

    ufrag: str
    password: str = field(repr=False)


class KnownCredentials:
    """The credentials under which one peer reaches us: the current ones and, after a restart, the former for a while.

    The peer goes on with what it had until it has seen the new offer, so that both count in between (RFC 8445 §9).
    """

    __slots__ = ("_former", "current")

    def __init__(self, current: IceCredentials) -> None:
        self.current = current
        self._former: dict[str, tuple[IceCredentials, float]] = {}

    def __iter__(self) -> Iterator[str]:
        yield self.current.ufrag
        yield from self._former

    def renew(self, fresh: IceCredentials, now: float) -> list[str]:
        """Make `fresh` the current ones; return the user names that count no more."""
        self._former[self.current.ufrag] = self.current, now + FORMER_CREDENTIALS_S
        self.current = fresh
        before = self._former
        counting = [(ufrag, former) for ufrag, former in before.items() if former[1] > now]
        self._former = dict(counting[-MAX_FORMER:])
        return [ufrag for ufrag in before if ufrag not in self._former]

    def find(self, ufrag: str, now: float) -> IceCredentials | None:
        """The credentials of this user name, if they count now."""
        if ufrag == self.current.ufrag:
            return self.current
        former, until = self._former.get(ufrag, (None, now))
        return former if now < until else None


class Check:
    """A binding request that a full ICE agent sent us."""

    __slots__ = ("_message", "ufrag")

    def __init__(self, message: stun.Message, ufrag: str) -> None:
        self._message = message
        self.ufrag = ufrag

    @property
    def nominates(self) -> bool:
        """Whether the peer chose the pair that this check runs on."""
        return "USE-CANDIDATE" in self._message.attributes

    @property
    def conflicts(self) -> bool:
        """Whether the peer believes itself controlled, which is our part (RFC 8445 §7.3.1.1)."""
        return "ICE-CONTROLLED" in self._message.attributes

    def is_authentic(self, credentials: IceCredentials) -> bool:
        """Whether MESSAGE-INTEGRITY is present and ours."""
        return self._message.check_message_integrity(credentials.password.encode())

    def success(self, credentials: IceCredentials, seen: tuple[str, int]) -> bytes:
        """Make the answer that validates the address from which the check was `seen` to come."""
        return self._response(stun.Class.RESPONSE, {"XOR-MAPPED-ADDRESS": _unmapped(seen)}, credentials)

    def role_conflict(self, credentials: IceCredentials) -> bytes:
        """Make the answer that lets the peer become controlling."""
        return self._response(stun.Class.ERROR, {"ERROR-CODE": (487, "Role Conflict")}, credentials)

    def _response(self, kind: stun.Class, attributes: dict[str, Any], credentials: IceCredentials) -> bytes:
        message = stun.Message(stun.Method.BINDING, kind, self._message.transaction_id, attributes)
        message.add_message_integrity(credentials.password.encode())
        return bytes(message)


def _unmapped(seen: tuple[str, int]) -> tuple[str, int]:
    """Name the address as the peer knows it: a socket bound to `::` shows IPv4 peers as IPv6."""
    host = ip_address(seen[0])
    mapped = host.ipv4_mapped if isinstance(host, IPv6Address) else None
    return str(mapped or host), seen[1]


def peek_ufrag(data: bytes) -> str | None:
    """Find our half of the first USERNAME without parsing anything else; None for what cannot be a check for us.

    Takes microseconds whatever the bytes are. What it finds is a claim: `read_check` has to find the same.
    """
    size = len(data)
    if not _HEADER_BYTES < size <= MAX_CHECK or _HEADER.unpack_from(data) != (
        _BINDING_REQUEST,
        size - _HEADER_BYTES,
        stun.COOKIE,
    ):
        return None
    position = _HEADER_BYTES
    for _ in range(MAX_ATTRIBUTES):
        if position + _ATTRIBUTE.size > size:
            return None
        kind, length = _ATTRIBUTE.unpack_from(data, position)
        position += _ATTRIBUTE.size
        if kind == _USERNAME:
            ufrag, separator, _ = data[position : position + length].partition(b":")
            return ufrag.decode("latin-1") if separator else None
        position += length + -length % 4
    return None


def read_check(data: bytes) -> Check | None:
    """Read a datagram as a check for us, `USERNAME` being `ours:theirs`; None for anything else, however malformed."""
    try:
        message = stun.parse_message(data)
    except _PARSE_ERRORS:
        return None
    if data[4:8] != stun.COOKIE.to_bytes(4, "big"):
        return None
    if message.message_method != stun.Method.BINDING or message.message_class != stun.Class.REQUEST:
        return None
    ufrag, separator, _ = message.attributes.get("USERNAME", "").partition(":")
    return Check(message, ufrag) if separator else None


class ValidatedAddresses:
    """The addresses from which one peer proved to know our password, and the one we send to.

    The first validated is selected. A nomination moves the selection only while no media says better: Firefox
    nominates every pair. Afterwards the selection follows the address on which authenticated media arrives.
    """

    __slots__ = ("_known", "has_media", "selected")

    def __init__(self) -> None:
        self._known: dict[Address, None] = {}
        self.selected: Address | None = None
        self.has_media = False

    def __iter__(self) -> Iterator[Address]:
        return iter(self._known)

    def validate(self, address: Address, *, nominated: bool) -> Address | None:
        """Remember an address that passed a check; return the one forgotten for it, if any."""
        self._known.pop(address, None)
        self._known[address] = None
        if self.selected is None or (nominated and not self.has_media):
            self.selected = address
        if len(self._known) <= MAX_ADDRESSES:
            return None
        oldest = next(known for known in self._known if known != self.selected)
        del self._known[oldest]
        return oldest

    def follow(self, address: Address) -> None:
        """Send to where authenticated media came from."""
        self.has_media = True
        if address != self.selected:
            self.selected = address

    def forget(self, address: Address) -> None:
        """Another transport validated this address: it is not this peer's any more."""
        self._known.pop(address, None)
        if self.selected == address:
            self.selected = next(reversed(self._known), None)
