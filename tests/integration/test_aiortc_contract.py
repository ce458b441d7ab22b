"""The private names of aiortc and pylibsrtp that `media/dtls.py` and `media/srtp.py` rely on, held against the pinned versions."""

import asyncio
import inspect

from aiortc import RTCCertificate, RTCDtlsTransport
from aiortc.rtcdtlstransport import SRTP_PROFILES
from OpenSSL import SSL
from pylibsrtp import Policy, Session
from pylibsrtp._binding import ffi, lib

from media.dtls import Certificate, DatagramPipe, _sending_session


class _Crossed:
    """Two pipes that are each other's wire."""

    def __init__(self) -> None:
        self.ours = DatagramPipe(self._cross)
        self.theirs = DatagramPipe(self.ours.put)
        self.theirs.role = "controlled"

    def _cross(self, data: bytes) -> None:
        self.theirs.put(data)


async def test_the_dtls_transport_wants_recv_send_and_role_and_gives_two_srtp_sessions() -> None:
    wires = _Crossed()
    server = RTCDtlsTransport(wires.ours, [Certificate.generateCertificate()])  # type: ignore[arg-type]
    client = RTCDtlsTransport(wires.theirs, [RTCCertificate.generateCertificate()])  # type: ignore[arg-type]
    await asyncio.gather(server.start(client.getLocalParameters()), client.start(server.getLocalParameters()))
    assert (server.state, client.state) == ("connected", "connected")
    assert (server._role, client._role) == ("server", "client")
    assert isinstance(server._rx_srtp, Session)
    assert isinstance(server._ssl, SSL.Connection)
    assert server._ssl.get_selected_srtp_profile() in [each.openssl_profile for each in SRTP_PROFILES]
    packet = b"\x80\x60" + bytes(10)
    assert client._rx_srtp.unprotect(_sending_session(server._ssl).protect(packet)) == packet
    await server.stop()
    await client.stop()
    await asyncio.sleep(0)


def test_the_ssl_context_is_made_by_the_certificate_and_can_be_narrowed() -> None:
    assert list(inspect.signature(RTCCertificate._create_ssl_context).parameters) == ["self", "srtp_profiles"]
    context = Certificate.generateCertificate()._create_ssl_context(srtp_profiles=SRTP_PROFILES)
    assert isinstance(context, SSL.Context)


def test_the_pipe_has_what_the_dtls_transport_asks_of_its_transport() -> None:
    source = inspect.getsource(RTCDtlsTransport)
    assert "self.transport._recv()" in source
    assert "self.transport._send(data)" in source
    assert "self.transport.role" in source
    assert inspect.iscoroutinefunction(DatagramPipe._recv)
    assert inspect.iscoroutinefunction(DatagramPipe._send)


def test_a_session_holds_its_libsrtp_handle_and_the_binding_works_on_any_buffer() -> None:
    key = {"key": bytes(28), "srtp_profile": Policy.SRTP_PROFILE_AEAD_AES_128_GCM}
    ours, theirs = (
        Session(Policy(ssrc_type=kind, **key)) for kind in (Policy.SSRC_ANY_OUTBOUND, Policy.SSRC_ANY_INBOUND)
    )
    assert ffi.typeof(ours._srtp[0]) is ffi.typeof("srtp_t")
    for function in (lib.srtp_protect, lib.srtp_protect_rtcp, lib.srtp_unprotect, lib.srtp_unprotect_rtcp):
        assert [each.cname for each in ffi.typeof(function).args][1:] == ["void *", "int *"]
    packet = b"\x80\x60" + bytes(10)
    memory, length = ffi.new("char[]", packet + bytes(20)), ffi.new("int *", len(packet))
    assert lib.srtp_protect(ours._srtp[0], memory, length) == lib.srtp_err_status_ok == 0
    assert theirs.unprotect(bytes(ffi.buffer(memory, length[0]))) == packet
