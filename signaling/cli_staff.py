"""``video-visit staff``: accounts, made and changed by whoever has the command line on the server. Each change is audited."""

from __future__ import annotations

import asyncio
import secrets
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TypeVar

import click
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from signaling.accounts import STAFF_ROLES, Accounts, InvalidAccount
from signaling.cli_frame import config_option, told, with_store
from signaling.clinics import Clinics
from signaling.clock import utc_now
from signaling.settings import Settings, load_settings
from waiting_room.model import Role
from waiting_room.store import StaffAccount

__all__ = ["staff"]

R = TypeVar("R")

password_option = click.option(
    "--password-stdin", is_flag=True, help="Read the password from standard input instead of making one."
)
licence_option = click.option(
    "--licence", "licences", multiple=True, help="A state in which the provider may treat, such as NY; may be repeated."
)


@click.group()
def staff() -> None:
    """Staff accounts."""


@staff.command("add")
@click.argument("username")
@click.option("--name", required=True, help="The name that patients and colleagues read.")
@click.option("--role", required=True, type=click.Choice([str(role) for role in STAFF_ROLES]))
@click.option("--clinic", help="The clinic's id in the settings; may be left out where there is one only.")
@licence_option
@password_option
@config_option
@told
def add(
    *,
    username: str,
    name: str,
    role: str,
    clinic: str | None,
    licences: tuple[str, ...],
    password_stdin: bool,
    config: Path | None,
) -> None:
    """Add an account. Unless one is given, a password is made and printed once."""
    settings = load_settings(config)
    clinic_id = _clinic(settings, clinic)
    password = _password(from_stdin=password_stdin)
    _with_accounts(
        settings,
        lambda accounts: accounts.add(username, name, Role(role), password, clinic_id=clinic_id, licences=licences),
        create=True,
    )
    click.echo(username if password_stdin else f"{username} {password}")


@staff.command("list")
@config_option
@told
def list_accounts(*, config: Path | None) -> None:
    """List all accounts."""
    accounts = _with_accounts(load_settings(config), lambda accounts: accounts.list())
    shown = Table("Username", "Name", "Role", "Clinic", "Licences", "State", box=None)
    for one in accounts:
        shown.add_row(*(escape(cell) for cell in _row(one)))
    # What is folded cannot be searched for: better a table that is too wide.
    Console(width=None if sys.stdout.isatty() else 1000).print(shown)


@staff.command("disable")
@click.argument("username")
@config_option
@told
def disable(*, username: str, config: Path | None) -> None:
    """Let an account open nothing any more; its open screens end within two seconds."""
    _with_accounts(load_settings(config), lambda accounts: accounts.disable(username))


@staff.command("enable")
@click.argument("username")
@config_option
@told
def enable(*, username: str, config: Path | None) -> None:
    """Let a disabled account sign in again."""
    _with_accounts(load_settings(config), lambda accounts: accounts.enable(username))


@staff.command("reset")
@click.argument("username")
@password_option
@config_option
@told
def reset(*, username: str, password_stdin: bool, config: Path | None) -> None:
    """Set another password and end the sessions made with the old one. Unless one is given, it is made and printed once."""
    password = _password(from_stdin=password_stdin)
    _with_accounts(load_settings(config), lambda accounts: accounts.reset(username, password))
    click.echo(username if password_stdin else f"{username} {password}")


@staff.command("licences")
@click.argument("username")
@licence_option
@config_option
@told
def licences(*, username: str, licences: tuple[str, ...], config: Path | None) -> None:
    """Replace the states in which a provider may treat. Without any, nobody is warned."""
    _with_accounts(load_settings(config), lambda accounts: accounts.set_licences(username, licences))


@staff.command("sign-out")
@click.argument("username")
@config_option
@told
def sign_out(*, username: str, config: Path | None) -> None:
    """End all sessions of an account and print how many there were."""
    click.echo(_with_accounts(load_settings(config), lambda accounts: accounts.sign_out(username)))


def _with_accounts(settings: Settings, use: Callable[[Accounts], Awaitable[R]], *, create: bool = False) -> R:
    return asyncio.run(with_store(settings, lambda store: use(Accounts(store, utc_now)), create=create))


def _clinic(settings: Settings, asked: str | None) -> str:
    clinics = Clinics(settings)
    if asked is None and len(clinics.ids) > 1:
        raise InvalidAccount(f"clinic: one of {', '.join(clinics.ids)}")
    return clinics.get(asked or clinics.first.id).id


def _password(*, from_stdin: bool) -> str:
    return sys.stdin.readline().rstrip("\n") if from_stdin else secrets.token_urlsafe(12)


def _row(account: StaffAccount) -> tuple[str, ...]:
    return (
        account.username,
        account.name,
        account.role,
        account.clinic_id,
        " ".join(sorted(account.licences)),
        "disabled" if account.disabled else "",
    )
