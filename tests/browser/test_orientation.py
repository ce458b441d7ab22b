"""A phone that is turned sends its pixels as they are and says how far (`urn:3gpp:video-orientation`): real Chromium and relay."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Final

import pytest_asyncio
from aiortc.rtp import unpack_header_extensions

from media import Source
from tests.support.room_page import RoomPage

# The number of the header extension, in every offer of ours.
ORIENTATION: Final = 4

UPRIGHT: Final = [320, 240, "top left"]
TURNED: Final = {90: [240, 320, "top right"], 180: [320, 240, "bottom right"], 270: [240, 320, "bottom left"]}


@pytest_asyncio.fixture(loop_scope="session")
async def rig(tmp_path: Path) -> AsyncIterator[RoomPage]:
    async with RoomPage.open(tmp_path) as page:
        yield page


async def shows(rig: RoomPage, name: str, of: str, wanted: list[object]) -> None:
    """Wait until the picture of that person is shown in this size, with its mark in this corner."""
    remote = rig.find(name).negotiation().remote
    mid = next(one.mid for one in remote if (one.endpoint_id, one.source) == (of, Source.CAMERA))
    async with asyncio.timeout(15):
        while (await rig.page.evaluate("asked => shown(...asked)", [name, mid])) != wanted:
            await asyncio.sleep(0.1)


async def test_a_turned_picture_is_shown_upright_to_all_who_see_it_and_to_those_who_come_later(rig: RoomPage) -> None:
    await rig.enter("one", "two")
    await rig.sees("two", 1)
    await shows(rig, "two", "one", UPRIGHT)
    turns = watch_turns(rig, "one")
    for degrees in (180, 90):
        await rig.turn("one", degrees)
        await shows(rig, "two", "one", TURNED[degrees])
        # By the header, not by pixels that the sender turned itself.
        assert turns[-1:] == [degrees // 90]
    # With three the relay writes into the extension beside this one.
    await rig.enter("three")
    for name in ("two", "three"):
        await shows(rig, name, "one", TURNED[90])
    await rig.turn("one", 270)
    for name in ("two", "three"):
        await shows(rig, name, "one", TURNED[270])


def watch_turns(rig: RoomPage, name: str) -> list[int]:
    """Keep what the last two bits of each orientation element say that this person's camera sends, in quarters of a turn."""
    endpoint = rig.find(name)
    turns: list[int] = []

    def note(packet: bytes, arrived_at: float) -> None:
        del arrived_at
        profile, words = int.from_bytes(packet[12:14], "big"), int.from_bytes(packet[14:16], "big")
        elements = unpack_header_extensions(profile, packet[16 : 16 + 4 * words]) if packet[0] & 0x10 else []
        turns.extend(value[0] & 3 for number, value in elements if number == ORIENTATION)

    endpoint.transport.uplink.streams[endpoint.publications[Source.CAMERA].ssrcs[0]].sink = note
    return turns
