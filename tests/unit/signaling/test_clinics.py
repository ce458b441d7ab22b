from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest

from signaling.clinics import Clinics
from signaling.errors import RequestRefused
from signaling.settings import load_settings
from waiting_room.check_in_items import ItemKind


def clinics(**told: Any) -> Clinics:
    return Clinics(load_settings(clinics=told or {"main": {}}))


def test_the_settings_become_the_clinics_rules() -> None:
    north = clinics(
        north={
            "name": "North",
            "join_window_minutes": 15,
            "check_in_hours": 24,
            "link_lives_minutes": 45,
            "grace_minutes": 5,
            "ask_birth_date": True,
            "show_position": True,
            "amber_minutes": 3,
            "red_minutes": 6,
            "retention_days": 7,
        }
    ).get("north")
    assert (north.name, north.ask_birth_date, north.show_position) == ("North", True, True)
    assert (north.rules.join_window, north.rules.check_in_window) == (timedelta(minutes=15), timedelta(days=1))
    assert (north.rules.link_lives, north.rules.grace) == (timedelta(minutes=45), timedelta(minutes=5))
    assert (north.amber_after, north.red_after) == (timedelta(minutes=3), timedelta(minutes=6))
    assert north.retention == timedelta(days=7)


def test_check_in_asks_by_default_what_care_by_video_needs() -> None:
    assert [item.kind for item in clinics().first.kinds["video"]] == [
        ItemKind.LOCATION,
        ItemKind.CALLBACK,
        ItemKind.CONSENT,
        ItemKind.REASON,
    ]


def test_an_item_of_the_portal_keeps_its_title_and_address() -> None:
    forms = {"key": "forms", "title": {"en": "Forms", "es": "Formularios"}, "url": "https://portal.example/forms"}
    (item,) = clinics(main={"kinds": {"video": [forms]}}).first.kinds["video"]
    assert (item.key, item.kind, item.title["es"], item.url) == (
        "forms",
        ItemKind.EXTERNAL,
        "Formularios",
        "https://portal.example/forms",
    )


def test_the_consent_names_the_clinics_emergency_number_in_both_languages() -> None:
    consent = clinics(main={"emergency_number": "112"}).first.consent
    assert set(consent.texts) == {"en", "es"}
    for text in consent.texts.values():
        assert "112" in text
        assert "911" not in text
        assert "{" not in text


def test_the_consent_is_plain_english() -> None:
    text = clinics().first.consent.texts["en"]
    assert reading_grade(text) <= 6


def reading_grade(text: str) -> float:
    """Flesch and Kincaid's grade; syllables are counted as groups of vowels, a silent e at the end aside."""
    words = re.findall(r"[A-Za-z]+", text)
    sentences = len(re.findall(r"[.!?]", text))
    syllables = sum(max(1, len(re.findall(r"[aeiouy]+", re.sub(r"e$", "", word.lower())))) for word in words)
    return 0.39 * len(words) / sentences + 11.8 * syllables / len(words) - 15.59


def test_clinics_come_in_the_order_of_the_settings() -> None:
    both = clinics(south={"name": "South"}, north={"name": "North"})
    assert both.ids == ("south", "north")
    assert [one.name for one in both] == ["South", "North"]
    assert both.first.id == "south"


def test_a_clinic_that_was_taken_out_is_refused_and_still_has_a_phone_to_call() -> None:
    left = clinics(main={"phone": "555-0123"})
    assert left.find("gone") is None
    with pytest.raises(RequestRefused) as refused:
        left.get("gone")
    assert refused.value.code == "clinic_unknown"
    assert left.card("gone") == left.card("main")
    assert left.card("gone").phone == "555-0123"
