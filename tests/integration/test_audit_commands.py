"""``video-visit audit``, ``token``, ``report`` and ``purge`` as an operator uses them."""

from __future__ import annotations

import csv
import json
import os
import sqlite3
import stat
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from io import StringIO
from pathlib import Path

import jwt
import pytest

from tests.support.commands import hire, printed, run
from waiting_room.audit import Entry, verify

pytestmark = pytest.mark.timeout(300)  # processes start slowly on a busy computer


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """Two appointments, so two entries."""
    folder = hire(tmp_path / "data", "sample.provider")
    file = tmp_path / "day.csv"
    start = (datetime.now(UTC) + timedelta(hours=1)).isoformat(timespec="minutes")
    file.write_text(f"start,patient_name,external_id\n{start},Ana Uno,=1+1\n{start},Bea Dos,=1+2\n")
    printed("appointment", "import", str(file), data=folder)
    return folder


def tamper(data: Path, statement: str) -> None:
    """Change the trail as somebody would who owns the file."""
    with sqlite3.connect(data / "video-visit.sqlite3") as db:
        for (trigger,) in db.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            db.execute(f"DROP TRIGGER {trigger}")
        db.execute(statement)
    db.close()


def test_a_whole_trail_prints_its_head_and_stands_by_its_anchors(data: Path, tmp_path: Path) -> None:
    head = printed("audit", "head", data=data)
    number, _, digest = head.partition(":")
    assert (number, len(digest)) == ("2", 64)
    assert printed("audit", "verify", data=data) == head
    printed("appointment", "create", "--patient", "Eva Tres", "--start", "now", data=data)
    anchors = tmp_path / "anchors"
    anchors.write_text(f"# kept every evening\n{head}\n\n")
    assert printed("audit", "verify", "--anchors", str(anchors), "--anchor", head, data=data).startswith("3:")


@pytest.mark.parametrize(
    ("statement", "told"),
    [
        ("UPDATE entry SET actor = 'nobody' WHERE number = 1", "broken at entry 1"),
        ("DELETE FROM entry WHERE number = 2", "cut"),
    ],
)
def test_tampering_is_named(data: Path, statement: str, told: str) -> None:
    head = printed("audit", "head", data=data)
    tamper(data, statement)
    broken = run("audit", "verify", "--anchor", head, data=data)
    assert broken.returncode == 1
    assert broken.stdout == ""
    assert told in broken.stderr


def test_an_anchor_must_be_one(data: Path) -> None:
    refused = run("audit", "verify", "--anchor", "3:abc", data=data)
    assert refused.returncode == 2
    assert "anchor" in refused.stderr


def test_an_export_can_be_judged_elsewhere(data: Path, tmp_path: Path) -> None:
    lines = printed("audit", "export", data=data).splitlines()
    entries = [Entry(**json.loads(line)) for line in lines]
    assert str(verify(entries)) == f"2:{entries[-1].hash}"
    assert printed("audit", "head", data=data).startswith("3:")
    out = tmp_path / "trail.csv"
    day = entries[0].at[:10]
    printed("audit", "export", "--csv", "--from", day, "--to", day, "--out", str(out), data=data)
    assert stat.S_IMODE(out.stat().st_mode) == 0o600
    table = list(csv.DictReader(StringIO(out.read_text())))
    assert [row["kind"] for row in table] == ["VisitBooked", "VisitBooked", "AuditExported"]
    assert json.loads(table[2]["facts"]) == {"query": "", "up_to": "2"}
    assert printed("audit", "export", "--from", "2000-01-01", "--to", "2000-01-02", data=data) == ""


def test_tokens_are_shown_once_and_can_be_revoked(data: Path) -> None:
    token = printed("token", "create", "Portal", "--scope", "appointments:read", "--days", "30", data=data)
    claims = jwt.decode(token, options={"verify_signature": False})
    assert (claims["aud"], claims["scope"]) == ("api", "appointments:read")
    assert 29 < (claims["exp"] - claims["iat"]) / 86400 < 31
    table = printed("token", "list", data=data)
    assert claims["sub"] in table
    assert token not in table
    printed("token", "revoke", claims["sub"], data=data)
    assert "revoked" in printed("token", "list", data=data)
    trail = [json.loads(line) for line in printed("audit", "export", data=data).splitlines()]
    assert [(one["facts"]["change"], one["facts"]["what"]) for one in trail if one["kind"] == "ApiTokenChanged"] == [
        ("made", "* appointments:read"),
        ("revoked", ""),
    ]
    written = b"".join(path.read_bytes() for path in data.glob("video-visit.sqlite3*"))
    assert token.encode() not in written


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        (("create", "Portal", "--scope", "everything"), "--scope"),
        (("create", "Portal", "--scope", "reports:read", "--clinic", "north"), "clinic_unknown"),
        (("revoke", "nothing"), "token"),
    ],
)
def test_a_wrong_token_command_is_refused(data: Path, arguments: tuple[str, ...], named: str) -> None:
    refused = run("token", *arguments, data=data)
    assert refused.returncode == 2
    assert named in refused.stderr
    assert refused.stdout == ""


def test_reports_are_printed_and_are_in_the_trail(data: Path, tmp_path: Path) -> None:
    first = json.loads(printed("appointment", "list", "--json", data=data))[0]
    day = first["starts_at"][:10]
    period = ("--from", day, "--to", day)
    assert printed("report", "waits", *period, data=data).startswith("visit,external_id,clinic")
    out = tmp_path / "no-shows.csv"
    assert printed("report", "no-shows", *period, "--names", "--out", str(out), data=data) == ""
    assert out.read_text().startswith("visit,")
    assert run("report", "waits", "--from", "2026-02-02", "--to", "2026-02-01", data=data).returncode == 2
    assert run("report", "everything", *period, data=data).returncode == 2
    trail = [json.loads(line) for line in printed("audit", "export", data=data).splitlines()]
    made = [one["facts"]["report"] for one in trail if one["kind"] == "ReportMade"]
    assert made == [f"waits {day}/{day} *", f"no-shows {day}/{day} * with names"]


def test_purge_counts_and_takes_out_what_is_due(data: Path) -> None:
    assert printed("purge", data=data) == "0"
    for one in json.loads(printed("appointment", "list", "--json", data=data)):
        printed("appointment", "cancel", one["id"], data=data)
    with sqlite3.connect(data / "video-visit.sqlite3") as db:
        db.execute("UPDATE visit SET ended_at = ended_at - 31 * 86400")
    db.close()
    assert printed("purge", "--dry-run", data=data) == "2"
    assert printed("purge", data=data) == "2"
    assert printed("purge", "--dry-run", data=data) == "0"
    names = [one["patient"]["name"] for one in json.loads(printed("appointment", "list", "--json", data=data))]
    assert names == ["", ""]
    trail = [json.loads(line) for line in printed("audit", "export", data=data).splitlines()]
    done = [one for one in trail if one["kind"] == "PatientDataPurged"]
    assert [(one["actor"], one["role"], one["device"]) for one in done] == [("operator", "operator", "cli")] * 2
    assert printed("audit", "verify", data=data)


def test_an_export_of_which_only_the_head_is_read_is_an_entry_and_ends_quietly(data: Path) -> None:
    settings = {**os.environ, "VIDEO_VISIT_DATA_DIR": str(data)}
    # Longer than a pipe holds.
    store = sqlite3.connect(data / "video-visit.sqlite3")
    (one,) = store.execute("SELECT at, kind, visit, actor, role, device, facts, hash FROM entry LIMIT 1").fetchall()
    store.executemany("INSERT INTO entry VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", [(n, *one) for n in range(3, 2000)])
    store.commit()
    store.close()
    command = [sys.executable, "-m", "signaling", "audit", "export", "--from", "2020-01-01"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=settings) as process:
        assert process.stdout
        assert process.stderr
        process.stdout.readline()
        process.stdout.close()
        said = process.stderr.read().decode()
    assert said == ""
    last = json.loads(printed("audit", "export", data=data).splitlines()[-1])
    assert (last["kind"], last["facts"]) == ("AuditExported", {"up_to": "1999", "query": "from=2020-01-01"})
