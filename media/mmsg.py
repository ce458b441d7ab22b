"""`recvmmsg` and `sendmmsg` on memory that stays: many datagrams with one system call, without a compiler.

cffi's ABI mode looks the two up in the running process. What the kernel reads and writes is reached through views, which
are quicker than cffi's own fields. Everything here is Linux's: other systems have other structures under these names.

Datagrams in a row that go to one address and are of one size (the last may be shorter), as those of one picture mostly are,
leave as one message that the kernel or the network card cuts up again (UDP segmentation offload, Linux 4.18): one look-up
of the route and one way through the network stack for all of them.
"""

import errno
import socket
import sys
from typing import Any, cast

import cffi

from media.packet import MAX_DATAGRAM, Packet, make_packets
from media.stats import Counters, DropReason
from media.udp_port import Address

# A message has 64 kB at most, and older kernels cut it into 64 at most.
RUN_LIMIT = 32

_UDP_SEGMENT = 103

_ffi = cffi.FFI()
_ffi.cdef("""
    struct iovec { void *iov_base; size_t iov_len; };
    struct msghdr {
        void *msg_name; unsigned int msg_namelen;
        struct iovec *msg_iov; size_t msg_iovlen;
        void *msg_control; size_t msg_controllen;
        int msg_flags;
    };
    struct mmsghdr { struct msghdr msg_hdr; unsigned int msg_len; };
    struct segment { size_t cmsg_len; int cmsg_level; int cmsg_type; uint16_t bytes; size_t end[]; };
    int recvmmsg(int, struct mmsghdr *, unsigned int, int, void *);
    int sendmmsg(int, struct mmsghdr *, unsigned int, int);
""")

_WORD = _ffi.sizeof("void *")
_STRIDE = _ffi.sizeof("struct mmsghdr") // _WORD
_VECTOR = _ffi.offsetof("struct msghdr", "msg_iov") // _WORD
_COUNT = _ffi.offsetof("struct msghdr", "msg_iovlen") // _WORD
_CONTROL_BYTES = _ffi.offsetof("struct msghdr", "msg_controllen") // _WORD
_SEGMENT_BYTES = _ffi.sizeof("struct segment")
_SEGMENT_USED = _ffi.offsetof("struct segment", "bytes") + 2


def load_libc() -> Any:
    """Look up the C library of this process. Raises `OSError` where there is none to be looked up."""
    return _ffi.dlopen(None)


class _Headers:
    """`count` message headers with room for an address and one buffer each."""

    def __init__(self, count: int, name_bytes: int) -> None:
        self.array = _ffi.new("struct mmsghdr[]", count)
        self.vector_array = _ffi.new("struct iovec[]", count)
        self._name_array = _ffi.new("char[]", count * name_bytes)
        for index in range(count):
            header = self.array[index].msg_hdr
            header.msg_name, header.msg_namelen = self._name_array + index * name_bytes, name_bytes
            header.msg_iov, header.msg_iovlen = self.vector_array + index, 1
        names = memoryview(_ffi.buffer(self._name_array)).cast("B")
        view = memoryview(_ffi.buffer(self.array)).cast("B")
        length = _ffi.offsetof("struct mmsghdr", "msg_len") // 4
        self.names = [names[start : start + name_bytes] for start in range(0, count * name_bytes, name_bytes)]
        self.words = view.cast("P")
        self.lengths = view.cast("I")[length :: _ffi.sizeof("struct mmsghdr") // 4]
        # Of the i-th buffer the place is `vectors[2 * i]`, the size `vectors[2 * i + 1]`.
        self.vectors = memoryview(_ffi.buffer(self.vector_array)).cast("B").cast("P")


class Arrivals:
    """Reads up to `count` datagrams at once into `packets`, their addresses into `names`."""

    def __init__(self, libc: Any, count: int, name_bytes: int) -> None:
        self.packets = make_packets(count)
        self._headers = _Headers(count, name_bytes)
        self.names = self._headers.names
        self._count = count
        self._recvmmsg = libc.recvmmsg
        for index, packet in enumerate(self.packets):
            self._headers.vectors[2 * index] = packet.place
            # One byte more than the limit, so that a longer datagram shows as longer.
            self._headers.vectors[2 * index + 1] = MAX_DATAGRAM + 1

    def read(self, fileno: int) -> list[int]:
        """Read what is there; return the sizes. Empty when nothing is, or an ICMP error of an earlier send was."""
        count: int = self._recvmmsg(fileno, self._headers.array, self._count, socket.MSG_DONTWAIT, _ffi.NULL)
        return self._headers.lengths[:count].tolist() if count > 0 else []


class Departures:
    """A queue of datagrams for `fileno`, sent by `flush` and whenever it is full.

    With `joins`, runs of them leave as one message. What went is counted as forwarded, what did not as dropped.
    """

    def __init__(self, libc: Any, limit: int, name_bytes: int, counters: Counters, *, joins: bool) -> None:
        self.fileno = -1
        self._limit = limit
        self._counters = counters
        self._count = 0
        self._copies = make_packets(limit)
        self._copied = 0
        self._joins = joins
        self._sendmmsg = libc.sendmmsg
        self._headers = _Headers(limit, name_bytes)
        self._names, self._words, self._vectors = self._headers.names, self._headers.words, self._headers.vectors
        self._counts = self._words[_COUNT::_STRIDE]
        self._first_vector = int(_ffi.cast("uintptr_t", self._headers.vector_array))
        self._segments = _ffi.new("char[]", limit * _SEGMENT_BYTES)
        for index in range(limit):
            segment = _ffi.cast("struct segment *", self._segments + index * _SEGMENT_BYTES)
            segment.cmsg_len, segment.cmsg_level, segment.cmsg_type = _SEGMENT_USED, socket.SOL_UDP, _UDP_SEGMENT
            self._headers.array[index].msg_hdr.msg_control = segment
        self._segment_sizes = (
            memoryview(_ffi.buffer(self._segments))
            .cast("B")
            .cast("H")[_ffi.offsetof("struct segment", "bytes") // 2 :: _SEGMENT_BYTES // 2]
        )
        self._messages = 0
        self._last_header = 0
        self._address: Address = b""
        # How long the next datagram of the run may be: as long as the first, and nothing once a shorter one ended it.
        self._room = 0
        self._run = 0

    def add(self, packet: Packet, address: Address) -> None:
        """Queue a datagram, whose buffer must stay as it is until `flush`; `address` is a `sockaddr`, as bytes."""
        if self._count == self._limit:
            self.flush()
        index, size = self._count, packet.size
        self._vectors[2 * index] = packet.place
        self._vectors[2 * index + 1] = size
        self._count = index + 1
        if size > self._room or address != self._address:
            self._begin(index, size, address)
            return
        self._run += 1
        self._words[self._last_header + _COUNT] = self._run
        self._words[self._last_header + _CONTROL_BYTES] = _SEGMENT_BYTES
        if size < self._room or self._run == RUN_LIMIT:
            self._room = 0

    def copy(self, packet: Packet) -> Packet:
        """Copy into a buffer that stays as it is until `flush`; when there is none left, what is queued goes first."""
        if self._copied == self._limit:
            self.flush()
        copy = self._copies[self._copied]
        self._copied += 1
        copy.copy_from(packet)
        return copy

    def flush(self) -> None:
        """Send all, never waiting."""
        messages, done, counters = self._messages, 0, self._counters
        self._count = self._copied = self._messages = self._room = 0
        while done < messages:
            sent: int = self._sendmmsg(self.fileno, self._headers.array + done, messages - done, socket.MSG_DONTWAIT)
            if sent > 0:
                counters.packets_forwarded += sum(self._counts[done : done + sent])
                counters.bytes_forwarded += sum(self._headers.lengths[done : done + sent])
                done += sent
            elif _ffi.errno == errno.EAGAIN:
                # The socket's buffer is full: it would take none of the others either.
                counters.drop(DropReason.SEND_BLOCKED, sum(self._counts[done:messages]))
                return
            else:
                # The next may go elsewhere.
                self._send_apart(done)
                done += 1

    def _begin(self, index: int, size: int, address: Address) -> None:
        message = self._messages
        header = self._last_header = message * _STRIDE
        self._messages = message + 1
        self._names[message][:] = cast("bytes", address)
        self._words[header + _VECTOR] = self._first_vector + index * 2 * _WORD
        self._words[header + _COUNT] = 1
        self._words[header + _CONTROL_BYTES] = 0
        if self._joins:
            self._segment_sizes[message] = size
            self._address, self._room, self._run = address, size, 1

    def _send_apart(self, message: int) -> None:
        """Send a refused run datagram by datagram: its way may be too narrow, or not able to cut it up."""
        count, header, counters = self._counts[message], message * _STRIDE, self._counters
        if count == 1:
            counters.drop(DropReason.SEND_FAILED)
            return
        self._words[header + _COUNT] = 1
        self._words[header + _CONTROL_BYTES] = 0
        for _ in range(count):
            if self._sendmmsg(self.fileno, self._headers.array + message, 1, socket.MSG_DONTWAIT) == 1:
                counters.packets_forwarded += 1
                counters.bytes_forwarded += self._headers.lengths[message]
            else:
                counters.drop(DropReason.SEND_BLOCKED if _ffi.errno == errno.EAGAIN else DropReason.SEND_FAILED)
            self._words[header + _VECTOR] += 2 * _WORD


def is_known_system() -> bool:
    """Whether the structures above are those of this system."""
    return sys.platform == "linux"
