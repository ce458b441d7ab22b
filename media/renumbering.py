"""The sequence numbers of a stream that was held back for a while, on its way to one subscriber."""


class Renumbering:
    """Closes the gap that a pause would leave in the numbers of one SSRC, so that nobody asks for what was not sent.

    One number is left out at each resumption after something was held back: a decoder must not take what follows for the
    continuation of what it had. Numbers going out only ever grow, so that no SRTP index is used twice; and none is ahead of
    the one that came in, so that the stream may go on unchanged some day.
    """

    def __init__(self, highest: int) -> None:
        """Hold the stream back; `highest` is the highest number that passed, below 0 when none did."""
        self.is_paused = True
        self._offset = 0
        self._begin = 0
        self._highest = highest
        self._paused_at = highest

    def pause(self, highest: int) -> None:
        """Hold the stream back. `highest` is the highest number that came in."""
        self.is_paused = True
        self._paused_at = highest
        if highest >= self._begin:
            self._highest = highest - self._offset

    def resume(self, highest: int) -> None:
        """Let pass what comes after `highest`, the highest number that came in meanwhile, extended by its cycles."""
        self.is_paused = False
        if highest == self._paused_at:
            return
        self._begin = highest + 1
        self._offset = self._begin - (self._highest + 2) if self._highest >= 0 else 0

    def translate(self, number: int, highest: int) -> int | None:
        """Say under which number this one goes out; None for one that does not. `highest` is the highest that came in."""
        if self.is_paused:
            return None
        extended = highest + ((number - highest + 0x8000 & 0xFFFF) - 0x8000)
        if extended < self._begin:
            return None
        return extended - self._offset & 0xFFFF
