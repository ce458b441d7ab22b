"""What a transport knows of its peer's line."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class LineStats:
    """One peer's line over the last seconds, as the relay measured it. Losses are fractions of 1, before anything was mended.

    `up` is what the peer sends, `down` what it is sent; None is not known: nothing flows that way, or nothing was told yet.
    `bytes_down` counts since the transport was connected.
    """

    loss_up: float | None
    loss_down: float | None
    rtt_s: float | None
    jitter_up_s: float | None
    bit_rate_up: float
    bytes_down: int
