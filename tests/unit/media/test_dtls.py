import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any, cast

import pytest
from aiortc import RTCCertificate, RTCDtlsTransport
from pylibsrtp import Error as SrtpError

from media.dtls import (
    CERTIFICATE_MARGIN,
    MAX_BACKLOG,
    SRTP_WINDOW,
    Certificate,
    Certificates,
    DatagramPipe,
    DtlsSession,
)
from tests.unit.media.doubles import rtp


class WallClock:
    def __init__(self) -> None:
        self.now = datetime.now(UTC)

    def __call__(self) -> datetime:
        return self.now


def test_a_certificate_is_used_until_its_last_week_and_then_renewed() -> None:
    clock = WallClock()
    certificates = Certificates(clock)
    first = certificates.current()
    clock.now = first.expires - CERTIFICATE_MARGIN - timedelta(seconds=1)
    assert certificates.current() is first
    clock.now += timedelta(seconds=2)
    second = certificates.current()
    assert second is not first
    assert second.sha256 != first.sha256


def test_the_fingerprint_is_the_one_of_the_certificate() -> None:
    certificate = Certificate.generateCertificate()
    assert len(certificate.sha256.split(":")) == 32
    assert certificate.sha256 in [each.value for each in certificate.getFingerprints()]


async def test_the_pipe_gives_in_order_what_it_was_given_and_is_bounded() -> None:
    pipe = DatagramPipe(lambda _: None)
    taken = [pipe.put(bytes([number])) for number in range(MAX_BACKLOG + 1)]
    assert taken == [True] * MAX_BACKLOG + [False]
    assert [await pipe._recv() for _ in range(3)] == [b"\x00", b"\x01", b"\x02"]


async def test_the_pipe_waits_and_survives_a_cancelled_wait() -> None:
    pipe = DatagramPipe(lambda _: None)
    impatient = asyncio.ensure_future(pipe._recv())
    await asyncio.sleep(0)
    impatient.cancel()
    waiting = asyncio.ensure_future(pipe._recv())
    await asyncio.sleep(0)
    pipe.put(b"x")
    assert await waiting == b"x"
    assert impatient.cancelled()


async def test_a_closed_pipe_gives_nothing_more_and_wakes_who_waits() -> None:
    pipe = DatagramPipe(lambda _: None)
    waiting = asyncio.ensure_future(pipe._recv())
    await asyncio.sleep(0)
    pipe.put(b"x")
    pipe.close()
    for reader in (waiting, pipe._recv()):
        with pytest.raises(ConnectionError):
            await reader


async def test_what_is_sent_is_protected_once_and_never_under_an_index_that_was_used() -> None:
    certificate = Certificate.generateCertificate()
    ours = DtlsSession(certificate, lambda data: cast("None", theirs.put(data)))
    theirs = DatagramPipe(ours.pipe.put)
    theirs.role = "controlled"
    client = RTCDtlsTransport(cast("Any", theirs), [RTCCertificate.generateCertificate()])
    named = [(each.algorithm, each.value) for each in client.getLocalParameters().fingerprints]
    expected = RTCDtlsTransport(cast("Any", ours.pipe), [certificate]).getLocalParameters()
    sessions, _ = await asyncio.gather(ours.handshake(named), client.start(expected))
    assert sessions is not None
    rx, tx = sessions
    assert rx.unprotect(client._tx_srtp.protect(rtp(1, 1))) == rtp(1, 1)
    for number in (1, 0, SRTP_WINDOW, SRTP_WINDOW - 1):
        assert client._rx_srtp.unprotect(tx.protect(rtp(1, number))) == rtp(1, number)
    for number in (0, 1, SRTP_WINDOW):
        with pytest.raises(SrtpError):
            tx.protect(rtp(1, number, b"other"))
    await client.stop()
    await ours.stop()
    await asyncio.sleep(0)
