import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from media.dtls import CERTIFICATE_MARGIN, MAX_BACKLOG, Certificate, Certificates, DatagramPipe


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
