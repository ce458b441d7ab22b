"""``video-visit appointment``: from booking to the end, imports, and a running server that takes notice."""

from __future__ import annotations

import asyncio
import json
import stat
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.support.clinic import Clinic
from tests.support.commands import hire, printed, run

pytestmark = pytest.mark.timeout(300)  # processes start slowly on a busy computer

YEAR = datetime.now(UTC).year + 1
SUNDAY = 6
ZONE = {"clinics__main__time_zone": "America/New_York"}


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return hire(tmp_path / "data", "sample.provider", "other.provider")


def ids(data: Path, *options: str) -> list[str]:
    return [str(one["id"]) for one in listed(data, *options)]


def listed(data: Path, *options: str) -> list[dict[str, Any]]:
    found = json.loads(printed("appointment", "list", "--json", *options, data=data, **ZONE))
    assert isinstance(found, list)
    return found


def test_an_appointment_from_booking_to_its_end(data: Path) -> None:
    asked = [
        *("--patient", "Sample Patient", "--provider", "sample.provider", "--birth-date", "1961-04-30"),
        *("--language", "es", "--phone", "555-0142", "--sms", "--interpreter", "--external-id", "p-1"),
    ]
    first = printed("appointment", "create", *asked, "--start", f"{YEAR}-07-01 14:30", data=data, **ZONE)
    printed("appointment", "create", *asked, "--start", f"{YEAR}-07-02 00:00", "--no-check-in", data=data, **ZONE)
    (one,) = listed(data, "--day", f"{YEAR}-07-01", "--provider", "sample.provider", "--state", "booked")
    assert one["starts_at"] == f"{YEAR}-07-01T18:30:00.000Z"
    patient: dict[str, Any] = {"name": "Sample Patient", "birth_date": "1961-04-30", "language": "es", "time_zone": ""}
    patient |= {"phone": "555-0142", "email": "", "sms_opt_in": True, "interpreter": True}
    assert one["patient"] == patient
    assert [len(visit["check_in"]) for visit in listed(data)] == [4, 0]
    table = printed("appointment", "list", data=data, **ZONE)
    assert f"{YEAR}-07-01 14:30 EDT" in table
    shown = printed("appointment", "show", one["id"], data=data, **ZONE)
    assert "Sample Patient" in shown
    assert json.loads(printed("appointment", "show", one["id"], "--json", data=data, **ZONE)) == one

    moved = printed(
        *("appointment", "reschedule", one["id"], "--start", f"{YEAR}-11-30 09:00", "--minutes", "60"),
        data=data,
        **ZONE,
    )
    assert moved.startswith(f"appointment {one['id']}\nhttp://localhost:8080/v#")
    assert moved != first
    assert printed("appointment", "link", one["id"], data=data) not in {first, moved}
    refused = run("appointment", "no-show", one["id"], data=data)
    assert (refused.returncode, refused.stdout) == (2, "")
    assert "wrong_state" in refused.stderr
    assert printed("appointment", "cancel", one["id"], data=data) == "cancelled"
    assert run("appointment", "link", one["id"], data=data).returncode == 2
    other = ids(data, "--day", f"{YEAR}-07-02")[0]
    assert printed("appointment", "complete", other, data=data) == "ended"
    kinds = [json.loads(line)["kind"] for line in printed("audit", "export", "--visit", one["id"], data=data).split()]
    assert kinds == [
        "VisitBooked",
        "VisitLookedAt",
        "VisitLookedAt",
        "VisitRescheduled",
        "LinkRenewed",
        "VisitCancelled",
    ]
    assert printed("audit", "verify", data=data)


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        (("show", "nothing"), "visit"),
        (("list", "--provider", "nobody"), "account_unknown"),
        (("list", "--clinic", "north"), "clinic_unknown"),
    ],
)
def test_what_is_wrong_is_named(data: Path, arguments: tuple[str, ...], named: str) -> None:
    refused = run("appointment", *arguments, data=data)
    assert refused.returncode == 2
    assert named in refused.stderr
    assert "Traceback" not in refused.stderr


def rows() -> list[str]:
    """Three rows that can be booked, and four that can not."""
    skipped = next(day for day in range(8, 15) if date(YEAR, 3, day).weekday() == SUNDAY)
    return [
        "Start;Patient name;external_id;providers;birth_date;sms opt-in;phone;minutes",
        f"{YEAR}-07-01T09:00;Ana Uno;e-1;sample.provider;1961-04-30;yes;555-0141;",
        f"{YEAR}-03-{skipped:02}T02:30;Skipped Hour;e-2;sample.provider;;;;",
        f"{YEAR}-07-01T10:00;Bea Dos;e-3;sample.provider other.provider;;;;45",
        ";;;;;;;",
        f"{YEAR}-07-01T11:00;Nobody's;e-4;nobody;;;;",
        f"{YEAR}-07-01T11:00;Eva Tres;;;;no;;",
        f"{YEAR}-07-01T12:00;Short;e-5",
        f"{YEAR}-07-01T13:00;=HYPERLINK(1);e-6;;yesterday;;;",
    ]


def importing(data: Path, file: Path, *options: str) -> tuple[int, dict[str, Any]]:
    done = run("appointment", "import", str(file), "--json", *options, data=data, **ZONE)
    return done.returncode, json.loads(done.stdout)


def test_an_import_books_what_can_be_booked_and_names_the_rest(data: Path, tmp_path: Path) -> None:
    file, links = tmp_path / "day.csv", tmp_path / "links.csv"
    file.write_text("\r\n".join(rows()), encoding="utf-8-sig")
    status, told = importing(data, file, "--dry-run")
    assert (status, told["counts"]) == (1, {"would_book": 3, "refused": 4})
    assert listed(data) == []

    status, told = importing(data, file, "--links", str(links))
    assert (status, told["counts"]) == (1, {"booked": 3, "refused": 4})
    refused = {one["row"]: (one["column"], one["reason"]) for one in told["rows"] if one["outcome"] == "refused"}
    assert set(refused) == {3, 6, 8, 9}
    assert refused[3][0] == "start"
    assert refused[6][0] == "providers"
    assert refused[8] == ("row", "has 3 cells where the header has 8")
    assert refused[9] == ("birth_date", "must be a date such as 1961-04-30")
    assert [one["patient"]["name"] for one in listed(data)] == ["Ana Uno", "Bea Dos", "Eva Tres"]
    assert [one["minutes"] for one in listed(data)] == [30, 45, 30]
    assert [one["providers"] for one in listed(data)] == [
        ["sample.provider"],
        ["sample.provider", "other.provider"],
        [],
    ]
    assert stat.S_IMODE(links.stat().st_mode) == 0o600
    assert links.read_text().count("http://localhost:8080/v#") == 3
    assert all("url" not in one for one in told["rows"])

    again = importing(data, file)
    assert again[1]["counts"] == {"there": 3, "refused": 4}
    assert len(listed(data)) == 3
    assert run("appointment", "import", str(file), "--links", str(links), data=data).returncode == 2


def test_an_import_prints_links_and_moves_nothing(data: Path, tmp_path: Path) -> None:
    file = tmp_path / "day.csv"
    file.write_text(f"start,patient_name,external_id\n{YEAR}-07-01T09:00,Ana Uno,e-1\n")
    done = run("appointment", "import", str(file), data=data, **ZONE)
    assert (done.returncode, done.stdout.count("http://localhost:8080/v#")) == (0, 1)
    assert "1 booked" in done.stdout
    file.write_text(f"start,patient_name,external_id\n{YEAR}-07-02T09:00,Ana Uno,e-1\n")
    status, told = importing(data, file)
    assert (status, told["rows"][0]["column"]) == (1, "external_id")
    assert f"{YEAR}-07-01T09:00-04:00" in told["rows"][0]["reason"]


def test_a_file_that_is_no_list_is_refused_whole(data: Path, tmp_path: Path) -> None:
    file = tmp_path / "day.csv"
    file.write_text("start,patient_name,shoe_size\n")
    refused = run("appointment", "import", str(file), data=data)
    assert refused.returncode == 2
    assert "shoe_size" in refused.stderr
    assert "Traceback" not in refused.stderr


async def test_a_running_server_takes_notice(clinic: Clinic) -> None:
    patient = await clinic.patient(await clinic.book())
    staff = await clinic.staff()
    data, base_url = clinic.settings.data_dir, clinic.settings.base_url
    link = await asyncio.to_thread(
        printed,
        *("appointment", "create", "--patient", "Another Patient", "--provider", "sample.provider"),
        *("--start", "now", "--no-check-in"),
        data=data,
        base_url=base_url,
    )
    other = await clinic.patient(link.partition("#")[2])
    assert other.now["me"]["phase"] == "waiting"
    visit = patient.now["visit"]["id"]
    start = (datetime.now(UTC) + timedelta(days=1)).isoformat(timespec="minutes")
    await asyncio.to_thread(printed, "appointment", "reschedule", visit, "--start", start, data=data, base_url=base_url)
    assert await patient.said_goodbye() == "link_ended"
    await asyncio.to_thread(printed, "appointment", "cancel", other.now["visit"]["id"], data=data, base_url=base_url)
    assert await other.said_goodbye() == "link_ended"
    assert staff.byes == []
