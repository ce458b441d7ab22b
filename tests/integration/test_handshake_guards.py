"""Whose handshake is taken, on real sockets (`cases-security.md`)."""

import asyncio

import pytest
from aiortc import RTCCertificate
from aiortc.rtcdtlstransport import SRTPProtectionProfile
from OpenSSL import SSL
from structlog.testing import capture_logs

from media import CloseReason, DropReason
from tests.support.media_port import Port
from tests.support.webrtc import until
from tests.unit.media.doubles import rtp


class NoCertificate(RTCCertificate):
    """A client that shows no certificate."""

    def _create_ssl_context(self, srtp_profiles: list[SRTPProtectionProfile]) -> SSL.Context:
        context = SSL.Context(SSL.DTLS_METHOD)
        context.set_verify(SSL.VERIFY_PEER, lambda *_: True)
        context.set_tlsext_use_srtp(b":".join(profile.openssl_profile for profile in srtp_profiles))
        return context


class NoSrtp(RTCCertificate):
    """A client that does not ask for SRTP."""

    def _create_ssl_context(self, srtp_profiles: list[SRTPProtectionProfile]) -> SSL.Context:  # noqa: ARG002
        context = SSL.Context(SSL.DTLS_METHOD)
        context.use_certificate(self._cert)
        context.use_privatekey(self._key)
        context.set_verify(SSL.VERIFY_PEER, lambda *_: True)
        return context


class Dtls10(RTCCertificate):
    """A client that knows nothing newer than DTLS 1.0."""

    def _create_ssl_context(self, srtp_profiles: list[SRTPProtectionProfile]) -> SSL.Context:
        context = super()._create_ssl_context(srtp_profiles)
        context.set_cipher_list(b"ALL:@SECLEVEL=0")
        context.set_min_proto_version(0xFEFF)
        context.set_max_proto_version(0xFEFF)
        return context


async def test_s33_a_client_that_shows_no_certificate_fails_cleanly(port: Port) -> None:
    offer = port.offer("one")
    peer = await port.enter("one", 100, NoCertificate.generateCertificate())
    with capture_logs() as lines:
        connecting = asyncio.ensure_future(peer.connect(offer))
        await until(lambda: port.reasons() == [CloseReason.DTLS_FAILED], "the handshake is refused")
    connecting.cancel()
    await asyncio.gather(connecting, return_exceptions=True)
    assert [line["event"] for line in lines] == ["transport_closed"]
    assert not port.endpoint("one").transport.was_connected
    peer.socket.send(rtp(100, 1))
    await until(lambda: port.dropped(DropReason.UNVALIDATED_ADDRESS) > 0, "its media go nowhere")
    assert port.node.stats().transports_connected == 0


@pytest.mark.parametrize("kind", [NoSrtp, Dtls10])
async def test_s34_dtls_without_srtp_and_dtls_1_0_are_refused(port: Port, kind: type[RTCCertificate]) -> None:
    offer = port.offer("one")
    peer = await port.enter("one", 100, kind.generateCertificate())
    connecting = asyncio.ensure_future(peer.connect(offer))
    await until(lambda: port.reasons() == [CloseReason.DTLS_FAILED], "the handshake is refused")
    connecting.cancel()
    await asyncio.gather(connecting, return_exceptions=True)
    assert port.node.stats().transports_connected == 0


async def test_s34_what_is_negotiated_is_dtls_1_2(port: Port) -> None:
    one, _ = await port.meet()
    assert one.dtls._ssl is not None
    assert one.dtls._ssl.get_protocol_version_name() == "DTLSv1.2"
