"""Counters of a node: plain integers on the packet path, a frozen picture of them outside."""

import enum
from collections.abc import Mapping
from dataclasses import dataclass


class DropReason(enum.StrEnum):
    """Why a datagram ended here. Ordered as the packet path meets them."""

    RECEIVE_OVERFLOW = "receive_overflow"
    EMPTY = "empty"
    OVERSIZE = "oversize"
    UNKNOWN_PROTOCOL = "unknown_protocol"
    BAD_STUN = "bad_stun"
    UNKNOWN_UFRAG = "unknown_ufrag"
    BAD_INTEGRITY = "bad_integrity"
    UNVALIDATED_ADDRESS = "unvalidated_address"
    DTLS_BACKLOG = "dtls_backlog"
    NOT_CONNECTED = "not_connected"
    OVER_BUDGET = "over_budget"
    UNKNOWN_SSRC = "unknown_ssrc"
    BAD_SRTP = "bad_srtp"
    BAD_RTCP = "bad_rtcp"
    NO_SUBSCRIBER = "no_subscriber"
    PROTECT_FAILED = "protect_failed"
    SEND_BLOCKED = "send_blocked"
    SEND_FAILED = "send_failed"
    BROKEN = "broken"


@dataclass(frozen=True, slots=True)
class NodeStats:
    """A node at one moment. Counters grow from the node's opening; bytes are those of UDP payloads."""

    io: str
    rooms: int
    endpoints: int
    test_calls: int
    transports_connected: int
    packets_in: int
    bytes_in: int
    packets_forwarded: int
    bytes_forwarded: int
    packets_resent: int
    drops: Mapping[DropReason, int]


class Counters:
    """The mutable side of `NodeStats`, shared by the port and its transports."""

    __slots__ = ("bytes_forwarded", "bytes_in", "drops", "packets_forwarded", "packets_in", "packets_resent")

    def __init__(self) -> None:
        self.packets_in = 0
        self.bytes_in = 0
        self.packets_forwarded = 0
        self.bytes_forwarded = 0
        self.packets_resent = 0
        self.drops = dict.fromkeys(DropReason, 0)

    def drop(self, reason: DropReason, count: int = 1) -> None:
        """Count datagrams that go no further."""
        self.drops[reason] += count
