"""The patient's and the care team's pages: ES modules, and the same joined into few files (`build.mjs`)."""

from pathlib import Path


def root() -> Path:
    """Return the folder that holds `patient.html`, `care.html`, `test.html` and the assets (css, js, i18n, vendor, built)."""
    return Path(__file__).resolve().parent
