"""The folder in which a node keeps its database and its keys."""

from __future__ import annotations

from typing import Final

from signaling.settings import Settings
from waiting_room.errors import StoreFailed
from waiting_room.sqlite_store import SqliteStore

__all__ = ["KEYS", "DatabaseMissing", "open_store"]

DATABASE: Final = "video-visit.sqlite3"
KEYS: Final = "keys.json"


class DatabaseMissing(Exception):
    """There is no database in this folder, and none was to be made."""


async def open_store(settings: Settings, *, create: bool = True) -> SqliteStore:
    """Open the store in the data folder, making the folder for its owner alone.

    Without ``create`` one that does not exist is not made: raises `DatabaseMissing`. Raises `StoreFailed`.
    """
    file = settings.data_dir / DATABASE
    try:
        if not create and not file.exists():
            raise DatabaseMissing(settings.data_dir)
        settings.data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise StoreFailed(reason=type(error).__name__) from error
    return await SqliteStore.open(file)
