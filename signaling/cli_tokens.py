"""``video-visit token``: bearer tokens for portals and other programs."""

from __future__ import annotations

import asyncio
import secrets
from datetime import timedelta
from pathlib import Path

import click
from rich.markup import escape
from rich.table import Table

from signaling.cli_frame import Refused, config_option, told, with_store
from signaling.cli_office import by_operator, table_console
from signaling.clinics import Clinics
from signaling.clock import utc_now
from signaling.data_folder import KEYS
from signaling.rest.scopes import Scope
from signaling.settings import load_settings
from signaling.tokens import LONGEST, Keyring, SessionClaims, SessionTokens
from waiting_room.office_events import ApiTokenChanged
from waiting_room.store import ApiToken

__all__ = ["token"]

NAME_LENGTH = 60


@click.group()
def token() -> None:
    """Tokens for programs that use the appointments interface."""


@token.command("create")
@click.argument("name")
@click.option(
    "--scope",
    "scopes",
    multiple=True,
    required=True,
    type=click.Choice([scope.value for scope in Scope]),
    help="May be repeated.",
)
@click.option("--clinic", help="A clinic's id: the token is for this one alone. Without it for all.")
@click.option(
    "--days", type=click.IntRange(1, LONGEST["api"].days), default=365, show_default=True, help="How long it lives."
)
@config_option
@told
def create(*, name: str, scopes: tuple[str, ...], clinic: str | None, days: int, config: Path | None) -> None:
    """Make a token and print it. It is shown once: only its facts are kept. NAME tells you later whose it is."""
    if not name.strip() or len(name) > NAME_LENGTH or not name.isprintable():
        raise Refused(f"name: 1 to {NAME_LENGTH} printable characters")
    settings = load_settings(config)
    clinic_id = Clinics(settings).get(clinic).id if clinic else None
    now = utc_now()
    made = ApiToken(secrets.token_hex(8), name, frozenset(scopes), clinic_id, now, now + timedelta(days=days))
    what = " ".join([clinic_id or "*", *sorted(scopes)])
    event = ApiTokenChanged(**by_operator(), token=made.id, change="made", what=what)
    asyncio.run(with_store(settings, lambda store: store.add_token(made, (event,)), create=True))
    tokens = SessionTokens(Keyring.load(settings.data_dir / KEYS), clock=utc_now)
    claims = SessionClaims("api", made.id, secrets.token_urlsafe(16), made.expires_at, device="api", scopes=made.scopes)
    click.echo(tokens.issue(claims, now=now))


@token.command("list")
@config_option
@told
def list_tokens(*, config: Path | None) -> None:
    """List all tokens, the newest first."""
    tokens = asyncio.run(with_store(load_settings(config), lambda store: store.list_tokens()))
    shown = Table("Id", "Name", "Clinic", "Scopes", "Expires", "State", box=None)
    for one in tokens:
        state = "revoked" if one.revoked_at else "expired" if one.expires_at <= utc_now() else ""
        cells = (one.id, one.name, one.clinic_id or "all", " ".join(sorted(one.scopes)), f"{one.expires_at:%Y-%m-%d}")
        shown.add_row(*map(escape, (*cells, state)))
    table_console().print(shown)


@token.command("revoke")
@click.argument("token_id", metavar="ID")
@config_option
@told
def revoke(*, token_id: str, config: Path | None) -> None:
    """Let a token open nothing any more, from the next request on. ID is the one of `token list`."""
    event = ApiTokenChanged(**by_operator(), token=token_id, change="revoked")
    asyncio.run(with_store(load_settings(config), lambda store: store.revoke_token(token_id, utc_now(), (event,))))
