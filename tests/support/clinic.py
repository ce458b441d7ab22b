"""A whole server inside the test's loop, on real ports, with sample staff, and clients that speak the wire as pages do."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any, Final

import aiohttp
import socketio
from argon2 import PasswordHasher

from signaling.appointments import Appointments, Asked
from signaling.clinics import Clinics
from signaling.server import Server
from signaling.settings import Settings, load_settings
from tests.support.demo_process import free_port
from tests.support.webrtc import until
from waiting_room.model import Role
from waiting_room.store import StaffAccount

PASSWORD: Final = "correct horse battery"
STAFF: Final = (
    ("sample.provider", "Dr. Sample Provider", Role.PROVIDER),
    ("other.provider", "Dr. Other", Role.PROVIDER),
    ("sample.nurse", "Sample Nurse", Role.NURSE),
    ("sample.desk", "Sample Front Desk", Role.FRONT_DESK),
)

Json = dict[str, Any]


@dataclass
class Wire:
    """One page's socket: keeps the snapshots, with the whole list where only changes were sent, and whether goodbye was said."""

    namespace: str
    snapshots: list[Json] = field(default_factory=list)
    rows: dict[str, Json] = field(default_factory=dict)
    byes: list[Json] = field(default_factory=list)
    refusal: Json | None = None
    socket: Any = None

    @property
    def now(self) -> Json:
        """The newest snapshot."""
        return self.snapshots[-1] if self.snapshots else {}

    def take(self, snapshot: Json) -> None:
        """Keep a snapshot; ``queue`` is then the whole list, in order."""
        if "queue" in snapshot:
            changes = snapshot["queue"]
            if changes["full"]:
                self.rows.clear()
            self.rows |= {row["visit"]: row for row in changes["rows"]}
            for gone in changes["gone"]:
                del self.rows[gone]
            ordered = sorted(self.rows.values(), key=lambda row: (row["starts_at"], row["visit"]))
            snapshot = snapshot | {"queue": ordered, "changes": changes}
        self.snapshots.append(snapshot)

    async def ask(self, event: str, argument: object = None) -> Json:
        """Send a request and return its acknowledgement."""
        answer = await self.socket.call(
            event, {} if argument is None else argument, namespace=self.namespace, timeout=5
        )
        return dict(answer)

    async def ok(self, event: str, argument: object = None) -> Json:
        """Send a request that must be granted."""
        answer = await self.ask(event, argument)
        assert "ok" in answer, answer
        return dict(answer["ok"])

    async def refused(self, event: str, argument: object = None) -> str:
        """Send a request that must be refused, and return the code."""
        answer = await self.ask(event, argument)
        assert "error" in answer, answer
        return str(answer["error"]["code"])

    async def shows(self, condition: Callable[[Json], bool], what: str) -> Json:
        """Wait for a snapshot of which this is true."""
        await until(lambda: bool(self.snapshots) and condition(self.now), what)
        return self.now

    async def said_goodbye(self) -> str:
        """Wait for the farewell and the end of the socket, and return the code."""
        await until(lambda: bool(self.byes) and not self.socket.connected, "goodbye", within_s=3)
        return str(self.byes[-1]["code"])

    async def close(self) -> None:
        await self.socket.disconnect()


@dataclass
class Clinic:
    """The server under test and what is needed to visit it."""

    server: Server
    settings: Settings
    http: aiohttp.ClientSession
    stack: AsyncExitStack

    @property
    def appointments(self) -> Appointments:
        """Books in the running server, as the interface does."""
        clinics = Clinics(self.settings)
        return Appointments(
            self.server.visits, self.server.store, clinics, self.settings.base_url, clock=self.node.clock
        )

    async def book(
        self, *, start: timedelta = timedelta(), provider: str | None = "sample.provider", **options: Any
    ) -> str:
        """Book an appointment that starts this much from now, and return the link's code.

        Without ``check_in`` there is nothing to answer; None takes the clinic's own items. No provider: the shared queue.
        """
        asked: Json = {"clinic": "main", "patient": "Sample Patient", "reason": "Follow-up", "check_in": ()} | options
        now = asked.pop("now", None)
        asked["providers"] = (provider,) if provider else ()
        booked = await self.appointments.book(Asked(starts_at=self.node.clock() + start, **asked), now=now)
        return code_of(booked.url)

    async def license(self, username: str, *states: str) -> None:
        """Say in which states a provider may treat."""
        account = await self.server.store.find_staff(username)
        assert account is not None
        await self.server.store.change_staff(replace(account, licences=frozenset(states)), ())

    async def hire(self, username: str, name: str, role: Role, clinic_id: str = "main") -> None:
        """Make an account whose password is `PASSWORD`."""
        account = StaffAccount(
            id=username.replace(".", "-"),
            username=username,
            name=name,
            role=role,
            password_hash=_password_hash(),
            clinic_id=clinic_id,
        )
        await self.server.store.add_staff(account)

    async def post(self, path: str, body: object, **options: Any) -> tuple[int, Json]:
        """Post JSON and return status and body."""
        async with self.http.post(f"{self.settings.base_url}{path}", json=body, **options) as answer:
            return answer.status, await answer.json()

    async def view(self, code: str) -> Json:
        return (await self.post("/api/v1/invitations/view", {"code": code}))[1]

    async def redeem(self, code: str) -> Json:
        status, body = await self.post("/api/v1/invitations/redeem", {"code": code})
        assert status == 200, body
        return body

    async def patient(self, code: str, *, waiting: bool = True) -> Wire:
        """Tap Start, connect, and go into the waiting room."""
        wire = await self.connect("/visit", (await self.redeem(code))["token"])
        if waiting:
            await wire.ok("waiting.join")
            await wire.shows(lambda it: it["me"]["phase"] == "waiting", "waiting")
        return wire

    async def staff(self, username: str = "sample.provider") -> Wire:
        """Sign in and connect."""
        status, body = await self.post("/api/v1/staff/sign-in", {"username": username, "password": PASSWORD})
        assert status == 200, body
        wire = await self.connect("/care", body["token"])
        await wire.shows(lambda it: "queue" in it, "the queue")
        return wire

    async def connect(self, namespace: str, token: object, **options: Any) -> Wire:
        """Connect a socket; a refusal is kept on the wire."""
        wire = Wire(namespace)
        session = aiohttp.ClientSession(headers={"Origin": self.settings.base_url} | options.pop("headers", {}))
        self.stack.push_async_callback(session.close)
        wire.socket = socketio.AsyncClient(reconnection=False, http_session=session)
        wire.socket.on("snapshot", wire.take, namespace=namespace)
        wire.socket.on("bye", wire.byes.append, namespace=namespace)
        wire.socket.on("connect_error", lambda said: setattr(wire, "refusal", said), namespace=namespace)
        self.stack.push_async_callback(wire.close)
        try:
            await wire.socket.connect(
                self.settings.base_url,
                namespaces=[namespace],
                transports=["websocket"],
                auth={"token": token},
                wait_timeout=5,
            )
        except socketio.exceptions.ConnectionError as error:
            wire.refusal = wire.refusal or {"message": str(error)}
        return wire

    @property
    def node(self) -> Any:
        """The parts of the running server, which tests reach by the listener that its visits tell."""
        return self.server.visits._listener.__self__  # type: ignore[attr-defined]

    async def drop_every_socket(self) -> None:
        """Cut all sockets as a network fault would."""
        sockets = self.node.sockets._server
        for eio_sid in list(sockets.environ):
            sockets.abort(eio_sid)

    async def in_visit(self) -> tuple[str, Wire, Wire]:
        """A patient and the provider in a visit: the link's code and both sockets."""
        code = await self.book()
        patient, provider = await self.patient(code), await self.staff()
        await provider.ok("visit.admit", await first_row(provider))
        await patient.shows(lambda it: it["me"]["phase"] == "in_visit", "admitted")
        await provider.shows(lambda it: it["visit"] is not None, "in the visit")
        return code, patient, provider


async def first_row(staff: Wire) -> Json:
    """What to name in a request about the first patient of the queue who may be admitted."""
    shown = await staff.shows(lambda it: any("admit" in row["may"] for row in it["queue"]), "somebody to admit")
    row = next(row for row in shown["queue"] if "admit" in row["may"])
    return {"visit": row["visit"], "participant": row["patient"]["id"]}


def code_of(url: str) -> str:
    """Return the code of a link."""
    return url.partition("#")[2]


def clinic_settings(folder: Path, **changed: Any) -> Settings:
    """Settings on free ports of this machine."""
    port = free_port()
    facts: Json = {"port": port, "base_url": f"http://127.0.0.1:{port}", "data_dir": folder / "data"}
    facts |= {"media_host": "127.0.0.1", "media_port": 0, "clinics": {"main": {}}} | changed
    for clinic in facts["clinics"].values():
        clinic.setdefault("time_zone", zone_of_noon(datetime.now(UTC)))
    return load_settings(**facts)


def zone_of_noon(now: datetime) -> str:
    """Name the zone where it is about noon: what a test books for the next hours is in the list of that day, whatever the hour."""
    behind = now.hour - 12
    return f"Etc/GMT{behind:+d}" if behind else "Etc/GMT"


@asynccontextmanager
async def open_clinic(settings: Settings) -> AsyncIterator[Clinic]:
    """Run a server with the sample staff."""
    async with AsyncExitStack() as stack:
        server = await stack.enter_async_context(Server.running(settings))
        http = await stack.enter_async_context(aiohttp.ClientSession())
        clinic = Clinic(server, settings, http, stack)
        for username, name, role in STAFF:
            if await server.accounts.find(username) is None:
                await clinic.hire(username, name, role)
        yield clinic


@cache
def _password_hash() -> str:
    """Hashed once for all tests: hashing is slow on purpose."""
    return PasswordHasher().hash(PASSWORD)


def instant(text: str) -> datetime:
    """Read a time of the wire."""
    return datetime.fromisoformat(text)
