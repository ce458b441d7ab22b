"""What the media plane reports upwards. It decides nothing about visits: the owner of the node does."""

import enum
from dataclasses import dataclass


class CloseReason(enum.StrEnum):
    """Why a transport ended. `BROKEN`: by a defect of ours that it met; it alone ends of it."""

    DTLS_FAILED = "dtls_failed"
    DTLS_CLOSED = "dtls_closed"
    CONNECT_TIMEOUT = "connect_timeout"
    CONSENT_LOST = "consent_lost"
    BROKEN = "broken"
    REPLACED = "replaced"
    ENDPOINT_CLOSED = "endpoint_closed"


@dataclass(frozen=True, slots=True)
class OfferChanged:
    """`endpoint.negotiation()` has a revision (or a transport) that the peer has not seen."""

    room: str
    endpoint: str


@dataclass(frozen=True, slots=True)
class TransportConnected:
    """ICE and DTLS are done: SRTP keys exist in both directions."""

    room: str
    endpoint: str
    transport: str


@dataclass(frozen=True, slots=True)
class TransportClosed:
    """This transport will never carry anything again. The endpoint lives on: `restart` gives it a new one."""

    room: str
    endpoint: str
    transport: str
    reason: CloseReason


MediaEvent = OfferChanged | TransportConnected | TransportClosed
