"""SRTP in place: libsrtp called on a packet's own buffer, through pylibsrtp's binding.

pylibsrtp's `Session.protect` copies each packet in and out of a buffer of its own. Here its compiled functions are called
directly. Two private names of pylibsrtp are used, here and nowhere else: its `_binding` module and `Session._srtp`, the
libsrtp handle. `tests/integration/test_aiortc_contract.py` holds them.
"""

from pylibsrtp import Session
from pylibsrtp._binding import ffi, lib

from media.packet import Packet

# Where libsrtp takes a packet's length and leaves the new one, and a view of it, which is quicker to use than the pointer.
# Used up within each call: one thread, no callbacks.
_length_pointer = ffi.new("int *")
_length = memoryview(ffi.buffer(_length_pointer)).cast("B").cast("i")

_protect, _unprotect = lib.srtp_protect, lib.srtp_unprotect


class SrtpSession:
    """One direction of SRTP with one peer.

    Every method changes the packet in place and says whether libsrtp agreed; if not, what the packet holds is worthless.
    """

    __slots__ = ("_handle", "_session")

    def __init__(self, session: Session) -> None:
        self._session = session  # frees the handle when it goes
        self._handle = session._srtp[0]  # noqa: SLF001 - held by the contract test

    def protect(self, packet: Packet) -> bool:
        """Encrypt an RTP packet."""
        _length[0] = packet.size
        if _protect(self._handle, packet.pointer, _length_pointer):
            return False
        packet.size = _length[0]
        return True

    def unprotect(self, packet: Packet) -> bool:
        """Authenticate and decrypt an SRTP packet; False for one that is altered, replayed, or none at all."""
        _length[0] = packet.size
        if _unprotect(self._handle, packet.pointer, _length_pointer):
            return False
        packet.size = _length[0]
        return True

    def protect_rtcp(self, packet: Packet) -> bool:
        """Encrypt an RTCP compound."""
        _length[0] = packet.size
        if lib.srtp_protect_rtcp(self._handle, packet.pointer, _length_pointer):
            return False
        packet.size = _length[0]
        return True

    def unprotect_rtcp(self, packet: Packet) -> bool:
        """Authenticate and decrypt an SRTCP compound; False as for `unprotect`."""
        _length[0] = packet.size
        if lib.srtp_unprotect_rtcp(self._handle, packet.pointer, _length_pointer):
            return False
        packet.size = _length[0]
        return True
