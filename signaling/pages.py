"""Serves the pages and their assets as they are, from memory, under an address that changes with their content."""

from __future__ import annotations

import gzip
import hashlib
import html
import mimetypes
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from aiohttp import web

import web_client
from signaling.errors import RequestRefused
from signaling.http_messages import ClinicCard

__all__ = ["Pages"]

_SERVED: Final = ("css", "js", "i18n", "vendor", "icons")
_PAGES: Final = {"/v": "patient.html", "/care": "care.html", "/test": "test.html"}
_TYPES: Final = {".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml"}
_COMPRESSED: Final = {"text/javascript", "text/css", "image/svg+xml"}


@dataclass(frozen=True, slots=True)
class _Asset:
    content_type: str
    plain: bytes
    gzipped: bytes | None


class Pages:
    """Reads the client once; a new version has new addresses, so browsers may keep the old one for ever."""

    def __init__(self, clinic: ClinicCard) -> None:
        root = web_client.root()
        self._assets = {
            str(path.relative_to(root).as_posix()): _read(path)
            for folder in _SERVED
            for path in sorted((root / folder).rglob("*"))
            if path.is_file()
        }
        digest = hashlib.sha256()
        for name, asset in self._assets.items():
            digest.update(name.encode() + b"\0" + asset.plain)
        self.prefix = f"/assets/{digest.hexdigest()[:16]}"
        self._pages = {
            address: _fill((root / name).read_text(), prefix=self.prefix, clinic=clinic)
            for address, name in _PAGES.items()
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
        return web.Response(
            text=self._pages[request.path],
            content_type="text/html",
            charset="utf-8",
            headers={"Cache-Control": "no-store"},
        )

    async def asset(self, request: web.Request) -> web.Response:
        """Serve a file of the client, compressed where the browser takes it."""
        asset = self._assets.get(request.match_info["name"])
        if asset is None:
            raise RequestRefused("not_found")
        headers = {"Cache-Control": "public, max-age=31536000, immutable", "Vary": "Accept-Encoding"}
        body = asset.plain
        if asset.gzipped is not None and "gzip" in request.headers.get("Accept-Encoding", ""):
            headers["Content-Encoding"] = "gzip"
            body = asset.gzipped
        return web.Response(body=body, content_type=asset.content_type, headers=headers)


def _fill(template: str, *, prefix: str, clinic: ClinicCard) -> str:
    """Put in what the page must know before it can ask: where its assets are, and whom to call when nothing answers."""
    facts = {
        "assets": prefix,
        "lang": "en",
        "clinic_name": clinic.name,
        "clinic_phone": clinic.phone,
        "clinic_color": clinic.color or "",
        "clinic_logo": clinic.logo or "",
    }
    for name, value in facts.items():
        template = template.replace("{{" + name + "}}", html.escape(value))
    return template


def _read(path: Path) -> _Asset:
    content_type = _TYPES.get(path.suffix) or mimetypes.guess_type(path.name)[0] or "application/octet-stream"
    plain = path.read_bytes()
    gzipped = gzip.compress(plain, 9, mtime=0) if content_type in _COMPRESSED else None
    return _Asset(content_type, plain, gzipped)
