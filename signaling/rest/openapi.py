"""The interface's description in OpenAPI 3.1, made from the table of routes and the models, so that it cannot say anything else."""

from __future__ import annotations

import re
from typing import Any, Final

from pydantic import BaseModel
from pydantic.json_schema import JsonSchemaMode, models_json_schema

from signaling.errors import RequestRefused
from signaling.reports import REPORTS
from signaling.rest.idempotency import HEADER
from signaling.rest.models import ErrorAnswer
from signaling.rest.queries import NoQuery, Query
from signaling.rest.scopes import Scope
from signaling.rest.table import PREFIX, ROUTES, Route

__all__ = ["describe"]

_ALWAYS: Final = ("bad_request", "unauthorized", "forbidden", "too_many_requests", "storage_failed", "internal")
_TAKES_BODY: Final = ("too_large",)
_PARAMETER: Final = re.compile(r"\{(\w+)\}")
_TOLD: Final = {
    "id": {"schema": {"type": "string"}, "description": "The appointment's `id`."},
    "key": {"schema": {"type": "string"}, "description": "The check-in item's `key`."},
    "report": {"schema": {"type": "string", "enum": sorted(REPORTS)}, "description": "Which report."},
}
_ABOUT: Final = """\
Book, read and change appointments from a portal or another program.

Times in answers are RFC 3339 in UTC. An unknown field in a request is refused; ignore unknown fields in answers.
Each failure is `{"error": {"code", "message"}}` with a stable `code`; `field` and `reason` are added where one field is at fault.
More than 20 requests a second (100 at once) by one caller are refused as `too_many_requests`; `retry_after_s` in that
error says after how many seconds to try again.
Every read and every change is in the audit trail."""


def describe(base_url: str) -> dict[str, Any]:
    """Return the document."""
    schemas = _schemas()
    return {
        "openapi": "3.1.0",
        "info": {"title": "video-visit appointments", "version": "1", "description": _ABOUT},
        "servers": [{"url": base_url + PREFIX}],
        "security": [{"apiToken": []}, {"staffToken": []}],
        "paths": _paths(),
        "components": {
            "schemas": schemas,
            "securitySchemes": {
                "apiToken": _bearer(
                    "A token made by `video-visit token create`. Scopes: " + ", ".join(f"`{scope}`" for scope in Scope)
                ),
                "staffToken": _bearer("A staff member's session, in their own clinic and role."),
            },
        },
    }


def _bearer(description: str) -> dict[str, str]:
    return {"type": "http", "scheme": "bearer", "bearerFormat": "JWT", "description": description}


def _schemas() -> dict[str, Any]:
    wanted: list[tuple[type[BaseModel], JsonSchemaMode]] = [(ErrorAnswer, "serialization")]
    wanted += [(one.answer, "serialization") for one in ROUTES if one.answer is not None]
    wanted += [(one.asks, "validation") for one in ROUTES if one.asks is not None]
    _, document = models_json_schema(list(dict.fromkeys(wanted)), ref_template="#/components/schemas/{model}")
    schemas: dict[str, Any] = document["$defs"]
    return schemas


def _paths() -> dict[str, Any]:
    paths: dict[str, Any] = {}
    for route in ROUTES:
        paths.setdefault(route.path, {})[route.method.lower()] = _operation(route)
    paths["/openapi.json"] = {
        "get": {
            "operationId": "openapi",
            "summary": "Read this description.",
            "security": [],
            "responses": {
                "200": {"description": "OpenAPI 3.1", "content": {"application/json": {"schema": {"type": "object"}}}}
            },
        }
    }
    return paths


def _operation(route: Route) -> dict[str, Any]:
    roles = f"An API token needs the scope `{route.scope}`."
    if route.name == "waive_check_in":
        roles = "For a staff member's session alone: no API token may do it, whatever its scopes."
    operation: dict[str, Any] = {
        "operationId": route.name,
        "summary": route.summary,
        "description": roles,
        "parameters": [*_in_path(route.path), *_in_query(route.query), *([_ONCE] if route.once else [])],
        "responses": {str(route.status): _success(route), **_refusals(route)},
    }
    if route.asks is not None:
        content = {"application/json": {"schema": _ref(route.asks.__name__)}}
        operation["requestBody"] = {"required": bool(route.asks.model_fields), "content": content}
    return operation


_ONCE: Final = {
    "name": HEADER,
    "in": "header",
    "schema": {"type": "string", "minLength": 16, "maxLength": 128},
    "description": "Sent again within 24 hours with the same body, the request makes nothing and gives the first answer once more.",
    "example": "0b7d0f6c-2f5e-4c7a-9f0e-6f1f2f3a4b5c",
}


def _success(route: Route) -> dict[str, Any]:
    if route.answer is None:
        return {"description": "CSV", "content": {"text/csv": {"schema": {"type": "string"}}}}
    return {"description": "Done", "content": {"application/json": {"schema": _ref(route.answer.__name__)}}}


def _refusals(route: Route) -> dict[str, Any]:
    codes = [*_ALWAYS, *(_TAKES_BODY if route.asks else ()), *route.refusals]
    by_status: dict[int, list[str]] = {}
    for code in codes:
        by_status.setdefault(int(RequestRefused(code).status), []).append(code)
    return {
        str(status): {
            "description": ", ".join(f"`{code}`" for code in sorted(told)),
            "content": {"application/json": {"schema": _ref(ErrorAnswer.__name__)}},
        }
        for status, told in sorted(by_status.items())
    }


def _in_path(path: str) -> list[dict[str, Any]]:
    return [{"name": name, "in": "path", "required": True, **_TOLD[name]} for name in _PARAMETER.findall(path)]


def _in_query(model: type[Query]) -> list[dict[str, Any]]:
    if model is NoQuery:
        return []
    schema = model.model_json_schema(ref_template="#/components/schemas/{model}")
    return [
        {
            "name": name,
            "in": "query",
            "required": name in schema.get("required", []),
            "description": told.pop("description", ""),
            "schema": told,
        }
        for name, told in schema["properties"].items()
    ]


def _ref(name: str) -> dict[str, str]:
    return {"$ref": f"#/components/schemas/{name}"}
