"""The command line: ``video-visit serve | demo | appointment create | staff add``."""

from __future__ import annotations

import asyncio
import secrets
import signal
import sys
from collections.abc import Awaitable, Callable
from datetime import datetime
from functools import wraps
from pathlib import Path
from typing import Any, ParamSpec, TypeVar
from zoneinfo import ZoneInfo

import click
from rich.console import Console

from signaling.accounts import STAFF_ROLES, Accounts, InvalidAccount
from signaling.appointments import Appointments
from signaling.demo import Demo
from signaling.logs import configure_logging
from signaling.server import Server, open_store, utc_now
from signaling.settings import Settings, SettingsInvalid, load_settings
from signaling.tokens import KeysUnreadable
from waiting_room.errors import InvalidBooking, StoreFailed, UsernameTaken
from waiting_room.model import Role

__all__ = ["main"]

P = ParamSpec("P")
R = TypeVar("R")


class Refused(click.ClickException):
    """What the operator can mend: said in one or a few lines, without a traceback; exit status 2."""

    exit_code = 2


def _told(command: Callable[P, R]) -> Callable[P, R]:
    """Turn the failures that an operator can mend into a message."""

    @wraps(command)
    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            return command(*args, **kwargs)
        except SettingsInvalid as error:
            raise Refused(f"wrong settings\n{error}") from error
        except (InvalidAccount, KeysUnreadable) as error:
            raise Refused(str(error)) from error
        except InvalidBooking as error:
            raise Refused(f"{error.facts['field']}: {error.facts['reason']}") from error
        except UsernameTaken as error:
            raise Refused("username: an account of this name exists already") from error
        except StoreFailed as error:
            raise Refused(f"data_dir: the store cannot be used ({error.facts['reason']})") from error
        except OSError as error:
            raise Refused(f"the server cannot start: {error}") from error

    return run


config_option = click.option(
    "--config",
    type=click.Path(path_type=Path),
    envvar="VIDEO_VISIT_CONFIG",
    help="TOML file with settings; the environment (VIDEO_VISIT_…) wins over it.",
)


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="video-visit")
def main() -> None:
    """Serve a self-hosted video-visit server."""


@main.command()
@config_option
@_told
def serve(config: Path | None) -> None:
    """Serve until SIGTERM or Ctrl-C."""
    settings = load_settings(config)
    configure_logging(settings.log_format, settings.log_level)
    asyncio.run(_serve(settings))


async def _serve(settings: Settings) -> None:
    async with Server.running(settings):
        await until_stopped()


async def until_stopped() -> None:
    """Wait for SIGTERM or SIGINT."""
    stopped = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stopped.set)
    await stopped.wait()


@main.command()
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object on one line instead of the table.")
@click.option("--port", type=click.IntRange(1, 65535), default=8080, show_default=True, help="HTTP port.")
@click.option(
    "--media-port", type=click.IntRange(0, 65535), default=40000, show_default=True, help="UDP port of all media."
)
@click.option(
    "--data", type=click.Path(path_type=Path), default=Path("demo-data"), show_default=True, help="Data folder."
)
@click.option("--lan", is_flag=True, help="Serve the local network over HTTPS with a certificate made on the spot.")
@_told
def demo(*, as_json: bool, port: int, media_port: int, data: Path, lan: bool) -> None:
    """Serve sample appointments on this computer and print their links."""
    configure_logging("console", "warning")
    asyncio.run(_demo(Demo(port=port, media_port=media_port, data_dir=data, lan=lan), as_json=as_json))


async def _demo(demo: Demo, *, as_json: bool) -> None:
    async with Server.running(demo.settings()) as server:
        summary = await demo.prepare(server)
        if as_json:
            click.echo(summary.model_dump_json())
        else:
            demo.show(summary, Console())
        await until_stopped()


@main.group()
def appointment() -> None:
    """Book appointments."""


@appointment.command("create")
@click.option("--patient", required=True, help="The patient's name.")
@click.option("--provider", required=True, help="The provider's user name.")
@click.option(
    "--start",
    required=True,
    help="'now', or a time such as '2026-11-23 14:30' in the clinic's zone, or with an offset.",
)
@click.option("--minutes", type=int, default=30, show_default=True, help="The booked length.")
@click.option("--reason", default="", help="Reason for the visit, shown to staff.")
@config_option
@_told
def create(*, patient: str, provider: str, start: str, minutes: int, reason: str, config: Path | None) -> None:
    """Book an appointment and print the patient's link. It is shown once: only its hash is kept."""
    settings = load_settings(config)

    async def book(appointments: Appointments) -> str:
        starts_at = _parse_start(start, ZoneInfo(settings.clinic.time_zone))
        booked = await appointments.book(
            patient=patient, provider=provider, starts_at=starts_at, minutes=minutes, reason=reason
        )
        return booked.url

    click.echo(
        asyncio.run(_with_store(settings, lambda store: book(Appointments(store, store, settings, clock=utc_now))))
    )


@main.group()
def staff() -> None:
    """Staff accounts."""


@staff.command("add")
@click.argument("username")
@click.option("--name", required=True, help="The name that patients and colleagues read.")
@click.option("--role", required=True, type=click.Choice([str(role) for role in STAFF_ROLES]))
@click.option("--password-stdin", is_flag=True, help="Read the password from standard input instead of making one.")
@config_option
@_told
def add(*, username: str, name: str, role: str, password_stdin: bool, config: Path | None) -> None:
    """Add an account. Unless one is given, a password is made and printed once."""
    settings = load_settings(config)
    password = sys.stdin.readline().rstrip("\n") if password_stdin else secrets.token_urlsafe(12)
    asyncio.run(_with_store(settings, lambda store: Accounts(store).add(username, name, Role(role), password)))
    click.echo(username if password_stdin else f"{username} {password}")


async def _with_store(settings: Settings, use: Callable[[Any], Awaitable[R]]) -> R:
    store = await open_store(settings)
    try:
        return await use(store)
    finally:
        await store.close()


def _parse_start(text: str, zone: ZoneInfo) -> datetime:
    """Read a start; a time without an offset is the clinic's local time."""
    if text == "now":
        return utc_now()
    try:
        read = datetime.fromisoformat(text)
    except ValueError:
        raise InvalidBooking(field="start", reason="must be 'now' or a time such as '2026-11-23 14:30'") from None
    local = read if read.tzinfo else read.replace(tzinfo=zone)
    # A local time that daylight saving skips does not survive the way to UTC and back.
    if read.tzinfo is None and local.astimezone(ZoneInfo("UTC")).astimezone(zone).replace(tzinfo=None) != read:
        raise InvalidBooking(field="start", reason="does not exist: the clocks go forward over it")
    return local.astimezone(ZoneInfo("UTC"))
