from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from signaling.settings import SettingsInvalid, load_settings
from tests.support.generated_docs import OPERATIONS, settings_table


def test_the_defaults_are_valid() -> None:
    assert load_settings().clinic.name == "Sample Clinic"


def test_the_environment_wins_over_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    config = tmp_path / "video-visit.toml"
    config.write_text('port = 9000\n[clinic]\nname = "From File"\nphone = "555-0111"\n')
    monkeypatch.setenv("VIDEO_VISIT_CLINIC__NAME", "From Environment")
    read = load_settings(config)
    assert (read.port, read.clinic.name, read.clinic.phone) == (9000, "From Environment", "555-0111")


@pytest.mark.parametrize(
    ("given", "named"),
    [
        ({"port": 70000}, "port"),
        ({"base_url": "visits.example"}, "base_url"),
        ({"base_url": "https://visits.example/path"}, "base_url"),
        ({"announced": ["not-an-address"]}, "announced.0"),
        ({"announced": []}, "announced"),
        ({"clinic": {"time_zone": "Mars/Olympus"}}, "clinic.time_zone"),
        ({"clinic": {"nmae": "typo"}}, "clinic.nmae"),
        ({"turn": {"urls": ["turn:turn.example"]}}, "turn"),
        ({"turn": {"urls": ["https://turn.example"], "secret": "x"}}, "turn.urls.0"),
        ({"tls_key": "/etc/hostname"}, "tls_certificate"),
        ({"tls_key": "key.pem", "tls_certificate": "/etc/hostname"}, "tls_key"),
        ({"base_url": "http://user@host"}, "base_url"),
        ({"base_url": "https://host:99999"}, "base_url"),
        ({"grace_minutes": 0}, "grace_minutes"),
        ({"nonsense": 1}, "nonsense"),
        ({"log_level": "loud"}, "log_level"),
    ],
)
def test_a_wrong_setting_is_named(given: dict[str, Any], named: str) -> None:
    with pytest.raises(SettingsInvalid) as refused:
        load_settings(**given)
    assert named in str(refused.value)


@pytest.mark.parametrize(
    ("given", "meant"),
    [
        ("https://Clinic.Example:443/", "https://clinic.example"),
        ("http://clinic.example:80", "http://clinic.example"),
        ("https://clinic.example:8443", "https://clinic.example:8443"),
        ("http://[::1]:8080", "http://[::1]:8080"),
    ],
)
def test_an_origin_is_written_as_browsers_write_it(given: str, meant: str) -> None:
    assert load_settings(base_url=given).base_url == meant


def test_a_wrong_setting_never_shows_its_value() -> None:
    with pytest.raises(SettingsInvalid) as refused:
        load_settings(turn={"urls": ["x"], "secret": "canary-secret"})
    assert "canary-secret" not in str(refused.value)


def test_a_typo_in_the_environment_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VIDEO_VISIT_PROT", "8080")
    with pytest.raises(SettingsInvalid, match="VIDEO_VISIT_PROT"):
        load_settings()


@pytest.mark.parametrize("content", ["port = ", "port = 'x'", "unknown = 1"])
def test_a_file_that_cannot_be_used_is_refused(tmp_path: Path, content: str) -> None:
    config = tmp_path / "c.toml"
    config.write_text(content)
    with pytest.raises(SettingsInvalid):
        load_settings(config)


def test_a_file_that_is_missing_is_named(tmp_path: Path) -> None:
    with pytest.raises(SettingsInvalid, match="nothing.toml"):
        load_settings(tmp_path / "nothing.toml")


def test_every_setting_is_documented() -> None:
    assert settings_table() in OPERATIONS.read_text()
