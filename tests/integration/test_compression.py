"""What a page weighs on the way: every form of a body is the same body, and each browser gets the one it asked for."""

from __future__ import annotations

import asyncio
import gzip
from pathlib import Path

import aiohttp
import brotli
import pytest

from tests.support.clinic import Clinic

DECODE = {"br": brotli.decompress, "gzip": gzip.decompress}


async def sent(clinic: Clinic, path: str, accepted: str | None) -> tuple[str | None, bytes, dict[str, str]]:
    """The coding, the bytes and the headers of an answer, as they came."""
    headers = {} if accepted is None else {"Accept-Encoding": accepted}
    async with (
        aiohttp.ClientSession(auto_decompress=False, skip_auto_headers=["Accept-Encoding"]) as http,
        http.get(clinic.settings.base_url + path, headers=headers) as answer,
    ):
        assert answer.status == 200
        return answer.headers.get("Content-Encoding"), await answer.read(), dict(answer.headers)


async def addresses(clinic: Clinic, page: str = "/v") -> list[str]:
    """The page and all that it names."""
    await compressed(clinic, page)
    _, body, _ = await sent(clinic, page, None)
    return [page, *(part for part in body.decode().split('"') if part.startswith("/assets/"))]


async def compressed(clinic: Clinic, path: str) -> None:
    """Brotli takes its time after the start; gzip serves till then."""
    async with asyncio.timeout(30):
        while (await sent(clinic, path, "br"))[0] is None:
            await asyncio.sleep(0.05)


@pytest.mark.parametrize("page", ["/v", "/care", "/test"])
async def test_all_that_a_page_loads_comes_compressed_and_is_the_same(clinic: Clinic, page: str) -> None:
    for path in await addresses(clinic, page):
        await compressed(clinic, path)
        _, plain, _ = await sent(clinic, path, None)
        sizes = {}
        for coding, decode in DECODE.items():
            named, body, headers = await sent(clinic, path, coding)
            assert (named, headers["Vary"]) == (coding, "Accept-Encoding")
            assert decode(body) == plain
            sizes[coding] = len(body)
        # Of a few words, names of other files among them, either may be shorter by a byte or two.
        assert sizes["br"] <= sizes["gzip"] or len(plain) < 256, path


@pytest.mark.parametrize(
    ("accepted", "coding"),
    [
        ("gzip, deflate, br, zstd", "br"),
        ("gzip, deflate", "gzip"),
        ("br;q=0, gzip", "gzip"),
        ("br;q=0, gzip;q=0", None),
        ("br;q=0.1, gzip;q=0.9", "gzip"),
        ("*;q=0", None),
        ("nothing-known", None),
        (None, None),
    ],
)
async def test_a_browser_gets_the_form_it_asks_for(clinic: Clinic, accepted: str | None, coding: str | None) -> None:
    for path in (await addresses(clinic))[:2]:
        await compressed(clinic, path)
        named, body, headers = await sent(clinic, path, accepted)
        assert (named, int(headers["Content-Length"])) == (coding, len(body))


async def test_each_file_says_what_it_is(clinic: Clinic) -> None:
    types = {".svg": "image/svg+xml", ".css": "text/css; charset=utf-8", ".js": "text/javascript; charset=utf-8"}
    found = {
        Path(path).suffix: (await sent(clinic, path, None))[2]["Content-Type"] for path in (await addresses(clinic))[1:]
    }
    assert found == types
