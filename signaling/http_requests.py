"""What the handlers of ``/api/v1`` read from a request, and the form of their answers."""

from __future__ import annotations

from typing import TypeVar

from aiohttp import web
from pydantic import BaseModel, ValidationError

from signaling.device_class import DeviceClass, device_class
from signaling.errors import RequestRefused

__all__ = ["answer", "bearer_token", "device_of", "read"]

_Model = TypeVar("_Model", bound=BaseModel)


async def read(request: web.Request, model: type[_Model]) -> _Model:
    """Return the body. Raises `RequestRefused` ``bad_request``; forms of other sites are not JSON and come no further."""
    if request.content_type != "application/json":
        raise RequestRefused("bad_request")
    try:
        return model.model_validate_json(await request.read())
    except ValidationError as error:
        raise RequestRefused("bad_request") from error


def bearer_token(request: web.Request) -> str:
    """Return the token of the Authorization header (RFC 6750 §2.1). Raises `RequestRefused` ``unauthorized``."""
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer":
        raise RequestRefused("unauthorized")
    return token.strip()


def device_of(request: web.Request) -> DeviceClass:
    """Return the class of the device that asks."""
    return device_class(request.headers.get("User-Agent", ""))


def answer(model: BaseModel) -> web.Response:
    """Return the answer. It may hold a token, so nothing keeps it."""
    return web.Response(
        text=model.model_dump_json(), content_type="application/json", headers={"Cache-Control": "no-store"}
    )
