"""The media plane: one UDP port that relays encrypted media between admitted participants and stores none of it."""

from media.allowance import Allowance
from media.endpoint import Endpoint, Negotiation, RemoteMedia
from media.errors import BadSdp, EndpointExists, EndpointUnknown, MediaError, RoomFull, SsrcConflict
from media.events import CloseReason, MediaEvent, OfferChanged, TransportClosed, TransportConnected
from media.formats import VideoCodec
from media.io import Io
from media.line import LineStats
from media.node import MediaNode, NodeSettings
from media.publication import Source
from media.room import Room
from media.stats import DropReason, NodeStats

__all__ = [
    "Allowance",
    "BadSdp",
    "CloseReason",
    "DropReason",
    "Endpoint",
    "EndpointExists",
    "EndpointUnknown",
    "Io",
    "LineStats",
    "MediaError",
    "MediaEvent",
    "MediaNode",
    "Negotiation",
    "NodeSettings",
    "NodeStats",
    "OfferChanged",
    "RemoteMedia",
    "Room",
    "RoomFull",
    "Source",
    "SsrcConflict",
    "TransportClosed",
    "TransportConnected",
    "VideoCodec",
]
