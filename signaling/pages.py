"""Serves the pages and their assets from memory, compressed beforehand, under an address that changes with their content."""

from __future__ import annotations

import asyncio
import gzip
import hashlib
import html
import json
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Final

import brotli
import structlog
from aiohttp import web

import web_client
from signaling.built_pages import BUILT, join_styles, joined_pages, load_joined
from signaling.content_coding import IDENTITY, choose_coding
from signaling.dictionaries import read_dictionaries
from signaling.errors import RequestRefused
from signaling.http_messages import ClinicCard

__all__ = ["Pages"]

log = structlog.get_logger(__name__)

_ALWAYS: Final = ("icons",)
_MODULES: Final = ("js", "vendor")
_PAGES: Final = {"/v": "patient", "/care": "care", "/test": "test"}
_TYPES: Final = {".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml"}
#: The smallest first.
_CODINGS: Final = ("br", "gzip")


@dataclass(frozen=True, slots=True)
class _Body:
    content_type: str
    plain: bytes
    coded: dict[str, bytes]

    def answer(self, request: web.Request, cache: str) -> web.Response:
        headers = {"Cache-Control": cache, "Vary": "Accept-Encoding", "Content-Type": self.content_type}
        offered = [coding for coding in _CODINGS if coding in self.coded]
        coding = choose_coding(request.headers.getall("Accept-Encoding", ()), offered)
        if coding == IDENTITY:
            return web.Response(body=self.plain, headers=headers)
        return web.Response(body=self.coded[coding], headers=headers | {"Content-Encoding": coding})


class Pages:
    """Reads the client once; a new version has new addresses, so browsers may keep the old one for ever."""

    def __init__(self, clinic: ClinicCard, root: Path | None = None) -> None:
        root = root or web_client.root()
        joined = joined_pages(root)
        if joined is None:
            log.warning("pages_not_built")
        self._assets = {
            path.relative_to(root).as_posix(): _body(_TYPES[path.suffix], path.read_bytes())
            for folder in (*_ALWAYS, *(_MODULES if joined is None else (BUILT,)))
            for path in sorted((root / folder).rglob("*"))
            if path.suffix in _TYPES
        }
        dictionaries = read_dictionaries(root / "i18n")
        for one in dictionaries:
            self._assets |= {name: _body("text/javascript", words) for name, words in one.modules().items()}
        languages = json.dumps({one.code: {"name": one.name, "locale": one.locale} for one in dictionaries})
        templates = {}
        for address, name in _PAGES.items():
            style = f"{BUILT}/{name}.css"
            templates[address], sheet = join_styles((root / f"{name}.html").read_text(), style, root)
            self._assets[style] = _body("text/css", sheet)
            if joined is not None:
                templates[address] = load_joined(templates[address], joined[name])
        digest = hashlib.sha256()
        for name, asset in self._assets.items():
            digest.update(name.encode() + b"\0" + asset.plain)
        self.prefix = f"/assets/{digest.hexdigest()[:16]}"
        self._pages = {
            address: _body(
                "text/html", _fill(template, prefix=self.prefix, languages=languages, clinic=clinic).encode()
            )
            for address, template in templates.items()
        }

    def routes(self) -> list[web.RouteDef]:
        """Return the routes to add to the application."""
        return [
            web.get("/", self.front),
            *(web.get(address, self.page) for address in self._pages),
            web.get(self.prefix + "/{name:.+}", self.asset),
        ]

    async def front(self, request: web.Request) -> web.Response:
        """Send who types the bare address to the staff's page; patients come by their link."""
        del request
        raise web.HTTPFound("/care")

    async def page(self, request: web.Request) -> web.Response:
        """Serve a page; it may carry a visit, so nothing keeps it."""
        return self._pages[request.path].answer(request, "no-store")

    async def asset(self, request: web.Request) -> web.Response:
        """Serve a file of the client."""
        asset = self._assets.get(request.match_info["name"])
        if asset is None:
            raise RequestRefused("not_found")
        return asset.answer(request, "public, max-age=31536000, immutable")

    async def compress(self) -> None:
        """Make the Brotli forms. They take a second of CPU: till then, gzip serves, and nobody waits for a start."""
        for body in (*self._pages.values(), *self._assets.values()):
            body.coded["br"] = await asyncio.to_thread(_brotli, body.plain)


def _fill(template: str, *, prefix: str, languages: str, clinic: ClinicCard) -> str:
    """Put in what the page must know before it can ask: where its assets are, and whom to call when nothing answers."""
    facts = {
        "assets": prefix,
        "lang": "en",
        "languages": languages,
        "clinic_name": clinic.name,
        "clinic_phone": clinic.phone,
        "clinic_color": clinic.color or "",
        "clinic_logo": clinic.logo or "",
    }
    for name, value in facts.items():
        template = template.replace("{{" + name + "}}", html.escape(value))
    return template


def _body(content_type: str, plain: bytes) -> _Body:
    typed = f"{content_type}; charset=utf-8" if content_type.startswith("text/") else content_type
    return _Body(typed, plain, {"gzip": gzip.compress(plain, 9, mtime=0)})


@lru_cache(maxsize=1024)
def _brotli(plain: bytes) -> bytes:
    """Compress as far as it goes; what several nodes of one process serve, once."""
    return bytes(brotli.compress(plain, quality=11))
