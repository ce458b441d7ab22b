"""Datagrams by the batch, so that a load generator costs less than what it loads: sendmmsg(2) and recvmmsg(2) through cffi.

What is sent lies ready before the clock starts. Of what arrives only the RTP header is kept, and the kernel's own time of
its arrival (SO_TIMESTAMPNS): so a delay is that of the path and the server, however late this process looks.
"""

import socket
import struct
from array import array
from collections.abc import Sequence
from itertools import accumulate

from cffi import FFI

SO_TIMESTAMPNS = 35
SOCKET_BUFFER = 4 * 1024 * 1024
# What an inbox holds before it has to be read.
INBOX_DATAGRAMS = 4096
ARRIVALS_AT_ONCE = 256

_HEADER_BYTES = 16
_CONTROL_BYTES = 32  # CMSG_SPACE(sizeof(struct timespec))
# An RTP header's first four bytes, the rest of its slot, `struct cmsghdr`, `struct timespec`.
_RECORD = struct.Struct("=BBBB12x16xqq")
_NS = 1_000_000_000

_ffi = FFI()
_ffi.cdef(
    """
    struct iovec { void *iov_base; size_t iov_len; };
    struct msghdr {
        void *msg_name; unsigned int msg_namelen; struct iovec *msg_iov; size_t msg_iovlen;
        void *msg_control; size_t msg_controllen; int msg_flags;
    };
    struct mmsghdr { struct msghdr msg_hdr; unsigned int msg_len; };
    int sendmmsg(int fd, struct mmsghdr *messages, unsigned int count, int flags);
    int recvmmsg(int fd, struct mmsghdr *messages, unsigned int count, int flags, void *timeout);
    """
)
_libc = _ffi.dlopen(None)
_MESSAGE_WORDS = _ffi.sizeof("struct mmsghdr") // 8


def open_socket(host: str) -> socket.socket:
    """Open a non-blocking socket on a free port of this address; the kernel notes when each datagram arrives at it."""
    opened = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    opened.settimeout(0)
    for option in (socket.SO_RCVBUF, socket.SO_SNDBUF):
        opened.setsockopt(socket.SOL_SOCKET, option, SOCKET_BUFFER)
    opened.setsockopt(socket.SOL_SOCKET, SO_TIMESTAMPNS, 1)
    opened.bind((host, 0))
    return opened


class Outbox:
    """Datagrams for one connected socket, to be sent in their order."""

    def __init__(self, sender: socket.socket, datagrams: Sequence[bytes]) -> None:
        self._sender = sender
        self._bytes = b"".join(datagrams)
        base = int(_ffi.cast("uintptr_t", _ffi.from_buffer(self._bytes)))
        begins = accumulate(map(len, datagrams), initial=base)
        self._vectors = array(
            "Q", (word for datagram, begin in zip(datagrams, begins, strict=False) for word in (begin, len(datagram)))
        )
        first = self._vectors.buffer_info()[0]
        # Eight words each, of which a connected socket needs two: where the vector is, and that there is one.
        self._words = array("Q", bytes(8 * _MESSAGE_WORDS * len(datagrams)))
        self._words[2::_MESSAGE_WORDS] = array("Q", range(first, first + 16 * len(datagrams), 16))
        self._words[3::_MESSAGE_WORDS] = array("Q", [1]) * len(datagrams)
        self._messages = _ffi.from_buffer("struct mmsghdr[]", self._words)

    def send(self, first: int, count: int) -> int:
        """Send this many from the `first` on; return how many the kernel took."""
        return max(0, int(_libc.sendmmsg(self._sender.fileno(), self._messages + first, count, socket.MSG_DONTWAIT)))


class Inbox:
    """Where the datagrams of many sockets arrive."""

    def __init__(self) -> None:
        count = INBOX_DATAGRAMS
        self._records = bytearray(_RECORD.size * count)
        base = int(_ffi.cast("uintptr_t", _ffi.from_buffer(self._records)))
        self._vectors = _ffi.new("struct iovec[]", count)
        self._messages = _ffi.new("struct mmsghdr[]", count)
        for index in range(count):
            record = base + index * _RECORD.size
            self._vectors[index].iov_base = _ffi.cast("void *", record)
            self._vectors[index].iov_len = _HEADER_BYTES
            header = self._messages[index].msg_hdr
            header.msg_iov, header.msg_iovlen = self._vectors + index, 1
            header.msg_control = _ffi.cast("void *", record + _HEADER_BYTES)
            header.msg_controllen = _CONTROL_BYTES
        self._size = _ffi.sizeof(self._messages)
        self._fresh = bytes(_ffi.buffer(self._messages, self._size))
        self._used = 0

    @property
    def room(self) -> int:
        """How many more datagrams it holds."""
        return INBOX_DATAGRAMS - self._used

    def receive(self, fileno: int) -> int:
        """Take what has arrived at a socket, as far as there is room; return how much it was."""
        most = min(self.room, ARRIVALS_AT_ONCE)
        got = int(_libc.recvmmsg(fileno, self._messages + self._used, most, socket.MSG_DONTWAIT, _ffi.NULL))
        self._used += max(got, 0)
        return max(got, 0)

    def empty(self) -> list[tuple[int, int]]:
        """Take out what is there, in the order of `receive`: for each its `packet_key` and when it arrived, in ns since 1970.

        What is not RTP has a key that no RTP packet of a dynamic payload type has.
        """
        records = _RECORD.iter_unpack(memoryview(self._records)[: self._used * _RECORD.size])
        taken = [((kind & 127) << 16 | high << 8 | low, s * _NS + ns) for _, kind, high, low, s, ns in records]
        _ffi.memmove(self._messages, self._fresh, self._size)
        self._used = 0
        return taken


def packet_key(payload_type: int, sequence_number: int) -> int:
    """Tell one sender's packets apart by what a relay leaves as it is."""
    return payload_type << 16 | sequence_number
