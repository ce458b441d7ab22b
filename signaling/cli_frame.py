"""What all commands of ``video-visit`` have in common: the settings they read, the store they open, how they fail."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from functools import wraps
from pathlib import Path
from typing import Any, Final, ParamSpec, TypeVar

import click

from signaling.accounts import InvalidAccount
from signaling.data_folder import DatabaseMissing, open_store
from signaling.errors import RequestRefused
from signaling.settings import Settings, SettingsInvalid
from signaling.tokens import KeysUnreadable
from waiting_room.errors import AccountUnknown, InvalidField, StoreFailed, TokenUnknown, UsernameTaken, VisitUnknown
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

_OPTIONS: Final = {
    "patient.name": "--patient",
    "starts_at": "--start",
    "providers": "--provider",
    "sms_opt_in": "--sms",
}


def _option(field: str) -> str:
    """Return the option that gives this field of an appointment."""
    return _OPTIONS.get(field) or f"--{field.removeprefix('patient.').replace('_', '-')}"


_SAID: Final[dict[type[Exception], Callable[[Any], str]]] = {
    SettingsInvalid: lambda error: f"wrong settings\n{error}",
    InvalidAccount: str,
    KeysUnreadable: str,
    RequestRefused: lambda error: f"{error.code}: {error.message}",
    InvalidField: lambda error: f"{_option(error.facts['field'])}: {error.facts['reason']}",
    UsernameTaken: lambda _: "username: an account of this name exists already",
    AccountUnknown: lambda _: "username: there is no such account",
    VisitUnknown: lambda _: "visit: there is no such visit",
    TokenUnknown: lambda _: "token: there is no such API token",
    DatabaseMissing: lambda error: (
        f"data_dir: there is no database in {error} (run `video-visit serve` or `staff add` first)"
    ),
    StoreFailed: lambda error: f"data_dir: the store cannot be used ({error.facts['reason']})",
    OSError: lambda error: f"the system refused: {error}",
}
"""The failures that an operator can mend, and what to say."""


def told(command: Callable[P, R]) -> Callable[P, R]:
    """Turn the failures that an operator can mend into a message."""

    @wraps(command)
    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            return command(*args, **kwargs)
        except BrokenPipeError:
            # Whoever read the output has enough of it: the command's frame ends quietly.
            raise
        except tuple(_SAID) as error:
            said = next(text for kind, text in _SAID.items() if isinstance(error, kind))
            raise Refused(said(error)) from error

    return run


async def with_store(settings: Settings, use: Callable[[Store], Awaitable[R]], *, create: bool = False) -> R:
    """Do something with the store of these settings, and let go of it. Raises `StoreFailed`.

    Without ``create`` the store must exist (`DatabaseMissing`): in a folder named wrongly, an empty one would answer well.
    """
    store = await open_store(settings, create=create)
    try:
        return await use(store)
    finally:
        await store.close()
