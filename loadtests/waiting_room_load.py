"""The people of a waiting room: patients who arrive, check in, wait and ask for a sign of life, and the staff's screens.

All of them speak the public wire as the pages do, but negotiate no media. What is seen is timed where its frame was read.
"""

import asyncio
import json
import random
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import aiohttp

from loadtests.clinic_process import Credentials
from loadtests.page_socket import Json, PageSocket, Refused

SIGN_OF_LIFE_S = 15.0
ANSWERS: dict[str, Json] = {
    "location": {"state": "NY", "address": "12 Sample Street, Apartment 3, Springfield"},
    "callback": {"phone": "(555) 010-0142"},
    "reason": {"text": "My knee hurts when I take the stairs, more than last week"},
}


async def post(http: aiohttp.ClientSession, url: str, body: Json) -> Json:
    """Post JSON and return what is answered. Raises `Refused`."""
    async with http.post(url, json=body) as response:
        answer: Json = await response.json()
    if "error" in answer:
        raise Refused(answer["error"])
    return answer


@dataclass
class Tap:
    """One patient's tap on Join: when, when it was acknowledged, and when each screen showed the row."""

    at: float
    answered_ms: float = 0.0
    seen_ms: dict[int, float] = field(default_factory=dict)


@dataclass
class Ledger:
    """What the screens are looked at for. Screens see the same rows: what one knows of a visit, all know."""

    taps: dict[str, Tap] = field(default_factory=dict)
    checks: dict[str, list[str]] = field(default_factory=dict)

    def note(self, screen: int, rows: list[Json], at: float) -> None:
        """Note what a screen was sent."""
        for row in rows:
            visit = row["visit"]
            self.checks[visit] = row["checks"]
            tap = self.taps.get(visit)
            if tap is not None and row["patient"]["phase"] == "waiting":
                tap.seen_ms.setdefault(screen, (at - tap.at) * 1000)


class Patient:
    """Who came by one link."""

    def __init__(self, http: aiohttp.ClientSession, url: str, code: str) -> None:
        self._http = http
        self._url = url
        self._code = code
        self._newest = ""
        self._awaited: tuple[Callable[[Json], bool], asyncio.Future[float]] | None = None
        self._page: PageSocket | None = None
        self.visit = self.id = ""

    @property
    def page(self) -> PageSocket:
        """The socket of one who has arrived."""
        if self._page is None:
            raise ConnectionError("has not arrived")
        return self._page

    async def arrive(self) -> None:
        """Tap Start, connect, and check in."""
        redeemed = await post(self._http, f"{self._url}/api/v1/invitations/redeem", {"code": self._code})
        self.visit, self.id = redeemed["visit"], redeemed["participant"]
        self._page = await PageSocket.connected(self._http, self._url, "/visit", redeemed["token"], self._hear)
        check_in = (await self._first_snapshot())["check_in"]
        consent = {"version": check_in["consent"]["version"], "language": "en"}
        for item in check_in["items"]:
            if item["state"] == "open":
                answer = (ANSWERS | {"consent": consent})[item["key"]]
                await self._page.ask("checkin.answer", {"item": item["key"], "answer": answer})

    async def join(self) -> None:
        """Go into the waiting room."""
        await self.page.ask("waiting.join")

    async def tap(self, ledger: Ledger) -> None:
        """Go into the waiting room, for the ledger."""
        tap = ledger.taps[self.visit] = Tap(time.perf_counter())
        await self.page.ask("waiting.join")
        tap.answered_ms = (time.perf_counter() - tap.at) * 1000

    async def ask_for_signs_of_life(self) -> None:
        """Ask at the pace of a waiting page, from a random moment on, until cancelled."""
        await asyncio.sleep(random.uniform(0, SIGN_OF_LIFE_S))  # noqa: S311 - no secret
        while True:
            await self.page.ask("presence.check")
            await asyncio.sleep(SIGN_OF_LIFE_S)

    def shows(self, condition: Callable[[Json], bool]) -> asyncio.Future[float]:
        """Return what will hold when the frame was read with the first snapshot, from now on, of which this is true."""
        seen: asyncio.Future[float] = asyncio.get_running_loop().create_future()
        self._awaited = (condition, seen)
        return seen

    async def _first_snapshot(self) -> Json:
        if not self._newest:
            await self.shows(lambda _: True)
        return _argument(self._newest)

    def _hear(self, event: str, at: float) -> None:
        self._newest = event
        # Thousands hear much that nobody waits for: it is not even parsed.
        if self._awaited is not None:
            condition, seen = self._awaited
            if condition(_argument(event)):
                self._awaited = None
                if not seen.done():
                    seen.set_result(at)


class Screen:
    """One nurse's window. ``number`` tells it from the others in the ledger."""

    def __init__(self, http: aiohttp.ClientSession, url: str, number: int, ledger: Ledger) -> None:
        self._http = http
        self._url = url
        self._number = number
        self._ledger = ledger
        self._page: PageSocket | None = None
        self._rows_wanted = 0
        self._complete: asyncio.Future[float] = asyncio.get_running_loop().create_future()
        self.held: set[str] = set()

    @property
    def page(self) -> PageSocket:
        """The socket of one who is signed in."""
        if self._page is None:
            raise ConnectionError("has not signed in")
        return self._page

    async def open(self, credentials: Credentials, rows: int) -> float:
        """Sign in, connect, and return after how many milliseconds from the connect the list of this many rows was there."""
        body = {"username": credentials.username, "password": credentials.password}
        signed_in = await post(self._http, f"{self._url}/api/v1/staff/sign-in", body)
        self._rows_wanted = rows
        begun = time.perf_counter()
        self._page = await PageSocket.connected(self._http, self._url, "/care", signed_in["token"], self._hear)
        return (await asyncio.wait_for(self._complete, 60) - begun) * 1000

    async def admit(self, patient: Patient) -> None:
        """Let a patient in, after what the row asks to be confirmed."""
        argument = {"visit": patient.visit, "participant": patient.id, "confirmed": self._ledger.checks[patient.visit]}
        await self.page.ask("visit.admit", argument)

    async def move(self, request: str, patient: Patient) -> None:
        """Ask something about a patient that needs nothing further."""
        await self.page.ask(request, {"visit": patient.visit, "participant": patient.id})

    async def write(self, patient: Patient, text: str) -> None:
        """Send a message."""
        await self.page.ask("message.send", {"visit": patient.visit, "participant": patient.id, "text": text})

    async def leave(self, patient: Patient) -> None:
        """Go out of the patient's visit."""
        await self.page.ask("visit.leave", {"visit": patient.visit})

    def _hear(self, event: str, at: float) -> None:
        snapshot = _argument(event)
        if "queue" not in snapshot:
            return
        queue = snapshot["queue"]
        if queue["full"]:
            self.held.clear()
        self.held.update(row["visit"] for row in queue["rows"])
        self.held.difference_update(queue["gone"])
        self._ledger.note(self._number, queue["rows"], at)
        if len(self.held) >= self._rows_wanted and not self._complete.done():
            self._complete.set_result(at)


def _argument(event: str) -> Json:
    found: Any = json.loads(event)[1]
    return dict(found)
