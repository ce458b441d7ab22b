"""What the relay tells a publisher, hop by hop: when its packets came, what was lost, and what its subscribers can take."""

from typing import TYPE_CHECKING

from media.bandwidth import PLAIN_LOSS
from media.nack import MAX_AGE_S, MIN_TRIES
from media.packet import Packet
from media.rtcp import write_receiver_report, write_remb
from media.rtp import RELAY_SSRC
from media.twcc import ArrivalLog

if TYPE_CHECKING:
    from media.uplink import Uplink

FEEDBACK_INTERVAL_S = 0.05
REPORT_INTERVAL_S = 1.0
# As for downlinks (`media.bandwidth`): up to a quarter is radio, and mended.
FORGIVEN_LOSS = PLAIN_LOSS
# What is missing shows in the numbers of a transport before it does in those of its stream, by a picture at most.
HOLD_MARGIN_S = 0.1
# libwebrtc keeps what it sent for a second, and begins its measure of throughput anew when told of something older than that.
MAX_HOLD_S = 0.85
# So often a cap is judged, and told where it changed; one that stays is told again with each report.
CAP_INTERVAL_S = 0.2
CAP_CHANGE = 0.03
# What comes on top of the pictures' shares: sound is never capped.
SOUND_BPS = 100_000
# For one whose pictures nobody can take now: what it sends in the meantime is for nobody.
UNSEEN_BPS = 150_000
# Told when feedback passes end to end again: the sender's own estimate is the only bound.
UNCAPPED_BPS = 1_000_000_000
# The end of the caps is told so often, because it may be lost.
FAREWELLS = 3


class PublisherFeedback:
    """The feedback to one publisher. Made anew each time that it becomes hop by hop."""

    def __init__(self) -> None:
        self._arrivals = ArrivalLog(FORGIVEN_LOSS)
        self._told_at = 0.0
        self._reported_at = 0.0
        self._capped_at = 0.0
        self._cap = 0.0
        self._farewells = 0

    def arrive(self, packet: Packet, position: int) -> None:
        """Note a packet whose transport-wide number stands at this position."""
        data = packet.data
        number = data[position] << 8 | data[position + 1]
        self._arrivals.arrive(number, int(packet.arrived_at * 1e6), is_last=data[1] > 0x7F)  # noqa: PLR2004 - the marker

    def end(self, uplink: "Uplink", now: float) -> None:
        """Say the last of it; the caps are lifted over the next ticks."""
        self._tell_arrivals(uplink, now)
        self._farewells = FAREWELLS

    def tick(self, uplink: "Uplink", now: float) -> bool:
        """Write what is due; True while there is more to come."""
        if uplink.is_hop_by_hop:
            if self._arrivals.has_news and now - self._told_at >= FEEDBACK_INTERVAL_S:
                self._tell_arrivals(uplink, now)
            if now - self._reported_at >= REPORT_INTERVAL_S:
                self._report(uplink, now)
            if now - self._capped_at >= CAP_INTERVAL_S:
                self._judge_cap(uplink, now)
            return True
        if self._farewells and now - self._capped_at >= CAP_INTERVAL_S:
            self._farewells -= 1
            self._send_cap(uplink, UNCAPPED_BPS, now)
        return self._farewells > 0

    def _tell_arrivals(self, uplink: "Uplink", now: float) -> None:
        self._told_at = now
        picture = next((ssrc for ssrc, incoming in uplink.streams.items() if incoming.is_video), RELAY_SSRC)
        asked_for = max(MAX_AGE_S, (MIN_TRIES - 1) * (uplink.back.round_trip.seconds or 0.0))
        hold_us = int(min(asked_for + HOLD_MARGIN_S, MAX_HOLD_S) * 1e6)
        # What a node that is behind throws away is to slow the senders down, whatever their lines can do.
        for packet in self._arrivals.write(RELAY_SSRC, picture, forgives=not uplink.is_pressed, hold_us=hold_us):
            uplink.back.send_rtcp(packet)

    def _report(self, uplink: "Uplink", now: float) -> None:
        self._reported_at = now
        reports = [
            incoming.reception.report(ssrc, now)
            for ssrc, incoming in uplink.streams.items()
            if incoming.reception.packets
        ]
        if reports:
            uplink.back.send_rtcp(write_receiver_report(RELAY_SSRC, reports))
        self._cap = 0.0  # to be told again

    def _judge_cap(self, uplink: "Uplink", now: float) -> None:
        self._capped_at = now
        cap = self._least_share(uplink)
        if cap is not None and abs(cap - self._cap) > CAP_CHANGE * cap:
            self._cap = cap
            self._send_cap(uplink, int(cap), now)

    def _send_cap(self, uplink: "Uplink", bit_rate: int, now: float) -> None:
        self._capped_at = now
        ssrcs = [ssrc for ssrc, incoming in uplink.streams.items() if incoming.is_video and not incoming.is_repeat]
        if ssrcs:
            uplink.back.send_rtcp(write_remb(RELAY_SSRC, bit_rate, ssrcs))

    @staticmethod
    def _least_share(uplink: "Uplink") -> float | None:
        # What each subscriber can take of all this publisher's pictures together; the weakest decides for all.
        totals: dict[int, float] = {}
        is_held = False
        for ssrc, incoming in uplink.streams.items():
            if not incoming.is_video or incoming.is_repeat:
                continue
            for outgoing in incoming.outgoings:
                congestion = outgoing.downlink.congestion
                if congestion is None:
                    continue
                is_held = is_held or ssrc in congestion.paused
                if ssrc in congestion.shares:
                    subscriber = id(outgoing.downlink)
                    totals[subscriber] = totals.get(subscriber, 0.0) + congestion.shares[ssrc]
        if totals:
            return min(totals.values()) + SOUND_BPS
        return UNSEEN_BPS + SOUND_BPS if is_held else None
