"""Datagrams in memory that is used again: they are decrypted, changed and encrypted where they lie."""

from typing import Any

import cffi

# Longer datagrams are nobody's media, and aiortc would choke on them.
MAX_DATAGRAM = 1500
# Room behind the longest datagram for what libsrtp may append (SRTP_MAX_TRAILER_LEN and an SRTCP index: 148 bytes).
STRIDE = 2048

_ffi = cffi.FFI()


class Packet:
    """One datagram in a buffer of its own.

    The first `size` bytes of `data` are the datagram; the rest is room. It is the port's: whoever wants to keep the bytes
    beyond the call that handed the packet over copies them (`tobytes`). `arrived_at` is in monotonic seconds, and the
    same for all that were read at once. `pointer` is the buffer's for libsrtp, `place` the same as a number for the kernel.
    """

    __slots__ = ("_buffer", "arrived_at", "data", "place", "pointer", "size")

    def __init__(self, data: memoryview, pointer: Any) -> None:
        self.data = data
        self._buffer: Any = _ffi.buffer(pointer, STRIDE)  # its slices are bytes, without a view in between
        self.pointer = pointer
        self.place = int(_ffi.cast("uintptr_t", pointer))
        self.size = 0
        self.arrived_at = 0.0

    @property
    def datagram(self) -> memoryview:
        """A view of the bytes that count."""
        return self.data[: self.size]

    def tobytes(self) -> bytes:
        """A copy of the bytes that count."""
        data: bytes = self._buffer[: self.size]
        return data

    def load(self, data: bytes | memoryview) -> None:
        """Replace the datagram. Raises `ValueError` for one of more than 1500 bytes."""
        size = len(data)
        if size > MAX_DATAGRAM:
            raise ValueError("longer than a datagram of ours may be")
        self.data[:size] = data
        self.size = size

    def copy_from(self, other: "Packet") -> None:
        """Become a copy of another packet."""
        size = self.size = other.size
        self.data[:size] = other.data[:size]
        self.arrived_at = other.arrived_at


def make_packets(count: int) -> tuple[Packet, ...]:
    """Allocate packets side by side, `STRIDE` bytes from one to the next."""
    memory = _ffi.new("char[]", count * STRIDE)
    view = memoryview(_ffi.buffer(memory)).cast("B")
    # A view keeps the memory alive; a pointer would not.
    return tuple(Packet(view[start : start + STRIDE], memory + start) for start in range(0, count * STRIDE, STRIDE))
