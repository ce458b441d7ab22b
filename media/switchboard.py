"""From a datagram to the transport it belongs to (RFC 7983): the only place where strangers are heard.

Only STUN is taken from an unknown address. DTLS and SRTP need an address that passed an authenticated check, so a
second socket can neither disturb a handshake nor have a packet decrypted.

What costs more than a look-up is bounded for each transport: checks, each of them two HMACs, and DTLS. Those from addresses
that passed a check before count apart, so that nobody who overheard a user name can use up what the peer needs.
"""

from collections.abc import Callable, Iterator

from media.ice_lite import Check, IceCredentials, peek_ufrag, read_check
from media.packet import Packet
from media.stats import Counters, DropReason
from media.transport import Transport
from media.udp_port import Address, UdpPort


class Switchboard:
    """The transports of a node, by user name and by validated address. `clock` is monotonic, in seconds."""

    def __init__(self, port: UdpPort, counters: Counters, clock: Callable[[], float]) -> None:
        self._port = port
        self._counters = counters
        self._clock = clock
        self._by_ufrag: dict[str, Transport] = {}
        self._by_address: dict[Address, Transport] = {}

    def __iter__(self) -> Iterator[Transport]:
        return iter(tuple(dict.fromkeys(self._by_ufrag.values())))

    def add(self, transport: Transport) -> None:
        """Let the transport's peer find it."""
        self._by_ufrag[transport.credentials.ufrag] = transport

    def renew(self, transport: Transport, credentials: IceCredentials) -> None:
        """Let the transport's peer find it by other credentials; by the former ones only for a while."""
        for ufrag in transport.known_credentials.renew(credentials, self._clock()):
            del self._by_ufrag[ufrag]
        self.add(transport)

    def remove(self, transport: Transport) -> None:
        """Forget the transport: its peer is a stranger from now on. Idempotent."""
        for ufrag in transport.known_credentials:
            self._by_ufrag.pop(ufrag, None)
        for address in transport.addresses:
            self._by_address.pop(address, None)

    def receive(self, packet: Packet, address: Address) -> None:
        """Take one datagram of at least one byte. Raises nothing: what breaks on it ends the transport that it was for."""
        try:
            first = packet.data[0]
            if 128 <= first <= 191:  # noqa: PLR2004 - the ranges are RFC 7983's table
                transport = self._by_address.get(address)
                if transport is None:
                    self._counters.drop(DropReason.UNVALIDATED_ADDRESS)
                else:
                    transport.uplink.receive(packet, address)
            elif first <= 3:  # noqa: PLR2004
                self._receive_stun(packet.tobytes(), address)
            elif 20 <= first <= 63:  # noqa: PLR2004
                self._receive_dtls(packet.tobytes(), address)
            else:
                self._counters.drop(DropReason.UNKNOWN_PROTOCOL)
        except Exception as error:  # noqa: BLE001 - whatever it is, the datagrams behind it are other people's
            self._break(error, address)

    def _break(self, error: Exception, address: Address) -> None:
        self._counters.drop(DropReason.BROKEN)
        transport = self._by_address.get(address)
        if transport is not None:
            transport.end_broken(error)

    def _receive_dtls(self, data: bytes, address: Address) -> None:
        transport = self._by_address.get(address)
        if transport is None:
            self._counters.drop(DropReason.UNVALIDATED_ADDRESS)
        elif not transport.dtls_allowance.take(self._clock()):
            self._counters.drop(DropReason.OVER_BUDGET)
        else:
            transport.receive_dtls(data)

    def _receive_stun(self, data: bytes, address: Address) -> None:
        ufrag = peek_ufrag(data)
        if ufrag is None:
            self._counters.drop(DropReason.BAD_STUN)
            return
        transport = self._by_ufrag.get(ufrag)
        credentials = None if transport is None else transport.known_credentials.find(ufrag, self._clock())
        if transport is None or credentials is None:
            self._counters.drop(DropReason.UNKNOWN_UFRAG)
            return
        is_known = self._by_address.get(address) is transport
        if not (transport.check_allowance if is_known else transport.stranger_allowance).take(self._clock()):
            self._counters.drop(DropReason.OVER_BUDGET)
            return
        # Parsed for those alone who know a user name: hostile attributes cost the parser half a millisecond.
        check = read_check(data)
        if check is None or check.ufrag != ufrag:
            self._counters.drop(DropReason.BAD_STUN)
        elif not check.is_authentic(credentials):
            self._counters.drop(DropReason.BAD_INTEGRITY)
        elif check.conflicts:
            self._port.send(check.role_conflict(credentials), address)
        else:
            self._accept(check, transport, address)
            seen = self._port.host_and_port(address)
            self._port.send(check.success(credentials, seen), address)

    def _accept(self, check: Check, transport: Transport, address: Address) -> None:
        holder = self._by_address.get(address)
        if holder is not None and holder is not transport:
            holder.addresses.forget(address)
        self._by_address[address] = transport
        forgotten = transport.addresses.validate(address, nominated=check.nominates)
        if forgotten is not None:
            del self._by_address[forgotten]
        transport.last_check_at = self._clock()
