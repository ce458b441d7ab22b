"""The operator's commands: what they print, and what they say when something is wrong."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from signaling.cli import COMMANDS
from tests.support.commands import run
from tests.support.demo_process import free_port


@pytest.fixture
def data(tmp_path: Path) -> Path:
    folder = tmp_path / "data"
    made = run("staff", "add", "sample.provider", "--name", "Dr. Sample Provider", "--role", "provider", data=folder)
    assert made.returncode == 0, made.stderr
    username, password = made.stdout.split()
    assert username == "sample.provider"
    assert len(password) >= 16
    return folder


def create(data: Path, **options: str) -> subprocess.CompletedProcess[str]:
    asked = {"patient": "Sample Patient", "provider": "sample.provider", "start": "now", "minutes": "30"} | options
    environment = {"clinics__main__time_zone": asked.pop("zone", "UTC")}
    flags = [part for name, value in asked.items() for part in (f"--{name}", value)]
    return run("appointment", "create", *flags, data=data, **environment)


def test_create_prints_the_id_and_then_the_link(data: Path) -> None:
    made = create(data)
    assert made.returncode == 0
    first, link = made.stdout.splitlines()
    assert link.startswith("http://localhost:8080/v#")
    assert len(link.partition("#")[2]) == 22
    word, visit = first.split()
    renewed = json.loads(run("appointment", "link", visit, "--json", data=data).stdout)
    assert (word, renewed["id"]) == ("appointment", visit)
    assert renewed["url"] != link


@pytest.mark.parametrize(
    ("options", "named"),
    [
        ({"patient": " "}, "patient"),
        ({"provider": "nobody"}, "provider"),
        ({"minutes": "1"}, "minutes"),
        ({"start": "yesterday"}, "start"),
        ({"start": "2020-01-01 10:00"}, "start"),
        ({"start": "2027-03-14 02:30", "zone": "America/New_York"}, "start: does not exist"),
        ({"start": "2027-11-07 01:30", "zone": "America/New_York"}, "start: comes twice"),
        ({"birth-date": "2999-01-01"}, "--birth-date: "),
        ({"time-zone": "EDT5"}, "--time-zone: "),
        ({"clinic": "north"}, "clinic_unknown"),
    ],
)
def test_create_names_what_is_wrong(data: Path, options: dict[str, str], named: str) -> None:
    refused = create(data, **options)
    assert refused.returncode == 2
    assert named in refused.stderr
    assert "Traceback" not in refused.stderr
    assert refused.stdout == ""


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        (("sample.provider", "--name", "Twin", "--role", "nurse"), "username"),
        (("Has Space", "--name", "N", "--role", "nurse"), "username"),
        (("sample.nurse", "--name", "", "--role", "nurse"), "name"),
        (("sample.nurse", "--name", "N", "--role", "surgeon"), "--role"),
    ],
)
def test_staff_add_names_what_is_wrong(data: Path, arguments: tuple[str, ...], named: str) -> None:
    refused = run("staff", "add", *arguments, data=data)
    assert refused.returncode == 2
    assert named in refused.stderr


def test_a_short_password_is_refused(data: Path) -> None:
    refused = run(
        "staff", "add", "x.y", "--name", "N", "--role", "nurse", "--password-stdin", data=data, typed="short\n"
    )
    assert refused.returncode == 2
    assert "password" in refused.stderr


@pytest.mark.parametrize(
    ("environment", "named"),
    [
        ({"port": "many"}, "port"),
        ({"clinics__main__time_zone": "Nowhere"}, "clinics.main.time_zone"),
        ({"announced": "10.0.0.1"}, "VIDEO_VISIT_ANNOUNCED: must be JSON"),
        ({"prot": "1"}, "VIDEO_VISIT_PROT"),
    ],
)
def test_serve_refuses_a_wrong_setting_by_its_name(tmp_path: Path, environment: dict[str, str], named: str) -> None:
    refused = run("serve", data=tmp_path / "data", **environment)
    assert refused.returncode == 2
    assert named in refused.stderr
    assert "Traceback" not in refused.stderr


def test_serve_says_that_a_port_is_taken(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        refused = run("serve", data=tmp_path / "data", port=str(port), media_port="0")
    assert refused.returncode == 2
    assert "in use" in refused.stderr
    assert "Traceback" not in refused.stderr


def test_serve_refuses_keys_that_are_damaged(tmp_path: Path) -> None:
    data = tmp_path / "data"
    data.mkdir()
    (data / "keys.json").write_text("{}")
    refused = run("serve", data=data, media_port="0", port="0")
    assert refused.returncode == 2
    assert "key file" in refused.stderr


def test_a_demo_does_not_print_passwords_that_are_not_right(tmp_path: Path) -> None:
    data = tmp_path / "demo"
    assert run("staff", "add", "sample.provider", "--name", "Real", "--role", "provider", data=data).returncode == 0
    refused = run("demo", "--json", "--port", str(free_port()), "--media-port", "0", "--data", str(data), data=data)
    assert refused.returncode == 2
    assert "--data" in refused.stderr


def test_a_demo_that_was_stopped_before_its_accounts_were_made_starts_again(tmp_path: Path) -> None:
    staff = [{"role": "nurse", "name": "Sample Nurse", "username": "sample.nurse", "password": "kept from before"}]
    data = tmp_path / "demo"
    data.mkdir()
    staff.append(
        {
            "role": "provider",
            "name": "Dr. Sample Provider",
            "username": "sample.provider",
            "password": "kept from before too",
        }
    )
    (data / "demo.json").write_text(json.dumps({"base_url": "http://localhost:1", "staff": staff, "appointments": []}))
    command = [*(sys.executable, "-m", "signaling", "demo", "--json", "--port", str(free_port()), "--media-port", "0")]
    with subprocess.Popen([*command, "--data", str(data)], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        summary = json.loads(process.stdout.readline())
        process.terminate()
    assert summary["staff"] == staff
    assert {one["state"] for one in summary["appointments"]} == {"open", "check_in", "early", "past"}


def test_the_demo_prints_one_line_of_json_and_its_table_shows_whole_links(tmp_path: Path) -> None:
    printed = {}
    for form in ("--json", ""):
        port, media = free_port(), free_port(socket.SOCK_DGRAM)
        command = [*(sys.executable, "-m", "signaling", "demo"), *filter(None, [form])]
        command += ["--port", str(port), "--media-port", str(media), "--data", str(tmp_path / "demo")]
        # At 40 columns a table would cut what does not fit.
        environment = os.environ | {"COLUMNS": "40"}
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment) as process:
            assert process.stdout is not None
            lines = []
            for line in process.stdout:
                lines.append(line)
                if form or "self" in line.lower() or "HTTPS" in line:
                    break
            process.terminate()
        printed[form] = "".join(lines)
    summary = json.loads(printed["--json"])
    assert {one["state"] for one in summary["appointments"]} == {"open", "check_in", "early", "past"}
    assert {one["role"] for one in summary["staff"]} == {"provider", "nurse", "front_desk"}
    for one in summary["appointments"]:
        assert one["url"].partition("#")[2] in printed[""]
    for member in summary["staff"]:
        assert member["password"] in printed[""]
        assert member["username"] in printed[""]


@pytest.mark.parametrize(
    "command",
    [
        "audit verify",
        "audit head",
        "audit export",
        "appointment list",
        "appointment show a",
        "appointment cancel a",
        "staff list",
        "staff disable sample.provider",
        "token list",
        "report waits --from 2026-11-01 --to 2026-11-02",
        "purge --dry-run",
    ],
)
def test_a_folder_named_wrongly_is_not_an_empty_clinic(command: str, tmp_path: Path) -> None:
    wrong = tmp_path / "wrong"
    refused = run(*command.split(), data=wrong)
    assert (refused.returncode, refused.stdout) == (2, "")
    assert f"data_dir: there is no database in {wrong}" in refused.stderr
    assert not wrong.exists()


@pytest.mark.parametrize("day", ["1999-12-31", "2200-01-01", "9999-12-31"])
def test_a_day_beyond_our_time_is_refused(day: str, tmp_path: Path) -> None:
    refused = run("report", "waits", "--from", day, "--to", "9999-12-31", data=tmp_path)
    assert refused.returncode == 2
    assert "must lie between 2000 and 2200" in refused.stderr


def test_a_token_may_be_the_first_thing_that_is_made(tmp_path: Path) -> None:
    assert run("token", "create", "portal", "--scope", "appointments:read", data=tmp_path / "new").returncode == 0


@pytest.mark.parametrize("name", sorted(COMMANDS.keys() - {"serve", "demo"}))
def test_what_runs_no_node_loads_neither_media_nor_web_server(name: str) -> None:
    code = f"import sys, {COMMANDS[name].partition(':')[0]}; print(*{{'aiohttp', 'aiortc', 'socketio'}} & sys.modules.keys())"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == []
