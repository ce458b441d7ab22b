"""How a request's body is read, and how an answer is written."""

from __future__ import annotations

from typing import TypeVar

from aiohttp import web
from pydantic import BaseModel, ValidationError

from signaling.errors import RequestRefused
from signaling.rest.models import Empty
from signaling.rest.queries import fault_of
from signaling.wire import Request

__all__ = ["answered", "answered_text", "read_body"]

_Model = TypeVar("_Model", bound=Request)


async def read_body(request: web.Request, model: type[_Model]) -> _Model:
    """Return the request's JSON; one that says nothing needs none. Raises `RequestRefused` ``bad_request`` naming the field."""
    if model is Empty and not request.can_read_body:
        return model()
    if request.content_type != "application/json":
        raise RequestRefused("bad_request", field="Content-Type", reason="must be application/json")
    try:
        return model.model_validate_json(await request.read())
    except ValidationError as error:
        raise fault_of(error) from None


def answered(model: BaseModel) -> web.Response:
    """Return the answer in JSON."""
    return answered_text(model.model_dump_json(), 200)


def answered_text(text: str, status: int) -> web.Response:
    """Return an answer that is JSON already. Nothing on the way may keep it."""
    headers = {"Cache-Control": "no-store"}
    return web.Response(text=text, status=status, content_type="application/json", headers=headers)
