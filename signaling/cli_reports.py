"""``video-visit report`` and ``video-visit purge``: what is counted afterwards, and what is not kept any longer."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import click

from signaling.accounts import OPERATOR
from signaling.cli_frame import Refused, config_option, told
from signaling.cli_office import DAY, Office, by_operator, in_office
from signaling.clock import utc_now
from signaling.private_files import open_private
from signaling.reports import REPORTS, make_report
from signaling.retention import purge, purgeable, with_removed
from signaling.spreadsheet import as_csv
from waiting_room.office_events import ReportMade

__all__ = ["purge_command", "report"]

EVERY_ONE = 10_000_000


@click.command("report")
@click.argument("name", type=click.Choice(list(REPORTS)))
@click.option("--from", "first", type=DAY, required=True, help="The first day, in the clinic's zone.")
@click.option("--to", "last", type=DAY, required=True, help="The last day, included.")
@click.option("--clinic", help="A clinic's id; without it all.")
@click.option("--names", is_flag=True, help="Add patients' names, as far as they are still kept.")
@click.option("--out", type=click.Path(path_type=Path), help="Into this file, for its owner alone.")
@config_option
@told
def report(
    *,
    name: str,
    first: datetime,
    last: datetime,
    clinic: str | None,
    names: bool,
    out: Path | None,
    config: Path | None,
) -> None:
    """Print a report as CSV: waits, no-shows, failures by cause, or attendance for billing."""
    if last < first:
        raise Refused("to: lies before from")

    async def make(office: Office) -> str:
        clinics = [office.clinics.get(clinic)] if clinic else list(office.clinics)
        days = (first.date(), last.date())
        rows = await make_report(office.store, clinics, name, *days, names=names)
        told_names = " with names" if names else ""
        made = f"{name} {days[0]}/{days[1]} {clinic or '*'}{told_names}"
        await office.store.record((ReportMade(**by_operator(), report=made),))
        return as_csv(rows)

    text = in_office(config, make)
    if out is None:
        click.echo(text, nl=False)
        return
    with open_private(out) as file:
        file.write(text)


@click.command("purge")
@click.option("--dry-run", is_flag=True, help="Count, and change nothing.")
@config_option
@told
def purge_command(*, dry_run: bool, config: Path | None) -> None:
    """Take patients' data out of visits whose retention is over, and print how many. A running server does so daily."""

    async def count(office: Office) -> int:
        now = utc_now()
        if dry_run:
            clinics = await with_removed(office.store, office.clinics)
            return sum([len(await purgeable(office.store, one, now=now, limit=EVERY_ONE)) for one in clinics])
        return await purge(office.store, office.clinics, by=OPERATOR, now=now)

    click.echo(in_office(config, count))
