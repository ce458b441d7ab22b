"""The appointments interface on a real store and a real port, with a clock that the test moves, and callers who hold tokens."""

from __future__ import annotations

import secrets
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from signaling.accounts import Accounts
from signaling.appointments import Appointments
from signaling.clinics import Clinics
from signaling.invitations import hash_code
from signaling.protection import answer_errors
from signaling.rest.routes import AppointmentsApi
from signaling.settings import Settings, load_settings
from signaling.staff_sessions import StaffSessions
from signaling.tokens import Keyring, SessionClaims, SessionTokens
from signaling.visits import Visits
from waiting_room.model import Role
from waiting_room.office_events import ApiTokenChanged
from waiting_room.sqlite_store import SqliteStore
from waiting_room.store import ApiToken, StaffAccount, Store

MONDAY: Final = datetime(2026, 11, 23, 13, 0, tzinfo=UTC)
"""Eight in the morning in New York."""

CLINICS: Final[dict[str, Any]] = {
    "main": {
        "time_zone": "America/New_York",
        "kinds": {
            "video": [
                "location",
                "consent",
                {"key": "forms", "title": {"en": "Forms"}, "url": "https://portal.example/f"},
            ],
            "plain": [],
        },
    },
    "north": {"name": "North Clinic", "time_zone": "America/Los_Angeles"},
}
STAFF: Final = (
    ("sample.provider", "Dr. Sample Provider", Role.PROVIDER, "main"),
    ("other.provider", "Dr. Other", Role.PROVIDER, "main"),
    ("sample.nurse", "Sample Nurse", Role.NURSE, "main"),
    ("sample.desk", "Sample Front Desk", Role.FRONT_DESK, "main"),
    ("north.provider", "Dr. North", Role.PROVIDER, "north"),
    ("north.desk", "North Front Desk", Role.FRONT_DESK, "north"),
)
SCOPES: Final = frozenset({"appointments:read", "appointments:write", "check_in:write", "reports:read"})

Json = dict[str, Any]


@dataclass
class Answer:
    status: int
    headers: Mapping[str, str]
    text: str
    json: Any

    @property
    def code(self) -> str:
        return str(self.json["error"]["code"])


@dataclass
class FrontOffice:
    """What a test of the interface needs."""

    settings: Settings
    store: Store
    visits: Visits
    clinics: Clinics
    accounts: Accounts
    sessions: StaffSessions
    tokens: SessionTokens
    now: datetime = MONDAY
    seconds: float = 0.0
    client: TestClient[Any, Any] | None = None
    everything: str = field(default="", repr=False)
    """An API token with all scopes for all clinics."""

    def appointments(self) -> Appointments:
        return Appointments(self.visits, self.store, self.clinics, self.settings.base_url, lambda: self.now)

    async def token(self, *, scopes: frozenset[str] = SCOPES, clinic: str | None = None, days: float = 1) -> str:
        """An API token."""
        made = ApiToken(secrets.token_hex(4), "portal", scopes, clinic, self.now, self.now + timedelta(days=days))
        event = ApiTokenChanged(visit="", at=self.now, actor="test", role=Role.OPERATOR, token=made.id, change="made")
        await self.store.add_token(made, [event])
        claims = SessionClaims("api", made.id, "jti", made.expires_at, scopes=scopes, device="api")
        return self.tokens.issue(claims, now=self.now)

    async def sign_in(self, username: str) -> str:
        """A staff token."""
        account = await self.store.find_staff(username)
        assert account is not None
        session, until = secrets.token_hex(8), self.now + timedelta(hours=8)
        await self.sessions.open(account, session, device="desktop", expires_at=until)
        claims = SessionClaims("care", username, session, until, device="desktop")
        return self.tokens.issue(claims, now=self.now)

    async def ask(
        self, method: str, path: str, body: object = None, *, token: str | None = None, **options: Any
    ) -> Answer:
        """Ask, with an API token for everything unless another is given; ``token`` "" sends none."""
        assert self.client is not None
        sent = self.everything if token is None else token
        headers = {"Authorization": f"Bearer {sent}"} if sent else {}
        headers |= options.pop("headers", {})
        if body is not None:
            options["json"] = body
        async with self.client.request(method, f"/api/v1{path}", headers=headers, **options) as answer:
            text = await answer.text()
            json = await answer.json() if answer.content_type == "application/json" else None
            return Answer(answer.status, answer.headers, text, json)

    async def book(self, *, headers: Json | None = None, token: str | None = None, **changed: Any) -> Json:
        """Book over the interface; it must be granted."""
        answer = await self.ask("POST", "/appointments", wanted(**changed), headers=headers or {}, token=token)
        assert answer.status == 201, answer.text
        return dict(answer.json)


def wanted(**changed: Any) -> Json:
    """A booking's body."""
    body: Json = {
        "clinic": "main",
        "starts_at": "2026-11-23T09:30",
        "providers": ["sample.provider"],
        "patient": {"name": "Sample Patient", "birth_date": "1961-04-30", "phone": "555-0142", "language": "es"},
        "reason": "Follow-up",
    }
    body |= changed
    return {name: value for name, value in body.items() if value is not ...}


def code_of(booked: Json) -> str:
    """Return the code of the patient's link in the answer to a booking."""
    link = str(booked["links"]["patient"])
    assert link.startswith("https://visits.clinic.example/v#")
    return link.partition("#")[2]


async def opens(office: FrontOffice, booked: Json) -> bool:
    """Whether the patient's link in this answer still opens something."""
    found = await office.store.find_invitation(hash_code(code_of(booked)))
    return found is not None and not found.revoked


@asynccontextmanager
async def open_front_office(folder: Path, **clinics: Any) -> AsyncIterator[FrontOffice]:
    """Serve the interface with two clinics and their staff."""
    settings = load_settings(data_dir=folder, clinics=CLINICS | clinics, base_url="https://visits.clinic.example")
    # The store has the test's time too: by the computer's a kept answer of that Monday is older than a day from the next week on.
    offices: list[FrontOffice] = []
    store = await SqliteStore.open(folder / "store.sqlite3", clock=lambda: offices[0].now if offices else MONDAY)
    try:
        office = await _wire(settings, store, folder)
        offices.append(office)
        app = web.Application(middlewares=[answer_errors])
        app.add_routes(_api(office).routes())
        async with TestClient(TestServer(app)) as client:
            office.client = client
            office.everything = await office.token(days=300)
            yield office
    finally:
        await store.close()


async def _wire(settings: Settings, store: SqliteStore, folder: Path) -> FrontOffice:
    office: FrontOffice

    def clock() -> datetime:
        return office.now

    accounts = Accounts(store, clock)
    office = FrontOffice(
        settings,
        store,
        Visits(store, clock=clock, listener=lambda _visit, _events: None),
        Clinics(settings),
        accounts,
        StaffSessions(store, accounts, clock, timedelta(minutes=15), monotonic=lambda: office.seconds),
        SessionTokens(Keyring.load(folder / "keys.json"), clock=clock),
    )
    for username, name, role, clinic in STAFF:
        await store.add_staff(StaffAccount(username.replace(".", "-"), username, name, role, "", clinic))
    return office


def _api(office: FrontOffice) -> AppointmentsApi:
    return AppointmentsApi(
        store=office.store,
        visits=office.visits,
        tokens=office.tokens,
        sessions=office.sessions,
        clinics=office.clinics,
        accounts=office.accounts,
        settings=office.settings,
        clock=lambda: office.now,
        monotonic=lambda: office.seconds,
    )
