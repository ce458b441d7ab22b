"""``video-visit appointment``: book, read, move and end appointments from the command line."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import click
from rich.markup import escape
from rich.table import Table

from signaling.accounts import OPERATOR
from signaling.appointments import Asked, Booked, clinic_for
from signaling.cli_frame import config_option, told
from signaling.cli_import import import_file
from signaling.cli_office import DAY, Office, by_operator, in_office, table_console
from signaling.clock import utc_now
from signaling.local_time import day_bounds, read_start
from signaling.rest.models import Appointment
from signaling.trail import listed
from signaling.visit_pages import each_visit
from waiting_room.clinic import Clinic
from waiting_room.commands import Cancel, Command, Complete, Look, MarkNoShow
from waiting_room.errors import AccountUnknown
from waiting_room.model import PatientDetails, Visit, VisitPhase
from waiting_room.store import VisitFilter

__all__ = ["appointment"]

_START = "'now', or a time such as '2026-11-23 14:30' in the clinic's zone, or with an offset."
start_option = click.option("--start", required=True, help=_START)
fold_option = click.option(
    "--fold", type=click.IntRange(0, 1), help="Where the clocks go back: 0 the first, 1 the second of two equal times."
)
clinic_option = click.option("--clinic", help="The clinic's id; may be left out where there is one only.")
json_option = click.option("--json", "as_json", is_flag=True, help="Print JSON.")


@click.group()
def appointment() -> None:
    """Book, read and change appointments."""


appointment.add_command(import_file)


@appointment.command("create")
@click.option("--patient", required=True, help="The patient's name.")
@start_option
@fold_option
@click.option("--minutes", type=int, default=30, show_default=True, help="The booked length.")
@click.option(
    "--provider", "providers", multiple=True, help="A provider's user name; may be repeated. None: shared queue."
)
@clinic_option
@click.option("--kind", default="video", show_default=True, help="The type of appointment.")
@click.option("--reason", default="", help="Reason for the visit, shown to staff.")
@click.option("--external-id", default="", help="Your own identifier.")
@click.option("--birth-date", type=click.DateTime(["%Y-%m-%d"]), help="Such as 1961-04-30.")
@click.option("--language", default="en", show_default=True)
@click.option("--time-zone", default="", help="The patient's.")
@click.option("--phone", default="", help="Callback number.")
@click.option("--email", default="")
@click.option("--sms", is_flag=True, help="The patient takes text messages.")
@click.option("--interpreter", is_flag=True, help="An interpreter is needed.")
@click.option(
    "--no-check-in", is_flag=True, help="Ask nothing before the waiting room, whatever the clinic's items are."
)
@json_option
@config_option
@told
def create(
    *, as_json: bool, config: Path | None, clinic: str | None, start: str, fold: int | None, **given: Any
) -> None:
    """Book an appointment and print its id and the patient's link. The link is shown once: only its hash is kept."""
    born: datetime | None = given["birth_date"]
    details = PatientDetails(
        birth_date=born.date() if born else None,
        language=given["language"],
        time_zone=given["time_zone"],
        phone=given["phone"],
        email=given["email"],
        sms_opt_in=given["sms"],
        interpreter=given["interpreter"],
    )

    async def book(office: Office) -> Booked:
        of = clinic_for(office.clinics, clinic)
        asked = Asked(
            clinic=of.id,
            starts_at=_start(start, of, fold),
            details=details,
            check_in=() if given["no_check_in"] else None,
            **{name: given[name] for name in ("patient", "minutes", "providers", "kind", "reason", "external_id")},
        )
        return await office.appointments.book(asked)

    _print(in_office(config, book, create=True), as_json=as_json)


@appointment.command("list")
@click.option("--day", type=DAY, help="A day in the clinic's zone.")
@clinic_option
@click.option("--provider", help="A provider's user name.")
@click.option(
    "--state",
    "states",
    multiple=True,
    type=click.Choice([phase.value for phase in VisitPhase]),
    help="May be repeated.",
)
@json_option
@config_option
@told
def list_appointments(
    *,
    day: datetime | None,
    clinic: str | None,
    provider: str | None,
    states: tuple[str, ...],
    as_json: bool,
    config: Path | None,
) -> None:
    """List appointments by start."""

    async def read(office: Office) -> list[Appointment]:
        bounds = day_bounds(day.date(), _zone(clinic_for(office.clinics, clinic))) if day else (None, None)
        account = await office.store.find_staff(provider) if provider else None
        if provider and account is None:
            raise AccountUnknown
        wanted = VisitFilter(
            clinic_id=office.clinics.get(clinic).id if clinic else None,
            starts_from=bounds[0],
            starts_before=bounds[1],
            provider_id=account.id if account else None,
            phases=frozenset(map(VisitPhase, states)),
        )
        found = [office.teller.appointment(visit) async for visit in each_visit(office.store, wanted)]
        read = listed(
            by_operator(),
            [one.id for one in found],
            clinic=wanted.clinic_id,
            day=day.date() if day else None,
            provider=wanted.provider_id,
            state=",".join(sorted(wanted.phases)),
        )
        await office.store.record(read)
        return found

    found = in_office(config, read)
    if as_json:
        click.echo("[" + ",\n".join(one.model_dump_json() for one in found) + "]")
        return
    shown = Table("Id", "Start", "Minutes", "State", "Clinic", "Patient", "Providers", "External id", box=None)
    for one in found:
        start = one.starts_at.astimezone(ZoneInfo(one.time_zone)).strftime("%Y-%m-%d %H:%M %Z")
        who = (one.patient.name, " ".join(one.providers), one.external_id)
        shown.add_row(*map(escape, (one.id, start, str(one.minutes), one.state, one.clinic, *who)))
    table_console().print(shown)


@appointment.command("show")
@click.argument("visit")
@json_option
@config_option
@told
def show(*, visit: str, as_json: bool, config: Path | None) -> None:
    """Show all that is known of an appointment but its link."""

    async def read(office: Office) -> Appointment:
        return office.teller.appointment(await office.visits.handle(visit, Look(actor=OPERATOR)))

    found = in_office(config, read)
    if as_json:
        click.echo(found.model_dump_json())
        return
    shown = Table.grid(padding=(0, 2))
    for name, value in found.model_dump(mode="json").items():
        shown.add_row(name, escape(_told(value)))
    table_console().print(shown)


@appointment.command("reschedule")
@click.argument("visit")
@start_option
@fold_option
@click.option("--minutes", type=int, help="Another length.")
@click.option("--provider", "providers", multiple=True, help="Other providers' user names; may be repeated.")
@json_option
@config_option
@told
def reschedule(
    *,
    visit: str,
    start: str,
    fold: int | None,
    minutes: int | None,
    providers: tuple[str, ...],
    as_json: bool,
    config: Path | None,
) -> None:
    """Move an appointment and print its id and the patient's new link. All links made before die at once."""

    async def move(office: Office) -> Booked:
        clinic = office.clinics.get((await office.visits.load(visit)).clinic_id)
        starts_at = _start(start, clinic, fold)
        return await office.appointments.reschedule(
            visit, starts_at=starts_at, minutes=minutes, providers=providers or None
        )

    _print(in_office(config, move), as_json=as_json)


@appointment.command("link")
@click.argument("visit")
@json_option
@config_option
@told
def link(*, visit: str, as_json: bool, config: Path | None) -> None:
    """Make a new link for the patient and print it after the appointment's id. The one before dies at once."""

    async def renew(office: Office) -> Booked:
        return await office.appointments.renew_link(visit)

    _print(in_office(config, renew), as_json=as_json)


@appointment.command("cancel")
@click.argument("visit")
@config_option
@told
def cancel(*, visit: str, config: Path | None) -> None:
    """Cancel an appointment that has not begun. Its links die at once."""
    _give(config, visit, Cancel(actor=OPERATOR))


@appointment.command("no-show")
@click.argument("visit")
@config_option
@told
def no_show(*, visit: str, config: Path | None) -> None:
    """Note that the patient did not come; not before the booked start."""
    _give(config, visit, MarkNoShow(actor=OPERATOR))


@appointment.command("complete")
@click.argument("visit")
@config_option
@told
def complete(*, visit: str, config: Path | None) -> None:
    """Note that the appointment was kept, if need be by phone."""
    _give(config, visit, Complete(actor=OPERATOR))


def _print(booked: Booked, *, as_json: bool) -> None:
    told = {"id": booked.visit.id, "url": booked.url}
    # The link on a line of its own, the last one: easy to take for a person and for a script.
    click.echo(json.dumps(told) if as_json else f"appointment {told['id']}\n{told['url']}")


def _give(config: Path | None, visit_id: str, command: Command) -> None:
    async def give(office: Office) -> Visit:
        return await office.visits.handle(visit_id, command)

    click.echo(in_office(config, give).phase)


def _start(text: str, clinic: Clinic, fold: int | None) -> datetime:
    return utc_now() if text == "now" else read_start(text, _zone(clinic), fold=fold)


def _zone(clinic: Clinic) -> ZoneInfo:
    return ZoneInfo(clinic.time_zone)


def _told(value: object) -> str:
    match value:
        case dict():
            return ", ".join(f"{name} {_told(one)}" for name, one in value.items() if one not in ("", {}, []))
        case list():
            return "\n".join(_told(one) for one in value)
        case bool():
            return "yes" if value else "no"
        case None:
            return ""
        case _:
            return str(value)
