"""What the commands about appointments share: a front office over the settings' store, beside a server that may be running."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, TypeVar

import click
from rich.console import Console

from signaling.accounts import OPERATOR
from signaling.appointments import Appointments
from signaling.cli_frame import with_store
from signaling.clinics import Clinics
from signaling.clock import utc_now
from signaling.errors import refusal_of
from signaling.logs import configure_logging
from signaling.rest.answers import Teller
from signaling.settings import load_settings
from signaling.visits import Visits
from waiting_room.errors import InvalidField, StoreFailed, VisitUnknown, WaitingRoomError
from waiting_room.store import Store

__all__ = ["DAY", "Office", "by_operator", "in_office", "table_console"]

R = TypeVar("R")


class _Day(click.DateTime):
    """A date of our time, as the interface for portals bounds it: beyond it, the arithmetic of days ends."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        day = super().convert(value, param, ctx)
        if not _YEARS[0] <= day.year < _YEARS[1]:
            self.fail(f"must lie between {_YEARS[0]} and {_YEARS[1]}", param, ctx)
        return day


_YEARS: Final = (2000, 2200)
DAY = _Day(["%Y-%m-%d"])


@dataclass(frozen=True, slots=True)
class Office:
    """The parts a command needs. What it changes, a running server notices within a second or two."""

    store: Store
    visits: Visits
    clinics: Clinics
    appointments: Appointments
    teller: Teller


def in_office(config: Path | None, use: Callable[[Office], Awaitable[R]], *, create: bool = False) -> R:
    """Run something in the front office. Raises what the frame of the commands tells the operator.

    ``create`` makes a store that does not exist yet: for what books.
    """
    settings = load_settings(config)
    # Only what went wrong: a command's output is its answer.
    configure_logging("console", "warning")

    async def work(store: Store) -> R:
        clinics = Clinics(settings)
        visits = Visits(store, clock=utc_now, listener=lambda _visit, _events: None)
        appointments = Appointments(visits, store, clinics, settings.base_url, utc_now)
        office = Office(store, visits, clinics, appointments, Teller(clinics, await store.list_staff()))
        try:
            return await use(office)
        except (InvalidField, VisitUnknown, StoreFailed):
            raise
        except WaitingRoomError as error:
            raise refusal_of(error) from error

    return asyncio.run(with_store(settings, work, create=create))


def by_operator() -> dict[str, Any]:
    """Return what an event outside of visits carries, made at the command line."""
    return {"visit": "", "at": utc_now(), "actor": OPERATOR.id, "role": OPERATOR.role, "device": OPERATOR.device}


def table_console() -> Console:
    """Return where tables go. What is folded cannot be searched for: off a terminal better one that is too wide."""
    return Console(width=None if sys.stdout.isatty() else 1000)
