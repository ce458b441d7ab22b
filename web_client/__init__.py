"""The patient's and the care team's pages: ES modules that are served as they stand, without a build."""

from pathlib import Path


def root() -> Path:
    """Return the folder that holds `patient.html`, `care.html`, `test.html` and the assets (css, js, i18n, vendor)."""
    return Path(__file__).resolve().parent
