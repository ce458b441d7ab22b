"""``video-visit appointment import``: book from a spreadsheet, with a report row by row."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Any, Final

import click
from rich.markup import escape
from rich.table import Table

from signaling.cli_frame import Refused, config_option, told
from signaling.cli_office import Office, in_office, table_console
from signaling.clock import utc_now
from signaling.csv_import import CsvImport, RowResult
from signaling.csv_rows import COLUMNS, MOST_BYTES, ImportRefused, read_lines
from signaling.private_files import open_private
from signaling.spreadsheet import as_csv

__all__ = ["import_file"]

_DELIMITERS: Final = {"comma": ",", "semicolon": ";", "auto": None}
_TOLD: Final = {
    "booked": "booked",
    "would_book": "can be booked",
    "there": "already there",
    "over": "not booked again",
    "refused": "refused",
}
_HELP: Final = (
    "Book the rows of a CSV file (UTF-8, comma or semicolon, 5,000 rows at most).\n\n"
    "Each row is booked or refused by itself; importing the same file again books nothing twice. "
    "Exit status 1: a row was refused, or its appointment was cancelled or is over.\n\n\b\nColumns, in any order:\n"
    + "\n".join(f"  {name:18} {what}" for name, what in COLUMNS.items())
)


@click.command("import", help=_HELP)
@click.argument("file", type=click.File("rb"))
@click.option("--clinic", help="The clinic of rows that name none.")
@click.option("--delimiter", type=click.Choice(list(_DELIMITERS)), default="auto", show_default=True)
@click.option("--dry-run", is_flag=True, help="Say what would come of each row, and book nothing.")
@click.option(
    "--links",
    type=click.Path(path_type=Path),
    help="Write the links to this new file, for its owner alone, instead of the report.",
)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object instead of a table.")
@config_option
@told
@click.pass_context
def import_file(
    context: click.Context,
    *,
    file: Any,
    clinic: str | None,
    delimiter: str,
    dry_run: bool,
    links: Path | None,
    as_json: bool,
    config: Path | None,
) -> None:
    """Book from a spreadsheet."""
    try:
        lines = read_lines(file.read(MOST_BYTES + 1), delimiter=_DELIMITERS[delimiter])
    except ImportRefused as error:
        raise Refused(str(error)) from error

    results: list[RowResult] = []

    async def book(office: Office) -> None:
        parts = (office.appointments, office.store, office.clinics, utc_now)
        rows = CsvImport(*parts, default_clinic=clinic, dry_run=dry_run)
        with _links_file(None if dry_run else links) as keep:
            async for result in rows.run(lines):
                results.append(keep(result))  # noqa: PERF401 - one by one: a failure leaves those before

    try:
        in_office(config, book, create=True)
    finally:
        # Where the store fails in the middle, the rows before are booked, and their links are told here only.
        if results or not lines:
            _print_json(results) if as_json else _print_table(results)
    context.exit(int(any(one.outcome in {"over", "refused"} for one in results)))


@contextmanager
def _links_file(path: Path | None) -> Iterator[Any]:
    """Give what keeps a result's link in the file, as soon as there is one, and takes it out of the report."""
    if path is None:
        yield lambda result: result
        return
    try:
        file = open_private(path, new=True)
    except FileExistsError as error:
        raise Refused(f"links: {path} exists already") from error
    except OSError as error:
        raise Refused(f"links: {path} cannot be written ({error.strerror})") from error
    with file:
        file.write(as_csv([["row", "external_id", "clinic", "visit", "link"]]))

        def keep(result: RowResult) -> RowResult:
            if result.url:
                file.write(as_csv([[result.row, result.external_id, result.clinic, result.visit, result.url]]))
                # A link is shown once: one that was not written when the next row fails would be lost.
                file.flush()
            return RowResult(**asdict(result) | {"url": ""})

        yield keep


def _print_json(results: list[RowResult]) -> None:
    counts = Counter(one.outcome for one in results)
    rows = [{name: value for name, value in asdict(one).items() if value != ""} for one in results]
    click.echo(json.dumps({"counts": counts, "rows": rows}, ensure_ascii=True))


def _print_table(results: list[RowResult]) -> None:
    shown = Table("Row", "External id", "Result", "Link, or what is wrong", box=None)
    for one in results:
        more = f"{one.column}: {one.reason}" if one.outcome == "refused" else one.reason or one.url
        shown.add_row(str(one.row), escape(one.external_id), _TOLD[one.outcome], escape(more))
    table_console().print(shown)
    counts = Counter(one.outcome for one in results)
    click.echo(", ".join(f"{count} {_TOLD[outcome]}" for outcome, count in counts.items()) or "no rows")
