"""How soon staff see a patient's tap, and what a full waiting room costs: `python -m loadtests.waiting_room_bench`.

The server runs in a process of its own; its CPU and memory are what the kernel counts for that process. All patients and
staff's screens are connected from this one, over real WebSockets and compressed as browsers do it; its own share of a core
stands beside the server's, because both share the machine. Taps come at their times whether earlier ones were answered or
not. Figures are lines of JSON on stdout, and a table of them on stderr.
"""

import asyncio
import contextlib
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import aiohttp
import click
from rich.console import Console
from rich.table import Table

from loadtests.clinic_process import Clinic, Credentials, ServerProcess, Shares, raise_file_limit, shares_of
from loadtests.figures import report
from loadtests.waiting_room_load import Ledger, Patient, Screen, Tap

CALM_TAPS_PER_S = 2
RUSH_TAPS_PER_S = 20
ARRIVING_AT_ONCE = 16
OPENING_AT_ONCE = 5
SETTLE_S = 2
SEEN_WITHIN_S = 10
ROUND_S = 0.5
# Far more than it takes; a server that stands still is to be told so.
MOST_S = 600
QUANTILES = {"p50": 0.5, "p95": 0.95, "p99": 0.99, "max": 1.0}


@dataclass
class Figures:
    """Prints each figure as it comes, and keeps it for the table."""

    conditions: dict[str, object]
    rows: list[tuple[str, str]] = field(default_factory=list)

    def value(self, name: str, value: float, unit: str, **conditions: object) -> None:
        """Print one figure."""
        report(f"waiting_room_{name}", value, unit, **self.conditions, **conditions)
        self.rows.append((name, f"{value:,.1f} {unit}"))

    def times(self, name: str, times_ms: Iterable[float], **conditions: object) -> None:
        """Print the quantiles of some times."""
        ordered = sorted(times_ms)
        cuts = {label: quantile(ordered, share) for label, share in QUANTILES.items()}
        for label, cut in cuts.items():
            report(f"waiting_room_{name}_ms_{label}", cut, "ms", **self.conditions, **conditions, count=len(ordered))
        self.rows.append((name, ", ".join(f"{label} {cut:,.0f}" for label, cut in cuts.items()) + " ms"))

    def show(self) -> None:
        """Print the table."""
        table = Table("Figure", "Value", title=f"Waiting room: {self.conditions}", box=None)
        for row in self.rows:
            table.add_row(*row)
        Console(stderr=True, width=None if sys.stderr.isatty() else 120).print(table)


def quantile(ordered: Sequence[float], share: float) -> float:
    """Return the least of these, in order, that so many of them do not exceed."""
    return ordered[max(0, -int(-share * len(ordered) // 1) - 1)]


@dataclass
class Room:
    """The running server and everybody who is connected to it."""

    server: ServerProcess
    patients: list[Patient]
    screens: list[Screen]
    ledger: Ledger
    figures: Figures
    seconds: int
    lateness_ms: list[float] = field(default_factory=list)

    async def watch_own_lateness(self) -> None:
        """Note how late this process is at each moment, until cancelled: by so much its times may be too long."""
        while True:
            due = time.perf_counter() + 0.05
            await asyncio.sleep(0.05)
            self.lateness_ms.append((time.perf_counter() - due) * 1000)

    def received(self) -> tuple[int, int]:
        """Return the bytes that all staff's screens got over the wire, and the characters that these were unpacked."""
        pages = [screen.page for screen in self.screens]
        return sum(page.bytes_received() for page in pages), sum(page.characters for page in pages)

    def loaded(self, shares: Shares) -> dict[str, object]:
        """Return how busy both sides were, and how late this one's clock could be."""
        late = quantile(sorted(self.lateness_ms), QUANTILES["p95"])
        self.lateness_ms.clear()
        facts = {"server_cpu_share": shares.server, "client_cpu_share": shares.client, "client_late_ms_p95": late}
        return {name: round(value, 2) for name, value in facts.items()}


async def arrive(room: Room, waiting: Sequence[Patient]) -> None:
    """Let everybody arrive and check in, some at a time, and those ``waiting`` join the line."""
    joins = set(waiting)

    async def come(patient: Patient) -> None:
        await patient.arrive()
        if patient in joins:
            await patient.join()

    before = room.server.resident_mb()
    with shares_of(room.server) as shares:
        await some_at_a_time(ARRIVING_AT_ONCE, (come(patient) for patient in room.patients))
    per_s = len(room.patients) / shares.wall_s
    room.figures.value("arrivals_and_check_ins", per_s, "patients/s", at_once=ARRIVING_AT_ONCE, **room.loaded(shares))
    await asyncio.sleep(SETTLE_S)
    after = room.server.resident_mb()
    room.figures.value("memory_nobody_connected", before, "MB", booked=len(room.patients))
    room.figures.value("memory_all_connected", after, "MB", connected=len(room.patients))
    room.figures.value("memory_per_connected_patient", (after - before) * 1000 / len(room.patients), "kB")


async def some_at_a_time(at_once: int, work: Iterable[Awaitable[None]]) -> None:
    """Do all of it, always so much at once."""
    places = asyncio.Semaphore(at_once)

    async def one(part: Awaitable[None]) -> None:
        async with places:
            await part

    async with asyncio.TaskGroup() as tasks:
        for part in work:
            tasks.create_task(one(part))


async def open_screens(room: Room, nurses: Sequence[Credentials]) -> None:
    """Let staff sign in, some at a time, until the whole list is everywhere."""
    before = room.server.resident_mb()
    times: list[float] = []

    async def enter(screen: Screen, nurse: Credentials) -> None:
        times.append(await screen.open(nurse, len(room.patients)))

    staff = zip(room.screens, nurses, strict=True)
    await some_at_a_time(OPENING_AT_ONCE, (enter(screen, nurse) for screen, nurse in staff))
    size, unpacked = room.received()
    facts = {
        "at_once": OPENING_AT_ONCE,
        "rows": len(room.patients),
        "wire_kb": size // 1000 // len(times),
        "json_kb": unpacked // 1000 // len(times),
    }
    room.figures.times("screen_connect_to_whole_list", times, **facts)
    room.figures.value("memory_with_all_screens", room.server.resident_mb(), "MB", before=round(before))


async def idle(room: Room) -> None:
    """Measure what costs while nothing happens but signs of life and pings."""
    await asyncio.sleep(SETTLE_S)
    room.lateness_ms.clear()
    with shares_of(room.server) as shares:
        await asyncio.sleep(room.seconds)
    room.figures.value("idle_cpu", shares.server * 100, "% of a core", **room.loaded(shares))


async def taps(room: Room, name: str, tappers: Sequence[Patient], per_s: float) -> None:
    """Let patients tap at this rate, and measure when each screen shows the row."""
    room.ledger.taps.clear()
    room.lateness_ms.clear()
    received, begun = room.received(), time.perf_counter()
    with shares_of(room.server) as shares:
        async with asyncio.TaskGroup() as tasks:
            for number, patient in enumerate(tappers):
                await asyncio.sleep(begun + number / per_s - time.perf_counter())
                tasks.create_task(patient.tap(room.ledger))
    done = list(room.ledger.taps.values())
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(SEEN_WITHIN_S):
            # Looked at now and then: telling at each row would cost the screens that are measured.
            while not all(len(tap.seen_ms) == len(room.screens) for tap in done):  # noqa: ASYNC110
                await asyncio.sleep(0.05)
    await asyncio.sleep(SETTLE_S)
    wire, unpacked = (after - before for after, before in zip(room.received(), received, strict=True))
    _tell_taps(room, name, done, per_s=per_s, **room.loaded(shares))
    room.figures.value(f"bytes_per_tap_{name}", wire / len(done), "bytes", to="all screens", json=unpacked // len(done))
    room.figures.value(f"cpu_{name}", shares.server * 100, "% of a core", per_s=per_s)
    room.figures.value(f"memory_{name}", room.server.resident_mb(), "MB")


def _tell_taps(room: Room, name: str, done: Sequence[Tap], **conditions: object) -> None:
    seen = [list(tap.seen_ms.values()) for tap in done if tap.seen_ms]
    conditions |= {"taps": len(done), "not_seen": len(done) * len(room.screens) - sum(map(len, seen))}
    room.figures.times(f"tap_to_answer_{name}", [tap.answered_ms for tap in done], **conditions)
    room.figures.times(f"tap_to_first_screen_{name}", [min(times) for times in seen], **conditions)
    room.figures.times(f"tap_to_each_screen_{name}", [one for times in seen for one in times], **conditions)
    room.figures.times(f"tap_to_last_screen_{name}", [max(times) for times in seen], **conditions)


async def act(room: Room, patients: Sequence[Patient]) -> None:
    """Let one nurse after another write to, admit, hold and return a patient; measure until the patient's page shows it."""
    times: dict[str, list[float]] = {}
    room.lateness_ms.clear()

    async def timed(name: str, shown: asyncio.Future[float], doing: Awaitable[None]) -> None:
        begun = time.perf_counter()
        await doing
        times.setdefault(name, []).append((await asyncio.wait_for(shown, SEEN_WITHIN_S) - begun) * 1000)

    with shares_of(room.server) as shares:
        until = time.perf_counter() + room.seconds
        for number, patient in enumerate(patients):
            screen, text = room.screens[number % len(room.screens)], f"We will be with you soon, number {number}"
            await timed("message", patient.shows(_reads(text)), screen.write(patient, text))
            await timed("admit", patient.shows(_is("in_visit")), screen.admit(patient))
            await timed("hold", patient.shows(_is("on_hold")), screen.move("visit.hold", patient))
            await timed("return", patient.shows(_is("waiting")), screen.move("visit.return", patient))
            await screen.leave(patient)
            if time.perf_counter() > until:
                break
            await asyncio.sleep(ROUND_S)
    loaded = room.loaded(shares)
    for name, taken in times.items():
        room.figures.times(f"{name}_to_patient", taken, **loaded)


def _is(phase: str) -> Callable[[dict[str, Any]], bool]:
    return lambda snapshot: snapshot["me"]["phase"] == phase


def _reads(text: str) -> Callable[[dict[str, Any]], bool]:
    return lambda snapshot: any(message["text"] == text for message in snapshot["messages"])


@contextlib.asynccontextmanager
async def running(*work: Awaitable[None]) -> AsyncIterator[None]:
    """Let this go on for the length of the block. Raises what ended one of it."""
    tasks = [asyncio.ensure_future(one) for one in work]
    try:
        yield
        for task in tasks:
            if task.done():
                task.result()
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def measure(
    clinic: Clinic,
    server: ServerProcess,
    codes: Sequence[str],
    nurses: Sequence[Credentials],
    *,
    waiting: int,
    seconds: int,
) -> Figures:
    """Take all measurements, one after another, on this server."""
    figures = Figures({"patients_waiting": waiting, "screens": len(nurses), "seconds": seconds})
    ledger = Ledger()
    connector = aiohttp.TCPConnector(limit=0)
    async with aiohttp.ClientSession(connector=connector, timeout=aiohttp.ClientTimeout(total=60)) as http:
        patients = [Patient(http, clinic.url, code) for code in codes]
        screens = [Screen(http, clinic.url, number, ledger) for number in range(len(nurses))]
        room = Room(server, patients, screens, ledger, figures, seconds)
        line, calm, rush = _parts(patients, waiting, CALM_TAPS_PER_S * seconds)
        async with running(room.watch_own_lateness()):
            await arrive(room, line)
            async with running(*(patient.ask_for_signs_of_life() for patient in line)):
                await open_screens(room, nurses)
                await idle(room)
                await taps(room, "calm", calm, CALM_TAPS_PER_S)
                await act(room, line)
                await taps(room, "rush", rush, RUSH_TAPS_PER_S)
        pages = [*(patient.page for patient in patients), *(screen.page for screen in screens)]
        figures.value("sockets_lost", sum(page.is_lost for page in pages), "sockets", connected=len(pages))
        figures.value("lines_logged", server.complaints(), "lines", level="warning")
        await asyncio.gather(*(page.close() for page in pages))
    return figures


def _parts(patients: list[Patient], waiting: int, calm: int) -> tuple[list[Patient], list[Patient], list[Patient]]:
    return patients[:waiting], patients[waiting : waiting + calm], patients[waiting + calm :]


@click.command()
@click.option(
    "--patients", type=click.IntRange(1, 4000), default=2000, show_default=True, help="Who wait all the time."
)
@click.option("--staff", type=click.IntRange(1, 200), default=50, show_default=True, help="Screens of as many nurses.")
@click.option("--seconds", type=click.IntRange(1, 60), default=15, show_default=True, help="Of each measurement.")
def main(*, patients: int, staff: int, seconds: int) -> None:
    """Measure a waiting room: patients' taps and staff's screens."""
    raise_file_limit()
    with tempfile.TemporaryDirectory() as folder:
        clinic = Clinic(Path(folder))
        nurses = clinic.add_nurses(staff)
        codes = clinic.book(patients + (CALM_TAPS_PER_S + RUSH_TAPS_PER_S) * seconds)
        with clinic.served() as server:
            work = measure(clinic, server, codes, nurses, waiting=patients, seconds=seconds)
            figures = asyncio.run(asyncio.wait_for(work, MOST_S))
    figures.show()


if __name__ == "__main__":
    main()
