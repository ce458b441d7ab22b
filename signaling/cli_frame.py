"""What all commands of ``video-visit`` have in common: the settings they read, the store they open, how they fail."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from functools import wraps
from pathlib import Path
from typing import ParamSpec, TypeVar

import click

from signaling.accounts import InvalidAccount
from signaling.errors import RequestRefused
from signaling.server import open_store
from signaling.settings import Settings, SettingsInvalid
from signaling.tokens import KeysUnreadable
from waiting_room.errors import AccountUnknown, InvalidBooking, StoreFailed, TokenUnknown, UsernameTaken, VisitUnknown
from waiting_room.store import Store

__all__ = ["Refused", "config_option", "told", "with_store"]

P = ParamSpec("P")
R = TypeVar("R")


class Refused(click.ClickException):
    """What the operator can mend: said in one or a few lines, without a traceback; exit status 2."""

    exit_code = 2


config_option = click.option(
    "--config",
    type=click.Path(path_type=Path),
    envvar="VIDEO_VISIT_CONFIG",
    help="TOML file with settings; the environment (VIDEO_VISIT_…) wins over it.",
)


def told(command: Callable[P, R]) -> Callable[P, R]:
    """Turn the failures that an operator can mend into a message."""

    @wraps(command)
    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            return command(*args, **kwargs)
        except Exception as error:
            said = _said(error)
            if said is None:
                raise
            raise Refused(said) from error

    return run


def _said(error: Exception) -> str | None:
    """Return what to tell the operator, or None for a fault of ours."""
    match error:
        case SettingsInvalid():
            return f"wrong settings\n{error}"
        case InvalidAccount() | KeysUnreadable():
            return str(error)
        case RequestRefused():
            return f"{error.code}: {error.message}"
        case InvalidBooking():
            return f"{error.facts['field']}: {error.facts['reason']}"
        case UsernameTaken():
            return "username: an account of this name exists already"
        case AccountUnknown():
            return "username: there is no such account"
        case VisitUnknown():
            return "visit: there is no such visit"
        case TokenUnknown():
            return "token: there is no such API token"
        case StoreFailed():
            return f"data_dir: the store cannot be used ({error.facts['reason']})"
        case OSError():
            return f"the server cannot start: {error}"
        case _:
            return None


async def with_store(settings: Settings, use: Callable[[Store], Awaitable[R]]) -> R:
    """Do something with the store of these settings, and let go of it. Raises `StoreFailed`."""
    store = await open_store(settings)
    try:
        return await use(store)
    finally:
        await store.close()
