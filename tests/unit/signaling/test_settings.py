from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from media import Io
from signaling.settings import SettingsInvalid, load_settings
from tests.support.generated_docs import OPERATIONS, settings_table


def clinic(**told: Any) -> dict[str, Any]:
    return {"clinics": {"main": told}}


def external(**changed: Any) -> dict[str, Any]:
    return {"key": "forms", "title": {"en": "Forms"}, "url": "https://portal.example/forms"} | changed


def test_the_defaults_are_valid() -> None:
    read = load_settings()
    assert {clinic_id: clinic.name for clinic_id, clinic in read.clinics.items()} == {"main": "Sample Clinic"}
    assert read.idle_sign_off_minutes == 15


def test_every_kind_of_port_can_be_asked_for() -> None:
    assert [load_settings(media_io=io).media_io for io in Io] == list(Io)


def test_the_environment_wins_over_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    config = tmp_path / "video-visit.toml"
    config.write_text('port = 9000\n[clinics.main]\nname = "From File"\nphone = "555-0111"\n')
    monkeypatch.setenv("VIDEO_VISIT_CLINICS__MAIN__NAME", "From Environment")
    read = load_settings(config)
    main = read.clinics["main"]
    assert (read.port, main.name, main.phone) == (9000, "From Environment", "555-0111")


def test_the_file_names_several_clinics(tmp_path: Path) -> None:
    config = tmp_path / "video-visit.toml"
    config.write_text(
        """
        [clinics.north]
        name = "North"
        support_hours = { en = "8 to 5", es = "de 8 a 5" }
        [clinics.north.kinds]
        video = ["reason", { key = "forms", title = { en = "Forms" }, url = "https://portal.example/forms" }]
        [clinics.north.consent]
        version = "2"
        texts = { en = "I agree." }
        [clinics.south-west]
        name = "South West"
        """
    )
    clinics = load_settings(config).clinics
    assert list(clinics) == ["north", "south-west"]
    assert clinics["north"].support_hours["es"] == "de 8 a 5"
    assert [getattr(item, "key", item) for item in clinics["north"].kinds["video"]] == ["reason", "forms"]
    assert clinics["north"].consent.version == "2"


def test_everything_about_a_clinic_can_come_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in {
        "SUPPORT_HOURS__EN": "Monday to Friday",
        "RED_MINUTES": "33",
        "ASK_BIRTH_DATE": "true",
        "CONSENT__VERSION": "2026-11",
        "CONSENT__TEXTS__EN": "I agree.",
        "KINDS__VIDEO": '["location", {"key": "forms", "title": {"en": "Forms"}, "url": "https://portal.example"}]',
    }.items():
        monkeypatch.setenv(f"VIDEO_VISIT_CLINICS__MAIN__{name}", value)
    main = load_settings().clinics["main"]
    assert (main.support_hours, main.red_minutes, main.ask_birth_date) == ({"en": "Monday to Friday"}, 33, True)
    assert (main.consent.version, main.consent.texts) == ("2026-11", {"en": "I agree."})
    assert len(main.kinds["video"]) == 2


@pytest.mark.parametrize(
    ("given", "named"),
    [
        ({"port": 70000}, "port"),
        ({"base_url": "visits.example"}, "base_url"),
        ({"base_url": "https://visits.example/path"}, "base_url"),
        ({"announced": ["not-an-address"]}, "announced.0"),
        ({"announced": []}, "announced"),
        ({"clinic": {"name": "Former"}}, "clinic: "),
        ({"clinics": {}}, "clinics: "),
        ({"clinics": {"Main": {}}}, "clinics.Main"),
        ({"clinics": {"a b": {}}}, "clinics.a b"),
        (clinic(time_zone="Mars/Olympus"), "clinics.main.time_zone"),
        (clinic(nmae="typo"), "clinics.main.nmae"),
        (clinic(grace_minutes=0), "clinics.main.grace_minutes"),
        (clinic(amber_minutes=20, red_minutes=20), "red_minutes must be more than amber_minutes"),
        (clinic(support_hours={"english": "8 to 5"}), "clinics.main.support_hours.english"),
        (clinic(emergency_number="nine"), "clinics.main.emergency_number"),
        (clinic(emergency_phones={"XX": "555-0190"}), "no state of the United States"),
        (clinic(consent={"version": "2"}), "clinics.main.consent: version and texts are needed together"),
        (clinic(consent={"texts": {"en": "I agree."}}), "clinics.main.consent: version and texts are needed together"),
        (clinic(consent={"version": "two words", "texts": {"en": "x"}}), "clinics.main.consent.version"),
        (clinic(kinds={}), "clinics.main.kinds"),
        (clinic(kinds={"video": ["blood"]}), "clinics.main.kinds.video.0"),
        (clinic(kinds={"video": ["reason", "reason"]}), "clinics.main.kinds.video: holds an item twice"),
        (clinic(kinds={"video": [{"key": "forms"}]}), "clinics.main.kinds.video.0.external.title"),
        (clinic(kinds={"video": [external(url="javascript:alert(1)")]}), "clinics.main.kinds.video.0.external.url"),
        (clinic(kinds={"video": [external(key="consent")]}), "clinics.main.kinds.video: an item of the portal"),
        ({"idle_sign_off_minutes": 0}, "idle_sign_off_minutes"),
        ({"turn": {"urls": ["turn:turn.example"]}}, "turn"),
        ({"turn": {"urls": ["https://turn.example"], "secret": "x"}}, "turn.urls.0"),
        ({"tls_key": "/etc/hostname"}, "tls_certificate"),
        ({"tls_key": "key.pem", "tls_certificate": "/etc/hostname"}, "tls_key"),
        ({"base_url": "http://user@host"}, "base_url"),
        ({"base_url": "https://host:99999"}, "base_url"),
        ({"join_window_minutes": 30}, "join_window_minutes"),
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


@pytest.mark.parametrize(
    "name",
    [
        "PROT",
        "CLINIC__NAME",
        "CLINICS__MAIN__NMAE",
        "CLINICS__MAIN__CONSENT__TEXT",
        "CLINICS__MAIN__NAME__X",
        "TURN__URL",
    ],
)
def test_a_typo_in_the_environment_is_named(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.setenv(f"VIDEO_VISIT_{name}", "8080")
    with pytest.raises(SettingsInvalid, match=f"VIDEO_VISIT_{name}"):
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


@pytest.mark.parametrize("name", ["ANNOUNCED", "TURN__URLS", "CLINICS__MAIN__KINDS__VIDEO", "CLINICS__MAIN"])
def test_a_list_in_the_environment_that_is_not_json_is_named(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(f"VIDEO_VISIT_{name}", "203.0.113.10")
    with pytest.raises(SettingsInvalid, match=f"^VIDEO_VISIT_{name}: must be JSON") as refused:
        load_settings()
    assert "203.0" not in str(refused.value)
