"""``video-visit audit``: check the trail, take it out, and print its head for keeping outside."""

from __future__ import annotations

import asyncio
import json
import re
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractContextManager, nullcontext
from datetime import datetime
from pathlib import Path
from typing import Final, TextIO

import click

from signaling.cli_frame import Refused, config_option, told, with_store
from signaling.cli_office import DAY, by_operator
from signaling.private_files import open_private
from signaling.settings import load_settings
from signaling.spreadsheet import as_csv
from signaling.trail import read_trail
from waiting_room.audit import Break, Entry, Head, Verifier, as_line
from waiting_room.office_events import AuditExported
from waiting_room.store import Store

__all__ = ["audit"]

_ANCHOR: Final = re.compile(r"([0-9]{1,18}):([0-9a-f]{64})")
_COLUMNS: Final = ["number", "at", "kind", "visit", "actor", "role", "device", "facts", "hash"]


@click.group()
def audit() -> None:
    """The audit trail."""


@audit.command("verify")
@click.option("--anchor", "given", multiple=True, metavar="NUMBER:HASH", help="A head kept outside; may be repeated.")
@click.option(
    "--anchors", "file", type=click.File("r", encoding="utf-8"), help="A file with one such head on each line."
)
@config_option
@told
@click.pass_context
def verify(context: click.Context, *, given: tuple[str, ...], file: TextIO | None, config: Path | None) -> None:
    """Check that no entry was changed, taken out, put in or moved, and print the head. Exit status 1: the trail is broken.

    Whoever can write the file can also make a whole trail anew: only heads kept outside show that.
    """
    lines = [*given, *(file or ())]
    verifier = Verifier([_head(line) for line in map(str.strip, lines) if line and not line.startswith("#")])

    async def read(store: Store) -> Head | Break:
        async for entry in read_trail(store):
            broken = verifier.take(entry)
            if broken is not None:
                return broken
        return verifier.finish()

    found = asyncio.run(with_store(load_settings(config), read))
    if isinstance(found, Break):
        click.echo(f"broken at entry {found.number}: {found.what}", err=True)
        context.exit(1)
    click.echo(str(found))


def _head(text: str) -> Head:
    found = _ANCHOR.fullmatch(text)
    if found is None:
        raise Refused("anchor: must be NUMBER:HASH, as `audit head` prints it")
    return Head(int(found[1]), found[2])


@audit.command("head")
@config_option
@told
def head(*, config: Path | None) -> None:
    """Print the trail's length and newest hash. Keep it where this computer's owner cannot write."""
    click.echo(str(asyncio.run(with_store(load_settings(config), lambda store: store.head()))))


@audit.command("export")
@click.option("--from", "first", type=DAY, help="From this day on (UTC).")
@click.option("--to", "last", type=DAY, help="Up to this day (UTC), included.")
@click.option("--visit", help="Of one visit alone.")
@click.option("--csv", "as_table", is_flag=True, help="CSV instead of JSON lines.")
@click.option("--out", type=click.Path(path_type=Path), help="Into this file, for its owner alone.")
@config_option
@told
def export(
    *,
    first: datetime | None,
    last: datetime | None,
    visit: str | None,
    as_table: bool,
    out: Path | None,
    config: Path | None,
) -> None:
    """Print the entries by number. The export is an entry itself."""
    written: Callable[[Entry], str] = _row if as_table else lambda entry: as_line(entry) + "\n"
    days = (first.date().isoformat() if first else "", last.date().isoformat() if last else "9999-12-31")

    asked = {"from": days[0], "to": days[1] if last else "", "visit": visit}
    query = " ".join(f"{name}={value}" for name, value in asked.items() if value)

    async def write(store: Store) -> None:
        target: AbstractContextManager[TextIO] = open_private(out) if out else nullcontext(sys.stdout)
        # Kept first: whoever stops reading in the middle has read too.
        up_to = (await store.head()).number
        await store.record((AuditExported(**by_operator(), up_to=up_to, query=query),))
        with target as file:
            if as_table:
                file.write(as_csv([_COLUMNS]))
            async for entry in _within(read_trail(store, visit_id=visit), days):
                if entry.number > up_to:
                    break
                file.write(written(entry))

    asyncio.run(with_store(load_settings(config), write))


async def _within(entries: AsyncIterator[Entry], days: tuple[str, str]) -> AsyncIterator[Entry]:
    # Kept as text in UTC, so that days compare as text.
    async for entry in entries:
        if days[0] <= entry.at[:10] <= days[1]:
            yield entry


def _row(entry: Entry) -> str:
    facts = json.dumps(dict(sorted(entry.facts.items())), ensure_ascii=True)
    about = (entry.at, entry.kind, entry.visit, entry.actor, entry.role, entry.device)
    return as_csv([[entry.number, *about, facts, entry.hash]])
