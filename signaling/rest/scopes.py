"""What an API token may be made for."""

from __future__ import annotations

from enum import StrEnum

__all__ = ["Scope"]


class Scope(StrEnum):
    """What an API token may be made for."""

    APPOINTMENTS_READ = "appointments:read"
    APPOINTMENTS_WRITE = "appointments:write"
    CHECK_IN_WRITE = "check_in:write"
    REPORTS_READ = "reports:read"
