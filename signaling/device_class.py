"""The class of a caller's device, for the audit trail. The User-Agent itself is kept nowhere: it tells people apart."""

from __future__ import annotations

from typing import Final, Literal

__all__ = ["DeviceClass", "device_class"]

DeviceClass = Literal["phone", "tablet", "desktop", "other"]

# The first that fits decides. Tablets that pretend to be computers (iPads do) count as such.
_SIGNS: Final[tuple[tuple[str, DeviceClass], ...]] = (
    ("ipad", "tablet"),
    ("tablet", "tablet"),
    ("iphone", "phone"),
    ("ipod", "phone"),
    ("mobile", "phone"),
    ("android", "tablet"),  # Android's phones say "Mobile", its tablets do not
    ("windows", "desktop"),
    ("macintosh", "desktop"),
    ("cros", "desktop"),
    ("x11", "desktop"),
    ("linux", "desktop"),
)


def device_class(user_agent: str) -> DeviceClass:
    """Return what kind of device sends this User-Agent."""
    said = user_agent.casefold()
    return next((kind for sign, kind in _SIGNS if sign in said), "other")
