"""What may stand behind the question mark, and the cursor from one page to the next."""

from __future__ import annotations

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from datetime import date, datetime, timedelta
from typing import Annotated, Any, Final, TypeVar, get_origin

from aiohttp import web
from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    ConfigDict,
    Field,
    TypeAdapter,
    ValidationError,
    model_validator,
)

from signaling.errors import RequestRefused
from signaling.wire import Identifier
from waiting_room.model import Visit, VisitPhase

__all__ = ["ListQuery", "NoQuery", "PeriodQuery", "cursor_after", "fault_of", "read_cursor", "read_query"]

LONGEST_PERIOD: Final = timedelta(days=366)
_EARLIEST: Final = date(2000, 1, 1)
_LATEST: Final = date(2200, 1, 1)
_CURSOR: Final = TypeAdapter(tuple[AwareDatetime, str])


def _of_our_time(day: date) -> date:
    if not _EARLIEST <= day <= _LATEST:
        raise ValueError("must lie between 2000 and 2200")
    return day


Day = Annotated[date, AfterValidator(_of_our_time)]


class Query(BaseModel):
    """Base: an unknown parameter is refused."""

    model_config = ConfigDict(extra="forbid")


class NoQuery(Query):
    """No parameter at all."""


class ListQuery(Query):
    """Which appointments to list."""

    day: Day | None = Field(None, description="A day in the clinic's time zone, such as 2026-11-23.")
    clinic: Identifier | None = Field(
        None, description="A clinic's id. Needed with `day` where the caller has several."
    )
    provider: str | None = Field(None, max_length=64, description="A provider's user name.")
    state: list[VisitPhase] = Field(default_factory=list, max_length=6, description="May be given several times.")
    cursor: str | None = Field(None, max_length=200, description="`next` of the page before.")
    limit: int = Field(100, ge=1, le=200)


class PeriodQuery(Query):
    """The days that a report covers, both included, in each clinic's own time zone; a year at most."""

    model_config = ConfigDict(extra="forbid", validate_by_alias=True, validate_by_name=False)

    first: Day = Field(alias="from")
    last: Day = Field(alias="to")
    clinic: Identifier | None = None

    @model_validator(mode="after")
    def _in_order(self) -> PeriodQuery:
        if not timedelta() <= self.last - self.first <= LONGEST_PERIOD:
            raise ValueError("to must not lie before from, nor more than a year after it")
        return self


_Query = TypeVar("_Query", bound=Query)


def read_query(request: web.Request, model: type[_Query]) -> _Query:
    """Return the request's parameters. Raises `RequestRefused` ``bad_request`` naming the one that is wrong."""
    given: dict[str, Any] = {}
    for name in request.query:
        values = request.query.getall(name)
        field = model.model_fields.get(name)
        several = field is not None and get_origin(field.annotation) is list
        if len(values) > 1 and not several:
            raise RequestRefused("bad_request", field=name, reason="stands twice")
        given[name] = values if several else values[0]
    try:
        return model.model_validate(given)
    except ValidationError as error:
        raise fault_of(error) from None


def fault_of(error: ValidationError) -> RequestRefused:
    """Return the refusal that names the first wrong field, and never shows what stood there."""
    fault = error.errors(include_input=False, include_url=False, include_context=False)[0]
    field = ".".join(str(part) for part in fault["loc"])[:200]
    return RequestRefused("bad_request", field=field, reason=fault["msg"].removeprefix("Value error, "))


def cursor_after(visit: Visit) -> str:
    """Return the cursor of the page that begins after this one."""
    return urlsafe_b64encode(json.dumps([visit.starts_at.isoformat(), visit.id]).encode()).decode().rstrip("=")


def read_cursor(cursor: str) -> tuple[datetime, str]:
    """Return where a page begins. Raises `RequestRefused` ``bad_request``."""
    try:
        return _CURSOR.validate_json(urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    except ValueError as error:
        raise RequestRefused("bad_request", field="cursor", reason="is none that was given here") from error
