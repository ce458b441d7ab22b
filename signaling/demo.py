"""``video-visit demo``: a node with sample staff and appointments, to try a visit on one's own computer.

Links and passwords are kept in the demo's own data folder, so that a demo that was stopped or killed comes back with the
same ones. A real server keeps neither.
"""

from __future__ import annotations

import ipaddress
import secrets
import socket
from dataclasses import dataclass
from io import StringIO
from pathlib import Path
from typing import Any, Final

import segno
from pydantic import BaseModel, Field, ValidationError
from rich.console import Console
from rich.markup import escape
from rich.panel import Panel
from rich.table import Table

from signaling.accounts import InvalidAccount
from signaling.appointments import Appointments
from signaling.certificates import write_self_signed
from signaling.clinics import Clinics
from signaling.clock import utc_now
from signaling.demo_samples import PROVIDER, DemoAppointment, State, book_samples
from signaling.private_files import open_private
from signaling.server import Server
from signaling.settings import Settings, load_settings
from waiting_room.errors import VisitUnknown
from waiting_room.model import Role, VisitPhase

__all__ = ["Demo", "DemoSummary", "lan_address"]

KEPT: Final = "demo.json"
_STAFF: Final = (
    (Role.PROVIDER, "Dr. Sample Provider", PROVIDER),
    (Role.NURSE, "Sample Nurse", "sample.nurse"),
    (Role.FRONT_DESK, "Sample Front Desk", "sample.desk"),
)

_LICENCES: Final = ("NY",)
"""Where the sample provider may treat: a patient who says another state shows the warning."""


class DemoStaff(BaseModel):
    """A sample sign-in."""

    role: str
    name: str
    username: str
    password: str = Field(repr=False)


class DemoSummary(BaseModel):
    """What ``demo --json`` prints on one line."""

    base_url: str
    staff: list[DemoStaff]
    appointments: list[DemoAppointment]


@dataclass(frozen=True, slots=True)
class Demo:
    """How the demo is served."""

    port: int
    media_port: int
    data_dir: Path
    lan: bool

    def settings(self) -> Settings:
        """Return the node's settings: this computer alone over HTTP, or the local network over HTTPS."""
        address = lan_address()
        fixed: dict[str, Any] = {
            "port": self.port,
            "media_port": self.media_port,
            "data_dir": self.data_dir,
            "clinics": {"main": {"name": "Sample Clinic", "phone": "555-0100", "time_zone": _time_zone()}},
        }
        if not self.lan:
            # Firefox ignores loopback candidates, so the computer's own address is announced too.
            announced = ["127.0.0.1", *([address] if address else [])]
            base_url = f"http://localhost:{self.port}"
            origins = [f"http://127.0.0.1:{self.port}"]
            return load_settings(**fixed, base_url=base_url, extra_origins=origins, announced=announced)
        if address is None:
            raise OSError(None, "this computer has no address in a local network")
        self.data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
        certificate, key = write_self_signed(self.data_dir, address, now=utc_now())
        return load_settings(
            **fixed,
            host="0.0.0.0",
            base_url=f"https://{address}:{self.port}",
            announced=[address],
            tls_certificate=certificate,
            tls_key=key,
        )

    async def prepare(self, server: Server) -> DemoSummary:
        """Return the samples: those kept from last time while one of them is open, else new ones beside them."""
        settings = self.settings()
        staff, appointments = self._read()
        if not staff:
            if await server.accounts.find(PROVIDER) is not None:
                raise InvalidAccount(
                    "data: this folder holds accounts that are not the demo's; give another one with --data"
                )
            staff = [
                DemoStaff(role=role, name=name, username=username, password=secrets.token_urlsafe(9))
                for role, name, username in _STAFF
            ]
            # Kept before the accounts are made: a demo that is stopped right here must be able to start again.
            self._keep(DemoSummary(base_url=settings.base_url, staff=staff, appointments=[]))
        for member in staff:
            if await server.accounts.find(member.username) is None:
                licences = _LICENCES if member.role == Role.PROVIDER else ()
                await server.accounts.add(
                    member.username, member.name, Role(member.role), member.password, licences=licences
                )
        # Only the front part of a link depends on how the demo is served.
        shown = [
            one.model_copy(update={"url": f"{settings.base_url}/v#{one.url.partition('#')[2]}", "state": state})
            for one in appointments
            if (state := await _state(server, one.id)) is not None
        ]
        if not any(one.state == "open" for one in shown):
            appointments_made = Appointments(server.visits, server.store, Clinics(settings), settings.base_url, utc_now)
            shown = await book_samples(appointments_made)
        summary = DemoSummary(base_url=settings.base_url, staff=staff, appointments=shown)
        self._keep(summary)
        return summary

    def show(self, summary: DemoSummary, console: Console) -> None:
        """Print the links for a person who tries the demo."""
        console.print()
        console.print(f"[bold]Your video-visit server is running[/] at {summary.base_url}  (Ctrl-C stops it)")
        # What is cut or folded cannot be copied: better a table that is too wide.
        whole: dict[str, Any] = {"no_wrap": True, "overflow": "ignore"}
        staff = Table("Role", "Name", title=f"Care team: sign in at {summary.base_url}/care", title_justify="left")
        staff.add_column("Username", min_width=max(len(one.username) for one in summary.staff), **whole)
        staff.add_column("Password", min_width=max(len(one.password) for one in summary.staff), **whole)
        for one in summary.staff:
            staff.add_row(one.role.replace("_", " "), one.name, one.username, escape(one.password))
        links = Table(title="Patients: open a link in another window", title_justify="left", show_lines=True)
        links.add_column("Appointment", no_wrap=True)
        links.add_column("Patient and link", min_width=max(len(one.url) for one in summary.appointments), **whole)
        for appointment in summary.appointments:
            told = f"{appointment.patient}: {appointment.note}" if appointment.note else appointment.patient
            links.add_row(_TOLD[appointment.state], f"{told}\n{appointment.url}")
        console.print()
        console.print(staff, crop=False)
        console.print()
        console.print(links, crop=False)
        console.print()
        console.print(
            Panel(self._phone_help(summary), title="With a phone on the same network", title_align="left", expand=False)
        )

    def _phone_help(self, summary: DemoSummary) -> str:
        if not self.lan:
            return (
                "Stop this demo and run [bold]make demo LAN=1[/] (video-visit demo --lan).\n"
                "It serves HTTPS with a certificate of its own, because browsers give no camera without HTTPS."
            )
        drawn = StringIO()
        segno.make(next(one.url for one in summary.appointments if one.state == "open")).terminal(
            drawn, compact=True, border=1
        )
        return (
            "Scan this with the phone's camera, and accept the warning about the certificate:\n"
            "it was made on the spot, for this demo only.\n\n" + escape(drawn.getvalue())
        )

    def _read(self) -> tuple[list[DemoStaff], list[DemoAppointment]]:
        try:
            kept = DemoSummary.model_validate_json((self.data_dir / KEPT).read_text())
        except (OSError, ValidationError):
            return [], []
        return kept.staff, kept.appointments

    def _keep(self, summary: DemoSummary) -> None:
        with open_private(self.data_dir / KEPT) as file:
            file.write(summary.model_dump_json())


_TOLD: Final[dict[State, str]] = {
    "open": "open now",
    "check_in": "check-in open",
    "early": "too early",
    "past": "past",
}


async def _state(server: Server, visit_id: str) -> State | None:
    try:
        visit = await server.visits.load(visit_id)
    except VisitUnknown:
        return None
    if visit.phase.final or utc_now() >= visit.expires_at:
        return "past"
    if visit.phase is VisitPhase.BOOKED and utc_now() < visit.opens_at:
        return "early" if utc_now() < visit.check_in_opens_at else "check_in"
    return "open"


def lan_address() -> str | None:
    """Return this computer's address in its network, or None. Connecting a UDP socket sends nothing."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))
        except OSError:
            return None
        address = str(probe.getsockname()[0])
    return None if ipaddress.ip_address(address).is_loopback else address


def _time_zone() -> str:
    """Return this computer's zone name where it can be told, else UTC."""
    zone = Path("/etc/localtime").resolve()
    parts = zone.parts
    return (
        "/".join(parts[parts.index("zoneinfo") + 1 :])
        if "zoneinfo" in parts and zone.name not in {"UTC", "Universal"}
        else "UTC"
    )
