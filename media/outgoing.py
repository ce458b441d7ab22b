"""One SSRC on its way to one subscriber."""

import math
from typing import TYPE_CHECKING

from media.packet import Packet
from media.renumbering import Renumbering
from media.resend import ResendCache
from media.stats import DropReason

if TYPE_CHECKING:
    from media.downlink import Downlink
    from media.uplink import Incoming, Uplink

# A subscriber that misses what is so old is behind a queue as long: a keyframe takes its time through it.
MIN_COMPLAINT_S = 1.0


class Outgoing:
    """One SSRC on its way to one peer. A picture and its retransmissions share one `cache`."""

    __slots__ = ("_complained_at", "_renumbering", "cache", "downlink", "is_video", "primary", "publisher", "source")

    def __init__(self, downlink: "Downlink", source: "Incoming", publisher: "Uplink") -> None:
        self.downlink = downlink
        self.source = source
        self.publisher = publisher
        self.primary = source.stream.primary
        self.is_video = source.is_video
        picture = downlink.streams.get(self.primary)
        self.cache: ResendCache = ResendCache() if picture is None else picture.cache
        self._renumbering: Renumbering | None = None
        self._complained_at = -math.inf

    def send(self, packet: Packet, number: int, transport_number_at: int = 0, original_at: int = 0) -> None:
        """Encrypt the packet where it lies and send it on. Within the port's `receive` only.

        `number` is what a NACK would call it: its sequence number, or that at `original_at` of a retransmission, or below 0
        for one that repeats nothing. `transport_number_at` is where a transport-wide number is to be written.
        """
        if self._renumbering is not None:
            translated = self._translate(packet, original_at)
            if translated is None:
                return
            number = translated
        if transport_number_at:
            self.downlink.number(packet, transport_number_at)
        downlink = self.downlink
        # Encrypted even without an address: this session's roll-over counter has to see what the publisher's saw.
        if downlink.tx is None:
            downlink.drop(DropReason.NOT_CONNECTED)
        elif not downlink.tx.protect(packet):
            downlink.drop(DropReason.PROTECT_FAILED)
        elif downlink.addresses.selected is None:
            downlink.drop(DropReason.NOT_CONNECTED)
        else:
            downlink.bytes += packet.size
            if number >= 0:
                self.cache.keep(number, packet.tobytes(), packet.arrived_at)
            downlink.queue(packet, downlink.addresses.selected)

    def pause(self) -> None:
        """Hold it back. Idempotent."""
        highest = self.source.reception.highest
        if self._renumbering is None:
            self._renumbering = Renumbering(highest)
        elif not self._renumbering.is_paused:
            self._renumbering.pause(highest)

    def resume(self, now: float) -> None:
        """Let it pass again, after what it was sent before; a picture begins with a keyframe. Idempotent."""
        if self._renumbering is not None and self._renumbering.is_paused:
            self._renumbering.resume(self.source.reception.highest)
            if self.source.stream.ssrc == self.primary:
                self.publisher.want_keyframe(self.primary, now)

    def give_up(self, now: float) -> None:
        """Ask for a keyframe in place of what is too old to be sent again; once while the last one can still be on its way."""
        is_paused = self._renumbering is not None and self._renumbering.is_paused
        on_its_way_s = max(MIN_COMPLAINT_S, 2 * (self.downlink.round_trip.seconds or 0.0))
        if not is_paused and now - self._complained_at >= on_its_way_s:
            self._complained_at = now
            self.publisher.complain(self.primary, now)

    def close(self) -> None:
        """Nothing of this SSRC goes there any more."""
        ssrc = self.source.stream.ssrc
        if self.downlink.streams.get(ssrc) is self:
            del self.downlink.streams[ssrc]

    def translate(self, number: int) -> int | None:
        """Say under which number one of this stream's goes out; None for one that does not."""
        if self._renumbering is None:
            return number
        return self._renumbering.translate(number, self.source.reception.highest)

    def _translate(self, packet: Packet, original_at: int) -> int | None:
        data = packet.data
        own = self.translate(data[2] << 8 | data[3])
        if own is None:
            return None
        number = own
        if self.source.stream.ssrc != self.primary:
            number = -1
            picture = self.downlink.streams.get(self.primary)
            if original_at and picture is not None:
                original = picture.translate(data[original_at] << 8 | data[original_at + 1])
                if original is None:
                    return None
                data[original_at], data[original_at + 1] = original >> 8, original & 0xFF
                number = original
        data[2], data[3] = own >> 8, own & 0xFF
        return number
