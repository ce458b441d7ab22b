"""What real Chromium makes of the server's offers: people who come, go, are held, share, and find another way."""

from __future__ import annotations

import asyncio
import itertools
import re
from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from pathlib import Path

import pytest_asyncio

from media import Source, VideoCodec
from media.answer import read_answer
from media.endpoint import MAX_SECTIONS
from media.formats import OPUS, PAYLOAD_TYPES, RED
from media.offer import OWN_SECTIONS, Section
from media.publication import Publication
from signaling.requests import MAX_SDP
from tests.support.room_page import RoomPage
from tests.support.webrtc import until

VP8, H264 = (PAYLOAD_TYPES[codec] for codec in VideoCodec)


@pytest_asyncio.fixture(loop_scope="session")
async def rig(tmp_path: Path) -> AsyncIterator[RoomPage]:
    async with RoomPage.open(tmp_path) as page:
        yield page


def without(*formats: int) -> Callable[[str], str]:
    """As a browser answers that does not have these payload types."""
    missing = "|".join(map(str, formats))
    return lambda sdp: re.sub(rf"^(m=.*SAVPF.*?)((?: (?:{missing})\b)+)", r"\1", sdp, flags=re.MULTILINE)


async def test_while_one_of_three_is_held_and_comes_back_the_others_keep_their_connection(rig: RoomPage) -> None:
    one, two, _ = await rig.enter("one", "two", "three")
    for name in ("one", "two", "three"):
        await rig.sees(name, 2)
    kept = [one.transport, two.transport]
    rig.room.dismiss("three")
    await rig.settle()
    await rig.sees("one", 1)
    rig.room.admit("three")
    await rig.settle()
    for name in ("one", "two", "three"):
        await rig.sees(name, 2)
    assert [one.transport, two.transport] == kept


async def test_sound_is_sent_twice_and_the_picture_in_the_first_codec_that_all_take(rig: RoomPage) -> None:
    await rig.enter("one", "two")
    await rig.sends("one", RED, VP8)
    answer = await rig.page.evaluate("local('one')")
    assert answer.count("urn:3gpp:video-orientation") == 3
    assert answer.count("useinbandfec=1") == 2
    rig.rewrites["three"] = without(RED, VP8, VP8 + 1)
    await rig.enter("three")
    for name in ("one", "two", "three"):
        await rig.sends(name, OPUS, H264)
        await rig.sees(name, 2)
    rig.find("three").close()
    await rig.settle()
    await rig.sends("one", RED, VP8)
    await rig.sees("one", 1)


async def test_other_credentials_are_taken_in_mid_visit_and_nothing_stops(rig: RoomPage) -> None:
    one, _ = await rig.enter("one", "two")
    await rig.sees("one", 1)
    local = await rig.page.evaluate("local('one')")
    one.refresh(one.transport.id)
    fresh, before = one.transport.credentials, one.transport.last_check_at
    await rig.settle()
    assert await rig.page.evaluate("local('one')") != local
    await until(lambda: one.transport.last_check_at > before, "checks with the new credentials")
    await asyncio.sleep(4)
    assert one.transport.known_credentials.find(fresh.ufrag, 1e9) == fresh
    before = one.transport.last_check_at
    await until(lambda: one.transport.last_check_at > before, "checks go on when the former count no more")
    assert await rig.page.evaluate("state('one')") == "connected"
    for name in ("one", "two"):
        await rig.sees(name, 1)


async def test_a_screen_is_shown_hidden_and_shown_again(rig: RoomPage) -> None:
    one, two = await rig.enter("one", "two")
    await rig.sees("two", 1)
    await rig.page.evaluate("mid => share('one', mid)", one.negotiation().mids["screen"])
    for number in range(2):
        one.share(Source.SCREEN, on=True)
        await rig.settle()
        await rig.sees("two", 2)
        revision = two.negotiation().revision
        one.share(Source.SCREEN, on=False)
        await rig.settle()
        await rig.sees("two", 1)
        assert two.negotiation().revision == revision, number


async def test_the_answer_to_the_longest_offer_fits_the_wire(rig: RoomPage) -> None:
    (one,) = await rig.enter("one")
    sections = [
        Section(
            str(len(Source) + number),
            source,
            Publication(f"guest-{number // len(Source)}", "", source, (1_000 + number,)),
        )
        for number, source in enumerate(itertools.islice(itertools.cycle(Source), MAX_SECTIONS - len(Source)))
    ]
    here, gone = sections[: 4 * len(Source)], sections[4 * len(Source) :]
    longest = (*OWN_SECTIONS, *here, *(replace(each, active=False) for each in gone))
    assert len(longest) == MAX_SECTIONS
    offer = rig.node.write_offer(one.transport, 2, longest, one.formats)
    asked = {"name": "one", "transport": one.transport.id, "sdp": offer, "mids": one.negotiation().mids}
    answer = await rig.page.evaluate("asked => answer(asked)", {**asked, "publish": True})
    assert len(read_answer(answer, longest, one.formats).accepted) == len(here)
    assert len(answer) < MAX_SDP
