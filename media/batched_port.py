"""A port that reads and writes up to 64 datagrams with one system call: `recvmmsg` and `sendmmsg`, through cffi.

cffi's ABI mode looks the two up in the running process, so nothing is compiled; where they do not exist or do not do what
is expected of them, `works` says so. An address is the kernel's own `sockaddr`, as bytes.
"""

import asyncio
import contextlib
import errno
import functools
import socket
import sys
import time
from collections.abc import Callable
from typing import Any, cast

import cffi

from media.packet import MAX_DATAGRAM, STRIDE, Packet, make_packets
from media.stats import Counters, DropReason
from media.udp_port import DRAIN_LIMIT, Address, Receive, open_socket
from media.wakeups import Wakeups

# Whatever is read at once, for up to two others each; more is sent in several calls.
QUEUE_LIMIT = 128
TEST_TIMEOUT_S = 1.0

_SOCKADDR_BYTES = {socket.AF_INET: 16, socket.AF_INET6: 28}

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
    int recvmmsg(int, struct mmsghdr *, unsigned int, int, void *);
    int sendmmsg(int, struct mmsghdr *, unsigned int, int);
""")


class Messages:
    """What `recvmmsg` and `sendmmsg` are told of `count` datagrams, in memory that stays; reached through views.

    `names[i]` is the address of the i-th, `lengths[i]` what the kernel says of its length, `vectors[2 * i]` where its bytes
    are and `vectors[2 * i + 1]` how many.
    """

    def __init__(self, count: int, name_bytes: int) -> None:
        self.array = _ffi.new("struct mmsghdr[]", count)
        self._names = _ffi.new("char[]", count * name_bytes)
        self._vectors = _ffi.new("struct iovec[]", count)
        for index in range(count):
            header = self.array[index].msg_hdr
            header.msg_name, header.msg_namelen = self._names + index * name_bytes, name_bytes
            header.msg_iov, header.msg_iovlen = self._vectors + index, 1
        names = memoryview(_ffi.buffer(self._names)).cast("B")
        self.names = [names[start : start + name_bytes] for start in range(0, count * name_bytes, name_bytes)]
        self.vectors = memoryview(_ffi.buffer(self._vectors)).cast("B").cast("P")
        stride = _ffi.sizeof("struct mmsghdr") // 4
        first = _ffi.offsetof("struct mmsghdr", "msg_len") // 4
        self.lengths = memoryview(_ffi.buffer(self.array)).cast("B").cast("I")[first::stride]


class BatchedPort:
    """A `UdpPort` on `recvmmsg` and `sendmmsg`. What is queued goes at the end of each drain."""

    io = "batched"

    def __init__(
        self,
        host: str,
        port: int,
        counters: Counters,
        clock: Callable[[], float],
        *,
        libc: Any = None,
    ) -> None:
        libc = _ffi.dlopen(None) if libc is None else libc
        self._recvmmsg, self._sendmmsg = libc.recvmmsg, libc.sendmmsg
        self._socket = open_socket(host, port)
        self._fileno = self._socket.fileno()
        self.number: int = self._socket.getsockname()[1]
        self._counters = counters
        self._clock = clock
        self._wakeups: Wakeups | None = None
        name_bytes = _SOCKADDR_BYTES[self._socket.family]
        self._packets = make_packets(DRAIN_LIMIT)
        self._arriving = Messages(DRAIN_LIMIT, name_bytes)
        for index, packet in enumerate(self._packets):
            # One byte more than the limit, so that a longer datagram shows as longer.
            self._arriving.vectors[2 * index], self._arriving.vectors[2 * index + 1] = packet.place, MAX_DATAGRAM + 1
        self._leaving = Messages(QUEUE_LIMIT, name_bytes)
        self._queued = 0
        self._copies = make_packets(QUEUE_LIMIT)
        self._copied = 0

    def listen(self, receive: Receive) -> None:
        """Hand each datagram of 1 to 1500 bytes to `receive`."""
        self._wakeups = Wakeups(
            asyncio.get_running_loop(), self._socket, functools.partial(self.read, receive), self._clock
        )

    def queue(self, packet: Packet, address: Address) -> None:
        """Send at the end of the drain, or when the queue is full."""
        index = self._queued
        if index == QUEUE_LIMIT:
            self._flush()
            index = 0
        leaving = self._leaving
        leaving.names[index][:] = cast("bytes", address)
        leaving.vectors[2 * index] = packet.place
        leaving.vectors[2 * index + 1] = packet.size
        self._queued = index + 1

    def copy(self, packet: Packet) -> Packet:
        """Copy into the next free buffer; when there is none, what is queued has to go first."""
        if self._copied == QUEUE_LIMIT:
            self._flush()
        copy = self._copies[self._copied]
        self._copied += 1
        copy.copy_from(packet)
        return copy

    def send(self, data: bytes | memoryview, address: Address) -> bool:
        """Send or drop, never wait."""
        try:
            self._socket.sendto(data, self._name(cast("bytes", address)))
        except BlockingIOError:
            self._counters.drop(DropReason.SEND_BLOCKED)
            return False
        except OSError:
            self._counters.drop(DropReason.SEND_FAILED)
            return False
        return True

    def host_and_port(self, address: Address) -> tuple[str, int]:
        """Read the `sockaddr`."""
        host, port, *_ = self._name(cast("bytes", address))
        return host, port

    @property
    def is_closed(self) -> bool:
        """Whether the port was given back."""
        return self._fileno == -1

    def close(self) -> None:
        """Stop listening and free the port; what is queued is lost. Idempotent."""
        if self._wakeups is not None:
            self._wakeups.close()
        self._socket.close()
        self._fileno = -1  # never another file's number

    def read(self, receive: Receive) -> int:
        """Hand what has arrived to `receive`, 64 datagrams at most, send what it queued, and return how many there were."""
        arriving, counters = self._arriving, self._counters
        count: int = self._recvmmsg(self._fileno, arriving.array, DRAIN_LIMIT, socket.MSG_DONTWAIT, _ffi.NULL)
        if count <= 0:  # nothing there, or an ICMP error of an earlier send
            return 0
        now = self._clock()
        sizes = arriving.lengths[:count].tolist()
        counters.packets_in += count
        counters.bytes_in += sum(sizes)
        try:
            for packet, size, name in zip(self._packets, sizes, arriving.names, strict=False):
                if 0 < size <= MAX_DATAGRAM:
                    packet.size = size
                    packet.arrived_at = now
                    receive(packet, name.tobytes())
                else:
                    counters.drop(DropReason.OVERSIZE if size else DropReason.EMPTY)
        finally:
            self._flush()
        return count

    def _flush(self) -> None:
        count, self._queued, self._copied = self._queued, 0, 0
        counters, done = self._counters, 0
        while done < count:
            sent: int = self._sendmmsg(self._fileno, self._leaving.array + done, count - done, socket.MSG_DONTWAIT)
            if sent > 0:
                counters.packets_forwarded += sent
                counters.bytes_forwarded += sum(self._leaving.lengths[done : done + sent])
                done += sent
            elif _ffi.errno == errno.EAGAIN:
                # The socket's buffer is full: it would take none of the others either.
                counters.drop(DropReason.SEND_BLOCKED, count - done)
                return
            else:
                counters.drop(DropReason.SEND_FAILED)  # of this one; the next may go elsewhere
                done += 1

    def _name(self, address: bytes) -> tuple[Any, ...]:
        """Name a `sockaddr` as the socket module does."""
        port = int.from_bytes(address[2:4], "big")
        if self._socket.family == socket.AF_INET:
            return socket.inet_ntop(socket.AF_INET, address[4:8]), port
        return socket.inet_ntop(socket.AF_INET6, address[8:24]), port, 0, int.from_bytes(address[24:28], sys.byteorder)


def works(host: str, libc: Any = None) -> bool:
    """Whether the two calls do what they should here: a plain socket on loopback hears what a port sends, and is heard.

    Takes a second at most, and no more than a moment where they work.
    """
    if sys.platform != "linux":  # others have the functions with other structures
        return False
    family, loopback = (socket.AF_INET6, "::1") if ":" in host else (socket.AF_INET, "127.0.0.1")
    wanted = [bytes([size % 251]) * size for size in (1, 20, 1_200, MAX_DATAGRAM)]
    heard: list[bytes] = []

    def multiply(first: Packet, address: Address) -> None:
        for data in wanted:
            packet = port.copy(first)
            packet.load(data)
            port.queue(packet, address)

    try:
        port = BatchedPort(loopback, 0, Counters(), time.monotonic, libc=libc)
        with contextlib.closing(port), socket.socket(family, socket.SOCK_DGRAM) as plain:
            plain.settimeout(TEST_TIMEOUT_S)
            plain.connect((loopback, port.number))
            plain.send(b"first")
            port.read(multiply)
            for _ in wanted:
                plain.send(plain.recv(STRIDE))
            port.read(lambda packet, _: heard.append(packet.tobytes()))
    except (OSError, AttributeError):  # no loopback of this family, no such functions, or silence
        return False
    return heard == wanted
