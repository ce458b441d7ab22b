"""What every HTTP answer goes through: security headers, errors with stable codes and no inner detail, the true address."""

from __future__ import annotations

import ipaddress
from collections.abc import Awaitable, Callable
from typing import Any, Final

import structlog
from aiohttp import web

from signaling.errors import RequestRefused, refusal_of
from signaling.settings import Settings
from waiting_room.errors import WaitingRoomError

__all__ = ["address_of", "answer_errors", "security_headers"]

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

log = structlog.get_logger(__name__)

_CODES: Final = {404: "not_found", 405: "method_not_allowed", 413: "too_large"}
IPV6: Final = 6
_BAD_REQUEST: Final = 400
_SERVER_ERROR: Final = 500


def security_headers(settings: Settings) -> dict[str, str]:
    """Return the headers of every answer, as strict as the pages allow."""
    origins = [settings.base_url, *settings.extra_origins]
    sockets = " ".join(dict.fromkeys("ws" + origin.removeprefix("http") for origin in origins))
    ancestors = " ".join(settings.frame_ancestors) or "'none'"
    policy = {
        "default-src": "'none'",
        "script-src": "'self'",
        "style-src": "'self'",
        "img-src": "'self' blob: data:",
        "media-src": "'self' blob:",
        "connect-src": f"'self' {sockets}",
        "base-uri": "'none'",
        "form-action": "'self'",
        "frame-ancestors": ancestors,
        "require-trusted-types-for": "'script'",
        "trusted-types": "lit-html",
    }
    headers = {
        "Content-Security-Policy": "; ".join(f"{name} {value}" for name, value in policy.items()),
        "Permissions-Policy": "camera=(self), microphone=(self), display-capture=(self)",
        "Referrer-Policy": "no-referrer",
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "same-origin",
        "X-Content-Type-Options": "nosniff",
        "X-Robots-Tag": "noindex, nofollow",
        "Server": "video-visit",
    }
    if settings.base_url.startswith("https:"):
        headers["Strict-Transport-Security"] = "max-age=31536000"
    return headers


def address_of(settings: Settings) -> Callable[[web.Request], str]:
    """Return how to tell a caller's address: forwarding headers count only where a configured proxy wrote them.

    An IPv6 caller is known by the /64, of which one household or one attacker has the whole.
    """
    trusted = set(settings.trusted_proxies)

    def address(request: web.Request) -> str:
        nearest = request.remote or ""
        if nearest not in trusted:
            return _network(nearest)
        # Every line of it: some proxies add a line of their own below the caller's.
        hops = [
            hop.strip() for hop in ",".join(request.headers.getall("X-Forwarded-For", [])).split(",") if hop.strip()
        ]
        return _network(next((hop for hop in reversed(hops) if hop not in trusted), nearest))

    return address


def _network(text: str) -> str:
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        return "unknown"
    return str(ipaddress.ip_network((address, 64), strict=False)) if address.version == IPV6 else text


@web.middleware
async def answer_errors(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Turn every failure into the documented shape."""
    try:
        return await handler(request)
    except (RequestRefused, WaitingRoomError) as error:
        refused = error if isinstance(error, RequestRefused) else refusal_of(error)
        if refused.status >= _SERVER_ERROR:
            log.exception("request_failed", code=refused.code)
        return _refuse(refused)
    except web.HTTPException as error:
        if error.status < _BAD_REQUEST:
            raise
        return _refuse(
            RequestRefused(_CODES.get(error.status, "bad_request" if error.status < _SERVER_ERROR else "internal"))
        )
    except Exception:
        # The last line before the socket: the fault is ours, so the client gets a generic code and the log the rest.
        log.exception("request_crashed")
        return _refuse(RequestRefused("internal"))


def _refuse(refused: RequestRefused) -> web.Response:
    headers: dict[str, Any] = {"Cache-Control": "no-store"}
    if "retry_after_s" in refused.facts:
        headers["Retry-After"] = str(refused.facts["retry_after_s"])
    return web.json_response(refused.body, status=refused.status, headers=headers)
