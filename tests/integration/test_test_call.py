"""An aiortc client calls itself through a real node on loopback."""

import asyncio
import itertools
import re
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any, cast

import pytest

from media import MediaEvent, MediaNode, NodeSettings
from media.rtp import is_rtcp
from media.test_call import LONGEST_S, SETTLE_S, SOUND_DELAY_S, EchoCall
from tests.support.webrtc import RED, Participant, until

PROMPT_HZ = (659.25, 987.77)


class SkewedClock:
    """The monotonic clock, which a test may set forward."""

    skew = 0.0

    def __call__(self) -> float:
        return time.monotonic() + self.skew


@dataclass
class Line:
    """A node, and a person who calls it."""

    node: MediaNode
    clock: SkewedClock
    person: Participant = field(init=False)
    call: EchoCall = field(init=False)
    changes: int = 0
    over: int = 0

    async def dial(self) -> None:
        self.call = self.node.open_test_call("test-1", on_change=self._changed, on_over=self._ended)
        self.person = Participant(cast("Any", self.call), RED)
        await self.person.negotiate()
        await until(lambda: self.node.stats().transports_connected == 1, "connected")

    def _changed(self) -> None:
        self.changes += 1

    def _ended(self) -> None:
        self.over += 1


@pytest.fixture
async def line() -> AsyncIterator[Line]:
    events: list[MediaEvent] = []
    clock = SkewedClock()
    # A clock that is set forward must not take the consent away.
    settings = NodeSettings(bind_host="127.0.0.1", consent_timeout_s=10 * LONGEST_S)
    line = Line(await MediaNode.open(settings, events.append, clock=clock), clock)
    await line.dial()
    yield line
    await line.person.close()
    await line.node.close()
    assert events == []


def drop_every(number: int, person: Participant) -> None:
    """Lose one in so many of the RTP packets that this person sends, before they are on the wire."""
    transport = person.connection.getSenders()[0].transport
    send, count = transport._send_rtp, itertools.count(1)

    async def lossy(data: bytes) -> None:
        if is_rtcp(data) or next(count) % number:
            await send(data)

    transport._send_rtp = lossy  # type: ignore[method-assign]


def ssrcs(sdp: str) -> set[str]:
    return set(re.findall(r"a=ssrc:(\d+)", sdp))


async def test_the_own_picture_comes_back_at_once_the_prompt_next_and_the_own_sound_two_seconds_later(
    line: Line,
) -> None:
    connected_at = time.monotonic()
    person = line.person
    await until(lambda: person.sees(RED), "the own picture")
    pictured_after = time.monotonic() - connected_at
    await until(lambda: any(abs(heard - PROMPT_HZ[1]) < 15 for heard in person.heard), "the prompt")
    assert not any(abs(heard - RED.hertz) < 15 for heard in person.heard)
    await until(lambda: any(abs(heard - RED.hertz) < 15 for heard in person.heard), "the own sound")
    sounded_after = time.monotonic() - connected_at
    assert pictured_after < SOUND_DELAY_S
    assert SOUND_DELAY_S - 0.1 < sounded_after < SOUND_DELAY_S + 1.5


async def test_what_comes_back_has_ssrcs_and_streams_of_its_own(line: Line) -> None:
    offer, answer = (
        each.sdp for each in (line.person.connection.remoteDescription, line.person.connection.localDescription)
    )
    assert len(ssrcs(offer)) == 4
    assert len(ssrcs(answer)) >= 2
    assert ssrcs(offer).isdisjoint(ssrcs(answer))
    assert set(re.findall(r"a=msid:(\S+)", offer)) == {"echo", "echo-sound", "prompt"}
    wanted = line.call.negotiation()
    assert {(one.source.value, one.endpoint_id) for one in wanted.remote} == {
        ("camera", "echo"), ("audio", "echo-sound"), ("audio", "prompt")
    }  # fmt: skip
    assert wanted.publish


async def test_it_measures_what_arrives(line: Line) -> None:
    await until(lambda: line.person.sees(RED), "the own picture")
    figures = None
    for _ in range(4):  # once a second, as a page is told
        figures = line.call.uplink()
        await asyncio.sleep(1)
    assert figures is not None
    assert figures.loss == 0.0
    assert figures.seconds > 2
    assert 0 < figures.video_kbps < figures.kbps
    assert figures.jitter_ms < 200


async def test_what_is_lost_on_the_way_up_is_seen(line: Line) -> None:
    await until(lambda: line.person.sees(RED), "the own picture")
    drop_every(5, line.person)
    figures = line.call.uplink()
    while figures is None or figures.seconds < SETTLE_S + 3:
        await asyncio.sleep(0.3)
        figures = line.call.uplink()
    assert figures.loss == pytest.approx(0.2, abs=0.05)


async def test_after_a_minute_it_ends_by_itself_and_once(line: Line) -> None:
    await until(lambda: line.person.sees(RED), "the own picture")
    assert 0 < line.call.ends_in_s() <= LONGEST_S
    line.clock.skew = LONGEST_S - 5
    await asyncio.sleep(0.7)
    assert not line.call.is_closed
    line.clock.skew = LONGEST_S
    await until(lambda: line.over == 1, "over")
    await until(lambda: line.person.connection.connectionState == "closed", "the person is told", within_s=3)
    await asyncio.sleep(0.7)
    assert (line.over, line.node.stats().test_calls, line.node.stats().transports_connected) == (1, 0, 0)


async def test_nothing_of_the_sound_stays_in_memory_when_it_ends(line: Line) -> None:
    ring = line.call._ring
    await until(lambda: len(ring) > 20, "sound is held")
    line.call.close()
    assert len(ring) == 0
    assert not any(ring._memory)
    line.call.close()
    assert line.over == 0


async def test_a_transport_that_dies_is_followed_by_another(line: Line) -> None:
    old = line.call.negotiation().transport
    changes = line.changes
    await line.person.connection.close()
    await until(lambda: line.changes > changes, "a new offer")
    assert line.call.negotiation().transport != old
    await line.person.negotiate()
    line.person.seen.clear()
    line.person.heard.clear()
    await until(lambda: line.person.sees(RED), "the own picture again")
    await until(lambda: any(abs(heard - RED.hertz) < 15 for heard in line.person.heard), "the own sound again")


async def test_closing_the_node_ends_it(line: Line) -> None:
    await line.node.close()
    assert line.call.is_closed
