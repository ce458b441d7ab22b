"""Pages are few files where those are the build of the sources, and the sources themselves where they are not."""

from __future__ import annotations

import html
import json
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

import web_client
from signaling.http_messages import ClinicCard
from signaling.pages import Pages

ROOT = Path(web_client.root())
#: As many as a browser has connections to one server: more would wait for a round trip.
AT_ONCE = 6


@pytest.fixture
def client(tmp_path: Path) -> Path:
    """A copy of the client, just built."""
    copy = tmp_path / "web_client"
    shutil.copytree(ROOT, copy)
    (tmp_path / "node_modules").symlink_to(ROOT.parent / "node_modules")
    build(copy)
    return copy


def build(client: Path, *options: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["node", client / "build.mjs", *options], capture_output=True, text=True, check=not options, timeout=60
    )


def page(client: Path, address: str = "/v") -> str:
    return served(client)._pages[address].plain.decode()


def served(client: Path) -> Pages:
    clinic = ClinicCard(
        id="main", name="", phone="", time_zone="UTC", support_hours={}, emergency_number="", color=None, logo=None
    )
    return Pages(clinic, client)


def test_what_is_kept_is_the_build_of_the_sources() -> None:
    checked = build(ROOT, "--check")
    assert checked.returncode == 0, checked.stderr


@pytest.mark.parametrize("address", ["/v", "/care", "/test"])
def test_a_page_asks_at_once_for_all_that_it_draws_with(client: Path, address: str) -> None:
    text = page(client, address)
    named = re.findall(r'(?:href|src)="/assets/\w+/([^"]+\.(?:js|css))"', text)
    assert all(name.startswith("built/") for name in named)
    assert len(named) <= AT_ONCE
    assert sum(name.endswith(".css") for name in named) == 1
    assert set(named) <= set(served(client)._assets)


def test_a_changed_module_is_served_as_it_is(client: Path) -> None:
    with (client / "js" / "telephone.js").open("a") as module:
        module.write("// changed\n")
    text = page(client)
    assert "/js/patient/main.js" in text
    assert "/js/telephone.js" in text
    assert re.search(r"/built/[^\"]+\.js", text) is None
    assert build(client, "--check").returncode == 1


def test_without_a_build_the_modules_are_served(client: Path) -> None:
    shutil.rmtree(client / "built")
    assert "/js/care/main.js" in page(client, "/care")
    assert build(client, "--check").returncode == 1


def test_the_one_style_sheet_is_all_of_the_pages_in_their_order(client: Path) -> None:
    names = re.findall(r"css/\w+\.css", (client / "patient.html").read_text())
    assets: dict[str, Any] = served(client)._assets
    assert len(names) > 3
    assert assets["built/patient.css"].plain == b"".join((client / name).read_bytes() for name in names)


def test_another_language_is_one_file_more(client: Path) -> None:
    english = json.loads((client / "i18n" / "en.json").read_text())
    french = {
        "name": "Français",
        "locale": "fr-FR",
        "all": {"start.button": "Commencer"},
        "visit": {},
        "care": {},
        "test": {},
    }
    (client / "i18n" / "fr.json").write_text(json.dumps(french))
    pages = served(client)
    told = json.loads(html.unescape(re.search(r'data-languages="([^"]+)"', page(client))[1]))  # type: ignore[index]
    assert list(told) == ["en", "es", "fr"]
    assert told["fr"] == {"name": "Français", "locale": "fr-FR"}
    for name in ("patient", "care", "test"):
        words = json.loads(pages._assets[f"i18n/{name}-fr.js"].plain.removeprefix(b"export default "))
        assert words["start.button"] == "Commencer"
        # What it does not say is said in English.
        assert words["tryAgain"] == english["all"]["tryAgain"]


@pytest.mark.parametrize(
    ("name", "text"),
    [("fr.json", "{"), ("fr.json", '{"name": "Français"}'), ("french.json", None)],
    ids=["no JSON", "parts", "name"],
)
def test_a_file_that_is_no_dictionary_is_named(client: Path, name: str, text: str | None) -> None:
    (client / "i18n" / name).write_text(text or (client / "i18n" / "en.json").read_text())
    with pytest.raises(ValueError, match=re.escape(f"i18n/{name}")):
        served(client)
