"""The clinics' logos, as pages fetch them."""

from __future__ import annotations

from aiohttp import web

from signaling.brand import Logo
from signaling.errors import RequestRefused

__all__ = ["Logos"]


class Logos:
    """Serves the clinics' logos from memory."""

    def __init__(self, logos: list[Logo]) -> None:
        self._logos = {logo.address: logo for logo in logos}

    def routes(self) -> list[web.RouteDef]:
        """Return the routes to add to the application."""
        return [web.get("/logo/{name}", self.logo)]

    async def logo(self, request: web.Request) -> web.Response:
        """Serve a logo. An SVG that is opened by itself runs nothing: the pages' content policy goes with it."""
        logo = self._logos.get(request.path)
        if logo is None:
            raise RequestRefused("not_found")
        headers = {"Cache-Control": "public, max-age=31536000, immutable"}
        return web.Response(body=logo.body, content_type=logo.content_type, headers=headers)
